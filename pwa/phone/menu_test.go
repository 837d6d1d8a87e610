package phone

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/fetch"
	"github.com/gowebphone/webphone/pwa/screen"
)

// withMenu is a configuration with these rows, read as the host's is.
func withMenu(t *testing.T, rows string) config.Config {
	t.Helper()
	layer, err := config.Parse([]byte(`{"wsServers": "sip.example.com", "menu": ` + rows + `}`))
	if err != nil {
		t.Fatal(err)
	}
	cfg, _ := config.Merge(layer)
	return cfg
}

func TestMenuIsTheOperators(t *testing.T) {
	for _, test := range []struct {
		why, rows string
		want      []screen.MenuItem
	}{
		{"no rows: the built-in menu", `[]`, []screen.MenuItem{{Page: screen.PagePhone}, {Page: screen.PageContacts},
			{Page: screen.PageHistory}, {Page: screen.PageSettings}}},
		{"title, sign, position, and a row that is switched off",
			`[{"id":"history","title":"Calls","icon":"refresh","position":2},{"id":"dialpad","position":1},{"id":"contacts",` +
				`"position":"disabled"}]`,
			[]screen.MenuItem{{Page: screen.PagePhone}, {Page: screen.PageHistory, Title: "Calls", Icon: "refresh"}}},
		{"home and dialpad are one page, agent is the account", `[{"id":"home"},{"id":"dialpad"},{"id":"agent"}]`,
			[]screen.MenuItem{{Page: screen.PagePhone}, {Page: screen.PageSettings, Detail: screen.SectionAccount}}},
		{"a page of the operator's own, and one in place of the home page",
			`[{"id":"help","title":"Help","url":"help.html"},{"id":"home","url":"https://crm.example.com/"}]`,
			[]screen.MenuItem{{Page: "page-help", Title: "Help", URL: "help.html"},
				{Page: "page-home", URL: "https://crm.example.com/"}}},
		{"a number is a link and no page", `[{"id":"desk","title":"Help desk","url":"tel:600"}]`,
			[]screen.MenuItem{{Title: "Help desk", URL: "tel:600"}}},
	} {
		if got := New(Options{Config: withMenu(t, test.rows)}).Begin().Rows; !slices.Equal(got, test.want) {
			t.Errorf("%s: got %+v, want %+v", test.why, got, test.want)
		}
	}
}

func TestOwnPageMayFillAllSpace(t *testing.T) {
	pages := map[string]string{"plain.html": "<!doctype html>", "wide.html": "\ufeff\n<!-- NO-CONTAINER --><!doctype html>"}
	var asked []string
	get := func(_ context.Context, url, _ string) (fetch.Document, error) {
		asked = append(asked, url)
		if text, ok := pages[url]; ok {
			return fetch.Document{Data: []byte(text)}, nil
		}
		return fetch.Document{}, errors.New("not found")
	}
	cfg := withMenu(t, `[{"id":"a","url":"plain.html"},{"id":"b","url":"wide.html"},{"id":"c","url":"gone.html"},{"id":"d",`+
		`"url":"https://crm.example.com/"}]`)
	storyWith(t, Options{Config: cfg, Fetch: get}, func(h *harness) {
		h.login()
		for page, want := range map[screen.Page]bool{"page-a": false, "page-b": true, "page-c": false, "page-d": false} {
			h.do(screen.Show{Page: page})
			s := h.now()
			if item, ok := s.OwnPage(); !ok || s.Filled(page) != want || item.Page != page {
				h.Errorf("%s: shown %v, fills all space %v, want %v", page, ok, s.Filled(page), want)
			}
		}
		if slices.Sort(asked); !slices.Equal(asked, []string{"gone.html", "plain.html", "wide.html"}) {
			h.Errorf("asked for %q, want each page of this site once", asked)
		}
		if h.do(screen.Show{Page: "page-z"}); h.now().Page != screen.PagePhone {
			h.Errorf("a page that the menu does not have is shown: %q", h.now().Page)
		}
	})
}

func TestUserNameAsTitle(t *testing.T) {
	cfg := oneServerConfig()
	cfg.BrandName, cfg.Flags = "Example Clinic", []config.Flag{config.TitleUsername, config.MenuRight}
	s := New(Options{Config: cfg}).Begin()
	if got := screen.TitleOf(s); got != "Example Clinic" || !s.MenuRight {
		t.Errorf("before login the title is %q, menu right %v; want the brand's name and true", got, s.MenuRight)
	}
	in := then(s, typed, connected(), registration(ua.Registered, ua.CauseNone, 200))
	if got := screen.TitleOf(in); got != "1001" {
		t.Errorf("the title is %q, want the user's name", got)
	}
	if got := screen.TitleOf(then(in, comes("1"))); got != "Incoming call: Caller 1 · 1001" {
		t.Errorf("the title is %q while a call comes in", got)
	}
}
