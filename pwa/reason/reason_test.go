package reason

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/books"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/history"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
	"github.com/gowebphone/webphone/pwa/text/texttest"
)

// lineOf is a call as a window has it.
func lineOf(call ua.CallInfo) screen.Line {
	return screen.Line{Call: screen.Call{Direction: screen.Direction(call.Direction), Dialled: call.Dialled,
		Answered: call.Answered}}
}

// saidOf is the explanation of a call that has ended.
func saidOf(call ua.CallInfo) (why text.Sentence, ok bool) {
	return Call(lineOf(call), call.Cause)
}

// endOf is the word for the end of a call in the history.
func endOf(e history.Entry) text.Key {
	var s screen.Snapshot
	s.List = screen.PageHistory
	calls := history.New()
	calls.Add(e)
	return books.Fill(s, contacts.NewBook(config.Numbering{}), calls).History.Days[0].Lines[0].Newest().End
}

func TestEveryCauseOfACallHasASentence(t *testing.T) {
	unexplained := map[ua.CauseKind]bool{
		ua.CauseNone: true, ua.CauseHangupLocal: true, ua.CauseHangupRemote: true, ua.CauseCancelled: true,
		ua.CauseAnsweredElsewhere: true, ua.CauseRejectedLocal: true,
	}
	for kind := ua.CauseNone; kind <= ua.CauseOther; kind++ {
		line := ua.CallInfo{Direction: ua.Outgoing, Dialled: "1002", Cause: ua.Cause{Kind: kind, Code: 480}}
		why, ok := saidOf(line)
		if ok == unexplained[kind] {
			t.Errorf("cause %d: explained is %v, want %v", kind, ok, !unexplained[kind])
		}
		if ok {
			texttest.WantSentence(t, fmt.Sprintf("cause %d of a call", kind), why)
		}
	}
}

func TestEveryCauseOfALoginHasASentence(t *testing.T) {
	for kind := ua.CauseHangupLocal; kind <= ua.CauseOther; kind++ {
		for _, code := range []int{0, 503} {
			s := Login(ua.Cause{Kind: kind, Code: code}, "sip.example.com", "wss://sip.example.com:8089/ws")
			texttest.WantSentence(t, fmt.Sprintf("cause %d of a login", kind), s)
			if said := text.English.Tell(s); strings.Contains(said, "(0)") || !strings.Contains(said, "sip.example.com") {
				t.Errorf("cause %d, code %d: got %q, want the server and no code that was not there", kind, code, said)
			}
		}
	}
}

func TestMissedCallsAreNotExplained(t *testing.T) {
	missed := ua.CallInfo{Direction: ua.Incoming, Cause: ua.Cause{Kind: ua.CauseTimeout}}
	if _, ok := saidOf(missed); ok {
		t.Error("a call that was not answered is explained, want only a mark in the history")
	}
	missed.Cause.Kind = ua.CauseMicPermission
	if _, ok := saidOf(missed); !ok {
		t.Error("a call that our microphone spoiled is not explained")
	}
	answered := ua.CallInfo{Direction: ua.Incoming, Answered: time.Unix(1, 0), Cause: ua.Cause{Kind: ua.CauseConnectionLost}}
	if _, ok := saidOf(answered); !ok {
		t.Error("an answered call that was lost is not explained")
	}
}

func TestErrorsHaveSentences(t *testing.T) {
	for _, err := range []error{
		media.ErrPermission, media.ErrNoDevice, media.ErrDeviceBusy, media.ErrInsecure, media.ErrLost,
		ua.ErrBadTarget, ua.ErrNotConnected,
		ua.ErrTransport, ua.ErrTimeout, ua.ErrGlare, ua.ErrTooManyCalls, ua.ErrMedia, ua.ErrBadConfig,
		errors.New("anything else"),
	} {
		texttest.WantSentence(t, err.Error(), Error(fmt.Errorf("accept: %w", err)))
	}
}

// TestOnlyWhatTheCodeSays: a server that maps everything to one code must not make the phone claim more than that.
func TestOnlyWhatTheCodeSays(t *testing.T) {
	for _, c := range []struct {
		kind ua.CauseKind
		code int
		want string
		word text.Key // in the history
	}{
		{ua.CauseRejected, 603, "1002 did not take the call. Try again later or use another number.", text.EndNotTaken},
		{ua.CauseRejected, 486, "1002 did not take the call. Try again later or use another number.", text.EndNotTaken},
		{ua.CauseBusy, 486, "1002 did not take the call. Try again later or use another number.", text.EndNotTaken},
		{ua.CauseBusy, 600, "1002 did not take the call. Try again later or use another number.", text.EndNotTaken},
		{ua.CauseRejected, 403, "The server does not allow this call (403). Ask your operator whether you may call this number.",
			text.EndFailed},
		{ua.CauseUnavailable, 480, "1002 cannot be reached at the moment. Try again later.", text.EndFailed},
		{ua.CauseNoAnswer, 480, "1002 did not answer. Try again later.", text.EndNoAnswer},
		{ua.CauseMedia, 488, "The audio broke off and the other side did not renew it (code 488). Call again.", text.EndFailed},
		{ua.CauseMedia, 0, "The audio could not be connected. A firewall may be in the way: try another network, or ask your " +
			"operator for a TURN server.",
			text.EndFailed},
		{ua.CauseServer, 503, "The server could not connect the call (503). Try again in a moment.", text.EndFailed},
	} {
		line := ua.CallInfo{Direction: ua.Outgoing, Dialled: "1002", Cause: ua.Cause{Kind: c.kind, Code: c.code}}
		why, _ := saidOf(line)
		if got := text.English.Tell(why); got != c.want {
			t.Errorf("%v %d: %q, want %q", c.kind, c.code, got, c.want)
		}
		texttest.WantSentence(t, c.want, why)
		if got := endOf(history.Of(line, config.Numbering{})); got != c.word {
			t.Errorf("%v %d: %q in the history, want %q", c.kind, c.code, got, c.word)
		}
	}
}

