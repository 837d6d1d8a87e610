package wire

import (
	"bytes"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// nowhere is the host of an address that could not be read: nobody can be called there (RFC 2606).
const nowhere = "unreadable.invalid"

// unreadable tells whether an address of a parsed message stands for one that could not be read.
func unreadable(u sip.Uri) bool { return u.Host == nowhere }

// party reads From or To. It always succeeds, because a user agent needs no more of them than the tag: an address that
// cannot be read is unreadable. exact is false when something had to be put right, so that the text is another one than
// Serialize would write.
func party(s string) (a Address, exact bool) {
	a, exact, err := readAddress(s)
	if err != nil {
		a.URI = sip.Uri{Scheme: "sip", Host: nowhere}
		a.DisplayName = cleanText(trim(strings.Trim(beforeAny(s, "<;"), " \t\"")))
		if a.DisplayName != "" && strings.Contains(a.DisplayName, ":") {
			a.DisplayName = "" // rather a broken URI than a name
		}
	}
	if _, ok := Param(a.Params, "tag"); !ok {
		if tag := scanTag(s); tag != "" {
			a.Params, exact = append(a.Params, sip.HeaderKV{K: "tag", V: tag}), false
		}
	}
	return a, exact && err == nil
}

func beforeAny(s, stop string) string {
	if i := strings.IndexAny(s, stop); i >= 0 {
		return s[:i]
	}
	return s
}

// scanTag finds the tag of From or To wherever it stands behind a semicolon, also when quotes or brackets around it are broken.
func scanTag(s string) string {
	for part := range strings.SplitSeq(s, ";") {
		name, value, ok := strings.Cut(part, "=")
		if ok && strings.EqualFold(trim(name), "tag") {
			p := scanner{s: trim(value)}
			return p.run(clsToken)
		}
	}
	return ""
}

// readAddress reads one address: by the grammar if that is possible, else by what is meant. Then the URI is what stands in
// the last angle brackets, all before is the name (a comma, a quote that is not closed), and the URI is put right as mendURI
// does it.
func readAddress(s string) (a Address, exact bool, err error) {
	if a, ok := exactAddress(s); ok {
		return a, !bareNumber(&a, s), nil
	}
	name, text, rest := cutAddress(s)
	if strings.IndexByte(s, '<') < 0 && strings.IndexByte(s, '?') >= 0 {
		return Address{}, false, errBracket // RFC 3261 section 20: whose question mark?
	}
	if a.URI, err = mendURI(text); err != nil {
		return Address{}, false, err
	}
	a.DisplayName = cleanText(unquote(trim(name)))
	if strings.HasPrefix(a.DisplayName, `"`) || strings.HasSuffix(a.DisplayName, `"`) {
		a.DisplayName = trim(strings.Trim(a.DisplayName, `"`))
	}
	p := scanner{s: rest}
	a.Params = p.params()
	bareNumber(&a, s)
	return a, false, nil
}

// bareNumber gives a tel: without brackets the parameters of telephone numbers that stand behind it, and reports whether there
// are any. They belong to the header by the grammar, where they mean nothing, and without its context a number is another one.
func bareNumber(a *Address, s string) bool {
	if a.URI.Scheme != "tel" || strings.IndexByte(s, '<') >= 0 {
		return false
	}
	text, params := a.URI.Raw(), sip.HeaderParams(nil)
	for _, kv := range a.Params {
		switch {
		case !telNames[strings.ToLower(kv.K)]:
			params = append(params, kv)
		case kv.V == "":
			text += ";" + kv.K
		default:
			text += ";" + kv.K + "=" + unquote(kv.V)
		}
	}
	u, err := opaqueURI("tel", text)
	if err != nil || len(params) == len(a.Params) {
		return false
	}
	a.URI, a.Params = u, params
	return true
}

// exactAddress reads one address by the grammar.
func exactAddress(s string) (Address, bool) {
	p := scanner{s: s}
	a, err := p.address()
	return a, err == nil && p.done() && !p.mended
}

// cutAddress cuts an address into name, URI and parameters.
func cutAddress(s string) (name, uri, params string) {
	open := strings.LastIndexByte(s[:strings.LastIndexByte(s, ':')+1], '<') // one without a colon behind is in a parameter
	if open < 0 {
		end := strings.LastIndexByte(s, '@')
		semi := strings.IndexByte(s[end+1:], ';')
		if semi < 0 {
			return "", s, ""
		}
		return "", s[:end+1+semi], s[end+1+semi:]
	}
	name, rest := s[:open], s[open+1:]
	uri, params, closed := strings.Cut(rest, ">")
	if !closed {
		uri, params = rest, ""
		if end := strings.LastIndex(rest, ";tag="); end >= 0 {
			uri, params = rest[:end], rest[end:]
		}
	}
	return name, uri, params
}

// mendURI reads a sip: or sips: URI in which octets stand as they are that should be escaped, the user is empty, or
// parameters and headers are malformed; those are left out. What cannot be guessed, a host or a port, is an error. A tel: URI
// may be written with blanks.
func mendURI(s string) (sip.Uri, error) {
	s = trim(s)
	if u, err := ParseURI(s); err == nil {
		return u, nil
	}
	scheme, rest, ok := strings.Cut(s, ":")
	scheme = strings.ToLower(trim(scheme))
	if scheme == "tel" {
		return opaqueURI(scheme, strings.ReplaceAll(rest, " ", ""))
	}
	if !ok || scheme != "sip" && scheme != "sips" {
		return sip.Uri{}, errScheme
	}
	u := sip.Uri{Scheme: scheme}
	if at := strings.LastIndexByte(rest, '@'); at >= 0 {
		u.User, rest = mendUser(rest[:at]), rest[at+1:]
	}
	rest, err := hostPort(&u.Host, &u.Port, trim(rest), true)
	if err != nil {
		return sip.Uri{}, err
	}
	rest, headers, _ := strings.Cut(trim(rest), "?")
	if rest != "" && rest[0] != ';' {
		return sip.Uri{}, errURI
	}
	u.UriParams = mendFields(rest, ";", false)
	u.Headers = mendFields(headers, "&", true)
	return u, nil
}

// mendUser escapes what a user part may not hold.
func mendUser(s string) string {
	var b bytes.Buffer
	escape(&b, cleanText(trim(s)), clsUser)
	return b.String()
}

// mendFields reads the parameters or headers of a URI that can be read.
func mendFields(s, sep string, needValue bool) (fields sip.HeaderParams) {
	for part := range strings.SplitSeq(s, sep) {
		name, value, has := strings.Cut(trim(part), "=")
		if name != "" && (has || !needValue) && escapesOK(name) && escapesOK(value) {
			fields = append(fields, sip.HeaderKV{K: name, V: value})
		}
	}
	return fields
}
