package main

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/phone"
	"github.com/gowebphone/webphone/pwa/screen"
)

// TestPartsShowTheWholeSnapshot goes from screen to screen, and on from each by what its user and the world can do next. A part
// of the page is drawn from its cut of the snapshot, and only when that changes: all the same the page is to be what it is when
// it is drawn afresh and every part may look at everything.
func TestPartsShowTheWholeSnapshot(t *testing.T) {
	rounds, steps := 30, 12
	if testing.Short() {
		rounds = 6
	}
	all := names()
	rnd := rand.New(rand.NewPCG(3, 4))
	open := slots(t)
	for range rounds {
		s, _ := addressed(url.Values{"screen": {all[rnd.IntN(len(all))]}})
		st := newStage(t, s)
		path := []string{}
		for range steps {
			next := happens(st, rnd)
			if next == nil {
				s, _ = addressed(url.Values{"screen": {all[rnd.IntN(len(all))]}})
				next = comes(rnd)
			}
			s = phone.Reduce(s, next)
			path = append(path, fmt.Sprintf("%T", next))
			st.change(s)
			got, want := drawn(st), open(func() string { return drawn(newStage(t, s)) })
			if got != want {
				t.Fatalf("after %s:\n%s", strings.Join(path, ", "), difference(got, want))
			}
		}
	}
}

// TestPartsShowWhatComesToAnyScreen does one thing to each screen that concerns more of the page than its screen is about.
func TestPartsShowWhatComesToAnyScreen(t *testing.T) {
	open := slots(t)
	for i, name := range names() {
		for _, change := range []func(screen.Snapshot) screen.Snapshot{
			func(s screen.Snapshot) screen.Snapshot { return phone.Reduce(s, screen.Updatable{}) },
			func(s screen.Snapshot) screen.Snapshot { return phone.Reduce(s, screen.SetAutoAnswer{On: true}) },
			func(s screen.Snapshot) screen.Snapshot {
				return phone.Reduce(s, screen.DevicesFound{Devices: []screen.Device{{ID: "z", Label: "Handset",
					Kind: screen.Speaker}}})
			},
			func(s screen.Snapshot) screen.Snapshot {
				s.Rows = append(slices.Clone(s.Rows), screen.MenuItem{Page: screen.PageSettings, Detail: screen.SectionCalls})
				s.Page, s.List, s.Detail = screen.PageSettings, screen.PageSettings, screen.SectionCalls
				return s
			},
		} {
			if testing.Short() && i%4 != 0 {
				continue
			}
			s, _ := addressed(url.Values{"screen": {name}})
			st := newStage(t, s)
			s = change(s)
			st.change(s)
			if got, want := drawn(st), open(func() string { return drawn(newStage(t, s)) }); got != want {
				t.Errorf("%s:\n%s", name, difference(got, want))
			}
		}
	}
}

// Handlers, too, know no more than their part of the page.
func TestHandlersOfPartsKnowWhatTheyNeed(t *testing.T) {
	open := slots(t)
	for _, name := range names() {
		s, _ := addressed(url.Values{"screen": {name}})
		got := newStage(t, s).acts()
		open(func() string {
			if want := newStage(t, s).acts(); !slices.Equal(sorted(got), sorted(want)) {
				t.Errorf("%s: %s", name, difference(strings.Join(sorted(got), "\n"), strings.Join(sorted(want), "\n")))
			}
			return ""
		})
	}
}

func sorted(list []string) []string { return slices.Sorted(slices.Values(list)) }

