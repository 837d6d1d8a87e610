package phone

import (
	"context"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/screen"
)

// pressed is a button of a call that the server presses (NOTIFY with Event talk or hold): may it?
type pressed struct {
	id, event string
	allow     chan<- bool // holds one
}

func (b pressed) open(p *Phone) Event {
	b.allow <- mayControl(p.snapshot, b.id, b.event)
	return nil
}

// control asks the phone, whose snapshot knows what the user is doing. It is for the user agent, off the loop of the phone.
func (p *Phone) control(ctx context.Context, call ua.CallInfo, event string) bool {
	allow := make(chan bool, 1)
	p.receive(pressed{call.ID, event, allow})
	select {
	case ok := <-allow:
		return ok
	case <-ctx.Done():
		return false
	}
}

// mayControl decides by the setting that answers calls, and by its rules: never against the wish not to be disturbed, and no call
// into the voice of another.
func mayControl(s screen.Snapshot, id, event string) bool {
	line, ok := s.Line(id)
	switch {
	case !ok || !s.AutoAnswer || s.DoNotDisturb:
		return false
	case event == "hold":
		return line.Established()
	case line.RingsHere():
		return line.Answering || s.Free()
	}
	return line.Established() && len(s.Talking(id)) == 0
}
