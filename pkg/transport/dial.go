package transport

import (
	"context"
	"errors"
	"net/url"
	"sync"
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

// commonPath is where many servers have their WebSocket, and what is often left out of their address.
const commonPath = "/ws"

// pathless holds the addresses without a path whose WebSocket was found at the common path.
var pathless sync.Map

// findPath dials an address. Where it has no path and a web server answers there, but not with SIP, the common path is tried too.
func findPath(ctx context.Context, raw string, dial func(ctx context.Context, raw string) (Conn, error)) (Conn, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Path != "" && u.Path != "/" {
		return dial(ctx, raw)
	}
	more := u.JoinPath(commonPath).String()
	if _, found := pathless.Load(raw); found {
		if c, err := dial(ctx, more); !atAnotherPath(err) {
			return c, err
		}
		pathless.Delete(raw)
	}
	c, err := dial(ctx, raw)
	if !atAnotherPath(err) {
		return c, err
	}
	if c, again := dial(ctx, more); again == nil {
		pathless.Store(raw, true)
		return c, nil
	}
	return nil, err
}

// atAnotherPath tells whether a server is there, and what was dialled may be another path of it.
func atAnotherPath(err error) bool {
	var e *DialError
	return errors.As(err, &e) && (e.Kind == DialHTTPStatus || e.Kind == DialNoSubprotocol)
}

// contextKind tells a context that ended apart from a failure of the network.
func contextKind(ctx context.Context, otherwise DialErrorKind) DialErrorKind {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return DialTimeout
	}
	return otherwise
}
