package ui

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// login is the card before everything else. Its fields are the browser's own: they are read when the card is sent, so
// that a password manager can fill them and the password stays out of the snapshot.
func login(v View) app.UI {
	form := v.S.Login
	return el("main", "login",
		el("form", "login-card",
			el("div", "login-head",
				el("span", "logo"),
				words("h1", "login-title", v.T(text.LoginTitle, "brand", v.S.Brand)).ID("login-title"),
			),
			loginError(v),
			userField(v),
			passwordField(v),
			serverField(v),
			stayField(v),
			words("button", "btn btn-primary btn-lg btn-wide", loginText(v)).Attr("type", "submit").Attr("disabled", form.Busy ||
				form.Opening),
			words("p", "sr", busyText(v)).Role("status"),
			el("p", "login-foot",
				words("span", "", v.T(text.AllEncrypted)),
				hiddenIf(v.S.Version == "", words("span", "tnum", v.T(text.Version, "version", v.S.Version))),
			),
		).Aria("labelledby", "login-title").Attr("novalidate", true).OnSubmit(v.handle("login", sendLogin(v))),
	)
}

func loginText(v View) string {
	if v.S.Login.Busy || v.S.Login.Opening {
		return v.T(text.LoggingIn)
	}
	return v.T(text.Login)
}

func busyText(v View) string {
	if v.S.Login.Busy || v.S.Login.Opening {
		return v.T(text.LoggingIn)
	}
	return ""
}

func sendLogin(v View) app.EventHandler {
	return func(ctx app.Context, e app.Event) {
		e.PreventDefault()
		v.Do(screen.Login{User: fieldText("user"), Password: fieldText("pass"), Server: fieldText("server"),
			Stay: fieldChecked("stay")})
	}
}

func loginError(v View) app.UI {
	form := v.S.Login
	return hiddenIf(form.Error.Empty(), el("div", "login-error",
		icon("alert", "icon-sm"),
		el("p", "",
			words("strong", "", v.T(text.NotLoggedIn)),
			app.Text(" "+v.S.Language.Tell(form.Error)),
		),
	).Role("alert"))
}

func userField(v View) app.UI {
	input := el("input", "input").ID("user").Attr("autocomplete", "username").Attr("autocapitalize", "none").
		Attr("spellcheck", false).Attr("dir", "auto").Attr("value", v.S.Login.User).Attr("readonly", v.S.Login.Fixed.User)
	return field("user", v.T(text.Username), invalid(input, v.S.Login.Field == screen.FieldUser))
}

func passwordField(v View) app.UI {
	form := v.S.Login
	kind, sign := "password", "eye"
	if v.S.ShowPassword {
		kind = "text"
	}
	input := el("input", "input").ID("pass").Attr("type", kind).Attr("autocomplete", "current-password").
		Attr("autocapitalize", "none").Attr("spellcheck", false)
	refused := form.Field == screen.FieldPassword
	if refused && form.Code != 0 {
		input = input.Aria("describedby", "pass-error")
	}
	return hiddenIf(form.Fixed.Password, el("div", "field",
		words("label", "field-label", v.T(text.Password)).Attr("for", "pass"),
		el("div", "with-end",
			invalid(input, refused),
			signButton(v, sign, v.T(text.ShowPassword), screen.TogglePassword{}).Aria("pressed", v.S.ShowPassword),
		),
		hiddenIf(!refused || form.Code == 0, el("p", "field-error",
			icon("alert", "icon-xs"), app.Text(v.T(text.RefusedCode, "code", strconv.Itoa(form.Code))),
		).ID("pass-error")),
	))
}

// serverField is a list of the configured servers, or a field when there are none.
func serverField(v View) app.UI {
	form, label := v.S.Login, v.T(text.Server)
	wrong := form.Field == screen.FieldServer
	if len(form.Servers) == 0 {
		input := el("input", "input").ID("server").Attr("autocomplete", "url").Attr("autocapitalize", "none").Attr("inputmode",
			"url").
			Attr("spellcheck", false).Attr("dir", "ltr").Attr("placeholder", v.T(text.ServerHint)).Attr("value", form.Server)
		return field("server", label, invalid(input, wrong))
	}
	var options []app.UI
	for _, s := range form.Servers {
		options = append(options, words("option", "", s.Label).Attr("value", s.Label).Attr("selected", s.Label == form.Server))
	}
	choice := el("select", "input", options...).ID("server")
	if form.Fixed.Server {
		choice = choice.Attr("disabled", true)
	}
	if wrong {
		choice = choice.Aria("invalid", true)
	}
	return field("server", label, el("div", "with-end", choice, icon("chevron-down", "icon-sm")))
}

// stayField offers to log in by itself the next time, where the browser can keep a password safely.
func stayField(v View) app.UI {
	box := el("input", "check").ID("stay").Attr("type", "checkbox").Attr("checked", v.S.Login.Stay)
	return hiddenIf(!v.S.Login.CanStay, el("label", "check-row", box, words("span", "", v.T(text.StayLoggedIn))).Attr("for",
		"stay"))
}

func field(id, label string, control app.UI) app.UI {
	return el("div", "field", words("label", "field-label", label).Attr("for", id), control)
}

func invalid(input app.HTMLElem, wrong bool) app.HTMLElem {
	if wrong {
		return input.Aria("invalid", true)
	}
	return input
}
