package wire

import "github.com/emiago/sipgo/sip"

// RequestURI returns the Request-URI octet by octet as Serialize writes it: the one that a digest has to cover.
func RequestURI(req *sip.Request) (string, error) {
	w := writer{name: "Request-URI"}
	w.requestURI(req)
	return w.b.String(), w.err
}
