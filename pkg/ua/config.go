package ua

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/emiago/sipgo/sip"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/transport"
	"github.com/gowebphone/webphone/pkg/ua/internal/digest"
)

// Account is the identity a user agent registers and calls with.
type Account struct {
	AOR      string // address of record, "sip:1001@example.com"
	AuthUser string // user name for digest authentication; default: the user part of AOR
	Password string
	// in place of Password: hex of H(user:realm:password) by algorithm, "MD5", "SHA-256", "SHA-512-256"
	HA1   map[string]string
	Token string // bearer token (RFC 8898), for servers that ask for one; wss only. See UserAgent.SetToken
	// the only realm that is answered; default: those that challenge REGISTER, and the domain of AOR
	Realm       string
	DisplayName string // name in From
	CLI         string // user part of From in calls, apart from the authentication user; default: the user part of AOR
}

// Config configures a user agent. Account.AOR and Servers are required, all else has a useful zero value.
type Config struct {
	Account Account
	Servers []string // WebSocket URLs, "wss://host[:port][/path]", in fail-over order

	// Flows is how many connections are kept at a time, each to another of the Servers and registered under its own reg-id (RFC
	// 5626): 1, or 2, so that calls come in and go on while one server is down. Default 1.
	Flows int

	NoRegister     bool          // connect, but do not register
	Expires        time.Duration // registration asked for, at least 1 s; default 10 minutes
	InstanceID     string        // "urn:uuid:..." (RFC 5626 section 4.1); default: random, so it should be kept by the caller
	UserAgent      string        // User-Agent header; default "webphone"
	ConnectTimeout time.Duration // default 5 s
	NoAnswer       time.Duration // an outgoing call is cancelled after this; default 3 minutes

	// MessageTypes are the content types taken in a MESSAGE, "text/plain", "type/*" or "*/*"; others get 415. Default: none, and
	// who sends one is told by 405, because a text that was taken and is shown to nobody is lost.
	MessageTypes []string
	// MaxMessage limits a whole MESSAGE that we send, in bytes, 400 of them for credentials; default 1300 (RFC 3428 section 8).
	// Raise it only where every hop is known to be TCP, TLS or WebSocket.
	MaxMessage int

	Reliable1xx    Reliable1xx   // reliable provisional responses; default: supported
	SessionExpires time.Duration // session timer asked for (RFC 4028); default 30 minutes, at least 90 s, negative: none

	// Redirect chooses where a call goes that is answered by 300, 301 or 302, from the addresses given there, the best
	// first; false ends the call. Default: not followed. InviteOptions.Redirect comes first. It may take its time.
	Redirect func(to []Address) (Address, bool)
	// AcceptRefer decides whether we follow when the other side of a call sends us to somebody else (RFC 3515), AcceptReplaces
	// whether a call that comes in may take the place of one we have (RFC 3891). Default: never, because either lets others
	// choose whom we talk to, and at whose expense; both are refused by 603. They may take their time, half a minute and three
	// minutes; ctx ends when the answer is not needed any more. A call asks one question at a time, and none after three
	// without a yes.
	AcceptRefer    func(ctx context.Context, r ReferRequest) bool
	AcceptReplaces func(ctx context.Context, r ReferRequest) bool
	// AcceptControl decides whether a server may answer, resume ("talk") or hold ("hold") a call by a NOTIFY in its dialog, as
	// click-to-answer of a program on the desk does; default: never. It gets the call as it is, and is done before a ringing call
	// is answered.
	AcceptControl func(ctx context.Context, call CallInfo, event string) bool
	// TrustAssertedIdentity takes P-Asserted-Identity (RFC 3325), else Remote-Party-ID, for the address of the other side: in the
	// INVITE, and of who is on the line later, in requests and responses of the call. Set it only where the server removes these
	// headers from what others send.
	TrustAssertedIdentity bool

	Media       media.Config // defaults for every call
	MediaEngine media.Engine // default: media.Default()

	// Dial opens a connection; default transport.Dial.
	Dial func(ctx context.Context, url string) (transport.Conn, error)
	// Record gets what comes into the core and what it sends, as lines of JSON, masked, so that uatrace.Replay can run it again;
	// default: nothing is recorded. It must not block. The lines tell who called whom and what was written in messages.
	Record io.Writer

	// Restore is what Export has returned, less than a minute ago, and StateKey the AES key of 16, 24 or 32 bytes that both
	// seal it with. The calls in it go on once Run has registered. A state that cannot be used is ErrBadState.
	Restore  []byte
	StateKey []byte

	// Now is the clock; default time.Now. Rand is the source of tags, branches and keys; default crypto/rand.
	Now  func() time.Time
	Rand io.Reader
}

