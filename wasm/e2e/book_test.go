//go:build e2e

package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// keepsDownloads remembers what the page lets the browser save, in __e2e_saved.
const keepsDownloads = `globalThis.__e2e_saved = []; {
	const make = URL.createObjectURL.bind(URL);
	URL.createObjectURL = blob => { blob.text().then(text => __e2e_saved.push(text)); return make(blob); };
}`

// waitSaved waits until the page has let the browser save n files, and returns the last.
func (p Phone) waitSaved(n int) string {
	p.t.Helper()
	var files []string
	p.until(fmt.Sprintf("save %d files", n), func() error {
		var err error
		if files, err = eval[[]string](p.Page, `__e2e_saved`); err == nil && len(files) < n {
			err = fmt.Errorf("there are %d", len(files))
		}
		return err
	})
	return files[n-1]
}

func TestImportShowsMappingAndDuplicates(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	a := logIn(t, d.URL, d.account(1), pageOptions{window: desktopWindow, script: keepsDownloads})
	a.Click("Contacts")
	a.Click("Add contact")
	for label, text := range map[string]string{"Name (required)": "Pharmacy", "Given name": "Phil", "Family name": "Armacy",
		"Organisation": "Example Clinic", "Customer": "EC-1",
		"Type": "Supplier", "Category": "Health", "Name of the number": "Desk", "Number": "+44 20 7946 0347", "Ext.": "12"} {
		a.Fill(label, text)
	}
	a.Click("Save")
	for _, shown := range []string{"Pharmacy", "Phil", "Armacy", "Example Clinic", "EC-1", "Supplier", "Health",
		`\+44 20 7946 0347`, `Desk Ext\. 12`} {
		a.WaitText(shown)
	}
	a.Click("Import and export")
	if err := a.chooseFile("import-file", "list.csv",
		"Full name;Firm;Phone\nPharmacy;Example;020 7946 0347\nLaboratory;Example;3001\n=cmd|x;;3002\nnobody;;\n"); err != nil {
		t.Fatal(err)
	}
	a.WaitText(`4 contacts found in list.csv`)
	a.Fill("Firm", "Customer")
	a.WaitText(`(?s)Preview.*Laboratory`)
	a.Click("Import")
	a.WaitText(`\d contacts? imported`)
	a.Click("Undo")
	a.WaitNoText(`Laboratory`)
	if err := a.chooseFile("import-file", "cards.vcf",
		"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Laboratory\r\nORG:Example Clinic\r\nTEL;TYPE=work:3001\r\nEND:VCARD\r\n"+
			"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Pharmacy\r\nTEL:+442079460347\r\nEND:VCARD\r\n"); err != nil {
		t.Fatal(err)
	}
	a.WaitText(`1 of them seems to be in the contacts already`)
	a.Click("Merge")
	a.Click("Import")
	a.WaitText(`\d contacts? imported`)
	a.Click("Import and export")
	a.Click("Export as vCard")
	if cards := a.waitSaved(1); strings.Count(cards, "BEGIN:VCARD") != 2 || !strings.Contains(cards, "FN:Pharmacy") ||
		!strings.Contains(cards, "Armacy") {
		t.Errorf("vCards of two contacts: %s", cards)
	}
	a.Click("Import and export")
	a.Click("Export as CSV")
	if csv := a.waitSaved(2); !strings.Contains(csv, "Laboratory") || !strings.Contains(csv, "EC-1") {
		t.Errorf("CSV of two contacts: %s", csv)
	}
}

// phonebook is the company's, on the origin of the phone. It answers with a tag.
type phonebook struct {
	mu   sync.Mutex // guards the rest
	tags []string   // If-None-Match of each request
	down bool
}

func (b *phonebook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tags = append(b.tags, r.Header.Get("If-None-Match"))
	switch {
	case b.down:
		w.WriteHeader(http.StatusBadGateway)
	case r.Header.Get("If-None-Match") == `"v1"`:
		w.WriteHeader(http.StatusNotModified)
	default:
		w.Header().Set("ETag", `"v1"`)
		fmt.Fprint(w, `{"contacts": [{"name": "Billing", "organisation": "Tier 2", "numbers": [{"name": "Desk", "number": `+
			`"+44 20 7946 1002", "extension": "1002"}]}]}`)
	}
}

func (b *phonebook) asked() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]string{}, b.tags...)
}

