package phone

import (
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
	"github.com/gowebphone/webphone/pwa/text/texttest"
)

func TestCallTime(t *testing.T) {
	for _, test := range []struct {
		d           time.Duration
		clock, held string
	}{
		{0, "00:00:00", "00:00"},
		{43*time.Second + 999*time.Millisecond, "00:00:43", "00:43"},
		{59*time.Minute + 59*time.Second, "00:59:59", "59:59"},
		{25*time.Hour + 2*time.Minute, "25:02:00", "25:02:00"},
	} {
		if got := screen.ClockTime(test.d); got != test.clock {
			t.Errorf("%v: got %q, want %q", test.d, got, test.clock)
		}
		if got := screen.ShortTime(test.d); got != test.held {
			t.Errorf("%v: got %q, want %q", test.d, got, test.held)
		}
	}
	line := screen.Line{Call: screen.Call{Answered: midday}}
	if got := line.Talking(midday.Add(-time.Second)); got != 0 {
		t.Errorf("got %v before the answer, want 0", got)
	}
}

func TestStatesHaveWordAndColour(t *testing.T) {
	remote := func(c *ua.CallInfo) { c.HeldRemote = true }
	for _, test := range []struct {
		event  Event
		want   text.Key
		glance screen.Glance
	}{
		{out("1", ua.CallPreparing), text.StatePreparing, screen.GlanceRing},
		{out("1", ua.CallCalling), text.StateCalling, screen.GlanceRing},
		{out("1", ua.CallRinging), text.StateRinging, screen.GlanceRing},
		{out("1", ua.CallConnecting), text.StateConnecting, screen.GlanceGo},
		{out("1", ua.CallEstablished), text.StateOnCall, screen.GlanceGo},
		{out("1", ua.CallEstablished, held), text.StateOnHold, screen.GlanceHold},
		{out("1", ua.CallEstablished, remote), text.StateHeldRemote, screen.GlanceHold},
		{out("1", ua.CallEstablished, held, remote), text.StateOnHold, screen.GlanceHold},
		{out("1", ua.CallEnding), text.StateEnding, screen.GlanceIdle},
	} {
		line, _ := then(idle(), test.event).Stage()
		if got := screen.StateText(line); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
		if got := line.Glance(); got != test.glance {
			t.Errorf("%s: got %q, want %q", test.want, got, test.glance)
		}
	}
}

func TestRetrySeconds(t *testing.T) {
	s := idle()
	s.Connection.RetryAt = midday.Add(3100 * time.Millisecond)
	if got := screen.RetrySeconds(s); got != 4 {
		t.Errorf("got %d, want 4: a started second counts", got)
	}
	if got := screen.RetrySeconds(then(s, Tick{at(9)})); got != 0 {
		t.Errorf("got %d, want 0 when the time has passed", got)
	}
}

func TestServerBusySaysWhenItIsAskedAgain(t *testing.T) {
	busy := ua.RegistrationInfo{State: ua.Unregistered, RetryAt: midday.Add(29500 * time.Millisecond),
		Cause: ua.Cause{Kind: ua.CauseServer, Code: 503}}
	s := then(idle(), Told{Event: ua.RegistrationEvent{RegistrationInfo: busy}, At: midday})
	lost := then(s, Told{Event: ua.RegistrationEvent{RegistrationInfo: ua.RegistrationInfo{RetryAt: busy.RetryAt,
		Cause: ua.Cause{Kind: ua.CauseServer}}}, At: midday})
	for code, want := range map[int]text.Key{503: text.ServerBusy, 500: text.ServerRefuses, 502: text.ServerRefuses,
		504: text.ServerRefuses,
		403: text.ServerRefuses, 408: text.ServerRefuses, 480: text.ServerRefuses, 600: text.ServerRefuses,
		0: text.ServerSilent} {
		refused := busy
		refused.Cause.Code = code
		said := screen.BusyText(then(s, Told{Event: ua.RegistrationEvent{RegistrationInfo: refused}, At: midday}))
		if said.Key != want {
			t.Errorf("%d is said as %s, want %s", code, said.Key, want)
		}
		texttest.WantSentence(t, "refused", said)
	}
	if screen.BusyText(lost).Key != text.ServerSilent {
		t.Errorf("%s by the end of the binding", screen.BusyText(lost).Key)
	}
	if !s.ServerBusy() || s.Offline() || !s.Counts() || screen.RetryTime(s) != "0:30" {
		t.Errorf("busy %v, offline %v, counts %v, %s", s.ServerBusy(), s.Offline(), s.Counts(), screen.RetryTime(s))
	}
	if got := screen.RetryTime(then(s, Tick{at(9)})); got != "0:21" {
		t.Errorf("%s nine seconds later", got)
	}
	s = then(s, Told{Event: ua.RegistrationEvent{RegistrationInfo: ua.RegistrationInfo{State: ua.Registering}}, At: midday})
	if s.ServerBusy() || s.Counts() {
		t.Error("busy while it is asked")
	}
}

func reading(seconds, lost int, wait time.Duration) screen.Stats {
	return screen.Stats{PacketsReceived: uint64(50*seconds - lost), PacketsLost: int64(lost),
		TotalSamples:  uint64(48000 * seconds),
		RoundTripTime: 40 * time.Millisecond, Jitter: 2 * time.Millisecond, JitterBufferDelay: wait}
}

func TestQualityFollowsTheCall(t *testing.T) {
	q := followed(screen.Quality{}, reading(1, 0, 40*time.Millisecond), reading(2, 0, 40*time.Millisecond))
	if q.Grade() != screen.Good || q.MOS < 4.2 || q.MOS > 4.5 {
		t.Errorf("a clean call has %.1f, want it good", q.MOS)
	}
	bad := q
	for s := 2; s < 8; s++ {
		bad = followed(bad, reading(s, 10*(s-2), 40*time.Millisecond), reading(s+1, 10*(s-1), 40*time.Millisecond))
	}
	if bad.Grade() != screen.Poor {
		t.Errorf("a fifth lost has %.1f, want it poor", bad.MOS)
	}
	slow := followed(screen.Quality{}, screen.Stats{TotalSamples: 48000, JitterBufferDelay: 900 * time.Millisecond},
		reading(10, 0, 126*time.Millisecond))
	if slow.Grade() != screen.Good {
		t.Errorf("a slow first second makes %.1f of a good call, want only what came since to count", slow.MOS)
	}
	if got := followed(q, reading(3, 0, 0), reading(3, 0, 0)); got != q {
		t.Errorf("got %+v without a new packet, want the quality before", got)
	}
}
