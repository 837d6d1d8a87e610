//go:build e2e

package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// provisioner answers with a provisioning object, or with a status.
type provisioner struct {
	mu     sync.Mutex // guards what follows
	value  map[string]any
	status int
	asked  int
}

// set changes what is answered from now on.
func (o *provisioner) set(status int, value map[string]any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.status, o.value = status, value
}

func (o *provisioner) count() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.asked
}

// ServeHTTP answers one request.
func (o *provisioner) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asked++
	w.Header().Set("Content-Type", "application/json")
	if o.status != 0 {
		w.WriteHeader(o.status)
	}
	json.NewEncoder(w).Encode(o.value)
}

// goTo opens another address in the same page.
func (p Phone) goTo(address string) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, chromedp.Navigate(address)); err != nil {
		p.t.Fatalf("%s: open %s: %v", p.name, address, err)
	}
}

func (p Phone) dressed() (string, error) {
	return eval[string](p.Page, `document.documentElement.dataset.theme || 'system'`)
}

func (p Phone) waitTheme(why, want string) {
	p.t.Helper()
	p.until(why, func() error {
		got, err := p.dressed()
		if err == nil && got != want {
			err = fmt.Errorf("the theme is %s, want %s", got, want)
		}
		return err
	})
}

func TestProvisionedPhoneSignsInByItself(t *testing.T) {
	t.Parallel()
	o := &provisioner{}
	d := startConfigured(t, map[string]any{"provisioning": "/provision"}, map[string]http.Handler{"/provision": o})
	o.set(http.StatusOK, map[string]any{
		"brandName": "Example Clinic",
		"sipUser":   map[string]any{"username": user(1), "password": d.account(1).password, "displayName": "Front Desk"},
		"codec":     map[string]any{"delete": []string{"PC.*", "G722"}},
	})
	p := Phone{open(t, "phone", d.URL, pageOptions{})}
	p.WaitRegistered()
	p.WaitText(`Front Desk`)
	p.Dial("600")
	p.WaitOnCall()
	invite := d.requests("INVITE")[0]
	if strings.Contains(invite, "PCMU") || !strings.Contains(invite, "opus") || !strings.Contains(invite, `"Front Desk"`) {
		t.Errorf("offered %s, want the name and the codecs of the object", invite)
	}
	p.Click("Hang up")
	p.WaitIdle()
	if got := o.count(); got != 1 {
		t.Errorf("the object was fetched %d times for one sign-in", got)
	}
}

func TestProvisioningOfTheUserWhoLogsIn(t *testing.T) {
	t.Parallel()
	o := &provisioner{status: http.StatusServiceUnavailable}
	d := startConfigured(t, map[string]any{"provisioning": "/phones/{username}.json"},
		map[string]http.Handler{"/phones/1001.json": o})
	p := openPhone(t, d.URL, "phone", pageOptions{window: desktopWindow})
	p.Login(d.account(1))
	t.Log(p.WaitSentence(`too busy to give the settings of this phone \(code 503\)`))
	p.waitConsole("provisioning /phones/1001.json: status 503")
	if got := d.requests("REGISTER"); len(got) != 0 || o.count() != 1 {
		t.Errorf("%d REGISTER, asked %d times: nobody logs in without the operator's rules", len(got), o.count())
	}
	o.set(http.StatusOK, map[string]any{"theme": "dark", "locked": []string{"theme"}})
	p.Login(d.account(1))
	p.WaitRegistered()
	p.waitTheme("take the operator's theme", "dark")
	p.Click("Settings")
	p.Click("Appearance English")
	p.Click("Light")
	p.WaitText(`Set by the operator`)
	p.waitTheme("keep what is locked", "dark")
}

// TestKeptProvisioningOpensThePhone stays logged in while the URL of the object breaks, and until it refuses. The page of the
// object's menu is of another origin: the policy of the page lets it through, or this test fails with a violation.
func TestKeptProvisioningOpensThePhone(t *testing.T) {
	t.Parallel()
	o := &provisioner{value: map[string]any{"theme": "dark", "locked": []string{"theme"}, "menu": []any{
		map[string]any{"id": "history"}, map[string]any{"id": "wiki", "title": "Wiki", "url": "https://127.0.0.1:9/wiki"}}}}
	d := startConfigured(t, map[string]any{"provisioning": "/phones/{username}.json"},
		map[string]http.Handler{"/phones/1001.json": o})
	a := d.account(1)
	p := openPhone(t, d.URL, "phone", pageOptions{window: desktopWindow})
	p.Click("Stay logged in on this device")
	p.Login(a)
	p.WaitRegistered()
	p.Click("Wiki")
	waitEval(p.Page, "open the page of the object", `document.querySelector('iframe.own-frame').src`, "https://127.0.0.1:9/wiki")
	p.until("keep the password locked", func() error { return p.vaultHolds(3, a.password) })
	p.until("keep the object", func() error {
		found, err := eval[[]string](p.Page, kept)
		if err == nil && !strings.Contains(strings.Join(found, "\n"), "indexedDB webphone/documents/provisioning=") {
			err = errText("it is not there")
		}
		return err
	})
	o.set(http.StatusServiceUnavailable, nil)
	p.reload()
	p.WaitRegistered()
	t.Log(p.WaitSentence(`The last ones are used`))
	p.waitTheme("go by the kept object", "dark")
	o.set(http.StatusForbidden, nil)
	p.reload()
	p.WaitButton("Login")
	p.WaitSentence(`refuses the settings of this phone \(code 403\)`)
	p.waitTheme("go by the object no longer", "system")
}