func TestPhonebookIsMarkedAndKept(t *testing.T) {
	t.Parallel()
	book := &phonebook{}
	d := startConfigured(t, map[string]any{"phonebook": "phonebook.json",
		"numbering": map[string]any{"country": "44", "trunk": "0"}}, map[string]http.Handler{"/phonebook.json": book})
	a := logIn(t, d.URL, d.account(1), pageOptions{window: desktopWindow})
	a.Click("Contacts")
	a.WaitText(`Company phonebook`)
	a.Click("Billing Company phonebook. Tier 2")
	a.WaitText(`Desk Ext\. 1002`)
	a.WaitNoButton("Edit contact")
	b := logIn(t, d.URL, d.account(2), pageOptions{})
	b.Dial(user(1))
	a.WaitText(`(?s)` + saysIncoming + `.*Billing`) // known by the extension
	a.Click("Decline")
	b.WaitIdle()
	book.mu.Lock()
	book.down = true
	book.mu.Unlock()
	for range 2 {
		a.reload()
		a.Login(d.account(1))
		a.WaitRegistered()
		a.Click("Contacts")
		a.WaitText(`Company phonebook`)
		book.mu.Lock()
		book.down = false
		book.mu.Unlock()
	}
	a.until("ask with the tag", func() error {
		if got := book.asked(); len(got) < 3 || got[0] != "" || got[len(got)-1] != `"v1"` {
			return fmt.Errorf("asked with %q", got)
		}
		return nil
	})
}

func TestHistorySaysHowItWas(t *testing.T) {
	t.Parallel()
	d := startConfigured(t, map[string]any{"retention": map[string]int{"entries": 2}}, nil)
	a := logIn(t, d.URL, d.account(1), pageOptions{window: desktopWindow, script: keepsDownloads})
	a.Dial("603")
	a.WaitWhy(`did not take the call`)
	a.WaitIdle()
	a.Dial("605")
	a.WaitOnCall()
	a.WaitIdle()
	a.Dial("601")
	a.WaitWhy(`(?i)busy`)
	a.WaitIdle()
	a.Click("History")
	a.WaitText(`(?s)601.*605`)
	a.WaitNoText(`603`) // only two are kept
	a.Click("Search history")
	a.Fill("Search history", "60 5")
	waitEval(a.Page, "find the call by its digits", `document.querySelectorAll('.pane-list li').length`, 1)
	a.Fill("Search history", "601")
	waitEval(a.Page, "find only that one", `/601/.test(document.querySelector('.pane-list li')?.textContent)`, true)
	if _, err := eval[bool](a.Page, `document.querySelector('.pane-list [data-open]').click(), true`); err != nil {
		t.Fatal(err)
	}
	a.WaitText(`(?s)Time.*Today.*Result\s+Outgoing, busy \(486\)`)
	a.Fill("Search history", "605")
	waitEval(a.Page, "find the other call", `/605/.test(document.querySelector('.pane-list li')?.textContent)`, true)
	if _, err := eval[bool](a.Page, `document.querySelector('.pane-list [data-open]').click(), true`); err != nil {
		t.Fatal(err)
	}
	a.WaitText(`(?s)Duration\s+00:00:0[1-9]`)
	a.Click("Export and clear")
	a.Click("Export as CSV")
	csv := a.waitSaved(1)
	for _, want := range []string{"Start,Direction,Name,Number", "outgoing,", ",601,", ",busy,486", ",605,", ",hangup-remote,"} {
		if !strings.Contains(csv, want) {
			t.Errorf("exported %q, want %q in it", csv, want)
		}
	}
}

func TestTwoTabsKeepOneHistory(t *testing.T) {
	t.Parallel()
	d := startDemo(t)
	a := logIn(t, d.URL, d.account(1), pageOptions{window: desktopWindow})
	b := openPhone(t, d.URL, "beside", pageOptions{window: desktopWindow, beside: a.Page})
	b.Login(d.account(1))
	b.WaitText(`In use in another window`)
	call := func(p Phone, number string) {
		t.Helper()
		if _, _, err := p.locate("Take over here", buttons); err == nil {
			p.Click("Take over here")
		}
		p.WaitRegistered()
		p.Dial(number)
		p.WaitWhy(`\S`)
		p.WaitIdle()
	}
	call(a, "601")
	call(b, "603")
	call(a, "604404")
	for _, p := range []Phone{a, b} {
		p.Click("History")
		p.WaitText(`(?s)604404.*603.*601`)
	}
	a.Click("Contacts")
	a.Click("Add contact")
	a.Fill("Name (required)", "Front Desk")
	a.Click("Save")
	b.Click("Contacts")
	b.WaitText(`Front Desk`)
	if err := chromedp.Do(b.ctx, chromedp.Reload()); err != nil {
		t.Fatal(err)
	}
	b.Login(d.account(1))
	b.WaitText(`In use in another window`)
	b.Click("History")
	b.WaitText(`(?s)604404.*603.*601`)
}
