package wire

import (
	"bytes"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// maxPeople is how many members of a header that names people are read. Nobody is asserted or diverted so often.
const maxPeople = 32

// People reads a header that names people and is not needed to handle the message: P-Asserted-Identity, Remote-Party-ID,
// Diversion, History-Info, Referred-By. A member that cannot be read costs itself alone. What is in the field and no name-addr is
// read where its meaning is plain: "name" <1002> (FreeSWITCH), +1 (202) 555-0191 as a user part, a comma in a name without
// quotes.
func People(msg sip.Message, header string) []Address {
	var list []Address
	for _, h := range msg.GetHeaders(header) {
		for _, member := range members(h.Value()) {
			if a, ok := person(member); ok && len(list) < maxPeople {
				list = append(list, a)
			}
		}
	}
	return list
}

// members cuts a list at its commas, except those of a name without quotes: what stands before such a comma is no address.
func members(value string) []string {
	var list []string
	var name strings.Builder
	for _, part := range splitList(value) {
		name.WriteString(part)
		if !strings.ContainsAny(part, "<:@") && !isNumber(part) {
			name.WriteString(", ")
			continue
		}
		list = append(list, name.String())
		name.Reset()
	}
	return list
}

func isNumber(s string) bool {
	head, _, _ := strings.Cut(s, ";")
	_, ok, err := dialString(head)
	return ok && err == nil
}

// person reads an address as leniently as it can be shown: what cannot be read as RFC 3261 has it may still say who calls.
func person(s string) (Address, bool) {
	if a, ok := exactAddress(s); ok {
		return a, !isSIP(a.URI.Scheme) || a.URI.Host != "" && a.URI.User != ""
	}
	var a Address
	text := s
	if open := strings.IndexByte(s, '<'); open >= 0 {
		closing := strings.IndexByte(s[open:], '>')
		if closing < 0 {
			return a, false
		}
		a.DisplayName = cleanText(trim(strings.ReplaceAll(s[:open], `"`, "")))
		p := scanner{s: s, i: open + closing + 1}
		p.space()
		a.Params = p.params()
		text = s[open+1 : open+closing]
	} else {
		text, _, _ = strings.Cut(text, ";")
		if !strings.ContainsAny(text, ":@") && !isNumber(text) {
			return a, false
		}
	}
	var ok bool
	a.URI, ok = looseURI(trim(text))
	return a, ok
}

func isSIP(scheme string) bool { return scheme == "sip" || scheme == "sips" }

// looseURI reads a user part with or without scheme and host, and escapes what may not stand in it.
func looseURI(s string) (sip.Uri, bool) {
	u := sip.Uri{Scheme: "sip"}
	if scheme, rest, has := strings.Cut(s, ":"); has && isScheme(scheme) {
		if u.Scheme = strings.ToLower(scheme); !isSIP(u.Scheme) {
			return u, false
		}
		s = rest
	}
	user, rest := s, ""
	if at := strings.LastIndexByte(s, '@'); at >= 0 {
		user, rest = s[:at], s[at+1:]
		if _, err := hostPort(&u.Host, &u.Port, rest, true); err != nil {
			return u, false
		}
	}
	if user = trim(user); user == "" || badText(user) != nil || strings.ContainsAny(user, `<>":`) {
		return u, false
	}
	var b bytes.Buffer
	escape(&b, user, clsUser)
	u.User = b.String()
	return u, true
}
