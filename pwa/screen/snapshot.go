package screen

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/gowebphone/webphone/pwa/text"
)

// Screen is what fills the window.
type Screen int

const (
	ScreenLogin Screen = iota
	ScreenPhone
)

// Page is the pane a narrow window shows, and the list a wide one shows. The values stand in the address after "#".
type Page string

const (
	PagePhone    Page = ""
	PageContacts Page = "contacts"
	PageHistory  Page = "history"
	PageSettings Page = "settings"
)

// PageOf is the page that an address names after its "#".
func PageOf(fragment string) Page {
	page := Page(strings.TrimPrefix(fragment, "#"))
	if !slices.Contains(Pages(), page) && !page.Own() {
		return PagePhone
	}
	return page
}

// Pages lists all pages in the order of the navigation.
func Pages() []Page { return []Page{PagePhone, PageContacts, PageHistory, PageSettings} }

// Theme is light, dark, or "" for what the system says.
type Theme string

const (
	ThemeSystem Theme = ""
	ThemeLight  Theme = "light"
	ThemeDark   Theme = "dark"
)

// Snapshot is everything a window shows at one moment. It is never changed: the phone makes another one.
type Snapshot struct {
	Shared
	View
}

// Shared is what all windows of a phone have in common.
type Shared struct {
	Account
	Calls
	Books
	Settings
	Look
	Now time.Time // moves once a second while something on the screen counts
}

// Calls are the calls there are, and what becomes of them.
type Calls struct {
	All          []Line // oldest first, until they have ended
	Active       string // ID of the call on the stage
	Ended        *Ended // the call whose end is being explained
	Transfer     Transfer
	Doubt        Doubt      // whether anybody is left in a call whose transfer failed
	Handovers    []Handover // questions, oldest first
	Placed       Placed     // the last call made, and what an empty field calls
	DoNotDisturb bool
	AutoAnswer   bool // calls are answered at once
}

// Books are contacts and history, as far as they are seen everywhere. What a window shows of them is in its panes.
type Books struct {
	Missed  int       // calls missed since the history was looked at
	Last    *CallLine // the last call, nil when there was none
	Undo    UndoOffer
	NotKept bool // the browser stores nothing
}

// Look is how the phone looks and speaks, as the operator wants it and the user chose.
type Look struct {
	Theme     Theme
	Language  text.Language
	Brand     string // name of the phone
	Version   string // of the program, "" where it is not to be shown
	Show      Parts
	CSS       string     // style sheet of the brand
	Rows      []MenuItem // of the menu
	MenuRight bool       // the menu stands on the right
	TitleUser bool       // the user's name is the title
	Fills     []Page     // pages of the operator's own that want all the space
}

// Parts switches the parts of the screen.
type Parts struct {
	Dialpad, Number, Answer, Hangup, Hold, Mute, Dial, Status bool
}

// Headless tells whether every part is off: a phone that is driven by its API.
func (p Parts) Headless() bool { return p == Parts{} }

// View is what one window shows: where its user is, and what is open there.
type View struct {
	Page    Page   // the pane of a narrow window
	List    Page   // the list of a wide one: the last page that has a list
	Detail  string // what is chosen in the list, "" for nothing
	Widened int    // width the user has given the list, 0 for none

	Dial        string       // the number field
	Suggestions []Suggestion // under it
	Marked      int          // the suggestion that Dial calls, counted from 1; 0 for none
	Fits        int          // of what contacts and calls the suggestions are; it changes with them
	Nameless    bool         // a name stands in the field that nobody has
	Pressed     KeyPress     // last key of the pad, for the tone it makes
	Adding      bool         // the dial pad covers the call on the stage, to make another one
	Keypad      bool         // the stage shows the keys for DTMF
	Audio       bool         // the choice of microphone and speaker shows

	History  HistoryPane
	Contacts ContactsPane
	Caller   CallerPane
	Today    TodayPane
	Setup    SettingsPane
	PopOpen  bool // the user wants to see the operator's page about the caller, of this call and the next

	ShowPassword bool // in the field of the login card
	Menu         bool // of the account
	Shortcuts    bool // the list of keys shows
	SoundBlocked bool // the browser waits for a click before it plays anything
	UpdateReady  bool // a new version waits
	UpdateWaits  bool // the user wants it, and another window is on a call
	Updating     bool // what it would lose is being kept
	Restarts     int  // how often all is ready for it
	File         File // newest one to be saved
	Told         int  // how many events of the window are done in this
	Problem      Problem
	Live         text.Sentence // last thing told to a screen reader
	Unasked      int           // how often the screen has changed without the user's hand

	Hidden      bool // nobody can see the window
	Used        bool // somebody has used it, so that the browser lets it be heard
	Follows     bool // another window of the phone leads: that one rings, has the audio of the calls, and tells the system
	Accompanied bool // the phone has other windows, so that no call ends with this one
}

// UpdateFits tells whether nothing would be lost by loading the page anew: no call, and no form that is being filled in.
func (s Snapshot) UpdateFits() bool {
	return len(s.Calls.All) == 0 && s.Contacts.Edit == nil && s.Contacts.Import == nil && !s.Login.Busy
}

