package notification

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/gowebphone/webphone/pkg/ua/internal/xmlscan"
)

// RegInfo is the state of somebody's registrations (RFC 3680).
type RegInfo struct {
	Version       uint64
	Full          bool // as received; what Package.Read returns is the whole state either way
	Registrations []Registration
}

// Registration is one address of record.
type Registration struct {
	AOR      string
	ID       string
	State    string // "init", "active", "terminated"
	Contacts []Contact
}

// Contact is one binding. A terminated one is told once.
type Contact struct {
	ID    string
	State string // "active", "terminated"
	// "registered", "created", "refreshed", "shortened", "expired", "deactivated", "probation", "unregistered", "rejected"
	Event       string
	URI         string
	DisplayName string
	Expires     time.Duration // left, when said
	RetryAfter  time.Duration // for probation
	Q           string
	CallID      string
	CSeq        uint64
}

func (r *RegInfo) number() uint64 { return r.Version }
func (r *RegInfo) isFull() bool   { return r.Full }

func (r *RegInfo) entries() int {
	n := 0
	for _, reg := range r.Registrations {
		n += 1 + len(reg.Contacts)
	}
	return n
}

const regSpace = "urn:ietf:params:xml:ns:reginfo"

// ParseRegInfo reads application/reginfo+xml (RFC 3680), one document by itself.
func ParseRegInfo(data []byte) (*RegInfo, error) {
	root, err := document(data, regSpace, "reginfo")
	if err != nil {
		return nil, err
	}
	r := &RegInfo{}
	if r.Version, r.Full, err = version(root); err != nil {
		return nil, err
	}
	for _, e := range root.All("registration") {
		reg := Registration{AOR: e.Attr("aor"), ID: e.Attr("id"), State: e.Attr("state")}
		if reg.AOR == "" || reg.ID == "" || reg.State == "" {
			return nil, fmt.Errorf("%w: registration without aor, id or state", ErrBadContent)
		}
		for _, c := range e.All("contact") {
			reg.Contacts = append(reg.Contacts, regContact(c))
		}
		r.Registrations = append(r.Registrations, reg)
	}
	return r, nil
}

func regContact(e *xmlscan.Element) Contact {
	c := Contact{ID: e.Attr("id"), State: e.Attr("state"), Event: e.Attr("event"), URI: e.Child("uri").Text(),
		DisplayName: e.Child("display-name").Text(), Expires: wholeSeconds(e.Attr("expires")),
		RetryAfter: wholeSeconds(e.Attr("retry-after")),
		Q:          e.Attr("q"), CallID: e.Attr("callid")}
	c.CSeq, _ = strconv.ParseUint(e.Attr("cseq"), 10, 64)
	return c
}

func wholeSeconds(s string) time.Duration {
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil {
		return 0
	}
	return time.Duration(n) * time.Second
}

// mergeRegInfo puts a change on top of what was known (RFC 3680 section 5.2).
func mergeRegInfo(old, change *RegInfo) *RegInfo {
	merged := *change
	if old == nil {
		return &merged
	}
	merged.Registrations = nil
	for _, reg := range old.Registrations {
		if reg.State != "terminated" && !slices.ContainsFunc(change.Registrations, func(n Registration) bool {
			return n.ID == reg.ID
		}) {
			merged.Registrations = append(merged.Registrations, reg)
		}
	}
	for _, reg := range change.Registrations {
		if i := slices.IndexFunc(old.Registrations, func(o Registration) bool { return o.ID == reg.ID }); i >= 0 {
			reg.Contacts = mergeContacts(old.Registrations[i].Contacts, reg.Contacts)
		}
		merged.Registrations = append(merged.Registrations, reg)
	}
	return &merged
}

func mergeContacts(old, change []Contact) []Contact {
	var list []Contact
	for _, c := range old {
		if c.State != "terminated" && !slices.ContainsFunc(change, func(n Contact) bool { return n.ID == c.ID }) {
			list = append(list, c)
		}
	}
	return append(list, change...)
}
