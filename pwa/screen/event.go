package screen

import "github.com/gowebphone/webphone/pwa/text"

// Event is what a window tells the phone: what the user does, and what the window notices.
type Event interface{ isEvent() }

// What the user does.
type (
	// Login starts a session. Server is a label of LoginForm.Servers, or what the user typed.
	Login struct {
		User, Password, Server string
		Stay                   bool // keep the password, locked, for the next time
	}
	// Logout ends every call and the session.
	Logout struct{}
	// TogglePassword shows or hides the password.
	TogglePassword struct{}

	// Show goes to a page.
	Show struct{ Page Page }
	// Choose opens an entry of the list, "" closes it.
	Choose struct{ ID string }
	// ShowCaller shows who is on the line in the middle of a wide window, whatever is chosen there, or no longer. Aside from the
	// call a narrow window shows them too.
	ShowCaller struct{ On, Aside bool }
	// ShowPop shows the operator's page about the caller, or the caller again.
	ShowPop struct{ On bool }
	// WidenList moves the edge between the list and the middle of a wide window; 0 puts it back.
	WidenList struct{ Width int }
	// ToggleMenu opens or closes the menu of the account.
	ToggleMenu struct{}
	// ToggleShortcuts opens or closes the list of the keys that work everywhere.
	ToggleShortcuts struct{}

	// Press is a key of the pad: a digit for the number field, or DTMF when the keypad of a call is open.
	Press struct{ Digit string }
	// Type is what the number field contains now, Write what it shall contain: it was typed while the field could not be seen.
	Type  struct{ Text string }
	Write struct{ Text string }
	// Prefill puts a number into the field that a link names, in the window that is the phone; it is not called by itself.
	Prefill struct{ Text string }
	// Paste adds text to the number field.
	Paste struct{ Text string }
	// Backspace removes the last character of the number field, ClearDial all of them.
	Backspace struct{}
	ClearDial struct{}
	// Dial calls what the number field has shown when it was pressed, or the suggestion that was marked under it; when that is
	// nothing, it puts the last number there.
	Dial struct {
		Text string
		Fits int // Snapshot.Fits, as it was shown
	}
	// Mark moves the mark among the suggestions.
	Mark struct{ By int }
	// Redial puts the last number into the field.
	Redial struct{}
	// MakeCall calls a number or address from elsewhere: a contact, the history, a tel: link. While the phone asks whom to
	// hand a call to, it answers that, and nobody is called yet.
	MakeCall struct{ Target string }

	// Answer takes a call and holds the others, EndAndAnswer hangs up the others.
	Answer       struct{ ID string }
	EndAndAnswer struct{ ID string }
	// Decline refuses a call, Hangup ends one.
	Decline struct{ ID string }
	Hangup  struct{ ID string }
	// ToggleMute, ToggleHold and ToggleKeypad act on a call; Swap brings one to the stage and holds the others.
	ToggleMute   struct{ ID string }
	ToggleHold   struct{ ID string }
	Swap         struct{ ID string }
	ToggleKeypad struct{}
	// SendBehind sends the keys that stood behind the number of a call.
	SendBehind struct{ ID string }
	// AddCall shows or hides the dial pad over a call.
	AddCall struct{ On bool }
	// CloseWhy closes the explanation of an ended call.
	CloseWhy struct{}

	// ToggleDoNotDisturb refuses calls, or no longer.
	ToggleDoNotDisturb struct{}
	// ToggleDebug switches the SIP trace.
	ToggleDebug struct{}
	// TakeOver makes this window the phone, in the place of another.
	TakeOver struct{}
	// Retry connects at once instead of waiting.
	Retry struct{}
	// Dismiss closes the problem or the offer of an update.
	Dismiss       struct{}
	DismissUpdate struct{}
	// UpdateWaits tells that a call in another window keeps the user's update waiting, Update that nothing does.
	UpdateWaits struct{}
	Update      struct{}
	// DismissTransferred closes the notice of a transfer that worked.
	DismissTransferred struct{}
	// ToggleAudio shows or hides the choice of microphone and speaker during a call.
	ToggleAudio struct{}
	// SetTheme and SetLanguage change how the phone looks and speaks.
	SetTheme    struct{ Theme Theme }
	SetLanguage struct{ Language text.Language }
	// Escape closes what is open on top: menu, keypad, dial pad over a call, explanation.
	Escape struct{}
)

// What the world tells.
type (
	// Attended tells that somebody has begun to use the page: moved, pressed, typed.
	Attended struct{}
	// Visible tells whether the window can be seen.
	Visible struct{ On bool }
	// Woke tells that the world may have changed: online, visible, resumed.
	Woke struct{}
	// Left tells that the page is being left, Returned that it came back to life.
	Left     struct{}
	Returned struct{}
	// Sound tells whether the browser keeps the phone silent until a click.
	Sound struct{ Blocked bool }
	// Updatable tells that a new version waits.
	Updatable struct{}
	// Fault is an error of this program that was survived.
	Fault struct{}
	// PasteFailed tells that the clipboard could not be read.
	PasteFailed struct{}
	// Dropped tells that another phone has come behind the window, and the last one may not have done what the user did.
	Dropped struct{}
)

func (Attended) isEvent()           {}
func (Login) isEvent()              {}
func (Logout) isEvent()             {}
func (TogglePassword) isEvent()     {}
func (Show) isEvent()               {}
func (Choose) isEvent()             {}
func (ShowCaller) isEvent()         {}
func (ShowPop) isEvent()            {}
func (WidenList) isEvent()          {}
func (ToggleMenu) isEvent()         {}
func (ToggleShortcuts) isEvent()    {}
func (Press) isEvent()              {}
func (Type) isEvent()               {}
func (Write) isEvent()              {}
func (Prefill) isEvent()            {}
func (Paste) isEvent()              {}
func (Backspace) isEvent()          {}
func (ClearDial) isEvent()          {}
func (Dial) isEvent()               {}
func (Redial) isEvent()             {}
func (Mark) isEvent()               {}
func (MakeCall) isEvent()           {}
func (Answer) isEvent()             {}
func (EndAndAnswer) isEvent()       {}
func (Decline) isEvent()            {}
func (Hangup) isEvent()             {}
func (ToggleMute) isEvent()         {}
func (ToggleHold) isEvent()         {}
func (Swap) isEvent()               {}
func (ToggleKeypad) isEvent()       {}
func (SendBehind) isEvent()         {}
func (AddCall) isEvent()            {}
func (CloseWhy) isEvent()           {}
func (ToggleDoNotDisturb) isEvent() {}
func (ToggleDebug) isEvent()        {}
func (TakeOver) isEvent()           {}
func (Retry) isEvent()              {}
func (Dismiss) isEvent()            {}
func (DismissUpdate) isEvent()      {}
func (UpdateWaits) isEvent()        {}
func (Update) isEvent()             {}
func (DismissTransferred) isEvent() {}
func (ToggleAudio) isEvent()        {}
func (SetTheme) isEvent()           {}
func (SetLanguage) isEvent()        {}
func (Escape) isEvent()             {}
func (Visible) isEvent()            {}
func (Woke) isEvent()               {}
func (Left) isEvent()               {}
func (Returned) isEvent()           {}
func (Sound) isEvent()              {}
func (Updatable) isEvent()          {}
func (Fault) isEvent()              {}
func (PasteFailed) isEvent()        {}
func (Dropped) isEvent()            {}
