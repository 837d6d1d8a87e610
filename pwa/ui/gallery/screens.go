package main

import (
	"time"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/books"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/phone"
	"github.com/gowebphone/webphone/pwa/screen"
)

// screens makes the snapshot of each screen. All are led there by the events that lead the phone there.
var screens = map[string]func() screen.Snapshot{
	"login":             login,
	"login-typed":       loginTyped,
	"login-busy":        func() screen.Snapshot { return then(login(), typed) },
	"login-refused":     loginRefused,
	"login-unreachable": loginUnreachable,
	"dialpad":           idle,
	"dialpad-typed":     func() screen.Snapshot { return then(idle(), screen.Type{Text: "+44 20 7946 0347"}) },
	"dialpad-recent":    func() screen.Snapshot { return withBooks(idle()) },
	"dialpad-problem":   func() screen.Snapshot { return then(idle(), screen.PasteFailed{}) },
	"calling":           func() screen.Snapshot { return then(idle(), out("1", ua.CallCalling)) },
	"ringing":           func() screen.Snapshot { return then(idle(), out("1", ua.CallRinging)) },
	"call":              talking,
	"muted":             func() screen.Snapshot { return then(talking(), change(talking(), "1", muted)) },
	"held":              func() screen.Snapshot { return then(talking(), change(talking(), "1", held), after(276)) },
	"held-remote":       func() screen.Snapshot { return then(talking(), change(talking(), "1", heldRemote)) },
	"keypad":            keypad,
	"keypad-lines":      func() screen.Snapshot { return then(twoLines(), screen.ToggleKeypad{}, screen.Press{Digit: "2"}) },
	"two-lines":         twoLines,
	"three-lines": func() screen.Snapshot {
		return then(twoLines(), change(twoLines(), "2", held), out("3", ua.CallRinging))
	},
	"adding":           func() screen.Snapshot { return then(talking(), screen.AddCall{On: true}) },
	"incoming":         func() screen.Snapshot { return then(idle(), in("9", "Support queue", "+442079460155")) },
	"incoming-unknown": func() screen.Snapshot { return then(idle(), in("9", "", "+442079460155")) },
	"incoming-second":  func() screen.Snapshot { return then(talking(), in("9", "Support queue", "+442079460155")) },
	"incoming-for":     func() screen.Snapshot { return then(idle(), routed(in("9", "Priya Nair", "+442079460347"))) },
	"incoming-two": func() screen.Snapshot {
		return then(idle(), in("9", "Support queue", "+442079460155"), in("8", "Warehouse", "1004"))
	},
	"incoming-list": func() screen.Snapshot {
		return then(idle(), screen.Show{Page: screen.PageHistory}, in("9", "Support queue", "+442079460155"))
	},
	"call-for": func() screen.Snapshot {
		s := then(idle(), routed(in("9", "Priya Nair", "+442079460347")))
		return then(s, screen.Answer{ID: "9"}, change(s, "9", answered), after(20))
	},
	"why": func() screen.Snapshot {
		return then(idle(), out("1", ua.CallRinging), end("1", ua.CauseBusy, 486, "Busy Here"))
	},
	"why-microphone": func() screen.Snapshot {
		return then(idle(), out("1", ua.CallPreparing), end("1", ua.CauseMicPermission, 0, ""))
	},
	"why-lost":         func() screen.Snapshot { return then(talking(), end("1", ua.CauseConnectionLost, 0, "")) },
	"offline":          func() screen.Snapshot { return then(idle(), lost()) },
	"server-busy":      func() screen.Snapshot { return then(idle(), turnedAway()) },
	"offline-call":     func() screen.Snapshot { return then(talking(), lost()) },
	"registering":      func() screen.Snapshot { return then(idle(), registration(ua.Registering)) },
	"sound-blocked":    func() screen.Snapshot { return then(idle(), screen.Sound{Blocked: true}) },
	"update":           func() screen.Snapshot { return then(idle(), screen.Updatable{}) },
	"fault":            func() screen.Snapshot { return then(talking(), screen.Fault{}) },
	"menu":             func() screen.Snapshot { return then(idle(), screen.ToggleMenu{}) },
	"debug":            func() screen.Snapshot { return then(idle(), screen.ToggleDebug{}) },
	"do-not-disturb":   func() screen.Snapshot { return then(idle(), screen.ToggleDoNotDisturb{}) },
	"contacts":         func() screen.Snapshot { return then(idle(), screen.Show{Page: screen.PageContacts}) },
	"history":          func() screen.Snapshot { return then(recent(), screen.Show{Page: screen.PageHistory}) },
	"settings":         func() screen.Snapshot { return then(idle(), screen.Show{Page: screen.PageSettings}) },
	"settings-in-call": func() screen.Snapshot { return then(talking(), screen.Show{Page: screen.PageSettings}) },
	"today":            today,
	"today-empty":      idle,
	"bare":             bare,
	"caller-unknown":   callerUnknown,
	"caller-open":      callerOpen,
	"caller-over":      callerOver,
	"caller-aside":     callerAside,
	"caller-page":      func() screen.Snapshot { return popped(true) },
	"caller-link":      func() screen.Snapshot { return popped(false) },
	"own-page":         ownPage,

	"call-extension":  callExtension,
	"call-audio":      func() screen.Snapshot { return then(talking(), screen.ToggleAudio{}) },
	"transfer-choose": func() screen.Snapshot { return then(talking(), screen.StartTransfer{ID: "1"}) },
	"transfer-number": func() screen.Snapshot {
		return withBooks(then(talking(), screen.StartTransfer{ID: "1"}, screen.Type{Text: "10"}))
	},
	"transfer-calling": func() screen.Snapshot { return then(asking(), out("2", ua.CallRinging)) },
	"transfer-ask":     asked,
	"transfer-swapped": transferSwapped,
	"transfer-sending": func() screen.Snapshot {
		return then(talking(), screen.StartTransfer{ID: "1"}, screen.Type{Text: "1022"}, screen.TransferNow{Text: "1022"})
	},
	"transfer-ringing": func() screen.Snapshot {
		return then(asked(), screen.CompleteTransfer{}, news("1", ua.TransferProgress, 180))
	},
	"transfer-done": transferDone,
	"transfer-failed": func() screen.Snapshot {
		return then(asked(), screen.CompleteTransfer{}, news("1", ua.TransferTrying, 202), news("1", ua.TransferFailed, 486))
	},
	"handed-over": func() screen.Snapshot {
		return then(talking(), phone.HandoverAsked{Handover: screen.Handover{ID: 1, Call: "1", To: "0900 555 0123"}})
	},
	"transfer-busy": func() screen.Snapshot {
		return then(asking(), out("2", ua.CallRinging), end("2", ua.CauseBusy, 486, "Busy Here"))
	},

	"dialpad-named":       func() screen.Snapshot { return withBooks(then(idle(), screen.Type{Text: "wa"})) },
	"dialpad-nobody":      func() screen.Snapshot { return withBooks(then(idle(), screen.Type{Text: "marten"})) },
	"transfer-lines":      func() screen.Snapshot { return then(twoLines(), screen.StartTransfer{ID: "1"}) },
	"transfer-lines-more": transferLinesMore,
	"dialpad-suggestions": func() screen.Snapshot { return withBooks(then(idle(), screen.Type{Text: "+44 20 79"})) },
	"history-list":        func() screen.Snapshot { return pane(screen.PageHistory, "") },
	"history-call":        func() screen.Snapshot { return pane(screen.PageHistory, "call1") },
	"history-hidden":      func() screen.Snapshot { return pane(screen.PageHistory, "call4") },
	"history-tools":       historyTools,
	"history-nothing":     nothingFound,
	"contacts-list":       func() screen.Snapshot { return pane(screen.PageContacts, "") },
	"contacts-tools":      contactTools,
	"contact":             contactOpen,
	"contact-form":        contactEdited,
	"contact-import":      importing,
	"undo":                undoing,
	"settings-account":    settings(screen.SectionAccount),
	"settings-audio":      settings(screen.SectionAudio),
	"settings-calls":      settings(screen.SectionCalls),
	"settings-appearance": settings(screen.SectionAppearance),
	"settings-data":       settings(screen.SectionData),
	"settings-about":      settings(screen.SectionAbout),
}

