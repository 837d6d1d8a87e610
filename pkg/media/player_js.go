package media

import (
	"context"
	"fmt"
	"sync"
	"syscall/js"
)

// player plays the remote stream of a session in an audio element.
type player struct {
	owner *browserPlatform

	mu       sync.Mutex // guards all below; never held while waiting
	element  js.Value
	deviceID string
	blocked  bool
	closed   bool
}

// newPlayer puts the element beside the body, where no framework clears up. A speaker that is gone is replaced by the
// default one.
func newPlayer(owner *browserPlatform, speaker string) *player {
	p := &player{owner: owner, element: js.Undefined()}
	document := js.Global().Get("document")
	if !document.Truthy() {
		return p
	}
	p.element = document.Call("createElement", "audio")
	p.element.Set("autoplay", true)
	p.element.Call("setAttribute", "playsinline", "")
	p.element.Call("setAttribute", "aria-hidden", "true")
	document.Get("documentElement").Call("appendChild", p.element)
	players.add(p)
	if speaker != "" {
		go p.setSpeaker(context.Background(), speaker)
	}
	return p
}

func (p *player) speaker() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.deviceID
}

// setSpeaker chooses the output device, where the browser lets one.
func (p *player) setSpeaker(ctx context.Context, id string) error {
	if p.element.Get("setSinkId").Type() != js.TypeFunction {
		return ErrUnsupported
	}
	if _, err := request(ctx, p.element, "setSinkId", id); err != nil {
		if isNamed(err, "NotFoundError") {
			return fmt.Errorf("%w (%w)", ErrNoDevice, err)
		}
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.deviceID = id
	return nil
}

func (p *player) play(stream js.Value) {
	if p.over() {
		return
	}
	p.element.Set("srcObject", stream)
	_ = p.resume(context.Background()) // a block is reported to who watches
}

func (p *player) over() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.closed || !p.element.Truthy()
}

// resume starts playing. It waits in the goroutine of the caller, but the browser's permission counts from the call.
func (p *player) resume(ctx context.Context) error {
	if p.over() || !p.element.Get("srcObject").Truthy() {
		return nil
	}
	promise, err := invoke(p.element, "play")
	if err != nil {
		return err
	}
	if promise.Truthy() {
		_, err = await(ctx, promise, nil)
	}
	switch {
	case err == nil:
		p.setBlocked(false)
	case isNamed(err, "NotAllowedError"):
		p.setBlocked(true)
	case isNamed(err, "AbortError"): // another stream took its place
		return nil
	}
	return err
}

func (p *player) isBlocked() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.blocked
}

func (p *player) setBlocked(blocked bool) {
	p.mu.Lock()
	p.blocked = blocked && !p.closed
	p.mu.Unlock()
	players.report()
}

func (p *player) close() {
	p.mu.Lock()
	p.closed, p.blocked = true, false
	p.mu.Unlock()
	players.remove(p)
	if p.element.Truthy() {
		p.element.Call("pause")
		p.element.Set("srcObject", js.Null())
		p.element.Call("remove")
	}
}

// players are those of all sessions, for WatchPlayback and ResumePlayback.
var players = playerSet{all: map[*player]bool{}, watchers: map[int]func(bool){}}

type playerSet struct {
	mu       sync.Mutex // guards all below
	all      map[*player]bool
	watchers map[int]func(blocked bool)
	count    int  // of watchers ever
	blocked  bool // as last reported
}

// WatchPlayback calls f, in a goroutine of its own, whenever the browser's autoplay rules begin or cease to keep any
// session silent. Show a button that calls ResumePlayback while it is blocked.
func WatchPlayback(f func(blocked bool)) (stop func()) {
	players.mu.Lock()
	defer players.mu.Unlock()
	id := players.count
	players.count++
	players.watchers[id] = f
	if players.blocked {
		go f(true)
	}
	return func() {
		players.mu.Lock()
		defer players.mu.Unlock()
		delete(players.watchers, id)
	}
}

// ResumePlayback lets all sessions be heard. Call it from a click or key press of the user.
func ResumePlayback(ctx context.Context) error {
	var failed error
	for _, p := range players.list() {
		if err := p.resume(ctx); err != nil && failed == nil {
			failed = err
		}
	}
	return failed
}

func (s *playerSet) list() []*player {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []*player
	for p := range s.all {
		list = append(list, p)
	}
	return list
}

func (s *playerSet) add(p *player) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all[p] = true
}

func (s *playerSet) remove(p *player) {
	s.mu.Lock()
	delete(s.all, p)
	s.mu.Unlock()
	s.report()
}

// report tells the watchers when the answer to "is any session blocked" has changed.
func (s *playerSet) report() {
	blocked := false
	for _, p := range s.list() {
		blocked = blocked || p.isBlocked()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if blocked == s.blocked {
		return
	}
	s.blocked = blocked
	for _, f := range s.watchers {
		go f(blocked)
	}
}
