package media

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// candidate is an a=candidate line (RFC 8839 section 5.1) without its extensions.
type candidate struct {
	foundation string
	component  string
	protocol   string // "udp", "tcp"
	priority   string
	address    string // IP address or an mDNS name
	port       int
	typ        string // "host", "srflx", "prflx", "relay"
	related    string // address and port that it was made of: "192.0.2.7 rport 40000"
	tcpType    string // "active", "passive", "so"
}

func (s section) candidates() []candidate {
	var list []candidate
	for _, value := range attributeValues(s.lines, "candidate") {
		if c, ok := parseCandidate(value); ok {
			list = append(list, c)
		}
	}
	return list
}

// parseCandidate reads "foundation component transport priority address port typ type ...".
func parseCandidate(value string) (candidate, bool) {
	f := strings.Fields(value)
	if len(f) < 8 || f[6] != "typ" {
		return candidate{}, false
	}
	port, err := strconv.Atoi(f[5])
	if err != nil {
		return candidate{}, false
	}
	c := candidate{foundation: f[0], component: f[1], protocol: strings.ToLower(f[2]), priority: f[3], address: f[4], port: port,
		typ: strings.ToLower(f[7])}
	for i := 8; i+1 < len(f); i += 2 {
		switch {
		case f[i] == "raddr" && i+3 < len(f) && f[i+2] == "rport":
			c.related = f[i+1] + " rport " + f[i+3]
		case f[i] == "tcptype":
			c.tcpType = strings.ToLower(f[i+1])
		}
	}
	return c, true
}

// usable reports whether a browser can connect to it, or be connected from it: RTP and RTCP share component 1.
func (c candidate) usable() bool {
	_, err := strconv.ParseUint(c.priority, 10, 32)
	return err == nil && c.component == "1" && c.port > 0 && c.port < 1<<16 && reachableName(c.address) &&
		slices.Contains([]string{"host", "srflx", "prflx", "relay"}, c.typ) &&
		(c.protocol == "udp" || c.protocol == "tcp" && slices.Contains([]string{"active", "passive", "so"}, c.tcpType))
}

// reachableName takes IP addresses and the names of multicast DNS behind which browsers hide them.
func reachableName(address string) bool {
	if ip, err := netip.ParseAddr(address); err == nil {
		return ip.Zone() == "" && !ip.IsUnspecified() && !ip.IsMulticast()
	}
	name, local := strings.CutSuffix(strings.ToLower(address), ".local")
	return local && len(name) > 0 && len(name) <= 63 && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// line writes the candidate anew. Firefox wants to know of what all but host candidates were made.
func (c candidate) line() string {
	foundation := strings.Map(func(r rune) rune {
		if strings.ContainsRune(iceAlphabet, r) {
			return r
		}
		return -1
	}, c.foundation)
	line := "a=candidate:" + foundation[:min(len(foundation), 32)] + " 1 " + c.protocol + " " + c.priority + " " + c.address +
		" " +
		strconv.Itoa(c.port) + " typ " + c.typ
	if c.typ != "host" {
		line += " raddr " + c.origin()
	}
	if c.protocol == "tcp" {
		line += " tcptype " + c.tcpType
	}
	return line
}

// origin is the related address, or none.
func (c candidate) origin() string {
	address, port, _ := strings.Cut(c.related, " rport ")
	n, err := strconv.ParseUint(port, 10, 16)
	if ip, bad := netip.ParseAddr(address); err == nil && bad == nil && ip.Zone() == "" {
		return address + " rport " + strconv.FormatUint(n, 10)
	}
	return "0.0.0.0 rport 0"
}

// preference orders candidates by how likely a peer without ICE reaches them.
func (c candidate) preference() int {
	ip, err := netip.ParseAddr(c.address)
	if err != nil || c.protocol != "udp" {
		return 0 // an mDNS name means nothing outside the local network
	}
	n := map[string]int{"relay": 30, "srflx": 20, "host": 10}[c.typ]
	if n > 0 && ip.Is4() {
		n++
	}
	return n
}

// setDefaultAddress puts the best candidate into the m= and c= lines (RFC 8839 section 4.2.1.2); without one they say
// port 9 and the unspecified address, as JSEP has it.
func (s *section) setDefaultAddress() {
	best := candidate{address: "0.0.0.0", port: 9}
	for _, c := range s.candidates() {
		if c.preference() > best.preference() {
			best = c
		}
	}
	family := "IP4"
	if strings.Contains(best.address, ":") {
		family = "IP6"
	}
	s.setFields(best.port, s.formats())
	connection := "c=IN " + family + " " + best.address
	for i, line := range s.lines {
		if strings.HasPrefix(line, "c=") {
			s.lines[i] = connection
			return
		}
	}
	s.lines = append([]string{s.lines[0], connection}, s.lines[1:]...)
}
