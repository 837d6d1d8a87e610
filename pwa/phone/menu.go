package phone

import (
	"context"
	"slices"
	"strings"

	"github.com/gowebphone/webphone/pwa/config"
)

// MenuItem is a row of the menu.
type MenuItem struct {
	Page   Page
	Detail string // what the row opens in the page; "" for the page itself
	Title  string // of the operator; "" for that of the page
	Icon   string // of the operator: name of a sign, or URL of a picture; "" for that of the page
	URL    string // of a page of the operator's own, or of a link when Page is empty
}

// pageOwn begins the name of a page of the operator's own.
const pageOwn = "page-"

// Own tells whether a page is one of the operator's own.
func (p Page) Own() bool { return strings.HasPrefix(string(p), pageOwn) }

// builtIn are the rows that the configuration knows by these names. The home page is the dial pad; the agent's is the account.
var builtIn = map[string]MenuItem{
	"home": {Page: PagePhone}, "dialpad": {Page: PagePhone}, "agent": {Page: PageSettings, Detail: SectionAccount},
	"history": {Page: PageHistory}, "contacts": {Page: PageContacts}, "settings": {Page: PageSettings},
}

// menuOf makes the menu of the rows that the operator has put down, or the built-in one when there are none.
func menuOf(rows []config.MenuRow) []MenuItem {
	var menu []MenuItem
	if len(rows) == 0 {
		for _, page := range Pages() {
			menu = append(menu, MenuItem{Page: page})
		}
		return menu
	}
	for _, row := range rows {
		item := builtIn[row.ID]
		if row.URL != "" {
			item = MenuItem{URL: row.URL}
			if framed(row.URL) {
				item.Page = Page(pageOwn + row.ID)
			}
		}
		item.Title, item.Icon = row.Title, row.Icon
		again := func(m MenuItem) bool { return m.Page == item.Page && m.Detail == item.Detail && m.URL == item.URL }
		if !row.Disabled && !slices.ContainsFunc(menu, again) {
			menu = append(menu, item)
		}
	}
	return menu
}

// framed tells whether a URL is a page that can be shown, and not a number or an address to write to.
func framed(url string) bool {
	scheme, _, found := strings.Cut(url, ":")
	return !found || strings.Contains(scheme, "/") || strings.HasPrefix(strings.ToLower(scheme), "http")
}

// OwnPage is the row of the operator's own page that is shown as the list.
func (s Snapshot) OwnPage() (MenuItem, bool) { return s.ownPage(s.List) }

func (s Snapshot) ownPage(page Page) (MenuItem, bool) {
	i := slices.IndexFunc(s.Rows, func(m MenuItem) bool { return m.Page == page && page.Own() })
	if i < 0 {
		return MenuItem{}, false
	}
	return s.Rows[i], true
}

// Filled tells whether the operator's own page fills all the space there is.
func (s Snapshot) Filled(page Page) bool { return slices.Contains(s.filled, page) }

// Heading is what the phone is called: by its brand, or by its user where the operator wants that.
func (s Snapshot) Heading() string {
	if s.TitleUser && s.Screen == ScreenPhone {
		return first(s.Account.Shown().User, s.Brand)
	}
	return s.Brand
}

// noContainer is how a page begins that wants all the space there is.
const noContainer = "<!-- NO-CONTAINER -->"

// LookAt reads how a page of the operator's own begins.
type LookAt struct {
	Page Page
	URL  string
}

func (LookAt) isCommand() {}

// looked tells that a page wants all the space.
type looked struct {
	Event
	page Page
}

// planPage looks at a page of this site that is opened for the first time. A page of another site cannot be read.
func planPage(prev, next Snapshot) []Command {
	item, ok := next.OwnPage()
	if !ok || prev.List == next.List || next.Filled(item.Page) || strings.Contains(item.URL, "://") {
		return nil
	}
	return []Command{LookAt{item.Page, item.URL}}
}

func (p *Phone) lookAt(c LookAt) {
	if p.opts.Fetch == nil {
		return
	}
	go func() {
		ctx, cancel := context.WithTimeout(background, phonebookTimeout)
		defer cancel()
		page, err := p.opts.Fetch(ctx, c.URL, "")
		if err == nil && strings.HasPrefix(strings.TrimLeft(string(page.Data), "\ufeff \t\r\n"), noContainer) {
			p.Do(looked{page: c.Page})
		}
	}()
}
