//go:build e2e

package e2e

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

//go:embed audit.js
var auditScript string

// mark stands in every hostile text, so that it is found on the screen.
const mark = "Mallory"

// longest is what a message of 64 KB, the most a connection takes, has room for in one header.
const longest = 60 << 10

// hostileTexts are what strangers write where a text is shown.
var hostileTexts = map[string]string{
	"HTML":       mark + ` <img src=x onerror="pwned=1"><script>pwned=1</script>`,
	"JavaScript": `javascript:pwned=1//` + mark,
	"direction":  mark + " \u202etxt.exe\u2066\u200f\u061c 1001",
	"controls":   mark + "\x1b[2J\x07\x7f\u0085\u2028X",
	"long":       mark + strings.Repeat("W", longest-len(mark)),
	"words":      strings.Repeat(mark+" ", longest/(len(mark)+1)),
	"Arabic":     "\u0645\u0631\u062d\u0628\u0627 " + mark + " (12) 34",
}

// audit fails the test for everything on the page that strangers must not be able to do.
func (p Phone) audit(why string) {
	p.t.Helper()
	p.settleTexts()
	found, err := eval[[]string](p.Page, fmt.Sprintf("%s(%q)", auditScript, mark))
	if err != nil {
		p.t.Fatalf("%s: audit: %v", p.name, err)
	}
	for _, f := range found {
		p.t.Errorf("%s: %s: %s", p.name, why, f)
	}
}

// settleTexts waits until the page has drawn what it knows.
func (p Phone) settleTexts() {
	p.t.Helper()
	if _, err := eval[bool](p.Page, `new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`); err != nil {
		p.t.Fatalf("%s: draw: %v", p.name, err)
	}
}

// stranger writes messages to user 1 that no server of ours would write.
type stranger struct {
	d      *demo
	target string // where the phone is reached
	count  int
}

var contactURI = regexp.MustCompile(`(?m)^Contact: *(?:"[^"]*" *)?<([^>]+)>`)

func newStranger(t *testing.T, d *demo) *stranger {
	t.Helper()
	found := contactURI.FindStringSubmatch(d.requests("REGISTER")[0])
	if found == nil {
		t.Fatal("no Contact in the REGISTER")
	}
	return &stranger{d: d, target: found[1]}
}

// request makes the start of a request outside any dialog, from that name-addr.
func (s *stranger) request(method, from string, headers ...string) string {
	s.count++
	lines := append([]string{
		fmt.Sprintf("%s %s SIP/2.0", method, s.target),
		fmt.Sprintf("Via: SIP/2.0/WS stranger.invalid;branch=z9hG4bKstranger%d", s.count),
		"Max-Forwards: 70",
		fmt.Sprintf("From: %s;tag=f%d", from, s.count),
		"To: <sip:1001@127.0.0.1>",
		fmt.Sprintf("Call-ID: stranger-%d", s.count),
		"CSeq: 1 " + method,
		"Contact: <sip:stranger@stranger.invalid;transport=ws>",
	}, headers...)
	return strings.Join(lines, "\r\n") + "\r\n"
}

func (s *stranger) send(t *testing.T, message string) {
	t.Helper()
	if err := s.d.sip.InjectRaw(user(1), []byte(message)); err != nil {
		t.Fatal(err)
	}
}

// cancelled is the CANCEL of an INVITE.
func cancelled(invite string) string {
	invite = strings.Replace(invite, "INVITE sip:", "CANCEL sip:", 1)
	return strings.Replace(invite, "CSeq: 1 INVITE", "CSeq: 1 CANCEL", 1)
}

func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// inHeader is a text as it can stand in a header.
func inHeader(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, s)
}

