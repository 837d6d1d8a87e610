package phone

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/books"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
)

const (
	keepEvery  = 5 * time.Second  // a state that is not kept anew grows old
	returnTime = 12 * time.Second // within which the page, or another one, comes back
)

// outlast does what has to be done about the answered calls before an event takes them off the screen, and tells which go on.
func (p *Phone) outlast(e Event) (goOn map[string]bool) {
	switch e.(type) {
	case screen.Left:
		return p.leave()
	case screen.Logout, screen.Erase, unseated:
		p.disown()
	}
	return nil
}

// bequeath keeps what the next page needs to go on with the answered calls, whenever that changes. There is one place for it: a
// window of another account that was first keeps it.
func (p *Phone) bequeath() {
	if !bequeaths(&p.opts) {
		return
	}
	var d remains
	if p.session != nil {
		d = remainsOf(p.snapshot, p.calls, p.books.Note)
	}
	now := p.opts.Now()
	switch {
	case len(d.Calls) == 0:
		p.disown()
		return
	case d.equal(p.estate.remains) && now.Sub(p.estate.at) < keepEvery:
		return
	case len(p.estate.remains.Calls) == 0 && !p.own(p.session.seat):
		return
	}
	p.estate.remains, p.estate.at = d, now
	p.estate.next.Store(p.legacyOf(d, now))
	session, token := p.session, p.estate.token
	p.estate.queue.Do(func() { p.keepLegacy(session, token) })
}

// own begins to leave calls of a seat, unless another window does.
func (p *Phone) own(seat string) bool {
	if isLeft(&p.opts, "") && !isLeft(&p.opts, seat) {
		return false
	}
	p.estate.token = rand.Text()
	p.estate.kept.Store(false)
	return p.opts.Keep.Save(KeyCalls, store.Mark(seat)) == nil
}

func (p *Phone) legacyOf(d remains, now time.Time) *legacy {
	l := &legacy{At: now, Seat: p.session.seat, Account: books.Key(p.snapshot.Account), Given: p.typed.given,
		Stay: p.snapshot.Login.Stay, Key: p.estate.key, remains: d}
	if !l.Given {
		l.Secret = store.Secret{User: p.typed.User, Password: p.typed.Password, Server: p.typed.Server}
	}
	return l
}

// keepLegacy keeps the newest of what waits. A page that was left meanwhile keeps nothing more: another one may be at it.
func (p *Phone) keepLegacy(s *session, token string) {
	l := p.estate.next.Swap(nil)
	if l == nil {
		return
	}
	var err error
	if l.State, err = s.agent.Export(); err != nil {
		return // it is closed
	}
	if l.Farewell, err = s.agent.Farewell(); err != nil || s.ctx.Err() != nil {
		return
	}
	data, err := json.Marshal(l)
	if err == nil {
		err = p.opts.Safe.Keep(s.ctx, token, data)
	}
	if err != nil && s.ctx.Err() == nil && p.estate.doubts.CompareAndSwap(false, true) {
		p.complain("phone: the calls are not kept for the next page: " + err.Error())
	}
	p.estate.kept.Store(err == nil)
}

// disown takes back what is left: the calls are over, or end with their page.
func (p *Phone) disown() {
	if len(p.estate.remains.Calls) == 0 {
		return
	}
	p.estate.remains = remains{}
	p.estate.next.Store(nil)
	p.opts.Keep.Save(KeyCalls, "")
	p.estate.queue.Do(func() { p.opts.Safe.Drop(context.Background()) }) // without the mark nobody looks for it
}

// leave is what becomes of a session whose page is left. Answered calls go on without a word, because the next page may take them
// up; what else there is, is given up at once. Where nobody would end them for a page that does not come back, they end with it.
func (p *Phone) leave() (goOn map[string]bool) {
	s := p.session
	if s == nil || len(p.estate.remains.Calls) == 0 {
		return nil
	}
	words, err := s.agent.Farewell()
	if err != nil || !p.estate.kept.Load() || !p.opts.Outlive(p.estate.token, words, returnTime) {
		p.disown()
		return nil
	}
	goOn = map[string]bool{}
	for _, l := range p.snapshot.Calls.All {
		if goOn[l.ID] = l.Established(); !goOn[l.ID] {
			p.giveUp(l)
		}
	}
	p.estate.remains = remains{}
	s.agent.Close()
	p.stop()
	return goOn
}

const temporarilyUnavailable = 480

// giveUp ends a call that nobody has answered. Who calls may be answered elsewhere, so this is no decline of the user's.
func (p *Phone) giveUp(l screen.Line) {
	s := p.session
	call := s.agent.Call(l.ID)
	switch {
	case call == nil:
	case l.RingsHere():
		call.Reject(s.ctx, temporarilyUnavailable, ua.RejectOptions{})
	default:
		call.Hangup(s.ctx)
	}
}

// divided are the ends of calls apart from those that go on.
func divided(over []books.Ended, goOn map[string]bool) (ended, bequeathed []books.Ended) {
	for _, o := range over {
		if goOn[o.Call.ID] {
			bequeathed = append(bequeathed, o)
		} else {
			ended = append(ended, o)
		}
	}
	return ended, bequeathed
}
