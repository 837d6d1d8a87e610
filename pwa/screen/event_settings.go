package screen

// What the user does in the settings, and what the world tells about devices.
type (
	// Configure changes what is chosen now.
	Configure struct{ Change func(*Choice) }
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

func (Configure) isEvent()    {}
func (MoveCodec) isEvent()    {}
func (SwitchCodec) isEvent()  {}
func (ToggleMeter) isEvent()  {}
func (MeterFailed) isEvent()  {}
func (ExportAll) isEvent()    {}
func (AskErase) isEvent()     {}
func (Erase) isEvent()        {}
func (DevicesFound) isEvent() {}