// happens is something that a user does on the page, or that comes from outside; nil for another screen.
func happens(st *stage, rnd *rand.Rand) phone.Event {
	line := func() string {
		if calls := st.snapshot.Calls.All; len(calls) > 0 {
			return calls[rnd.IntN(len(calls))].ID
		}
		return ""
	}
	switch rnd.IntN(10) {
	case 0, 9:
		return nil
	case 1:
		return phone.Tick{At: st.snapshot.Now.Add(1e9)}
	case 2:
		return in("n"+line(), "Support queue", "+442079460155")
	case 3:
		return measure(line(), rnd.Uint64N(9))
	case 4:
		return change(st.snapshot, line(), []func(*ua.CallInfo){muted, held, heldRemote, answered}[rnd.IntN(4)])
	case 5:
		return screen.Type{Text: []string{"", "6", "60", "wa", "+44 20"}[rnd.IntN(5)]}
	}
	st.acts()
	var offered []screen.Event
	for _, e := range st.sent {
		if strings.HasPrefix(fmt.Sprintf("%T", e), "screen.") { // the others are for the browser
			offered = append(offered, e)
		}
	}
	if len(offered) == 0 {
		return nil
	}
	return offered[rnd.IntN(len(offered))]
}

// comes is something that the world does to any screen.
func comes(rnd *rand.Rand) phone.Event {
	all := []phone.Event{screen.Updatable{}, screen.Sound{Blocked: true}, screen.Fault{}, screen.PasteFailed{}, lost(),
		turnedAway(),
		registration(ua.Registering), in("n", "Support queue", "+442079460155"), out("o", ua.CallEstablished)}
	return all[rnd.IntN(len(all))]
}

// slots finds the slots of all screens, and returns what draws while all of them show everything.
func slots(t *testing.T) func(draw func() string) string {
	t.Helper()
	type cut = func(screen.Snapshot) screen.Snapshot
	found := map[*cut]cut{}
	for _, name := range names() {
		s, _ := addressed(url.Values{"screen": {name}})
		walk(reflect.ValueOf(newStage(t, s)), 0, func(v reflect.Value, _ int) {
			if slot := v.FieldByName("slot"); slot.IsValid() {
				at := opened(slot.Elem().FieldByName("cut")).Addr().Interface().(*cut)
				found[at] = *at
			}
		})
	}
	if len(found) < 10 {
		t.Fatalf("%d slots: they are no longer found", len(found))
	}
	return func(draw func() string) string {
		for at := range found {
			*at = func(s screen.Snapshot) screen.Snapshot { return s }
		}
		defer func() {
			for at, cut := range found {
				*at = cut
			}
		}()
		return draw()
	}
}

// walk goes to every node that is drawn: elements, texts and components.
func walk(v reflect.Value, depth int, visit func(v reflect.Value, depth int)) {
	for v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return
		}
		v = v.Elem()
	}
	visit(v, depth)
	if root := v.FieldByName("rootElement"); root.IsValid() {
		walk(root, depth+1, visit)
	}
	children := v.FieldByName("children")
	for i := 0; children.IsValid() && i < children.Len(); i++ {
		walk(children.Index(i), depth+1, visit)
	}
}

// drawn is the page as text: elements with attributes and handlers, and texts.
func drawn(root app.UI) string {
	var b strings.Builder
	walk(reflect.ValueOf(root), 0, func(v reflect.Value, depth int) {
		switch {
		case v.FieldByName("tag").IsValid():
			var attrs []string
			for it := v.FieldByName("attributes").MapRange(); it.Next(); {
				attrs = append(attrs, it.Key().String()+"="+it.Value().String())
			}
			for it := v.FieldByName("eventHandlers").MapRange(); it.Next(); {
				attrs = append(attrs, "on "+it.Key().String()+" "+it.Value().FieldByName("scope").String())
			}
			fmt.Fprintf(&b, "%*s%s %q\n", depth, "", v.FieldByName("tag"), sorted(attrs))
		case v.FieldByName("value").IsValid():
			fmt.Fprintf(&b, "%*s%q\n", depth, "", v.FieldByName("value"))
		}
	})
	return b.String()
}

// difference is the first line in which two texts differ.
func difference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return "got  " + g[i] + "\nwant " + w[i]
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(g), len(w))
}