func TestHostileCallersAreShownAsText(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	p := logIn(t, d.URL, d.account(1), pageOptions{})
	s := newStranger(t, d)
	for name, text := range hostileTexts {
		text = inHeader(text)
		some := text[:min(len(text), 200)] // the message has to fit into what servers take
		uri := "<sip:" + percent(some) + "@stranger.invalid>"
		invite := s.request("INVITE", quoted(text)+" "+uri,
			"P-Asserted-Identity: "+quoted(some)+" <sip:x@stranger.invalid>",
			"Diversion: "+quoted(some)+" <sip:y@stranger.invalid>",
			"Subject: "+some, "Organization: "+some, "User-Agent: "+some,
			`Call-Info: <http://stranger.invalid/pwned.png>;purpose=icon, <javascript:pwned=1>;purpose=info`,
			`Alert-Info: <http://stranger.invalid/pwned.wav>;info=`+quoted(some),
			"Content-Length: 0")
		s.send(t, invite+"\r\n")
		p.WaitText(saysIncoming)
		p.audit(name + ", while it rings")
		s.send(t, cancelled(invite)+"\r\n")
		p.WaitNoText(saysIncoming)
	}
	if _, err := eval[bool](p.Page, `(document.querySelector('.nav-item-history').click(), true)`); err != nil {
		t.Fatal(err) // its name counts the missed calls
	}
	p.WaitText(mark)
	p.audit("in the history")
	p.goTo(d.URL + "?again")
	p.Login(d.account(1))
	p.WaitRegistered()
	p.Click("History")
	p.WaitText(mark)
	p.audit("in the history that was kept")
}

// percent writes what cannot stand in a user part as it is.
func percent(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, "%%%02X", s[i])
	}
	return b.String()
}

// TestNamesWithControlsAreShownWithout: they ring, because a call must not be lost for its name, and what is shown has no
// controls.
func TestNamesWithControlsAreShownWithout(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	p := logIn(t, d.URL, d.account(1), pageOptions{})
	s := newStranger(t, d)
	for _, from := range []string{
		"\"" + mark + "\x00\" <sip:x@stranger.invalid>",
		"\"" + mark + "\nX-Injected: 1\" <sip:x@stranger.invalid>",
		"\"" + mark + "\rX\" <sip:x@stranger.invalid>",
		mark + "\x1b[2J <sip:x@stranger.invalid>",
	} {
		invite := s.request("INVITE", from, "Content-Length: 0")
		s.send(t, invite+"\r\n")
		p.WaitText(saysIncoming)
		p.WaitText(mark)
		if text := p.Text(); strings.ContainsFunc(text,
			func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
			t.Errorf("%q is shown with controls: %q", from, text)
		}
		p.audit("while it rings")
		s.send(t, cancelled(invite)+"\r\n")
		p.WaitNoText(saysIncoming)
	}
}

func TestMessagesOfStrangersShowNothing(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	p := logIn(t, d.URL, d.account(1), pageOptions{})
	s := newStranger(t, d)
	for _, text := range hostileTexts {
		body, some := text+"\r\n", text[:min(len(text), 200)]
		for _, r := range []string{
			s.request("MESSAGE", quoted(inHeader(some))+" <sip:x@stranger.invalid>", "Content-Type: text/html"),
			s.request("NOTIFY", "<sip:x@stranger.invalid>", "Event: refer", "Subscription-State: active",
				"Content-Type: message/sipfrag"),
			s.request("NOTIFY", "<sip:x@stranger.invalid>", "Event: message-summary", "Subscription-State: active",
				"Content-Type: application/simple-message-summary"),
			s.request("INFO", "<sip:x@stranger.invalid>", "Content-Type: application/dtmf-relay"),
			s.request("OPTIONS", quoted(inHeader(some))+" <sip:x@stranger.invalid>"),
		} {
			s.send(t, r+fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body))
		}
	}
	p.Dial("600") // what came before has been worked off when this call is up
	p.WaitOnCall()
	if text := p.Text(); strings.Contains(text, mark) {
		t.Errorf("something of it is shown: %q", text)
	}
	p.audit("after it")
	p.Click("Hang up")
	p.WaitIdle()
	p.Click("History")
	p.WaitText(`600`)
	if text := p.Text(); strings.Contains(text, mark) {
		t.Errorf("something of it is in the history: %q", text)
	}
}

var copied = regexp.MustCompile(`(?m)^(?:Via|From|To|Call-ID|CSeq): .*$`)

// answerTo makes an answer to a request that the server has received.
func answerTo(request, status string, headers ...string) string {
	lines := append([]string{"SIP/2.0 " + status}, copied.FindAllString(strings.ReplaceAll(request, "\r", ""), -1)...)
	for i, l := range lines {
		if strings.HasPrefix(l, "To: ") && !strings.Contains(l, ";tag=") {
			lines[i] = l + ";tag=stranger"
		}
	}
	return strings.Join(append(lines, append(headers, "Content-Length: 0")...), "\r\n") + "\r\n\r\n"
}