var began = time.Date(2026, 5, 4, 13, 40, 0, 0, time.UTC)

var typed = screen.Login{User: "1001", Password: "secret", Server: "sip.example.com"}

func then(s screen.Snapshot, events ...phone.Event) screen.Snapshot {
	for _, e := range events {
		s = phone.Reduce(s, e)
	}
	return s
}

func login() screen.Snapshot {
	servers, err := config.Servers("sip.example.com, sip2.example.com, eu.sip.example.net")
	if err != nil {
		panic(err) // constants of this file
	}
	return phone.New(phone.Options{
		Config:  config.Config{WSServers: servers, DisplayName: "Front desk", Show: config.Defaults().Show},
		Version: "1.4.0", Now: func() time.Time { return began },
	}).Begin()
}

func loginTyped() screen.Snapshot {
	return phone.New(phone.Options{Config: config.Defaults(), Version: "1.4.0", Now: func() time.Time { return began }}).Begin()
}

func loginRefused() screen.Snapshot {
	cause := ua.Cause{Kind: ua.CauseAuth, Code: 403, Reason: "Forbidden"}
	return then(login(), typed, connection(ua.Connected, ua.CauseNone),
		told(ua.RegistrationEvent{RegistrationInfo: ua.RegistrationInfo{State: ua.RegistrationFailed, Cause: cause}}))
}

func loginUnreachable() screen.Snapshot {
	return then(login(), typed, connection(ua.Disconnected, ua.CauseUnreachable))
}

func idle() screen.Snapshot {
	return then(login(), typed, connection(ua.Connected, ua.CauseNone), registration(ua.Registered))
}

func talking() screen.Snapshot {
	s := then(idle(), out("1", ua.CallRinging), out("1", ua.CallEstablished))
	return then(s, after(251), measure("1", 0), measure("1", 1), phone.Tick{At: began.Add(252 * time.Second)})
}

