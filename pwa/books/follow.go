package books

import (
	"github.com/gowebphone/webphone/pwa/screen"
	"github.com/gowebphone/webphone/pwa/text"
)

// Step is how one window goes from a snapshot to the next.
type Step struct {
	Panes      *Panes
	Prev, Next screen.Snapshot
}

// Follow does what an event that led from one snapshot to another says about contacts and history, and fills the panes of the
// second. The event is one of a window, News, or any other, which only moves the panes. It is FollowAll for a phone that has
// one window.
func (b *Books) Follow(prev, next screen.Snapshot, event any) screen.Snapshot {
	step := Step{b.only, prev, next}
	b.FollowAll(event, &step)
	return step.Next
}

// FollowAll is Follow for all windows of a phone: what the event says is done once, in the window it comes from, which is the
// first, and the panes of all are filled. The snapshots share their Shared before and after it.
func (b *Books) FollowAll(event any, first *Step, others ...*Step) {
	steps := append([]*Step{first}, others...)
	acting := first
	if e, ok := event.(addressed); ok {
		for _, s := range steps {
			if s.Panes == e.window() {
				acting = s
			}
		}
	}
	b.act(acting, event)
	for _, s := range steps {
		if s != acting {
			s.Next.Shared = acting.Next.Shared
			b.accompany(s, acting, event)
		}
	}
	if acting.Next.Screen != screen.ScreenPhone {
		return
	}
	for _, s := range steps {
		b.look(s.Next)
	}
	shared := b.share(acting.Next).Shared
	for _, s := range steps {
		b.at, s.Next.Shared = s.Panes, shared
		s.Next = b.fill(s.Next)
	}
	b.at = first.Panes
}

// addressed is news for the window that has asked for it.
type addressed interface{ window() *Panes }

// act does what an event says.
func (b *Books) act(s *Step, event any) {
	b.at = s.Panes
	if s.Prev.Screen != s.Next.Screen {
		s.Next = b.moved(s.Next)
	}
	switch e := event.(type) {
	case screen.Erase:
		clear(b.unread)
	case loaded:
		b.joinUnread(e)
	case screen.WindowHigh:
		b.at.height = e.Height
	}
	b.meet(b.at)
	if s.Next.Screen != screen.ScreenPhone {
		return
	}
	s.Next = turned(s.Prev, s.Next)
	switch e := event.(type) {
	case News:
		s.Next = e.act(b, s.Next)
	case screen.Event:
		s.Next = b.actWindow(s.Next, e)
	}
	if s.Prev.Detail != s.Next.Detail {
		s.Next.Caller.Open = false
	}
}

// accompany is what an event that was done in one window says to another: whose books they were is gone there too, and what is
// wrong concerns all, where no window has asked for it.
func (b *Books) accompany(s, acting *Step, event any) {
	if s.Panes.hands != b.hands {
		s.Next = renewed(s.Next)
		b.meet(s.Panes)
	}
	s.Next = turned(s.Prev, s.Next)
	_, news := event.(News)
	_, one := event.(addressed)
	if problem := acting.Next.Problem; news && !one && problem.Count > acting.Prev.Problem.Count {
		s.Next = s.Next.WithProblem(problem.Text)
	}
}

// turned closes what was open for an entry when the user turns to another.
func turned(prev, next screen.Snapshot) screen.Snapshot {
	if prev.Detail != next.Detail || prev.List != next.List {
		next.Contacts.Edit, next.Contacts.Import = nil, nil
		next.Contacts.Tools, next.History.Tools = false, false
	}
	return next
}

// renewed is a window of books that have changed hands: nothing of the last ones is left in it.
func renewed(s screen.Snapshot) screen.Snapshot {
	if s.Screen == screen.ScreenPhone {
		s.Detail, s.Contacts.Edit, s.Contacts.Import = "", nil, nil
	}
	s.Caller, s.Today = screen.CallerPane{}, screen.TodayPane{}
	return s
}

// moved opens the books of who has logged in, and closes them after that.
func (b *Books) moved(s screen.Snapshot) screen.Snapshot {
	account := Key(s.Account)
	switch {
	case s.Screen != screen.ScreenPhone:
		b.close()
		s.Caller, s.Today = screen.CallerPane{}, screen.TodayPane{}
	default:
		if account != b.account {
			s.Placed.Target = ""
		}
		b.home = s.Account.Home()
		b.open(account)
	}
	return s
}

// Renewed is the news that the account of the snapshot may be another one while the phone is open: then nothing of the last one
// is left on the screen.
type Renewed struct{}

func (Renewed) act(b *Books, s screen.Snapshot) screen.Snapshot {
	if Key(s.Account) == b.account {
		return s
	}
	s.Undo.Text = text.Sentence{}
	return b.moved(renewed(s))
}
