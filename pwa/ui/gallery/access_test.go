//go:build e2e

package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// rules says which rules of axe a view is judged by.
type rules int

const (
	unseen   rules = iota // the view is left out
	measured              // none: only what this package measures itself
	worded                // the one whose answer depends on the words of a language
	dressed               // those whose answer depends on colours and sizes
	all
)

// dressRules are the rules that see colours and sizes. The others see the same in every size of one layout.
const dressRules = `["color-contrast", "scrollable-region-focusable", "target-size"]`

// wordRules are the rules that compare words: a translation may break them where English does not.
const wordRules = `["label-content-name-mismatch"]`

// view is a size and a theme, and the rules for each language in it.
type view struct {
	size   size
	theme  screen.Theme
	en, ar rules
	others rules
}

// shortViews are those of a short run: one screen is judged by all rules in the one, the next in the other of two views that
// differ in theme, direction and layout, and all are measured in both and in the smallest window that has everything.
var shortViews = [...][]view{
	{
		{size{390, 844}, screen.ThemeLight, measured, all, unseen},
		{size{1280, 800}, screen.ThemeDark, measured, unseen, unseen},
		{size{320, 480}, screen.ThemeDark, measured, measured, measured},
	}, {
		{size{390, 844}, screen.ThemeLight, measured, measured, unseen},
		{size{1280, 800}, screen.ThemeDark, all, unseen, unseen},
		{size{320, 480}, screen.ThemeDark, measured, measured, measured},
	},
}

// views are the sizes and themes in which every screen is judged, in English and in Arabic, which runs from right to left:
// each theme in each direction, and all rules once for each layout. The contrast of a theme is the same in every size. The
// longer words of German and Spanish are measured in the sizes of each layout.
var views = []view{
	{size{390, 844}, screen.ThemeLight, measured, all, measured},
	{size{390, 844}, screen.ThemeDark, dressed, unseen, unseen},
	{size{1366, 768}, screen.ThemeLight, all, unseen, worded},
	{size{1280, 800}, screen.ThemeDark, unseen, dressed, unseen},
	{size{320, 480}, screen.ThemeDark, measured, measured, measured},
	{size{360, 640}, screen.ThemeLight, measured, measured, measured},
	{size{768, 1024}, screen.ThemeLight, measured, unseen, unseen},
	{size{844, 390}, screen.ThemeLight, measured, measured, measured},
	{size{1024, 700}, screen.ThemeDark, measured, unseen, unseen},
	{size{568, 320}, screen.ThemeLight, measured, unseen, measured},
	{size{400, 300}, screen.ThemeLight, measured, unseen, measured},
	{narrowFrame, screen.ThemeDark, measured, unseen, unseen},
}

// narrowFrame is the smallest window, in which calls are made and taken: only the screens for that are judged in it.
var narrowFrame = size{240, 300}

var inNarrowFrame = map[string]bool{"dialpad": true, "dialpad-typed": true, "dialpad-suggestions": true, "calling": true,
	"call": true, "muted": true,
	"held": true, "keypad": true, "keypad-lines": true, "two-lines": true, "incoming": true, "incoming-for": true,
	"incoming-second": true}

const (
	leastTarget = 44 // pixels; WCAG 2.2 asks for 24
	leastKey    = 56
	lowWindow   = 352 // in one no higher than this a key is a target like all others
)

// leastKey is how small a key may be in a window of that size.
func (s size) leastKey() int {
	if s.height <= lowWindow {
		return leastTarget
	}
	return leastKey
}

