package main

import (
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
	"golang.org/x/net/html"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
	"github.com/gowebphone/webphone/pwa/ui"
)

// document is a screen as the browser gets it.
func document(t *testing.T, s screen.Snapshot) *html.Node {
	t.Helper()
	text := app.HTMLString(ui.Page(ui.View{S: s, Do: func(screen.Event) {}}))
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func named(t *testing.T, name string) screen.Snapshot {
	t.Helper()
	s, ok := addressed(url.Values{"screen": {name}})
	if !ok {
		t.Fatalf("no screen %q", name)
	}
	return s
}

// documents are those of eachScreen by screen and language: many checks read them, and drawing them takes most of the time.
var documents = map[string]*html.Node{}

// eachScreen runs a check on every screen in every language.
func eachScreen(t *testing.T, check func(t *testing.T, root *html.Node)) {
	for _, name := range names() {
		for _, l := range text.Languages() {
			key := name + "-" + string(l)
			t.Run(key, func(t *testing.T) {
				if documents[key] == nil {
					s, _ := addressed(url.Values{"screen": {name}, "lang": {string(l)}})
					documents[key] = document(t, s)
				}
				check(t, documents[key])
			})
		}
	}
}

func elements(root *html.Node) func(func(*html.Node) bool) {
	return func(yield func(*html.Node) bool) {
		for n := range root.Descendants() {
			if n.Type == html.ElementNode && !yield(n) {
				return
			}
		}
	}
}

func attr(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

// hidden tells whether an element or one around it is hidden.
func hidden(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if value, ok := attr(n, "hidden"); ok && value != "false" {
			return true
		}
	}
	return false
}

func content(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.TrimSpace(b.String())
}

func files(t *testing.T, pattern string) string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("../../site/static", pattern))
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s: %v, %d files", pattern, err, len(paths))
	}
	var all strings.Builder
	for _, p := range paths {
		data, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(data)
	}
	return all.String()
}

func TestControlsHaveNames(t *testing.T) {
	eachScreen(t, func(t *testing.T, root *html.Node) {
		labelled := map[string]bool{}
		for n := range elements(root) {
			if id, ok := attr(n, "for"); ok && n.Data == "label" && content(n) != "" {
				labelled[id] = true
			}
		}
		for n := range elements(root) {
			label, _ := attr(n, "aria-label")
			id, _ := attr(n, "id")
			switch n.Data {
			case "button", "a":
				if label == "" && content(n) == "" {
					t.Errorf("a %s has neither text nor label: %v", n.Data, n.Attr)
				}
			case "input", "select":
				if label == "" && !labelled[id] {
					t.Errorf("a field has no label: %v", n.Attr)
				}
			}
		}
	})
}

func TestNoInlineStyleAndNoMarkup(t *testing.T) {
	eachScreen(t, func(t *testing.T, root *html.Node) {
		for n := range elements(root) {
			for _, a := range n.Attr {
				if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
					t.Errorf("<%s %s=%q> is refused by the page's policy", n.Data, a.Key, a.Val)
				}
			}
		}
	})
}

func TestIDsAreUnique(t *testing.T) {
	eachScreen(t, func(t *testing.T, root *html.Node) {
		ids := map[string]bool{}
		for n := range elements(root) {
			if id, ok := attr(n, "id"); ok {
				if ids[id] {
					t.Errorf("two elements have the id %q", id)
				}
				ids[id] = true
			}
		}
		for n := range elements(root) {
			for _, ref := range []string{"aria-labelledby", "aria-describedby", "for"} {
				list, ok := attr(n, ref)
				names := strings.Fields(list)
				if ok && (len(names) == 0 || slices.ContainsFunc(names, func(id string) bool { return !ids[id] })) {
					t.Errorf("%s=%q names nothing", ref, list)
				}
			}
		}
	})
}

