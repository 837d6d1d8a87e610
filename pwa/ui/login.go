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
	return app.Elem("main").Class("login").Body(
		app.Elem("form").Class("login-card").Aria("labelledby", "login-title").Attr("novalidate", true).OnSubmit(v.handle("login", sendLogin(v))).Body(
			app.Elem("div").Class("login-head").Body(
				app.Elem("span").Class("logo"),
				app.Elem("h1").Class("login-title").ID("login-title").Text(v.T(text.LoginTitle, "brand", v.S.Brand)),
			),
			loginError(v),
			userField(v),
			passwordField(v),
			serverField(v),
			stayField(v),
			app.Elem("button").Class("btn btn-primary btn-lg btn-wide").Attr("type", "submit").Attr("disabled", form.Busy || form.Opening).Text(loginText(v)),
			app.Elem("p").Class("sr").Role("status").Text(busyText(v)),
			app.Elem("p").Class("login-foot").Body(
				app.Elem("span").Text(v.T(text.AllEncrypted)),
				app.Elem("span").Class("tnum").Hidden(v.S.Version == "").Text(v.T(text.Version, "version", v.S.Version)),
			),
		),
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
		v.Do(screen.Login{User: fieldText("user"), Password: fieldText("pass"), Server: fieldText("server"), Stay: fieldChecked("stay")})
	}
}

func loginError(v View) app.UI {
	form := v.S.Login
	return app.Elem("div").Class("login-error").Role("alert").Hidden(form.Error.Empty()).Body(
		icon("alert", "icon-sm"),
		app.Elem("p").Body(
			app.Elem("strong").Text(v.T(text.NotLoggedIn)),
			app.Text(" "+v.S.Language.Tell(form.Error)),
		),
	)
}

func userField(v View) app.UI {
	input := app.Elem("input").Class("input").ID("user").Attr("autocomplete", "username").Attr("autocapitalize", "none").
		Spellcheck(false).Attr("dir", "auto").Attr("value", v.S.Login.User).Attr("readonly", v.S.Login.Fixed.User)
	return field("user", v.T(text.Username), invalid(input, v.S.Login.Field == screen.FieldUser))
}

func passwordField(v View) app.UI {
	form := v.S.Login
	kind, sign := "password", "eye"
	if form.ShowPassword {
		kind = "text"
	}
	input := app.Elem("input").Class("input").ID("pass").Attr("type", kind).Attr("autocomplete", "current-password").
		Attr("autocapitalize", "none").Spellcheck(false)
	refused := form.Field == screen.FieldPassword
	if refused && form.Code != 0 {
		input = input.Aria("describedby", "pass-error")
	}
	return app.Elem("div").Class("field").Hidden(form.Fixed.Password).Body(
		app.Elem("label").Class("field-label").Attr("for", "pass").Text(v.T(text.Password)),
		app.Elem("div").Class("with-end").Body(
			invalid(input, refused),
			iconButton(v, sign, v.T(text.ShowPassword), screen.TogglePassword{}).Aria("pressed", form.ShowPassword),
		),
		app.Elem("p").Class("field-error").ID("pass-error").Hidden(!refused || form.Code == 0).Body(
			icon("alert", "icon-xs"), app.Text(v.T(text.RefusedCode, "code", strconv.Itoa(form.Code))),
		),
	)
}

// serverField is a list of the configured servers, or a field when there are none.
func serverField(v View) app.UI {
	form, label := v.S.Login, v.T(text.Server)
	wrong := form.Field == screen.FieldServer
	if len(form.Servers) == 0 {
		input := app.Elem("input").Class("input").ID("server").Attr("autocomplete", "url").Attr("autocapitalize", "none").Attr("inputmode", "url").
			Spellcheck(false).Attr("dir", "ltr").Attr("placeholder", v.T(text.ServerHint)).Attr("value", form.Server)
		return field("server", label, invalid(input, wrong))
	}
	var options []app.UI
	for _, s := range form.Servers {
		options = append(options, app.Elem("option").Attr("value", s.Label).Attr("selected", s.Label == form.Server).Text(s.Label))
	}
	choice := app.Elem("select").Class("input").ID("server").Body(options...)
	if form.Fixed.Server {
		choice = choice.Attr("disabled", true)
	}
	if wrong {
		choice = choice.Aria("invalid", true)
	}
	return field("server", label, app.Elem("div").Class("with-end").Body(choice, icon("chevron-down", "icon-sm")))
}

// stayField offers to log in by itself the next time, where the browser can keep a password safely.
func stayField(v View) app.UI {
	box := el("input", "check").ID("stay").Attr("type", "checkbox").Attr("checked", v.S.Login.Stay)
	return hiddenIf(!v.S.Login.CanStay, el("label", "check-row", box, words("span", "", v.T(text.StayLoggedIn))).Attr("for", "stay"))
}

func field(id, label string, control app.UI) app.UI {
	return app.Elem("div").Class("field").Body(app.Elem("label").Class("field-label").Attr("for", id).Text(label), control)
}

func invalid(input app.HTMLElem, wrong bool) app.HTMLElem {
	if wrong {
		return input.Aria("invalid", true)
	}
	return input
}
