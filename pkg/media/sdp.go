package media

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

const maxSDP = 64 << 10

// description is a session description as lines (RFC 8866), so that what is not touched stays as it came.
type description struct {
	session []string // lines before the first m= line
	media   []section
}

// section is one m= line and what follows it.
type section struct {
	lines []string // lines[0] is the m= line
}

func parseDescription(text []byte) (description, error) {
	var d description
	if len(text) > maxSDP {
		return d, fmt.Errorf("%w: larger than %d bytes", ErrBadSDP, maxSDP)
	}
	text = bytes.TrimLeft(text, " \t\r\n\ufeff")
	if !bytes.HasPrefix(text, []byte("v=0")) {
		return d, fmt.Errorf("%w: it does not begin with v=0", ErrBadSDP)
	}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\r\n \t")
		switch {
		case line == "":
		case strings.ContainsAny(line, "\r\x00"): // RFC 8866 section 9: a byte-string has neither
			return d, fmt.Errorf("%w: line %q", ErrBadSDP, line)
		case len(line) < 2 || line[1] != '=': // nothing that is needed
		case strings.HasPrefix(line, "m="):
			d.media = append(d.media, section{lines: []string{line}})
		case len(d.media) == 0:
			d.session = append(d.session, line)
		default:
			last := &d.media[len(d.media)-1]
			last.lines = append(last.lines, line)
		}
	}
	for i := range d.media {
		if len(d.media[i].fields()) < 3 {
			return d, fmt.Errorf("%w: line %q", ErrBadSDP, d.media[i].lines[0])
		}
	}
	return d, nil
}

func (d description) String() string {
	var b strings.Builder
	write := func(lines []string) {
		for _, line := range lines {
			b.WriteString(line)
			b.WriteString("\r\n")
		}
	}
	write(d.session)
	for _, s := range d.media {
		write(s.lines)
	}
	return b.String()
}

// fields are media, port, protocol and formats of the m= line.
func (s section) fields() []string { return strings.Fields(s.lines[0][len("m="):]) }

func (s section) kind() string { return strings.ToLower(s.fields()[0]) }

func (s section) protocol() string { return s.fields()[2] }

func (s section) formats() []string { return s.fields()[3:] }

func (s section) port() int {
	port, _, _ := strings.Cut(s.fields()[1], "/")
	n, err := strconv.Atoi(port)
	if err != nil {
		return 0
	}
	return n
}

// rejected is true for port 0, unless the section only lends its port to another (RFC 8843 section 6), and where no format is
// left.
func (s section) rejected() bool {
	_, bundled := attribute(s.lines, "bundle-only")
	return s.port() == 0 && !bundled || len(s.formats()) == 0
}

// setFields rewrites port and formats of the m= line.
func (s section) setFields(port int, formats []string) {
	f := s.fields()
	s.lines[0] = "m=" + strings.Join(append([]string{f[0], strconv.Itoa(port), f[2]}, formats...), " ")
}

// attribute returns the value of the first a= line of that name; flags have the value "".
func attribute(lines []string, name string) (string, bool) {
	for _, line := range lines {
		if key, value := splitAttribute(line); key == name {
			return value, true
		}
	}
	return "", false
}

// splitAttribute returns "" for lines that are no attributes.
func splitAttribute(line string) (name, value string) {
	rest, ok := strings.CutPrefix(line, "a=")
	if !ok {
		return "", ""
	}
	name, value, _ = strings.Cut(rest, ":")
	return name, value
}

// attributeValues returns the values of all a= lines of that name.
func attributeValues(lines []string, name string) (found []string) {
	for _, line := range lines {
		if key, value := splitAttribute(line); key == name {
			found = append(found, value)
		}
	}
	return found
}

// without returns the lines but those of the named attributes.
func without(lines []string, names ...string) []string {
	return slices.DeleteFunc(slices.Clone(lines), func(line string) bool {
		name, _ := splitAttribute(line)
		return name != "" && slices.Contains(names, name)
	})
}

// lookup reads an attribute of a section, or what the session says for all of them.
func (d description) lookup(s section, name string) string {
	if v, ok := attribute(s.lines, name); ok {
		return v
	}
	v, _ := attribute(d.session, name)
	return v
}

var directions = []Direction{SendRecv, SendOnly, RecvOnly, Inactive}

// setDirection states the direction of a section in the section itself.
func (s *section) setDirection(dir Direction) {
	s.lines = append(without(s.lines, "sendrecv", "sendonly", "recvonly", "inactive"), "a="+string(dir))
}

func (dir Direction) sends() bool    { return dir == SendRecv || dir == SendOnly }
func (dir Direction) receives() bool { return dir == SendRecv || dir == RecvOnly }

// reverse is the same stream seen from the other side.
func (dir Direction) reverse() Direction { return directionOf(dir.receives(), dir.sends()) }

// answerTo is what of the wanted direction the offer allows (RFC 3264 section 6.1).
func (dir Direction) answerTo(offered Direction) Direction {
	other := offered.reverse()
	return directionOf(dir.sends() && other.sends(), dir.receives() && other.receives())
}

func directionOf(sends, receives bool) Direction {
	switch {
	case sends && receives:
		return SendRecv
	case sends:
		return SendOnly
	case receives:
		return RecvOnly
	}
	return Inactive
}

// endpoint tells one peer connection of the other side from another: an ICE restart changes ufrag only, another
// machine behind a B2BUA changes both.
type endpoint struct {
	ufrag       string
	fingerprint string
}

func (d description) endpoint(s section) endpoint {
	return endpoint{ufrag: d.lookup(s, "ice-ufrag"), fingerprint: strings.ToUpper(d.lookup(s, "fingerprint"))}
}

// replacedBy is true when next is another peer connection than e.
func (e endpoint) replacedBy(next endpoint) bool {
	return e != endpoint{} && e.ufrag != next.ufrag && e.fingerprint != next.fingerprint
}
