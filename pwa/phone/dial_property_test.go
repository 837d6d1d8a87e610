package phone

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/number"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
)

// spelling is a way to write a number that begins with +44 or +49; "" where it cannot be written so.
type spelling func(rnd *rand.Rand, plus string) string

var spellings = []spelling{
	func(_ *rand.Rand, plus string) string { return plus },
	func(_ *rand.Rand, plus string) string { return "00" + plus[1:] },
	func(_ *rand.Rand, plus string) string { return plus[:3] + " (0)" + plus[3:] },
	func(_ *rand.Rand, plus string) string { return "00" + plus[1:3] + " (0) " + plus[3:] },
	func(_ *rand.Rand, plus string) string { return plus[:3] + " (0" + plus[3:5] + ") " + plus[5:] },
	func(_ *rand.Rand, plus string) string {
		if plus[:3] != "+44" {
			return "" // at home it is somebody else
		}
		return "0" + plus[3:]
	},
	func(_ *rand.Rand, plus string) string { return "tel:" + plus },
	func(_ *rand.Rand, plus string) string { return "callto:" + plus },
	func(_ *rand.Rand, plus string) string { return "<tel:" + plus + ";ext=7>" },
	func(_ *rand.Rand, plus string) string { return "sip:" + plus + "@sip.example.com;user=phone" },
	func(rnd *rand.Rand, plus string) string {
		signs := []string{"", " ", "-", ".", "\u00a0", "\u2011", " / "}
		var b strings.Builder
		for i, r := range plus {
			if i > 3 {
				b.WriteString(signs[rnd.IntN(len(signs))])
			}
			b.WriteRune(r)
		}
		return b.String()
	},
	func(rnd *rand.Rand, plus string) string {
		zero := []rune{'٠', '۰', '０', '𝟎', '०'}[rnd.IntN(5)]
		return strings.Map(func(r rune) rune {
			if r == '+' {
				return r
			}
			return zero + r - '0'
		}, plus)
	},
}

var keyedIn = []string{"", "", "", ",,12#", ";3", "p99", "x12", " ext. 7", " Durchwahl 4"}

// spelled writes a number in one of the ways in which people and links do.
func spelled(rnd *rand.Rand, plus string) string {
	for {
		text := spellings[rnd.IntN(len(spellings))](rnd, plus)
		if text == "" {
			continue
		}
		if !strings.ContainsAny(text, ":<") {
			text += keyedIn[rnd.IntN(len(keyedIn))]
		}
		return text
	}
}

// houses has people at numbers that differ in few digits or in the country alone, written in all ways.
func houses(t *testing.T, rnd *rand.Rand) (book *contacts.Book, plus map[string]string) {
	t.Helper()
	book, plus = contacts.NewBook(config.Numbering{Country: "44", Trunk: "0", International: "00"}), map[string]string{}
	taken := map[string]bool{}
	for i := range 40 {
		subscriber := fmt.Sprintf("20794%05d", 60000+rnd.IntN(100)*10+i%2)
		for _, country := range []string{"+44", "+49"} {
			if taken[country+subscriber] {
				continue
			}
			taken[country+subscriber] = true
			c, _, err := book.Add(contacts.Contact{Name: fmt.Sprint("Desk ", i, country),
				Numbers: []contacts.Number{{Number: spelled(rnd, country+subscriber)}}})
			if err != nil {
				t.Fatal(err)
			}
			plus[c.ID] = country + subscriber
		}
	}
	return book, plus
}

// TestWhoIsShownIsWhoIsCalled types numbers into a phone as people write them, and calls them: who is called is who was shown in
// the field, on the stage and in the history, by whatever suggestion.
func TestWhoIsShownIsWhoIsCalled(t *testing.T) {
	rnd := rand.New(rand.NewPCG(11, 30))
	book, plus := houses(t, rnd)
	cfg := oneServerConfig()
	cfg.Numbering = book.Plan()
	medium := &store.Memory{Data: map[string][]byte{contactsDoc(account): docOf(t, book)}}
	storyWith(t, Options{Config: cfg, Store: medium}, func(h *harness) {
		h.login()
		for i, c := range book.All() {
			text := spelled(rnd, plus[c.ID])
			h.do(screen.Type{Text: text})
			s := h.now()
			for _, g := range s.Suggestions {
				h.wantCalls(book, plus, text+", by suggestion", g.Number, g.ContactID)
			}
			h.do(screen.Dial{Text: text, Fits: s.Fits})
			did := h.agent().did()
			if len(did) != 1 || !strings.HasPrefix(did[0], "invite ") {
				t.Fatalf("%q: did %q, want one call", text, did)
			}
			target := strings.TrimPrefix(did[0], "invite ")
			h.wantCalls(book, plus, text, target, c.ID)
			id, as := fmt.Sprint(i), func(c *ua.CallInfo) {
				c.Dialled, c.Started, c.Remote = target, at(i), ua.Address{User: userOf(target), Host: "sip.example.com"}
			}
			h.tell(out(id, ua.CallRinging, as))
			if line, _ := h.now().Line(id); line.Name() != c.Name {
				t.Errorf("%q: the stage shows %q, want %q", text, line.Name(), c.Name)
			}
			h.tell(out(id, ua.CallEnded, as))
			if last := h.now().Last; last == nil || last.ContactID != c.ID {
				t.Errorf("%q: the history shows %+v, want %q", text, last, c.Name)
			}
			h.do(screen.Dismiss{}, screen.Type{Text: ""})
			h.agent().did()
		}
	})
}

// wantCalls holds a text to the one contact whose number it is.
func (h *harness) wantCalls(book *contacts.Book, plus map[string]string, why, text, contact string) {
	h.Helper()
	call, err := number.Dialable(text)
	read := number.Read(call, h.cfg.Numbering)
	if err != nil || read.Form != number.Full || "+"+read.Digits != plus[contact] {
		h.Errorf("%s: %q is called, which is %+v, %v; want %s", why, call, read, err, plus[contact])
	}
	if c, _, ok := book.Caller(text); !ok || c.ID != contact {
		h.Errorf("%s: %q is shown as %q, want who has %s", why, text, c.Name, plus[contact])
	}
}

func userOf(target string) string {
	user, _, _ := strings.Cut(strings.TrimPrefix(target, "sip:"), "@")
	return user
}
