package link

// NewHub makes the border of a mind.
func NewHub(opts HubOptions) *Hub {
	if opts.Answer == nil {
		opts.Answer = func(string, []byte) {}
	}
	return &Hub{opts: opts, seats: map[string]*seat{}}
}

// Attach serves a window over a port, until either ends. A window whose port has ended may come back over another one, and goes
// on where it was.
func (h *Hub) Attach(port Port) {
	l := &line{hub: h, port: port}
	port.Receive(l.take)
}

// Gone tells that a window is no more, as its lock says. It need not have been there.
func (h *Hub) Gone(id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if s := h.seats[id]; s != nil {
		s.close()
	}
}

// Trace gives a line to the console of a window, or without ID to those of all.
func (h *Hub) Trace(id, line string) { h.tell(id, append([]byte{trace}, line...)) }

// Fault gives a line about a fault to the consoles of all windows.
func (h *Hub) Fault(line string) { h.tell("", append([]byte{fault}, line...)) }

// Ask gives the media of a window something to do. It tells whether there is a port for that.
func (h *Hub) Ask(id string, message []byte) bool { return h.tell(id, append([]byte{ask}, message...)) }

// End sends all windows away.
func (h *Hub) End(why Reason) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ended = why
	for _, s := range h.seats {
		s.end(why)
	}
}

func (h *Hub) tell(id string, message []byte) (told bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for own, s := range h.seats {
		if (id == "" || id == own) && s.line != nil {
			s.line.port.Send(message)
			told = true
		}
	}
	return told
}
