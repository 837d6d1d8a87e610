package phone

import (
	"bytes"
	"context"
	"time"

	"github.com/gowebphone/webphone/pwa/config"
)

const (
	provisionPatience = 2 * time.Second // before the kept object is used
	provisionTimeout  = 15 * time.Second
)

// fetchObject brings the object, and before that what there is where it takes long.
func (p *Phone) fetchObject(came objectCame) {
	done := make(chan objectCame, 1)
	go func(came objectCame) { done <- p.askForObject(came) }(came)
	patience := time.NewTimer(provisionPatience)
	defer patience.Stop()
	select {
	case came = <-done:
	case <-patience.C:
		if !came.refresh {
			slow := came
			slow.err, slow.kept = errSlow, p.lastObject(came)
			p.post(slow)
			came.refresh = slow.kept != nil
		}
		answer := <-done
		answer.refresh = came.refresh
		came = answer
	}
	if came.err != nil && !came.refresh && !refused(came.err) {
		came.kept = p.lastObject(came)
	}
	p.post(came)
}

func (p *Phone) askForObject(came objectCame) objectCame {
	ctx, cancel := context.WithTimeout(context.Background(), provisionTimeout)
	defer cancel()
	document, err := p.opts.Fetch(ctx, came.address, "")
	came.data, came.err = document.Data, err
	switch {
	case err != nil:
	case bytes.HasPrefix(bytes.TrimSpace(document.Data), []byte("<")):
		came.err = errPage
	case len(document.Data) > config.MaxInput:
		came.err = errTooLarge
	default:
		came.layer, came.faults, came.err = config.Read(config.Provisioned, document.Data)
	}
	return came
}

// complain tells whoever looks after the phone what its user cannot help, without what may be secret in an address.
func (p *Phone) complain(e objectCame) {
	if p.opts.Complain != nil {
		p.opts.Complain("provisioning " + bare(e.address) + ": " + reason(e.err))
	}
}
