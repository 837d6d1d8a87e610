package phone

import (
	"github.com/gowebphone/webphone/pwa/screen"
)

// beside is a window after an event that is not its own, which has made something else of what all windows share. News moves each
// window as it would move a single one; but only one of them speaks, and what has gone wrong for the user of one window is none
// of another's business.
func beside(before screen.Snapshot, shared screen.Shared, event Event, asked bool) screen.Snapshot {
	after := screen.Snapshot{Shared: shared, View: before.View}
	came, is := event.(news)
	if _, one := event.(alone); !is || one {
		return tidy(accompanied(before, after))
	}
	after.View = Reduce(before, came).View
	after.Live = before.Live
	if asked {
		after.Problem = before.Problem
	}
	return after
}

// accompanied is a window whose user has done something in another one: nothing stays in it that belongs to what is gone, and no
// number waits there for a question that is not the one it was typed for.
func accompanied(before, after screen.Snapshot) screen.Snapshot {
	if before.Screen == screen.ScreenPhone && after.Screen == screen.ScreenLogin {
		after.View = loggedOut(before).View
		return after
	}
	if why := before.Ended; why != nil && after.Ended != why && after.Dial == why.Typed {
		after.Dial = ""
	}
	if asksWhom(before) != asksWhom(after) {
		after.Dial, after.Adding, after.Keypad = "", false, false
	}
	if before.Active != after.Active {
		after.Keypad = false
	}
	return after
}

// asksWhom tells whether the number field asks whom to hand a call to.
func asksWhom(s screen.Snapshot) bool { return s.Transfer.Step == screen.TransferChoosing }
