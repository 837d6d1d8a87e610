//go:build !js

package siptest

import (
	"bytes"
	"context"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// Direction says which way a message went, seen from the server.
type Direction string

// The directions of a message.
const (
	Received Direction = "received"
	Sent     Direction = "sent"
)

// Message is one message that a server received or sent.
type Message struct {
	Time      time.Time
	Direction Direction
	Conn      int    // number of the connection, from 1
	User      string // who had authenticated on the connection, "" before
	Data      []byte // as on the wire, with nonces and digest responses masked; a keep-alive has only CR and LF
}

// StartLine is the request line or status line, "" for a keep-alive.
func (m Message) StartLine() string {
	line, _, _ := bytes.Cut(m.Data, []byte("\r\n"))
	return string(line)
}

// Method is the request's method, or the one in the response's CSeq.
func (m Message) Method() string {
	if parsed, err := parseMessage(m.Data); err == nil {
		_, method := parsed.cseq()
		return method
	}
	return ""
}

// Code is the response's status code, 0 for a request.
func (m Message) Code() int {
	if parsed, err := parseMessage(m.Data); err == nil {
		return parsed.code
	}
	return 0
}

// Header is the value of the first header field of that name, "" without one.
func (m Message) Header(name string) string {
	if parsed, err := parseMessage(m.Data); err == nil {
		return parsed.get(name)
	}
	return ""
}

// Body is what follows the header fields.
func (m Message) Body() []byte {
	_, body, _ := bytes.Cut(m.Data, []byte("\r\n\r\n"))
	return body
}

// maxMessages bounds the log: beyond, the older half is forgotten.
const maxMessages = 20000

type messageLog struct {
	mu       sync.Mutex // guards what follows
	messages []Message
	changed  chan struct{} // closed and replaced at each message
}

func (l *messageLog) add(m Message) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.messages) >= maxMessages {
		l.messages = slices.Clone(l.messages[maxMessages/2:])
	}
	l.messages = append(l.messages, m)
	close(l.changed)
	l.changed = make(chan struct{})
}

func (l *messageLog) snapshot() ([]Message, chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.messages), l.changed
}

func (s *Server) record(c *conn, dir Direction, data []byte) {
	s.mu.Lock()
	user := c.user
	s.mu.Unlock()
	m := Message{Time: time.Now(), Direction: dir, Conn: c.id, User: user, Data: mask(data)}
	s.log.add(m)
	if s.opts.Trace != nil {
		s.opts.Trace(m)
	}
}

var secrets = regexp.MustCompile(`(?i)\b(response|c?nonce|nextnonce|rspauth)="[^"]*"`)

// mask hides nonces and digest responses, which only occur in the header fields of authentication.
func mask(data []byte) []byte {
	if !bytes.Contains(bytes.ToLower(data), []byte("nonce=")) {
		return slices.Clone(data)
	}
	return secrets.ReplaceAllFunc(data, func(found []byte) []byte {
		name, _, _ := strings.Cut(string(found), "=")
		return []byte(name + `="***"`)
	})
}

// Messages is every message so far, oldest first. The list is bounded: of very many the oldest are forgotten.
func (s *Server) Messages() []Message {
	messages, _ := s.log.snapshot()
	return messages
}

// WaitMessage returns the first message, old or new, for which match says true.
func (s *Server) WaitMessage(ctx context.Context, match func(Message) bool) (Message, error) {
	for {
		messages, changed := s.log.snapshot()
		if i := slices.IndexFunc(messages, match); i >= 0 {
			return messages[i], nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return Message{}, ctx.Err()
		case <-s.ctx.Done():
			return Message{}, errClosed
		}
	}
}
