package config

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// Server is a SIP server's WebSocket.
type Server struct {
	URL   string // "wss://sip.example.com:8089/ws"
	Label string // what a list shows: the host, and more only where two entries share one
}

// MarshalText writes the URL.
func (s Server) MarshalText() ([]byte, error) { return []byte(s.URL), nil }

const maxServers = 32

// Servers reads a list of servers, separated by comma, apostrophe, white space or new lines. An entry is a host name or
// "wss://host[:port][/path]"; "ws://" is taken for loopback hosts, where browsers allow it. The error names the entry.
func Servers(list string) ([]Server, error) {
	entries, err := splitServers(list)
	var servers []Server
	if err == nil {
		servers, err = serverList(entries)
	}
	if err != nil {
		return nil, find("wsServers").refused(list, err)
	}
	return servers, nil
}

func splitServers(list string) ([]string, error) {
	if len(list) > MaxInput {
		return nil, wrong("", "is too long")
	}
	return strings.FieldsFunc(list, func(r rune) bool { return strings.ContainsRune(",' \t\r\n", r) }), nil
}

func serverList(entries []string) ([]Server, error) {
	var servers []Server
	for _, entry := range entries {
		url, label, err := parseServer(strings.TrimSpace(entry))
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(servers, func(s Server) bool { return s.URL == url }) {
			servers = append(servers, Server{URL: url, Label: label})
		}
	}
	if len(servers) > maxServers {
		return nil, wrong("", "has more than 32 servers")
	}
	return distinct(servers), nil
}

// distinct gives servers on one host labels that tell them apart.
func distinct(servers []Server) []Server {
	count := map[string]int{}
	for _, s := range servers {
		count[s.Label]++
	}
	for i, s := range servers {
		if count[s.Label] > 1 {
			_, servers[i].Label, _ = strings.Cut(s.URL, "://")
		}
	}
	return servers
}

func parseServer(entry string) (url, label string, err error) {
	scheme, rest, found := strings.Cut(entry, "://")
	if !found {
		scheme, rest = "wss", entry
	}
	scheme = strings.ToLower(scheme)
	if scheme != "wss" && scheme != "ws" {
		return "", "", wrong(entry, "must be a host name or begin with wss://")
	}
	authority, path := rest, ""
	if i := strings.IndexByte(rest, '/'); i >= 0 {
		authority, path = rest[:i], rest[i:]
	}
	host, port, err := parseHostPort(entry, authority)
	if err != nil {
		return "", "", err
	}
	if err := checkPath(entry, path); err != nil {
		return "", "", err
	}
	if scheme == "ws" && !loopback(host) {
		return "", "", wrong(entry, "is not encrypted; ws:// is for this machine only, use wss://")
	}
	if path == "/" {
		path = ""
	}
	if port == "443" && scheme == "wss" || port == "80" && scheme == "ws" {
		port = ""
	}
	if port != "" {
		port = ":" + port
	}
	return scheme + "://" + host + port + path, host, nil
}

// checkPath takes what a path may hold unescaped (RFC 3986 section 3.3): no query, no fragment, nothing that needs quotes.
func checkPath(entry, path string) error {
	for _, r := range path {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune("/-._~%!$&()*+=:@", r):
		case r == '?' || r == '#':
			return wrong(entry, "must end with the path: no query, no fragment")
		default:
			return wrong(entry, "has a character in its path that a URL cannot hold")
		}
	}
	return nil
}

// parseHostPort reads "host", "host:port", "[v6]" and "[v6]:port"; the host comes back in lower case. entry is what an
// error names.
func parseHostPort(entry, s string) (host, port string, err error) {
	if strings.ContainsRune(s, '@') {
		return "", "", wrong(entry, "must not hold a user name or password")
	}
	host = s
	if strings.HasPrefix(s, "[") {
		end := strings.IndexByte(s, ']')
		if end < 0 {
			return "", "", wrong(entry, "lacks the closing bracket of an IPv6 address")
		}
		host, port = s[:end+1], s[end+1:]
	} else if i := strings.IndexByte(s, ':'); i >= 0 {
		host, port = s[:i], s[i:]
	}
	if port != "" {
		n, err := strconv.ParseUint(strings.TrimPrefix(port, ":"), 10, 16)
		if err != nil || n == 0 || port[0] != ':' || port[1] < '0' || port[1] > '9' {
			return "", "", wrong(entry, "has no valid port; a port is a number from 1 to 65535")
		}
		port = strconv.FormatUint(n, 10)
	}
	host = strings.ToLower(host)
	return host, port, checkHost(entry, host)
}

// checkHost takes an IP address or a DNS name (RFC 1123 section 2.1, and "_", which private names use).
func checkHost(entry, host string) error {
	if inner, ok := strings.CutPrefix(host, "["); ok {
		if a, err := netip.ParseAddr(strings.TrimSuffix(inner, "]")); err != nil || !a.Is6() || a.Zone() != "" {
			return wrong(entry, "has no valid IPv6 address")
		}
		return nil
	}
	if host == "" {
		return wrong(entry, "has no host name")
	}
	labels := strings.Split(strings.TrimSuffix(host, "."), ".")
	for _, label := range labels {
		if !validLabel(label) {
			return wrong(entry, badHost(host))
		}
	}
	last := labels[len(labels)-1]
	if _, err := netip.ParseAddr(host); err != nil && last[0] >= '0' && last[0] <= '9' {
		return wrong(entry, "has no valid host name: the last part begins with a digit and it is no IP address")
	}
	if len(host) > 253 {
		return wrong(entry, "has a host name longer than 253 characters")
	}
	return nil
}

func badHost(host string) string {
	for _, r := range host {
		if r > 0x7e {
			return "has a host name that is not ASCII; write an international name in its xn-- form"
		}
	}
	return "has no valid host name: letters, digits, hyphens and dots make one"
}

func validLabel(label string) bool {
	if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
		return false
	}
	for _, r := range label {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '_' {
			return false
		}
	}
	return true
}

// loopback reports whether a host names this machine, for which a browser grants what it grants to https.
func loopback(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	a, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && a.IsLoopback()
}
