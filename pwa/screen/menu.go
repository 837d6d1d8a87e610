package screen

import (
	"cmp"
	"slices"
	"strings"
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

// RowPage is the page of the operator's own that a row of the menu with that ID opens.
func RowPage(id string) Page { return Page(pageOwn + id) }

// Own tells whether a page is one of the operator's own.
func (p Page) Own() bool { return strings.HasPrefix(string(p), pageOwn) }

// OwnPage is the row of the operator's own page that is shown as the list.
func (s Snapshot) OwnPage() (MenuItem, bool) { return s.Own(s.List) }

func (s Snapshot) Own(page Page) (MenuItem, bool) {
	i := slices.IndexFunc(s.Rows, func(m MenuItem) bool { return m.Page == page && page.Own() })
	if i < 0 {
		return MenuItem{}, false
	}
	return s.Rows[i], true
}

// Filled tells whether the operator's own page fills all the space there is.
func (s Snapshot) Filled(page Page) bool { return slices.Contains(s.Fills, page) }

// Heading is what the phone is called: by its brand, or by its user where the operator wants that.
func (s Snapshot) Heading() string {
	if s.TitleUser && s.Screen == ScreenPhone {
		return cmp.Or(s.Account.Shown().User, s.Brand)
	}
	return s.Brand
}
