package provision

import (
	"context"
	"errors"
	"net/url"
	"strconv"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/fetch"
	"github.com/gowebphone/webphone/pwa/text"
)

// Why there is no object, besides what package fetch knows.
var (
	// ErrSlow tells that the object is still being waited for.
	ErrSlow     = errors.New("the server has not answered within 2 seconds")
	errPage     = errors.New("a web page came in its place, as from a network that wants a login first")
	errTooLarge = errors.New("it is larger than 1 MB")
)

// Refused tells whether the operator has answered, and gives no object to who asks.
func Refused(err error) bool {
	var status fetch.StatusError
	return errors.As(err, &status) && status >= 400 && status < 500 && status != 408 && status != 429
}

// Why says why there is no object, and what to do next.
func Why(err error) text.Sentence {
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
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, ErrSlow):
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

// Before says that the object of the last time is used, and why.
func Before(why text.Sentence) text.Sentence {
	return text.Say(text.ProvisionedBefore, append([]string{text.Why, string(why.Key)}, why.Args...)...)
}

// Report is a line for whoever looks after the phone: what its user cannot help, without what may be secret in an address.
func Report(address string, err error) string {
	return "provisioning " + bare(address) + ": " + reason(err)
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
	for _, known := range []error{fetch.ErrBlocked, fetch.ErrRedirected, errPage, errTooLarge, ErrSlow} {
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