func TestIconsAndClassesExist(t *testing.T) {
	icons, css := files(t, "icons.svg"), files(t, "*.css")
	class := regexp.MustCompile(`\.([a-z][a-z0-9-]*)`)
	known := map[string]bool{"list": true}
	for _, m := range class.FindAllStringSubmatch(css, -1) {
		known[m[1]] = true
	}
	// Names without a rule of their own: the ends of pairs of which only the other is styled, and hooks for navigation.
	for _, name := range []string{"stage-idle", "line-idle", "line-ring", "nav-item-contacts", "nav-item-history",
		"nav-item-settings"} {
		known[name] = true
	}
	eachScreen(t, func(t *testing.T, root *html.Node) {
		for n := range elements(root) {
			if href, ok := attr(n, "href"); ok && n.Data == "use" {
				if _, id, _ := strings.Cut(href, "#"); !strings.Contains(icons, `id="`+id+`"`) {
					t.Errorf("no icon %q", href)
				}
			}
			classes, _ := attr(n, "class")
			for _, name := range strings.Fields(classes) {
				if !known[name] {
					t.Errorf("no style for class %q of <%s>", name, n.Data)
				}
			}
		}
	})
}

func TestOneMainAndOneHeading(t *testing.T) {
	eachScreen(t, func(t *testing.T, root *html.Node) {
		count := map[string]int{}
		for n := range elements(root) {
			if !hidden(n) {
				count[n.Data]++
			}
		}
		if count["main"] != 1 || count["h1"] != 1 {
			t.Errorf("%d main, %d h1, want one of each", count["main"], count["h1"])
		}
	})
}

func TestTimeIsATimerAndNotAnnounced(t *testing.T) {
	root := document(t, named(t, "call"))
	for n := range elements(root) {
		if role, _ := attr(n, "role"); role == "timer" {
			if got := content(n); got != "00:04:12" {
				t.Errorf("call time %q, want 00:04:12", got)
			}
			for p := n.Parent; p != nil; p = p.Parent {
				if live, ok := attr(p, "aria-live"); ok {
					t.Errorf("the call time stands in a live region (%s)", live)
				}
				if role, _ := attr(p, "role"); slices.Contains([]string{"status", "alert"}, role) {
					t.Errorf("the call time stands in a %s and would be read out each second", role)
				}
			}
			return
		}
	}
	t.Error("there is no timer")
}

