package phone

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/screen"
)

// TestWindowsSpeakOfCallsAsTheUserAgentDoes compares the words of both: each state is shown as itself.
func TestWindowsSpeakOfCallsAsTheUserAgentDoes(t *testing.T) {
	for _, test := range []struct {
		told  fmt.Stringer
		shown int
		is    int
	}{
		{ua.CallPreparing, int(screen.CallPreparing), int(ua.CallPreparing)},
		{ua.CallCalling, int(screen.CallCalling), int(ua.CallCalling)},
		{ua.CallRinging, int(screen.CallRinging), int(ua.CallRinging)},
		{ua.CallConnecting, int(screen.CallConnecting), int(ua.CallConnecting)},
		{ua.CallEstablished, int(screen.CallEstablished), int(ua.CallEstablished)},
		{ua.CallEnding, int(screen.CallEnding), int(ua.CallEnding)}, {ua.CallEnded, int(screen.CallEnded), int(ua.CallEnded)},
		{ua.Outgoing, int(screen.Outgoing), int(ua.Outgoing)}, {ua.Incoming, int(screen.Incoming), int(ua.Incoming)},
		{ua.Disconnected, int(screen.Disconnected), int(ua.Disconnected)},
		{ua.Connecting, int(screen.Connecting), int(ua.Connecting)},
		{ua.Connected, int(screen.Connected), int(ua.Connected)},
		{ua.Unregistered, int(screen.Unregistered), int(ua.Unregistered)},
		{ua.Registering, int(screen.Registering), int(ua.Registering)},
		{ua.Registered, int(screen.Registered), int(ua.Registered)},
		{ua.Unregistering, int(screen.Unregistering), int(ua.Unregistering)},
		{ua.RegistrationFailed, int(screen.RegistrationFailed), int(ua.RegistrationFailed)},
	} {
		if test.shown != test.is {
			t.Errorf("%v is shown as %d, want %d", test.told, test.shown, test.is)
		}
	}
}

// TestACallIsShownAsItWasTold fills everything in that the user agent may tell of a call: what has the same name in both is the
// same, and what has not is said by the test.
func TestACallIsShownAsItWasTold(t *testing.T) {
	who := func(user string) ua.Address {
		return ua.Address{DisplayName: "Desk " + user, URI: "sip:" + user + "@example.com", User: user, Host: "example.com"}
	}
	info := ua.CallInfo{
		ID: "1", CallID: "1@example.com", State: ua.CallEstablished, Direction: ua.Incoming, Remote: who("1001"), Asserted: true,
		Dialled: "600", Started: midday, Answered: midday.Add(time.Second), EarlyMedia: true, HeldLocal: true, HeldRemote: true,
		Muted: true, Busy: true, Trouble: ua.Cause{Kind: ua.CauseMedia, Explanation: "no audio"}, MovedTo: who("1002"),
		DivertedFrom: who("1003"), ReferredBy: who("1004"), AutoAnswer: true, AnswerAfter: 5 * time.Second,
	}
	call := shownCall(info)
	shown, told := reflect.ValueOf(call), reflect.ValueOf(info)
	for i := range shown.NumField() {
		name := shown.Type().Field(i).Name
		if shown.Field(i).IsZero() {
			t.Errorf("%s is never shown", name)
		}
		from := told.FieldByName(name)
		if name == "AnswersAt" || name == "Trouble" {
			continue
		}
		if !from.IsValid() || !reflect.DeepEqual(from.Convert(shown.Field(i).Type()).Interface(), shown.Field(i).Interface()) {
			t.Errorf("%s is shown as %v, told as %v", name, shown.Field(i), from)
		}
	}
	if !call.AnswersAt.Equal(info.Started.Add(5*time.Second)) || call.Trouble != info.Trouble.Explanation {
		t.Errorf("answers at %v, trouble %q", call.AnswersAt, call.Trouble)
	}
	for _, never := range []ua.CallInfo{{AutoAnswer: true, Started: midday}, {AnswerAfter: time.Second, Started: midday}, {}} {
		if got := shownCall(never); !got.AnswersAt.IsZero() || got.Trouble != "" {
			t.Errorf("%+v answers at %v, trouble %q", never, got.AnswersAt, got.Trouble)
		}
	}
}

func TestConnectionAndRegistrationAreShownAsTheyWereTold(t *testing.T) {
	why := ua.Cause{Kind: ua.CauseServer, Code: 503}
	connection := shownConnection(ua.ConnectionInfo{State: ua.Connecting, Server: "wss://a.example/ws", RetryAt: midday,
		Cause: why})
	if want := (screen.Connection{State: screen.Connecting, Server: "wss://a.example/ws", RetryAt: midday,
		Failed: true}); connection != want {
		t.Errorf("connection %+v, want %+v", connection, want)
	}
	registration := shownRegistration(ua.RegistrationInfo{State: ua.Unregistered, RetryAt: midday, Cause: why})
	if want := (screen.Registration{RetryAt: midday, Failed: true, Code: 503}); registration != want {
		t.Errorf("registration %+v, want %+v", registration, want)
	}
	if shownConnection(ua.ConnectionInfo{State: ua.Connected}).Failed ||
		shownRegistration(ua.RegistrationInfo{State: ua.Registered}).Failed {
		t.Error("what works is shown as failed")
	}
}
