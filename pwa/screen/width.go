package screen

// How wide the list of a wide window may be, in pixels, and how wide it is until the user moves its edge.
const (
	LeastListWidth = 280
	MostListWidth  = 560
	usualListWidth = 340
)

// ListWidth is a width that the list may have; 0 is the usual one.
func ListWidth(width int) int {
	if width == 0 {
		return usualListWidth
	}
	return min(max(width, LeastListWidth), MostListWidth)
}

// ListWidth is how wide the list is.
func (v View) ListWidth() int { return ListWidth(v.Widened) }
