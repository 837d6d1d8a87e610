//go:build !js

package siptest

import (
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"
)

// receiveRequest takes a request from a client. Called with mu held, as everything below.
func (s *Server) receiveRequest(c *conn, m *message) {
	m.stampVia(c)
	known := s.txns[txnKey(m)]
	switch {
	case m.method == "ACK" && known != nil && known.last != nil && known.last.code >= 300:
		known.acknowledged()
	case m.method == "ACK":
		s.routeACK(c, m)
	case m.method == "CANCEL":
		s.cancel(s.newServerTxn(c, m), known)
	case known != nil:
		if known.last != nil {
			s.send(c, known.last)
		}
	default:
		s.learn(c, m)
		s.serve(s.newServerTxn(c, m))
	}
}

// stampVia notes where the request came from in its topmost Via (RFC 3261 section 18.2.1, RFC 3581).
func (m *message) stampVia(c *conn) {
	parts := splitOutside(m.get("Via"), ';')
	for i, p := range parts {
		if strings.EqualFold(p, "rport") {
			parts[i] = "rport=" + c.port
		}
	}
	m.set("Via", strings.Join(append(parts, "received="+c.host), ";"))
}

// serve decides what becomes of a new request (RFC 3261 section 16.3).
func (s *Server) serve(t *serverTxn) {
	m := t.req
	if r, ok := s.takeRejection(m.method); ok {
		t.respond(r.code, "", r.extra...)
		return
	}
	if code, extra := s.refusal(m); code != 0 {
		t.respond(code, "", extra...)
		return
	}
	switch {
	case m.method == "REGISTER":
		s.register(t)
	case m.toTag() != "":
		s.routeInDialog(t)
	default:
		s.routeOutOfDialog(t)
	}
}

// refusal is the code of the checks that every request must pass, 0 when it does.
func (s *Server) refusal(m *message) (code int, extra []field) {
	hops, limited := m.seconds("Max-Forwards")
	interval, timed := m.seconds("Session-Expires")
	minSE := int(s.opts.MinSE / time.Second)
	_, validURI := parseURI(m.uri)
	switch {
	case m.version != "SIP/2.0":
		return 505, nil
	case !validURI:
		return 416, nil
	case limited && hops == 0:
		return 483, nil
	case m.get("Proxy-Require") != "":
		return 420, []field{{"Unsupported", m.get("Proxy-Require")}}
	case timed && interval < minSE && (m.method == "INVITE" || m.method == "UPDATE"):
		return 422, []field{{"Min-SE", strconv.Itoa(minSE)}}
	}
	return 0, nil
}

// learn notes over which connection a Contact can be reached.
func (s *Server) learn(c *conn, m *message) {
	for _, value := range m.all("Contact") {
		contact := parseAddr(value).uri
		if uri, ok := parseURI(contact); ok && m.code < 300 && m.method != "REGISTER" && !uri.UriParams.Has("gr") {
			s.contacts[uriKey(contact)] = c
		}
	}
}

// maxContacts is when the Contacts of connections that ended long ago are forgotten.
const maxContacts = 5000

// sweepContacts keeps those that a client which comes back may still be called at.
func (s *Server) sweepContacts() {
	if len(s.contacts) < maxContacts {
		return
	}
	for key, c := range s.contacts {
		if c.dead && time.Since(c.died) > s.opts.MaxExpires {
			delete(s.contacts, key)
		}
	}
}

// isLocal says whether a host name is one of the server's own.
func (s *Server) isLocal(host string) bool {
	if s.opts.AnyDomain {
		return !strings.HasSuffix(strings.ToLower(host), ".invalid")
	}
	if strings.EqualFold(host, s.opts.Domain) {
		return true
	}
	if s.Listener == nil {
		return false
	}
	own, _, _ := net.SplitHostPort(s.Listener.Addr().String())
	return host == own || host == "localhost"
}

// isSelf says whether a Route names this server.
func (s *Server) isSelf(route string) bool {
	uri, ok := parseURI(parseAddr(route).uri)
	return ok && s.contacts[uriKey(parseAddr(route).uri)] == nil && s.isLocal(uri.Host)
}

// routeURI is what the server writes into Record-Route and Service-Route.
func (s *Server) routeURI() string { return fmt.Sprintf("<sip:%s;transport=ws;lr>", s.opts.Domain) }

// popRoute removes the topmost Route when it names this server, and says whether it did.
func (s *Server) popRoute(m *message) bool {
	route := m.get("Route")
	if route == "" || !s.isSelf(route) {
		return false
	}
	m.removeFirst("Route")
	return true
}

func (s *Server) known(user string) bool {
	_, ok := s.opts.Users[user]
	return ok
}

