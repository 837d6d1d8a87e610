//go:build e2e && pictures

package e2e

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// tourCards are whom the phone of the tour knows.
const tourCards = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Echo test\r\nORG:Example Clinic\r\nTEL;TYPE=work:600\r\nEND:VCARD\r\n" +
	"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Pharmacy\r\nORG:Example " +
	"Clinic\r\nTEL;TYPE=work:601\r\nTEL;TYPE=cell:+447700900461\r\nEND:VCARD\r\n" +
	"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Laboratory\r\nORG:Example Clinic\r\nTEL;TYPE=work:605\r\nEND:VCARD\r\n" +
	"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Front desk\r\nORG:Example Clinic\r\nTEL;TYPE=work:1002\r\nEND:VCARD\r\n" +
	"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Warehouse\r\nTEL;TYPE=work:+442079460518\r\nEND:VCARD\r\n"

const tourBytes = 600 << 10 // of all pictures together

// tour takes the pictures that the README shows.
type tour struct {
	t     *testing.T
	dir   string
	bytes int
}

func (r *tour) take(p Phone, name string) {
	r.t.Helper()
	p.settle()
	waitEval(p.Page, "draw its signs", `fetch('icons.svg').then(() => new Promise(drawn => requestAnimationFrame(() => `+
		`requestAnimationFrame(() => drawn(true)))))`, true)
	quality := int64(82)
	shot, err := chromedp.Call(p.ctx, cdppage.CaptureScreenshot,
		cdppage.CaptureScreenshotParams{Format: "webp", Quality: &quality})
	if err != nil {
		r.t.Fatalf("picture of %s: %v", name, err)
	}
	r.bytes += len(shot.Data)
	if err := os.WriteFile(filepath.Join(r.dir, name+".webp"), shot.Data, 0o644); err != nil {
		r.t.Fatal(err)
	}
}

// dark lets the page believe that the system is dark, or light.
func (p Phone) dark(on bool) {
	p.t.Helper()
	scheme := map[bool]string{true: "dark", false: "light"}[on]
	if _, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}); err != nil {
		p.t.Fatal(err)
	}
}

// TestTour leaves the pictures in E2E_TOUR: "make tour" renews those of the README.
func TestTour(t *testing.T) {
	t.Parallel()
	r := &tour{t: t, dir: os.Getenv("E2E_TOUR")}
	d := startDemo(t)
	b := logIn(t, d.URL, d.account(2), pageOptions{})
	r.narrow(d, b)
	r.wide(d)
	if r.bytes > tourBytes {
		t.Errorf("the pictures have %d bytes, want at most %d", r.bytes, tourBytes)
	}
}

// narrow is the phone on a telephone's screen.
func (r *tour) narrow(d *demo, b Phone) {
	a := openPhone(r.t, d.URL, "narrow", pageOptions{})
	r.take(a, "login")
	a.Login(d.account(1))
	a.WaitRegistered()
	r.know(a)
	a.Click("Phone")
	a.Fill(numberField, "60")
	a.WaitText(`Pharmacy`)
	r.take(a, "dialpad")
	a.dark(true)
	b.Dial(user(1))
	a.WaitText(`(?s)` + saysIncoming + `.*Front desk`)
	r.take(a, "incoming")
	a.Click("Answer")
	a.WaitOnCall()
	a.Click("Transfer")
	a.Fill(numberField, "60")
	r.take(a, "transfer")
	a.Click("Back")
	a.Click("Hang up")
	a.WaitIdle()
	b.WaitIdle()
	a.dark(false)
	a.Click("Settings")
	a.Click("Appearance English")
	a.Fill("Language", "العربية")
	a.WaitText("اللغة")
	r.take(a, "arabic")
}

// wide is the phone on a desktop.
func (r *tour) wide(d *demo) {
	a := logIn(r.t, d.URL, d.account(3), pageOptions{window: desktopWindow})
	r.know(a)
	a.Dial("601")
	a.WaitWhy(`(?i)busy`)
	r.take(a, "why")
	a.WaitIdle()
	a.Dial("605")
	a.WaitOnCall()
	a.WaitIdle()
	a.Click("Pharmacy Example Clinic 601")
	a.WaitText(`Recent calls`)
	a.Dial("600")
	a.WaitOnCall()
	a.WaitText(`00:00:0[3-9]`)
	r.take(a, "call")
	a.Click("Hang up")
	a.WaitIdle()
	a.dark(true)
	a.Click("History")
	a.WaitText(`(?s)Today.*Echo test`)
	if _, err := eval[bool](a.Page, `[...document.querySelectorAll('.pane-list [data-open]')].pop().click(), true`); err != nil {
		r.t.Fatal(err)
	}
	a.WaitText(`Outgoing, busy \(486\)`)
	r.take(a, "history")
	a.Click("Settings")
	a.Click("Audio System default")
	a.WaitText(`Echo cancellation`)
	r.take(a, "settings")
}

// know imports the contacts of the tour.
func (r *tour) know(p Phone) {
	r.t.Helper()
	p.Click("Contacts")
	p.Click("Import and export")
	if err := p.chooseFile("import-file", "contacts.vcf", tourCards); err != nil {
		r.t.Fatal(err)
	}
	p.WaitText(`5 contacts found`)
	p.Click("Import")
	p.WaitText(`\d contacts? imported`)
	p.Click("Dismiss") // the pictures are of something else
}
