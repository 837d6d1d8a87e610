package phone

import (
	"time"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/screen"
)

// Event is something that happened: a window tells it (screen.Event), or the phone gets to know it (news). Whatever comes in an
// envelope is neither yet.
type Event any

// news says itself what it does to the snapshot.
type news interface {
	reduce(s screen.Snapshot) screen.Snapshot
}

// What the phone gets to know.
type (
	// Told is an event of the user agent.
	Told struct {
		ua.Event
		At time.Time
	}
	// Measured brings the counters of a call.
	Measured struct {
		ID    string
		Stats media.Stats
	}
	// Failed tells that a command did not work.
	Failed struct {
		Command Command
		Err     error
		At      time.Time
	}
	// Tick moves the clock.
	Tick struct{ At time.Time }
)

// alone is news for the window that has asked for it, or leads: the others show nothing of it.
type alone interface{ alone() }

// unseen is news that changes nothing on the screen by itself.
type unseen struct{}

func (unseen) reduce(s screen.Snapshot) screen.Snapshot { return s }