// TestSourcesOfThePageTakeTurns opens one browser's phone again and again, each time with one more source.
func TestSourcesOfThePageTakeTurns(t *testing.T) {
	t.Parallel()
	o := &provisioner{value: map[string]any{}}
	d := startConfigured(t, map[string]any{"theme": "dark", "brandName": "Host", "provisioning": "/provision"},
		map[string]http.Handler{"/provision": o})
	p := openPhone(t, d.URL, "phone", pageOptions{window: desktopWindow})
	p.waitTheme("config.json over built in", "dark")
	p.WaitText(`Log in to Host`)
	o.set(http.StatusOK, map[string]any{"theme": "light", "brandName": "Provisioned"})
	p.reload()
	p.WaitText(`Log in to Provisioned`)
	p.waitTheme("provisioning over config.json", "light")
	p.Login(d.account(1))
	p.WaitRegistered()
	p.Click("Settings")
	p.Click("Appearance English")
	p.Click("Dark")
	p.reload()
	p.WaitText(`Log in to Provisioned`)
	p.waitTheme("the user over provisioning", "dark")
	p.goTo(d.URL + "?again#theme=light&brandName=Link&password=x&number=600&username=" + user(2))
	p.WaitText(`Log in to Provisioned`) // a link does not name the product
	p.waitTheme("the link over the user", "light")
	p.until("fill the card from the link", func() error {
		got, err := eval[string](p.Page, `document.getElementById('user').value`)
		if err == nil && got != user(2) {
			err = fmt.Errorf("the user is %q", got)
		}
		return err
	})
	a := d.account(2)
	p.Login(a)
	p.WaitRegistered()
	p.until("hold the number of the link", func() error {
		_, at, err := p.locate(numberField, fields)
		if err == nil && at.Value != "600" {
			err = fmt.Errorf("the number is %q", at.Value)
		}
		return err
	})
	if got := d.requests("INVITE"); len(got) != 0 {
		t.Errorf("%d INVITE: a link dialled", len(got))
	}
	p.waitConsole("password: is not taken from a link")
	p.goTo(d.URL)
	p.WaitText(`Log in to Provisioned`)
	p.waitTheme("what a link said is not kept", "dark")
}

// provisionAt shows a phone whose object lies at an address, with what it says when somebody logs in.
func provisionAt(t *testing.T, address, sentence, reason string) {
	t.Helper()
	d := startConfigured(t, map[string]any{"provisioning": address}, map[string]http.Handler{
		"/away": http.RedirectHandler("https://127.0.0.1:9/login", http.StatusFound),
	})
	p := openPhone(t, d.URL, "phone", pageOptions{window: desktopWindow})
	if sentence == "" {
		p.WaitText(`Log in to Elsewhere`)
		return
	}
	p.WaitSentence(sentence)
	p.waitConsole(reason)
}

// TestProvisioningOfAnotherOrigin has the object on another port of this machine, with leave to be read and without, behind a
// redirect.
func TestProvisioningOfAnotherOrigin(t *testing.T) {
	t.Parallel()
	open := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"brandName":"Elsewhere"}`)
	}))
	t.Cleanup(open.Close)
	closed := httptest.NewServer(document("application/json", `{"brandName":"Elsewhere"}`))
	t.Cleanup(closed.Close)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	provisionAt(t, open.URL+"/provision", "", "")
	provisionAt(t, closed.URL+"/provision?key=hunter2", `browser may not read the settings`,
		`provisioning `+closed.URL+`/provision?...: the browser may not read it: its server sends no CORS headers`)
	provisionAt(t, gone.URL+"/provision", `settings of this phone cannot be fetched`, `the server cannot be reached`)
	provisionAt(t, "/away", `sends on to a place`, `provisioning /away: the server sends on`)
}
