package media

import (
	"context"
	"reflect"
	"sync"
)

// spares keeps one session for the next call: its certificate, connection and player cost more than a call can wait.
var spares spareSession

// spareSession has no microphone and has seen no description, so it gathers nothing and sends nothing.
type spareSession struct {
	dry    sync.Once
	mu     sync.Mutex // guards all below; never held while waiting
	ready  *session   // nil when there is none
	making bool
}

// Warm is Preparer.Warm.
func (browserEngine) Warm(ctx context.Context, cfg Config) {
	if !spares.begin(cfg) {
		return
	}
	s, err := newBrowserSession(ctx, cfg, newMicrophone(cfg.Audio))
	if err != nil {
		s = nil // the call will find out
	} else {
		spares.dry.Do(func() { _ = s.dryRun() }) // a session that cannot is no worse for it
	}
	if old := spares.put(s); old != nil {
		old.Close()
	}
}

// begin reports whether a spare is to be made.
func (s *spareSession) begin(cfg Config) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.making || s.ready != nil && reflect.DeepEqual(s.ready.cfg, cfg) {
		return false
	}
	s.making = true
	return true
}

// put keeps a spare and returns the one it replaces.
func (s *spareSession) put(spare *session) (old *session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, s.ready, s.making = s.ready, spare, false
	return old
}

// take hands out the spare if it is made as cfg wants it, else nil.
func (s *spareSession) take(cfg Config) *session {
	s.mu.Lock()
	defer s.mu.Unlock()
	spare := s.ready
	if spare == nil || !reflect.DeepEqual(spare.cfg, cfg) {
		return nil
	}
	s.ready = nil
	return spare
}
