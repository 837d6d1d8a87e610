package ui

import (
	"fmt"

	"github.com/gowebphone/webphone/pwa/screen"
)

// What the browser does at the user's word, while the word still counts as one: these never reach the phone.
type (
	askClipboard struct{ screen.Event }
	allowSound   struct{ screen.Event }
	applyUpdate  struct{ screen.Event }
	askNotify    struct{ screen.Event }
	testSound    struct{ screen.Event }
	hearRing     struct{ screen.Event }
)

var immediate = map[string]func(*Root){
	eventName(askClipboard{}): func(r *Root) { readClipboard(r.phone.Do) },
	eventName(allowSound{}):   (*Root).allowSound,
	eventName(askNotify{}):    func(r *Root) { askToNotify(); r.phone.Do(screen.ToggleMenu{}) },
	eventName(testSound{}): func(r *Root) {
		hear("test", loops[screen.RingSoft], r.snapshot.Settings.Speaker)
	},
	eventName(hearRing{}): func(r *Root) {
		ring := r.snapshot.Settings.Ringtone()
		hear(string(ring), loops[ring], r.snapshot.Settings.Ringer)
	},
	eventName(applyUpdate{}): func(r *Root) { go r.update() },
}

func eventName(e screen.Event) string { return fmt.Sprintf("%T", e) }

// update changes over to the version that waits, as soon as no window of the browser is on a call.
func (r *Root) update() {
	awaitCalls(func() { r.do(screen.UpdateWaits{}) })
	r.do(screen.Update{})
}
