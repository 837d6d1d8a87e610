package phone

import (
	"github.com/gowebphone/webphone/pwa/screen"
)

type (
	// seated tells whether this window is the phone, or waits for another that is.
	seated struct{ elsewhere bool }
	// unseated tells that another window wants to be it.
	unseated struct{}
	// numberGiven brings a number that another window, which is not the phone, has given.
	numberGiven struct{ number string }
	// AskSeat asks the other window, GiveNumber gives it a number.
	AskSeat    struct{}
	GiveNumber struct{ Number string }
)

func (AskSeat) isCommand()    {}
func (GiveNumber) isCommand() {}

func (e seated) reduce(s screen.Snapshot) screen.Snapshot {
	s.Elsewhere = e.elsewhere
	if e.elsewhere && s.Login.Busy {
		return loggedIn(s) // contacts and history work here too
	}
	return s
}

func (unseated) reduce(s screen.Snapshot) screen.Snapshot {
	s = reducePage(s, screen.Left{})
	s.Elsewhere = true
	return s
}

func (numberGiven) alone() {}

func (g numberGiven) reduce(s screen.Snapshot) screen.Snapshot { return prefilled(s, g.number) }