// shown is the text of a screen that is not hidden.
func shown(root *html.Node) string {
	var b strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.TextNode && !hidden(n.Parent) {
			b.WriteString(n.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func TestScreensSayWhatHappens(t *testing.T) {
	for _, test := range []struct{ screen, want string }{
		{"login", "Log in to Webphone"},
		{"login-busy", "Logging in…"},
		{"login-refused", "sip.example.com does not accept this user name and password."},
		{"login-unreachable", "sip.example.com cannot be reached, or this browser does not trust its certificate."},
		{"dialpad", "Registered · sip.example.com"},
		{"ringing", "Ringing…"},
		{"call", "On call Reception, building 2"},
		{"muted", "You are muted Unmute"},
		{"held", "On hold"},
		{"held", "Held for 00:24"},
		{"held-remote", "Held by the other side"},
		{"two-lines", "On call Billing"},
		{"two-lines", "Swap"},
		{"two-lines", "1 held"},
		{"incoming", "Incoming call Support queue"},
		{"incoming-for", "+442079460347 For Support queue · Handed over by 1022"},
		{"incoming-for", "Incoming call from Priya Nair. For Support queue · Handed over by 1022. Answer:"},
		{"call-for", "+442079460347 · For Support queue · Handed over by 1022"},
		{"incoming", "+442079460155 Decline"},
		{"handed-over", "Reception, building 2 hands you over to 0900 555 0123. Go there, or stay in this call? Call 0900 555 " +
			"0123 Stay here"},
		{"handed-over-taken", "Go there, or stay in this call? Talk to 1004 Stay here"},
		{"transfer-sending", "Back to Reception, building 2"},
		{"incoming-second", "Hold and answer"},
		{"incoming-two", "Warehouse Also ringing"},
		{"incoming-many", "+442079460518 Also ringing +1"},
		{"incoming-two", "Incoming call from Support queue. Answer: Alt+A. Decline: Alt+X. Also ringing: Warehouse."},
		{"why", "Reception, building 2 did not take the call."},
		{"why", "486 Busy Here"},
		{"why", "Call Reception, building 2"},
		{"why", "Call not connected"},
		{"why-moved", "Reception, building 2 has moved to front.desk@very-long-host-name.example.com. Call there instead. 302 " +
			"Moved Temporarily Call there"},
		{"why-microphone", "Allow the microphone"},
		{"offline", "Not registered, offline"},
		{"offline", "Try now"},
		{"server-busy", "The server is busy. Next try in 0:30. Calls may not come in until then. Try now"},
		{"sound-blocked", "Allow sound"},
		{"update", "Update ready."},
		{"debug", "Debug on"},
		{"menu", "Log out"},
		{"transfer-done", "Reception, building 2 is connected to Billing."},
		{"contacts-no-favourites", "No favourites yet Contacts that you mark with a star stand here."},
		{"contacts-nothing", "Nothing found"},
		{"auto-answer", "Auto"},
		{"auto-answer-call", "Auto"},
	} {
		if got := shown(document(t, named(t, test.screen))); !strings.Contains(got, test.want) {
			t.Errorf("%s: got %q, want %q in it", test.screen, got, test.want)
		}
	}
}

func TestHiddenPartsAreNotSaid(t *testing.T) {
	for _, test := range []struct{ screen, unwanted string }{
		{"offline", "Ready"},
		{"call", "You are muted"},
		{"call", "Resume"},
		{"call", "Debug on"},
		{"bare", "Mute"},
		{"dialpad", "Hang up"},
		{"login", "Not logged in."},
		{"dialpad", "Auto"},
		{"contacts-no-favourites", "Nothing found"},
		{"incoming", "End and answer"},
	} {
		if got := shown(document(t, named(t, test.screen))); strings.Contains(got, test.unwanted) {
			t.Errorf("%s: got %q, want no %q in it", test.screen, got, test.unwanted)
		}
	}
}

// TestSignsSayWhatHasHappened: what was added bears another sign than what was deleted, and a number without a name its own.
func TestSignsSayWhatHasHappened(t *testing.T) {
	signs := func(name, within string) []string {
		var list []string
		for n := range elements(document(t, named(t, name))) {
			class, _ := attr(n, "class")
			if !slices.Contains(strings.Fields(class), within) || hidden(n) {
				continue
			}
			for u := range elements(n) {
				if href, ok := attr(u, "href"); ok && u.Data == "use" {
					_, id, _ := strings.Cut(href, "#")
					list = append(list, id)
				}
			}
		}
		return list
	}
	for _, test := range []struct{ screen, within, want string }{
		{"contacts-imported", "notice", "i-check"}, {"undo", "notice", "i-trash"}, {"transfer-done", "toast", "i-check"},
		{"contacts-no-favourites", "empty", "i-star"}, {"contacts-nothing", "empty", "i-search"},
		{"auto-answer", "chip-auto", "i-phone"},
		{"history-unknown", "avatar", "i-user"},
	} {
		if got := signs(test.screen, test.within); len(got) == 0 || got[0] != test.want {
			t.Errorf("%s: signs %q, want %q first", test.screen, got, test.want)
		}
	}
}

func TestIncomingCallIsSeenOnEveryPage(t *testing.T) {
	root := document(t, named(t, "incoming-list"))
	var at []string
	for n := range elements(root) {
		if role, _ := attr(n, "role"); role == "dialog" {
			class, _ := attr(n.Parent, "class")
			at = append(at, class)
		}
	}
	if !slices.Equal(at, []string{"", "only-narrow"}) {
		t.Errorf("calls ring in %q, want one over the phone pane and one over the page of a narrow window", at)
	}
}

// TestContactsSayWhatAPressOnTheirNumbersDoes looks at the labels of the round buttons, which show a sign only.
func TestContactsSayWhatAPressOnTheirNumbersDoes(t *testing.T) {
	for screen, want := range map[string]string{"contact": "Call ", "transfer-to-contact": "Transfer to "} {
		count := 0
		for n := range elements(document(t, named(t, screen))) {
			class, _ := attr(n, "class")
			if label, _ := attr(n, "aria-label"); strings.Contains(class, "icon-btn-call") && !hidden(n) {
				if count++; !strings.HasPrefix(label, want) {
					t.Errorf("%s: a button says %q, want %q", screen, label, want)
				}
			}
		}
		if count == 0 {
			t.Errorf("%s: no button for a number", screen)
		}
	}
}
