package net_test

import (
	"net"
	"testing"

	"pgregory.net/rapid"

	ours "github.com/gowebphone/webphone/pwa/site/build/net"
)

// pieces are what addresses are made of, in and out of place.
var pieces = []string{"[", "]", ":", "::", ".", "%", "1", "0", "10", "256", "192.0.2.1", "127.0.0.1",
	"2001:db8::1", "::1", "::ffff:192.0.2.1", "fe80::1%eth0", "sip.example.com", "5060", "ffff", "g", " ", ""}

// TestAddressesAreWrittenAsByThePackageItReplaces compares with the standard package.
func TestAddressesAreWrittenAsByThePackageItReplaces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var text string
		for _, piece := range rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 6).Draw(t, "pieces") {
			text += piece
		}
		same(t, text)
		same(t, rapid.String().Draw(t, "anything"))
		raw := rapid.SliceOfN(rapid.Byte(), 0, 17).Draw(t, "bytes")
		sameIP(t, "bytes", raw, raw)
	})
}

func TestKnownAddresses(t *testing.T) {
	for _, a := range pieces {
		for _, b := range pieces {
			same(t, a+b)
			same(t, "["+a+"]:"+b)
		}
	}
}

type tester interface{ Errorf(string, ...any) }

func same(t tester, text string) {
	sameIP(t, text, ours.ParseIP(text), net.ParseIP(text))
	host, port, err := ours.SplitHostPort(text)
	host2, port2, err2 := net.SplitHostPort(text)
	if host != host2 || port != port2 || (err == nil) != (err2 == nil) {
		t.Errorf("split %q: %q %q %v, want %q %q %v", text, host, port, err, host2, port2, err2)
	}
	if got, want := ours.JoinHostPort(text, "5060"), net.JoinHostPort(text, "5060"); got != want {
		t.Errorf("join %q: %q, want %q", text, got, want)
	}
}

func sameIP(t tester, what string, got ours.IP, want net.IP) {
	if string(got) != string(want) || (got == nil) != (want == nil) || got.String() != want.String() ||
		string(got.To4()) != string(want.To4()) || got.IsLoopback() != want.IsLoopback() {
		t.Errorf("%q: %v %v %v, want %v %v %v", what, got, got.To4(), got.IsLoopback(), want, want.To4(), want.IsLoopback())
	}
}
