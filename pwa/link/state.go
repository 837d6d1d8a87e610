package link

import "github.com/gowebphone/webphone/pwa/screen"

// state is what the mind says of a snapshot: how it differs from the last one, and which event of the window is the last in it.
func (c *coder) state(done uint64, was, is *screen.Snapshot) (differs bool) {
	c.uint(done)
	if differs = walkSnapshot(c, was, is); !differs {
		c.data = append(c.data, 0)
	}
	return differs
}

func (c *coder) readState(was screen.Snapshot) (done uint64, is screen.Snapshot) {
	done = c.readUint()
	walkWhole(c, &was, &is, walkSnapshot)
	return done, is
}

// ended tells whether all was read and understood.
func (c *coder) ended() bool { return c.err == nil && len(c.data) == 0 }
