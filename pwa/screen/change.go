package screen

import (
	"slices"
	"time"

	"github.com/gowebphone/webphone/pwa/text"
)

// WithProblem is the snapshot with something wrong to tell, once more where it was told before.
func (s Snapshot) WithProblem(why text.Sentence) Snapshot {
	s.Problem = Problem{Text: why, Count: s.Problem.Count + 1}
	return s
}

// WithLine is the snapshot with one call changed, in a copy of the calls.
func (s Snapshot) WithLine(id string, change func(*Line)) Snapshot {
	calls := slices.Clone(s.Calls.All)
	for i := range calls {
		if calls[i].ID == id {
			change(&calls[i])
		}
	}
	s.Calls.All = calls
	return s
}

// WithoutHandover is the snapshot without the questions that are gone.
func (s Snapshot) WithoutHandover(gone func(Handover) bool) Snapshot {
	s.Handovers = slices.DeleteFunc(slices.Clone(s.Handovers), gone)
	return s
}

// At is the snapshot at a page. The phone pane is always there in a wide window, so it keeps the list beside it.
func (s Snapshot) At(page Page) Snapshot {
	if _, known := s.Own(page); page.Own() && !known {
		page = PagePhone
	}
	if page != PagePhone {
		if page != s.List {
			s.Detail = ""
		}
		s.List = page
	}
	s.Page, s.Menu, s.Shortcuts = page, false, false
	return s
}

// AsOf is the snapshot at a moment. Its clock never goes back.
func (s Snapshot) AsOf(now time.Time) Snapshot {
	if now.After(s.Now) {
		s.Now = now
	}
	return s
}

// Free tells whether the user takes part in no call and is about to take none.
func (s Snapshot) Free() bool {
	return len(s.Lines()) == 0 && !slices.ContainsFunc(s.Incoming(), func(l Line) bool { return l.Answering })
}

// Talking lists the established calls that are not held by us, without one of them.
func (s Snapshot) Talking(without string) []string {
	var ids []string
	for _, l := range s.Lines() {
		if l.Established() && !l.HeldLocal && l.ID != without {
			ids = append(ids, l.ID)
		}
	}
	return ids
}

// ToneLine is the call that keys go to, if they go to one: the call on the stage, unless the dial pad covers it. One that
// rings takes them once there is sound, such as that of an announcement.
func (s Snapshot) ToneLine() (Line, bool) {
	line, ok := s.Stage()
	audible := line.State < CallEnding && (line.EarlyMedia || line.State >= CallConnecting)
	return line, ok && !s.Adding && s.Transfer.Step != TransferChoosing && audible
}

// Anew is another transfer, which remembers only how many came back.
func (t Transfer) Anew(step TransferStep, id string) Transfer {
	return Transfer{Step: step, ID: id, Returned: t.Returned}
}
