//go:build !js

package siptest

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Binding is one Contact registered for a user.
type Binding struct {
	Contact  string // URI
	Instance string // +sip.instance without quotes and angle brackets, "" without outbound
	RegID    string
	Expires  time.Time
	Conn     int  // number of the connection it was registered over
	Alive    bool // that connection is open
}

type binding struct {
	Binding
	display string // the Contact as it came, without expires
	callID  string
	cseq    uint32
	conn    *conn
}

// Bindings are the contacts registered for a user that have not expired, oldest first.
func (s *Server) Bindings(user string) []Binding {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Binding
	for _, b := range s.current(user) {
		copied := b.Binding
		copied.Alive = !b.conn.dead
		list = append(list, copied)
	}
	return list
}

// WaitRegistered waits until a user has a binding over an open connection.
func (s *Server) WaitRegistered(ctx context.Context, user string) error {
	return s.wait(ctx, func() bool { return len(s.reachable(user)) > 0 })
}

// current are the bindings that have not expired.
func (s *Server) current(user string) []*binding {
	now := time.Now()
	s.bindings[user] = slices.DeleteFunc(s.bindings[user], func(b *binding) bool { return !b.Expires.After(now) })
	return s.bindings[user]
}

// reachable are the bindings whose connection is open.
func (s *Server) reachable(user string) (list []*binding) {
	for _, b := range s.current(user) {
		if !b.conn.dead {
			list = append(list, b)
		}
	}
	return list
}

func (s *Server) bindsOver(user string, c *conn) bool {
	return slices.ContainsFunc(s.bindings[user], func(b *binding) bool { return b.conn == c })
}

func (s *Server) dropBindingsOf(c *conn) {
	for user := range s.bindings {
		s.bindings[user] = slices.DeleteFunc(s.bindings[user], func(b *binding) bool { return b.conn == c })
	}
}

// register serves a REGISTER (RFC 3261 section 10.3).
func (s *Server) register(t *serverTxn) {
	user, ok := s.authorized(t)
	if !ok {
		return
	}
	aor, ok := parseURI(parseAddr(t.req.get("To")).uri)
	switch {
	case !ok || !s.isLocal(aor.Host) || !s.known(aor.User):
		t.respond(404, "")
	case aor.User != user:
		t.respond(403, "")
	default:
		s.update(t, user)
	}
}

func (s *Server) update(t *serverTxn, user string) {
	contacts := t.req.all("Contact")
	if slices.Contains(contacts, "*") {
		s.unregisterAll(t, user, contacts)
		return
	}
	var fresh []*binding
	for _, value := range contacts {
		b := s.newBinding(t, value)
		if b == nil {
			return // answered
		}
		fresh = append(fresh, b)
	}
	for _, b := range fresh {
		if old := s.sameBinding(user, b); old != nil && old.callID == b.callID && old.cseq >= b.cseq {
			t.respond(500, "Out Of Order")
			return
		}
	}
	for _, b := range fresh {
		s.bind(user, b)
	}
	s.confirm(t, user)
}

func (s *Server) unregisterAll(t *serverTxn, user string, contacts []string) {
	if expires, ok := t.req.seconds("Expires"); !ok || expires != 0 || len(contacts) != 1 {
		t.respond(400, "Contact: * Needs Expires: 0")
		return
	}
	delete(s.bindings, user)
	s.confirm(t, user)
}

// newBinding reads one Contact. When it is nil, the request was answered.
func (s *Server) newBinding(t *serverTxn, value string) *binding {
	contact := parseAddr(value)
	if _, ok := parseURI(contact.uri); !ok {
		t.respond(400, "Bad Contact")
		return nil
	}
	expires, ok := s.expires(t.req, contact)
	if !ok {
		t.respond(423, "", field{"Min-Expires", strconv.Itoa(int(s.opts.MinExpires / time.Second))})
		return nil
	}
	number, _ := t.req.cseq()
	return &binding{
		Binding: Binding{
			Contact: contact.uri, Instance: strings.Trim(contact.param("+sip.instance"), "<>"), RegID: contact.param("reg-id"),
			Expires: time.Now().Add(expires), Conn: t.conn.id,
		},
		display: withoutExpires(value), callID: t.req.callID(), cseq: number, conn: t.conn,
	}
}

