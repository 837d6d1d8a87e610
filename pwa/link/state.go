package link

import "github.com/gowebphone/webphone/pwa/screen"

// state writes how a snapshot differs from another.
func (c *coder) state(was, is *screen.Snapshot) { walkWhole(c, was, is, walkSnapshot) }

func (c *coder) readState(was screen.Snapshot) (is screen.Snapshot) {
	walkWhole(c, &was, &is, walkSnapshot)
	return is
}

// ended tells whether all was read and understood.
func (c *coder) ended() bool { return c.err == nil && len(c.data) == 0 }
