package ua

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	mrand "math/rand/v2"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/transport"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// recorder writes what comes into the core, in the order in which the core took it, and what it sent, to Config.Record.
// It belongs to the loop. A nil recorder writes nothing.
type recorder struct {
	out     io.Writer
	failed  error             // of the first write that failed; nothing is written after it
	aliases map[string]string // nonces as they are written
}

// entry is one line of a recording. In names what came in; Out is a message that was sent.
type entry struct {
	At    int64  `json:"t"` // nanoseconds since 1970
	In    string `json:"in,omitempty"`
	Out   bool   `json:"out,omitempty"`
	Gen   int    `json:"gen,omitempty"`
	Text  string `json:"text,omitempty"`  // a message, SDP, media state
	Bytes []byte `json:"bytes,omitempty"` // a message that is not UTF-8
	Audio int    `json:"audio,omitempty"`
	Job   int    `json:"job,omitempty"` // number of a question
	OK    bool   `json:"ok,omitempty"`
	// The outcome of what can fail.
	Error *recordedError `json:"error,omitempty"`
	Act   *act           `json:"act,omitempty"`
	To    *Address       `json:"to,omitempty"`
	Setup *setup         `json:"setup,omitempty"`
}

// What the core was told when it asked in the middle of a turn.
const (
	inTones = "tones" // what the media engine said to tones
	inProof = "proof" // whether the server proved that it knows the password
)

// setup is the configuration without secrets. Account has no credentials; a server's URL has no query and no user.
type setup struct {
	Version        int
	Seed           string // of all randomness of the run
	Account        Account
	Servers        []string
	Flows          int           `json:",omitempty"`
	NoRegister     bool          `json:",omitempty"`
	Expires        time.Duration `json:",omitempty"`
	InstanceID     string        `json:",omitempty"`
	UserAgent      string
	ConnectTimeout time.Duration
	NoAnswer       time.Duration
	MessageTypes   []string
	MaxMessage     int
	Reliable1xx    Reliable1xx   `json:",omitempty"`
	SessionExpires time.Duration `json:",omitempty"`
	Redirect       bool          `json:",omitempty"`
	AcceptRefer    bool          `json:",omitempty"`
	AcceptReplaces bool          `json:",omitempty"`
	TrustAsserted  bool          `json:",omitempty"`
	Prepares       bool          `json:",omitempty"` // the media engine is a Preparer
}

const recordVersion = 2

// newRecorder begins a recording and replaces cfg.Rand by a generator whose seed it writes down.
func newRecorder(cfg *Config) (*recorder, error) {
	if cfg.Record == nil {
		return nil, nil
	}
	var seed [32]byte
	if _, err := io.ReadFull(cfg.Rand, seed[:]); err != nil {
		return nil, fmt.Errorf("%w: Rand: %w", ErrBadConfig, err)
	}
	cfg.Rand = mrand.NewChaCha8(seed)
	r := &recorder{out: cfg.Record, aliases: map[string]string{}}
	r.write(entry{At: cfg.Now().UnixNano(), In: inSetup, Setup: newSetup(*cfg, seed)})
	return r, r.failed
}

func newSetup(cfg Config, seed [32]byte) *setup {
	_, prepares := cfg.MediaEngine.(media.Preparer)
	s := &setup{Version: recordVersion, Seed: hex.EncodeToString(seed[:]), Account: cfg.Account, Flows: cfg.Flows, NoRegister: cfg.NoRegister, Expires: cfg.Expires,
		InstanceID: cfg.InstanceID, UserAgent: cfg.UserAgent, ConnectTimeout: cfg.ConnectTimeout, NoAnswer: cfg.NoAnswer,
		MessageTypes: cfg.MessageTypes, MaxMessage: cfg.MaxMessage, Reliable1xx: cfg.Reliable1xx, SessionExpires: cfg.SessionExpires,
		Redirect: cfg.Redirect != nil, AcceptRefer: cfg.AcceptRefer != nil, AcceptReplaces: cfg.AcceptReplaces != nil, TrustAsserted: cfg.TrustAssertedIdentity, Prepares: prepares}
	s.Account.Password, s.Account.HA1, s.Account.Token = "", nil, ""
	for _, server := range cfg.Servers {
		s.Servers = append(s.Servers, plainURL(server))
	}
	return s
}

