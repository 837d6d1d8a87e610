package notification

import (
	"fmt"
	"strconv"
	"strings"
)

// MessageSummary is the state of a mailbox (RFC 3842).
type MessageSummary struct {
	Waiting bool
	Account string         // URI of the mailbox, when said
	Counts  []MessageCount // by class, in their order
}

// MessageCount counts the messages of one class.
type MessageCount struct {
	Class                string // "voice-message", "fax-message", "pager-message", "multimedia-message", "text-message", "none"
	New, Old             int
	NewUrgent, OldUrgent int // of New and Old
}

// Voice returns the counts of voice messages.
func (m *MessageSummary) Voice() MessageCount {
	for _, c := range m.Counts {
		if c.Class == "voice-message" {
			return c
		}
	}
	return MessageCount{Class: "voice-message"}
}

// ParseMessageSummary reads application/simple-message-summary (RFC 3842 section 5.2). The message headers it may hold behind an
// empty line are not read.
func ParseMessageSummary(data []byte) (*MessageSummary, error) {
	var m MessageSummary
	status := false
	for line := range strings.Lines(string(data)) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" {
			break
		}
		name, value, found := strings.Cut(line, ":")
		name, value = strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)
		switch {
		case !found:
			return nil, fmt.Errorf("%w: line %q", ErrBadContent, line)
		case name == "messages-waiting":
			m.Waiting, status = strings.EqualFold(value, "yes"), true
			if !m.Waiting && !strings.EqualFold(value, "no") {
				return nil, fmt.Errorf("%w: Messages-Waiting %q", ErrBadContent, value)
			}
		case name == "message-account":
			m.Account = value
		case strings.HasSuffix(name, "-message") || name == "none":
			c, err := messageCount(name, value)
			if err != nil {
				return nil, err
			}
			m.Counts = append(m.Counts, c)
		}
	}
	if !status {
		return nil, fmt.Errorf("%w: no Messages-Waiting", ErrBadContent)
	}
	return &m, nil
}

// messageCount reads "2/8 (0/2)".
func messageCount(class, value string) (MessageCount, error) {
	c := MessageCount{Class: class}
	all, urgent, marked := strings.Cut(value, "(")
	ok := pair(all, &c.New, &c.Old)
	if marked {
		urgent, closed := strings.CutSuffix(strings.TrimSpace(urgent), ")")
		ok = ok && closed && pair(urgent, &c.NewUrgent, &c.OldUrgent)
	}
	if !ok {
		return c, fmt.Errorf("%w: %s %q", ErrBadContent, class, value)
	}
	return c, nil
}

func pair(s string, a, b *int) bool {
	left, right, found := strings.Cut(strings.TrimSpace(s), "/")
	return found && count(left, a) && count(right, b)
}

// count reads a number of at most 32 bits, the bound of RFC 3842.
func count(s string, n *int) bool {
	v, err := strconv.ParseUint(strings.TrimSpace(s), 10, 31)
	*n = int(v)
	return err == nil
}
