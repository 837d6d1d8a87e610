package config

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func urls(servers []Server) []string {
	list := []string{}
	for _, s := range servers {
		list = append(list, s.URL)
	}
	return list
}

func TestServersSeparators(t *testing.T) {
	want := []string{"wss://a.example.com", "wss://b.example.com"}
	for _, list := range []string{
		"a.example.com,b.example.com",
		"a.example.com'b.example.com",
		"'a.example.com','b.example.com'",
		"a.example.com b.example.com",
		"a.example.com\nb.example.com\r\n",
		"\ta.example.com ,\n 'wss://b.example.com/' ",
		"a.example.com,b.example.com,A.EXAMPLE.COM", // names are the same in any case
		"wss://a.example.com:443 b.example.com",     // the port of the scheme
	} {
		got, err := Servers(list)
		if err != nil || !slices.Equal(urls(got), want) {
			t.Errorf("Servers(%q) = %v, %v, want %v", list, urls(got), err, want)
		}
	}
}

func TestServersEntries(t *testing.T) {
	for _, c := range []struct{ entry, url, label string }{
		{"sip.example.com", "wss://sip.example.com", "sip.example.com"},
		{"wss://sip.example.com", "wss://sip.example.com", "sip.example.com"},
		{"WSS://SIP.example.com:8089/Ws", "wss://sip.example.com:8089/Ws", "sip.example.com"},
		{"sip.example.com:8089/ws", "wss://sip.example.com:8089/ws", "sip.example.com"},
		{"192.0.2.1:7443", "wss://192.0.2.1:7443", "192.0.2.1"},
		{"wss://[2001:db8::1]:8443/ws", "wss://[2001:db8::1]:8443/ws", "[2001:db8::1]"},
		{"ws://localhost:5066", "ws://localhost:5066", "localhost"},
		{"ws://127.0.0.1:5066/ws", "ws://127.0.0.1:5066/ws", "127.0.0.1"},
		{"ws://[::1]:80", "ws://[::1]", "[::1]"},
		{"xn--mnchen-3ya.example", "wss://xn--mnchen-3ya.example", "xn--mnchen-3ya.example"},
	} {
		got, err := Servers(c.entry)
		if err != nil || len(got) != 1 || got[0] != (Server{c.url, c.label}) {
			t.Errorf("Servers(%q) = %v, %v, want %s labelled %s", c.entry, got, err, c.url, c.label)
		}
	}
}

func TestServersOnOneHostAreToldApart(t *testing.T) {
	got, err := Servers("sip.example.com:8089/a, sip.example.com:8089/b, other.example.com")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"sip.example.com:8089/a", "sip.example.com:8089/b", "other.example.com"}
	for i, s := range got {
		if s.Label != want[i] {
			t.Errorf("label %d is %q, want %q", i, s.Label, want[i])
		}
	}
}

