package main

import (
	"strings"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/books"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/history"
	"github.com/gowebphone/webphone/pwa/phone"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// empty are the screens that show what there is before the first contact and the first call. All others get some, unless
// they bring their own.
var empty = map[string]bool{"contacts": true, "history": true, "dialpad": true, "today-empty": true}

// corners are the screens of the edges: what is rare, long, locked, or went wrong.
var corners = map[string]func() screen.Snapshot{
	"login-stay":    func() screen.Snapshot { s := login(); s.Login.CanStay, s.Login.Stay = true, true; return s },
	"login-missing": func() screen.Snapshot { return then(login(), screen.Login{Server: "sip.example.com"}) },
	"login-fixed":   loginFixed,
	"login-unprovisioned": func() screen.Snapshot {
		s := login()
		s.Login.Error = text.Sentence{Key: text.ProvisionUnreachable}
		return s
	},
	"login-opening": func() screen.Snapshot { s := login(); s.Login.Opening = true; return s },
	"provisioned-before": func() screen.Snapshot {
		s := then(idle(), lost())
		s.Problem.Text = text.Say(text.ProvisionedBefore, text.Why, string(text.ProvisionPage))
		return s
	},
	"update-waits": func() screen.Snapshot { return then(idle(), screen.Updatable{}, screen.UpdateWaits{}) },
	"connecting":   func() screen.Snapshot { return then(idle(), out("1", ua.CallConnecting)) },
	"ending":       func() screen.Snapshot { return then(talking(), out("1", ua.CallEnding)) },
	"muted-held":   func() screen.Snapshot { s := talking(); return then(s, change(s, "1", both), after(276)) },
	"call-long":    func() screen.Snapshot { return then(talking(), change(talking(), "1", longName)) },
	"why-moved": func() screen.Snapshot {
		s := then(idle(), out("1", ua.CallRinging))
		return then(s, change(s, "1", moved))
	},
	"incoming-long": func() screen.Snapshot {
		return then(idle(), in("9", long, "very.long.user.name.of.the.night.shift.supervisor@very-long-host-name.example.com"))
	},
	"incoming-many": func() screen.Snapshot {
		return then(talking(), in("9", "Support queue", "+442079460155"), in("8", "", "+442079460518"),
			in("7", long, "+442079460347"))
	},
	"incoming-in-detail": func() screen.Snapshot {
		return then(contactOpen(), in("9", "Support queue", "+442079460155"))
	},
	"dialpad-address": func() screen.Snapshot {
		return then(idle(), screen.Type{Text: "sip:front.desk@very-long-host.example.com"})
	},
	"contacts-in-call": func() screen.Snapshot { return then(talking(), screen.Show{Page: screen.PageContacts}) },
	"held-in-list": func() screen.Snapshot {
		s := then(talking(), screen.Show{Page: screen.PageHistory})
		return then(s, change(s, "1", held), after(276))
	},
	"ringing-in-list": func() screen.Snapshot {
		return then(idle(), out("1", ua.CallRinging), screen.Show{Page: screen.PageHistory})
	},
	"transfer-in-list": func() screen.Snapshot { return then(asked(), screen.Show{Page: screen.PageContacts}) },
	"transfer-to-contact": func() screen.Snapshot {
		s := then(contactOpen(), out("1", ua.CallEstablished), screen.StartTransfer{ID: "1"})
		return then(s, screen.Show{Page: screen.PageContacts})
	},
	"handed-over-plain": func() screen.Snapshot { return then(talking(), handsOver("09005550123")) },
	"handed-over-far": func() screen.Snapshot {
		return then(talking(), change(talking(), "1", longName),
			handsOver("1003."+strings.Repeat("a", 90)+"@"+strings.Repeat("b", 20)+".example"))
	},
	"handed-over-taken": func() screen.Snapshot {
		return then(talking(), phone.HandoverAsked{Handover: screen.Handover{ID: 1, Call: "1", To: "1004", Calls: true}})
	},
	"server-refuses": func() screen.Snapshot {
		s := then(idle(), turnedAway())
		s.Registration.Code = 500
		return s
	},
	"offline-list": func() screen.Snapshot { return then(idle(), screen.Show{Page: screen.PageHistory}, lost()) },
	"notices":      notices,
	"shortcuts":    func() screen.Snapshot { return then(idle(), screen.ToggleShortcuts{}) },
	"shortcuts-list": func() screen.Snapshot {
		return then(idle(), screen.Show{Page: screen.PageHistory}, screen.ToggleShortcuts{})
	},
	"audio-list": func() screen.Snapshot {
		return then(talking(), screen.Show{Page: screen.PageHistory}, screen.ToggleAudio{})
	},

	"contacts-nothing":    contactsNothing,
	"contacts-favourites": contactsFavourites,
	"contacts-no-favourites": func() screen.Snapshot {
		b := contacts.NewBook(numbering)
		b.Add(contacts.Contact{Name: "Pharmacy"})
		s := then(idle(), screen.Show{Page: screen.PageContacts})
		s.Contacts.Favourites = true
		return books.Fill(s, b, calls())
	},
	"contacts-imported": func() screen.Snapshot {
		s := pane(screen.PageContacts, "")
		s.Undo = screen.UndoOffer{Text: text.Say(text.Imported, "count", "3", "skipped", "1"), Count: 1}
		return s
	},
	"auto-answer":         autoAnswering,
	"history-unknown":     callUnknown,
	"auto-answer-call":    func() screen.Snapshot { s := talking(); s.AutoAnswer = true; return s },
	"contact-company":     contactOfCompany,
	"contact-new":         contactNew,
	"contact-import-card": importingCards,
	"contact-import-bad":  importingNothing,

	"settings-audio-open":      open(screen.SectionAudio),
	"settings-audio-metering":  metering,
	"settings-calls-open":      open(screen.SectionCalls),
	"settings-account-open":    open(screen.SectionAccount),
	"settings-appearance-open": open(screen.SectionAppearance),
	"settings-erasing":         func() screen.Snapshot { return then(settings(screen.SectionData)(), screen.AskErase{On: true}) },
	"settings-no-codec":        noCodec,
	"broken":                   talking,
}

const long = "Department of Emergency Admissions and Patient Transport, Night Shift"

func handsOver(to string) phone.Event {
	return phone.HandoverAsked{Handover: screen.Handover{ID: 1, Call: "1", To: to}}
}

func both(c *ua.CallInfo)     { c.Muted, c.HeldLocal = true, true }
func longName(c *ua.CallInfo) { c.Remote.DisplayName = long }

// loginFixed is the card of an operator who has filled in all but the password.
func loginFixed() screen.Snapshot {
	s := login()
	s.Login.User, s.Login.Fixed = "reception", screen.Fixed{User: true, Server: true}
	return s
}

// notices is all bands at once.
func notices() screen.Snapshot {
	s := then(idle(), lost(), screen.Sound{Blocked: true}, screen.Updatable{}, screen.PasteFailed{})
	s.NotKept = true
	return s
}

func contactsNothing() screen.Snapshot {
	s := then(idle(), screen.Show{Page: screen.PageContacts})
	s.Contacts.Query = "zzz"
	return books.Fill(s, book(), calls())
}

func contactsFavourites() screen.Snapshot {
	s := then(idle(), screen.Show{Page: screen.PageContacts})
	s.Contacts.Favourites = true
	return books.Fill(s, book(), calls())
}

func autoAnswering() screen.Snapshot { s := idle(); s.AutoAnswer = true; return s }

func contactOfCompany() screen.Snapshot {
	b := book()
	return books.Fill(then(idle(), screen.Show{Page: screen.PageContacts}, screen.Choose{ID: b.Search("queue", 1)[0].ID}), b,
		calls())
}

func contactNew() screen.Snapshot {
	s := pane(screen.PageContacts, screen.DetailNew)
	s.Contacts.Edit = &screen.ContactForm{Rows: 1, Count: 1, Error: text.Sentence{Key: text.ContactName}}
	return s
}

func importingCards() screen.Snapshot {
	s := pane(screen.PageContacts, screen.DetailImport)
	s.Contacts.Import = &screen.ImportPreview{File: "contacts.vcf", Policy: screen.Merge, Found: 2, Duplicates: 2,
		Rows: []screen.Contact{
			{Name: long, Organisation: "Example Clinic",
				Numbers: []screen.Number{{Number: "+442079460347"}, {Number: "+447700900461"}}},
			{Name: "Laboratory", Numbers: []screen.Number{{Number: "3001"}}}}}
	return s
}

func importingNothing() screen.Snapshot {
	s := pane(screen.PageContacts, screen.DetailImport)
	s.Contacts.Import = &screen.ImportPreview{File: "picture.png",
		Error: text.Sentence{Key: text.ImportEmpty, Args: []string{"file", "picture.png"}}}
	return s
}

// open is a section of the settings whose operator lets the user change everything.
func open(section string) func() screen.Snapshot {
	return func() screen.Snapshot {
		s := settings(section)()
		s.Settings.May = screen.May{Name: true, Codecs: true, AutoAnswer: true, Theme: true, Language: true}
		return s
	}
}

func metering() screen.Snapshot { return then(open(screen.SectionAudio)(), screen.ToggleMeter{}) }

// noCodec is what is said when the last codec shall be switched off.
func noCodec() screen.Snapshot {
	s := open(screen.SectionAudio)()
	for _, name := range []string{"opus", "G722", "PCMA", "PCMU"} {
		s = then(s, screen.SwitchCodec{Name: name})
	}
	return s
}

// filled gives a screen some contacts and calls, where it has none of its own and is not meant to be empty.
func filled(name string, s screen.Snapshot) screen.Snapshot {
	if empty[name] || strings.HasPrefix(name, "login") || s.Contacts.Total > 0 {
		return s
	}
	return withBooks(s)
}

// numbering is that of the country of the contacts.
var numbering = config.Numbering{Country: "44", Trunk: "0", International: "00"}

// callUnknown is a call from a number that nobody has named.
func callUnknown() screen.Snapshot {
	h := calls()
	e := h.Add(history.Entry{ID: "unknown", Direction: ua.Incoming, Number: "+442079460999", Missed: true, Start: began})
	return books.Fill(then(idle(), screen.Show{Page: screen.PageHistory}, screen.Choose{ID: e.ID}), book(), h)
}
