package books

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/history"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// filled is a value of each of whose fields something can be told.
func filled(v reflect.Value, n *int) {
	*n++
	if v.Type() == reflect.TypeFor[time.Time]() {
		v.Set(reflect.ValueOf(time.Unix(int64(*n), 0)))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprint("text ", *n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			filled(v.Index(i), n)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			filled(v.Field(i), n)
		}
	}
}

// TestNothingOfAContactIsLostOnTheWay brings one to a window and back: whatever stands in it comes back, but whose it is.
func TestNothingOfAContactIsLostOnTheWay(t *testing.T) {
	var c contacts.Contact
	filled(reflect.ValueOf(&c).Elem(), new(int))
	shown := shownContact(c)
	if !shown.ReadOnly || shown.Numbers[1].Dial != c.Numbers[1].Dial() || shown.Numbers[1].Dial == "" {
		t.Errorf("shown as %+v", shown)
	}
	back := writtenContact(shown)
	if back.ReadOnly() {
		t.Error("a window says that a contact is the company's")
	}
	if back.Source = c.Source; !reflect.DeepEqual(back, c) {
		t.Errorf("%+v comes back as %+v", c, back)
	}
	c.Source = contacts.Own
	if shown = shownContact(c); shown.ReadOnly {
		t.Error("the user's own contact is shown as the company's")
	}
	shown.Numbers[0].Number = "changed"
	if c.Numbers[0].Number == "changed" {
		t.Error("what is shown is the book's own")
	}
}

// TestWindowsSpeakOfImportsAsTheBookDoes compares the words of both.
func TestWindowsSpeakOfImportsAsTheBookDoes(t *testing.T) {
	var columns []contacts.Column
	for _, c := range screen.Columns() {
		columns = append(columns, contacts.Column(c))
	}
	if !slices.Equal(columns, contacts.Columns()) {
		t.Errorf("a window offers %q, tables have %q", columns, contacts.Columns())
	}
	for shown, policy := range map[screen.Policy]contacts.Policy{screen.Skip: contacts.Skip, screen.Merge: contacts.Merge,
		screen.KeepBoth: contacts.KeepBoth} {
		if contacts.Policy(shown) != policy {
			t.Errorf("policy %d means %d to the book", shown, contacts.Policy(shown))
		}
	}
	if screen.MaxFile != contacts.MaxFile {
		t.Errorf("a window reads files up to %d bytes, the book up to %d", screen.MaxFile, contacts.MaxFile)
	}
}

// TestRowsOfALongListAreThoseInSight scrolls and searches: the rows are always those that Window names, of the contacts that fit.
func TestRowsOfALongListAreThoseInSight(t *testing.T) {
	b := longBook()
	s := screen.Snapshot{}
	s.Screen, s.List = screen.ScreenPhone, screen.PageContacts
	for _, test := range []struct {
		query string
		first int
	}{{"", 0}, {"", 5000}, {"", 5003}, {"", 1 << 30}, {"7", 0}, {"nobody", 0}, {"nobody", 40}, {"", 40}} {
		s.Contacts.Query, s.Contacts.First = test.query, test.first
		s = b.fill(s)
		p := s.Contacts
		from, to := p.Window()
		if found := b.book.Find(test.query, 0); p.Found != found.Len() || p.From != from || len(p.Rows) != to-from {
			t.Fatalf("%q at %d: %d found, rows %d to %d; want %d, %d to %d", test.query, test.first, p.Found, p.From,
				p.From+len(p.Rows),
				found.Len(), from, to)
		}
		for i, c := range p.Rows {
			if want := b.book.Find(test.query, 0).At(from + i); c.ID != want.ID {
				t.Errorf("%q at %d: row %d is %q, want %q", test.query, test.first, i, c.Name, want.Name)
			}
		}
	}
}

// longBook is as many contacts as a company has.
func longBook() *Books {
	b := New(Options{Now: time.Now})
	list := make([]contacts.Contact, 20000)
	for i := range list {
		list[i] = contacts.Contact{ID: fmt.Sprint(i), Name: fmt.Sprintf("Example Clinic %d", i),
			Numbers: []contacts.Number{{Name: "Work", Number: fmt.Sprintf("+4420%08d", 79460000+i)},
				{Number: fmt.Sprint(1000 + i)}}}
	}
	b.book.Import(list, contacts.KeepBoth, nil)
	b.version++
	return b
}

