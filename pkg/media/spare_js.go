package media

import (
	"context"
	"slices"
	"sync"
	"syscall/js"
)

// spares keeps one connection with its certificate for the next session: making them costs more than a call can wait.
var spares spareConnection

// spareConnection has seen no description, so it gathers nothing and sends nothing.
type spareConnection struct {
	mu     sync.Mutex // guards all below; never held while waiting
	cfg    Config
	ready  connectionParts
	filled bool
	making bool
}

type connectionParts struct {
	connection, cert js.Value
}

// Warm is Preparer.Warm.
func (browserEngine) Warm(ctx context.Context, cfg Config) {
	if !js.Global().Get("RTCPeerConnection").Truthy() || !spares.begin(cfg) {
		return
	}
	cert := newCertificate(ctx)
	v, err := construct(cfg, cert)
	spares.fill(cfg, connectionParts{v, cert}, err == nil)
}

// begin reports whether a spare is to be made.
func (s *spareConnection) begin(cfg Config) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.making || s.filled && sameConnection(s.cfg, cfg) {
		return false
	}
	s.making = true
	return true
}

func (s *spareConnection) fill(cfg Config, parts connectionParts, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.making = false
	if !ok {
		return
	}
	s.discard()
	s.cfg, s.ready, s.filled = cfg, parts, true
}

// take hands out the spare if it is made as cfg wants it.
func (s *spareConnection) take(cfg Config) (connectionParts, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.filled || !sameConnection(s.cfg, cfg) {
		return connectionParts{}, false
	}
	s.filled = false
	return s.ready, true
}

// discard closes a spare nobody will want. The caller holds mu.
func (s *spareConnection) discard() {
	if s.filled {
		s.ready.connection.Call("close")
		s.filled = false
	}
}

// sameConnection compares what a connection is made with.
func sameConnection(a, b Config) bool {
	return a.ICETransportPolicy == b.ICETransportPolicy && slices.EqualFunc(a.ICEServers, b.ICEServers, func(x, y ICEServer) bool {
		return x.Username == y.Username && x.Credential == y.Credential && slices.Equal(x.URLs, y.URLs)
	})
}
