package ui

import "github.com/gowebphone/webphone/pwa/screen"

// rowsAtOnce is how many rows are made in one piece. To make all that a window shows takes longer than a key may wait.
const rowsAtOnce = 10

// rows is how much of the list of contacts stands in the page.
type rows struct {
	now, all int  // drawn, and to be drawn
	asked    bool // for the next piece
}

// show is the snapshot with as many rows to be drawn as there are, and a piece of them at the beginning.
func (r *rows) show(s screen.Snapshot) screen.Snapshot {
	if s.List != screen.PageContacts {
		r.now, r.all = 0, 0
	} else {
		r.all = len(s.Contacts.Rows) + s.Contacts.Spare()
		r.now = max(r.now, min(r.all, rowsAtOnce))
	}
	s.Contacts.Drawn = r.now
	return s
}

// grow is the snapshot with a piece more.
func (r *rows) grow(s screen.Snapshot) screen.Snapshot {
	r.now = min(r.now+rowsAtOnce, max(r.now, r.all))
	return r.show(s)
}

func (r *rows) more() bool { return r.now < r.all }