// TestEveryScreenIsAccessible looks at every screen with axe and with look.js. Two tabs share the work.
func TestEveryScreenIsAccessible(t *testing.T) {
	const tabs = 2
	for tab := range tabs {
		t.Run(fmt.Sprint("tab", tab), func(t *testing.T) {
			t.Parallel()
			v := newViewer(t)
			for i, name := range names() {
				if i%tabs != tab {
					continue
				}
				t.Run(name, func(t *testing.T) {
					views, languages := views, []text.Language{text.English, text.Arabic, text.German, text.Spanish}
					if testing.Short() {
						views, languages = shortViews[i/tabs%len(shortViews)], languages[:3] // German has the longest words
					}
					for _, language := range languages {
						v.of(t).judge(name, language, views)
					}
				})
			}
			for _, refused := range evaluate[[]string](v, `look.refused`) {
				t.Error("Content-Security-Policy:", refused)
			}
		})
	}
}

// judge looks at one screen in these views.
func (v viewer) judge(name string, language text.Language, views []view) {
	v.resize(views[0].size)
	v.show(name, language, views[0].theme)
	for _, view := range views {
		rules := view.others
		switch language {
		case text.English:
			rules = view.en
		case text.Arabic:
			rules = view.ar
		}
		if view.size == narrowFrame && !inNarrowFrame[name] {
			continue
		}
		if rules == unseen && os.Getenv("GALLERY_PICTURES") == "" {
			continue
		}
		v.resize(view.size)
		for _, fault := range v.faults(view.theme, rules, view.size.leastKey()) {
			v.t.Errorf("%s %s %s: %s", language, view.size, view.theme, fault)
		}
		v.picture(fmt.Sprintf("%s-%s-%s-%s", name, view.size, view.theme, language))
	}
}

// faults is what is wrong with the screen as it stands.
func (v viewer) faults(theme screen.Theme, r rules, key int) []string {
	v.t.Helper()
	list := map[rules]string{unseen: "null", measured: "null", worded: wordRules, dressed: dressRules, all: "[]"}[r]
	return evaluate[[]string](v, fmt.Sprintf(`look.view(%q, %s, %d, %d)`, theme, list, leastTarget, key))
}

// TestTheJudgesSee spoils a screen in the ways they have to notice: a judge that sees nothing would let everything pass.
func TestTheJudgesSee(t *testing.T) {
	v := newViewer(t)
	v.resize(size{390, 844})
	// An inline style is refused; that this comes to an end is the check.
	evaluate[bool](v, `document.body.setAttribute('style', 'color: red');
		new Promise(done => { const wait = () => look.refused.length ? done(true) : setTimeout(wait, 20); wait(); })`)
	evaluate[bool](v, `document.body.removeAttribute('style'), true`)
	for _, test := range []struct{ spoil, want string }{
		{`document.querySelector('.icon-btn').removeAttribute('aria-label')`, "button-name"},
		{`document.querySelector('.me-name').style.color = '#ccc'`, "color-contrast"},
		{`document.documentElement.removeAttribute('lang')`, "html-has-lang"},
		{`document.querySelector('.key').style.blockSize = document.querySelector('.key').style.minBlockSize = '40px'`, "40: "},
		{`document.querySelector('.dial-go').style.translate = '0 400px'`, "outside the window"},
		{`document.querySelector('.me').style.inlineSize = '600px'`, "too wide"},
		{`Object.assign(document.querySelector('.me-name').style, {textOverflow: 'clip', inlineSize: '40px'})`, "cut across"},
		{`Object.assign(document.querySelector('.me-name').style, {blockSize: '9px'})`, "cut down"},
		{`Object.assign(document.querySelector('.number').style, {position: 'relative', zIndex: 5, translate: '0 400px'})`,
			"covered"},
		// The last, because nothing takes it away.
		{`const stray = document.createElement('p'); stray.className = 'notice-text'; stray.textContent = 'text';
			stray.style.cssText = 'position: fixed; inset: 0 auto auto 380px'; document.body.append(stray)`,
			"notice-text"},
	} {
		v.show("dialpad", text.English, screen.ThemeLight)
		evaluate[bool](v, test.spoil+`, true`)
		if got := strings.Join(v.faults(screen.ThemeLight, all, leastKey), "\n"); !strings.Contains(got, test.want) {
			t.Errorf("%s: got %q, want something about %q", test.spoil, got, test.want)
		}
	}
}
