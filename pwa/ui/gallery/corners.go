package main

import (
	"strings"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/contacts"
	"github.com/gowebphone/webphone/pwa/phone"
	"github.com/gowebphone/webphone/pwa/text"
)

// empty are the screens that show what there is before the first contact and the first call. All others get some, unless
// they bring their own.
var empty = map[string]bool{"contacts": true, "history": true, "dialpad": true}

// corners are the screens of the edges: what is rare, long, locked, or went wrong.
var corners = map[string]func() phone.Snapshot{
	"login-stay":    func() phone.Snapshot { s := login(); s.Login.CanStay, s.Login.Stay = true, true; return s },
	"login-missing": func() phone.Snapshot { return then(login(), phone.Login{Server: "sip.example.com"}) },
	"login-fixed":   loginFixed,
	"login-unprovisioned": func() phone.Snapshot {
		s := login()
		s.Login.Error = text.Sentence{Key: text.NotProvisioned}
		return s
	},
	"login-opening": func() phone.Snapshot { s := login(); s.Login.Opening = true; return s },
	"provisioned-before": func() phone.Snapshot {
		s := then(idle(), lost())
		s.Problem.Text = text.Sentence{Key: text.ProvisionedBefore}
		return s
	},
	"connecting": func() phone.Snapshot { return then(idle(), out("1", ua.CallConnecting)) },
	"ending":     func() phone.Snapshot { return then(talking(), out("1", ua.CallEnding)) },
	"muted-held": func() phone.Snapshot { s := talking(); return then(s, change(s, "1", both), after(276)) },
	"call-long":  func() phone.Snapshot { return then(talking(), change(talking(), "1", longName)) },
	"why-moved": func() phone.Snapshot {
		s := then(idle(), out("1", ua.CallRinging))
		return then(s, change(s, "1", moved))
	},
	"incoming-long": func() phone.Snapshot {
		return then(idle(), in("9", long, "very.long.user.name.of.the.night.shift.supervisor@very-long-host-name.example.com"))
	},
	"incoming-many": func() phone.Snapshot {
		return then(talking(), in("9", "Support queue", "+442079460155"), in("8", "", "+442079460518"), in("7", long, "+442079460347"))
	},
	"incoming-in-detail": func() phone.Snapshot {
		return then(contactOpen(), in("9", "Support queue", "+442079460155"))
	},
	"dialpad-address": func() phone.Snapshot {
		return then(idle(), phone.Type{Text: "sip:front.desk@very-long-host.example.com"})
	},
	"contacts-in-call": func() phone.Snapshot { return then(talking(), phone.Show{Page: phone.PageContacts}) },
	"held-in-list": func() phone.Snapshot {
		s := then(talking(), phone.Show{Page: phone.PageHistory})
		return then(s, change(s, "1", held), after(276))
	},
	"ringing-in-list": func() phone.Snapshot {
		return then(idle(), out("1", ua.CallRinging), phone.Show{Page: phone.PageHistory})
	},
	"transfer-in-list": func() phone.Snapshot { return then(asked(), phone.Show{Page: phone.PageContacts}) },
	"transfer-to-contact": func() phone.Snapshot {
		s := then(contactOpen(), out("1", ua.CallEstablished), phone.StartTransfer{ID: "1"})
		return then(s, phone.Show{Page: phone.PageContacts})
	},
	"offline-list": func() phone.Snapshot { return then(idle(), phone.Show{Page: phone.PageHistory}, lost()) },
	"notices":      notices,
	"shortcuts":    func() phone.Snapshot { return then(idle(), phone.ToggleShortcuts{}) },
	"shortcuts-list": func() phone.Snapshot {
		return then(idle(), phone.Show{Page: phone.PageHistory}, phone.ToggleShortcuts{})
	},
	"audio-list": func() phone.Snapshot {
		return then(talking(), phone.Show{Page: phone.PageHistory}, phone.ToggleAudio{})
	},

	"contacts-nothing":    contactsNothing,
	"contacts-favourites": contactsFavourites,
	"contact-company":     contactOfCompany,
	"contact-new":         contactNew,
	"contact-import-card": importingCards,
	"contact-import-bad":  importingNothing,

	"settings-audio-open":      open(phone.SectionAudio),
	"settings-audio-metering":  metering,
	"settings-calls-open":      open(phone.SectionCalls),
	"settings-account-open":    open(phone.SectionAccount),
	"settings-appearance-open": open(phone.SectionAppearance),
	"settings-erasing":         func() phone.Snapshot { return then(settings(phone.SectionData)(), phone.AskErase{On: true}) },
	"settings-no-codec":        noCodec,
	"broken":                   talking,
}

