package phone

import (
	"strings"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
)

func fixedIn(cfg config.Config) screen.Fixed {
	set := func(key string) bool { return cfg.ByOperator(key) && !cfg.May(key) }
	return screen.Fixed{User: cfg.Username != "" && set("username"), Password: cfg.Password != "" && set("password"),
		Server: len(cfg.WSServer) > 0 && set("wsServer")}
}

// signIn is a login with what only the phone knows of it.
type signIn struct {
	screen.Login
	name  string // what the user typed where the operator has another User
	alone bool   // from the vault or the configuration: nobody waits at the card
	given bool   // from the configuration
}

// under is a login with what the operator has fixed in the place of what was typed.
func (e signIn) under(cfg config.Config) signIn {
	fixed := fixedIn(cfg)
	if fixed.User && e.User != cfg.Username {
		e.name, e.User = e.User, cfg.Username
	}
	if fixed.Server {
		e.Server = cfg.WSServer[0].Label
	}
	mine := cfg.Username == "" || strings.TrimSpace(e.User) == cfg.Username // a password is for one account
	if cfg.Password != "" && mine && (fixed.Password || e.Password == "") {
		e.Password = cfg.Password
	}
	return e
}

// signsIn tells whether a configuration brings what is needed to log in without asking.
func signsIn(cfg config.Config) bool {
	return cfg.AutoRegister && cfg.Username != "" && cfg.Password != ""
}

// mark tells one login from another without saying what was typed.
func (e *signIn) mark() string {
	if e == nil {
		return ""
	}
	return store.Mark(strings.TrimSpace(e.User) + "\n" + strings.TrimSpace(e.Server))
}

// server finds what the user chose by its label, or reads what the user typed.
func serverOf(f screen.LoginForm, text string) (screen.Server, bool) {
	text = strings.TrimSpace(text)
	for _, s := range f.Servers {
		if s.Label == text || s.URL == text {
			return s, true
		}
	}
	if len(f.Servers) == 1 && text == "" {
		return f.Servers[0], true
	}
	if len(f.Servers) > 0 || text == "" {
		return screen.Server{}, false
	}
	return oneServer(text)
}
