package config

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

const maxMenu = 20

// menuSchemes may stand in a row's URL besides https.
var menuSchemes = []string{"tel", "sip", "sips", "mailto"}

// menuRow is a row as written: position is another word for order, and may say "disabled".
type menuRow struct {
	MenuRow
	Position json.RawMessage `json:"position"`
}

func parseMenu(raw json.RawMessage) ([]MenuRow, error) {
	var rows []menuRow
	if err := json.Unmarshal(raw, &rows); err != nil {
		return nil, wrong("", "must be a list of {id, title, url, icon, order, disabled}")
	}
	if len(rows) > maxMenu {
		return nil, wrong("", "has more than 20 rows")
	}
	var menu []MenuRow
	for _, row := range rows {
		checked, err := checkRow(row)
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(menu, func(m MenuRow) bool { return m.ID == checked.ID }) {
			return nil, wrong(checked.ID, "has two rows with this id")
		}
		menu = inOrder(menu, checked)
	}
	return menu, nil
}

// inOrder puts a row behind those of the same order.
func inOrder(menu []MenuRow, row MenuRow) []MenuRow {
	i := len(menu)
	for i > 0 && menu[i-1].Order > row.Order {
		i--
	}
	return slices.Insert(menu, i, row)
}

func checkRow(row menuRow) (MenuRow, error) {
	var err error
	m := row.MenuRow
	if m.ID, err = only(m.ID, 32, letters+digits+"-_"); err != nil || m.ID == "" {
		return m, wrong(row.ID, "has a row whose id is not made of letters, digits and hyphens")
	}
	if m.Title, err = plain(m.Title, 64, "<>"); err != nil {
		return m, wrong(row.Title, "has a title that "+err.Error())
	}
	if m.URL, err = link(m.URL, menuSchemes); err != nil {
		return m, wrong(row.URL, "has a url that "+err.Error())
	}
	if m.Icon, err = link(m.Icon, nil); err != nil {
		return m, wrong(row.Icon, "has an icon that "+err.Error())
	}
	if m.URL == "" && !slices.Contains(Pages, m.ID) {
		return m, wrong(m.ID, "has a row that is no built-in page and has no url; the built-in pages are "+strings.Join(Pages,
			", "))
	}
	return m, placed(&m, row.Position)
}

// placed applies position, which wins over order.
func placed(m *MenuRow, position json.RawMessage) error {
	text := strings.Trim(string(position), `" `)
	switch {
	case text == "" || text == "null":
	case strings.EqualFold(text, "disabled"):
		m.Disabled = true
	default:
		n, err := strconv.Atoi(text)
		if err != nil {
			return wrong(text, `has a position that is neither a number nor "disabled"`)
		}
		m.Order = n
	}
	if m.Order < -1000 || m.Order > 1000 {
		return wrong(m.ID, "has an order outside -1000 to 1000")
	}
	return nil
}
