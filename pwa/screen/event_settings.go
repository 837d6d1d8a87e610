package screen

// What the user does in the settings, and what the world tells about devices.
type (
	// UseMicrophone, UseSpeaker and UseRinger choose a device by its ID, "" that of the system.
	UseMicrophone struct{ ID string }
	UseSpeaker    struct{ ID string }
	UseRinger     struct{ ID string }
	// SetEcho, SetNoise and SetGain leave the voice of the microphone as it is, or let the browser work on it.
	SetEcho  struct{ Off bool }
	SetNoise struct{ Off bool }
	SetGain  struct{ Off bool }
	// SetRing chooses what rings, SetKeyTones how keys are sent, SetAutoAnswer whether calls are answered at once, SetName what
	// others are shown.
	SetRing       struct{ Ring Loop }
	SetKeyTones   struct{ Info bool }
	SetAutoAnswer struct{ On bool }
	SetName       struct{ Name string }
	// MoveCodec moves a codec up or down, SwitchCodec switches it.
	MoveCodec struct {
		Name string
		Down bool
	}
	SwitchCodec struct{ Name string }
	// ToggleMeter shows the level of the microphone, or no longer.
	ToggleMeter struct{}
	// MeterFailed tells that there is no microphone to show the level of.
	MeterFailed struct{}
	// ExportAll saves everything that is kept.
	ExportAll struct{}
	// AskErase asks whether to erase everything, Erase does it.
	AskErase struct{ On bool }
	Erase    struct{}
	// DevicesFound tells which microphones and speakers there are.
	DevicesFound struct{ Devices []Device }
)

func (UseMicrophone) isEvent() {}
func (UseSpeaker) isEvent()    {}
func (UseRinger) isEvent()     {}
func (SetEcho) isEvent()       {}
func (SetNoise) isEvent()      {}
func (SetGain) isEvent()       {}
func (SetRing) isEvent()       {}
func (SetKeyTones) isEvent()   {}
func (SetAutoAnswer) isEvent() {}
func (SetName) isEvent()       {}
func (MoveCodec) isEvent()     {}
func (SwitchCodec) isEvent()   {}
func (ToggleMeter) isEvent()   {}
func (MeterFailed) isEvent()   {}
func (ExportAll) isEvent()     {}
func (AskErase) isEvent()      {}
func (Erase) isEvent()         {}
func (DevicesFound) isEvent()  {}
