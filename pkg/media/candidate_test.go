package media

import (
	"slices"
	"strings"
	"testing"
)

// TestCandidatesOfTheGrammar (RFC 8839 section 5.1) and beside it.
func TestCandidatesOfTheGrammar(t *testing.T) {
	const head = "1 1 UDP 2130706431 192.0.2.7 4000 typ "
	for _, c := range []struct{ text, related, tcpType string }{
		{head + "host", "", ""}, {head + "host raddr", "", ""}, {head + "host raddr 10.0.0.1", "", ""},
		{head + "host raddr 10.0.0.1 rport", "", ""}, {head + "srflx raddr 10.0.0.1 rport 5", "10.0.0.1 rport 5", ""},
		{head + "srflx raddr 10.0.0.1 port 5", "", ""}, {head + "srflx addr 10.0.0.1 rport 5", "", ""},
		{head + "srflx generation 0 raddr 10.0.0.1 rport 5", "10.0.0.1 rport 5", ""}, {head + "host tcptype", "", ""},
		{head + "host tcptype ACTIVE", "", "active"}, {head + "host raddr 10.0.0.1 rport 5 tcptype so", "10.0.0.1 rport 5", "so"},
		{head + "host x tcptype so", "", ""}, {head + "host x y tcptype so", "", "so"},
	} {
		got, ok := parseCandidate(c.text)
		if !ok || got.related != c.related || got.tcpType != c.tcpType || got.protocol != "udp" || got.port != 4000 {
			t.Errorf("%q: %+v, %v, want related %q, tcptype %q", c.text, got, ok, c.related, c.tcpType)
		}
	}
	for _, text := range []string{"", "1 1 udp 1 192.0.2.7 4000 typ", "1 1 udp 1 192.0.2.7 4000 host typ",
		"1 1 udp 1 192.0.2.7 x typ host"} {
		if got, ok := parseCandidate(text); ok || got != (candidate{}) {
			t.Errorf("%q is read as %+v", text, got)
		}
	}
	for address, want := range map[string]bool{
		"192.0.2.7": true, "2001:db8::1": true, "127.0.0.1": true, "0.0.0.0": false, "::": false, "224.0.0.1": false,
		"ff02::1":   false,
		"fe80::1%1": false, "h.example": false, "a.local": true, "A-9.LOCAL": true, ".local": false, "local": false,
		"a.b.local": false,
		"a_b.local": false, "a b.local": false, strings.Repeat("a", 63) + ".local": true, strings.Repeat("a",
			64) + ".local": false,
		"a.local.": false, "a.localx": false, "": false, "\u00e4.local": false, "a": false,
	} {
		if got := reachableName(address); got != want {
			t.Errorf("%q: %v, want %v", address, got, want)
		}
	}
	for _, tcp := range []string{"active", "passive", "so"} {
		c, _ := parseCandidate("1 1 tcp 1 192.0.2.7 9 typ host tcptype " + tcp)
		if !c.usable() {
			t.Errorf("TCP %s cannot be used", tcp)
		}
		if c.protocol = "sctp"; c.usable() {
			t.Errorf("SCTP %s can be used", tcp)
		}
	}
	for related, want := range map[string]string{"10.0.0.1 rport 5": "10.0.0.1 rport 5", "::1 rport 65535": "::1 rport 65535",
		"10.0.0.1 rport 65536": "0.0.0.0 rport 0", "10.0.0.1 rport 05": "10.0.0.1 rport 5", "h rport 5": "0.0.0.0 rport 0",
		"":                  "0.0.0.0 rport 0",
		"fe80::1%x rport 5": "0.0.0.0 rport 0", "10.0.0.1": "0.0.0.0 rport 0", "10.0.0.1 rport -1": "0.0.0.0 rport 0"} {
		if got := (candidate{related: related}).origin(); got != want {
			t.Errorf("%q is written as %q, want %q", related, got, want)
		}
	}
}

// TestWhichCandidateGoesFirst: a peer without ICE sends where the m= and c= lines say.
func TestWhichCandidateGoesFirst(t *testing.T) {
	order := []candidate{{address: "x.local", protocol: "udp", typ: "relay"},
		{address: "2001:db8::1", protocol: "udp", typ: "host"},
		{address: "192.0.2.1", protocol: "udp", typ: "host"}, {address: "2001:db8::1", protocol: "udp", typ: "srflx"},
		{address: "192.0.2.1", protocol: "udp", typ: "srflx"}, {address: "2001:db8::1", protocol: "udp", typ: "relay"},
		{address: "192.0.2.1", protocol: "udp", typ: "relay"}}
	if !slices.IsSortedFunc(order, func(a, b candidate) int { return a.preference() - b.preference() }) {
		t.Error("relays first, then reflexive ones, then hosts; IPv4 before IPv6 of its kind")
	}
	for i, c := range order {
		if i > 0 && c.preference() <= order[i-1].preference() {
			t.Errorf("%+v is no better than %+v", c, order[i-1])
		}
	}
	for _, c := range []candidate{order[0], {address: "192.0.2.1", protocol: "tcp", typ: "relay"},
		{address: "192.0.2.1", protocol: "udp", typ: "prflx"}} {
		if c.preference() != 0 {
			t.Errorf("%+v leads nowhere", c)
		}
	}
	s := section{lines: []string{"m=audio 9 P 0 8", "i=x", "c=IN IP4 0.0.0.0", "a=candidate:1 1 udp 1 192.0.2.1 5000 typ host",
		"c=IN IP4 1.2.3.4"}}
	s.setDefaultAddress()
	want := []string{"m=audio 5000 P 0 8", "i=x", "c=IN IP4 192.0.2.1", "a=candidate:1 1 udp 1 192.0.2.1 5000 typ host",
		"c=IN IP4 1.2.3.4"}
	if !slices.Equal(s.lines, want) {
		t.Errorf("got %q, want %q", s.lines, want)
	}
}