// sizes are those of HA1 in hex.
var sizes = map[string]int{"MD5": 32, "SHA-256": 64, "SHA-512-256": 64}

// check refuses credentials that can never work. What it says holds none of them.
func (a Account) check() error {
	for alg, ha1 := range a.HA1 {
		if sizes[strings.ToUpper(alg)] == 0 || len(ha1) != sizes[strings.ToUpper(alg)] ||
			strings.Trim(strings.ToLower(ha1), "0123456789abcdef") != "" {
			return fmt.Errorf("%w: HA1 for %q is not the hex of that algorithm", ErrBadConfig, alg)
		}
	}
	if a.Token != "" && !digest.IsToken(a.Token) {
		return fmt.Errorf("%w: Token has characters a bearer token cannot have", ErrBadConfig)
	}
	return nil
}

// complete fills in the defaults and checks what is required.
func (cfg Config) complete() (Config, sip.Uri, error) {
	var aor sip.Uri
	text := cfg.Account.AOR
	if !strings.Contains(text, ":") {
		text = "sip:" + text
	}
	if err := sip.ParseUri(text, &aor); err != nil || aor.User == "" || aor.Host == "" ||
		!sip.UriIsSIP(aor.Scheme) && !sip.UriIsSIPS(aor.Scheme) {
		return cfg, aor, fmt.Errorf("%w: Account.AOR %q is not like sip:user@domain", ErrBadConfig, cfg.Account.AOR)
	}
	said := text + cfg.Account.DisplayName + cfg.Account.CLI + cfg.UserAgent + cfg.InstanceID + strings.Join(cfg.MessageTypes, "")
	if strings.ContainsAny(said, "\r\n\x00") {
		return cfg, aor, fmt.Errorf("%w: a line break in the account", ErrBadConfig)
	}
	if strings.ContainsAny(cfg.InstanceID, "<>\"") || !utf8.ValidString(cfg.InstanceID) {
		return cfg, aor, fmt.Errorf("%w: InstanceID %q is no URN", ErrBadConfig, cfg.InstanceID)
	}
	if err := cfg.Account.check(); err != nil {
		return cfg, aor, err
	}
	if len(cfg.Servers) == 0 {
		return cfg, aor, fmt.Errorf("%w: no Servers", ErrBadConfig)
	}
	for _, server := range cfg.Servers {
		if !strings.HasPrefix(server, "wss://") && !strings.HasPrefix(server, "ws://") {
			return cfg, aor, fmt.Errorf("%w: server %q does not begin with wss:// or ws://", ErrBadConfig, server)
		}
		if cfg.Account.Token != "" && !strings.HasPrefix(server, "wss://") {
			return cfg, aor, fmt.Errorf("%w: a token may not be sent to %q, which is not encrypted (RFC 8898 section 4)",
				ErrBadConfig, server)
		}
	}
	if cfg.Flows = cmp.Or(cfg.Flows, 1); cfg.Flows < 1 || cfg.Flows > min(maxFlows, len(cfg.Servers)) {
		return cfg, aor, fmt.Errorf("%w: %d Flows, which need as many Servers, at most %d", ErrBadConfig, cfg.Flows, maxFlows)
	}
	if cfg.Expires != 0 && cfg.Expires < time.Second {
		return cfg, aor, fmt.Errorf("%w: Expires of %v, below one second", ErrBadConfig, cfg.Expires)
	}
	aor.UriParams, aor.Headers, aor.Password = nil, nil, ""
	cfg.Servers = slices.Clone(cfg.Servers)
	cfg.Account.HA1 = maps.Clone(cfg.Account.HA1)
	cfg.Account.AuthUser = cmp.Or(cfg.Account.AuthUser, aor.User)
	cfg.Account.CLI = cmp.Or(cfg.Account.CLI, aor.User)
	cfg.Expires = cmp.Or(cfg.Expires, 10*time.Minute)
	cfg.UserAgent = cmp.Or(cfg.UserAgent, "webphone")
	cfg.ConnectTimeout = cmp.Or(cfg.ConnectTimeout, 5*time.Second)
	cfg.NoAnswer = cmp.Or(cfg.NoAnswer, 3*time.Minute)
	cfg.MaxMessage = cmp.Or(cfg.MaxMessage, messageLimit)
	cfg.SessionExpires = cmp.Or(cfg.SessionExpires, 30*time.Minute)
	if cfg.SessionExpires > 0 {
		cfg.SessionExpires = max(cfg.SessionExpires, leastSession)
	}
	if cfg.MediaEngine == nil {
		cfg.MediaEngine = media.Default()
	}
	if cfg.Dial == nil {
		cfg.Dial = transport.Dial
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Rand == nil {
		cfg.Rand = rand.Reader
	}
	return cfg, aor, nil
}
