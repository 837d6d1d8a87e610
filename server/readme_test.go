package main

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gowebphone/webphone/pwa/site"
)

// section is a part of README.md, from its heading to the next one.
func section(t *testing.T, heading string) string {
	t.Helper()
	content, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(content), "\n## "+heading+"\n")
	if !found {
		t.Fatalf("README.md has no section %q", heading)
	}
	text, _, _ := strings.Cut(rest, "\n## ")
	return text
}

var (
	parameter = regexp.MustCompile(`modparam\("[^"]+", "[^"]+", (?:\d+|"[^"\n]*")\)`)
	managed   = regexp.MustCompile(`rtpengine_manage\("([^"]+)"\)`)
	called    = regexp.MustCompile("(?m)`([a-z_]+)\\(\\)`|^ {8}([a-z_]+)\\(")
)

// TestKamailioSnippetsAreThoseThatWork compares what operators copy with the configuration that the tests run.
func TestKamailioSnippetsAreThoseThatWork(t *testing.T) {
	text := section(t, "Kamailio")
	content, err := os.ReadFile("../testdata/kamailio/etc/kamailio.cfg.in")
	if err != nil {
		t.Fatal(err)
	}
	working := string(content)
	parameters := parameter.FindAllString(text, -1)
	if len(parameters) < 7 {
		t.Errorf("found only %q: this test is blind", parameters)
	}
	for _, p := range append(parameters, "tcp_accept_no_cl=yes") {
		if !strings.Contains(working, p) {
			t.Errorf("the working configuration has no %s", p)
		}
	}
	flags := managed.FindAllStringSubmatch(text, -1)
	if len(flags) != 2 {
		t.Fatalf("%d calls of rtpengine_manage, want one for each direction", len(flags))
	}
	for _, shown := range flags {
		fits := slices.ContainsFunc(managed.FindAllStringSubmatch(working, -1), func(used []string) bool {
			return !slices.ContainsFunc(strings.Fields(shown[1]),
				func(flag string) bool { return !slices.Contains(strings.Fields(used[1]), flag) })
		})
		if !fits {
			t.Errorf("no call of the working configuration has all of %q", shown[1])
		}
	}
	names := called.FindAllStringSubmatch(text, -1)
	if len(names) < 7 {
		t.Errorf("found only %q: this test is blind", names)
	}
	for _, name := range names {
		if !strings.Contains(working, name[1]+name[2]+"(") {
			t.Errorf("the working configuration does not call %s%s", name[1], name[2])
		}
	}
}

// TestShownPolicyIsOurs compares the headers that operators copy for a web server of their own with those we send.
func TestShownPolicyIsOurs(t *testing.T) {
	text := section(t, "CDN or any web server")
	if want := site.ContentSecurityPolicy(site.Policy{Connect: []string{"wss://sip.example.com",
		"https://sip.example.com"}}); !strings.Contains(text, `"`+want+`"`) {
		t.Errorf("README.md shows another policy than %s", want)
	}
	answer := exchange(t, attacked(t, "-hsts"), get("/", "phone.example"))
	shown := regexp.MustCompile(`add_header (Referrer-Policy|X-Content-Type-Options|Cross-Origin-\S+|Strict-Transport-Security) (\S+) always`).FindAllStringSubmatch(text, -1)
	if len(shown) != 5 {
		t.Errorf("found %q: this test is blind", shown)
	}
	for _, h := range shown {
		if !strings.Contains(answer, "\r\n"+h[1]+": "+h[2]+"\r\n") {
			t.Errorf("README.md shows %s: %s, which we do not send", h[1], h[2])
		}
	}
}
