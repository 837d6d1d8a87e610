package history

import (
	"cmp"
	"crypto/rand"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/number"
)

const (
	maxName   = 200 // characters
	maxNumber = 256
	maxNote   = 2000
)

// Entry is a call that has ended.
type Entry struct {
	ID        string
	Direction ua.Direction
	Name      string // display name of the other side; a name from the contacts is looked up when it is shown
	Number    string // to call again; "" when the other side hid it
	URI       string
	Start     time.Time
	Answered  time.Time     // zero: never
	Duration  time.Duration // since the answer
	Cause     ua.CauseKind
	Code      int    // SIP status, 0 when there was none
	Connected string // who was on the line in the end, as the server told, where that is not who was called
	Missed    bool   // it rang here and nobody took it, here or elsewhere
	Seen      bool   // the user has looked at the history since
	Done      bool   // the user has dealt with it, though it was missed
	Note      string // what the user has written about it, in lines
}

// Of makes an entry of a call that has ended. Its ID is made of both IDs of the call, so that it is not used again
// after a restart. What came from the other side is cleaned of control and direction
// characters. The plan tells whether the number that was dialled is the one that the server names.
func Of(call ua.CallInfo, plan config.Numbering) Entry {
	e := Entry{
		ID: number.OneLine(call.ID+"/"+call.CallID, maxName), Direction: call.Direction, Start: call.Started,
		Answered: call.Answered,
		Name:     number.OneLine(call.Remote.DisplayName, maxName), URI: number.OneLine(call.Remote.URI, maxNumber),
		Cause: Said(call.Cause), Code: call.Cause.Code,
	}
	e.Number = number.OneLine(NumberOf(call), maxNumber)
	if who, hides := Withheld(call.Remote); hides {
		e.Name = number.OneLine(who.DisplayName, maxName)
	}
	if somebodyElse(call, plan) {
		e.Connected, e.Name = number.OneLine(strings.TrimSpace(call.Remote.DisplayName+" "+OnTheLine(call)), maxName), ""
	}
	if !call.Answered.IsZero() && call.Ended.After(call.Answered) {
		e.Duration = call.Ended.Sub(call.Answered)
	}
	if e.Code == 0 && call.Code >= 300 {
		e.Code = call.Code
	}
	e.Missed = call.Direction == ua.Incoming && call.Answered.IsZero() &&
		call.Cause.Kind != ua.CauseAnsweredElsewhere && call.Cause.Kind != ua.CauseRejectedLocal
	return e
}

// Said is what a cause says and no more: a server whose telephones decline by 486 knows nothing of another call.
func Said(c ua.Cause) ua.CauseKind {
	if c.Kind == ua.CauseBusy && !c.Told {
		return ua.CauseRejected
	}
	return c.Kind
}

// NumberOf is what calls the other side again. A hidden caller (RFC 3323) has none.
func NumberOf(call ua.CallInfo) string {
	if call.Direction == ua.Outgoing && call.Dialled != "" {
		return call.Dialled
	}
	return numberOf(call)
}

// OnTheLine is the number of who is on the line: of a call of ours that the server has connected to somebody else, not the one
// dialled.
func OnTheLine(call ua.CallInfo) string {
	if !call.Asserted {
		return NumberOf(call)
	}
	return numberOf(call)
}

// somebodyElse reports whether the server has connected a call of ours to somebody who was not dialled, as far as the numbers
// tell.
func somebodyElse(call ua.CallInfo, plan config.Numbering) bool {
	return call.Asserted && call.Direction == ua.Outgoing && call.Dialled != "" &&
		!number.Same(call.Remote.User, call.Dialled, plan) && !endsAlike(call.Remote.User, call.Dialled)
}

// leastAlike is how many digits a number has at least whose country and area are left out.
const leastAlike = 7

