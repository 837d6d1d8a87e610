package ua

import (
	"slices"
	"time"
)

// alarm is a deadline in the core. The zero value is not set. Its owner keeps it as a field, never copies it.
type alarm struct {
	at  time.Time
	do  turn
	set bool
}

// alarms are all deadlines of the core, in the order in which they were set.
type alarms []*alarm

func (s *alarms) start(a *alarm, at time.Time, do turn) {
	s.stop(a)
	a.at, a.do, a.set = at, do, true
	*s = append(*s, a)
}

func (s *alarms) stop(a *alarm) {
	if a.set {
		a.set = false
		*s = slices.DeleteFunc(*s, func(b *alarm) bool { return a == b })
	}
}

func (s *alarms) next() time.Time {
	var next time.Time
	for _, a := range *s {
		if next.IsZero() || a.at.Before(next) {
			next = a.at
		}
	}
	return next
}

// pop takes the earliest alarm that is due, or returns nil.
func (s *alarms) pop(now time.Time) *alarm {
	var first *alarm
	for _, a := range *s {
		if !a.at.After(now) && (first == nil || a.at.Before(first.at)) {
			first = a
		}
	}
	if first != nil {
		s.stop(first)
	}
	return first
}
