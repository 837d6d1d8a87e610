package ua

import (
	"context"
	"io"
	"time"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/transport"
)

// Account is the identity a user agent registers and calls with.
type Account struct {
	AOR         string // address of record, "sip:1001@example.com"
	AuthUser    string // user name for digest authentication; default: the user part of AOR
	Password    string
	Realm       string // when set, only challenges of this realm are answered; default: any
	DisplayName string // name in From
	CLI         string // user part of From in calls, apart from the authentication user; default: the user part of AOR
}

// Config configures a user agent. Account.AOR and Servers are required, all else has a useful zero value.
type Config struct {
	Account Account
	Servers []string // WebSocket URLs, "wss://host[:port][/path]", in fail-over order

	NoRegister     bool          // connect, but do not register
	Expires        time.Duration // registration asked for; default 10 minutes
	InstanceID     string        // "urn:uuid:..." (RFC 5626 section 4.1); default: random, so it should be kept by the caller
	UserAgent      string        // User-Agent header; default "webphone"
	ConnectTimeout time.Duration // default 5 s
	NoAnswer       time.Duration // an outgoing call is cancelled after this; default 3 minutes

	Media       media.Config // defaults for every call
	MediaEngine media.Engine // default: media.Default()

	// Dial opens a connection; default transport.Dial.
	Dial func(ctx context.Context, url string) (transport.Conn, error)
	// Now is the clock; default time.Now. Rand is the source of tags, branches and keys; default crypto/rand.
	Now  func() time.Time
	Rand io.Reader
}
