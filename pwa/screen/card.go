package screen

// ToCard tells whether a key leads to the card of a call that rings, and which call that is: the card is the first Tab comes
// to, wherever the focus is when the call comes in. From there Tab goes on in the order of the page. Last is the call to whose
// card a Tab has led before.
func ToCard(s Snapshot, k Key, last string) (id string, first bool) {
	ringing := s.Incoming()
	if k.Key != "Tab" || k.Shift || k.Alt || k.Other || s.Screen != ScreenPhone || len(ringing) == 0 || ringing[0].ID == last {
		return last, false
	}
	return ringing[0].ID, true
}