// TestBusyIsSaidOfTheNetwork: somebody is busy where a cause of the telephone network says so, in the sentence and in the
// history.
func TestBusyIsSaidOfTheNetwork(t *testing.T) {
	for code := range map[int]bool{480: true, 486: true, 600: true, 603: true} {
		line := ua.CallInfo{Direction: ua.Outgoing, Dialled: "1002",
			Cause: ua.Cause{Kind: ua.CauseBusy, Code: code, Told: true}}
		why, _ := saidOf(line)
		if got := text.English.Tell(why); got != "1002 is busy. Try again in a few minutes." {
			t.Errorf("%d: %q", code, got)
		}
		texttest.WantSentence(t, "busy", why)
		if got := endOf(history.Of(line, config.Numbering{})); got != text.EndBusy {
			t.Errorf("%d: %q in the history", code, got)
		}
	}
}

// TestFlawsAreNamed: each thing that may be wrong with the audio has a sentence that says it, in a call that cannot begin and in
// one that goes on.
func TestFlawsAreNamed(t *testing.T) {
	const needs, before = ", which a browser needs",
		", so the audio goes on as before. Call again if you no longer hear each other."
	webRTC := func(what string) string {
		return "The telephone of 1002 does not have " + what + needs + " for its audio. Tell your operator which number it was."
	}
	const other = "A change of the call with 1002 did not work, so its audio goes on as before. Call again if you no longer " +
		"hear each other."
	for _, c := range []struct {
		kind          ua.CauseKind
		err           error
		call, trouble string
	}{
		{ua.CauseNotAcceptable, media.ErrNotSecure, webRTC("DTLS-SRTP"), "1002 wanted to go on without DTLS-SRTP" + needs +
			before},
		{ua.CauseNotAcceptable, media.ErrNoICE, webRTC("ICE"), "1002 wanted to go on without ICE" + needs + before},
		{ua.CauseNotAcceptable, media.ErrNoRTCPMux, webRTC("rtcp-mux"), "1002 wanted to go on without rtcp-mux" + needs + before},
		{ua.CauseNotAcceptable, media.ErrNoAudio, "1002 offers no audio, only other media. Tell your operator which number it " +
			"was.",
			"1002 wanted to go on without audio" + before},
		{ua.CauseNotAcceptable, media.ErrNoCommonCodec,
			"The two telephones have no audio format in common. Tell your operator which number you called.",
			"1002 wanted to change to an audio format that is not spoken here" + before},
		{ua.CauseNotAcceptable, media.ErrBadSDP,
			"The other side sent something the phone does not understand. Call again; if it stays so, tell your operator.",
			other},
		{ua.CauseNotAcceptable, nil, "The two telephones have no audio format in common. Tell your operator which number you " +
			"called.", other},
		{ua.CauseMicPermission, media.ErrInsecure,
			"The microphone works only on an encrypted page. Open this address with https:// at the beginning.", other},
		{ua.CauseMedia, media.ErrLost, "The window that carried the sound of this call was closed. Call again.", other},
		{ua.CauseNoMic, media.ErrDeviceBusy, "Another program is using the microphone. Close it, then try again.", other},
		{ua.CauseConnectionLost, nil, "The connection to the server was lost and the call with it. Check the network and call " +
			"again.",
			"The connection is back, but the call with 1002 could not be renewed. Talk on, and call again if nothing is heard."},
	} {
		why := ua.Cause{Kind: c.kind, Err: c.err}
		line := ua.CallInfo{Direction: ua.Outgoing, Dialled: "1002", Cause: why, Trouble: why}
		call, _ := saidOf(line)
		for want, got := range map[string]text.Sentence{c.call: call,
			c.trouble: Trouble(lineOf(line), why)} {
			if said := text.English.Tell(got); said != want {
				t.Errorf("%v %v: %q, want %q", c.kind, c.err, said, want)
			}
			texttest.WantSentence(t, want, got)
		}
	}
}

// TestEveryCauseOfATransferHasASentence but for the one that the user has brought about.
func TestEveryCauseOfATransferHasASentence(t *testing.T) {
	for kind := ua.CauseNone; kind <= ua.CauseOther; kind++ {
		for _, code := range []int{0, 408, 486, 603} {
			for _, agreed := range []bool{false, true} {
				said := Transfer(screen.Transfer{Agreed: agreed, Name: "1003"}, "1002", ua.Cause{Kind: kind, Code: code})
				if kind == ua.CauseCancelled && code == 0 {
					if !said.Empty() {
						t.Errorf("who took the call back is told %q", text.English.Tell(said))
					}
					continue
				}
				texttest.WantSentence(t, fmt.Sprintf("cause %d, code %d of a transfer", kind, code), said)
				if refused := !agreed && code >= 300; refused != (said.Key == text.TransferRefused) {
					t.Errorf("cause %d, code %d, agreed %v: %s", kind, code, agreed, said.Key)
				}
			}
		}
	}
}
