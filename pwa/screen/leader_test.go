package screen

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestOneWindowIsHeard shows several windows any calls, while one after another of them comes to lead. What rings rings in that
// one alone, once, and so are the system and the screen told; the title is that of all.
func TestOneWindowIsHeard(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	const n = 4
	var shown [n]Snapshot
	for i := range shown {
		shown[i].Follows = i > 0
	}
	var loop [n]Loop
	var awake, meter [n]bool
	var session, title [n]string
	notices := [n]map[string]bool{{}, {}, {}, {}}
	for range 3000 {
		shared, leads := anyPhone(r), r.IntN(n)
		for i := range n {
			next := shared
			next.Follows, next.Accompanied = i != leads, true
			for _, e := range Effects(shown[i], next) {
				switch e := e.(type) {
				case Play:
					loop[i] = e.Loop
				case Beep:
					if i != leads {
						t.Fatalf("%v in a window that follows", e)
					}
				case KeepAwake:
					awake[i] = e.On
				case Session:
					session[i] = e.ID
				case Meter:
					meter[i] = e.On
				case Title:
					title[i] = e.Text
				case Notify:
					notices[i][e.ID] = true
				case Retract:
					delete(notices[i], e.ID)
				case Guard:
					t.Fatal("who leaves one window of several is asked")
				}
			}
			shown[i] = next
		}
		for i := range n {
			quiet := loop[i] == Silence && !awake[i] && session[i] == "" && !meter[i] && len(notices[i]) == 0
			if i != leads && !quiet || title[i] != TitleOf(shared) && title[i] != "" {
				t.Fatalf("window %d follows, with sound %q, session %q, %d notices, title %q", i, loop[i], session[i],
					len(notices[i]), title[i])
			}
		}
		if stage, _ := shared.Stage(); loop[leads] != shown[leads].Loop() || awake[leads] != shared.InCall() ||
			session[leads] != stage.ID || len(notices[leads]) != len(shared.Incoming()) {
			t.Fatalf("window %d leads, with sound %q, session %q, %d notices", leads, loop[leads], session[leads],
				len(notices[leads]))
		}
	}
}

// TestASignalIsOfItsMoment: who comes to lead beeps for nothing that another window has beeped for.
func TestASignalIsOfItsMoment(t *testing.T) {
	failed := phone()
	failed.Ended = &Ended{Line: line("9", Outgoing, CallEnded), Tone: ErrorTone}
	follows, begun := failed, phone()
	follows.Follows, begun.Follows = true, true
	for why, got := range map[string][]Effect{"it comes to lead": Effects(follows, failed),
		"another one leads": Effects(begun, follows)} {
		if slices.ContainsFunc(got, func(e Effect) bool { _, beeps := e.(Beep); return beeps }) {
			t.Errorf("%s: %v", why, got)
		}
	}
}

// TestSameLooksAtEverything changes each part of a snapshot alone.
func TestSameLooksAtEverything(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for range 2000 {
		a := anyPhone(r)
		b := a
		if !Same(&a, &b) {
			t.Fatalf("%+v is not the same as itself", a)
		}
		for name, change := range map[string]func(){
			"dial": func() { b.Dial += "1" }, "calls": func() { b.Calls.All = append(slices.Clone(a.Calls.All), Line{}) },
			"other calls": func() { b.Calls.All = slices.Clone(append(a.Calls.All, Line{})) },
			"end":         func() { b.Ended = &Ended{} }, "leads": func() { b.Follows = !b.Follows },
			"time": func() { b.Now = b.Now.Add(1) }, "contact": func() { b.Contacts.Edit = &ContactForm{} },
		} {
			if change(); Same(&a, &b) {
				t.Fatalf("%s: %+v is the same as %+v", name, a, b)
			}
			b = a
		}
	}
}
