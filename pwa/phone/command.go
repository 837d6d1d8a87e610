package phone

// Command is something a Phone does with its user agent, or with what is kept.
type Command interface{ isCommand() }

// The commands. IDs are those of calls.
type (
	// Start makes a user agent and runs it. Stop hangs up and unregisters; Restart starts the session again that was
	// stopped without forgetting it.
	Start   struct{ signIn }
	Stop    struct{ Forget bool }
	Restart struct{}
	// Invite holds calls, then makes one.
	Invite struct {
		Target string
		Hold   []string
	}
	// Accept holds and ends other calls, then answers one.
	Accept struct {
		ID        string
		Hold, End []string
	}
	Reject struct {
		ID   string
		Code int
	}
	End  struct{ ID string }
	Mute struct {
		ID string
		On bool
	}
	Hold struct{ ID string }
	// Resume holds other calls, then resumes one.
	Resume struct {
		ID   string
		Hold []string
	}
	Tone  struct{ ID, Digit string }
	Trace struct{ On bool }
	Wake  struct{}
	// Measure reads the counters of a call. WarmUp readies the program, the first time. Refresh fetches the provisioning object
	// where the kept one is used.
	Measure struct{ ID string }
	WarmUp  struct{}
	Refresh struct{}
	// Keep stores a setting.
	Keep struct{ Key, Value string }
)

func (Start) isCommand() {}

func (Stop) isCommand() {}

func (Restart) isCommand() {}

func (Invite) isCommand() {}

func (Accept) isCommand() {}

func (Reject) isCommand() {}

func (End) isCommand() {}

func (Mute) isCommand() {}

func (Hold) isCommand() {}

func (Resume) isCommand() {}

func (Tone) isCommand() {}

func (Trace) isCommand() {}

func (Wake) isCommand() {}

func (Measure) isCommand() {}

func (WarmUp) isCommand() {}

func (Refresh) isCommand() {}

func (Keep) isCommand() {}
