package screen

// Handover is a question: somebody wants a call to go on with somebody else. Whom that is, and what it costs, they choose, so the
// user is asked.
type Handover struct {
	ID    int
	Call  string // Line.ID
	To    string // number or address the call would go on with
	Calls bool   // whoever it is calls the user, who else calls there
}

// AnswerHandover is what the user says to it.
type AnswerHandover struct {
	ID  int
	Yes bool
}

func (AnswerHandover) isEvent() {}

// Asked is the question to show, with the call that it is about: the oldest.
func (s Snapshot) Asked() (Handover, Line, bool) {
	for _, h := range s.Handovers {
		if line, ok := s.Line(h.Call); ok {
			return h, line, true
		}
	}
	return Handover{}, Line{}, false
}
