package ua

import (
	"time"

	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// maxForks is how many early dialogs of an INVITE are kept at a time, and how many media sessions it may cost. Forking to more
// telephones at once is rare; a To tag of its own in each of three hundred responses costs the other side nothing.
const maxForks = 8

// newFork makes the early dialog of a To tag that is new (RFC 3261 section 13.2.2.1). When there are many already the oldest
// goes, because where a number hunts through telephones one after the other the newest rings. Its 2xx is still an answer.
func (s *session) newFork(now time.Time, tag string, res *wire.Response) *dialog {
	if len(s.early) >= maxForks {
		s.forgetFork(now)
	}
	d := s.c.newDialogUAC(s.invite, res)
	d.session = s
	s.forks++
	d.fork = s.forks
	s.early[tag] = d
	s.c.dialogs[d.id] = d
	return d
}

// forgetFork gives up the oldest early dialog, but not the one whose audio is heard.
func (s *session) forgetFork(now time.Time) {
	var oldest *dialog
	for _, d := range s.early {
		if d != s.earlySDP && (oldest == nil || d.fork < oldest.fork) {
			oldest = d
		}
	}
	if s.pending != nil && s.c.dialogFor(s.pending.Request()) == oldest {
		s.rejectPending(now)
	}
	if oldest.audio != s.audio {
		oldest.audio.close()
	}
	delete(s.early, oldest.id.remote)
	delete(s.c.dialogs, oldest.id)
}
