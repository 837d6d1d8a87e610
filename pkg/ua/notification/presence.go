package notification

import (
	"fmt"
	"time"

	"github.com/gowebphone/webphone/pkg/ua/internal/xmlscan"
)

// Presence is the state of a person or service (RFC 3863).
type Presence struct {
	Entity     string // pres: or sip: URI
	Tuples     []Tuple
	Notes      []string
	Activities []string // of RFC 4480: "on-the-phone", "away", "busy", "meal", ...
}

// Tuple is one way to reach the entity.
type Tuple struct {
	ID        string
	Basic     string // "open", "closed" or "" when not said
	Contact   string // URI, when said
	Priority  string // of Contact, "0" to "1", when said
	Notes     []string
	Timestamp time.Time // of the last change, when said
}

// Open reports whether any tuple is open.
func (p *Presence) Open() bool {
	for _, t := range p.Tuples {
		if t.Basic == "open" {
			return true
		}
	}
	return false
}

// Namespaces of presence documents.
const (
	pidfSpace   = "urn:ietf:params:xml:ns:pidf"
	personSpace = "urn:ietf:params:xml:ns:pidf:data-model"
	rpidSpace   = "urn:ietf:params:xml:ns:pidf:rpid"
)

// ParsePresence reads application/pidf+xml (RFC 3863), with the activities of RFC 4480 where they are.
func ParsePresence(data []byte) (*Presence, error) {
	root, err := document(data, pidfSpace, "presence")
	if err != nil {
		return nil, err
	}
	p := &Presence{Entity: root.Attr("entity"), Notes: texts(root.All("note"))}
	if p.Entity == "" {
		return nil, fmt.Errorf("%w: presence without entity", ErrBadContent)
	}
	for _, e := range root.All("tuple") {
		p.Tuples = append(p.Tuples, presenceTuple(e))
		p.addActivities(e)
	}
	for _, e := range root.Children {
		if e.Name == (xmlscan.Name{Space: personSpace, Local: "person"}) {
			p.addActivities(e)
		}
	}
	return p, nil
}

func presenceTuple(e *xmlscan.Element) Tuple {
	contact := e.Child("contact")
	t := Tuple{ID: e.Attr("id"), Basic: e.Child("status").Child("basic").Text(), Contact: contact.Text(),
		Priority: contact.Attr("priority"), Notes: texts(e.All("note"))}
	if at, err := time.Parse(time.RFC3339, e.Child("timestamp").Text()); err == nil {
		t.Timestamp = at
	}
	return t
}

// addActivities takes the activities of a person, or of a tuple in older documents.
func (p *Presence) addActivities(e *xmlscan.Element) {
	list := e.ChildIn(rpidSpace, "activities")
	if list == nil {
		return
	}
	for _, a := range list.Children {
		if a.Name.Local != "note" {
			p.Activities = append(p.Activities, a.Name.Local)
		}
	}
}

func texts(list []*xmlscan.Element) []string {
	var all []string
	for _, e := range list {
		if t := e.Text(); t != "" {
			all = append(all, t)
		}
	}
	return all
}
