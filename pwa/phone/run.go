package phone

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/books"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
	"github.com/gowebphone/webphone/pwa/text"
)

// New makes a phone. Nothing happens before Run.
func New(opts Options) *Phone {
	if opts.NewAgent == nil {
		opts.NewAgent = NewAgent
	}
	if opts.Keep == nil {
		opts.Keep = &store.MemoryValues{}
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Engine == nil {
		opts.Engine = media.Default()
	}
	p := &Phone{opts: opts, queue: newQueue(), engine: &tuned{Engine: opts.Engine}, calls: liveCalls{}}
	p.estate.key = make([]byte, stateKeySize)
	rand.Read(p.estate.key) // never fails
	p.setup = setup{host: opts.Config, link: opts.Link, keep: opts.Keep}
	p.cfg = p.merged()
	p.snapshot = begin(opts, p.cfg)
	p.at = p.nobody(p.snapshot.View)
	p.books = books.New(books.Options{Config: p.cfg, Keep: opts.Keep, Store: opts.Store, Fetch: opts.Fetch, Now: opts.Now,
		Pause: opts.Pause, Post: func(n books.News) { p.queue.put(n) }, Tell: p.Do})
	p.engine.set(p.snapshot.Settings)
	return p
}

// begin is the first snapshot.
func begin(opts Options, cfg config.Config) screen.Snapshot {
	load := opts.Keep.Load
	var s screen.Snapshot
	s.Now, s.View, s.DoNotDisturb = opts.Now(), newView(opts), load(KeyDoNotDisturb) != ""
	s = configured(s, cfg, opts)
	s = retyped(opts.Keep, s)
	if cfg.Number != "" {
		s = Reduce(s, screen.Prefill{Text: cfg.Number})
	}
	s.Login.CanStay = opts.Vault != nil
	s.Login.Kept = s.Login.CanStay && load(KeyStay) != ""
	s.Login.Stay = s.Login.Kept && load(KeyStay) != stayOnce
	s.Login.Opening = opens(s, opts, cfg) || isLeft(&opts, "")
	return s
}

// Begin is the first snapshot, for what is shown before Run shows one.
func (p *Phone) Begin() screen.Snapshot { return begin(p.opts, p.cfg) }

// Run is Serve with a window that shows Begin already. It gives every snapshot to show, with the one before, in order and from
// one goroutine; show must not wait for the phone.
func (p *Phone) Run(ctx context.Context, show func(prev, next screen.Snapshot)) {
	p.at.show, p.at.shown, p.windows = show, p.snapshot, []*Window{p.at}
	show(p.snapshot, p.snapshot)
	p.Serve(ctx)
}

// Serve works until ctx ends; then it hangs up and logs out. It needs no window: see Open.
func (p *Phone) Serve(ctx context.Context) {
	clock := time.NewTimer(time.Hour)
	defer clock.Stop()
	defer p.stop()
	defer p.stopWatching()
	defer p.books.Watch()()
	keepTyped(p.opts.Keep, screen.Snapshot{})
	if isLeft(&p.opts, "") {
		p.seek(heldSeat{})
	} else if e := p.signIn(); e != nil {
		p.step(e)
	}
	for {
		p.wind(clock)
		select {
		case <-ctx.Done():
			return
		case <-clock.C:
			p.step(Tick{At: p.opts.Now()})
		case <-p.queue.filled:
			for _, e := range p.queue.take() {
				p.step(e)
			}
		}
	}
}

// wind sets the clock to the next full second of the call on the stage, or far away when nothing counts.
func (p *Phone) wind(clock *time.Timer) {
	if !p.snapshot.Counts() {
		clock.Reset(time.Hour)
		return
	}
	wait := time.Second
	if line, ok := p.snapshot.Stage(); ok && !line.Answered.IsZero() {
		wait -= p.opts.Now().Sub(line.Answered) % time.Second
	}
	clock.Reset(max(wait, 10*time.Millisecond))
}

// step takes one event. A fault of ours must not end a call, so it is caught and shown.
func (p *Phone) step(e Event) {
	came, ok := e.(sent)
	if !ok {
		came.event = e
	}
	asked := p.asks
	defer func() {
		if r := recover(); r != nil {
			if _, again := came.event.(screen.Fault); !again {
				p.complain(fmt.Sprintf("phone: %T: %v", came.event, r))
				p.step(sent{from: p.asks, event: screen.Fault{}})
			}
		}
		p.asks = asked
	}()
	if !p.begins(&came) {
		return
	}
	event := p.translate(came.event)
	if event == nil {
		if came.told {
			p.present(came.from, true) // that it is done
		}
		return
	}
	goOn := p.outlast(event)
	prev, over := p.snapshot, p.calls.ends(p.snapshot, event, p.opts.Now())
	over, left := divided(over, goOn)
	p.books.Bequeath(left)
	p.books.Record(over, leaving(event)) // by the rules of the calls: who logs out takes them along
	p.takeAll(p.succeed(event))
	p.bequeath()
	p.lead(prev.Free())
	p.publish(over, came.byHand, onlyTime(prev, p.snapshot, event))
	p.watchObject()
}

// onlyTime tells whether an event has moved nothing but clocks and meters.
func onlyTime(prev, next screen.Snapshot, e Event) bool {
	switch e.(type) {
	case Tick, Measured:
		return prev.Problem.Count == next.Problem.Count && len(prev.Incoming()) == len(next.Incoming()) &&
			len(prev.Lines()) == len(next.Lines())
	}
	return false
}

// translate makes of what came what Reduce understands, nil of what concerns nobody any more.
func (p *Phone) translate(e Event) Event {
	if came, ok := e.(envelope); ok {
		e = came.open(p)
	}
	if l, ok := e.(screen.Login); ok {
		e = signIn{Login: l}
	}
	if _, ok := e.(signIn); ok && p.snapshot.Screen == screen.ScreenPhone {
		p.step(sent{from: p.asks, event: screen.Logout{}}) // who is logged in already leaves first
	}
	told, ok := e.(Told)
	if !ok {
		return p.heed(e)
	}
	return told.with(p.books.Named)
}

// takeAll takes events one after another.
func (p *Phone) takeAll(events []Event) {
	for _, e := range events {
		if more, ok := e.(afterwards); ok {
			p.takeAll(more())
		} else {
			p.take(e)
		}
	}
}

// take reduces an event and does what has to be done about it.
func (p *Phone) take(e Event) {
	prev := p.snapshot
	p.move(e)
	p.engine.set(p.snapshot.Settings)
	for _, c := range Plan(prev, p.snapshot, e) {
		p.carryOut(c)
	}
}

// publish shows what has become of a snapshot, and tells which calls have ended. Own tells that the hand of the user at the
// window whose turn it is has done it, clocks that nothing but clocks and meters have moved.
func (p *Phone) publish(over []books.Ended, own, clocks bool) {
	p.tellEnds(over)
	for _, w := range p.windows {
		p.present(w, clocks || own && w == p.at)
	}
}

func (p *Phone) carryOut(c Command) {
	switch c := c.(type) {
	case Start:
		p.login = &c.signIn
		p.start(c)
	case Restart:
		switch {
		case p.session != nil || p.login == nil:
		case isLeft(&p.opts, ""):
			p.seek(heldSeat{})
		default:
			p.start(Start{*p.login})
		}
	case Stop:
		p.stop()
		if c.Forget {
			p.login = nil
		}
	case Keep:
		if err := p.opts.Keep.Save(c.Key, c.Value); err != nil {
			p.snapshot = p.snapshot.WithProblem(text.Say(text.SettingNotKept))
		}
	case Remember:
		p.remember()
	case KeepOver:
		p.keepOver()
	case Forget:
		p.forget()
	case EraseAll:
		p.erase()
	case UseAudio:
		p.useAudio(c)
	case LookAt:
		p.lookAt(c)
	case Measure:
		p.measure(c.ID)
	case WarmUp:
		p.warmUp()
	case Refresh:
		p.refresh()
	default:
		p.tell(c)
	}
}

// tell gives a command to the session.
func (p *Phone) tell(c Command) {
	_, wakes := c.(Wake)
	_, calls := c.(Invite)
	switch {
	case p.session != nil:
		session, to := p.session, p.asks
		session.telling(func(e news) { p.receive(sent{from: to, event: toldBy{session, e}}) }).carryOut(c)
	case calls:
		p.post(Failed{Command: c, Err: ua.ErrNotConnected, At: p.opts.Now()})
	}
	if wakes {
		p.refresh()
	}
}

// measure reads the counters of a call, one reading at a time.
func (p *Phone) measure(id string) {
	if p.session == nil || p.measuring {
		return
	}
	call := p.session.agent.Call(id)
	if call == nil {
		return
	}
	p.measuring = true
	go func(s *session) {
		stats, err := call.Stats(s.ctx)
		p.receive(measured{Measured{ID: id, Stats: stats}, err})
	}(p.session)
}

// warmUp readies the program while nobody waits for it.
func (p *Phone) warmUp() {
	if p.opts.WarmUp == nil || p.warmed {
		return
	}
	p.warmed = true
	go p.opts.WarmUp(context.Background()) // ends by itself
}