// TestHostileReasonsAreNotShown: a refusal is explained by its code; what else the other side writes stands in the trace alone.
func TestHostileReasonsAreNotShown(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	p := logIn(t, d.URL, d.account(1), pageOptions{})
	s := newStranger(t, d)
	for name, text := range hostileTexts {
		text = inHeader(text)
		some := text[:min(len(text), 200)]
		p.Dial("604")
		p.WaitText(saysRinging)
		invites := d.requests("INVITE")
		invite := invites[len(invites)-1] // the one with credentials
		s.send(t, answerTo(invite, "488 "+text, `Warning: 399 stranger.invalid `+quoted(some),
			"Reason: SIP;cause=488;text="+quoted(some)))
		p.WaitWhy(`488 `)
		p.WaitText(`488 Not Acceptable Here`)
		if text := p.Text(); strings.Contains(text, mark) {
			t.Errorf("%s: a stranger's words are shown as ours: %q", name, text)
		}
		p.audit(name + " as the reason")
		p.Click("Close")
		p.WaitIdle()
	}
	p.Click("History")
	p.WaitText(`604`)
	p.audit("in the history")
}

func TestHostileTransferReportsAreShownAsText(t *testing.T) {
	t.Parallel()
	d, a, b := pair(t)
	connect(a, b, user(2))
	a.Click("Transfer")
	a.Fill(numberField, "604") // rings for ever, so that only the stranger's report counts
	a.Click("Transfer now")
	agree(b, "Call", "604")
	a.WaitText(`(?i)ringing there`) // the telephone has taken the transfer: a report before that would be its refusal
	refer := d.requests("REFER")[0]
	header := func(name string) string {
		return regexp.MustCompile(`(?m)^` + name + `: *(.*?)\r?$`).FindStringSubmatch(refer)[1]
	}
	body := "SIP/2.0 503 " + inHeader(hostileTexts["HTML"]+hostileTexts["direction"]) + "\r\n"
	s := newStranger(t, d)
	s.send(t, strings.Join([]string{
		"NOTIFY " + contactURI.FindStringSubmatch(refer)[1] + " SIP/2.0",
		"Via: SIP/2.0/WS stranger.invalid;branch=z9hG4bKreport", "Max-Forwards: 70",
		"From: " + header("To"), "To: " + header("From"), "Call-ID: " + header("Call-ID"), "CSeq: 999999 NOTIFY",
		"Contact: <sip:stranger@stranger.invalid;transport=ws>", "Event: refer",
		"Subscription-State: terminated;reason=noresource",
		"Content-Type: message/sipfrag", fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body),
	}, "\r\n"))
	a.WaitSentence(`could not be connected to 604 \(503\)`)
	a.audit("after the report")
	a.WaitOnCall()
	a.Click("Hang up")
	a.WaitIdle()
}

// hostileCard is a contact of which every field is that text.
func hostileCard(text string) string {
	escaped := strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r", "", "\n", `\n`).Replace(text)
	return "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:" + escaped + "\r\nORG:" + escaped + "\r\nN:" + escaped + ";" + escaped +
		";;;\r\nCATEGORIES:" + escaped +
		"\r\nNOTE:" + escaped + "\r\nURL:javascript:pwned=1\r\nPHOTO:http://stranger.invalid/pwned.png\r\nTEL;TYPE=" +
		quoted(inHeader(text[:min(20, len(text))])) + ":" + escaped + "\r\nEND:VCARD\r\n"
}

