package phone

import (
	"slices"
	"sync/atomic"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
)

// legacy is what a page leaves to the next one of its account, sealed: enough to log in and to go on with the answered calls.
type legacy struct {
	At       time.Time    // the calls were there then
	Seat     string       // of the account
	Account  string       // whose books are open
	Secret   store.Secret // as it was typed; nothing where the configuration has it
	Given    bool         // the configuration has it
	Stay     bool         // the user wants to be logged in by itself anyway
	Key      []byte       // of State
	State    []byte       // what the user agent exports
	Farewell []ua.Farewell
	remains
}

// estate is what this page leaves to the next one, and what it was left by the one before.
type estate struct {
	key     []byte                 // seals what the user agent exports
	token   string                 // names what this page leaves
	remains remains                // of what is left; without calls nothing is
	at      time.Time              // when that was
	next    atomic.Pointer[legacy] // waits to be kept
	kept    atomic.Bool            // the newest is
	doubts  atomic.Bool            // it was told that something could not be kept
	queue   store.Queue            // of what is done with the safe
	heir    *legacy                // for the next session
	seat    heldSeat               // likewise
}

// heldSeat is a seat that this page has and no session yet; without a name there is none.
type heldSeat struct {
	name string
	Seat
}

// free gives the seat up.
func (h heldSeat) free() {
	if h.name != "" {
		h.Release()
	}
}

// bequeaths tells whether answered calls outlive their page: where somebody keeps them, knows who takes them up, and says
// farewell when nobody does.
func bequeaths(o *Options) bool { return o.Safe != nil && o.Seats != nil && o.Outlive != nil }

// isLeft tells whether a page has left calls, or is about to: of that seat, or of any for "".
func isLeft(o *Options, seat string) bool {
	mark := o.Keep.Load(KeyCalls)
	return bequeaths(o) && mark != "" && (seat == "" || mark == store.Mark(seat))
}

// remains is what the screen shows of the answered calls, and what the user was about to do.
type remains struct {
	Active, Dial   string
	Adding, Keypad bool
	Transfer       screen.Transfer
	Calls          []keptCall
}

// keptCall is an answered call as the screen has it.
type keptCall struct {
	Info             ua.CallInfo
	Digits, Behind   string
	Note             string
	HeldSince, Since time.Time
	Continues        string
}

// stateKeySize is that of AES-256.
const stateKeySize = 32

// legacyLimit is how long calls can be taken up: what is older is refused by the user agent too.
const legacyLimit = time.Minute

func (l *legacy) late(now time.Time) bool {
	age := now.Sub(l.At)
	return age > legacyLimit || age < -legacyLimit
}

func (d remains) equal(other remains) bool {
	return d.Active == other.Active && d.Dial == other.Dial && d.Adding == other.Adding && d.Keypad == other.Keypad &&
		d.Transfer.Step == other.Transfer.Step && slices.Equal(d.Calls, other.Calls)
}

// remainsOf is what is left of a snapshot. A transfer goes on where both calls are ours; what only the other side can tell of is
// over.
func remainsOf(s screen.Snapshot, calls liveCalls, note func(screen.Line) string) remains {
	d := remains{Active: s.Active, Dial: s.Dial, Adding: s.Adding, Keypad: s.Keypad}
	if s.Transfer.Step == screen.TransferAsking {
		d.Transfer = s.Transfer
	}
	for _, l := range s.Calls.All {
		if !l.Established() {
			continue
		}
		info := calls[l.ID]
		info.Cause, info.Trouble, info.Busy = ua.Cause{}, ua.Cause{}, false
		d.Calls = append(d.Calls, keptCall{Info: info, Digits: l.Digits, Behind: l.Behind, Note: note(l), HeldSince: l.HeldSince,
			Since: l.Since, Continues: l.Continues})
	}
	return d
}

// resumed puts the calls that a page has left on the screen of the next one.
type resumed struct {
	remains
	at time.Time
}

func (e resumed) reduce(s screen.Snapshot) screen.Snapshot {
	s = loggedIn(s.AsOf(e.at))
	for _, c := range e.Calls {
		line := screen.Line{Digits: c.Digits, Behind: c.Behind, HeldSince: c.HeldSince, Since: c.Since, Continues: c.Continues}
		s.Calls.All = append(slices.Clip(s.Calls.All), withInfo(s, line, c.Info))
	}
	s.Active, s.Transfer = e.Active, e.Transfer
	if _, ok := s.Stage(); !ok {
		s.Active = nextStage(s.Lines())
	}
	s.Adding, s.Keypad = e.Adding, e.Keypad
	if s.Dial == "" {
		s.Dial = e.Dial
	}
	return s
}

// without is the remains when some of its calls are gone.
func (d remains) without(gone func(id string) bool) (left remains, lost []keptCall) {
	left = d
	left.Calls = nil
	for _, c := range d.Calls {
		if gone(c.Info.ID) {
			lost = append(lost, c)
			continue
		}
		left.Calls = append(left.Calls, c)
	}
	return left, lost
}
