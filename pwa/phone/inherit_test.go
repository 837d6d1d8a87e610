package phone

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/books"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// spoil changes what lies in the safe.
func (b *house) spoil(change func(l *legacy)) {
	b.Helper()
	var l legacy
	if err := json.Unmarshal(b.data, &l); err != nil {
		b.Fatal(err)
	}
	change(&l)
	b.data, _ = json.Marshal(l)
}

// TestWhatCannotBeTakenUpIsLost and is said to the user, in the history, and told to those who still listen.
func TestWhatCannotBeTakenUpIsLost(t *testing.T) {
	for name, spoil := range map[string]func(l *legacy){
		"a damaged state":        func(l *legacy) { l.State = []byte("damaged") },
		"a state of the morning": func(l *legacy) { l.At = l.At.Add(-time.Hour) },
		"a state of tomorrow":    func(l *legacy) { l.At = l.At.Add(time.Hour) },
		"another account":        func(l *legacy) { l.Secret.User = "1002" },
	} {
		t.Run(name, func(t *testing.T) {
			inBrowser(t, oneServerConfig(), func(b *house) {
				_, end := b.call()
				end() // it has crashed: nothing is written but what was kept before
				b.spoil(spoil)
				next, end := b.page()
				if s := next.now(); len(s.Calls.All) != 0 || s.Problem.Text.Key != text.CallLost || s.Login.Opening {
					t.Errorf("%d calls, it says %v", len(s.Calls.All), s.Problem.Text)
				}
				b.wantSaid("whoever listens is told", "BYE 1")
				if next.now().Screen == screen.ScreenLogin {
					next.login()
				}
				if left := next.keep.Load(books.LeftKey); name == "another account" {
					next.do(screen.Logout{})
					next.login()
				} else if left != "" {
					t.Errorf("the history does not have it: %s", left)
				}
				if got := next.pastCalls(); len(got) != 1 || got[0].Cause != ua.CauseConnectionLost || got[0].Number != "600" {
					t.Errorf("the history has %+v", got)
				}
				if len(next.ended) != 1 || next.ended[0].State != ua.CallEnded {
					t.Errorf("%d ends are told", len(next.ended))
				}
				end()
			})
		})
	}
}

// TestWhatCannotBeReadLeavesTheCard: the history has what the page wrote when it was left.
func TestWhatCannotBeReadLeavesTheCard(t *testing.T) {
	inBrowser(t, oneServerConfig(), func(b *house) {
		h, end := b.call()
		h.leavePage(end)
		b.data = []byte(`{"At":`)
		next, end := b.page()
		if s := next.now(); s.Screen != screen.ScreenLogin || s.Login.Opening || b.keep.Load(KeyCalls) != "" {
			t.Errorf("screen %v, opening %t, marked %q", s.Screen, s.Login.Opening, b.keep.Load(KeyCalls))
		}
		next.later(returnTime)
		b.wantSaid("nobody has taken it", "BYE 1", "REGISTER")
		next.login()
		if got := next.pastCalls(); len(got) != 1 || got[0].Cause != ua.CauseHangupLocal {
			t.Errorf("the history has %+v", got)
		}
		end()
	})
}

// TestCallThatEndedMeanwhileIsNotShown: the user agent had told its end before the phone knew it.
func TestCallThatEndedMeanwhileIsNotShown(t *testing.T) {
	inBrowser(t, oneServerConfig(), func(b *house) {
		h, end := b.call()
		h.agent().has("2")
		h.call("2", false, "601", ua.CallEstablished, answeredNow)
		h.leavePage(end)
		b.spoil(func(l *legacy) { l.State = []byte("1") })
		next, end := b.page()
		if s := next.now(); len(s.Lines()) != 1 || s.Active != "1" {
			t.Errorf("%d calls, %q on the stage", len(s.Lines()), s.Active)
		}
		if got := next.pastCalls(); len(got) != 1 || got[0].Number != "601" {
			t.Errorf("the history has %+v", got)
		}
		end()
	})
}

// TestCallsThatNobodyHasAnsweredEndWithThePage: who is called is told that nobody calls any more, who calls that nobody is here.
func TestCallsThatNobodyHasAnsweredEndWithThePage(t *testing.T) {
	inBrowser(t, oneServerConfig(), func(b *house) {
		h, end := b.call()
		for _, id := range []string{"2", "3"} {
			h.agent().has(id)
		}
		h.call("2", false, "601", ua.CallRinging)
		h.call("3", true, "2001", ua.CallRinging)
		h.agent().did()
		h.leavePage(end)
		h.wantDone("of three calls", "hangup 2", "reject 3 480")
		next, end := b.page()
		if s := next.now(); len(s.Calls.All) != 1 || s.Calls.All[0].ID != "1" {
			t.Errorf("%d calls go on", len(s.Calls.All))
		}
		if got := next.pastCalls(); len(got) != 2 || !got[0].Missed || got[0].Number != "2001" || got[1].Number != "601" {
			t.Errorf("the history has %+v, want one that was missed and one that was given up", got)
		}
		end()
	})
}

