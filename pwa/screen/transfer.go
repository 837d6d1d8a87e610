package screen

import (
	"time"

	"github.com/gowebphone/webphone/pwa/text"
)

// TransferStep is how far the handing over of a call is.
type TransferStep int

const (
	TransferNone     TransferStep = iota
	TransferChoosing              // the number field asks whom
	TransferAsking                // the first call waits, the user talks to the second
	TransferSending               // the other side has been asked to do it
)

// Transfer is a call that is being handed over.
//
//	choosing --TransferNow--> sending --> done, or back to the call, also by CancelTransfer
//	   '-----AskFirst--> asking --CompleteTransfer--'
type Transfer struct {
	Step     TransferStep
	ID       string        // of the call that is handed over
	Other    string        // of the call it gets connected to; "" when the user does not talk to them first, or not yet
	Target   string        // what was dialled for that
	Name     string        // of who gets the call
	Agreed   bool          // the other side has agreed to it
	Rings    bool          // the new call rings
	Done     text.Sentence // tells of the last transfer that worked, for a while
	DoneAt   time.Time     // when it did
	Returned int           // how often a first call came back because a transfer did not work
	Asked    bool          // the second call was made for this
	Rang     bool          // the new call has rung
}

// What the user does to hand a call over.
type (
	// StartTransfer asks for the number, or no longer. TransferNow hands the call to what the number field has shown, AskFirst
	// holds it and calls that number.
	StartTransfer struct{ ID string }
	TransferNow   Dial
	AskFirst      Dial
	// CompleteTransfer connects the two calls and leaves them, CancelTransfer goes back to the first, also when the other side
	// is at work on it.
	CompleteTransfer struct{}
	CancelTransfer   struct{}
	// ConnectCalls does that with any two calls.
	ConnectCalls struct{ ID, Other string }
)

func (StartTransfer) isEvent()    {}
func (TransferNow) isEvent()      {}
func (AskFirst) isEvent()         {}
func (CompleteTransfer) isEvent() {}
func (CancelTransfer) isEvent()   {}
func (ConnectCalls) isEvent()     {}

// Transferring is the call being handed over, when that is what the phone pane shows.
func (s Snapshot) Transferring() (Line, bool) {
	if s.Transfer.Step == TransferNone {
		return Line{}, false
	}
	return s.Line(s.Transfer.ID)
}

// Connectable tells whether two calls can be connected to each other now.
func (s Snapshot) Connectable(id, other string) bool {
	a, ok := s.Line(id)
	b, both := s.Line(other)
	free := s.Transfer.Step < TransferAsking && s.CanDial()
	return ok && both && id != other && free && a.Established() && b.Established() && !a.Busy && !b.Busy
}

// Doubt is about a call whose blind transfer was agreed to and failed: some servers have let go of the other side by then, and
// leave a call that nobody is in. Audio that arrives ends it, for the better; silence, or the end of the call, for the worse. The
// zero value is none.
type Doubt struct {
	ID           string // of the call
	Name, Target string
	Since        time.Time
	Packets      uint64
	Measured     bool
}
