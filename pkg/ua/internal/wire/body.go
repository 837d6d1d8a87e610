package wire

import (
	"bytes"
	"strings"
)

// maxParts is how many parts of a multipart body are looked at.
const maxParts = 32

// findSDP finds the session description in a body, also in a multipart/mixed, multipart/alternative or multipart/related one up
// to a depth; nil without. A body whose type cannot be read counts as one when it starts like one. Of alternatives the last one
// that can be used is the best (RFC 2046 section 5.1.4).
func findSDP(contentType string, body []byte, depth int) []byte {
	if len(body) == 0 {
		return nil
	}
	if contentType == "" {
		if bytes.HasPrefix(body, []byte("v=0")) {
			return body
		}
		return nil
	}
	kind, params, err := mediaType(contentType)
	if err != nil {
		return findSDP("", body, depth)
	}
	if kind == "application/sdp" {
		return body
	}
	boundary, _ := Param(params, "boundary")
	if !strings.HasPrefix(kind, "multipart/") || boundary == "" || depth == 0 {
		return nil
	}
	var found []byte
	for _, part := range splitParts(body, boundary) {
		if sdp := findSDP(part.contentType, part.body, depth-1); sdp != nil {
			found = sdp
			if kind != "multipart/alternative" {
				break
			}
		}
	}
	return found
}

type part struct {
	contentType string
	body        []byte
}

// splitParts cuts a multipart body (RFC 2046 section 5.1.1). A body that does not end with the closing delimiter still yields its
// parts.
func splitParts(body []byte, boundary string) []part {
	var parts []part
	delimiter := []byte("--" + boundary)
	rest, ok := afterDelimiter(body, delimiter, true)
	for ok && len(parts) < maxParts {
		end := indexDelimiter(rest, delimiter)
		chunk := rest
		if end >= 0 {
			chunk = rest[:end]
		}
		parts = append(parts, parsePart(chunk))
		if end < 0 {
			break
		}
		rest, ok = afterDelimiter(rest[end:], delimiter, false)
	}
	return parts
}

// indexDelimiter finds a delimiter at the start of a line and returns where the line break before it starts.
func indexDelimiter(s, delimiter []byte) int {
	for from := 0; ; {
		i := bytes.Index(s[from:], delimiter)
		if i < 0 {
			return -1
		}
		i += from
		switch {
		case i >= 2 && s[i-2] == '\r' && s[i-1] == '\n':
			return i - 2
		case i >= 1 && s[i-1] == '\n':
			return i - 1
		}
		from = i + 1
	}
}

// afterDelimiter returns what follows the delimiter's line; false when it is the closing one.
func afterDelimiter(s, delimiter []byte, first bool) ([]byte, bool) {
	if first && !bytes.HasPrefix(s, delimiter) {
		i := indexDelimiter(s, delimiter)
		if i < 0 {
			return nil, false
		}
		s = s[i:]
	}
	i := bytes.Index(s, delimiter)
	if i < 0 {
		return nil, false
	}
	s = s[i+len(delimiter):]
	if bytes.HasPrefix(s, []byte("--")) {
		return nil, false
	}
	end := bytes.IndexByte(s, '\n')
	if end < 0 {
		return nil, false
	}
	return s[end+1:], true
}

// parsePart splits the header of a body part from its content.
func parsePart(chunk []byte) part {
	var p part
	for {
		line, rest, ok := bytes.Cut(chunk, []byte("\n"))
		if !ok {
			return p
		}
		chunk = rest
		text := strings.TrimRight(string(line), "\r")
		if text == "" {
			p.body = chunk
			return p
		}
		name, value, _ := strings.Cut(text, ":")
		if headerName(trim(name)) == "Content-Type" {
			p.contentType = trim(value)
		}
	}
}
