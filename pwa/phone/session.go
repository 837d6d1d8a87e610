package phone

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/ua"
)

// session is one login: a user agent and the goroutines around it, which all end with ctx.
type session struct {
	phone  *Phone
	agent  Agent
	ctx    context.Context // of everything done for this session; ends at stop
	cancel context.CancelFunc
	asks   *consents
	seat   string             // of the account
	tones  chan Tone          // in the order they were pressed; never closed
	trace  context.CancelFunc // nil: not tracing
}

// toldBy is an event with the session it came from.
type toldBy struct {
	session *session
	news
}

func (e toldBy) open(p *Phone) Event {
	if e.session != p.session {
		return nil // of a session that is over
	}
	return e.news
}

// measured ends a measurement.
type measured struct {
	Measured
	err error
}

func (m measured) open(p *Phone) Event {
	p.measuring = false
	if m.err != nil {
		return nil // the call is gone, or the browser has no numbers yet
	}
	return m.Measured
}

func (p *Phone) start(c Start) {
	cfg, err := p.config(c.signIn)
	if err != nil {
		p.post(Failed{Command: c, Err: err, At: p.opts.Now()})
		return
	}
	asks := &consents{mode: p.cfg.Transfers, unseen: p.cfg.Show.Headless(), domain: domainOf(cfg.Account.AOR), open: map[int]chan bool{}}
	cfg.AcceptRefer, cfg.AcceptReplaces = asks.policy(false), asks.policy(true)
	if set := p.snapshot.Settings; answersAtOnce(set) || set.May.AutoAnswer {
		cfg.AcceptControl = p.control
	}
	agent, err := p.opts.NewAgent(cfg)
	if err != nil {
		p.post(Failed{Command: c, Err: err, At: p.opts.Now()})
		return
	}
	p.stop() // two sessions of one phone cannot be
	ctx, cancel := context.WithCancel(context.Background())
	s := &session{phone: p, agent: agent, ctx: ctx, cancel: cancel, tones: make(chan Tone, 64), asks: asks, seat: seatOf(cfg)}
	asks.post = s.post
	before := p.stopped
	p.session, p.stopped = s, make(chan struct{})
	events := agent.Events(context.Background()) // ends when the agent does, so that the last calls are told
	go s.listen(events)
	go s.playTones()
	go s.run(before, p.stopped)
	if p.snapshot.Debug {
		s.setTrace(true)
	}
}

// run waits for the goodbye of the session before, whose binding is the same one, and until no other window of this browser has
// it, then runs the user agent.
func (s *session) run(before, stopped chan struct{}) {
	defer close(stopped)
	if before != nil {
		<-before
	}
	leave, err := s.sit()
	if err != nil {
		s.agent.Close()
		return // it ends before this window was the phone
	}
	defer leave()
	err = s.agent.Run(s.ctx)
	s.agent.Close()
	if err != nil && s.ctx.Err() == nil {
		s.post(Failed{Command: Start{}, Err: err, At: s.phone.opts.Now()})
	}
}

func (s *session) listen(events func(func(ua.Event) bool)) {
	for e := range events {
		e = presentable(e)
		if took, ok := succession(e, s.phone.opts.Now()); ok {
			s.post(took)
			continue
		}
		s.post(Told{Event: e, At: s.phone.opts.Now()})
	}
}

func (s *session) post(e news) { s.phone.receive(toldBy{s, e}) }

func (p *Phone) stop() {
	if p.session != nil {
		p.session.cancel()
		p.session = nil
	}
}

// config makes the configuration of a user agent.
func (p *Phone) config(l signIn) (ua.Config, error) {
	server, ok := serverOf(p.snapshot.Login, l.Server)
	if !ok {
		return ua.Config{}, fmt.Errorf("%w: server", ua.ErrBadConfig)
	}
	cfg := p.cfg
	domain := host(server)
	if isDomain(cfg.Realm) {
		domain = cfg.Realm
	}
	aor, ok := address(l.User, domain)
	if !ok {
		return ua.Config{}, fmt.Errorf("%w: user", ua.ErrBadConfig)
	}
	return ua.Config{
		Account: ua.Account{
			AOR: aor, Password: l.Password, Realm: cfg.Realm, DisplayName: p.snapshot.Account.DisplayName, CLI: cfg.CLI,
		},
		Servers:     urlsOf(p.snapshot.Login, server),
		InstanceID:  instance(p.opts.Keep),
		UserAgent:   p.opts.UserAgent,
		Media:       p.media(),
		MediaEngine: p.engine,

		TrustAssertedIdentity: cfg.TrustIdentity,
	}, nil
}

