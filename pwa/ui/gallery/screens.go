package main

import (
	"errors"
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/phone"
)

// screens makes the snapshot of each screen. All are led there by the events that lead the phone there.
var screens = map[string]func() phone.Snapshot{
	"login":             login,
	"login-typed":       loginTyped,
	"login-busy":        func() phone.Snapshot { return then(login(), typed) },
	"login-refused":     loginRefused,
	"login-unreachable": loginUnreachable,
	"dialpad":           idle,
	"dialpad-typed":     func() phone.Snapshot { return then(idle(), phone.Type{Text: "+44 20 7946 0347"}) },
	"dialpad-recent":    func() phone.Snapshot { return withBooks(idle()) },
	"dialpad-problem":   func() phone.Snapshot { return then(idle(), phone.PasteFailed{}) },
	"calling":           func() phone.Snapshot { return then(idle(), out("1", ua.CallCalling)) },
	"ringing":           func() phone.Snapshot { return then(idle(), out("1", ua.CallRinging)) },
	"call":              talking,
	"muted":             func() phone.Snapshot { return then(talking(), change(talking(), "1", muted)) },
	"held":              func() phone.Snapshot { return then(talking(), change(talking(), "1", held), after(276)) },
	"held-remote":       func() phone.Snapshot { return then(talking(), change(talking(), "1", heldRemote)) },
	"keypad":            keypad,
	"two-lines":         twoLines,
	"three-lines": func() phone.Snapshot {
		return then(twoLines(), change(twoLines(), "2", held), out("3", ua.CallRinging))
	},
	"adding":           func() phone.Snapshot { return then(talking(), phone.AddCall{On: true}) },
	"incoming":         func() phone.Snapshot { return then(idle(), in("9", "Support queue", "+442079460155")) },
	"incoming-unknown": func() phone.Snapshot { return then(idle(), in("9", "", "+442079460155")) },
	"incoming-second":  func() phone.Snapshot { return then(talking(), in("9", "Support queue", "+442079460155")) },
	"incoming-for":     func() phone.Snapshot { return then(idle(), routed(in("9", "Priya Nair", "+442079460347"))) },
	"incoming-two": func() phone.Snapshot {
		return then(idle(), in("9", "Support queue", "+442079460155"), in("8", "Warehouse", "1004"))
	},
	"incoming-list": func() phone.Snapshot {
		return then(idle(), phone.Show{Page: phone.PageHistory}, in("9", "Support queue", "+442079460155"))
	},
	"call-for": func() phone.Snapshot {
		s := then(idle(), routed(in("9", "Priya Nair", "+442079460347")))
		return then(s, phone.Answer{ID: "9"}, change(s, "9", answered), after(20))
	},
	"why": func() phone.Snapshot {
		return then(idle(), out("1", ua.CallRinging), end("1", ua.CauseBusy, 486, "Busy Here"))
	},
	"why-microphone": func() phone.Snapshot {
		return then(idle(), out("1", ua.CallPreparing), end("1", ua.CauseMicPermission, 0, ""))
	},
	"why-lost":         func() phone.Snapshot { return then(talking(), end("1", ua.CauseConnectionLost, 0, "")) },
	"offline":          func() phone.Snapshot { return then(idle(), lost()) },
	"server-busy":      func() phone.Snapshot { return then(idle(), turnedAway()) },
	"offline-call":     func() phone.Snapshot { return then(talking(), lost()) },
	"registering":      func() phone.Snapshot { return then(idle(), registration(ua.Registering)) },
	"sound-blocked":    func() phone.Snapshot { return then(idle(), phone.Sound{Blocked: true}) },
	"update":           func() phone.Snapshot { return then(idle(), phone.Updatable{}) },
	"fault":            func() phone.Snapshot { return then(talking(), phone.Fault{Err: errors.New("shown in the console")}) },
	"menu":             func() phone.Snapshot { return then(idle(), phone.ToggleMenu{}) },
	"debug":            func() phone.Snapshot { return then(idle(), phone.ToggleDebug{}) },
	"do-not-disturb":   func() phone.Snapshot { return then(idle(), phone.ToggleDoNotDisturb{}) },
	"contacts":         func() phone.Snapshot { return then(idle(), phone.Show{Page: phone.PageContacts}) },
	"history":          func() phone.Snapshot { return then(recent(), phone.Show{Page: phone.PageHistory}) },
	"settings":         func() phone.Snapshot { return then(idle(), phone.Show{Page: phone.PageSettings}) },
	"settings-in-call": func() phone.Snapshot { return then(talking(), phone.Show{Page: phone.PageSettings}) },
	"bare":             bare,
	"own-page":         ownPage,

	"call-audio":      func() phone.Snapshot { return then(talking(), phone.ToggleAudio{}) },
	"transfer-choose": func() phone.Snapshot { return then(talking(), phone.StartTransfer{ID: "1"}) },
	"transfer-number": func() phone.Snapshot {
		return withBooks(then(talking(), phone.StartTransfer{ID: "1"}, phone.Type{Text: "10"}))
	},
	"transfer-calling": func() phone.Snapshot { return then(asking(), out("2", ua.CallRinging)) },
	"transfer-ask":     asked,
	"transfer-swapped": transferSwapped,
	"transfer-sending": func() phone.Snapshot {
		return then(talking(), phone.StartTransfer{ID: "1"}, phone.Type{Text: "1022"}, phone.TransferNow{Text: "1022"})
	},
	"transfer-ringing": func() phone.Snapshot {
		return then(asked(), phone.CompleteTransfer{}, news("1", ua.TransferProgress, 180))
	},
	"transfer-done": transferDone,
	"transfer-failed": func() phone.Snapshot {
		return then(asked(), phone.CompleteTransfer{}, news("1", ua.TransferTrying, 202), news("1", ua.TransferFailed, 486))
	},
	"handed-over": func() phone.Snapshot {
		return then(talking(), phone.HandoverAsked{Handover: phone.Handover{ID: 1, Call: "1", To: "0900 555 0123"}})
	},
	"transfer-busy": func() phone.Snapshot {
		return then(asking(), out("2", ua.CallRinging), end("2", ua.CauseBusy, 486, "Busy Here"))
	},

	"dialpad-suggestions": func() phone.Snapshot { return withBooks(then(idle(), phone.Type{Text: "+44 20 79"})) },
	"history-list":        func() phone.Snapshot { return pane(phone.PageHistory, "") },
	"history-call":        func() phone.Snapshot { return pane(phone.PageHistory, "call1") },
	"history-hidden":      func() phone.Snapshot { return pane(phone.PageHistory, "call4") },
	"history-tools":       historyTools,
	"history-nothing":     nothingFound,
	"contacts-list":       func() phone.Snapshot { return pane(phone.PageContacts, "") },
	"contacts-tools":      contactTools,
	"contact":             contactOpen,
	"contact-form":        contactEdited,
	"contact-import":      importing,
	"undo":                undoing,
	"settings-account":    settings(phone.SectionAccount),
	"settings-audio":      settings(phone.SectionAudio),
	"settings-calls":      settings(phone.SectionCalls),
	"settings-appearance": settings(phone.SectionAppearance),
	"settings-data":       settings(phone.SectionData),
	"settings-about":      settings(phone.SectionAbout),
}

