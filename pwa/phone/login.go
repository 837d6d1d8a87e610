package phone

import (
	"cmp"
	"strings"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/reason"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// reduceSession follows what the user does at the login card, and how it is left.
func reduceSession(s screen.Snapshot, event screen.Event) screen.Snapshot {
	switch e := event.(type) {
	case screen.Login:
		return reduceLogin(s, signIn{Login: e})
	case screen.Logout:
		s = loggedOut(s)
		s.Login.Kept = false
	case screen.TogglePassword:
		s.ShowPassword = !s.ShowPassword
	}
	return s
}

func (e signIn) reduce(s screen.Snapshot) screen.Snapshot { return reduceLogin(s, e) }

func reduceLogin(s screen.Snapshot, e signIn) screen.Snapshot {
	form := &s.Login
	form.Error, form.Code, form.Field, s.ShowPassword = text.Sentence{}, 0, screen.FieldNone, false
	form.User, form.Server = strings.TrimSpace(cmp.Or(e.name, choose(s.Account.Hidden.User, "", e.User))),
		strings.TrimSpace(e.Server)
	server, ok := serverOf(*form, e.Server)
	_, named := address(e.User, host(server))
	switch {
	case !ok:
		form.Error, form.Field = text.Say(choose(form.Server == "", text.ServerMissing, text.ServerUnusable)), screen.FieldServer
		return s
	case !named:
		form.Error, form.Field = text.Say(choose(strings.TrimSpace(e.User) == "", text.UserMissing, text.UserUnusable)),
			screen.FieldUser
		return s
	case e.Password == "":
		form.Error, form.Field = text.Say(text.PasswordMissing), screen.FieldPassword
		return s
	}
	form.Busy, form.Opening, form.Stay, form.Failures, form.InTurn = true, false, e.Stay && form.CanStay, 0,
		len(urlsOf(*form, server))
	form.Alone = e.alone
	s.Account.User, s.Account.Server = strings.TrimSpace(e.User), server.Label
	return s
}

func loggedOut(s screen.Snapshot) screen.Snapshot {
	form := s.Login
	form.Busy, form.Error, form.Code, form.Field = false, text.Sentence{}, 0, screen.FieldNone
	return screen.Snapshot{
		Shared: screen.Shared{
			Account: screen.Account{DisplayName: s.Account.DisplayName, Hidden: s.Account.Hidden, Login: form,
				NoLogout: s.NoLogout,
				Debug:    s.Debug, Attended: s.Attended},
			Calls:    screen.Calls{Placed: s.Placed, DoNotDisturb: s.DoNotDisturb, AutoAnswer: s.AutoAnswer},
			Books:    screen.Books{NotKept: s.NotKept},
			Settings: s.Settings,
			Look:     s.Look,
			Now:      s.Now,
		},
		View: screen.View{
			List: screen.PageHistory, Widened: s.Widened, SoundBlocked: s.SoundBlocked,
			UpdateReady: s.UpdateReady, UpdateWaits: s.UpdateWaits, Restarts: s.Restarts,
			Hidden: s.Hidden, Used: s.Used, Follows: s.Follows, Accompanied: s.Accompanied, File: s.File,
			Problem: screen.Problem{Count: s.Problem.Count}, Pressed: s.Pressed,
		},
	}
}

// loginFailed takes the user back to the card with the reason.
func loginFailed(s screen.Snapshot, why ua.Cause) screen.Snapshot {
	s.Login.Busy = false
	s.Login.Error = refusedSentence(s, why)
	s.Login.Code = why.Code
	s.Login.Field = choose(why.Kind == ua.CauseAuth, screen.FieldPassword, screen.FieldServer)
	s.Login.Kept = s.Login.Kept && why.Kind != ua.CauseAuth // a password that is refused is of no use
	s.Connection, s.Registration = screen.Connection{}, screen.Registration{}
	return s
}

func reduceConnection(s screen.Snapshot, info ua.ConnectionInfo) screen.Snapshot {
	lost := s.Connection.State == screen.Connected && info.State != ua.Connected
	back := s.Connection.State != screen.Connected && info.State == ua.Connected
	s.Connection = shownConnection(info)
	if s.Login.Busy {
		if info.State == ua.Disconnected && info.Cause.Kind != ua.CauseNone {
			s.Login.Failures++
			switch {
			case s.Login.Failures < max(1, s.Login.InTurn):
			case s.Login.Alone: // contacts and history can be read without a connection, which comes when it can
				return loggedIn(s)
			default:
				return loginFailed(s, info.Cause)
			}
		}
		return s
	}
	if s.Screen == screen.ScreenPhone && lost {
		s.Live = text.Say(text.OfflineLive)
	}
	if s.Screen == screen.ScreenPhone && back {
		s.Live = text.Say(text.OnlineLive)
	}
	return s
}

func loggedIn(s screen.Snapshot) screen.Snapshot {
	s.Login.Busy, s.Login.Kept = false, s.Login.Stay
	s.Screen = screen.ScreenPhone
	return s
}

func reduceRegistration(s screen.Snapshot, info ua.RegistrationInfo) screen.Snapshot {
	s.Registration = shownRegistration(info)
	switch {
	case info.State == ua.Registered && s.Login.Busy:
		return loggedIn(s)
	case info.State == ua.RegistrationFailed && s.Login.Busy, s.Login.Busy && info.State == ua.Unregistered &&
		info.Cause.Kind != ua.CauseNone:
		return loginFailed(s, info.Cause)
	case info.State == ua.RegistrationFailed:
		return s.WithProblem(refusedSentence(s, info.Cause))
	}
	return s
}

// refusedSentence is reason.Login for the server of an account. One whose name is not shown goes by that of the phone, and
// nobody is sent to its address.
func refusedSentence(s screen.Snapshot, c ua.Cause) text.Sentence {
	why := reason.Login(c, cmp.Or(s.Account.Shown().Server, s.Brand), shownURL(s))
	switch why.Key {
	case text.LoginCertificate, text.LoginNoConnection, text.LoginBadURL:
		why.Key = choose(s.Account.Hidden.Server, text.LoginUnreachable, why.Key)
	}
	return why
}

// shownURL is the WebSocket of the server, as far as it may be shown.
func shownURL(s screen.Snapshot) string {
	return choose(s.Account.Hidden.Server, "", s.Connection.Server)
}
