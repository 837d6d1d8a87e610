//go:build !js

package siptest

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"
)

// Server is a SIP registrar and proxy with a few numbers of its own. Make one with NewServer or New.
// Its methods may be called from any goroutine.
type Server struct {
	URL      string       // "ws://127.0.0.1:port/ws" once it listens; empty with New
	Domain   string       // its SIP domain
	Listener net.Listener // what Start serves; may be replaced before

	opts Options
	http *http.Server
	ctx  context.Context // ends at Close
	stop context.CancelFunc
	wg   sync.WaitGroup // every goroutine the server started
	log  messageLog

	mu       sync.Mutex // guards what follows, and the state of every transaction, binding and call
	closed   bool
	nextID   int
	conns    map[int]*conn
	bindings map[string][]*binding // by user
	contacts map[string]*conn      // where a Contact was last seen, by uriKey
	txns     map[string]*serverTxn
	branches map[string]*branch
	nonces   map[string]*nonce
	calls    map[string]*peerCall // by Call-ID and our tag
	records  []*peerCall
	dtmf     []DTMF
	faults   faults
	changed  chan struct{} // closed and replaced when bindings, calls or DTMF change
}

// NewServer starts a server on a free port of 127.0.0.1. It takes at most one Options and panics when it cannot
// listen. The caller ends it with Close.
func NewServer(opts ...Options) *Server {
	s := NewUnstartedServer(opts...)
	s.Start()
	return s
}

// NewUnstartedServer is NewServer without Start, so that faults can be set or Listener be replaced first.
func NewUnstartedServer(opts ...Options) *Server {
	var o Options
	if len(opts) > 0 {
		o = opts[0]
	}
	s := New(o)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic("siptest: cannot listen: " + err.Error())
	}
	s.Listener = listener
	return s
}

// New makes a server that does not listen: its ServeHTTP takes the WebSockets of a web server of your own.
func New(opts Options) *Server {
	opts = opts.withDefaults()
	s := &Server{
		Domain:   opts.Domain,
		opts:     opts,
		conns:    map[int]*conn{},
		bindings: map[string][]*binding{},
		contacts: map[string]*conn{},
		txns:     map[string]*serverTxn{},
		branches: map[string]*branch{},
		nonces:   map[string]*nonce{},
		calls:    map[string]*peerCall{},
		changed:  make(chan struct{}),
	}
	s.log.changed = make(chan struct{})
	s.ctx, s.stop = context.WithCancel(context.Background())
	return s
}

// Start begins to serve Listener and sets URL.
func (s *Server) Start() {
	if s.URL != "" {
		panic("siptest: Start called twice")
	}
	s.URL = "ws://" + s.Listener.Addr().String() + "/ws"
	mux := http.NewServeMux()
	mux.Handle("/ws", s)
	s.http = &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	s.wg.Go(func() {
		if err := s.http.Serve(s.Listener); !errors.Is(err, http.ErrServerClosed) {
			s.stop()
		}
	})
}

// closeTime is how long clients have to answer the close frame.
const closeTime = 500 * time.Millisecond

// Close ends every call and connection, frees the port and waits for the server's goroutines.
func (s *Server) Close() {
	if s.http != nil {
		s.http.Close()
	} else if s.Listener != nil {
		s.Listener.Close()
	}
	s.mu.Lock()
	s.closed = true
	for _, c := range s.conns {
		c.mc.Close(1001, "server closed")
	}
	for _, call := range s.calls {
		call.end()
	}
	s.mu.Unlock()
	ctx, cancel := context.WithTimeout(s.ctx, closeTime)
	defer cancel()
	s.wait(ctx, func() bool { return len(s.conns) == 0 })
	s.stop()
	s.wg.Wait()
}

// Password is the password of a user, "" when there is no such user.
func (s *Server) Password(user string) string { return s.opts.Users[user] }

// after runs f under the server's lock, unless the server was closed before.
func (s *Server) after(d time.Duration, f func()) *time.Timer {
	return time.AfterFunc(d, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if !s.closed {
			f()
		}
	})
}

// lifetime is how long a transaction may stay unanswered: timers B, F, H and L of RFC 3261 and RFC 6026.
func (s *Server) lifetime() time.Duration { return 64 * s.opts.T1 }

// notify wakes those who wait for bindings, calls or DTMF. Called with mu held.
func (s *Server) notify() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// wait blocks until ok, called with mu held, says true.
func (s *Server) wait(ctx context.Context, ok func() bool) error {
	for {
		s.mu.Lock()
		done, changed := ok(), s.changed
		s.mu.Unlock()
		if done {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		case <-s.ctx.Done():
			return errClosed
		}
	}
}

var errClosed = errors.New("siptest: server closed")
