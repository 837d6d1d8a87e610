package ui

import (
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// notices are the bands over the page, the most urgent first.
func notices(v View) app.UI {
	var list []app.UI
	if h, line, ok := v.S.Asked(); ok {
		list = append(list, handover(v, h, line))
	}
	if !v.S.Problem.Text.Empty() {
		list = append(list, problem(v))
	}
	if v.S.Offline() {
		list = append(list, offline(v))
	}
	if v.S.ServerBusy() {
		list = append(list, busy(v))
	}
	if !v.S.Undo.Text.Empty() {
		list = append(list, undo(v))
	}
	if v.S.NotKept {
		list = append(list, notice("notice-hold", "alert", v.T(text.NotKept), v.T(text.NotKeptText),
			signButton(v, "close", v.T(text.Dismiss), screen.DismissNotKept{})))
	}
	if v.S.SoundBlocked {
		list = append(list, notice("notice-hold", "speaker", v.T(text.SoundBlocked), v.T(text.SoundBlockedText),
			wordButton(v, "", v.T(text.AllowSound), "btn-text", allowSound{})))
	}
	if v.S.UpdateReady && v.S.UpdateFits() {
		list = append(list, update(v))
	}
	return hiddenIf(len(list) == 0, el("section", "notices", list...).Aria("label", v.T(text.Notices)))
}

// handover asks whether the user goes along. Each button says what it does; a long number is cut there, and stands whole beside
// it. It is read out at once, takes no focus and covers nothing: who asks, and on which call, stays on the stage, unless a small
// window needs the room for a long address.
func handover(v View, h screen.Handover, line screen.Line) app.UI {
	act := text.CallNow
	if h.Calls {
		act = text.TalkNow
	}
	class := "notice notice-hold notice-ask"
	if len(h.To) > 40 {
		class += " notice-far"
	}
	return el("div", class,
		icon("transfer", "icon-dir"),
		el("p", "notice-text",
			words("strong", "", v.T(text.HandsOver, "name", brief(line.Name()), "target", h.To)).Role("alert"), app.Text(" "),
			words("span", "notice-more", v.T(text.HandsOverText)),
		),
		el("p", "notice-actions",
			press(v, "btn btn-text", screen.AnswerHandover{ID: h.ID, Yes: true}, cut("span", "clip", v.T(act, "target", h.To))),
			wordButton(v, "", v.T(text.Stay), "btn-text", screen.AnswerHandover{ID: h.ID}),
		),
	)
}

// brief cuts a name that the other side has written, so that it takes no room from what has to be read.
func brief(name string) string {
	const most = 32
	if letters := []rune(name); len(letters) > most {
		return strings.TrimSpace(string(letters[:most-1])) + "…"
	}
	return name
}

func offline(v View) app.UI {
	more := v.T(text.OfflineTrying)
	if s := screen.RetrySeconds(v.S); s > 0 {
		more = v.T(text.OfflineRetry, "seconds", strconv.Itoa(s))
	}
	return notice("notice-hold", "offline", v.T(text.Offline), more,
		wordButton(v, "", v.T(text.TryNow), "btn-text", screen.Retry{}))
}

// busy says that the server is there, has no place for us at the moment, and when it is asked again: that is seen in every
// window.
func busy(v View) app.UI {
	return el("div", "notice notice-hold",
		icon("offline"),
		el("p", "notice-text",
			words("strong", "", v.S.Language.Tell(screen.BusyText(v.S))).Role("status"), app.Text(" "),
			words("span", "tnum", v.T(text.ServerRetry, "time", screen.RetryTime(v.S))), app.Text(" "),
			words("span", "notice-more", v.T(text.ServerRetryText)),
		),
		el("p", "notice-actions", wordButton(v, "", v.T(text.TryNow), "btn-text", screen.Retry{})),
	)
}

// problem is an alert: it is read out at once.
func problem(v View) app.UI {
	return el("div", "notice notice-hold",
		icon("alert"),
		cut("p", "notice-text", v.S.Language.Tell(v.S.Problem.Text)),
		el("p", "notice-actions", signButton(v, "close", v.T(text.Dismiss), screen.Dismiss{})),
	).Role("alert")
}

// notice is one band. What counts down in it is not announced each second: only its head is a status.
func notice(class, sign, head, more string, actions ...app.UI) app.UI {
	return el("div", "notice "+class,
		icon(sign),
		el("p", "notice-text",
			words("strong", "", head).Role("status"), app.Text(" "), words("span", "notice-more tnum", more),
		),
		el("p", "notice-actions", actions...),
	)
}

// toast tells of a transfer that worked. It lies over the name of the account and pushes nothing; it goes by itself, or when it
// is pressed.
func toast(v View) app.UI {
	said := v.S.Language.Tell(v.S.Transfer.Done)
	if said == "" {
		return hiddenIf(true, el("div", ""))
	}
	return press(v, "toast", screen.DismissTransferred{}, smallIcon("check"), cut("span", "", said))
}

// undo offers to take back what was just done.
func undo(v View) app.UI {
	sign := "check"
	switch v.S.Undo.Text.Key {
	case text.CallsDeleted, text.ContactDeleted:
		sign = "trash"
	}
	return notice("", sign, v.S.Language.Tell(v.S.Undo.Text), "",
		wordButton(v, "", v.T(text.Undo), "btn-text", screen.TakeBack{}),
		signButton(v, "close", v.T(text.Dismiss), screen.DropUndo{Count: v.S.Undo.Count}))
}

// update offers the version that waits, or says what keeps it waiting.
func update(v View) app.UI {
	if v.S.UpdateWaits {
		return notice("", "refresh", v.T(text.UpdateReady), v.T(text.UpdateWaits))
	}
	return notice("", "refresh", v.T(text.UpdateReady), v.T(text.UpdateReadyText),
		wordButton(v, "", v.T(text.Update), "btn-text", applyUpdate{}),
		signButton(v, "close", v.T(text.Later), screen.DismissUpdate{}))
}
