package ui

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
)

// onTheLine is a window with a call on the line, whose caller's pane shows.
func onTheLine() screen.Snapshot {
	return view(func(s *screen.Snapshot) {
		l := line(screen.CallEstablished)
		l.Direction = screen.Incoming
		s.Screen, s.Active, s.Now = screen.ScreenPhone, l.ID, midday
		s.Calls.All = []screen.Line{l}
		s.Caller.Line, s.Caller.Number, s.Caller.NoteID = l, "1002", l.ID
	}).S
}

// with is that window with another line of the call, as the user agent and a measurement bring it.
func with(s screen.Snapshot, l screen.Line) screen.Snapshot {
	s.Calls.All, s.Caller.Line = []screen.Line{l}, l
	return s
}

func cutSame(a, b screen.Snapshot) bool {
	before, after := detailCut(a), detailCut(b)
	return screen.Same(&before, &after)
}

// drawn is the caller's pane, with the words of each line in order: go-app writes attributes in any.
func drawn(s screen.Snapshot) (html string) {
	for _, part := range callerPane(View{S: s, Do: func(screen.Event) {}}) {
		for tag := range strings.SplitSeq(app.HTMLString(part), "\n") {
			words := strings.FieldsFunc(tag, func(r rune) bool { return r == ' ' || r == '>' })
			slices.Sort(words)
			html += strings.Join(words, " ") + "\n"
		}
	}
	return html
}

// alter gives a field something that can be seen.
func alter(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("told")
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Int, reflect.Int64, reflect.Uint8:
		if v.CanInt() {
			v.SetInt(v.Int() + 1)
		} else {
			v.SetUint(v.Uint() + 1)
		}
	case reflect.Float64:
		v.SetFloat(v.Float() + 1)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(midday))
			return
		}
		for i := range v.NumField() {
			alter(v.Field(i))
		}
	}
}

// TestTheDetailIsDrawnFromAllItShowsOfACall changes each field of the call alone: the pane drawn of its cut is the pane drawn of
// the whole, and where both look as before, the cut is the same one, so that nothing is drawn.
func TestTheDetailIsDrawnFromAllItShowsOfACall(t *testing.T) {
	before := onTheLine()
	moved := map[string]bool{}
	each := func(name string, field func(l *screen.Line) reflect.Value) {
		l := before.Caller.Line
		alter(field(&l))
		after := with(before, l)
		if l.ID != before.Caller.Line.ID {
			return // another call: see below
		}
		if got, want := drawn(detailCut(after)), drawn(after); got != want {
			t.Errorf("%s: the cut shows\n%s\nand the whole\n%s", name, got, want)
		}
		if drawn(after) != drawn(before) {
			moved[name] = true
		} else if name := name; cutSame(before, after) == shownElsewhere[name] {
			t.Errorf("%s: it looks as before, and the same is %t", name, cutSame(before, after))
		}
	}
	lines, calls := reflect.TypeFor[screen.Line](), reflect.TypeFor[screen.Call]()
	for i := range lines.NumField() {
		if f := lines.Field(i); f.Name != "Call" {
			each(f.Name, func(l *screen.Line) reflect.Value { return reflect.ValueOf(l).Elem().Field(i) })
		}
	}
	for i := range calls.NumField() {
		each(calls.Field(i).Name, func(l *screen.Line) reflect.Value { return reflect.ValueOf(&l.Call).Elem().Field(i) })
	}
	if got := fmt.Sprint(moved); got != "map[Asserted:true Direction:true DivertedFrom:true ReferredBy:true Remote:true]" {
		t.Errorf("seen: %s", got)
	}
}

// shownElsewhere are fields of the call that the pane shows of other calls than this one: of one without a name, or unanswered.
var shownElsewhere = map[string]bool{"Withheld": true, "Dialled": true, "Answered": true}

// TestTheEndOfACallIsSeenInTheDetail, and not what becomes of others.
func TestTheEndOfACallIsSeenInTheDetail(t *testing.T) {
	goes := onTheLine()
	over := goes
	over.Calls.All = nil
	if cutSame(goes, over) || drawn(detailCut(goes)) == drawn(detailCut(over)) {
		t.Error("a call ends, and its pane cannot be closed")
	}
	more := goes
	more.Calls.All = append(more.Calls.All[:1:1], screen.Line{Call: screen.Call{ID: "2", Direction: screen.Incoming}})
	if !cutSame(goes, more) {
		t.Error("a second call draws the first one's pane anew")
	}
}

// TestThePencilLeadsToTheNote of the call on the stage, once somebody has answered, where one can be kept.
func TestThePencilLeadsToTheNote(t *testing.T) {
	for bits := range 8 {
		answered, kept, theirs := bits&1 > 0, bits&2 > 0, bits&4 > 0
		s := onTheLine()
		l := s.Calls.All[0]
		if !answered {
			l.Answered = time.Time{}
		}
		if s = with(s, l); !kept {
			s.Caller.NoteID = ""
		}
		if !theirs {
			s.Caller.Line.ID = "2" // the pane is about another call
		}
		html := app.HTMLString(noteButton(View{S: bodyCut(s), Do: func(screen.Event) {}}, l))
		hidden := strings.Contains(html, " hidden ") || strings.Contains(html, " hidden>")
		if shown := !hidden; shown != (answered && kept && theirs) {
			t.Errorf("answered %t, kept %t, of this call %t: shown %t", answered, kept, theirs, shown)
		}
		if !strings.Contains(html, fmt.Sprintf("%T{true true}", screen.ShowCaller{})) {
			t.Errorf("it leads to %s", html)
		}
	}
}
