package screen

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/gowebphone/webphone/pwa/text"
)

// HistoryFilter says which calls the list shows.
type HistoryFilter string

const (
	FilterAll      HistoryFilter = ""
	FilterMissed   HistoryFilter = "missed"
	FilterIncoming HistoryFilter = "incoming"
	FilterOutgoing HistoryFilter = "outgoing"
)

// HistoryPane is the list of calls and the one chosen in it.
type HistoryPane struct {
	Query     string
	Searching bool // the search field shows
	Filter    HistoryFilter
	Tools     bool // export and clear show
	Days      []CallDay
	More      bool // there are older ones
	Total     int  // of all calls kept
	Chosen    *CallDetail
}

// ListsMissed tells whether the list of calls holds those missed since the history was looked at.
func (s Snapshot) ListsMissed() bool {
	p := s.History
	return s.Missed > 0 && s.List == PageHistory && p.Query == "" && (p.Filter == FilterAll || p.Filter == FilterMissed)
}

// CallDay holds the lines of one day.
type CallDay struct {
	Date  time.Time // its midnight
	Lines []CallLine
}

// CallLine is one line of the list: calls in a row with one number.
type CallLine struct {
	CallGroup
	Name      string // from the contacts, else what the other side called itself; "" when there is none
	ContactID string // "" when the number is not in the contacts
}

// PastCall is a call that has ended.
type PastCall struct {
	ID        string
	Direction Direction
	Name      string // display name of the other side
	Number    string // to call again; "" when the other side hid it
	URI       string
	Start     time.Time
	Answered  time.Time     // zero: never
	Duration  time.Duration // since the answer
	End       text.Key      // a word for how it ended, "" when there is nothing to say: it was talked, or simply missed
	Code      int           // SIP status, 0 when there was none
	Connected string        // who was on the line in the end, where that is not who was called
	Missed    bool          // it rang here and nobody took it, here or elsewhere
	Seen      bool          // the user has looked at the history since
	Done      bool          // the user has dealt with it, though it was missed
	Note      string        // what the user has written about it, in lines
}

// CallGroup is calls in a row with one number, newest first.
type CallGroup struct {
	Entries []PastCall
	Missed  bool // the newest was missed
	Unseen  int  // missed calls among them that the user has not seen
}

// Newest is the call that stands for the others.
func (g CallGroup) Newest() PastCall { return g.Entries[0] }

// CallDetail is a call of the list with those before it to the same number.
type CallDetail struct {
	CallLine
	Organisation string
	Calls        []PastCall // with this number, newest first
}

// ContactsPane is the list of contacts and what is open beside it: a contact, the form, or an import.
type ContactsPane struct {
	Query      string
	Favourites bool      // only those
	Tools      bool      // import and export show
	Found      int       // contacts that fit
	From       int       // index of the first of Rows among them
	Rows       []Contact // those to draw
	Drawn      int       // how many rows are drawn at most, 0 for all: a window makes them in pieces
	Total      int       // of all contacts
	First      int       // index of the first row that is seen
	Row        int       // height of a row in pixels, 0 when not measured yet
	Height     int       // of the window in pixels, 0 when it is not a high one
	Chosen     *ContactDetail
	Edit       *ContactForm
	Import     *ImportPreview
}

// Window is which of the contacts found are drawn, around the first row that is seen. It is the smallest at the beginning,
// where a search is drawn anew with every key.
func (p ContactsPane) Window() (from, to int) {
	n := p.Found
	seen := p.seen()
	first := min(max(0, p.First), max(0, n-seen))
	if first == 0 {
		return 0, min(n, seen+rowStep)
	}
	return max(0, first-rowsAround), min(n, first+seen+rowsAround)
}

// RowHeight is the height of a row in pixels.
func (p ContactsPane) RowHeight() int { return choose(p.Row > 0, p.Row, rowHeight) }

// seen is how many rows the window may show, the first and the last of them in part.
func (p ContactsPane) seen() int { return max(rowsSeen, p.Height/p.RowHeight()+2) }

// Spare is how many rows of the page wait hidden while few contacts are found: a row that is there already is filled
// five times as fast as one is made.
func (p ContactsPane) Spare() int {
	from, to := p.Window()
	return max(0, min(p.Total, p.seen()+rowStep)-(to-from))
}

const (
	rowHeight  = 64 // pixels, until it has been measured
	rowsSeen   = 20 // at least; they fill most windows
	rowsAround = 14 // drawn above and below what is seen
	rowStep    = 8  // a list scrolled by fewer rows is not drawn anew
)

// Near tells whether rows beginning with first are drawn already, with some to spare.
func (p ContactsPane) Near(first int) bool { return max(first-p.First, p.First-first) < rowStep }

// ContactDetail is a contact with its last calls.
type ContactDetail struct {
	Contact
	Calls []PastCall
}

// ContactForm is a contact being edited. What the fields hold is read when it is saved.
type ContactForm struct {
	Contact        // what the fields begin with; without ID: a new one
	Rows    int    // numbers shown, more than there are when some were added
	Gone    uint32 // bit i: number i was removed
	Error   text.Sentence
	Count   int // makes two forms differ
}

// UndoOffer tells what was done and can be taken back.
type UndoOffer struct {
	Text  text.Sentence
	Count int
}

// File is something to be saved by the browser. Count makes two of them differ.
type File struct {
	Name, Type string
	Data       []byte
	Count      int
}

// Details that are no entry of a list.
const (
	DetailNew    = "+new"
	DetailImport = "+import"
)

// Initials are one or two letters that stand for a name.
func Initials(name string) string {
	fields := strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsSpace(r) {
			return r
		}
		return -1
	}, name))
	letters := ""
	for i, f := range fields {
		if r, _ := utf8.DecodeRuneInString(f); i == 0 || i == len(fields)-1 {
			letters += string(unicode.ToUpper(r))
		}
	}
	return letters
}
