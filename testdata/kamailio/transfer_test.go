package kamailio_test

import (
	"context"
	"slices"
	"testing"

	"github.com/gowebphone/webphone/pkg/ua"
)

// finish waits for the end of a transfer that go has started.
func finish(t *testing.T, transfer func() error) (wait func()) {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- transfer() }()
	return func() {
		t.Helper()
		if err := <-done; err != nil {
			t.Error("transfer:", err)
		}
	}
}

// transferStates returns how the transfer went on, as the transferor was told.
func (a *agent) transferStates() (states []ua.TransferState) {
	a.t.Helper()
	for {
		ev := expect(a, "the transfer does not come to its end", anyOf[ua.TransferEvent])
		states = append(states, ev.State)
		if ev.State == ua.TransferSucceeded || ev.State == ua.TransferFailed {
			return states
		}
	}
}

func TestBlindTransfer(t *testing.T) {
	t.Parallel()
	ctx, b := md5Server.use(t)
	a, transferee, target := newAgent(ctx, t, b), newAgent(ctx, t, b), newAgent(ctx, t, b)
	out, in := connect(a, transferee)
	wait := finish(t, func() error { return out.Transfer(ctx, target.user) })
	fresh := expect(transferee, "it does not follow the transfer", anyOf[ua.ReferEvent]).New
	at := target.accept()
	wait()
	if got := a.transferStates(); !slices.Contains(got, ua.TransferProgress) || got[len(got)-1] != ua.TransferSucceeded {
		t.Errorf("got states %v, want ringing told and success", got)
	}
	a.ended(out, ua.CauseTransferred)
	transferee.info(in, "the first call goes on", func(i ua.CallInfo) bool { return i.State == ua.CallEnded })
	transferee.hears(fresh)
	target.hears(at)
	target.hangUp(at)
	transferee.ended(fresh, ua.CauseHangupRemote)
}

// TestBlindTransferToABusyOneComesBack: the call of the one who transferred goes on when the target does not want it.
func TestBlindTransferToABusyOneComesBack(t *testing.T) {
	t.Parallel()
	ctx, b := md5Server.use(t)
	a, transferee, target := newAgent(ctx, t, b), newAgent(ctx, t, b), newAgent(ctx, t, b)
	out, in := connect(a, transferee)
	done := make(chan error, 1)
	go func() { done <- out.Transfer(ctx, target.user) }()
	if err := target.incoming().Reject(ctx, 486, ua.RejectOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err == nil {
		t.Error("a transfer to a busy telephone succeeded")
	}
	if got := a.transferStates(); got[len(got)-1] != ua.TransferFailed {
		t.Errorf("got states %v, want failure at the end", got)
	}
	a.hears(out)
	transferee.hears(in)
	a.hangUp(out)
}

// TestBlindTransferOfABaresip sends a telephone that is not ours to one of ours.
func TestBlindTransferOfABaresip(t *testing.T) {
	t.Parallel()
	ctx, b := md5Server.use(t)
	a, target := newAgent(ctx, t, b), newAgent(ctx, t, b)
	phone := newBaresip(ctx, t, b)
	out := a.call(phone.Number)
	a.established(out)
	a.hears(out)
	wait := finish(t, func() error { return out.Transfer(ctx, target.user) })
	at := target.accept()
	wait()
	a.ended(out, ua.CauseTransferred)
	if got := at.Info().Remote.User; got != phone.Number {
		t.Errorf("got a call of %q, want the baresip %s", got, phone.Number)
	}
	target.hears(at)
	target.hangUp(at)
}

// TestAttendedTransfer asks the target while the first call waits, then connects the two by Replaces.
func TestAttendedTransfer(t *testing.T) {
	t.Parallel()
	ctx, b := md5Server.use(t)
	a, transferee, target := newAgent(ctx, t, b), newAgent(ctx, t, b), newAgent(ctx, t, b)
	first, in := connect(a, transferee)
	consulted, at := consult(ctx, t, a, first, target)
	wait := finish(t, func() error { return first.TransferTo(ctx, consulted) })
	fresh := expect(transferee, "it does not follow the transfer", anyOf[ua.ReferEvent]).New
	replaced := expect(target, "the new call does not replace the old one", anyOf[ua.ReplacedEvent])
	wait()
	if replaced.Old != at {
		t.Errorf("%+v was replaced, want the call with the one who transferred", replaced.Old.Info())
	}
	for _, c := range []*ua.Call{first, consulted} {
		a.info(c, "a call of the one who transferred goes on", func(i ua.CallInfo) bool { return i.State == ua.CallEnded })
	}
	target.info(at, "the replaced call goes on", func(i ua.CallInfo) bool { return i.State == ua.CallEnded })
	transferee.info(in, "the first call goes on", func(i ua.CallInfo) bool { return i.State == ua.CallEnded })
	transferee.hears(fresh)
	target.hears(replaced.New)
	transferee.hangUp(fresh)
	target.ended(replaced.New, ua.CauseHangupRemote)
}

// consult holds the first call and talks to target.
func consult(ctx context.Context, t *testing.T, a *agent, first *ua.Call, target *agent) (out, in *ua.Call) {
	t.Helper()
	if err := first.Hold(ctx); err != nil {
		t.Fatal(err)
	}
	return connect(a, target)
}
