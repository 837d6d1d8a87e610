package ua

import (
	"fmt"
	"strings"
	"testing"

	"github.com/emiago/sipgo/sip"
)

// TestRefusalsByTheirReason: gateways have few codes for the many causes of the telephone network, and say the cause in Reason.
func TestRefusalsByTheirReason(t *testing.T) {
	for _, tt := range []struct {
		code   int
		rang   bool
		reason string // "" for none
		want   CauseKind
		phrase string
	}{
		// Without Reason no more than the code says, whatever the server calls it.
		{603, true, "", CauseRejected, "Decline"},
		{486, false, "", CauseBusy, "Busy Here"},
		{503, false, "", CauseServer, "Service Unavailable"},
		{480, false, "", CauseUnavailable, "Temporarily Unavailable"},
		{480, true, "", CauseNoAnswer, "Temporarily Unavailable"},
		{408, false, "", CauseNoAnswer, "Request Timeout"},
		{403, false, "", CauseRejected, "Forbidden"},
		{699, false, "", CauseOther, "Made up"},

		{480, false, "Q.850;cause=16", CauseUnavailable, ""},
		{480, true, "Q.850;cause=16", CauseNoAnswer, ""},
		{480, false, "Q.850;cause=17", CauseBusy, ""},
		{480, false, "Q.850;cause=18", CauseNoAnswer, ""},
		{480, false, `Q.850;cause=19;text="No answer from user"`, CauseNoAnswer, "Temporarily Unavailable"},
		{480, true, "Q.850;cause=20", CauseUnavailable, ""},
		{480, true, "Q.850;cause=21", CauseRejected, ""},
		{480, true, "q.850 ; cause=27", CauseUnavailable, ""},
		{486, false, "Q.850;cause=17", CauseBusy, ""},
		{486, false, "Q.850;cause=19", CauseNoAnswer, ""},
		{486, true, "Q.850;cause=21", CauseRejected, ""},
		{486, false, "SIP;cause=603", CauseRejected, ""},
		{480, true, "SIP;cause=486", CauseBusy, ""},
		{480, false, "SIP;cause=503", CauseServer, ""},
		{480, false, `SIP;cause=806;text="USER_NOT_REGISTERED"`, CauseUnavailable, ""},
		{480, false, "SIP;cause=812", CauseNoAnswer, ""},
		{603, false, "Q.850;cause=17", CauseBusy, ""},
		{603, false, "Q.850;cause=19", CauseNoAnswer, ""},
		{603, false, "Q.850;cause=21", CauseRejected, "Decline"},
		{503, false, "Q.850;cause=20", CauseUnavailable, ""},
		{503, false, "Q.850;cause=34", CauseServer, ""},
		{503, false, "Q.850;cause=38", CauseServer, ""},
		{500, false, "Q.850;cause=41", CauseServer, ""},
		{502, false, "Q.850;cause=27", CauseUnavailable, ""},
		{503, false, "Q.850;cause=42", CauseServer, ""},
		{404, false, "Q.850;cause=1", CauseNotFound, ""},
		{484, false, "Q.850;cause=28", CauseNotFound, ""},
		{480, false, "Q.850;cause=28", CauseNotFound, ""},
		{503, false, "Q.850;cause=88", CauseNotAcceptable, ""},
		{480, false, `SIP;cause=200;text="Call completed elsewhere"`, CauseAnsweredElsewhere, ""},
		{480, false, "Q.850;cause=26", CauseAnsweredElsewhere, ""},

		// What says nothing changes nothing.
		{486, false, "Q.850;cause=127", CauseBusy, ""},
		{486, false, "Q.850;cause=999999999999", CauseBusy, ""},
		{486, false, "Q.850;cause=-1", CauseBusy, ""},
		{486, false, "Q.850", CauseBusy, ""},
		{486, false, "ISDN;cause=19", CauseBusy, ""},
		{486, false, "SIP;cause=401", CauseBusy, ""},
		{486, false, "SIP;cause=487", CauseBusy, ""},
		{486, false, "SIP;cause=820", CauseBusy, ""},
		{486, false, ";;;", CauseBusy, ""},
		{486, false, "Q.850;cause=127, Q.850;cause=19", CauseNoAnswer, ""},
		{407, false, "Q.850;cause=17", CauseAuth, "Proxy Authentication Required"},
		{302, false, "Q.850;cause=17", CauseOther, "Moved Temporarily"},
		{487, false, "Q.850;cause=19", CauseNoAnswer, "Request Terminated"},
	} {
		t.Run(fmt.Sprint(tt.code, tt.rang, tt.reason), func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.start()
				call := h.dialTo("1002")
				invite := h.wantRequest("calling", sip.INVITE)
				if tt.rang {
					h.respond(invite, 180, "tag=srv", okContact)
				}
				text := responseText(invite, tt.code, reasonHeader(tt.reason)...)
				h.recv(withPhrase(text, "Made up"))
				h.wantSent("a refusal is ACKed", "ACK")
				h.forget()
				info := call.Info()
				if info.State != CallEnded || info.Cause.Kind != tt.want || info.Cause.Code != tt.code ||
					info.Cause.Explanation == "" {
					t.Errorf("%+v, want %v", info.Cause, tt.want)
				}
				if tt.phrase != "" && info.Cause.Reason != tt.phrase {
					t.Errorf("phrase %q, want %q", info.Cause.Reason, tt.phrase)
				}
			})
		})
	}
}

