package media

import (
	"net/netip"
	"strconv"
	"strings"
)

// candidate is what matters here of an a=candidate line (RFC 8839 section 5.1).
type candidate struct {
	protocol string // "udp", "tcp"
	address  string // IP address or an mDNS name
	port     int
	typ      string // "host", "srflx", "prflx", "relay"
}

func (s section) candidates() []candidate {
	var list []candidate
	for _, line := range s.lines {
		if name, value := splitAttribute(line); name == "candidate" {
			if c, ok := parseCandidate(value); ok {
				list = append(list, c)
			}
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
	return candidate{protocol: strings.ToLower(f[2]), address: f[4], port: port, typ: f[7]}, true
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