// TestPageThatLeavesNothingHangsUp: no call was answered, or nobody says farewell.
func TestPageThatLeavesNothingHangsUp(t *testing.T) {
	for name, mute := range map[string]bool{"nobody says farewell": true, "nobody has answered": false} {
		t.Run(name, func(t *testing.T) {
			inBrowser(t, oneServerConfig(), func(b *house) {
				b.mute = mute
				h, end := b.page()
				h.login()
				h.call("1", false, "600", choose(mute, ua.CallEstablished, ua.CallRinging))
				h.agent().did()
				h.leavePage(end)
				h.wantDone("as ever", "goodbye")
				if b.keep.Load(KeyCalls) != "" || b.token != "" {
					t.Error("something is left")
				}
				next, end := b.page()
				if s := next.now(); s.Screen != screen.ScreenLogin || s.Login.Opening {
					t.Errorf("screen %v, opening %t", s.Screen, s.Login.Opening)
				}
				end()
			})
		})
	}
}

func TestNothingIsLeftAfterTheCall(t *testing.T) {
	for name, over := range map[string]func(h *harness){
		"it ends":        func(h *harness) { h.call("1", false, "600", ua.CallEnded, because(ua.CauseHangupRemote, 0)) },
		"logged out":     func(h *harness) { h.do(screen.Logout{}) },
		"all is erased":  func(h *harness) { h.do(screen.Erase{}) },
		"another window": func(h *harness) { h.do(unseated{}) },
	} {
		t.Run(name, func(t *testing.T) {
			inBrowser(t, oneServerConfig(), func(b *house) {
				h, end := b.call()
				if b.keep.Load(KeyCalls) == "" || b.token == "" {
					t.Error("nothing is kept during the call")
				}
				over(h)
				if b.keep.Load(KeyCalls) != "" || b.token != "" {
					t.Errorf("%q and %q are left", b.keep.Load(KeyCalls), b.token)
				}
				end()
			})
		})
	}
}

// TestPageThatComesBackHasItsCallsAgain: the browser has kept the whole page for the way back.
func TestPageThatComesBackHasItsCallsAgain(t *testing.T) {
	for name, c := range map[string]struct {
		away  time.Duration
		lines int
	}{"at once": {time.Second, 1}, "when farewell was said": {time.Minute, 0}} {
		t.Run(name, func(t *testing.T) {
			inBrowser(t, oneServerConfig(), func(b *house) {
				h, end := b.call()
				h.do(screen.WriteNote{ID: "1", Text: "mind the gap"}, screen.Left{})
				if s := h.now(); len(s.Calls.All) != 0 {
					t.Error("a page that is left has calls")
				}
				h.later(c.away)
				h.do(screen.Returned{})
				if s := h.now(); len(s.Lines()) != c.lines || len(h.agents) != 2 ||
					(len(h.agent().cfg.Restore) > 0) != (c.lines > 0) {
					t.Errorf("%d calls of %d user agents, want %d", len(s.Lines()), len(h.agents), c.lines)
				}
				if got := h.pastCalls(); len(got) != 1-c.lines {
					t.Errorf("the history has %+v", got)
				}
				if c.lines > 0 {
					h.call("1", false, "600", ua.CallEnded, because(ua.CauseHangupRemote, 0))
				}
				if got := h.pastCalls(); len(got) != 1 || got[0].Note != "mind the gap" {
					t.Errorf("at the end the history has %+v", got)
				}
				end()
			})
		})
	}
}

// TestWindowThatWaitsLetsTheOtherThrough: a second window has the seat as soon as the first one is left, and the calls only when
// that does not come back.
func TestWindowThatWaitsLetsTheOtherThrough(t *testing.T) {
	for _, comes := range []bool{true, false} {
		inBrowser(t, oneServerConfig(), func(b *house) {
			first, end := b.call()
			second, endSecond := b.page()
			if s := second.now(); s.Login.Opening || s.Screen != screen.ScreenLogin || b.token == "" {
				t.Fatalf("screen %v: what a window leaves is taken while it lives", s.Screen)
			}
			second.do(typed)
			if s := second.now(); !s.Elsewhere {
				t.Fatal("two windows are the phone")
			}
			first.leavePage(end)
			if comes {
				second.later(time.Second)
				third, end := b.page()
				if s := third.now(); len(s.Lines()) != 1 || s.Elsewhere {
					t.Errorf("the page that is loaded anew has %d calls, elsewhere %t", len(s.Lines()), s.Elsewhere)
				}
				third.do(screen.Dismiss{})
				defer end()
			}
			second.later(returnTime)
			s := second.now()
			if s.Elsewhere != comes || (len(s.Lines()) == 1) == comes {
				t.Errorf("comes %t: the second window has %d calls, elsewhere %t", comes, len(s.Lines()), s.Elsewhere)
			}
			b.wantSaid("somebody has them")
			endSecond()
		})
	}
}

