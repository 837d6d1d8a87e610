package phone

import (
	"context"
	"fmt"
	"strings"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/ua"
)

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
	asks := &consents{mode: p.cfg.Transfers, unseen: p.cfg.Show.Headless(), domain: domainOf(cfg.Account.AOR),
		open: map[int]chan bool{}}
	cfg.AcceptRefer, cfg.AcceptReplaces = asks.policy(false), asks.policy(true)
	if set := p.snapshot.Settings; answersAtOnce(set) || set.May.AutoAnswer {
		cfg.AcceptControl = p.control
	}
	agent, err := p.newAgent(cfg)
	if err != nil {
		p.post(Failed{Command: c, Err: err, At: p.opts.Now()})
		return
	}
	p.stop() // two sessions of one phone cannot be
	ctx, cancel := context.WithCancel(context.Background())
	s := &session{opts: &p.opts, agent: agent, ctx: ctx, cancel: cancel, tones: make(chan keyTone, 64), asks: asks,
		trace: &tracing{}, seat: seatOf(cfg), held: p.estate.seat}
	p.estate.seat = heldSeat{}
	s.post = func(e news) { p.receive(toldBy{s, e}) }
	s.leave = func(seat Seat) { p.receive(vacant{s, seat}) }
	s.given = func(number string) { p.post(numberGiven{number}) }
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