// Placed is what was called last, and how many calls have been made.
type Placed struct {
	Target string
	Count  int
}

// KeyPress is a key of the pad and how often one was pressed.
type KeyPress struct {
	Digit string
	Count int
}

// LoginForm is the login card.
type LoginForm struct {
	User, Server string   // what the fields begin with
	Servers      []Server // choices; none: the user types the server
	FailOver     bool     // the servers are one service: the others are tried when the chosen one fails
	Realm        string   // domain of the account, when it is not the server's
	Busy         bool
	Error        text.Sentence // empty: no error
	Code         int           // SIP status of the refusal, 0 when there was none
	Field        Field         // what the error is about
	Alone        bool          // nobody typed what is being logged in with
	Stay         bool          // the user wants to be logged in by itself the next time
	CanStay      bool          // there is a vault for that
	Kept         bool          // the vault holds a password
	Opening      bool          // the vault is being opened, or the provisioning object fetched
	Fixed        Fixed         // fields the operator has filled in
	Failures     int           // servers that could not be reached in this try
	InTurn       int           // servers of this try
}

// Fixed tells which fields of the login card the operator has filled in, for good.
type Fixed struct{ User, Password, Server bool }

// Server is a SIP server that can be chosen.
type Server struct {
	URL   string // "wss://sip.example.com:8089/ws"
	Label string // what a list shows
}

// Field is a field of the login card.
type Field string

const (
	FieldNone     Field = ""
	FieldUser     Field = "user"
	FieldPassword Field = "password"
	FieldServer   Field = "server"
)

// Account is who is logged in, or may log in, and whether the server is reached.
type Account struct {
	Screen       Screen
	Login        LoginForm
	Connection   Connection
	Registration Registration
	NoLogout     bool // there is no way to log out
	Debug        bool // SIP messages go to the console
	Attended     bool // somebody has used the page
	Elsewhere    bool // another window of the browser is the phone of the account

	User        string
	DisplayName string
	Server      string // label
	Hidden      Hidden
	Key         string // of the books, where what is known of the account does not tell
}

// Hidden tells what of the account the operator protects: it is used, and neither shown nor kept.
type Hidden struct{ User, DisplayName, Server bool }

// Shown is the account as it may be read.
func (a Account) Shown() Account {
	hide := func(text *string, hidden bool) {
		if hidden {
			*text = ""
		}
	}
	hide(&a.User, a.Hidden.User)
	hide(&a.DisplayName, a.Hidden.DisplayName)
	hide(&a.Server, a.Hidden.Server)
	return a
}

// ServerInUse is the server that the phone is connected to, or would be: where several are one service, not always the one that
// was chosen. It is empty where it is not to be shown.
func (a Account) ServerInUse() string {
	if a.Hidden.Server || a.Connection.State != Connected || a.Connection.Server == "" {
		return a.Shown().Server
	}
	for _, s := range a.Login.Servers {
		if s.URL == a.Connection.Server {
			return s.Label
		}
	}
	return a.Server
}

// Home is the domain of an account, as far as the server that was chosen tells.
func (a Account) Home() string {
	if a.Login.Realm != "" {
		return a.Login.Realm
	}
	host, _, _ := strings.Cut(a.Server, "/")
	if at := strings.LastIndexByte(host, ':'); at > strings.LastIndexByte(host, ']') {
		host = host[:at]
	}
	return host
}

// Line is a call on the screen.
type Line struct {
	Call
	HeldSince time.Time // when we put it on hold
	Refused   bool      // do not disturb: it is being turned away
	Answering bool      // it has been answered here, and rings until the microphone is there
	Digits    string    // DTMF sent by hand
	Behind    string    // keys that stood behind the number and are not sent yet, as in number.Number.Extension
	Stats     Stats     // newest counters
	Quality   Quality   // what they say
	Continues string    // ID of the call whose place it has taken: one call for the user
	Since     time.Time // when that one was answered
	Successor string    // ID of the call that has taken its place; it is not shown
	Measured  bool      // Stats are there
	Withheld  string    // what stands for the number of somebody who hides it; "" for all others
}

// Ended is a call that did not work out, and why.
type Ended struct {
	Line
	Why    text.Sentence
	Code   int    // SIP status, 0 when there was none
	Reason string // what the RFCs, or the other side, call that
	Tone   Signal
	Typed  string // Again, as it stands in the number field
}

// Again is what calls the other side once more: what was dialled, or the number.
func (e Ended) Again() string {
	if e.Withheld != "" {
		return e.Dialled
	}
	return cmp.Or(e.Dialled, e.Number())
}

// Problem is a message over the screen that stays until it is dismissed. Count makes two equal ones differ.
type Problem struct {
	Text  text.Sentence
	Count int
}

// Name is what a person calls the other side: its display name, else its number or address.
func (l Line) Name() string {
	if l.Remote.DisplayName != "" {
		return l.Remote.DisplayName
	}
	return l.Number()
}

