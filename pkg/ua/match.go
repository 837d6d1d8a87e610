package ua

import (
	"errors"
	"slices"
	"strings"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// obeyed decides about a message in which something could not be read. What belongs to a dialog or transaction of ours is
// taken as it is meant: an answer, a BYE, a CANCEL and an ACK whatever they lack, every other request when it has what a
// dialog needs. A refusal would leave a call up that the other side has ended, or without an outcome.
func (c *core) obeyed(m wire.Message, bad *wire.Error) bool {
	switch m := m.(type) {
	case *wire.Response:
		return c.txns.Find(m) != nil
	case *wire.Request:
		switch {
		case c.txns.Known(m) && (bad.Usable || m.Method == sip.CANCEL || m.Method == sip.ACK):
			return true
		case m.Method == sip.ACK:
			return c.ackedBy(m) != nil
		case m.Method == sip.BYE:
			return c.dialogFor(m) != nil
		}
		return bad.Usable && (c.dialogFor(m) != nil || m.Method == sip.NOTIFY && c.subscriptionOf(m) != nil)
	}
	return false
}

// dialogFor finds the dialog a request of the other side belongs to. Where the tag of the other side is missing, in the
// request or in what made the dialog (RFC 2543), Call-ID and our tag will do, if there is one such dialog only.
func (c *core) dialogFor(req *wire.Request) *dialog {
	id := dialogID{req.CallID().Value(), req.ToTag, req.FromTag}
	if d := c.dialogs[id]; d != nil {
		return d
	}
	var found *dialog
	for _, d := range c.dialogs {
		if d.id.callID != id.callID || d.id.local != id.local || id.local == "" || d.id.remote != "" && id.remote != "" {
			continue
		}
		if found != nil {
			return nil
		}
		found = d
	}
	return found
}

// ackedBy finds the call whose 2xx an ACK is for. An ACK cannot be answered, and a 2xx without one ends the call: so either
// Call-ID or our tag is enough, and any number but that of an ACK that was there before.
func (c *core) ackedBy(req *wire.Request) *session {
	if d := c.dialogFor(req); d != nil {
		return d.session
	}
	for _, s := range c.sessions {
		if s.unacked != nil && s.dlg != nil && (s.dlg.id.callID == req.CallID().Value() ||
			s.dlg.id.local == req.ToTag) {
			return s
		}
	}
	return nil
}

// unreadable tells an error about a header that is there from one about a header that is not.
func unreadable(err error) bool { return err != nil && !errors.Is(err, wire.ErrAbsent) }

// names tells whether a list of tokens holds one, whatever its case.
func names(list []string, token string) bool {
	return slices.ContainsFunc(list, func(v string) bool { return strings.EqualFold(v, token) })
}