var began = time.Date(2026, 5, 4, 13, 40, 0, 0, time.UTC)

var typed = phone.Login{User: "1001", Password: "secret", Server: "sip.example.com"}

func then(s phone.Snapshot, events ...phone.Event) phone.Snapshot {
	for _, e := range events {
		s = phone.Reduce(s, e)
	}
	return s
}

func login() phone.Snapshot {
	servers, err := config.Servers("sip.example.com, sip2.example.com, eu.sip.example.net")
	if err != nil {
		panic(err) // constants of this file
	}
	return phone.New(phone.Options{
		Config:  config.Config{WSServers: servers, DisplayName: "Front desk", Show: config.Defaults().Show},
		Version: "1.4.0", Now: func() time.Time { return began },
	}).Begin()
}

func loginTyped() phone.Snapshot {
	return phone.New(phone.Options{Config: config.Defaults(), Version: "1.4.0", Now: func() time.Time { return began }}).Begin()
}

func loginRefused() phone.Snapshot {
	cause := ua.Cause{Kind: ua.CauseAuth, Code: 403, Reason: "Forbidden"}
	return then(login(), typed, connection(ua.Connected, ua.CauseNone),
		told(ua.RegistrationEvent{RegistrationInfo: ua.RegistrationInfo{State: ua.RegistrationFailed, Cause: cause}}))
}