// endsAlike reports whether two numbers may be one, written with more or less in front of it: what a house, an area or a country
// dials there stands in a plan, and not everybody has configured one.
func endsAlike(a, b string) bool {
	a, whole := number.Digits(a)
	b, all := number.Digits(b)
	a, b = strings.TrimLeft(a, "+0"), strings.TrimLeft(b, "+0")
	return whole && all && min(len(a), len(b)) >= leastAlike && (strings.HasSuffix(a, b) || strings.HasSuffix(b, a))
}

// Withheld tells of somebody who does not want to be known (RFC 3323 section 4.1.1.3), and who that is then: a word that stands
// in the place of a name is none.
func Withheld(a ua.Address) (who ua.Address, hides bool) {
	if !strings.EqualFold(a.User, "anonymous") && !strings.EqualFold(a.Host, "anonymous.invalid") {
		return a, false
	}
	if noName(a.DisplayName) {
		a.DisplayName = ""
	}
	return a, true
}

func noName(name string) bool {
	return slices.Contains([]string{"anonymous", "anonym", "restricted", "withheld", "private", "unknown"},
		strings.ToLower(strings.TrimSpace(name)))
}

func numberOf(call ua.CallInfo) string {
	if strings.EqualFold(call.Remote.User, "anonymous") || strings.HasSuffix(strings.ToLower(call.Remote.Host), ".invalid") {
		return ""
	}
	if call.Remote.User != "" {
		return call.Remote.User
	}
	return call.Remote.URI
}

// History holds the calls that have ended, newest first. It belongs to one goroutine.
type History struct {
	entries []Entry
	newID   func() string
	sealed  error // why it must not be stored: what is stored already could not be read nor put aside
}

// New returns an empty history.
func New() *History { return &History{newID: rand.Text} }

// Add puts an entry in its place by time. An entry with an ID that is there already takes the place of the old one; one
// without an ID gets one.
func (h *History) Add(e Entry) Entry {
	if e.ID == "" {
		e.ID = h.newID()
	}
	h.entries = slices.DeleteFunc(h.entries, func(x Entry) bool { return x.ID == e.ID })
	i, _ := slices.BinarySearchFunc(h.entries, e, newestFirst)
	h.entries = slices.Insert(h.entries, i, e)
	return e
}

func newestFirst(a, b Entry) int {
	return cmp.Or(b.Start.Compare(a.Start), strings.Compare(b.ID, a.ID))
}

// Spell gives each number its one spelling in the domain of the account, so that one party has one line.
func (h *History) Spell(home string) {
	for i := range h.entries {
		h.entries[i].Number = number.Spelt(h.entries[i].Number, home)
	}
}

// Len is the number of entries.
func (h *History) Len() int { return len(h.entries) }

// Entries lists all, newest first.
func (h *History) Entries() []Entry { return slices.Clone(h.entries) }

// Newest is the last call.
func (h *History) Newest() (Entry, bool) {
	if len(h.entries) == 0 {
		return Entry{}, false
	}
	return h.entries[0], true
}

// Entry returns the entry with that ID.
func (h *History) Entry(id string) (Entry, bool) {
	i := slices.IndexFunc(h.entries, func(e Entry) bool { return e.ID == id })
	if i < 0 {
		return Entry{}, false
	}
	return h.entries[i], true
}

// With lists the last calls with any of the numbers, newest first.
func (h *History) With(limit int, plan config.Numbering, numbers ...string) []Entry {
	var list []Entry
	for _, e := range h.entries {
		if e.Number != "" && slices.ContainsFunc(numbers, func(n string) bool { return number.Same(e.Number, n, plan) }) {
			if list = append(list, e); len(list) == limit {
				break
			}
		}
	}
	return list
}

// Missed counts the missed calls the user has not seen: the badge.
func (h *History) Missed() int {
	n := 0
	for _, e := range h.entries {
		if e.Missed && !e.Seen {
			n++
		}
	}
	return n
}

// MarkSeen marks every entry as seen. It reports whether that changed anything.
func (h *History) MarkSeen() bool {
	changed := false
	for i := range h.entries {
		changed = changed || !h.entries[i].Seen
		h.entries[i].Seen = true
	}
	return changed
}