// routeOutOfDialog forwards what starts a dialog or stands alone.
func (s *Server) routeOutOfDialog(t *serverTxn) {
	m := t.req
	s.popRoute(m)
	if _, ok := s.authorized(t); !ok {
		return
	}
	m.remove("Proxy-Authorization") // meant for this server only (RFC 3261 section 22.3)
	uri, _ := parseURI(m.uri)
	switch {
	case uri.User == "" && s.isLocal(uri.Host):
		s.serveSelf(t)
	case uri.UriParams.Has("gr") && s.isLocal(uri.Host):
		gr, _ := uri.UriParams.Get("gr")
		s.forwardTo(t, s.byInstance(uri.User, gr))
	case s.contacts[uriKey(m.uri)] != nil:
		s.forwardTo(t, s.byContact(m.uri))
	case !s.isLocal(uri.Host):
		t.respond(404, "")
	case s.isNumber(uri.User):
		s.serveNumber(t, uri.User)
	case !s.known(uri.User):
		t.respond(404, "")
	default:
		s.forwardTo(t, s.byUser(uri.User))
	}
}

// serveSelf answers what is sent to the server and to nobody behind it.
func (s *Server) serveSelf(t *serverTxn) {
	if t.req.method != "OPTIONS" {
		t.respond(405, "", field{"Allow", "OPTIONS, REGISTER"})
		return
	}
	t.respond(200, "", field{"Allow", "OPTIONS, REGISTER"}, field{"Supported", "path, outbound, gruu"})
}

// routeInDialog forwards a request with a To tag along the route that was recorded (RFC 3261 section 16.12).
func (s *Server) routeInDialog(t *serverTxn) {
	m := t.req
	if !s.popRoute(m) && !s.opts.NoRecordRoute && m.get("Route") == "" {
		t.respond(404, "Route Set Missing")
		return
	}
	if call := s.callOf(m); call != nil {
		call.serve(t)
		return
	}
	if uri, _ := parseURI(m.uri); uri.Host == numbersHost+s.Domain {
		t.respond(481, "")
		return
	}
	target := m.uri
	if next := m.get("Route"); next != "" {
		target = parseAddr(next).uri
	}
	s.forwardTo(t, s.inDialogTarget(m, target))
}

func (s *Server) inDialogTarget(m *message, uri string) []target {
	parsed, _ := parseURI(uri)
	if gr, ok := parsed.UriParams.Get("gr"); ok && s.isLocal(parsed.Host) {
		return s.byInstance(parsed.User, gr)
	}
	targets := s.byContact(uri)
	for i := range targets {
		targets[i].uri = m.uri
	}
	return targets
}

// routeACK forwards the ACK of a 2xx, which no transaction knows.
func (s *Server) routeACK(c *conn, m *message) {
	s.popRoute(m)
	if call := s.callOf(m); call != nil {
		call.acknowledge(m)
		return
	}
	target := m.uri
	if next := m.get("Route"); next != "" {
		target = parseAddr(next).uri
	}
	for _, to := range s.inDialogTarget(m, target) {
		s.send(to.conn, s.forwarded(m, to, newBranch()))
	}
}

// target is one place a request is forwarded to.
type target struct {
	conn *conn
	uri  string // Request-URI there
}

func (s *Server) byUser(user string) (targets []target) {
	for _, b := range s.reachable(user) {
		targets = append(targets, target{b.conn, b.Contact})
	}
	return targets
}

func (s *Server) byInstance(user, instance string) []target {
	for _, b := range s.reachable(user) {
		if instance != "" && b.Instance == instance {
			return []target{{b.conn, b.Contact}}
		}
	}
	return nil
}

// byContact finds the connection behind a Contact. When that has ended, the same instance may have come back over
// another one and registered there.
func (s *Server) byContact(uri string) []target {
	c := s.contacts[uriKey(uri)]
	if c == nil {
		return nil
	}
	if !c.dead {
		return []target{{c, uri}}
	}
	for _, to := range s.byInstance(c.user, c.instance) {
		return []target{{to.conn, uri}}
	}
	return nil
}

// forwarded is the copy of a request that goes to a target (RFC 3261 section 16.6).
func (s *Server) forwarded(m *message, to target, branch string) *message {
	out := m.clone()
	out.uri = to.uri
	hops, ok := m.seconds("Max-Forwards")
	if !ok {
		hops = 71
	}
	out.set("Max-Forwards", strconv.Itoa(hops-1))
	if !s.opts.NoRecordRoute && m.toTag() == "" && m.method != "ACK" && formsDialog(m.method) {
		out.prepend("Record-Route", s.routeURI())
	}
	out.prepend("Via", s.via(branch))
	return out
}

func formsDialog(method string) bool {
	return method == "INVITE" || method == "SUBSCRIBE" || method == "REFER"
}

func (s *Server) via(branch string) string {
	return fmt.Sprintf("SIP/2.0/WS %s;branch=%s", s.opts.Domain, branch)
}

// forwardTo forwards a request to every target at once.
func (s *Server) forwardTo(t *serverTxn, targets []target) {
	if len(targets) == 0 {
		t.respond(480, "")
		return
	}
	if t.req.method == "INVITE" {
		t.respond(100, "")
	}
	s.startFork(t, targets)
}

// cancel answers a CANCEL and passes it on (RFC 3261 section 16.10).
func (s *Server) cancel(t, invite *serverTxn) {
	if invite == nil || invite.req.method != "INVITE" {
		t.respond(481, "")
		return
	}
	t.toTag = invite.toTag
	t.respond(200, "")
	switch {
	case invite.final:
	case invite.fork != nil:
		invite.fork.cancel(t.req.get("Reason"))
	case invite.call != nil:
		invite.call.canceled()
	}
}
