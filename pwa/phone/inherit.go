package phone

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/books"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// inherited brings what a page before has left, as far as this one may have it.
type inherited struct {
	unseen
	legacy *legacy // nil: nothing that can be read
	seat   heldSeat
	theirs bool // it belongs to another window
}

// callLost tells that a call is over which could not be taken up again. The card says it too, as long as nobody logs in.
type callLost struct{ name string }

func (e callLost) reduce(s screen.Snapshot) screen.Snapshot {
	s = s.WithProblem(text.Say(text.CallLost, "name", e.name))
	if card := &s.Login; s.Screen == screen.ScreenLogin && !card.Busy && !card.Opening && card.Error.Empty() {
		card.Error = s.Problem.Text
	}
	return s
}

// vacant brings the seat of an account whose calls another window has left: they are for who has the seat.
type vacant struct {
	session *session
	seat    Seat
}

func (e vacant) open(p *Phone) Event {
	if e.session != p.session {
		e.seat.Release()
		return nil
	}
	p.seek(heldSeat{e.session.seat, e.seat})
	return nil
}

// seek looks for what a page before has left. It belongs to whoever has the seat of its account: a page that lives has it itself.
func (p *Phone) seek(seat heldSeat) {
	go func() {
		e := p.find(context.Background(), seat)
		if !e.theirs {
			p.opts.Keep.Save(KeyCalls, "")
		}
		p.post(e)
	}()
}

func (p *Phone) find(ctx context.Context, seat heldSeat) inherited {
	token, data, err := p.opts.Safe.Look(ctx)
	var l legacy
	if err != nil || json.Unmarshal(data, &l) != nil {
		return inherited{seat: seat} // it is not taken, so that farewell is said
	}
	switch {
	case seat.name == "":
		if seat = p.freeSeat(ctx, l.Seat); seat.name == "" {
			return inherited{theirs: true}
		}
	case l.Seat != seat.name:
		return inherited{seat: seat}
	}
	free, err := p.opts.Safe.Take(ctx, token)
	if err != nil || !free {
		return inherited{seat: seat} // farewell has been said
	}
	return inherited{legacy: &l, seat: seat}
}

// freeSeat is the seat of that name where no window has it.
func (p *Phone) freeSeat(ctx context.Context, name string) heldSeat {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	seat, err := p.opts.Seats.Claim(ctx, name, cancel, func(number string) { p.post(numberGiven{number}) })
	if err != nil {
		return heldSeat{}
	}
	return heldSeat{name, seat}
}

// inherit takes what a page before has left for the next session, and settles what became of its calls where there is nothing.
func (p *Phone) inherit(e inherited) {
	p.estate.seat.free()
	p.estate.seat = e.seat
	switch {
	case e.theirs:
	case e.legacy == nil:
		p.books.Inherit(nil, "", nil)
	case e.legacy.late(p.opts.Now()):
		p.lose(e.legacy)
	default:
		p.estate.heir = e.legacy
	}
}

// heirLogin logs in as the page before was, which has what the user typed there.
func (p *Phone) heirLogin() (signIn, bool) {
	l := p.estate.heir
	if l == nil || l.Given {
		return signIn{}, false
	}
	return signIn{Login: screen.Login{User: l.Secret.User, Password: l.Secret.Password, Server: l.Secret.Server, Stay: l.Stay},
		alone: true}, true
}

// newAgent makes the user agent of a session, with the calls that were left for it. What was left for another account, or cannot
// be used, is lost.
func (p *Phone) newAgent(cfg ua.Config) (Agent, error) {
	l := p.estate.heir
	p.estate.heir = nil
	if bequeaths(&p.opts) {
		cfg.StateKey = p.estate.key
	}
	if l == nil || l.Seat != seatOf(cfg) || l.late(p.opts.Now()) {
		p.lose(l)
		return p.opts.NewAgent(cfg)
	}
	restoring := cfg
	restoring.Restore, restoring.StateKey = l.State, l.Key
	agent, err := p.opts.NewAgent(restoring)
	if errors.Is(err, ua.ErrBadState) {
		p.complain("phone: " + err.Error())
		p.lose(l)
		return p.opts.NewAgent(cfg)
	}
	if err == nil {
		p.estate.key = l.Key
		p.resume(l, agent)
	}
	return agent, err
}

// resume shows the calls that go on.
func (p *Phone) resume(l *legacy, agent Agent) {
	goOn, gone := l.remains.without(func(id string) bool { return agent.Call(id) == nil })
	var calls []ua.CallInfo
	for _, c := range goOn.Calls {
		p.calls[c.Info.ID] = c.Info
		calls = append(calls, c.Info)
	}
	p.books.Inherit(calls, l.Account, lostAt(gone, l.At))
	p.post(resumed{goOn, p.opts.Now()})
	for _, c := range goOn.Calls {
		if c.Note != "" {
			p.Do(screen.WriteNote{ID: c.Info.ID, Text: c.Note})
		}
	}
}

// lose ends the calls that a page before has left: the history has them, and the other side is told.
func (p *Phone) lose(l *legacy) {
	if l == nil {
		return
	}
	lost := lostAt(l.Calls, l.At)
	p.tellEnds(lost)
	p.books.Inherit(nil, l.Account, lost)
	for i := range l.Farewell {
		l.Farewell[i].Binding = nil // another one may be in its place
	}
	p.opts.Outlive("", l.Farewell, 0)
	for _, c := range l.Calls {
		p.post(callLost{withInfo(p.snapshot, screen.Line{}, c.Info).Name()})
	}
}

// tellEnds tells of calls that have ended whoever wants to know.
func (p *Phone) tellEnds(over []books.Ended) {
	for _, o := range over {
		if p.opts.CallEnd != nil {
			p.opts.CallEnd(o.Call)
		}
	}
}

// lostAt are calls as they end with their page, of which nothing was heard after that time.
func lostAt(calls []keptCall, at time.Time) (ended []books.Ended) {
	for _, c := range calls {
		info := c.Info
		info.State, info.Ended, info.Cause = ua.CallEnded, at, ua.Cause{Kind: ua.CauseConnectionLost}
		ended = append(ended, books.Ended{Call: info, Note: c.Note})
	}
	return ended
}
