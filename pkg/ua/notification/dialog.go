package notification

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/gowebphone/webphone/pkg/ua/internal/xmlscan"
)

// DialogInfo is the state of somebody's calls (RFC 4235): the lamp of a busy-lamp field.
type DialogInfo struct {
	Version uint64
	Full    bool   // as received; what Package.Read returns is the whole state either way
	Entity  string // URI of the watched user
	Dialogs []Dialog
}

// Dialog is one call of the watched user. A terminated one is told once.
type Dialog struct {
	ID         string
	CallID     string
	LocalTag   string // of the watched user
	RemoteTag  string
	Direction  string // "initiator", "recipient" or "" when not said
	State      string // "trying", "proceeding", "early", "confirmed", "terminated"
	Event      string // why it is terminated: "cancelled", "rejected", "replaced", "local-bye", "remote-bye", "error", "timeout"
	Code       int    // status code that goes with Event
	Duration   int    // seconds, when said
	Local      Party
	Remote     Party
	Replaces   string // Call-ID of the dialog it replaced, when said
	ReferredBy string
}

// Party is one side of a call.
type Party struct {
	Identity    string // URI
	DisplayName string
	Target      string // Contact URI
}

// Busy reports whether a call is under way or ringing.
func (d *DialogInfo) Busy() bool {
	return slices.ContainsFunc(d.Dialogs, func(s Dialog) bool { return s.State != "terminated" })
}

// Ringing returns the first call that rings at the watched user, or nil; its tags are what a pickup needs.
func (d *DialogInfo) Ringing() *Dialog {
	for i, s := range d.Dialogs {
		if s.State == "early" && s.Direction != "initiator" {
			return &d.Dialogs[i]
		}
	}
	return nil
}

func (d *DialogInfo) number() uint64 { return d.Version }
func (d *DialogInfo) isFull() bool   { return d.Full }
func (d *DialogInfo) entries() int   { return len(d.Dialogs) }

const dialogSpace = "urn:ietf:params:xml:ns:dialog-info"

// ParseDialogInfo reads application/dialog-info+xml (RFC 4235), one document by itself.
func ParseDialogInfo(data []byte) (*DialogInfo, error) {
	root, err := document(data, dialogSpace, "dialog-info")
	if err != nil {
		return nil, err
	}
	d := &DialogInfo{Entity: root.Attr("entity")}
	if d.Version, d.Full, err = version(root); err != nil {
		return nil, err
	}
	for _, e := range root.All("dialog") {
		s := dialogState(e)
		if s.ID == "" || s.State == "" {
			return nil, fmt.Errorf("%w: dialog without id or state", ErrBadContent)
		}
		d.Dialogs = append(d.Dialogs, s)
	}
	return d, nil
}

func dialogState(e *xmlscan.Element) Dialog {
	state := e.Child("state")
	s := Dialog{ID: e.Attr("id"), CallID: e.Attr("call-id"), LocalTag: e.Attr("local-tag"), RemoteTag: e.Attr("remote-tag"),
		Direction: e.Attr("direction"), State: state.Text(), Event: state.Attr("event"), Local: dialogParty(e.Child("local")),
		Remote: dialogParty(e.Child("remote")), Replaces: e.Child("replaces").Attr("call-id"),
		ReferredBy: e.Child("referred-by").Text()}
	s.Code, _ = strconv.Atoi(state.Attr("code"))
	s.Duration, _ = strconv.Atoi(e.Child("duration").Text())
	return s
}

func dialogParty(e *xmlscan.Element) Party {
	identity := e.Child("identity")
	return Party{Identity: identity.Text(), DisplayName: identity.Attr("display"), Target: e.Child("target").Attr("uri")}
}

// mergeDialogInfo puts a change on top of what was known; calls that were told to be over go.
func mergeDialogInfo(old, change *DialogInfo) *DialogInfo {
	merged := *change
	if old == nil {
		return &merged
	}
	merged.Dialogs = nil
	for _, s := range old.Dialogs {
		if s.State != "terminated" && !slices.ContainsFunc(change.Dialogs, func(n Dialog) bool { return n.ID == s.ID }) {
			merged.Dialogs = append(merged.Dialogs, s)
		}
	}
	merged.Dialogs = append(merged.Dialogs, change.Dialogs...)
	return &merged
}