// TestOnlyTheNetworkTellsMoreThanTheCode: a cause of the telephone network is told; what repeats a SIP status says no more.
func TestOnlyTheNetworkTellsMoreThanTheCode(t *testing.T) {
	for _, tt := range []struct {
		code   int
		reason string
		want   bool
	}{
		{486, "", false},
		{486, "Q.850;cause=17", true},
		{600, "Q.850;cause=17", true},
		{480, "SIP;cause=815", true},
		{480, "SIP;cause=486", false},
		{486, "SIP;cause=603", false},
		{486, "Q.850;cause=127", false},
		{486, "SIP;cause=486, Q.850;cause=17", false}, // the first says it
		{407, "Q.850;cause=17", false},
	} {
		t.Run(fmt.Sprint(tt.code, tt.reason), func(t *testing.T) {
			play(t, nil, func(h *harness) {
				h.start()
				call := h.dialTo("1002")
				h.recv(responseText(h.wantRequest("calling", sip.INVITE), tt.code, reasonHeader(tt.reason)...))
				h.wantSent("a refusal is ACKed", "ACK")
				h.forget()
				if why := call.Info().Cause; why.Told != tt.want || why.Code != tt.code {
					t.Errorf("%+v, want told %v", why, tt.want)
				}
			})
		})
	}
}

func reasonHeader(value string) []string {
	if value == "" {
		return nil
	}
	return []string{"Reason: " + value}
}

// withPhrase puts another phrase into a response.
func withPhrase(response, phrase string) string {
	return response[:len("SIP/2.0 486 ")] + phrase + response[strings.IndexByte(response, '\n'):]
}

// TestOwnEndWinsOverTheirReason: who has given up the call does not want to be told why the other side did not take it.
func TestOwnEndWinsOverTheirReason(t *testing.T) {
	play(t, nil, func(h *harness) {
		h.start()
		call := h.dialTo("1002")
		invite := h.wantRequest("calling", sip.INVITE)
		h.respond(invite, 180, "tag=far", okContact)
		h.forget()
		call.Hangup(h.t.Context())
		h.respond(h.wantRequest("given up", sip.CANCEL), 200)
		h.respond(invite, 408, "tag=far", "Reason: Q.850;cause=17")
		h.wantSent("ACKed", "ACK")
		h.wantEvent("over", "ending", "ended cancelled")
	})
}