// Number is the other side's number or address.
func (l Line) Number() string {
	switch {
	case l.Withheld != "":
		return l.Withheld
	case l.Remote.User != "":
		return l.Remote.User
	case l.Dialled != "":
		return l.Dialled
	case l.Remote.Host != "":
		return l.Remote.Host
	}
	return l.Remote.URI
}

// Moved is where a call was sent that did not follow: what calls it, and how it is shown. An address elsewhere is shown whole, so
// that nobody takes it for a number of the own office.
func (l Line) Moved() (target, shown string) {
	to := l.MovedTo
	switch {
	case to.User != "" && (to.Host == "" || to.Host == l.Remote.Host):
		return to.User, to.User
	default:
		return to.URI, strings.TrimPrefix(strings.TrimPrefix(to.URI, "sip:"), "sips:")
	}
}

// RingsHere tells whether the call waits for the user's answer.
func (l Line) RingsHere() bool {
	return l.Continues == "" && l.Direction == Incoming && (l.State == CallRinging || l.State == CallPreparing)
}

// Established tells whether the call has been answered and not ended.
func (l Line) Established() bool { return l.State == CallEstablished }

// Talking is how long the call has been established at a moment.
func (l Line) Talking(now time.Time) time.Duration {
	if l.Answered.IsZero() || now.Before(l.TalksSince()) {
		return 0
	}
	return now.Sub(l.TalksSince())
}

// Next are the keys of Behind that can be sent now, as they are shown, and what stays for later: a semicolon waits for the user.
func (l Line) Next() (keys, shown, later string) {
	if !l.Established() || l.HeldLocal {
		return "", "", l.Behind
	}
	keys, later, _ = strings.Cut(strings.TrimLeft(l.Behind, ";"), ";")
	return keys, strings.ReplaceAll(keys, ",", ""), later
}

// TalksSince is when the call was answered, or the one whose place it has taken.
func (l Line) TalksSince() time.Time {
	if !l.Since.IsZero() {
		return l.Since
	}
	return l.Answered
}

// Held is how long we have held the call at a moment.
func (l Line) Held(now time.Time) time.Duration {
	if !l.HeldLocal || l.HeldSince.IsZero() || now.Before(l.HeldSince) {
		return 0
	}
	return now.Sub(l.HeldSince)
}

// Incoming lists the calls that ring here, oldest first.
func (s Snapshot) Incoming() []Line {
	return slices.Collect(func(yield func(Line) bool) {
		for _, l := range s.Calls.All {
			if l.RingsHere() && !l.Refused && !yield(l) {
				return
			}
		}
	})
}

// Lines lists the calls the user takes part in: outgoing ones, and incoming ones since their answer.
func (s Snapshot) Lines() []Line {
	return slices.DeleteFunc(slices.Clone(s.Calls.All), func(l Line) bool { return l.RingsHere() || l.Successor != "" })
}

// Stage is the call on the stage.
func (s Snapshot) Stage() (Line, bool) {
	for _, l := range s.Calls.All {
		if l.ID == s.Active && !l.RingsHere() {
			return l, true
		}
	}
	return Line{}, false
}

// Others lists the calls beside the one on the stage.
func (s Snapshot) Others() []Line {
	return slices.DeleteFunc(s.Lines(), func(l Line) bool { return l.ID == s.Active })
}

// Line returns the call with that ID.
func (s Snapshot) Line(id string) (Line, bool) {
	i := slices.IndexFunc(s.Calls.All, func(l Line) bool { return l.ID == id })
	if i < 0 {
		return Line{}, false
	}
	return s.Calls.All[i], true
}

// Registered tells whether calls can be made and received.
func (s Snapshot) Registered() bool {
	return s.Connection.State == Connected && s.Registration.State == Registered
}

// Offline tells whether the phone is logged in and has no connection.
func (s Snapshot) Offline() bool {
	return s.Screen == ScreenPhone && s.Connection.State != Connected && !s.Elsewhere
}

// ServerBusy tells whether the phone is logged in and connected, and its server wants to be asked again later.
func (s Snapshot) ServerBusy() bool {
	return s.Screen == ScreenPhone && s.Connection.State == Connected && !s.Registration.RetryAt.IsZero()
}

// CanDial tells whether Dial works now.
func (s Snapshot) CanDial() bool { return s.Connection.State == Connected }

// ShowsDialPad tells whether the phone pane shows the dial pad, and not a call.
func (s Snapshot) ShowsDialPad() bool {
	_, staged := s.Stage()
	return s.Adding || s.Transfer.Step == TransferChoosing || !staged
}

// Unexplained closes the explanation of a call, and takes the number along that stands in the field for its sake.
func (s Snapshot) Unexplained() Snapshot {
	if s.Ended != nil && s.Dial == s.Ended.Typed {
		s.Dial = ""
	}
	s.Ended = nil
	return s
}

// Counts tells whether something on the screen moves with the clock.
func (s Snapshot) Counts() bool {
	return s.Screen == ScreenPhone && (len(s.Calls.All) > 0 || s.Offline() || s.ServerBusy() || !s.Transfer.Done.Empty())
}

func choose[T any](condition bool, yes, no T) T {
	if condition {
		return yes
	}
	return no
}
