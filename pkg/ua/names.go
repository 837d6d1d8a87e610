package ua

// name returns the word for i, or "unknown".
func name(words []string, i int) string {
	if i < 0 || i >= len(words) {
		return "unknown"
	}
	return words[i]
}

// String returns a word in lower case: "disconnected", "connecting", "connected".
func (s ConnectionState) String() string {
	return name([]string{"disconnected", "connecting", "connected"}, int(s))
}

// String returns a word in lower case, such as "registered".
func (s RegistrationState) String() string {
	return name([]string{"unregistered", "registering", "registered", "registration failed", "unregistering"}, int(s))
}

// String returns "outgoing" or "incoming".
func (d Direction) String() string { return name([]string{"outgoing", "incoming"}, int(d)) }

// String returns a word in lower case, such as "ringing".
func (s CallState) String() string {
	return name([]string{"preparing", "calling", "ringing", "connecting", "established", "ending", "ended"}, int(s))
}

// String returns one or two words in lower case, such as "busy" or "no answer".
func (k CauseKind) String() string {
	return name([]string{"none", "hung up here", "hung up there", "cancelled", "answered elsewhere", "declined here", "declined",
		"busy", "no answer", "unavailable", "not found", "wrong credentials", "not acceptable", "server failure", "timeout",
		"unreachable", "no subprotocol", "certificate", "no WebSocket", "local network", "bad URL", "connection lost",
		"microphone denied", "no microphone", "audio failed", "protocol", "other", "transferred"}, int(k))
}
