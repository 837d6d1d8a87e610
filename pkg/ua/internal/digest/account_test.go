package digest

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// from makes a challenge of a call by that realm.
func from(realm string) Challenge {
	return Challenge{From: Server, Method: "INVITE",
		Values: []string{`Digest realm="` + realm + `", nonce="n", qop="auth", algorithm=SHA-256`}}
}

func TestWhichRealmsAreOurs(t *testing.T) {
	client := New(Config{Username: "1001", Password: "correct", Domain: "kiosk.example"})
	if err := client.asked(Server, []string{`Digest realm="office", nonce="n"`, `Digest realm="", nonce="n"`}, 0); err != nil {
		t.Fatal(err)
	}
	for realm, want := range map[string]bool{
		"office":             true,  // it has challenged REGISTER
		"Office":             false, // realms are compared as they are
		"office ":            false,
		"":                   false, // REGISTER knows it, but it is everybody's
		"kiosk.example":      true,
		"KIOSK.Example":      true,
		"\u212Aiosk.example": false, // the Kelvin sign folds to k
		"kio\u017Fk.example": false, // the long s folds to s
		" kiosk.example":     false,
		"sip.kiosk.example":  false,
	} {
		if err := client.Challenged(from(realm)); (err == nil) != want || err != nil && !errors.Is(err, ErrRealm) {
			t.Errorf("%q: %v, want ours %v", realm, err, want)
		}
	}
	long := client.Challenged(from(strings.Repeat("x", 5000)))
	if n := len(long.Error()); n > 200 {
		t.Errorf("an error of %d bytes with what a stranger has written", n)
	}
}

func TestRealmsOfOursAreBounded(t *testing.T) {
	client := New(Config{Username: "1001", Password: "correct"})
	for i := range 1000 {
		if err := client.asked(Server, []string{fmt.Sprintf(`Digest realm="r%d", nonce="n"`, i)}, 0); err != nil {
			t.Fatal(err)
		}
	}
	if len(client.names) != maxNames || len(client.realms) != maxRealms {
		t.Errorf("%d names and %d challenges are remembered", len(client.names), len(client.realms))
	}
	for realm, want := range map[string]error{"r999": nil, fmt.Sprint("r", 999-maxNames): ErrRealm} {
		if err := client.Sibling().Challenged(from(realm)); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", realm, err, want)
		}
	}
}

// TestGuestLeavesNothingBehind: what is asked in a dialog that others began stays there.
func TestGuestLeavesNothingBehind(t *testing.T) {
	client := newClient()
	if err := client.asked(Server, []string{md5Offer}, 0); err != nil {
		t.Fatal(err)
	}
	guest := client.Guest()
	if fields, _ := guest.Authorize("BYE", "sip:x", nil); len(fields) != 0 {
		t.Error("credentials of our server in a dialog that was not challenged")
	}
	if err := guest.Challenged(from("example.com")); err != nil {
		t.Fatal(err)
	}
	if err := client.asked(Server, []string{md5Offer}, 0); err != nil {
		t.Errorf("our server, after somebody has offered better in its name: %v", err)
	}
	if got := param(authorize(t, client, register, nil), "nonce"); got != "n1" {
		t.Errorf("nonce %s at our server, which has given n1", got)
	}
	token := New(Config{Token: "abc"})
	if err := token.asked(Server, []string{`Bearer realm="office"`}, 0); err != nil {
		t.Fatal(err)
	}
	if err := token.Guest().Challenged(Challenge{Method: "BYE", Values: []string{`Bearer realm="office"`}}); !errors.Is(err,
		ErrRealm) {
		t.Errorf("a token in a dialog of others: %v, want %v", err, ErrRealm)
	}
	if err := token.Challenged(Challenge{Method: "INVITE",
		Values: []string{`Bearer realm="evil"`, `Bearer realm="office"`}}); err != nil {
		t.Errorf("one of two realms is ours: %v", err)
	}
}

// TestFirstChallengePinsWhereNobodyRegisters: the proxy is the first that is asked.
func TestFirstChallengePinsWhereNobodyRegisters(t *testing.T) {
	client := newClient()
	call := func(offers ...string) error {
		return client.Challenged(Challenge{From: Proxy, Values: offers, Method: "INVITE"})
	}
	if err := call(md5Offer); err != nil {
		t.Fatal(err)
	}
	if err := call(sha512Offer, md5Offer); err != nil {
		t.Fatal(err)
	}
	if err := call(md5Offer); err != nil {
		t.Errorf("our proxy, after somebody behind it has offered better: %v", err)
	}
}

// TestHA1OfOneAlgorithmIsNoDowngrade: who has only the MD5 of the password answers by that, as long as better is offered beside
// it.
func TestHA1OfOneAlgorithmIsNoDowngrade(t *testing.T) {
	client := New(Config{Username: "1001", HA1: map[string]string{"MD5": strings.Repeat("0", 32)}})
	for range 3 {
		if err := client.asked(Server, []string{sha256Offer, md5Offer}, 0); err != nil {
			t.Error(err)
		}
	}
	if err := client.asked(Server, []string{md5Offer}, 0); !errors.Is(err, ErrDowngrade) {
		t.Errorf("MD5 alone: %v, want %v", err, ErrDowngrade)
	}
}