// SetNote keeps what the user writes about a call. It reports whether that changed anything.
func (h *History) SetNote(id, note string) bool {
	i := slices.IndexFunc(h.entries, func(e Entry) bool { return e.ID == id })
	note = Note(note)
	if i < 0 || h.entries[i].Note == note {
		return false
	}
	h.entries[i].Note = note
	return true
}

// Note is a text as a note keeps it: in lines, cut, and without what turns a line round or cannot be seen.
func Note(text string) string {
	var lines []string
	left := maxNote
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		if left < 0 {
			break
		}
		line = number.OneLine(line, left)
		lines = append(lines, line)
		left -= utf8.RuneCountInString(line) + 1
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

// Delete takes entries out and returns them, to be put back by Restore.
func (h *History) Delete(ids ...string) []Entry {
	var gone []Entry
	h.entries = slices.DeleteFunc(h.entries, func(e Entry) bool {
		if slices.Contains(ids, e.ID) {
			gone = append(gone, e)
			return true
		}
		return false
	})
	return gone
}

// Clear takes all entries out and returns them, to be put back by Restore.
func (h *History) Clear() []Entry {
	gone := h.entries
	h.entries = nil
	return gone
}

// Restore puts deleted entries back.
func (h *History) Restore(entries []Entry) {
	for _, e := range entries {
		h.Add(e)
	}
}

// Prune takes out what is older or more than the configuration keeps, and returns how many that were. An entry from the
// future, left by a wrong clock, stays.
func (h *History) Prune(now time.Time, keep config.Retention) int {
	before := len(h.entries)
	if keep.Days > 0 {
		oldest := now.AddDate(0, 0, -keep.Days)
		h.entries = slices.DeleteFunc(h.entries, func(e Entry) bool { return e.Start.Before(oldest) })
	}
	if keep.Entries > 0 && len(h.entries) > keep.Entries {
		clear(h.entries[keep.Entries:])
		h.entries = h.entries[:keep.Entries]
	}
	return before - len(h.entries)
}

// Redial lists the numbers dialled last, each once, newest first; limit 0 means all.
func (h *History) Redial(limit int) []Entry {
	seen := map[string]bool{}
	list := []Entry{}
	for _, e := range h.entries {
		key := number.Read(e.Number, config.Numbering{}).String()
		if e.Direction != ua.Outgoing || e.Number == "" || seen[key] {
			continue
		}
		seen[key] = true
		if list = append(list, e); len(list) == limit {
			break
		}
	}
	return list
}

// Search lists the entries whose name, number, address or note holds every word of the query, newest first; limit 0 means all.
// Caller says what the caller with a number is called now, "" where that is unknown; it may be nil.
func (h *History) Search(query string, limit int, caller func(number string) string) []Entry {
	if caller == nil {
		caller = func(string) string { return "" }
	}
	words := strings.Fields(number.Fold(number.OneLine(query, 100)))
	digits, ok := number.Digits(query)
	digits = strings.TrimLeft(digits, "+0")
	names := map[string]string{}
	known := func(number string) string {
		name, ok := names[number]
		if !ok {
			name = caller(number)
			names[number] = name
		}
		return name
	}
	list := []Entry{}
	for _, e := range h.entries {
		if !e.holds(words, "") && !(ok && digits != "" && e.holdsDigits(digits)) &&
			(known(e.Number) == "" || !e.holds(words, known(e.Number))) {
			continue
		}
		if list = append(list, e); len(list) == limit {
			break
		}
	}
	return list
}

func (e Entry) holds(words []string, caller string) bool {
	text := number.Fold(caller + " " + e.Name + " " + e.Number + " " + e.URI + " " + e.Note)
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) })
}

func (e Entry) holdsDigits(digits string) bool {
	own, ok := number.Digits(e.Number)
	return ok && strings.Contains(own, digits)
}
