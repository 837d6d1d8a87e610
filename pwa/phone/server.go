package phone

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/screen"
)

// host is the host of a server without its port, as it stands in a URI.
func host(s screen.Server) string {
	u, err := url.Parse(s.URL)
	if err != nil {
		return ""
	}
	if name := u.Hostname(); !strings.Contains(name, ":") {
		return name
	}
	return "[" + u.Hostname() + "]"
}

// oneServer reads what a user typed as the server.
func oneServer(text string) (screen.Server, bool) {
	servers, err := config.Servers(text)
	if err != nil || len(servers) != 1 {
		return screen.Server{}, false
	}
	return screen.Server(servers[0]), true
}

// serversOf are the servers of a configuration as the card shows them.
func serversOf(list []config.Server) []screen.Server {
	var servers []screen.Server
	for _, s := range list {
		servers = append(servers, screen.Server(s))
	}
	return servers
}

// urlsOf lists what a user agent connects to, in order: the chosen server, then those that may know the same user.
func urlsOf(f screen.LoginForm, chosen screen.Server) []string {
	list := []string{chosen.URL}
	for _, s := range f.Servers {
		if s.URL != chosen.URL && (f.FailOver || isDomain(f.Realm) || host(s) == host(chosen)) {
			list = append(list, s.URL)
		}
	}
	return list
}

// address makes an address of record of what a user typed as the name, "1001" or "1001@example.com".
func address(user, domain string) (aor string, ok bool) {
	user = strings.TrimSpace(user)
	for _, scheme := range []string{"sip:", "sips:"} {
		if len(user) > len(scheme) && strings.EqualFold(user[:len(scheme)], scheme) {
			user = user[len(scheme):]
		}
	}
	if at := strings.LastIndexByte(user, '@'); at >= 0 {
		user, domain = user[:at], user[at+1:]
	}
	if user == "" || domain == "" || strings.ContainsFunc(domain,
		func(r rune) bool { return !hostRune(r) && r != '[' && r != ']' }) {
		return "", false
	}
	return "sip:" + escapeUser(user) + "@" + domain, true
}

// escapeUser writes the user part of a SIP URI (RFC 3261 section 25.1: unreserved and user-unreserved stay).
func escapeUser(user string) string {
	var b strings.Builder
	for i := range len(user) {
		c := user[i]
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' ||
			strings.IndexByte("-_.!~*'()&=+$,;?/", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// isDomain tells whether a realm is a domain, which accounts can belong to, and not just the name of a server.
func isDomain(realm string) bool {
	return strings.Contains(realm, ".") && !strings.ContainsFunc(realm, func(r rune) bool { return !hostRune(r) })
}

func hostRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-._:", r)
}
