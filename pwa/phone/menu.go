package phone

import (
	"slices"
	"strings"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/screen"
)

// builtIn are the rows that the configuration knows by these names. The home page is the dial pad; the agent's is the account.
var builtIn = map[string]screen.MenuItem{
	"home": {Page: screen.PagePhone}, "dialpad": {Page: screen.PagePhone},
	"agent":   {Page: screen.PageSettings, Detail: screen.SectionAccount},
	"history": {Page: screen.PageHistory}, "contacts": {Page: screen.PageContacts}, "settings": {Page: screen.PageSettings},
}

// menuOf makes the menu of the rows that the operator has put down, or the built-in one when there are none.
func menuOf(rows []config.MenuRow) []screen.MenuItem {
	var menu []screen.MenuItem
	if len(rows) == 0 {
		for _, page := range screen.Pages() {
			menu = append(menu, screen.MenuItem{Page: page})
		}
		return menu
	}
	for _, row := range rows {
		item := builtIn[row.ID]
		if row.URL != "" {
			item = screen.MenuItem{URL: row.URL}
			if framed(row.URL) {
				item.Page = screen.RowPage(row.ID)
			}
		}
		item.Title, item.Icon = row.Title, row.Icon
		again := func(m screen.MenuItem) bool {
			return m.Page == item.Page && m.Detail == item.Detail && m.URL == item.URL
		}
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