const long = "Department of Emergency Admissions and Patient Transport, Night Shift"

func both(c *ua.CallInfo)     { c.Muted, c.HeldLocal = true, true }
func longName(c *ua.CallInfo) { c.Remote.DisplayName = long }

// loginFixed is the card of an operator who has filled in all but the password.
func loginFixed() phone.Snapshot {
	s := login()
	s.Login.User, s.Login.Fixed = "reception", phone.Fixed{User: true, Server: true}
	return s
}

// notices is all bands at once.
func notices() phone.Snapshot {
	s := then(idle(), lost(), phone.Sound{Blocked: true}, phone.Updatable{}, phone.PasteFailed{})
	s.NotKept = true
	return s
}

func contactsNothing() phone.Snapshot {
	s := then(idle(), phone.Show{Page: phone.PageContacts})
	s.Contacts.Query = "zzz"
	return phone.Fill(s, book(), calls())
}

func contactsFavourites() phone.Snapshot {
	s := then(idle(), phone.Show{Page: phone.PageContacts})
	s.Contacts.Favourites = true
	return phone.Fill(s, book(), calls())
}

func contactOfCompany() phone.Snapshot {
	b := book()
	return phone.Fill(then(idle(), phone.Show{Page: phone.PageContacts}, phone.Choose{ID: b.Search("queue", 1)[0].ID}), b, calls())
}

func contactNew() phone.Snapshot {
	s := pane(phone.PageContacts, phone.DetailNew)
	s.Contacts.Edit = &phone.ContactForm{Rows: 1, Count: 1, Error: text.Sentence{Key: text.ContactName}}
	return s
}

func importingCards() phone.Snapshot {
	s := pane(phone.PageContacts, phone.DetailImport)
	s.Contacts.Import = &phone.ImportPreview{File: "contacts.vcf", Policy: contacts.Merge, Duplicates: 2, Contacts: []contacts.Contact{
		{Name: long, Organisation: "Example Clinic", Numbers: []contacts.Number{{Number: "+442079460347"}, {Number: "+447700900461"}}},
		{Name: "Laboratory", Numbers: []contacts.Number{{Number: "3001"}}}}}
	return s
}

func importingNothing() phone.Snapshot {
	s := pane(phone.PageContacts, phone.DetailImport)
	s.Contacts.Import = &phone.ImportPreview{File: "picture.png", Error: text.Sentence{Key: text.ImportEmpty, Args: []string{"file", "picture.png"}}}
	return s
}

// open is a section of the settings whose operator lets the user change everything.
func open(section string) func() phone.Snapshot {
	return func() phone.Snapshot {
		s := settings(section)()
		s.Settings.May = phone.May{Name: true, Codecs: true, AutoAnswer: true, Theme: true, Language: true}
		return s
	}
}

func metering() phone.Snapshot { return then(open(phone.SectionAudio)(), phone.ToggleMeter{}) }

// noCodec is what is said when the last codec shall be switched off.
func noCodec() phone.Snapshot {
	s := open(phone.SectionAudio)()
	for _, name := range []string{"opus", "G722", "PCMA", "PCMU"} {
		s = then(s, phone.SwitchCodec{Name: name})
	}
	return s
}

// filled gives a screen some contacts and calls, where it has none of its own and is not meant to be empty.
func filled(name string, s phone.Snapshot) phone.Snapshot {
	if empty[name] || strings.HasPrefix(name, "login") || s.Contacts.Total > 0 {
		return s
	}
	return withBooks(s)
}

// numbering is that of the country of the contacts.
var numbering = config.Numbering{Country: "44", Trunk: "0", International: "00"}
