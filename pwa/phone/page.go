package phone

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/gowebphone/webphone/pwa/screen"
)

const pageTimeout = time.Minute

// noContainer is how a page begins that wants all the space there is.
const noContainer = "<!-- NO-CONTAINER -->"

// LookAt reads how a page of the operator's own begins.
type LookAt struct {
	Page screen.Page
	URL  string
}

func (LookAt) isCommand() {}

// looked tells that a page wants all the space.
type looked struct {
	page screen.Page
}

func (e looked) reduce(s screen.Snapshot) screen.Snapshot {
	s.Fills = append(slices.Clip(s.Fills), e.page)
	return s
}

// planPage looks at a page of this site that is opened for the first time. A page of another site cannot be read.
func planPage(prev, next screen.Snapshot) []Command {
	item, ok := next.OwnPage()
	if !ok || prev.List == next.List || next.Filled(item.Page) || strings.Contains(item.URL, "://") {
		return nil
	}
	return []Command{LookAt{item.Page, item.URL}}
}

func (p *Phone) lookAt(c LookAt) {
	if p.opts.Fetch == nil {
		return
	}
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), pageTimeout)
		defer cancel()
		page, err := p.opts.Fetch(ctx, c.URL, "")
		if err == nil && strings.HasPrefix(strings.TrimLeft(string(page.Data), "\ufeff \t\r\n"), noContainer) {
			p.post(looked{page: c.Page})
		}
	}()
}
