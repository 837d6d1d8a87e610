//go:build js && wasm

// Command bench is a telephone without a screen: a page calls the methods of a small JavaScript object and listens to
// its events. It shows how a program other than the phone of this repository uses pkg/ua in the browser, and it is the
// page that testdata/bench measures against other SIP libraries.
//
// The page provides bench.ready(phone) and bench.ev(name, data); the methods of phone are those of telephone below.
package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"syscall/js"
	"time"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pkg/ua/warm"
)

func main() {
	p := &telephone{page: js.Global().Get("bench"), confirmed: map[string]bool{}}
	warm.Up(context.Background()) // as a page does while somebody types a password
	p.page.Call("ready", p.object())
	select {} // the page ends the program
}

// telephone is one user agent and the calls the page speaks of: the current one, the one that came in last, and the one
// that waits while another is consulted.
type telephone struct {
	page      js.Value
	agent     *ua.UserAgent
	cancel    context.CancelFunc
	current   *ua.Call
	offered   *ua.Call
	waiting   *ua.Call
	agreed    bool            // the other side has accepted our last REFER
	confirmed map[string]bool // calls whose "confirmed" was told, by CallInfo.ID
}

// options are what the page gives to start.
type options struct {
	ws, domain, user, pass string
	ice                    media.Config
	noRegister             bool
}

// object is the JavaScript side. Its functions live as long as the page, so none is released.
func (p *telephone) object() js.Value {
	o := js.Global().Get("Object").New()
	method := func(name string, f func(args []js.Value) error) {
		o.Set(name, js.FuncOf(func(_ js.Value, args []js.Value) any { return promise(func() error { return f(args) }) }))
	}
	ctx := context.Background()
	o.Set("lib", "webphone")
	o.Set("memory", js.FuncOf(func(js.Value, []js.Value) any {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.Sys
	}))
	method("start", func(a []js.Value) error { return p.start(read(a[0])) })
	method("stop", func([]js.Value) error { p.cancel(); return nil })
	method("call", func(a []js.Value) error { return p.call(ctx, a[0].String()) })
	method("answer", func([]js.Value) error { p.current = p.offered; return p.current.Accept(ctx) })
	method("reject", func(a []js.Value) error { return p.offered.Reject(ctx, a[0].Int(), ua.RejectOptions{}) })
	method("hangup", func([]js.Value) error { return p.current.Hangup(ctx) })
	method("hold", func([]js.Value) error { return p.current.Hold(ctx) })
	method("unhold", func([]js.Value) error { return p.current.Resume(ctx) })
	method("message", func(a []js.Value) error { return p.message(ctx, a[0].String(), a[1].String()) })
	method("subscribe", func(a []js.Value) error { return p.subscribe(ctx, a) })
	method("publish", func(a []js.Value) error {
		_, err := p.agent.Publish(ctx, ua.PublishOptions{Event: a[0].String(), ContentType: a[1].String(),
			Body: []byte(a[2].String()), Expires: eventExpires})
		return err
	})
	method("dtmf", func(a []js.Value) error {
		if len(a) > 1 && a[1].String() == "info" {
			return p.current.SendInfoDTMF(ctx, a[0].String())
		}
		return p.current.SendDTMF(ctx, a[0].String())
	})
	// The outcome of a transfer is told by events.
	method("refer", func(a []js.Value) error {
		p.agreed = false
		go p.current.Transfer(ctx, a[0].String())
		return nil
	})
	method("consult", func(a []js.Value) error { p.waiting = p.current; return p.call(ctx, a[0].String()) })
	method("transferAttended", func([]js.Value) error {
		p.agreed = false
		go p.waiting.TransferTo(ctx, p.current)
		return nil
	})
	return o
}

func agree(context.Context, ua.ReferRequest) bool { return true }

func (p *telephone) start(o options) error {
	agent, err := ua.New(ua.Config{
		Account:    ua.Account{AOR: "sip:" + o.user + "@" + o.domain, Password: o.pass},
		Servers:    []string{o.ws},
		NoRegister: o.noRegister,
		Media:      o.ice,

		AcceptRefer: agree, AcceptReplaces: agree, MessageTypes: []string{"text/plain"}, // as the libraries beside it do
	})
	if err != nil {
		return err
	}
	var ctx context.Context
	ctx, p.cancel = context.WithCancel(context.Background())
	p.agent = agent
	events := agent.Events(ctx)
	go func() {
		for ev := range events {
			p.tell(ev)
		}
	}()
	go agent.Run(ctx)
	return nil
}

func (p *telephone) call(ctx context.Context, target string) error {
	call, err := p.agent.Invite(ctx, target, ua.InviteOptions{})
	if err == nil {
		p.current = call
	}
	return err
}

// eventExpires is what the page asks for in SUBSCRIBE and PUBLISH.
const eventExpires = 2 * time.Minute

func (p *telephone) message(ctx context.Context, target, text string) error {
	code, err := p.agent.Message(ctx, target, ua.MessageOptions{Body: []byte(text)})
	if err == nil {
		p.ev("messageSent", map[string]any{"code": code})
		return nil
	}
	var refused *ua.ResponseError
	if errors.As(err, &refused) {
		p.ev("messageFailed", map[string]any{"code": refused.Code})
		return nil
	}
	return err
}