func TestHostileContactsAreShownAsText(t *testing.T) {
	t.Parallel()
	d := startConfigured(t, map[string]any{"phonebook": "/book.json"},
		map[string]http.Handler{"/book.json": http.HandlerFunc(hostileBook)})
	p := logIn(t, d.URL, d.account(1), pageOptions{window: desktopWindow})
	p.Click("Contacts")
	p.WaitText(mark)
	p.audit("the phonebook")
	var cards, rows strings.Builder
	fmt.Fprintf(&rows, "Name,%s,Phone\r\n", csvField(hostileTexts["direction"]+hostileTexts["long"]))
	for _, text := range hostileTexts {
		cards.WriteString(hostileCard(text))
		fmt.Fprintf(&rows, "%s,%s,%s\r\n", csvField(text), csvField("=HYPERLINK(\"javascript:pwned=1\")"), csvField(text))
	}
	for _, file := range []struct{ name, content string }{
		{mark + " \u202efcv.exe <img src=x onerror=pwned=1>.vcf", cards.String()},
		{mark + ".csv", rows.String()},
	} {
		p.Click("Import and export")
		if err := p.chooseFile("import-file", file.name, file.content); err != nil {
			t.Fatal(err)
		}
		p.WaitText(`contacts found in`)
		p.audit("the preview of " + file.name)
		p.Click("Import")
		p.WaitNoText(`contacts found in`)
		p.audit("the list after " + file.name)
	}
	count, err := eval[int](p.Page, `document.querySelectorAll('#people .row-title').length`)
	if err != nil || count < len(hostileTexts) {
		t.Fatalf("%d rows, %v, want the contacts that came", count, err)
	}
	for i := range count {
		if _, err := eval[bool](p.Page, fmt.Sprintf(`(() => { const rows = document.querySelectorAll('#people .row-title'); `+
			`rows[%d].closest('button, a, [role=button], li').click(); return true; })()`, i)); err != nil {
			t.Fatal(err)
		}
		p.audit(fmt.Sprintf("contact %d", i))
	}
	p.Fill("Search contacts", "mallory")
	p.audit("what was found")
}

func csvField(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

func hostileBook(w http.ResponseWriter, _ *http.Request) {
	var book []map[string]any
	for _, text := range hostileTexts {
		number := map[string]string{"name": text, "number": text, "extension": text}
		book = append(book, map[string]any{"id": text, "name": text, "organisation": text, "customer": text,
			"numbers": []any{number}})
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(book)
}

func TestHostileLinksDoNothing(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	p := logIn(t, d.URL, d.account(1), pageOptions{})
	for i, fragment := range []string{
		"number=" + percent(hostileTexts["HTML"]), "number=" + percent(hostileTexts["JavaScript"]), "number=" +
			percent(hostileTexts["direction"]),
		"number=%00%0d%0a600", "number=" + strings.Repeat("6", 64<<10), "number=tel:600;ext=1%0aX", "number=%zz",
		"number=sip:600@stranger.invalid%3fReplaces=1",
		"displayName=" + percent(hostileTexts["HTML"]), "displayName=" + percent(hostileTexts["direction"]), "username=" +
			percent("a\r\nb"),
		"wsServer=stranger.invalid", "wsServers=stranger.invalid", "password=x", "css=//stranger.invalid/x.css",
		"provisioning=https://stranger.invalid/",
		"brandName=" + mark, "realm=stranger.invalid", "locked=theme", "menu=[]", "__proto__=1",
		"<img src=x onerror=pwned=1>", "javascript:pwned=1", "contacts/../../x", "%3Cscript%3Epwned=1%3C/script%3E",
	} {
		p.goTo(fmt.Sprintf("%s?%d=%s#%s", d.URL, i, "%3Cimg%20src=x%20onerror=pwned=1%3E", fragment))
		p.WaitButton("Login")
		p.audit("at the login, link " + fragment[:min(len(fragment), 60)])
		if server, err := eval[string](p.Page, `document.getElementById('server').value`); err != nil ||
			!strings.HasPrefix(server, "127.0.0.1") {
			t.Errorf("%s: the server is %q, %v", fragment[:min(len(fragment), 60)], server, err)
		}
	}
	p.goTo(d.URL + "?x#number=" + percent("600 "+hostileTexts["HTML"]))
	p.WaitButton("Login")
	p.Login(d.account(1))
	p.WaitRegistered()
	p.audit("with the number of the link")
	if _, err := eval[bool](p.Page, `(location.hash = '#number=601', true)`); err != nil {
		t.Fatal(err)
	}
	p.until("take the number of a link inside the page", func() error {
		_, at, err := p.locate(numberField, fields)
		if err == nil && at.Value != "601" {
			err = fmt.Errorf("the number is %q", at.Value)
		}
		return err
	})
	if got := d.requests("INVITE"); len(got) != 0 {
		t.Errorf("a link made %d calls", len(got))
	}
}
