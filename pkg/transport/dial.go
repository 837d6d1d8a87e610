package transport

import (
	"context"
	"errors"
	"net/url"
)

const subprotocol = "sip" // RFC 7118 section 4.1

// checkURL accepts ws:// and wss:// with a host. The second result is what an error may show: a URL without user
// information and query, where secrets could stand.
func checkURL(raw string) (*url.URL, string, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return nil, "", &DialError{Kind: DialBadURL, Err: errors.New("not a URL")}
	}
	shown := (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
	switch {
	case u.Scheme != "ws" && u.Scheme != "wss":
		err = errors.New("the scheme is not ws or wss")
	case u.Hostname() == "":
		err = errors.New("no host")
	case u.Fragment != "":
		err = errors.New("a fragment is not allowed")
	default:
		return u, shown, nil
	}
	return nil, shown, &DialError{Kind: DialBadURL, URL: shown, Err: err}
}

// contextKind tells a context that ended apart from a failure of the network.
func contextKind(ctx context.Context, otherwise DialErrorKind) DialErrorKind {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return DialTimeout
	}
	return otherwise
}
