package phone

import (
	"context"

	"github.com/gowebphone/webphone/pwa/provision"
)

// fetchObject brings the object, and before that what there is where it takes long.
func (p *Phone) fetchObject(came objectCame) {
	object, err := provision.Get(p.opts.Fetch, came.address, func() {
		if came.refresh {
			return
		}
		slow := came
		slow.err, slow.kept = provision.ErrSlow, p.lastObject(came)
		p.post(slow)
		came.refresh = slow.kept != nil
	})
	came.Object, came.err = object, err
	if err != nil && !came.refresh && !provision.Refused(err) {
		came.kept = p.lastObject(came)
	}
	p.post(came)
}

func (p *Phone) lastObject(e objectCame) *provision.Kept {
	return provision.Last(context.Background(), p.books.Medium(), e.address, e.login.mark())
}

func (p *Phone) keepObject(e objectCame, account string) {
	p.notKept(provision.Keep(context.Background(), p.books.Medium(),
		provision.Kept{Address: e.address, Layer: e.Layer, Login: e.login.mark(), Account: account}))
}

func (p *Phone) dropObject(address string) {
	p.notKept(provision.Drop(context.Background(), p.books.Medium(), address))
}