// plainURL leaves out of a URL what may be secret.
func plainURL(s string) string {
	u, err := url.Parse(s)
	if err != nil {
		scheme, _, _ := strings.Cut(s, "://")
		return scheme + "://unreadable.invalid"
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String()
}

func (r *recorder) write(e entry) {
	if r == nil || r.failed != nil {
		return
	}
	line, err := json.Marshal(e)
	if err == nil {
		_, err = r.out.Write(append(line, '\n'))
	}
	r.failed = err
}

// in notes an input, before it is done.
func (r *recorder) in(now time.Time, in input) {
	if r != nil {
		if e := in.entry(r); e.In != "" {
			e.At = now.UnixNano()
			r.write(e)
		}
	}
}

func (r *recorder) sent(now time.Time, data []byte) {
	if r != nil {
		r.write(withText(entry{At: now.UnixNano(), Out: true}, Mask(data)))
	}
}

func (r *recorder) tones(audio int, err error) {
	if r != nil {
		r.write(entry{In: inTones, Audio: audio, Error: recordError(err)})
	}
}

func (r *recorder) proof(err error) { r.write(entry{In: inProof, OK: err == nil}) }

// withText puts data into an entry: as text, which can be read, or as bytes, which JSON keeps as they are.
func withText(e entry, data []byte) entry {
	if utf8.Valid(data) {
		e.Text = string(data)
	} else {
		e.Bytes = data
	}
	return e
}

func (e entry) data() []byte {
	if e.Bytes != nil {
		return e.Bytes
	}
	return []byte(e.Text)
}

// answers tells entries that say what the core was told when it asked in the middle of a turn.
func (e entry) answers() bool { return e.In == inTones || e.In == inProof }

// mask is Mask for what was received. A nonce becomes another one of the same length, the same each time, because the count of
// its uses depends on it; the proof of the server's password is taken out, because a replay may have another one.
func (r *recorder) mask(data []byte) []byte {
	out := Mask(data)
	for _, span := range wire.Nonces(data) {
		copy(out[span[0]:span[1]], r.alias(string(data[span[0]:span[1]])))
	}
	for _, span := range wire.Proofs(data) {
		copy(out[span[0]:span[1]], strings.Repeat("x", span[1]-span[0]))
	}
	return out
}

func (r *recorder) alias(nonce string) string {
	alias, known := r.aliases[nonce]
	if !known {
		n := strconv.FormatInt(int64(len(r.aliases)+1), 36)
		alias = strings.Repeat("0", max(0, len(nonce)-len(n))) + n[max(0, len(n)-len(nonce)):]
		if len(r.aliases) < 4096 {
			r.aliases[nonce] = alias
		}
	}
	return alias
}

// recordedError is an error as far as the core tells errors apart.
type recordedError struct {
	Kind string `json:"kind,omitempty"`
	Text string `json:"text,omitempty"`
	Code int    `json:"code,omitempty"` // of a dial: DialErrorKind; of a closed connection: its code
	HTTP int    `json:"http,omitempty"`
}

// knownErrors are told apart by identity.
var knownErrors = map[string]error{
	"permission": media.ErrPermission, "no device": media.ErrNoDevice, "device busy": media.ErrDeviceBusy, "insecure": media.ErrInsecure,
	"unsupported": media.ErrUnsupported, "no tones": media.ErrNoTelephoneEvent, "no codec": media.ErrNoCodec, "bad SDP": media.ErrBadSDP,
	"closed": media.ErrClosed, "queue full": transport.ErrQueueFull,
}

func recordError(err error) *recordedError {
	if err == nil {
		return nil
	}
	var dial *transport.DialError
	var closed *transport.CloseError
	switch {
	case errors.As(err, &dial):
		return &recordedError{Kind: "dial", Code: int(dial.Kind), HTTP: dial.Status}
	case errors.As(err, &closed):
		return &recordedError{Kind: "close", Code: closed.Code, Text: closed.Reason}
	}
	for kind, known := range knownErrors {
		if errors.Is(err, known) {
			return &recordedError{Kind: kind}
		}
	}
	return &recordedError{}
}

func (r *recordedError) error() error {
	if r == nil {
		return nil
	}
	switch r.Kind {
	case "dial":
		return &transport.DialError{Kind: transport.DialErrorKind(r.Code), Status: r.HTTP}
	case "close":
		return &transport.CloseError{Code: r.Code, Reason: r.Text}
	}
	if err, known := knownErrors[r.Kind]; known {
		return err
	}
	return errors.New("an error of the recorded run")
}
