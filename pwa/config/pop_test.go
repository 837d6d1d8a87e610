package config

import (
	"net/url"
	"strings"
	"testing"
)

func TestScreenPopTakesPagesOnly(t *testing.T) {
	for _, u := range []string{
		"https://crm.example.com/find?number={number}&name={name}&call={callId}&agent={user}", "https://crm.example.com/{number}",
		"/crm?n={number}",
		"http://localhost:8080/?{number}", "https://crm.example.com", "https://crm.example.com/#/{name}",
	} {
		cfg, err := Parse([]byte(`{"screenPop":{"url":"` + u + `"}}`))
		if err != nil || cfg.ScreenPop.URL != u {
			t.Errorf("%s: read as %q, %v", u, cfg.ScreenPop.URL, err)
		}
	}
	for _, u := range []string{
		"javascript:alert({number})", "JavaScript:alert(1)", "data:text/html,{name}", "blob:https://a.example/1",
		"file:///etc/passwd", "http://crm.example.com/{number}",
		"https://{number}.example.com/", "https://{name}", "https://crm.example.com{number}/",
		"https://crm.example.com:{number}/", "{name}://x", "{number}", "//crm.example.com/",
		"https://crm.example.com/{password}", "https://crm.example.com/{", "https://crm.example.com/}{number}",
		"https://crm.example.com/{number", "https://crm.example.com/{{number}}",
		"https://user:secret@crm.example.com/", "https://crm.example.com/;script-src", `https://crm.example.com/\"x`,
		"https://crm.example.com/ x",
	} {
		if cfg, err := Parse([]byte(`{"screenPop":{"url":"` + u + `"}}`)); err == nil {
			t.Errorf("%s: taken as %q", u, cfg.ScreenPop.URL)
		}
	}
	for _, doc := range []string{`{"screenPop":{"on":"always"}}`, `{"screenPop":{"target":"window"}}`} {
		if _, err := Parse([]byte(doc)); err == nil {
			t.Errorf("%s: taken", doc)
		}
	}
}

// TestScreenPopStaysInItsPlace fills in what callers may write: whatever it is, host, path and the other values stay.
func TestScreenPopStaysInItsPlace(t *testing.T) {
	pop := ScreenPop{URL: "https://crm.example.com/find/{number}/card?name={name}&call={callId}&agent={user}#x"}
	for _, hostile := range []string{
		"+442079460347", "Priya Nair", "", "javascript:alert(1)", `"><script>alert(1)</script>`, "<img src=x onerror=alert(1)>",
		"'\"`", "a&agent=admin", "a#b?c=d", "../../admin", "..", ".",
		"%2e%2e", "%00", "a/b\\c", "{user}", "{number}", "x y+z", "Müller 李\U0001f4de", "\x00\r\nSet-Cookie: a=b", "\u202egpj",
		strings.Repeat("%", 200), "\xff\xfe",
	} {
		for _, word := range popWords {
			values := map[string]string{"number": "1", "name": "2", "callId": "3", "user": "4"}
			values[word] = hostile
			u, err := url.Parse(pop.Fill(values))
			if err != nil {
				t.Fatalf("%s = %q: %v", word, hostile, err)
			}
			want := hostile
			if strings.Trim(hostile, ".") == "" {
				want = ""
			}
			path := strings.Split(u.EscapedPath(), "/")
			number, _ := url.PathUnescape(path[2])
			got := map[string]string{"number": number, "name": u.Query().Get("name"), "callId": u.Query().Get("call"),
				"user": u.Query().Get("agent")}
			values[word] = want
			for _, w := range popWords {
				if got[w] != values[w] {
					t.Errorf("%s = %q: %s is %q, want %q", word, hostile, w, got[w], values[w])
				}
			}
			if u.Scheme != "https" || u.Host != "crm.example.com" || len(path) != 4 || path[3] != "card" || u.Fragment != "x" ||
				len(u.Query()) != 3 {
				t.Errorf("%s = %q leads to %s", word, hostile, u)
			}
		}
	}
}

func TestScreenPopIsNamedInThePolicy(t *testing.T) {
	for doc, want := range map[string]string{
		`{"screenPop":{"url":"https://crm.example.com:8443/{number}","target":"pane"}}`: "https://crm.example.com:8443",
		`{"screenPop":{"url":"https://crm.example.com/{number}","target":"link"}}`:      "",
		`{"screenPop":{"url":"/crm?{number}","target":"pane"}}`:                         "",
		`{"screenPop":{"target":"pane"}}`:                                               "",
	} {
		cfg, err := Parse([]byte(doc))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(cfg.CSPFrame(), " "); got != want {
			t.Errorf("%s: frame-src %q, want %q", doc, got, want)
		}
	}
	merged, err := Parse([]byte(`{"screenPop":{"url":"https://crm.example.com/{number}"}}`))
	if err != nil {
		t.Fatal(err)
	}
	cfg, _ := Merge(merged)
	if got := strings.Join(cfg.CSPFrame(), " "); got != "https://crm.example.com" {
		t.Errorf("the built-in target: frame-src %q", got)
	}
}

// TestScreenPopIsTheOperators: config.json, environment and provisioning object may name the page, by the same checks; neither
// the user, whatever he may edit, nor a page around the phone or a link leads the calls of an agent to a page of theirs.
func TestScreenPopIsTheOperators(t *testing.T) {
	const host = `{"flags":["EDIT_SETTINGS"],"screenPop":{"url":"https://crm.example.com/{number}","on":"ring","target":"link"}}`
	for value, check := range map[string]func(ScreenPop) bool{
		`{"url":"https://other.example/{name}"}`: func(p ScreenPop) bool { return p.URL == "https://other.example/{name}" },
		`{"url":""}`:                             func(p ScreenPop) bool { return p.URL == "" },
		`{"on":"answer"}`:                        func(p ScreenPop) bool { return p.On == "answer" },
		`{"target":"pane"}`:                      func(p ScreenPop) bool { return p.Target == "pane" },
	} {
		for source := Host; source <= Fragment; source++ {
			layer, faults, err := Read(source, []byte(`{"screenPop":`+value+`}`))
			if err != nil {
				t.Fatal(err)
			}
			got, refused := Merge(mustParse(t, host), layer)
			ours := source <= Provisioned
			if check(got.ScreenPop) != ours || (len(refused)+len(faults) == 0) != ours {
				t.Errorf("%s from %v: %+v, refused %v %v", value, source, got.ScreenPop, faults, refused)
			}
		}
	}
	for _, wrong := range []string{`{"url":"javascript:alert(1)"}`, `{"url":"https://{number}.example/"}`, `{"on":"always"}`,
		`{"url":"http://crm.example.com/"}`, `{"target":"window"}`, `{"url":7}`} {
		layer, faults, err := Read(Provisioned, []byte(`{"brandName":"Example","screenPop":`+wrong+`}`))
		if err != nil || len(faults) != 1 || layer.ScreenPop != (ScreenPop{}) || layer.BrandName != "Example" {
			t.Errorf("%s of a provisioning object: %+v, %v, %v; want it left out and told", wrong, layer.ScreenPop, faults, err)
		}
	}
}