// TestWindowOfAnotherAccountTakesNothing has a phone of its own beside the call.
func TestWindowOfAnotherAccountTakesNothing(t *testing.T) {
	inBrowser(t, oneServerConfig(), func(b *house) {
		_, end := b.call()
		other := typed
		other.User = "1002"
		h, endOther := b.page()
		h.do(other)
		h.tell(connected(), registration(ua.Registered, ua.CauseNone, 200))
		h.agent().has("9")
		h.call("9", false, "605", ua.CallEstablished, answeredNow)
		if b.spoil(func(l *legacy) {
			if l.Calls[0].Info.ID != "1" {
				t.Errorf("%+v lies in the place of the first window's", l.Calls)
			}
		}); h.now().Elsewhere {
			t.Error("it has no seat of its own")
		}
		h.agent().did()
		h.leavePage(endOther)
		h.wantDone("there is one place", "goodbye")
		end()
	})
}

// TestConfiguredAccountGoesOn: the configuration has the password, so the page leaves none.
func TestConfiguredAccountGoesOn(t *testing.T) {
	cfg := oneServerConfig()
	cfg.AutoRegister, cfg.Username, cfg.Password = true, "1001", "given"
	inBrowser(t, cfg, func(b *house) {
		h, end := b.page()
		h.tell(connected(), registration(ua.Registered, ua.CauseNone, 200))
		h.agent().has("1")
		h.call("1", false, "600", ua.CallEstablished, answeredNow)
		if len(b.data) == 0 || strings.Contains(string(b.data), "given") {
			t.Error("nothing lies in the safe, or the password too")
		}
		h.leavePage(end)
		next, end := b.page()
		if s := next.now(); len(s.Lines()) != 1 || len(next.agents) != 1 || next.agent().cfg.Account.Password != "given" {
			t.Errorf("%d calls of %d user agents", len(s.Lines()), len(next.agents))
		}
		end()
	})
}

// TestPasswordThatWasChangedMeanwhile: the phone says so, and the call goes on as long as the other side lets it.
func TestPasswordThatWasChangedMeanwhile(t *testing.T) {
	inBrowser(t, oneServerConfig(), func(b *house) {
		h, end := b.call()
		h.leavePage(end)
		next, end := b.page()
		next.tell(connected(), registration(ua.RegistrationFailed, ua.CauseAuth, 401))
		if s := next.now(); s.Problem.Text.Empty() || len(s.Lines()) != 1 || s.Registered() {
			t.Errorf("it says %v of %d calls", s.Problem.Text, len(s.Lines()))
		}
		next.call("1", false, "600", ua.CallEnded, because(ua.CauseConnectionLost, 0))
		if got := next.pastCalls(); len(got) != 1 || got[0].Cause != ua.CauseConnectionLost {
			t.Errorf("the history has %+v", got)
		}
		end()
	})
}

// TestWhatIsNotKeptEndsWithThePage: a browser that stores nothing has nothing to go on with.
func TestWhatIsNotKeptEndsWithThePage(t *testing.T) {
	inBrowser(t, oneServerConfig(), func(b *house) {
		b.full = true
		h, end := b.call()
		h.later(time.Minute)
		h.agent().did()
		h.leavePage(end)
		h.wantDone("as ever", "goodbye")
		if b.keep.Load(KeyCalls) != "" || len(b.complaints) != 1 {
			t.Errorf("marked %q, and %q was told", b.keep.Load(KeyCalls), b.complaints)
		}
	})
}

// TestSecretsAreNotKeptOpen looks at all that is kept outside the safe.
func TestSecretsAreNotKeptOpen(t *testing.T) {
	inBrowser(t, oneServerConfig(), func(b *house) {
		h, end := b.call()
		h.leavePage(end)
		for key, value := range b.keep.Values {
			for _, secret := range []string{"secret", "BYE", string(h.agent().cfg.StateKey)} {
				if strings.Contains(value, secret) {
					t.Errorf("%s has %q", key, secret)
				}
			}
		}
		synctest.Wait()
	})
}
