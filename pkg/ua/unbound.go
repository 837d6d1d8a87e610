package ua

import (
	"strings"
	"time"

	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
	"github.com/gowebphone/webphone/pkg/ua/notification"
)

// kickTime is how long a binding has to last for its removal to be taken as news, and not as what this registrar always does.
const kickTime = time.Minute

// bindingNews looks in what a registrar tells about our own address (RFC 3680) for a binding of ours that it has ended by itself.
func (s *subscription) bindingNews(now time.Time, info *notification.RegInfo) {
	c := s.c
	if s.target.User != c.aor.User || !strings.EqualFold(s.target.Host, c.aor.Host) {
		return
	}
	for _, reg := range info.Registrations {
		for _, ct := range reg.Contacts {
			uri, err := wire.ParseURI(ct.URI)
			if err != nil || ct.State != "terminated" || uri.User != c.local.user {
				continue
			}
			if f := c.flowAt(uri.Host); f != nil && f.up() && f.reg.info.State == Registered && !f.reg.busy {
				f.unbound(now, ct)
			}
		}
	}
}

// unbound follows the end of our binding (RFC 3680 section 5.1): deactivated wants to be registered anew at once, probation
// later, rejected not at all. Where somebody has removed it, or it has expired, we register too, because we want to be reached.
func (f *flow) unbound(now time.Time, ct notification.Contact) {
	c := f.c
	if ct.Event == "rejected" {
		f.registerRefused(now, explained(CauseRejected, 0, ct.Event,
			"The server has ended the registration and wants no other; ask its operator, or log in again."))
		return
	}
	f.reg.kicks++
	if now.Sub(f.reg.since) > kickTime {
		f.reg.kicks = 0
	}
	wait := f.patience(ct.RetryAfter)
	if f.reg.kicks > 0 {
		wait = max(wait, c.jitter(min(maxBackoff, time.Second<<min(f.reg.kicks, 10))))
	}
	f.registerAt(now.Add(wait), explained(CauseServer, 0, ct.Event,
		"The server has removed the registration; it is made again by itself."))
}
