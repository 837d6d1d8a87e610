//go:build !js

package ua_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/siptest"
	"github.com/gowebphone/webphone/pkg/ua"
)

// The tests here cut WebSockets in calls with real audio.

// talkTo calls a number of the server and waits for its audio.
func talkTo(t *testing.T, a *ua.UserAgent, number string) *ua.Call {
	t.Helper()
	call, err := a.Invite(limited(t), number, ua.InviteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := call.Wait(limited(t)); err != nil {
		t.Fatal(err)
	}
	hears(t, call, 10)
	return call
}

// cut drops the connection of 1001 and waits until a re-INVITE has gone by over the next one.
func cut(t *testing.T, srv *siptest.Server, a *ua.UserAgent, call *ua.Call) {
	t.Helper()
	ctx, stop := context.WithCancel(limited(t))
	defer stop()
	events := a.Events(ctx)
	srv.DropConnections("1001")
	busy := false
	for ev := range events {
		if ev, ok := ev.(ua.CallEvent); ok && ev.Call == call {
			if busy = busy || ev.Info.Busy; busy && !ev.Info.Busy {
				break
			}
		}
	}
	if info := call.Info(); info.State != ua.CallEstablished || info.Trouble.Kind != ua.CauseNone {
		t.Fatalf("after the cut: %+v", info)
	}
}

// serverHears waits until the number has got n more packets of the call.
func serverHears(t *testing.T, srv *siptest.Server, call *ua.Call, n uint64) {
	t.Helper()
	first := uint64(0)
	for _, c := range srv.Calls() {
		if c.CallID == call.Info().CallID {
			first = c.PacketsReceived
		}
	}
	_, err := srv.WaitCall(limited(t), func(c siptest.Call) bool {
		return c.CallID == call.Info().CallID && c.State == siptest.CallConfirmed && c.PacketsReceived >= first+n
	})
	if err != nil {
		t.Fatalf("the other side hears nothing: %v; %+v", err, srv.Calls())
	}
}

// callStates are what a call may be in when its connection is cut.
var callStates = map[string]func(t *testing.T, call *ua.Call){
	"active": func(*testing.T, *ua.Call) {},
	"muted":  func(_ *testing.T, call *ua.Call) { call.Mute(true) },
	"held": func(t *testing.T, call *ua.Call) {
		if err := call.Hold(limited(t)); err != nil {
			t.Fatal(err)
		}
	},
}

// TestRealCallsSurviveCuts cuts the connection in each state of a call with each kind of peer, twice; then one of the two hangs
// up.
func TestRealCallsSurviveCuts(t *testing.T) {
	for _, number := range []string{"600", "606", "607", "608"} {
		for state, enter := range callStates {
			for _, end := range []string{"here", "there"} {
				if testing.Short() && (state != "active" || end == "there" && number == "608") {
					continue
				}
				t.Run(fmt.Sprint(number, " ", state, " ", end), func(t *testing.T) {
					t.Parallel()
					srv := siptest.NewServer()
					defer srv.Close()
					a := register(t, srv, "1001")
					call := talkTo(t, a, number)
					enter(t, call)
					for range 2 {
						cut(t, srv, a, call)
						if state != "held" {
							hears(t, call, 10)
							serverHears(t, srv, call, 10)
						}
					}
					if state == "held" {
						if err := call.Resume(limited(t)); err != nil {
							t.Fatal(err)
						}
						hears(t, call, 10)
						serverHears(t, srv, call, 10)
					}
					wantEnd(t, srv, a, call, end)
				})
			}
		}
	}
}

// wantEnd ends a call at one side and waits until the other one knows.
func wantEnd(t *testing.T, srv *siptest.Server, a *ua.UserAgent, call *ua.Call, end string) {
	t.Helper()
	events := a.Events(limited(t))
	want, kind := "BYE received", ua.CauseHangupLocal
	if end == "there" {
		want, kind = "BYE sent", ua.CauseHangupRemote
		srv.HangUp(call.Info().CallID)
	} else if err := call.Hangup(limited(t)); err != nil {
		t.Fatal(err)
	}
	if info := ended(t, call, events); info.Cause.Kind != kind {
		t.Errorf("ended by %+v, want %v", info.Cause, kind)
	}
	_, err := srv.WaitCall(limited(t), func(c siptest.Call) bool { return c.State == siptest.CallEnded && c.Cause == want })
	if err != nil {
		t.Errorf("the other side: %v; %+v", err, srv.Calls())
	}
}

// A call that is held when its connection is cut is ended by the other side, whose BYE goes to the connection that is gone.
func TestRealHeldCallIsNotLeftBehind(t *testing.T) {
	t.Parallel()
	srv := siptest.NewServer()
	defer srv.Close()
	a := register(t, srv, "1001")
	call := talkTo(t, a, "608")
	callStates["held"](t, call)
	cut(t, srv, a, call)
	wantEnd(t, srv, a, call, "there")
}

func TestRealCutWhileWeCall(t *testing.T) {
	t.Parallel()
	srv := siptest.NewServer()
	defer srv.Close()
	a := register(t, srv, "1001")
	events := a.Events(limited(t))
	call, err := a.Invite(limited(t), "604", ua.InviteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for ev := range events {
		if ev, ok := ev.(ua.CallEvent); ok && ev.Info.State == ua.CallRinging {
			break
		}
	}
	srv.DropConnections("1001")
	if _, err := srv.WaitCall(limited(t), func(c siptest.Call) bool { return c.Cause == "CANCEL" }); err != nil {
		t.Errorf("the other side rings on: %v; %+v", err, srv.Calls())
	}
	if info := call.Info(); info.State != ua.CallEnded || info.Cause.Kind != ua.CauseConnectionLost {
		t.Errorf("%+v", info)
	}
}

// TestRealCutWhileTwoAgentsRing cuts the connection of the caller, and of the called one, while one rings.
func TestRealCutWhileTwoAgentsRing(t *testing.T) {
	for who, tt := range map[string]struct{ cut, told string }{
		"caller": {"1001", "1002"}, "called": {"1002", "1001"},
	} {
		t.Run(who, func(t *testing.T) {
			t.Parallel()
			srv := siptest.NewServer()
			defer srv.Close()
			agents := map[string]*ua.UserAgent{"1001": register(t, srv, "1001"), "1002": register(t, srv, "1002")}
			incoming, told := agents["1002"].Events(limited(t)), agents[tt.told].Events(limited(t))
			if _, err := agents["1001"].Invite(limited(t), "1002", ua.InviteOptions{}); err != nil {
				t.Fatal(err)
			}
			for ev := range incoming {
				if _, ok := ev.(ua.IncomingCallEvent); ok {
					break
				}
			}
			begun := time.Now()
			srv.DropConnections(tt.cut)
			for ev := range told {
				if ev, ok := ev.(ua.CallEvent); ok && ev.Info.State == ua.CallEnded {
					if kind := ev.Info.Cause.Kind; kind != ua.CauseCancelled && kind != ua.CauseUnavailable &&
						kind != ua.CauseNoAnswer {
						t.Errorf("told %+v", ev.Info.Cause)
					}
					break
				}
			}
			if took := time.Since(begun); took > 10*time.Second {
				t.Errorf("told after %v", took)
			}
		})
	}
}
