package phone

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/store"
	"github.com/gowebphone/webphone/pwa/text"
)

// TestLaterSourcesWin climbs the ladder of sources: built in, host with environment, provisioning, user, link.
func TestLaterSourcesWin(t *testing.T) {
	host := `{"wsServers":"sip.example.com","provisioning":"/provision"`
	for _, c := range []struct {
		why                                 string
		host, provisioned, kept, link, want string
	}{
		{"nobody says anything", ``, ``, ``, ``, ""},
		{"the host", `,"theme":"dark"`, ``, ``, ``, "dark"},
		{"the object over the host", `,"theme":"dark"`, `"theme":"light"`, ``, ``, "light"},
		{"the user over the object", `,"theme":"dark"`, `"theme":"light"`, `dark`, ``, "dark"},
		{"the link over the user", ``, ``, `dark`, `theme=light`, "light"},
		{"the link, back to the system", `,"theme":"dark"`, ``, `dark`, `theme=system`, ""},
		{"locked by the host", `,"theme":"light","locked":["theme"]`, ``, `dark`, `theme=dark`, "light"},
		{"locked by the object", ``, `"theme":"light","locked":["theme"]`, `dark`, `theme=dark`, "light"},
		{"a value of the user that nobody understands", `,"theme":"dark"`, ``, `purple`, ``, "dark"},
	} {
		keep := &store.MemoryValues{}
		keep.Save(KeyTheme, c.kept)
		o := &operator{object: "{" + c.provisioned + "}"}
		opts := Options{Config: parsed(t, host+c.host+"}"), Fetch: o.fetch, Keep: keep, Link: linked(t, c.link)}
		storyWith(t, opts, func(h *harness) {
			if got := string(h.now().Theme); got != c.want {
				h.Errorf("%s: theme %q, want %q", c.why, got, c.want)
			}
			if got := keep.Load(KeyTheme); got != c.kept {
				h.Errorf("%s: %q is kept as if the user had chosen it", c.why, got)
			}
		})
	}
}

func TestLockedSettingsCannotBeChanged(t *testing.T) {
	opts := Options{Config: parsed(t, `{"wsServers":"sip.example.com","theme":"dark","language":"de","locked":["theme",`+
		`"language"]}`)}
	s := then(New(opts).Begin(), screen.SetTheme{Theme: screen.ThemeLight}, screen.SetLanguage{Language: text.English})
	if s.Theme != screen.ThemeDark || s.Language != text.German || s.Settings.May.Theme || s.Settings.May.Language {
		t.Errorf("theme %q, language %q, may %+v", s.Theme, s.Language, s.Settings.May)
	}
}

func TestLinkFillsTheCardAndDialsNothing(t *testing.T) {
	keep := &store.MemoryValues{}
	keep.Save(KeyUser, "1009")
	keep.Save(KeyServer, "a.example")
	host := parsed(t, `{"wsServers":"a.example b.example"}`)
	link := linked(t, "username=1001&wsServer=b.example&number=+442079460000&displayName=Desk&language=es")
	storyWith(t, Options{Config: host, Keep: keep, Link: link}, func(h *harness) {
		s := h.now()
		if s.Login.User != "1001" || s.Login.Server != "b.example" || s.Dial != "+442079460000" || s.Language != text.Spanish {
			h.Errorf("login %+v, number %q", s.Login, s.Dial)
		}
		h.do(screen.Login{User: "1001", Password: "secret", Server: "b.example"})
		h.tell(connected(), registration(ua.Registered, ua.CauseNone, 200))
		h.wantDone("a link never dials", "run")
		if cfg := h.agent().cfg; cfg.Servers[0] != "wss://b.example" || len(cfg.Servers) != 1 ||
			cfg.Account.DisplayName != "Desk" {
			h.Errorf("servers %v, name %q", cfg.Servers, cfg.Account.DisplayName)
		}
	})
}

func TestLinkBringsNoServerOfItsOwn(t *testing.T) {
	var refused []string
	opts := Options{Config: parsed(t, `{"wsServers":"a.example b.example"}`), Link: linked(t, "wsServer=evil.example"),
		Refused: func(e *config.Error) { refused = append(refused, e.Key) }}
	if s := New(opts).Begin(); s.Login.Server != "a.example" || len(refused) != 1 || refused[0] != "wsServer" {
		t.Errorf("server %q, refused %v", s.Login.Server, refused)
	}
}

