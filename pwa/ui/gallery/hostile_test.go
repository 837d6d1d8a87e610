//go:build e2e

package main

import (
	"fmt"
	"testing"

	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// The longest words are German: it is seen in every layout, the others in the narrowest and in the one whose call bar has the
// least room. Without names the numbers stand for them. A short run sees the first language and size of two.
var endless = []struct {
	names     string
	languages []text.Language
	sizes     []size
}{
	{"long", []text.Language{text.German}, []size{{320, 480}, {960, 640}, {360, 640}, {390, 844}, {844, 390}, {1280, 800},
		{1440, 900}}},
	{"long", []text.Language{text.Arabic, text.English, text.Spanish}, []size{{320, 480}, {960, 640}}},
	{"none", []text.Language{text.German}, []size{{320, 480}, {390, 844}, {1280, 800}}},
}

// TestNamesOfOthersPushNothing shows every screen with the longest names and numbers that are taken: they are shortened, and
// every control stays where it can be seen and pressed.
func TestNamesOfOthersPushNothing(t *testing.T) {
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
					for _, e := range endless[:atMost(len(endless), 2)] {
						for _, language := range e.languages[:atMost(len(e.languages), 1)] {
							v.of(t).pushed(name, language, e.names, e.sizes[:atMost(len(e.sizes), 1)])
						}
					}
				})
			}
		})
	}
}

// atMost is n, or in a short run no more than few.
func atMost(n, few int) int {
	if testing.Short() {
		return min(n, few)
	}
	return n
}

func (v viewer) pushed(name string, language text.Language, names string, sizes []size) {
	v.resize(sizes[0])
	v.showNamed(name, language, screen.ThemeLight, names)
	for _, s := range sizes {
		v.resize(s)
		for _, fault := range v.faults(screen.ThemeLight, measured, s.leastKey()) {
			v.t.Errorf("%s %s, names %s: %s", language, s, names, fault)
		}
		v.picture(fmt.Sprintf("hostile-%s-%s-%s-%s", name, s, language, names))
	}
}
