package ua

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	mrand "math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/ua/internal/recording"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
)

// recorder writes what comes into the core, in the order in which the core took it, and what it sent, to Config.Record.
// It belongs to the loop. A nil recorder writes nothing.
type recorder struct {
	out     io.Writer
	failed  error             // of the first write that failed; nothing is written after it
	aliases map[string]string // nonces as they are written
}

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
	AcceptControl  bool          `json:",omitempty"`
	TrustAsserted  bool          `json:",omitempty"`
	Prepares       bool          `json:",omitempty"` // the media engine is a Preparer
}

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
	r.write(recording.Entry{At: cfg.Now().UnixNano(), In: recording.Setup, Setup: asJSON(newSetup(*cfg, seed))})
	return r, r.failed
}

func newSetup(cfg Config, seed [32]byte) *setup {
	_, prepares := cfg.MediaEngine.(media.Preparer)
	s := &setup{Version: recording.Version, Seed: hex.EncodeToString(seed[:]), Account: cfg.Account, Flows: cfg.Flows,
		NoRegister: cfg.NoRegister, Expires: cfg.Expires, InstanceID: cfg.InstanceID, UserAgent: cfg.UserAgent,
		ConnectTimeout: cfg.ConnectTimeout, NoAnswer: cfg.NoAnswer, MessageTypes: cfg.MessageTypes, MaxMessage: cfg.MaxMessage,
		Reliable1xx: cfg.Reliable1xx, SessionExpires: cfg.SessionExpires, Redirect: cfg.Redirect != nil,
		AcceptRefer: cfg.AcceptRefer != nil, AcceptReplaces: cfg.AcceptReplaces != nil, AcceptControl: cfg.AcceptControl != nil,
		TrustAsserted: cfg.TrustAssertedIdentity, Prepares: prepares}
	s.Account.Password, s.Account.HA1, s.Account.Token = "", nil, ""
	for _, server := range cfg.Servers {
		s.Servers = append(s.Servers, recording.PlainURL(server))
	}
	return s
}

// config makes the configuration of the recorded run, with other credentials, in a replay.
func (s *setup) config(w *recording.World, account Account) (Config, error) {
	seed, err := hex.DecodeString(s.Seed)
	if err != nil || len(seed) != 32 {
		return Config{}, errors.New("bad seed")
	}
	cfg := Config{Account: s.Account, Servers: s.Servers, Flows: s.Flows, NoRegister: s.NoRegister, Expires: s.Expires,
		InstanceID: s.InstanceID, UserAgent: s.UserAgent, ConnectTimeout: s.ConnectTimeout, NoAnswer: s.NoAnswer,
		MessageTypes: s.MessageTypes, MaxMessage: s.MaxMessage, Reliable1xx: s.Reliable1xx, SessionExpires: s.SessionExpires,
		TrustAssertedIdentity: s.TrustAsserted, Rand: mrand.NewChaCha8([32]byte(seed)), Dial: w.Dial, MediaEngine: w}
	cfg.Account.Password, cfg.Account.HA1, cfg.Account.Token = account.Password, account.HA1, account.Token
	if s.Prepares {
		cfg.MediaEngine = recording.Preparer{World: w}
	}
	if s.Redirect {
		cfg.Redirect = never
	}
	if s.AcceptRefer {
		cfg.AcceptRefer = func(context.Context, ReferRequest) bool { return false }
	}
	if s.AcceptControl {
		cfg.AcceptControl = func(context.Context, CallInfo, string) bool { return false }
	}
	if s.AcceptReplaces {
		cfg.AcceptReplaces = func(context.Context, ReferRequest) bool { return false }
	}
	return cfg, nil
}

// asJSON is v, which JSON can write.
func asJSON(v any) json.RawMessage {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return text
}

// write writes a line. Whatever is wrong with the writer, which is the application's, ends the recording and nothing else.
func (r *recorder) write(e recording.Entry) {
	if r == nil || r.failed != nil {
		return
	}
	defer func() {
		if p := recover(); p != nil {
			r.failed = fmt.Errorf("panic: %v", p)
		}
	}()
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

// sent notes a message, and whether the connection took it.
func (r *recorder) sent(now time.Time, data []byte, err error) {
	if r != nil {
		r.write(recording.Entry{At: now.UnixNano(), Out: true, Error: recording.NoteError(err)}.WithText(wire.Mask(data)))
	}
}

func (r *recorder) tones(audio int, err error) {
	if r != nil {
		r.write(recording.Entry{In: recording.Tones, Audio: audio, Error: recording.NoteError(err)})
	}
}

func (r *recorder) proof(err error) { r.write(recording.Entry{In: recording.Proof, OK: err == nil}) }

// mask is wire.Mask for what was received. A nonce becomes another one of the same length, the same each time, because the count
// of its uses depends on it; the proof of the server's password is taken out, because a replay may have another one.
func (r *recorder) mask(data []byte) []byte {
	out := wire.Mask(data)
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
