package ui

import (
	"encoding/json"
	"syscall/js"

	"github.com/gowebphone/webphone/pwa/screen"
)

const notificationTag = "webphone-call-"

// watchNotifications takes the buttons of notifications.
func watchNotifications(do func(screen.Event)) {
	listen(js.Global(), "webphone:notification", nil, func(e js.Value) {
		detail := e.Get("detail")
		id := detail.Get("data")
		if !id.Truthy() || id.Get("call").Type() != js.TypeString {
			return
		}
		e.Call("preventDefault")
		switch call := id.Get("call").String(); detail.Get("action").String() {
		case "answer":
			do(screen.Answer{ID: call})
		case "decline":
			do(screen.Decline{ID: call})
		default:
			do(screen.Show{Page: screen.PagePhone})
		}
	})
}

// notify tells of a call outside the page, when the page is not seen and the user has allowed it.
func notify(n screen.Notify) {
	if document().Get("visibilityState").String() == "visible" || permission() != "granted" {
		return
	}
	type action struct {
		Action string `json:"action"`
		Title  string `json:"title"`
		Path   string `json:"path"`
	}
	text, err := json.Marshal(map[string]any{
		"title": n.Title, "body": n.Body, "tag": notificationTag + n.ID, "requireInteraction": true, "renotify": true,
		"icon": "icon-192.png", "badge": "badge-96.png", "data": map[string]string{"call": n.ID},
		"actions": []action{{"answer", n.Answer, "./"}, {"decline", n.Decline, "./"}},
	})
	if err != nil {
		return // strings always marshal
	}
	js.Global().Call("goappNewNotification", string(text))
}

// retract closes the notification of a call that no longer rings.
func retract(id string) {
	if permission() == "granted" {
		js.Global().Call("webphoneRetractNotification", notificationTag+id)
	}
}

func permission() string {
	notification := js.Global().Get("Notification")
	if !notification.Truthy() {
		return "denied"
	}
	return notification.Get("permission").String()
}

// canAskToNotify tells whether the user has not decided yet.
func canAskToNotify() bool { return permission() == "default" }

// askToNotify needs the click that it is called from.
func askToNotify() {
	if permission() == "default" {
		js.Global().Get("Notification").Call("requestPermission")
	}
}
