package ua

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// Farewell is what is said to a server in the place of a user agent that is gone: each message leaves as it stands, over a new
// connection.
type Farewell struct {
	Server  string   // its URL
	Calls   [][]byte // a BYE for each answered call
	Binding []byte   // the REGISTER that takes the binding away; nil where there is none
}

// Farewell returns what ends the answered calls and the registration, for the case that this user agent is closed and no other
// restores what it has exported: whoever outlives the page says it then. Nothing is sent, and nothing changes. The messages are
// those of a user agent that has said all it wanted, so they serve once; of them and of the user agent that goes on only one may
// speak. They have no answer to a challenge that has not come yet.
func (a *UserAgent) Farewell() ([]Farewell, error) {
	list, err := a.ask(context.Background(), &act{deed: farewellDeed})
	if err != nil {
		return nil, fmt.Errorf("farewell: %w", err)
	}
	return list.([]Farewell), nil
}

// byeGap lies between what was sent until now and what a restored user agent sends (seqGap), so that the numbers of a farewell
// are new to the other side (RFC 3261 section 12.2.2) whoever speaks.
const byeGap = seqGap / 2

func (c *core) farewell(now time.Time) (list []Farewell) {
	for _, f := range c.flows {
		bye := Farewell{Server: f.conn.info.Server}
		for _, s := range c.sessions {
			if s.info.State == CallEstablished && s.dlg != nil && s.flow == f {
				bye.Calls = c.appendWritten(bye.Calls, c.lastBye(now, s.dlg))
			}
		}
		if f.reg.bound.After(now) {
			bye.Binding = slices.Concat(c.appendWritten(nil, c.lastRegister(now, f))...)
		}
		if bye.Server != "" && (len(bye.Calls) > 0 || bye.Binding != nil) {
			list = append(list, bye)
		}
	}
	return list
}

// lastBye is the BYE that sendBye would send, and does not count as sent.
func (c *core) lastBye(now time.Time, d *dialog) *sip.Request {
	req := c.dialogRequest(d, sip.BYE, d.localSeq+byeGap)
	req.AppendHeader(sip.NewHeader("Reason", `Q.850;cause=16;text="The page of the phone was closed"`))
	c.authorize(now, req, d.credentials().Ahead())
	return c.finish(req, "", nil)
}

// lastRegister is the REGISTER that removeBinding would send. Each flow has a number of its own, because all of them share a
// Call-ID.
func (c *core) lastRegister(now time.Time, f *flow) *sip.Request {
	req := f.registerWith(0, c.head.seq+byeGap+uint32(f.id))
	c.authorize(now, req, f.auth.Ahead())
	return req
}

// appendWritten adds a message as bytes. One that cannot be written is left out: it could not be sent either.
func (c *core) appendWritten(list [][]byte, req *sip.Request) [][]byte {
	data, err := wire.Serialize(req)
	if err != nil {
		return list
	}
	return append(list, data)
}
