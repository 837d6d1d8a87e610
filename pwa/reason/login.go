package reason

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/text"
)

// Login says why a login at a server failed, which url is the WebSocket of, and what to do next.
func Login(c ua.Cause, server, url string) text.Sentence {
	key, ok := map[ua.CauseKind]text.Key{
		ua.CauseAuth:           text.LoginAuth,
		ua.CauseRejected:       text.LoginAuth,
		ua.CauseUnreachable:    text.LoginNoConnection,
		ua.CauseConnectionLost: text.LoginUnreachable,
		ua.CauseNoSubprotocol:  text.LoginSubprotocol,
		ua.CauseCertificate:    text.LoginCertificate,
		ua.CauseNoWebSocket:    text.LoginNoWebSocket,
		ua.CauseLocalNetwork:   text.LoginLocalNetwork,
		ua.CauseBadURL:         text.LoginBadURL,
		ua.CauseTimeout:        text.LoginTimeout,
		ua.CauseServer:         text.LoginServer,
		ua.CauseNotFound:       text.LoginNotFound,
	}[c.Kind]
	switch {
	case c.Code == 0 && (!ok || key == text.LoginServer): // not even a response
		key = text.LoginUnreachable
	case !ok:
		key = text.LoginOther
	}
	return text.Say(key, "server", server, "code", strconv.Itoa(c.Code), "page", "https://"+cmp.Or(authorityOf(url), server))
}

// authorityOf is the host of a URL, with its port.
func authorityOf(url string) string {
	_, rest, _ := strings.Cut(url, "://")
	authority, _, _ := strings.Cut(rest, "/")
	return authority
}
