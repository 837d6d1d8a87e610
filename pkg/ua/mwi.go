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
	if len(req.Body()) == 0 || tagOf(req.To().Params) != "" || !c.isUs(req.To().Address) && !c.isUs(req.Recipient) {
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
	if m, ok := ev.Value.(*notification.MessageSummary); ok && !c.isOurMailbox(m.Account) {
		c.reply(now, stx, sip.StatusCallTransactionDoesNotExists)
		return
	}
	c.reply(now, stx, sip.StatusOK)
	c.emit(ev)
}

func (c *core) isUs(uri sip.Uri) bool { return uri.User == c.aor.User || uri.User == c.local.user }

// isOurMailbox tells whether a Message-Account may be ours: it names us, nobody, or the number that plays the messages.
func (c *core) isOurMailbox(account string) bool {
	if a, err := wire.ParseAddress(account); err == nil {
		account = a.URI.User
	} else {
		account, _, _ = strings.Cut(strings.Trim(account, "<> "), "@")
	}
	switch {
	case account == "", account == c.aor.User, account == c.local.user:
		return true
	case account == "asterisk", account == "voicemail":
		return true
	}
	return strings.HasPrefix(account, "*") || strings.HasPrefix(account, "#")
}
