package handover

import (
	"net/url"
	"slices"
	"strings"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/number"
)

// wish is what a URI would call, all of it: exchanges follow what hangs on a number (RFC 3966, RFC 4694, RFC 4904), and a server
// may follow any parameter of the URI.
type wish struct {
	user string // whole and without escapes
	host string // with its port; "" in a telephone number
	more string // parameters of the URI, but for those that lead nowhere else
}

func wishOf(to ua.Address) wish {
	scheme, rest, _ := strings.Cut(to.URI, ":")
	switch {
	case rest == "":
		return wish{user: to.User, host: to.Host}
	case scheme == "tel":
		_, params, _ := strings.Cut(rest, ";")
		return wish{user: strings.TrimSuffix(to.User+";"+unescaped(params), ";")}
	}
	user, place, named := strings.Cut(rest, "@")
	if !named {
		user, place = "", rest
	}
	host, params, _ := strings.Cut(place, ";")
	return wish{user: unescaped(user), host: host, more: steering(params)}
}

// unescaped is a part of a URI as it is meant, or as it stands where that has no meaning.
func unescaped(part string) string {
	if text, err := url.PathUnescape(part); err == nil {
		return text
	}
	return part
}

// steering are the parameters of a URI without those that say how to get there, or which device of the same user is meant.
func steering(params string) string {
	var kept strings.Builder
	for p := range strings.SplitSeq(params, ";") {
		name, _, _ := strings.Cut(p, "=")
		if p != "" && !slices.Contains([]string{"user", "transport", "lr", "gr", "ob"}, strings.ToLower(name)) {
			kept.WriteString(";" + p)
		}
	}
	return kept.String()
}

// at reports whether the wish leads to a domain as its users know it.
func (w wish) at(domain string) bool {
	host, port, ported := strings.Cut(w.host, ":")
	usual := ported && (port == "5060" || port == "5061")
	return w.more == "" && (strings.EqualFold(w.host, domain) || usual && strings.EqualFold(host, domain))
}

const maxShown = 128 // characters of a wish

// To is a wish as the user knows it: the number where it is of our domain, else with its host or the part of the
// telephone network where it holds (RFC 3966 section 5.1.5), and with all else that decides who is called. A name is not shown,
// because whoever asks has chosen it. Whole tells whether all of that can be read: what cannot is nothing to agree to.
func To(to ua.Address, domain string) (shown string, whole bool) {
	w := wishOf(to)
	head, params, _ := strings.Cut(w.user, ";")
	name, context, _ := strings.Cut(params, "=")
	text := w.user
	if strings.EqualFold(name, "phone-context") && !strings.Contains(context, ";") {
		text = head
		if !strings.EqualFold(context, domain) {
			text += " (" + context + ")"
		}
	}
	if w.host != "" && !w.at(domain) || text == "" {
		text = strings.TrimPrefix(text+"@"+w.host+w.more, "@")
	}
	shown = number.OneLine(text, maxShown)
	return shown, shown == text && shown != ""
}