// subscribe takes target, event package and, when given, the content type to accept.
func (p *telephone) subscribe(ctx context.Context, a []js.Value) error {
	opts := ua.SubscribeOptions{Event: a[1].String(), Expires: eventExpires}
	if len(a) > 2 && a[2].Type() == js.TypeString {
		opts.Accept = []string{a[2].String()}
	}
	_, err := p.agent.Subscribe(ctx, a[0].String(), opts)
	return err
}

// tell translates events of the user agent into those of the page.
func (p *telephone) tell(ev ua.Event) {
	switch ev := ev.(type) {
	case ua.ConnectionEvent:
		switch ev.State {
		case ua.Connecting:
		case ua.Connected:
			p.ev("connected", nil)
		case ua.Disconnected:
			p.ev("disconnected", nil)
		}
	case ua.RegistrationEvent:
		switch ev.State {
		case ua.Registered:
			p.ev("registered", nil)
		case ua.Unregistered:
			p.ev("unregistered", nil)
		case ua.RegistrationFailed:
			p.ev("registrationFailed", map[string]any{"code": ev.Cause.Code})
		}
	case ua.IncomingCallEvent:
		p.offered = ev.Call
		p.ev("incoming", map[string]any{"from": ev.Info.Remote.User})
	case ua.CallEvent:
		p.tellCall(ev.Info)
	case ua.TransferEvent:
		p.tellTransfer(ev)
	case ua.ReferEvent:
		p.current = ev.New
		p.ev("refer", map[string]any{"to": ev.Target.URI})
	case ua.ReplacedEvent:
		p.current = ev.New
		p.ev("replaced", nil)
	case ua.MessageEvent:
		p.ev("message", map[string]any{"body": string(ev.Body), "from": ev.From.User})
	case ua.NotifyEvent:
		p.ev("notify:"+ev.Event, map[string]any{"body": string(ev.Body), "state": ev.State.String()})
	case ua.SubscriptionEvent:
		p.ev("sub:"+ev.Info.State.String(), nil)
	case ua.DTMFEvent:
		p.ev("dtmf:remote", map[string]any{"tone": ev.Tone})
	}
}

func (p *telephone) tellCall(c ua.CallInfo) {
	switch c.State {
	case ua.CallRinging:
		if c.Direction == ua.Outgoing {
			p.ev("progress", map[string]any{"code": c.Code})
		}
	case ua.CallConnecting:
		p.ev("accepted", nil)
	case ua.CallEstablished: // told again with every hold
		if !p.confirmed[c.ID] {
			p.confirmed[c.ID] = true
			p.ev("confirmed", nil)
		}
	case ua.CallEnded:
		delete(p.confirmed, c.ID)
		name := "ended"
		if c.Answered.IsZero() {
			name = "failed"
		}
		p.ev(name, map[string]any{"code": c.Cause.Code})
	}
}

// tellTransfer tells the answer to our REFER, and then the news of the new call.
func (p *telephone) tellTransfer(t ua.TransferEvent) {
	name := "refer:" + t.State.String()
	switch {
	case t.State == ua.TransferTrying && t.Code != 100:
		p.agreed = true
		name = "referAccepted"
	case t.State == ua.TransferSucceeded:
		name = "refer:accepted"
	case t.State == ua.TransferFailed && !p.agreed:
		name = "referRejected"
	}
	p.ev(name, map[string]any{"code": t.Code})
}

func (p *telephone) ev(name string, data map[string]any) { p.page.Call("ev", name, data) }

// read takes the page's options; what the page leaves out keeps its zero value.
func read(v js.Value) options {
	text := func(name string) string {
		if f := v.Get(name); f.Type() == js.TypeString {
			return f.String()
		}
		return ""
	}
	o := options{ws: text("ws"), domain: text("domain"), user: text("user"), pass: text("pass")}
	if r := v.Get("register"); r.Type() == js.TypeBoolean {
		o.noRegister = !r.Bool()
	}
	if pc := v.Get("pcConfig"); pc.Type() == js.TypeObject {
		if policy := pc.Get("iceTransportPolicy"); policy.Type() == js.TypeString {
			o.ice.ICETransportPolicy = policy.String()
		}
	}
	if list := v.Get("iceServers"); list.Type() == js.TypeObject {
		for i := range list.Length() {
			s := list.Index(i)
			server := media.ICEServer{URLs: []string{s.Get("urls").String()}}
			if u := s.Get("username"); u.Type() == js.TypeString {
				server.Username, server.Credential = u.String(), s.Get("credential").String()
			}
			o.ice.ICEServers = append(o.ice.ICEServers, server)
		}
	}
	return o
}

// promise runs f outside the JavaScript callback, which must not block.
func promise(f func() error) js.Value {
	var start js.Func
	start = js.FuncOf(func(_ js.Value, args []js.Value) any {
		resolve, reject := args[0], args[1]
		go func() {
			defer start.Release()
			if err := guard(f); err != nil {
				reject.Invoke(js.Global().Get("Error").New(err.Error()))
				return
			}
			resolve.Invoke(true)
		}()
		return nil
	})
	return js.Global().Get("Promise").New(start)
}

// guard turns a panic, such as answering without a call, into an error for the page.
func guard(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.Join(err, fmt.Errorf("bench: %v", r))
		}
	}()
	return f()
}
