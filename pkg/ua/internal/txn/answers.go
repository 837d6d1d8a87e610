package txn

import (
	"time"

	"github.com/emiago/sipgo/sip"
)

// answers are the newest final responses to requests other than INVITE. RFC 3261 section 17.2.2 sets timer J to 0 where the
// transport is reliable, because nothing is repeated there. But what comes over one may have begun at a gateway to UDP, which
// passes repetitions on: the same branch gets the same answer, and nothing is done twice or called out of order.
type answers []answer

type answer struct {
	key   string // as in Table.servers
	res   *sip.Response
	until time.Time
}

// maxAnswers bounds them. Repetitions come within seconds.
const maxAnswers = 32

// keep adds an answer, oldest first.
func (a *answers) keep(now time.Time, key string, res *sip.Response) {
	a.expire(now)
	if len(*a) == maxAnswers {
		*a = append((*a)[:0], (*a)[1:]...)
	}
	*a = append(*a, answer{key, res, now.Add(Timeout)})
}

// expire lets go of what is too old.
func (a *answers) expire(now time.Time) {
	n := 0
	for n < len(*a) && due((*a)[n].until, now) {
		n++
	}
	rest := append((*a)[:0], (*a)[n:]...)
	clear((*a)[len(rest):])
	*a = rest
}

// find returns the answer that was given, or nil.
func (a answers) find(now time.Time, key string) *sip.Response {
	for _, old := range a {
		if old.key == key && !due(old.until, now) {
			return old.res
		}
	}
	return nil
}