func TestServersRefused(t *testing.T) {
	for _, c := range []struct{ list, part, reason string }{
		{"good.example.com, http://bad.example.com", "http://bad.example.com", "wss://"},
		{"javascript://x", "javascript://x", "wss://"},
		{"javascript:alert(1)", "javascript:alert(1)", "port"},
		{"ws://sip.example.com", "ws://sip.example.com", "not encrypted"},
		{"ws://localhost.example.com", "ws://localhost.example.com", "not encrypted"},
		{"wss://user:word@sip.example.com", "...@sip.example.com", "user name or password"},
		{"wss://sip.example.com/ws?token=1", "?...", "no query"},
		{"wss://sip.example.com/ws#x", "?...", "no query"},
		{"sip.example.com:0", ":0", "port"},
		{"sip.example.com:65536", ":65536", "port"},
		{"sip.example.com:+80", ":+80", "port"},
		{"sip.example.com:", "sip.example.com:", "port"},
		{"-a.example.com", "-a.example.com", "host name"},
		{"a..example.com", "a..example.com", "host name"},
		{"wss://", "wss://", "no host name"},
		{"wss:///ws", "wss:///ws", "no host name"},
		{"192.0.2.300", "192.0.2.300", "host name"},
		{"[::1", "[::1", "bracket"},
		{"[fe80::1%eth0]", "fe80", "IPv6"},
		{"münchen.example", `m\u00fcnchen`, "xn--"},
		{"sip.example.com;script-src", "script-src", "host name"},
		{"sip.example.com/\";x", "example.com", "URL cannot hold"},
		{"<b>sip</b>", "<b>", "host name"},
		{"sip\u202e.example.com", `\u202e`, "xn--"},
		{"sip\x00.example.com", `\x00`, "host name"},
		{strings.Repeat("a", 64<<10), "aaa", "host name"},
		{strings.Repeat("a.example.com/", 90<<10), "", "too long"},
	} {
		_, err := Servers(c.list)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("Servers(%.40q) = %v, want an *Error", c.list, err)
			continue
		}
		if !strings.Contains(e.Value, c.part) || !strings.Contains(e.Reason, c.reason) || e.Example == "" ||
			len(e.Error()) > 500 {
			t.Errorf("Servers(%.40q): %v, want the entry %q and the reason %q", c.list, e, c.part, c.reason)
		}
		if strings.Contains(err.Error(), "word") && !strings.Contains(err.Error(), "password") {
			t.Errorf("the error shows a password: %v", err)
		}
	}
}

func TestServersTooMany(t *testing.T) {
	var b strings.Builder
	for i := range 40 {
		b.WriteString("h" + strings.Repeat("x", i) + ".example.com,")
	}
	if _, err := Servers(b.String()); err == nil {
		t.Error("40 servers are taken")
	}
}

func TestCSPConnect(t *testing.T) {
	for _, c := range []struct{ json, want string }{
		{`{}`, "wss: https:"},
		{`{"wsServers":"a.example.com, wss://b.example.com:8089/ws"}`,
			"wss://a.example.com https://a.example.com wss://b.example.com:8089 https://b.example.com:8089"},
		{`{"wsServer":"a.example.com","wsServers":"a.example.com b.example.com"}`,
			"wss://a.example.com https://a.example.com wss://b.example.com https://b.example.com"},
		{`{"wsServer":"a.example.com"}`, "wss://a.example.com https://a.example.com"},
		{`{"wsServers":"ws://localhost:5066"}`, "ws://localhost:5066 http://localhost:5066"},
		{`{"wsServers":"a.example.com","flags":["EDIT_SETTINGS"]}`, "wss: https:"},
		{`{"wsServers":"a.example.com","flags":["EDIT_SETTINGS"],"locked":["wsServers","wsServer"]}`,
			"wss://a.example.com https://a.example.com"},
		{`{"wsServers":"a.example.com","phonebook":"https://crm.example.com:444/book?x=1"}`,
			"wss://a.example.com https://a.example.com https://crm.example.com:444"},
		{`{"wsServers":"a.example.com","phonebook":"/book.json"}`, "wss://a.example.com https://a.example.com"},
		{`{"wsServers":"a.example.com ws://localhost:1","provisioning":"/p","phonebook":"/b"}`,
			"wss: https: ws://localhost:1 http://localhost:1"},
	} {
		cfg, err := Parse([]byte(c.json))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(cfg.CSPConnect(), " "); got != c.want {
			t.Errorf("%s: connect-src %q, want %q", c.json, got, c.want)
		}
	}
}