func loginUnreachable() phone.Snapshot {
	return then(login(), typed, connection(ua.Disconnected, ua.CauseUnreachable))
}

func idle() phone.Snapshot {
	return then(login(), typed, connection(ua.Connected, ua.CauseNone), registration(ua.Registered))
}

func talking() phone.Snapshot {
	s := then(idle(), out("1", ua.CallRinging), out("1", ua.CallEstablished))
	return then(s, after(251), measure("1", 0), measure("1", 1), phone.Tick{At: began.Add(252 * time.Second)})
}

func keypad() phone.Snapshot {
	return then(talking(), phone.ToggleKeypad{}, phone.Press{Digit: "2"}, phone.Press{Digit: "4"}, phone.Press{Digit: "#"})
}

func twoLines() phone.Snapshot {
	s := then(talking(), change(talking(), "1", held), out("2", ua.CallEstablished))
	return then(s, measure("2", 0), measure("2", 1), after(300))
}

func recent() phone.Snapshot {
	s := idle()
	for i, number := range []string{"1004", "600", "+442079460518"} {
		id := "r" + number
		s = then(s, out(id, ua.CallRinging), end(id, ua.CauseHangupLocal, 0, ""), after(60*(i+1)))
	}
	return then(s, in("r9", "Support queue", "+442079460155"), end("r9", ua.CauseCancelled, 487, "Request Terminated"))
}

// bare is a phone whose operator shows only what is needed to answer.
func bare() phone.Snapshot {
	s := talking()
	s.Show = config.Show{Answer: true, Hangup: true, Status: true}
	return s
}

// ownPage is a phone whose operator has made the menu, with a page of his own.
func ownPage() phone.Snapshot {
	s := idle()
	s.MenuRight = true
	s.Rows = []phone.MenuItem{{Page: phone.PagePhone}, {Page: phone.PageHistory, Title: "Calls"}, {Page: "page-help", Title: "Help", Icon: "info", URL: "about:blank"},
		{Page: phone.PageSettings}, {Title: "Help desk", Icon: "headset", URL: "tel:600"}}
	return then(s, phone.Show{Page: "page-help"})
}

// asking is a call that waits while the user is about to call who shall have it.
func asking() phone.Snapshot {
	s := then(talking(), phone.StartTransfer{ID: "1"}, phone.Type{Text: "1022"}, phone.AskFirst{Text: "1022"})
	return then(s, change(s, "1", held))
}

func asked() phone.Snapshot {
	return then(asking(), out("2", ua.CallRinging), out("2", ua.CallEstablished), measure("2", 0), measure("2", 1), after(270))
}

func transferSwapped() phone.Snapshot {
	s := then(asked(), change(asked(), "2", held), phone.Swap{ID: "1"})
	return then(s, change(s, "1", func(c *ua.CallInfo) { c.HeldLocal = false }), after(284))
}

func transferDone() phone.Snapshot {
	return then(asked(), phone.CompleteTransfer{}, news("1", ua.TransferSucceeded, 200), end("1", ua.CauseTransferred, 0, ""), end("2", ua.CauseTransferred, 0, ""))
}
