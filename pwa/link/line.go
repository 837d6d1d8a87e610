package link

// take takes a message, nil when the port has ended.
func (l *line) take(message []byte) {
	l.hub.mu.Lock()
	defer l.hub.mu.Unlock()
	switch {
	case l.over:
	case message == nil:
		l.lost()
	default:
		if why := l.heard(message); why != 0 {
			l.refuse(why)
		}
	}
}

// lost keeps the seat of a window whose port has ended: it may come back, and whether it lives another one knows.
func (l *line) lost() {
	l.over = true
	if l.seat != nil {
		l.seat.line = nil
	}
}

// refuse sends away who does not keep to the rules, with all that it had.
func (l *line) refuse(why Reason) {
	if s := l.seat; s != nil {
		s.end(why)
		return
	}
	l.end(why)
}

// heard does what a message says, and tells why it is to be the last one, 0 for no reason.
func (l *line) heard(message []byte) Reason {
	if len(message) == 0 || tooLarge(message) {
		return Unruly
	}
	c := &coder{data: message[1:]}
	if l.seat == nil {
		return l.greeted(message[0], c)
	}
	switch message[0] {
	case told:
		return l.seat.told(c)
	case got:
		if s := l.seat; c.ended() && s.away > 0 {
			s.away--
			s.flush()
			return 0
		}
	case bye:
		l.seat.close()
		return 0
	case answer:
		l.hub.opts.Answer(l.seat.id, c.data)
		return 0
	}
	return Unruly
}

// told tells the mind an event.
func (s *seat) told(c *coder) Reason {
	size := len(c.data)
	e := c.readEvent()
	if !c.ended() || e.n != s.received+1 || !allowed(e.Event) {
		return Unruly
	}
	s.received = e.n
	s.waiting += size
	switch {
	case s.owes() > mostEvents || s.waiting > mostBytes:
		return Flooded
	case e.hand:
		s.window.Act(e.Event)
	default:
		s.window.Do(e.Event)
	}
	return 0
}

// greeted gives who says hello a seat, or the one it had.
func (l *line) greeted(kind byte, c *coder) Reason {
	g, h := c.readGreeting(), l.hub
	switch {
	case h.ended != 0:
		return h.ended
	case kind != hello || g.schema == "":
		return Unruly
	case g.schema != schema || g.build != h.opts.Build:
		return OtherVersion // what follows may be anything
	case !c.ended() || g.id == "" || len(g.id) > longestID:
		return Unruly
	}
	s := h.seats[g.id]
	switch {
	case s == nil && len(h.seats) == mostSeats:
		return Full
	case s == nil:
		s = &seat{hub: h, id: g.id, before: g.last, received: g.last}
		h.seats[g.id] = s
		s.window = h.opts.Open(s.show)
	default: // what it has sent and we have not received, it sends again
		s.known = true
	}
	s.connect(l)
	return 0
}
