package phone

import (
	"bytes"
	"context"
	"errors"
	"net/url"
	"strconv"
	"time"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/fetch"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

const (
	provisionPatience = 2 * time.Second // before the kept object is used
	provisionTimeout  = 15 * time.Second
)

// Why there is no object, besides what package fetch knows.
var (
	errPage     = errors.New("a web page came in its place, as from a network that wants a login first")
	errTooLarge = errors.New("it is larger than 1 MB")
	errSlow     = errors.New("the server has not answered within 2 seconds")
)

func isSlow(err error) bool { return errors.Is(err, errSlow) }

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

// refused tells whether the operator has answered, and gives no object to who asks.
func refused(err error) bool {
	var status fetch.StatusError
	return errors.As(err, &status) && status >= 400 && status < 500 && status != 408 && status != 429
}

// whyNot says why there is no object, and what to do next.
func whyNot(err error) text.Sentence {
	var status fetch.StatusError
	var unreadable *config.Error
	switch {
	case errors.As(err, &status):
		return text.Say(statusText(int(status)), "code", strconv.Itoa(int(status)))
	case errors.Is(err, errPage):
		return text.Say(text.ProvisionPage)
	case errors.Is(err, errTooLarge):
		return text.Say(text.ProvisionTooLarge)
	case errors.As(err, &unreadable):
		return text.Say(text.ProvisionUnreadable)
	case errors.Is(err, fetch.ErrBlocked):
		return text.Say(text.ProvisionBlocked)
	case errors.Is(err, fetch.ErrRedirected):
		return text.Say(text.ProvisionRedirected)
	case errors.Is(err, context.DeadlineExceeded), isSlow(err):
		return text.Say(text.ProvisionSlow)
	}
	return text.Say(text.ProvisionUnreachable)
}

func statusText(status int) text.Key {
	switch {
	case status == 404 || status == 410:
		return text.ProvisionMissing
	case status == 408 || status == 429 || status == 503:
		return text.ProvisionBusy
	case status < 500:
		return text.ProvisionRefused
	}
	return text.ProvisionFault
}

// keptSentence says that the object of the last time is used, and why.
func keptSentence(why text.Sentence) text.Sentence {
	return text.Say(text.ProvisionedBefore, append([]string{text.Why, string(why.Key)}, why.Args...)...)
}

// complain tells whoever looks after the phone what its user cannot help, without what may be secret in an address.
func (p *Phone) complain(e objectCame) {
	if p.opts.Complain != nil {
		p.opts.Complain("provisioning " + bare(e.address) + ": " + reason(e.err))
	}
}

// reason is an error in our own words: those of a browser may quote what must not be read.
func reason(err error) string {
	var status fetch.StatusError
	var unreadable *config.Error
	switch {
	case errors.As(err, &status):
		return status.Error()
	case errors.As(err, &unreadable):
		return "it " + unreadable.Reason
	case errors.Is(err, context.DeadlineExceeded):
		return "the server has not answered within 15 seconds"
	}
	for _, known := range []error{fetch.ErrBlocked, fetch.ErrRedirected, errPage, errTooLarge, errSlow} {
		if errors.Is(err, known) {
			return err.Error() // which wraps it, and so is ours too
		}
	}
	return fetch.ErrUnreachable.Error()
}

// bare is an address without what may be a key to it.
func bare(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "(address not readable)"
	}
	u.User, u.Fragment = nil, ""
	if u.RawQuery != "" {
		u.RawQuery = "..."
	}
	return u.String()
}

// provisionSlow tells that the object is still being waited for.
type provisionSlow struct{}

func (provisionSlow) reduce(s screen.Snapshot) screen.Snapshot {
	s.Login.Error = text.Say(text.ProvisionSlow)
	return s
}