// expires is how long a contact asks to live, bounded; false when that is too brief.
func (s *Server) expires(m *message, contact addr) (time.Duration, bool) {
	d := s.opts.DefaultExpires
	if n, ok := m.seconds("Expires"); ok {
		d = time.Duration(n) * time.Second
	}
	if n, err := strconv.Atoi(contact.param("expires")); err == nil && n >= 0 {
		d = time.Duration(n) * time.Second
	}
	return min(d, s.opts.MaxExpires), d == 0 || d >= s.opts.MinExpires
}

func withoutExpires(value string) string {
	parts := splitOutside(value, ';')
	if !strings.Contains(parts[0], "<") {
		parts[0] = "<" + parts[0] + ">"
	}
	parts = slices.DeleteFunc(parts, func(p string) bool {
		name, _, _ := strings.Cut(p, "=")
		return strings.EqualFold(strings.TrimSpace(name), "expires")
	})
	return strings.Join(parts, ";")
}

// sameBinding is the one that b replaces: with outbound the same instance and reg-id (RFC 5626 section 6), else the
// same URI.
func (s *Server) sameBinding(user string, b *binding) *binding {
	for _, old := range s.current(user) {
		sameFlow := b.Instance != "" && old.Instance == b.Instance && old.RegID == b.RegID
		if sameFlow || uriKey(old.Contact) == uriKey(b.Contact) {
			return old
		}
	}
	return nil
}

func (s *Server) bind(user string, b *binding) {
	old := s.sameBinding(user, b)
	removed := !b.Expires.After(time.Now())
	switch {
	case removed && old == nil:
	case removed:
		s.bindings[user] = slices.DeleteFunc(s.bindings[user], func(x *binding) bool { return x == old })
	case old != nil:
		*old = *b
	default:
		s.bindings[user] = append(s.bindings[user], b)
	}
	if !removed {
		s.contacts[uriKey(b.Contact)] = b.conn
		b.conn.user, b.conn.instance = user, b.Instance
	}
}

// confirm answers with every binding of the user.
func (s *Server) confirm(t *serverTxn, user string) {
	var extra []field
	outbound := false
	for _, b := range s.current(user) {
		left := (time.Until(b.Expires) + time.Second - 1) / time.Second
		value := fmt.Sprintf("%s;expires=%d", b.display, left)
		if gruu := s.gruu(t.req, user, b); gruu != "" {
			value += fmt.Sprintf(`;pub-gruu="%s"`, gruu)
		}
		extra = append(extra, field{"Contact", value})
		outbound = outbound || (b.RegID != "" && b.conn == t.conn)
	}
	if outbound && t.req.hasToken("Supported", "outbound") {
		extra = append(extra, field{"Require", "outbound"})
		if s.opts.FlowTimer > 0 {
			extra = append(extra, field{"Flow-Timer", strconv.Itoa(int(s.opts.FlowTimer / time.Second))})
		}
	}
	if s.opts.ServiceRoute {
		extra = append(extra, field{"Service-Route", s.routeURI()})
	}
	extra = append(extra, field{"Date", time.Now().UTC().Format("Mon, 02 Jan 2006 15:04:05") + " GMT"})
	t.respond(200, "", extra...)
	s.notify()
}

// gruu is the public GRUU of a binding (RFC 5627 section 3.1), "" when the client cannot use one.
func (s *Server) gruu(m *message, user string, b *binding) string {
	if s.opts.NoGRUU || b.Instance == "" || !m.hasToken("Supported", "gruu") {
		return ""
	}
	aor, _ := parseURI(parseAddr(m.get("To")).uri)
	return fmt.Sprintf("sip:%s@%s;gr=%s", user, aor.Host, b.Instance)
}
