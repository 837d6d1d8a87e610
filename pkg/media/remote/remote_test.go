package remote

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/gowebphone/webphone/pkg/media"
)

// story runs a test on an Engine and a host of e, under synctest.
func story(t *testing.T, e media.Engine, run func(t *testing.T, r *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, e)
		defer r.leave()
		run(t, r)
	})
}

func prepared(t *testing.T, r *rig) media.Session {
	t.Helper()
	s, err := r.Prepare(t.Context(), media.Config{ICETransportPolicy: "relay"})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// wantCarried checks how many messages went each way.
func wantCarried(t *testing.T, why string, r *rig, there, back int) {
	t.Helper()
	synctest.Wait()
	if r.sent != there || r.came != back {
		t.Errorf("%s: %d messages there and %d back, want %d and %d", why, r.sent, r.came, there, back)
	}
}

func wantHistory(t *testing.T, why string, e *fakeEngine, want string) {
	t.Helper()
	synctest.Wait()
	if got := e.history(); got != want {
		t.Errorf("%s: %q was asked, want %q", why, got, want)
	}
}

func TestOfferCostsOneMessageEachWay(t *testing.T) {
	e := fakePreparer{&fakeEngine{}}
	story(t, e, func(t *testing.T, r *rig) {
		s := prepared(t, r)
		s.SetMuted(true)
		wantCarried(t, "nothing is needed yet", r, 0, 0)
		sdp, err := s.Offer(t.Context(), media.SendOnly)
		if string(sdp) != "offer" || err != nil {
			t.Errorf("%q, %v", sdp, err)
		}
		wantCarried(t, "made, muted and offered", r, 1, 1)
		wantHistory(t, "in order", e.fakeEngine, "prepare, mute true, offer sendonly")
		if got := e.configs[0].ICETransportPolicy; got != "relay" {
			t.Errorf("policy %q", got)
		}
		if err := s.SetAnswer(t.Context(), []byte("a")); err != nil {
			t.Error(err)
		}
		wantCarried(t, "the answer", r, 2, 2)
	})
}

func TestAnswerCostsOneMessageEachWay(t *testing.T) {
	e := fakePreparer{&fakeEngine{}}
	story(t, e, func(t *testing.T, r *rig) {
		s := prepared(t, r)
		if err := s.(media.Rehearser).Rehearse(t.Context(), []byte("o"), media.SendRecv); err != nil {
			t.Fatal(err)
		}
		wantCarried(t, "made and rehearsed", r, 1, 1)
		sdp, err := s.Answer(t.Context(), []byte("o"), media.RecvOnly)
		if string(sdp) != "answer" || err != nil {
			t.Errorf("%q, %v", sdp, err)
		}
		wantCarried(t, "the answer", r, 2, 2)
		wantHistory(t, "in order", e.fakeEngine, "prepare, rehearse o sendrecv, answer o recvonly")
	})
}

// TestEverythingCrosses asks for all there is.
func TestEverythingCrosses(t *testing.T) {
	e := fakePreparer{&fakeEngine{}}
	story(t, e, func(t *testing.T, r *rig) {
		ctx := t.Context()
		r.Warm(ctx, media.Config{})
		s := prepared(t, r)
		restart, err1 := s.(media.Restarter).OfferRestart(ctx, media.Inactive)
		fresh, err2 := s.(media.Restarter).OfferFresh(ctx, media.SendRecv)
		stats, err3 := s.Stats(ctx)
		clone, err4 := s.(media.Forker).Clone(ctx)
		if string(restart) != "restart" || string(fresh) != "fresh" || stats.Codec != "opus" || stats.PacketsLost != -3 {
			t.Errorf("got %q, %q, %+v", restart, fresh, stats)
		}
		err := errors.Join(err1, err2, err3, err4, s.Rollback(ctx), s.SetAnswer(ctx, []byte("x")), s.SendDTMF("1#d"),
			s.(media.DeviceSwitcher).SetAudio(ctx, media.AudioConstraints{DeviceID: "mic"}),
			r.SwitchAudio(ctx, media.AudioConstraints{DeviceID: "ear"}))
		if err != nil {
			t.Fatal(err)
		}
		clone.SetMuted(true)
		synctest.Wait()
		clone.Close()
		s.Close()
		wantHistory(t, "all", e.fakeEngine, "warm, prepare, restart inactive, fresh sendrecv, stats, clone, rollback, apply x, "+
			"tones 1#D, audio mic, switch ear, mute true, close, close")
	})
}

// TestHostThatCanLittle has an engine and sessions without any optional interface.
func TestHostThatCanLittle(t *testing.T) {
	e := &fakeEngine{}
	story(t, e, func(t *testing.T, r *rig) {
		ctx := t.Context()
		r.Warm(ctx, media.Config{})
		s := prepared(t, r)
		if err := s.(media.Rehearser).Rehearse(ctx, []byte("o"), media.SendRecv); err != nil {
			t.Error(err)
		}
		wantHistory(t, "nobody may be asked for the microphone while it rings", e, "")
		if _, err := s.Answer(ctx, []byte("o"), media.SendRecv); err != nil {
			t.Error(err)
		}
		if _, err := s.(media.Restarter).OfferFresh(ctx, media.SendRecv); err != nil {
			t.Error(err)
		}
		wantHistory(t, "what it can", e, "new, answer o sendrecv, offer sendrecv")
		_, err := s.(media.Forker).Clone(ctx)
		for _, err := range []error{err, s.(media.DeviceSwitcher).SetAudio(ctx, media.AudioConstraints{}),
			r.SwitchAudio(ctx, media.AudioConstraints{})} {
			if !errors.Is(err, media.ErrUnsupported) {
				t.Errorf("%v, want ErrUnsupported", err)
			}
		}
	})
}

// TestErrorsKeepWhatTheyAre: text and kind, of the making of a session and of what is asked of it.
func TestErrorsKeepWhatTheyAre(t *testing.T) {
	for _, known := range causes {
		bad := fmt.Errorf("offer: %w (NotAllowedError: ü)", known)
		for _, where := range []string{"offer", "prepare", "new"} {
			e := fakePreparer{&fakeEngine{fail: map[string]error{where: bad}}}
			story(t, e, func(t *testing.T, r *rig) {
				var err error
				if where == "new" {
					_, err = r.NewSession(t.Context(), media.Config{})
				} else {
					_, err = prepared(t, r).Offer(t.Context(), media.SendRecv)
				}
				for _, other := range causes {
					if errors.Is(err, other) != errors.Is(bad, other) {
						t.Errorf("%v as %v: %v", bad, other, errors.Is(err, other))
					}
				}
				if err == nil || err.Error() != bad.Error() {
					t.Errorf("%s: got %v, want %v", where, err, bad)
				}
			})
		}
	}
	if m := failed(1, errors.New("other")); m.err().Error() != "other" {
		t.Error("an error of no kind was lost")
	}
}

func TestTonesNeedTelephoneEvent(t *testing.T) {
	e := fakePreparer{&fakeEngine{}}
	story(t, e, func(t *testing.T, r *rig) {
		s := prepared(t, r)
		if err := s.SendDTMF("1"); !errors.Is(err, media.ErrNoTelephoneEvent) {
			t.Errorf("before an answer: %v", err)
		}
		s.Answer(t.Context(), nil, media.SendRecv)
		if err := s.SendDTMF("1a"); err != nil {
			t.Error(err)
		}
		if err := s.SendDTMF("1x"); err == nil || errors.Is(err, media.ErrNoTelephoneEvent) {
			t.Errorf("x is no tone: %v", err)
		}
		synctest.Wait()
		e.noTones = true
		s.SetAnswer(t.Context(), nil)
		if err := s.SendDTMF("1"); !errors.Is(err, media.ErrNoTelephoneEvent) {
			t.Errorf("after another answer: %v", err)
		}
		s.Close()
		if err := s.SendDTMF("1"); !errors.Is(err, media.ErrClosed) {
			t.Errorf("after the end: %v", err)
		}
	})
}

func TestStatesCrossAndTheNewestStays(t *testing.T) {
	e := fakePreparer{&fakeEngine{}}
	story(t, e, func(t *testing.T, r *rig) {
		s := prepared(t, r)
		s.Offer(t.Context(), media.SendRecv)
		for _, state := range states[:5] {
			e.session(0).states <- state
		}
		synctest.Wait()
		if got := <-s.States(); got != media.StateFailed {
			t.Errorf("state %q, want the newest", got)
		}
		s.Close()
		if got := <-s.States(); got != media.StateClosed {
			t.Errorf("state %q at the end", got)
		}
		if _, open := <-s.States(); open {
			t.Error("the states have no end")
		}
	})
}

// TestLostHost: whatever waits ends, and so do the states, but not as a failure.
func TestLostHost(t *testing.T) {
	e := fakePreparer{&fakeEngine{}}
	story(t, e, func(t *testing.T, r *rig) {
		e.hold("offer")
		s := prepared(t, r)
		failed := make(chan error)
		go func() {
			_, err := s.Offer(t.Context(), media.SendRecv)
			failed <- err
		}()
		synctest.Wait()
		r.conn.Close()
		err := <-failed
		_, after := s.Offer(t.Context(), media.SendRecv)
		_, made := r.NewSession(t.Context(), media.Config{})
		for _, err := range []error{err, after, made, s.SendDTMF("1")} {
			if !errors.Is(err, media.ErrLost) || !errors.Is(err, media.ErrClosed) {
				t.Errorf("%v, want ErrLost", err)
			}
		}
		for want := range strings.SplitSeq("lost,", ",") {
			if got := <-s.States(); string(got) != want {
				t.Errorf("state %q, want %q", got, want)
			}
		}
		later := prepared(t, r)
		if got := <-later.States(); got != media.StateLost {
			t.Errorf("a session without host is %q", got)
		}
		if err := r.SwitchAudio(t.Context(), media.AudioConstraints{}); err != nil {
			t.Errorf("no session is there to switch: %v", err)
		}
		s.SetMuted(true)
		s.Close()
		s.Close()
		if err := s.SendDTMF("1"); !errors.Is(err, media.ErrClosed) || errors.Is(err, media.ErrLost) {
			t.Errorf("closed is %v", err)
		}
	})
}

// TestAnotherHost makes the next sessions; those of the host before go on.
func TestAnotherHost(t *testing.T) {
	one, two := fakePreparer{&fakeEngine{}}, fakePreparer{&fakeEngine{}}
	story(t, one, func(t *testing.T, r *rig) {
		before := prepared(t, r)
		before.Offer(t.Context(), media.SendRecv)
		other := newRig(t, two)
		defer other.leave()
		conn := r.Connect(func(data []byte) { other.there <- data })
		other.conn = conn
		after := prepared(t, r)
		after.Offer(t.Context(), media.SendOnly)
		before.Rollback(t.Context())
		wantHistory(t, "the first", one.fakeEngine, "prepare, offer sendrecv, rollback")
		wantHistory(t, "the second", two.fakeEngine, "prepare, offer sendonly")
	})
}

func TestEngineWithoutHost(t *testing.T) {
	e := &Engine{}
	s, err := e.Prepare(t.Context(), media.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Offer(t.Context(), media.SendRecv); !errors.Is(err, media.ErrLost) {
		t.Errorf("offer: %v", err)
	}
	if _, err := e.NewSession(t.Context(), media.Config{}); !errors.Is(err, media.ErrLost) {
		t.Errorf("new session: %v", err)
	}
	e.Warm(t.Context(), media.Config{})
}

// TestContextEndsTheWorkThere: in the queue, under way, and too late, when an offer is taken back before anything else is done.
func TestContextEndsTheWorkThere(t *testing.T) {
	for _, late := range []bool{false, true} {
		e := fakePreparer{&fakeEngine{late: late}}
		story(t, e, func(t *testing.T, r *rig) {
			gate := e.hold("offer")
			s := prepared(t, r)
			ctx, cancel := context.WithCancel(t.Context())
			failed := make(chan error)
			go func() {
				_, err := s.Offer(ctx, media.SendRecv)
				failed <- err
			}()
			synctest.Wait()
			cancel()
			if err := <-failed; !errors.Is(err, context.Canceled) {
				t.Errorf("late %v: %v", late, err)
			}
			if late {
				synctest.Wait()
				close(gate)
			}
			s.Stats(t.Context())
			want := "prepare, offer sendrecv, stats"
			if late {
				want = "prepare, offer sendrecv, rollback, stats"
			}
			wantHistory(t, "the work there", e.fakeEngine, want)
			if len(r.host.jobs) != 0 || len(r.conn.waiting) != 0 {
				t.Errorf("%d jobs and %d requests are left", len(r.host.jobs), len(r.conn.waiting))
			}
		})
	}
}

// TestOfferThatCrossesItsEnd: the reply is on its way when the context ends.
func TestOfferThatCrossesItsEnd(t *testing.T) {
	e := fakePreparer{&fakeEngine{}}
	synctest.Test(t, func(t *testing.T) {
		var back [][]byte
		host := NewHost(e, func(data []byte) { back = append(back, data) })
		defer host.Close()
		engine := &Engine{}
		conn := engine.Connect(func(data []byte) {
			if err := host.Receive(data); err != nil {
				t.Error(err)
			}
		})
		s, _ := engine.Prepare(t.Context(), media.Config{})
		ctx, cancel := context.WithCancel(t.Context())
		failed := make(chan error)
		go func() {
			_, err := s.Offer(ctx, media.SendRecv)
			failed <- err
		}()
		synctest.Wait()
		cancel()
		if err := <-failed; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		wantHistory(t, "taken back", e.fakeEngine, "prepare, offer sendrecv, rollback")
		for _, data := range back {
			if err := conn.Receive(data); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestNewSessionGivenUpIsClosed(t *testing.T) {
	for _, late := range []bool{false, true} {
		e := &fakeEngine{late: late}
		story(t, e, func(t *testing.T, r *rig) {
			gate := e.hold("new")
			ctx, cancel := context.WithCancel(t.Context())
			failed := make(chan error)
			go func() {
				_, err := r.NewSession(ctx, media.Config{})
				failed <- err
			}()
			synctest.Wait()
			cancel()
			if err := <-failed; !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
			want := "new"
			if late {
				synctest.Wait()
				close(gate)
				want = "new, close"
			}
			wantHistory(t, "what was made too late", e, want)
			if len(r.host.sessions) != 0 {
				t.Error("a session is left")
			}
		})
	}
}

func TestCloseFreesTheOtherSide(t *testing.T) {
	e := fakePreparer{&fakeEngine{late: true}}
	story(t, e, func(t *testing.T, r *rig) {
		gate := e.hold("clone")
		s := prepared(t, r)
		s.Offer(t.Context(), media.SendRecv)
		failed := make(chan error)
		go func() {
			_, err := s.(media.Forker).Clone(t.Context())
			failed <- err
		}()
		synctest.Wait()
		s.Close()
		if err := <-failed; !errors.Is(err, media.ErrClosed) {
			t.Errorf("what was under way: %v", err)
		}
		close(gate)
		wantHistory(t, "the clone too", e.fakeEngine, "prepare, offer sendrecv, clone, close, close")
		if n := len(r.host.sessions); n != 0 {
			t.Errorf("%d sessions are left", n)
		}
	})
}

func TestHostThatLeavesClosesItsSessions(t *testing.T) {
	e := fakePreparer{&fakeEngine{}}
	story(t, e, func(t *testing.T, r *rig) {
		e.hold("stats")
		s := prepared(t, r)
		s.Offer(t.Context(), media.SendRecv)
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go s.Stats(ctx)
		synctest.Wait()
		r.host.Close()
		s.SetMuted(true)
		wantHistory(t, "the end", e.fakeEngine, "prepare, offer sendrecv, stats, close")
		if r.came != 1 {
			t.Errorf("%d messages came, want none after the end", r.came)
		}
	})
}