// domainOf is the host of an address of record.
func domainOf(aor string) string {
	_, domain, _ := strings.Cut(aor, "@")
	return domain
}

func (s *session) carryOut(c Command) {
	switch c := c.(type) {
	case Trace:
		s.setTrace(c.On)
	case Wake:
		s.agent.Wake()
	case AskSeat:
		if seats := s.phone.opts.Seats; seats != nil {
			seats.Ask(s.seat)
		}
	case GiveNumber:
		if seats := s.phone.opts.Seats; seats != nil {
			seats.Give(c.Number)
		}
	case Mute:
		s.with(c, c.ID, func(call Call) error { return call.Mute(c.On) })
	case Consent:
		s.asks.answer(c)
	case Tone:
		select {
		case s.tones <- c:
		default: // nobody presses 64 keys ahead
			s.report(c, errTooManyTones)
		}
	default:
		go s.wait(c)
	}
}

// wait carries out a command that takes its time.
func (s *session) wait(c Command) {
	ctx := s.ctx
	switch c := c.(type) {
	case Invite:
		err := s.hold(c.Hold)
		if err == nil {
			err = s.agent.Invite(ctx, c.Target)
		}
		s.report(c, err)
	case Accept:
		s.accept(c)
	case Reject:
		s.with(c, c.ID, func(call Call) error { return call.Reject(ctx, c.Code, ua.RejectOptions{}) })
	case End:
		s.with(c, c.ID, func(call Call) error { return call.Hangup(ctx) })
	case HandOver:
		s.with(c, c.ID, func(call Call) error { return call.Transfer(ctx, c.Target) })
	case KeepCall:
		s.with(c, c.ID, func(call Call) error { return call.CancelTransfer(ctx) })
	case Connect:
		s.report(c, s.agent.Connect(ctx, c.ID, c.Other))
	case Hold:
		s.with(c, c.ID, func(call Call) error { return call.Hold(ctx) })
	case Resume:
		if err := s.hold(c.Hold); err != nil {
			s.report(c, err)
			return
		}
		s.with(c, c.ID, func(call Call) error { return call.Resume(ctx) })
	}
}

// accept answers only after the other calls are out of the way: two must not hear each other by accident.
func (s *session) accept(c Accept) {
	for _, id := range c.End {
		s.with(End{id}, id, func(call Call) error { return call.Hangup(s.ctx) })
	}
	if err := s.hold(c.Hold); err != nil {
		s.report(c, err)
		return
	}
	s.with(c, c.ID, func(call Call) error { return call.Accept(s.ctx) })
}

func (s *session) hold(ids []string) error {
	for _, id := range ids {
		if call := s.agent.Call(id); call != nil {
			if err := call.Hold(s.ctx); err != nil && !harmless(err) {
				return fmt.Errorf("hold: %w", err)
			}
		}
	}
	return nil
}

func (s *session) with(c Command, id string, do func(Call) error) {
	if call := s.agent.Call(id); call != nil {
		s.report(c, do(call))
	}
}

func (s *session) report(c Command, err error) {
	if err != nil {
		s.post(Failed{Command: c, Err: err, At: s.phone.opts.Now()})
	}
}

func (s *session) playTones() {
	for {
		select {
		case <-s.ctx.Done():
			return
		case t := <-s.tones:
			switch {
			case s.ctx.Err() != nil:
				return // more keys are waiting than anybody hears
			case t.Digit == ",":
				s.pause()
				continue
			}
			s.with(t, t.ID, func(call Call) error { return call.SendDTMF(s.ctx, t.Digit) })
		}
	}
}

const tonePause = 2 * time.Second // for a comma, as telephones do

func (s *session) pause() {
	select {
	case <-s.ctx.Done():
	case <-time.After(tonePause):
	}
}

func (s *session) setTrace(on bool) {
	if s.trace != nil {
		s.trace()
		s.trace = nil
	}
	if !on || s.phone.opts.Trace == nil {
		return
	}
	ctx, cancel := context.WithCancel(s.ctx)
	s.trace = cancel
	messages := s.agent.Trace(ctx)
	go func() {
		for m := range messages {
			s.phone.opts.Trace(m)
		}
	}()
}

// media makes the audio defaults of every call.
func (p *Phone) media() media.Config {
	cfg := p.cfg
	m := p.opts.Media
	m.CodecDelete, m.CodecPriority, m.ICETransportPolicy = cfg.Codec.Delete, cfg.Codec.Priority, cfg.ICETransportPolicy
	for _, s := range cfg.ICEServers {
		m.ICEServers = append(m.ICEServers, media.ICEServer{URLs: s.URLs, Username: s.Username, Credential: s.Credential})
	}
	return m
}
