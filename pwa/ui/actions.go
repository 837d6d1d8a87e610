package ui

import (
	"context"
	"fmt"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pwa/phone"
)

// What the browser does at the user's word, while the word still counts as one: these never reach the phone.
type (
	askClipboard struct{ phone.Event }
	allowSound   struct{ phone.Event }
	applyUpdate  struct{ phone.Event }
	askNotify    struct{ phone.Event }
	testSound    struct{ phone.Event }
	hearRing     struct{ phone.Event }
)

var immediate = map[string]func(*Root){
	eventName(askClipboard{}): func(r *Root) { readClipboard(r.phone.Do) },
	eventName(allowSound{}): func(r *Root) {
		resumeSound()
		go media.ResumePlayback(context.Background())
		r.phone.Do(phone.Sound{Blocked: false})
	},
	eventName(askNotify{}): func(r *Root) { askToNotify(); r.phone.Do(phone.ToggleMenu{}) },
	eventName(testSound{}): func(r *Root) {
		hear("test", loops[phone.RingSoft], r.snapshot.Settings.Speaker)
	},
	eventName(hearRing{}): func(r *Root) {
		ring := phone.RingChosen(r.snapshot)
		hear(string(ring), loops[ring], r.snapshot.Settings.Ringer)
	},
	eventName(applyUpdate{}): func(*Root) { startUpdate() },
}

func eventName(e phone.Event) string { return fmt.Sprintf("%T", e) }