// BenchmarkKeyInALongList is a snapshot for each key of a search among 20,000 contacts.
func BenchmarkKeyInALongList(b *testing.B) {
	books := longBook()
	s := screen.Snapshot{}
	s.Screen, s.List = screen.ScreenPhone, screen.PageContacts
	for i := 0; b.Loop(); i++ {
		s.Contacts.Query = [...]string{"1", "12", "123", "12", ""}[i%5]
		s = books.fill(s)
	}
}

// BenchmarkKeyBesideALongList is a snapshot that has nothing to do with the contacts, while 20,000 of them show.
func BenchmarkKeyBesideALongList(b *testing.B) {
	books := longBook()
	s := screen.Snapshot{}
	s.Screen, s.List = screen.ScreenPhone, screen.PageContacts
	for b.Loop() {
		s = books.fill(s)
	}
}

// TestNothingOfAPastCallIsLostOnTheWay is the same for calls that have ended.
func TestNothingOfAPastCallIsLostOnTheWay(t *testing.T) {
	var entry history.Entry
	filled(reflect.ValueOf(&entry).Elem(), new(int))
	entry.Direction, entry.Answered, entry.Cause = ua.Incoming, time.Time{}, ua.CauseAnsweredElsewhere
	shown, told := reflect.ValueOf(pastCall(entry)), reflect.ValueOf(entry)
	for i := range shown.NumField() {
		name := shown.Type().Field(i).Name
		if name == "End" {
			continue
		}
		from := told.FieldByName(name)
		if !from.IsValid() || !reflect.DeepEqual(from.Convert(shown.Field(i).Type()).Interface(), shown.Field(i).Interface()) {
			t.Errorf("%s is shown as %v, kept as %v", name, shown.Field(i), from)
		}
	}
	if end := pastCall(entry).End; end != text.EndElsewhere {
		t.Errorf("it ended %q", end)
	}
}

// TestOnTheLineIsWhoTheHistoryNames asks both about calls of all kinds.
func TestOnTheLineIsWhoTheHistoryNames(t *testing.T) {
	for _, remote := range []ua.Address{{User: "1001"}, {User: "anonymous", Host: "anonymous.invalid"},
		{URI: "sip:pbx.example.com"}} {
		for _, direction := range []ua.Direction{ua.Outgoing, ua.Incoming} {
			for bits := range 4 {
				info := ua.CallInfo{Direction: direction, Remote: remote, Asserted: bits&1 > 0,
					Dialled: choose(bits&2 > 0, "600", "")}
				call := screen.Call{Direction: screen.Direction(direction), Remote: screen.Address(remote),
					Asserted: info.Asserted, Dialled: info.Dialled}
				if got, want := onTheLine(call), history.OnTheLine(info); got != want {
					t.Errorf("%+v: %q is on the line, want %q", info, got, want)
				}
			}
		}
	}
}

// TestPastCallsSayHowTheyEnded: a word for each end that wants one.
func TestPastCallsSayHowTheyEnded(t *testing.T) {
	for kind := ua.CauseNone; kind <= ua.CauseOther; kind++ {
		for _, direction := range []ua.Direction{ua.Outgoing, ua.Incoming} {
			e := history.Entry{Direction: direction, Cause: kind}
			silent := direction == ua.Incoming && (kind == ua.CauseNone || kind == ua.CauseHangupLocal ||
				kind == ua.CauseHangupRemote ||
				kind == ua.CauseCancelled)
			if end := pastCall(e).End; (end == "") != silent || end != "" && text.English.Say(end) == "" {
				t.Errorf("%v %v: %q", direction, kind, end)
			}
			if e.Answered = time.Unix(1, 0); pastCall(e).End != "" {
				t.Errorf("%v %v: a call that was talked in ended %q", direction, kind, pastCall(e).End)
			}
		}
	}
}

func TestHeightOfTheWindowReachesTheList(t *testing.T) {
	atDesk(t, Options{}, func(d *desk) {
		d.do(screen.WindowHigh{Height: 1536}) // at the login card
		d.login("1001")
		d.do(screen.Show{Page: screen.PageContacts})
		if got := d.now().Contacts.Height; got != 1536 {
			d.Errorf("the list is made for %d pixels, want those told before the login", got)
		}
		d.do(screen.WindowHigh{Height: 2304})
		if got := d.now().Contacts.Height; got != 2304 {
			d.Errorf("the list is made for %d pixels after the window has grown", got)
		}
	})
}
