package screen

// TodayPane is the middle of a wide window when nothing is chosen and nobody is on the line: who waits for a call, and who is
// called often.
type TodayPane struct {
	Waiting    []CallLine // missed calls to return, newest first
	Favourites []Contact
	NoCalls    bool // calls are not remembered
}