// callExtension offers the extension behind the number that was dialled.
func callExtension() screen.Snapshot {
	s := then(idle(), screen.MakeCall{Target: people["1"].User + " ext. 12"})
	return then(s, out("1", ua.CallRinging), out("1", ua.CallEstablished), after(4))
}

func keypad() screen.Snapshot {
	return then(talking(), screen.ToggleKeypad{}, screen.Press{Digit: "2"}, screen.Press{Digit: "4"}, screen.Press{Digit: "#"})
}

func twoLines() screen.Snapshot {
	s := then(talking(), change(talking(), "1", held), out("2", ua.CallEstablished))
	return then(s, measure("2", 0), measure("2", 1), after(300))
}

func recent() screen.Snapshot {
	s := idle()
	for i, number := range []string{"1004", "600", "+442079460518"} {
		id := "r" + number
		s = then(s, out(id, ua.CallRinging), end(id, ua.CauseHangupLocal, 0, ""), after(60*(i+1)))
	}
	return then(s, in("r9", "Support queue", "+442079460155"), end("r9", ua.CauseCancelled, 487, "Request Terminated"))
}

// bare is a phone whose operator shows only what is needed to answer.
func bare() screen.Snapshot {
	s := talking()
	s.Show = screen.Parts{Answer: true, Hangup: true, Status: true}
	return s
}

// today is what there is to do when nobody calls and nothing is chosen.
func today() screen.Snapshot {
	b := book()
	for _, name := range []string{"pharmacy", "reception", "billing"} {
		if found := b.Search(name, 1); len(found) > 0 {
			b.SetFavourite(found[0].ID, true)
		}
	}
	return books.Fill(idle(), b, calls())
}

// callerUnknown is somebody who is in no book, and calls himself something.
func callerUnknown() screen.Snapshot {
	s := then(idle(), in("9", "Delivery", "+441614960220"))
	return then(s, screen.Answer{ID: "9"}, change(s, "9", answered), after(21))
}

// callerOver is a call that has ended, with what is left to do.
func callerOver() screen.Snapshot {
	s := then(idle(), routed(in("9", "Priya Nair", "+442079460347")))
	s = withBooks(then(s, screen.Answer{ID: "9"}, change(s, "9", answered), after(20)))
	s = withBooks(then(s, change(s, "9", func(c *ua.CallInfo) { c.State = ua.CallEnded })))
	s.Caller.NoteID, s.Caller.Note = "9/", "Wants a corrected copy by mail."
	return s
}

// callerOpen is who is on the line in the place of what was chosen.
func callerOpen() screen.Snapshot {
	s := withBooks(then(pane(screen.PageHistory, "call1"), out("1", ua.CallEstablished)))
	return then(s, screen.ShowCaller{On: true})
}

// callerAside is who is on the line where a narrow window shows them too.
func callerAside() screen.Snapshot {
	return then(callerOpen(), screen.ShowCaller{On: true, Aside: true})
}

// popped is a call about which the operator has a page.
func popped(framed bool) screen.Snapshot {
	s := withBooks(callerUnknown())
	s.Caller.Pop, s.PopOpen = screen.Pop{URL: "about:blank", Framed: framed, Loaded: framed}, true
	return s
}

// ownPage is a phone whose operator has made the menu, with a page of his own.
func ownPage() screen.Snapshot {
	s := idle()
	s.MenuRight = true
	s.Rows = []screen.MenuItem{{Page: screen.PagePhone}, {Page: screen.PageHistory, Title: "Calls"},
		{Page: "page-help", Title: "Help", Icon: "info", URL: "about:blank"},
		{Page: screen.PageSettings}, {Title: "Help desk", Icon: "headset", URL: "tel:600"}}
	return then(s, screen.Show{Page: "page-help"})
}

// asking is a call that waits while the user is about to call who shall have it.
func asking() screen.Snapshot {
	s := then(talking(), screen.StartTransfer{ID: "1"}, screen.Type{Text: "1022"}, screen.AskFirst{Text: "1022"})
	return then(s, change(s, "1", held))
}

func asked() screen.Snapshot {
	return then(asking(), out("2", ua.CallRinging), out("2", ua.CallEstablished), measure("2", 0), measure("2", 1), after(270))
}

func transferSwapped() screen.Snapshot {
	s := then(asked(), change(asked(), "2", held), screen.Swap{ID: "1"})
	return then(s, change(s, "1", func(c *ua.CallInfo) { c.HeldLocal = false }), after(284))
}

// transferLinesMore has two calls to connect the first with.
func transferLinesMore() screen.Snapshot {
	s := then(twoLines(), change(twoLines(), "2", held), out("3", ua.CallEstablished))
	return then(s, screen.StartTransfer{ID: "1"})
}

func transferDone() screen.Snapshot {
	return then(asked(), screen.CompleteTransfer{}, news("1", ua.TransferSucceeded, 200), end("1", ua.CauseTransferred, 0, ""),
		end("2", ua.CauseTransferred, 0, ""))
}
