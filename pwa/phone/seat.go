package phone

import (
	"context"

	"github.com/gowebphone/webphone/pkg/ua"
	"github.com/gowebphone/webphone/pwa/screen"
)

// Seats let one window of a browser be the phone of an account. Its windows have one instance (RFC 5626 section 3.1), so that
// the binding of one takes the place of the other's, and whoever leaves takes it from both.
type Seats interface {
	// Claim waits for the seat of that name until ctx ends. It calls taken when another window has it. From the claim to the
	// release of the seat it calls given, which must not wait, with each number that a link in another window names.
	Claim(ctx context.Context, name string, taken func(), given func(number string)) (Seat, error)
	// Ask asks who has the seat for it.
	Ask(name string)
	// Give gives a number to whoever has a seat.
	Give(number string)
}

// Seat is what a window has that is the phone.
type Seat struct {
	Wanted  <-chan struct{} // closed when another window asks for it
	Release func()
}

type (
	// seated tells whether this window is the phone, or waits for another that is.
	seated struct{ elsewhere bool }
	// unseated tells that another window wants to be it.
	unseated struct{}
	// given brings a number that another window, which is not the phone, has given.
	given struct{ number string }
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

func (g given) reduce(s screen.Snapshot) screen.Snapshot { return prefilled(s, g.number) }

// sit waits until this window is the phone of the account.
func (s *session) sit() (leave func(), err error) {
	seats := s.phone.opts.Seats
	if seats == nil {
		return func() {}, nil
	}
	seat, err := seats.Claim(s.ctx, s.seat, func() { s.post(seated{elsewhere: true}) }, func(number string) { s.phone.post(given{number}) })
	if err != nil {
		return nil, err
	}
	s.post(seated{})
	go func() {
		select {
		case <-seat.Wanted:
			s.post(unseated{})
		case <-s.ctx.Done():
		}
	}()
	return seat.Release, nil
}

// seatOf names the seat of an account.
func seatOf(cfg ua.Config) string { return "webphone " + cfg.Account.AOR }