func TestCSPOfTheMenu(t *testing.T) {
	for _, c := range []struct{ json, image, frame string }{
		{`{}`, "", ""},
		{`{"menu":[{"id":"wiki","url":"https://wiki.example.com/a","icon":"https://cdn.example.com/a.svg"}]}`,
			"https://cdn.example.com", "https://wiki.example.com"},
		{`{"menu":[{"id":"mail","url":"mailto://x;sandbox"},{"id":"a","url":"tel://x"},{"id":"b","url":"sip://x/a"}]}`, "", ""},
		{`{"menu":[{"id":"mail","url":"mailto://x;script-src"},{"id":"b","url":"https://b.example"}]}`, "", "https://b.example"},
		{`{"provisioning":"/p"}`, "https:", "https:"}, // the object may bring a menu of its own
		{`{"provisioning":"/p","menu":[{"id":"wiki","url":"http://localhost:1/a"}]}`, "https:", "http://localhost:1 https:"},
	} {
		cfg, err := Parse([]byte(c.json))
		if err != nil {
			t.Fatal(err)
		}
		if image, frame := strings.Join(cfg.CSPImage(), " "), strings.Join(cfg.CSPFrame(), " "); image != c.image ||
			frame != c.frame {
			t.Errorf("%s: img-src %q and frame-src %q, want %q and %q", c.json, image, frame, c.image, c.frame)
		}
	}
}

// TestOriginsAreSources: what can stand in a policy, whatever the URL.
func TestOriginsAreSources(t *testing.T) {
	for _, u := range []string{
		"https://a.example", "HTTPS://A.example:443/x;y", "wss://[2001:db8::1]:8089/ws", "ws://127.0.0.1:80",
	} {
		if origin(u) == "" {
			t.Errorf("%s is none", u)
		}
	}
	for _, u := range []string{"", "/a", "//a.example", "mailto://x;sandbox", "tel://x", "javascript://x", "data:,x",
		"https://a.example;sandbox/x", "https://a,b", "https://*", "https://a.example:*", "https://'self'", "https://a.example:0",
		"https://[::1", "https:a"} {
		if got := origin(u); got != "" {
			t.Errorf("%s: %q", u, got)
		}
	}
}

func TestFailOver(t *testing.T) {
	for _, c := range []struct{ list, chosen, want string }{
		{"a.example b.example", "", "wss://a.example wss://b.example"},
		{"a.example b.example", "b.example", "wss://b.example wss://a.example"},
		{"a.example b.example", "c.example", "wss://c.example"},
		{"", "c.example d.example", "wss://c.example wss://d.example"},
	} {
		list, err1 := Servers(c.list)
		chosen, err2 := Servers(c.chosen)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		cfg := Config{WSServers: list, WSServer: chosen}
		if got := strings.Join(urls(cfg.FailOver()), " "); got != c.want {
			t.Errorf("%q chosen of %q: %s, want %s", c.chosen, c.list, got, c.want)
		}
	}
}

func TestAllowsFrame(t *testing.T) {
	const own = "https://phone.example.com"
	cfg, err := Parse([]byte(`{"frameAncestors":["self","https://crm.example.com","https://*.example.org:8443"]}`))
	if err != nil {
		t.Fatal(err)
	}
	for parent, want := range map[string]bool{
		own: true, "https://crm.example.com": true, "https://CRM.example.com": true, "https://a.example.org:8443": true,
		"https://example.org:8443": false, "https://evilexample.org:8443": false, "http://crm.example.com": false,
		"https://crm.example.com.evil.test": false, "null": false, "": false,
	} {
		if got := cfg.AllowsFrame(parent, own); got != want {
			t.Errorf("AllowsFrame(%q) = %t", parent, got)
		}
	}
	if (Config{}).AllowsFrame("https://crm.example.com", own) || !(Config{}).AllowsFrame(own, own) {
		t.Error("without a list only the own origin may frame the phone")
	}
}

func FuzzServers(f *testing.F) {
	f.Add("a.example.com, wss://b.example.com:8089/ws 'ws://[::1]:80/x'")
	f.Add("wss://a@b/?#")
	f.Fuzz(func(t *testing.T, list string) {
		servers, err := Servers(list)
		if err != nil {
			return
		}
		cfg := Config{WSServers: servers}
		if src := strings.Join(cfg.CSPConnect(), " "); strings.ContainsAny(src, ";,'\"\r\n\t<>") {
			t.Errorf("a policy breaks: %q", src)
		}
		for _, s := range servers {
			again, err := Servers(s.URL)
			if err != nil || len(again) != 1 || again[0].URL != s.URL {
				t.Errorf("%q reads back as %v, %v", s.URL, again, err)
			}
		}
	})
}