func TestOperatorsAccountIsNotTheUsersToChange(t *testing.T) {
	for _, c := range []struct{ why, host, typed, aor, password string }{
		{"fixed", `"username":"1001","password":"given"`, "1002", "sip:1001@a.example", "given"},
		{"fixed without password", `"username":"1001"`, "1002", "sip:1001@a.example", "typed"},
		{"a first value", `"username":"1001","password":"given","default":["username","password"]`, "1002", "sip:1002@a.example",
			"typed"},
		{"a first value, kept", `"username":"1001","password":"given","default":["username"]`, "1001", "sip:1001@a.example",
			"given"},
		{"a first name, and another's typed", `"username":"1001","password":"given","default":["username"]`, "1002",
			"sip:1002@a.example", "typed"},
		{"a first name, typed with a blank", `"username":"1001","password":"given","default":["username"]`, " 1001 ",
			"sip:1001@a.example", "given"},
		{"open", `"flags":["EDIT_SETTINGS"],"username":"1001"`, "1002", "sip:1002@a.example", "typed"},
		{"open, but locked", `"flags":["EDIT_SETTINGS"],"username":"1001","locked":["username"]`, "1002", "sip:1001@a.example",
			"typed"},
	} {
		storyWith(t, Options{Config: parsed(t, `{"wsServers":"a.example","autoRegister":false,`+c.host+`}`)}, func(h *harness) {
			h.do(screen.Login{User: c.typed, Password: "typed", Server: "a.example"})
			if acc := h.agent().cfg.Account; acc.AOR != c.aor || acc.Password != c.password {
				h.Errorf("%s: logged in as %s with %q, want %s with %q", c.why, acc.AOR, acc.Password, c.aor, c.password)
			}
		})
	}
}

func TestFirstValueGivesWayToTheUsersOwn(t *testing.T) {
	keep := &store.MemoryValues{}
	keep.Save(KeyUser, "1002")
	host := parsed(t, `{"wsServers":"a.example","username":"1001","password":"given","default":["username"]}`)
	storyWith(t, Options{Config: host, Keep: keep}, func(h *harness) {
		if s := h.now(); s.Login.User != "1002" || len(h.agents) != 0 {
			h.Errorf("login %+v, %d user agents; want the user's own name, and the password of another account not used", s.Login,
				len(h.agents))
		}
	})
}

func TestProtectedUserIsNotShown(t *testing.T) {
	s := New(Options{Config: parsed(t, `{"wsServers":"a.example","username":"1001","protected":["username"]}`)}).Begin()
	if s.Login.User != "" || !s.Login.Fixed.User {
		t.Errorf("login %+v, want the name used and not shown", s.Login)
	}
}

// TestProtectedAccountIsNeitherShownNorKept logs in with an account that is the operator's affair.
func TestProtectedAccountIsNeitherShownNorKept(t *testing.T) {
	host := parsed(t, `{"wsServer":"sip.example.com","username":"agent77","password":"given","displayName":"Desk Seven","flags":["TITLE_USERNAME"],
		"protected":["username","displayName","wsServer"]}`)
	store := &store.Memory{}
	storyWith(t, Options{Config: host, Store: store}, func(h *harness) {
		h.now()
		h.tell(connected(), registration(ua.Registered, ua.CauseNone, 200))
		h.tell(out("1", ua.CallRinging), out("1", ua.CallEnded))
		s := h.now()
		if acc := h.agent().cfg.Account; acc.AOR != "sip:agent77@sip.example.com" || acc.DisplayName != "Desk Seven" {
			h.Fatalf("logged in as %+v, want the account used", acc)
		}
		if got := s.Account.Shown(); got.User+got.DisplayName+got.Server != "" || s.Heading() != "Webphone" ||
			s.Login.User != "" {
			h.Errorf("shown %+v under %q, card %q; want nothing of the account", got, s.Heading(), s.Login.User)
		}
		for key, value := range h.keep.Values {
			if strings.Contains(value, "agent77") || strings.Contains(value, "sip.example.com") {
				h.Errorf("%s is kept as %q", key, value)
			}
		}
		keys := slices.Collect(maps.Keys(store.Data))
		if len(keys) == 0 || strings.Contains(strings.Join(keys, " "), "agent77") {
			h.Errorf("stored under %q, want the history, and no name", keys)
		}
		h.do(screen.Logout{})
		if s := h.now(); s.Login.User != "" {
			h.Errorf("the card shows %q after logging out", s.Login.User)
		}
	})
}
