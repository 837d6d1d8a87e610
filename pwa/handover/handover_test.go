package handover

import (
	"strings"
	"testing"

	"github.com/gowebphone/webphone/pkg/ua"
)

const home = "sip.example.com"

// premium is what a transfer must not call unasked.
var premium = ua.Address{DisplayName: "Your bank", User: "09005550123", Host: home}

// TestInside: what may be followed unasked costs nothing, whoever chooses it.
func TestInside(t *testing.T) {
	for _, a := range []ua.Address{{User: "1003", Host: home}, {User: "10", Host: "SIP.Example.com"},
		{URI: "sip:1003@" + home + ";user=phone", User: "1003", Host: home}, {URI: "sips:1003@" + home, User: "1003", Host: home},
		{User: "anna.b", Host: home}, {User: "desk-2", Host: home}} {
		if !Inside(a, home) {
			t.Errorf("%+v is outside", a)
		}
	}
	for _, a := range []ua.Address{{}, {Host: home}, {User: "1003", Host: "example.net"},
		{User: "1003", Host: "sip.example.com.evil.net"}, premium,
		{User: "+49900555", Host: home}, {User: "0900", Host: home}, {User: "1900555", Host: home}, {User: "112", Host: home},
		{User: "911", Host: home},
		{User: "*21*0900#", Host: home}, {User: "9,0900555", Host: home}, {User: "1003;phone-context=+1", Host: home},
		{User: "x@y", Host: home},
		{User: "\u0660\u0669\u0660\u0660", Host: home}, {User: "1 003", Host: home}, {User: "1003"},
		{URI: "tel:1003", User: "1003"}, {URI: "sip:555;phone-context=+1900@" + home, User: "555", Host: home},
		{URI: "sip:%2B1003@" + home, User: "1003", Host: home}} {
		if Inside(a, home) {
			t.Errorf("%+v is inside", a)
		}
	}
}

// TestServicesAreNotInside: what a network offers under a short number costs, or calls for help.
func TestServicesAreNotInside(t *testing.T) {
	for _, help := range []string{"000", "108", "110", "112", "113", "118", "119", "122", "911", "988", "999"} {
		for _, prefix := range []string{"", "9", "0", "8", "90", "19"} {
			if user := prefix + help; Inside(ua.Address{User: user, Host: home}, home) {
				t.Errorf("%s is inside", user)
			}
		}
	}
	for _, user := range []string{"118118", "11880", "11833", "116117", "115", "11", "101", "193", "998"} {
		if Inside(ua.Address{User: user, Host: home}, home) {
			t.Errorf("%s is inside", user)
		}
	}
	for _, user := range []string{"10", "20", "200", "311", "1003", "2001", "4110567", "911000", "91101"} {
		if got := Inside(ua.Address{User: user, Host: home}, home); got != (len(user) <= longestExtension) {
			t.Errorf("%s is inside: %v", user, got)
		}
	}
}

// TestTo: all that decides who is called is read, and what cannot be read whole is not asked about.
func TestTo(t *testing.T) {
	long := strings.Repeat("a", 200)
	for want, a := range map[string]ua.Address{"1003": {User: "1003", Host: home},
		"1003@example.net": {User: "1003", Host: "example.net"},
		"example.net":      {Host: "example.net"}, home: {URI: "sip:" + home, Host: home},
		"555 (+1900)":                 {URI: "sip:555;phone-context=+1900@" + home, User: "555", Host: home},
		"557":                         {URI: "tel:557;phone-context=" + home, User: "557"},
		"+49305550101":                {URI: "tel:+49305550101", User: "+49305550101"},
		"556;Phone-Context=+49;ext=1": {URI: "tel:556;Phone-Context=+49;ext=1", User: "556"},
		"1003;rn=+499005550123":       {URI: "sip:1003;rn=+499005550123@" + home, User: "1003", Host: home},
		"1004": {URI: "sip:1004@" + home + ":5060;transport=tcp;user=phone", User: "1004",
			Host: home},
		"1004@" + home + ":5080":            {URI: "sip:1004@" + home + ":5080", User: "1004", Host: home},
		"1004@" + home + ";maddr=192.0.2.7": {URI: "sip:1004@" + home + ";maddr=192.0.2.7;lr", User: "1004", Host: home},
		"0900@" + home + "@example.net": {URI: "sip:0900%40" + home + "@example.net", User: "0900@" + home,
			Host: "example.net"},
		"1005:secret@[2001:db8::1]:5060": {URI: "sip:1005:secret@[2001:db8::1]:5060", User: "1005", Host: "2001:db8::1"},
	} {
		if got, whole := To(a, home); got != want || !whole {
			t.Errorf("%+v is shown as %q (%v), want %q", a, got, whole, want)
		}
	}
	for _, a := range []ua.Address{{}, {User: "09\u202e00", Host: home}, {User: "1  003", Host: home}, {User: long, Host: home},
		{User: "1003", Host: long},
		{URI: "sip:1003%20%20@" + home, User: "1003", Host: home},
		{URI: "sip:1003;postd=" + long + "@" + home, User: "1003", Host: home}} {
		if got, whole := To(a, home); whole {
			t.Errorf("%+v is asked about as %q", a, got)
		}
	}
}
