package ua

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// reserved are the headers an application may not add, with their compact forms, because the user agent fills them, or
// because they change what a message means: how it is routed and authenticated, what it contains, which dialog, subscription
// or publication it is about, how long a session lasts, and who we say we are.
var reserved = strings.Fields(`
	via v from f to t call-id i cseq contact m route record-route path service-route max-forwards timestamp
	authorization proxy-authorization www-authenticate proxy-authenticate authentication-info proxy-authentication-info
	security-client security-server security-verify identity y identity-info
	content-length l mime-version
	allow allow-events u supported k unsupported require proxy-require accept accept-encoding recv-info info-package
	session-expires x min-se expires min-expires rseq rack
	event o subscription-state sip-etag sip-if-match refer-to r referred-by b refer-sub replaces join target-dialog
	privacy p-preferred-identity p-asserted-identity remote-party-id
	user-agent server`)

// compactContent are the compact forms of the headers that describe a body.
var compactContent = []string{"c", "e"}

// reservedHeader tells whether an application may not add a header of that name.
func reservedHeader(name string) bool {
	name = strings.ToLower(name)
	return strings.HasPrefix(name, "content-") || slices.Contains(compactContent, name) || slices.Contains(reserved, name)
}

// checkHeaders refuses extra headers that would break the message or say something else than the user agent does.
func checkHeaders(headers []Header) error {
	for _, h := range headers {
		switch {
		case !isToken(h.Name) || !utf8.ValidString(h.Value) || strings.ContainsAny(h.Value, "\r\n\x00"):
			return fmt.Errorf("%w: header %q", ErrBadConfig, h.Name)
		case reservedHeader(h.Name):
			return fmt.Errorf("%w: header %s is set by the user agent", ErrBadConfig, h.Name)
		}
	}
	return nil
}

// isToken reports whether s can be a header name (RFC 3261 section 25.1).
func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
		return !letter && !strings.ContainsRune("-.!%*_+`'~", r)
	})
}
