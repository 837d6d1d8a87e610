package screen

// What the user does in the panes beside the phone. Books carries them out.
type (
	// SearchHistory shows the calls that fit, FilterHistory those of a kind, MoreHistory older ones.
	SearchHistory struct{ Query string }
	FilterHistory struct{ Filter HistoryFilter }
	MoreHistory   struct{}
	// ToggleSearch shows or hides the search field of the history, ToggleTools what else the list can do.
	ToggleSearch struct{}
	ToggleTools  struct{}
	// DeleteCalls deletes the calls of the line with that entry, ClearHistory all.
	DeleteCalls  struct{ ID string }
	ClearHistory struct{}
	// WriteNote is what stands in the field of a note. ID is that of the call, or of its entry once it has ended; Done that the
	// user has left the field.
	WriteNote struct {
		ID, Text string
		Done     bool
	}
	// MarkDone takes missed calls out of those to return. OpenCall shows a call, wherever the user is.
	MarkDone struct{ ID string }
	OpenCall struct{ ID string }
	// SeeHistory tells that the newest calls are before the user's eyes, though the history was not chosen.
	SeeHistory struct{}
	// ExportHistory saves the calls as CSV.
	ExportHistory struct{}

	// SearchContacts shows the contacts that fit, ShowFavourites only those marked.
	SearchContacts struct{ Query string }
	ShowFavourites struct{ On bool }
	// ScrollContacts tells which row is the first seen, and how high one is.
	ScrollContacts struct{ First, Row int }
	// WindowHigh tells the height of a window in pixels, so that the list of contacts fills it.
	WindowHigh struct{ Height int }
	// OpenContact shows a contact, wherever the user is.
	OpenContact struct{ ID string }
	// EditContact opens the form; without ID for a new contact with that name and number.
	EditContact struct{ ID, Name, Number string }
	// AddNumber and RemoveNumber change the rows of the form.
	AddNumber    struct{}
	RemoveNumber struct{ Row int }
	// SaveContact keeps what the form holds, CancelEdit closes it, or the import.
	SaveContact struct{ Contact Contact }
	CancelEdit  struct{}
	// DeleteContact deletes one, SetFavourite marks one.
	DeleteContact struct{ ID string }
	SetFavourite  struct {
		ID string
		On bool
	}
	// ReadImport reads a file, SetHeader says whether its first line names the columns, SetColumn what a column holds,
	// SetPolicy what becomes of duplicates, Import takes it into the contacts.
	ReadImport struct {
		Name string
		Data []byte
	}
	SetHeader struct{ On bool }
	SetColumn struct {
		Index  int
		Column Column
	}
	SetPolicy struct{ Policy Policy }
	Import    struct{}
	// ExportContacts saves the contacts as vCards or CSV.
	ExportContacts struct{ CSV bool }

	// TakeBack undoes what the offer says, DropUndo closes the offer with that count.
	TakeBack struct{}
	DropUndo struct{ Count int }
	// DismissNotKept closes the notice that nothing is kept.
	DismissNotKept struct{}
	// NotKept tells that the browser does not store what it was given.
	NotKept struct{}
)

func (SearchHistory) isEvent()  {}
func (FilterHistory) isEvent()  {}
func (MoreHistory) isEvent()    {}
func (ToggleSearch) isEvent()   {}
func (ToggleTools) isEvent()    {}
func (DeleteCalls) isEvent()    {}
func (ClearHistory) isEvent()   {}
func (WriteNote) isEvent()      {}
func (MarkDone) isEvent()       {}
func (OpenCall) isEvent()       {}
func (ExportHistory) isEvent()  {}
func (SearchContacts) isEvent() {}
func (ShowFavourites) isEvent() {}
func (ScrollContacts) isEvent() {}
func (WindowHigh) isEvent()     {}
func (SeeHistory) isEvent()     {}
func (OpenContact) isEvent()    {}
func (EditContact) isEvent()    {}
func (AddNumber) isEvent()      {}
func (RemoveNumber) isEvent()   {}
func (SaveContact) isEvent()    {}
func (CancelEdit) isEvent()     {}
func (DeleteContact) isEvent()  {}
func (SetFavourite) isEvent()   {}
func (ReadImport) isEvent()     {}
func (SetHeader) isEvent()      {}
func (SetColumn) isEvent()      {}
func (SetPolicy) isEvent()      {}
func (Import) isEvent()         {}
func (ExportContacts) isEvent() {}
func (TakeBack) isEvent()       {}
func (DropUndo) isEvent()       {}
func (DismissNotKept) isEvent() {}
func (NotKept) isEvent()        {}
