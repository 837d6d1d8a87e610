package screen

import (
	"time"
)

// Chosen is the suggestion that Dial calls.
func (s Snapshot) Chosen() (Suggestion, bool) {
	if s.Marked < 1 || s.Marked > len(s.Suggestions) {
		return Suggestion{}, false
	}
	return s.Suggestions[s.Marked-1], true
}

// Suggestion is a line under the number field while somebody types.
type Suggestion struct {
	Name      string
	Number    string // what is dialled
	Label     string // which number of the contact: "Work"
	ContactID string // "" when it comes from the history alone
	Called    time.Time
	Missed    bool
	Direction Direction // of the call, when there was one
}
