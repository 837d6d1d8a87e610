package ua

import (
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/gowebphone/webphone/pkg/ua/internal/txn"
	"github.com/gowebphone/webphone/pkg/ua/internal/wire"
	"github.com/gowebphone/webphone/pkg/ua/notification"
)

// summaryEvent is the package of RFC 3842. Asterisk and FreeSWITCH tell the state of the mailbox after every REGISTER, unasked.
const summaryEvent = "message-summary"

const summaryType = "application/simple-message-summary"

// unsolicited takes a NOTIFY without subscription about the mailbox of the own account. Of another one it knows nothing: 481.
func (c *core) unsolicited(now time.Time, stx *txn.Server) {
	req := stx.Request()
	if len(req.Body()) == 0 || req.ToTag != "" || !c.isUs(req.To().Address) && !c.isUs(req.Recipient) {
		c.reply(now, stx, sip.StatusCallTransactionDoesNotExists)
		return
	}
	if encoded(req) || mediaType(contentType(req)) != summaryType {
		c.reply(now, stx, sip.StatusUnsupportedMediaType, sip.NewHeader("Accept", summaryType))
		return
	}
	pkg, _ := notification.Lookup(summaryEvent)
	var doc notification.Document
	ev := NotifyEvent{Event: summaryEvent, State: SubscriptionActive, ContentType: contentType(req), Body: req.Body()}
	ev.Value, _, ev.Err = pkg.Read(&doc, ev.Body)
	if m, ok := ev.Value.(*notification.MessageSummary); ok && !c.isOurMailbox(req.From().Address, m.Account) {
		c.reply(now, stx, sip.StatusCallTransactionDoesNotExists)
		return
	}
	c.reply(now, stx, sip.StatusOK)
	c.emit(ev)
}

func (c *core) isUs(uri sip.Uri) bool { return uri.User == c.aor.User || uri.User == c.local.user }

// isOurMailbox tells whether a Message-Account may be ours: it names us, nobody, or where the messages are played. That is a
// feature code, a name every server has, or a number of the notifier itself: 8500, or sip:8500 at the host its From names where
// our own domain is another one. Who has a number in our domain may be somebody else.
func (c *core) isOurMailbox(notifier sip.Uri, account string) bool {
	user, host := mailbox(account)
	switch {
	case user == "", user == c.aor.User, user == c.local.user, user == "asterisk", user == "voicemail":
		return true
	case strings.HasPrefix(user, "*"), strings.HasPrefix(user, "#"):
		return true
	}
	_, number := wire.Number(user)
	return number && (host == "" || strings.EqualFold(host, notifier.Host) && !strings.EqualFold(host, c.aor.Host))
}

// mailbox takes a Message-Account apart: a URI, an address without scheme, or a number alone.
func mailbox(account string) (user, host string) {
	a, err := wire.ParseAddress(account)
	switch {
	case err != nil:
		user, host, _ = strings.Cut(strings.Trim(account, "<> "), "@")
		return user, host
	case isSIP(a.URI) && a.URI.User == "":
		return a.URI.Host, ""
	}
	who := addressOf("", a.URI)
	return who.User, who.Host
}
