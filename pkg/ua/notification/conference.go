package notification

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/gowebphone/webphone/pkg/ua/internal/xmlscan"
)

// ConferenceInfo is the state of a conference (RFC 4575).
type ConferenceInfo struct {
	Version   uint64
	Full      bool // as received; what Package.Read returns is the whole state either way
	Deleted   bool // the conference is over
	Entity    string
	Subject   string
	Text      string // display text
	MaxUsers  int
	UserCount int // as the focus counts; it may hide users
	Active    bool
	Locked    bool
	Users     []User

	described, stated, usersFull bool // which sections the document had
}

// User is one participant.
type User struct {
	Entity      string
	DisplayName string
	Roles       []string
	Endpoints   []Endpoint

	state string
}

// Endpoint is one device of a participant.
type Endpoint struct {
	Entity      string
	DisplayName string
	// "connected", "disconnected", "on-hold", "muted-via-focus", "pending", "alerting", "dialing-in", "dialing-out",
	// "disconnecting"
	Status string
	Joined string // "dialed-in", "dialed-out", "focus-owner"
	Left   string // "departed", "booted", "failed", "busy"
	Media  []Media

	state string
}

// Media is one stream of a device.
type Media struct {
	ID, Type, Label, Source string
	Status                  string // "recvonly", "sendonly", "sendrecv", "inactive"
}

func (c *ConferenceInfo) number() uint64 { return c.Version }
func (c *ConferenceInfo) isFull() bool   { return c.Full }

func (c *ConferenceInfo) entries() int {
	n := 0
	for _, u := range c.Users {
		n += 1 + len(u.Endpoints)
	}
	return n
}

const conferenceSpace = "urn:ietf:params:xml:ns:conference-info"

// ParseConferenceInfo reads application/conference-info+xml (RFC 4575), one document by itself.
func ParseConferenceInfo(data []byte) (*ConferenceInfo, error) {
	root, err := document(data, conferenceSpace, "conference-info")
	if err != nil {
		return nil, err
	}
	c := &ConferenceInfo{Entity: root.Attr("entity"), Deleted: root.Attr("state") == "deleted"}
	if c.Version, c.Full, err = version(root); err != nil {
		return nil, err
	}
	if d := root.Child("conference-description"); d != nil {
		c.described, c.Subject, c.Text = true, d.Child("subject").Text(), d.Child("display-text").Text()
		count(d.Child("maximum-user-count").Text(), &c.MaxUsers)
	}
	if s := root.Child("conference-state"); s != nil {
		c.stated, c.Active, c.Locked = true, isTrue(s.Child("active").Text()), isTrue(s.Child("locked").Text())
		count(s.Child("user-count").Text(), &c.UserCount)
	}
	users := root.Child("users")
	c.usersFull = users != nil && users.Attr("state") != "partial"
	for _, e := range users.All("user") {
		u := conferenceUser(e)
		if u.Entity == "" {
			return nil, fmt.Errorf("%w: user without entity", ErrBadContent)
		}
		c.Users = append(c.Users, u)
	}
	return c, nil
}

func isTrue(s string) bool {
	v, _ := strconv.ParseBool(s)
	return v
}

func conferenceUser(e *xmlscan.Element) User {
	u := User{Entity: e.Attr("entity"), DisplayName: e.Child("display-text").Text(), state: e.Attr("state"),
		Roles: texts(e.Child("roles").All("entry"))}
	for _, p := range e.All("endpoint") {
		end := Endpoint{Entity: p.Attr("entity"), DisplayName: p.Child("display-text").Text(), Status: p.Child("status").Text(),
			Joined: p.Child("joining-method").Text(), Left: p.Child("disconnection-method").Text(), state: p.Attr("state")}
		for _, m := range p.All("media") {
			end.Media = append(end.Media, Media{ID: m.Attr("id"), Type: m.Child("type").Text(), Label: m.Child("label").Text(),
				Source: m.Child("src-id").Text(), Status: m.Child("status").Text()})
		}
		u.Endpoints = append(u.Endpoints, end)
	}
	return u
}

// mergeConferenceInfo puts a change on top of what was known (RFC 4575 section 4.6). Sections that are there replace those of
// before; users and endpoints are tables of their own, by entity.
func mergeConferenceInfo(old, change *ConferenceInfo) *ConferenceInfo {
	merged := *change
	if old == nil {
		old = &ConferenceInfo{}
	}
	if !change.described {
		merged.Subject, merged.Text, merged.MaxUsers = old.Subject, old.Text, old.MaxUsers
	}
	if !change.stated {
		merged.UserCount, merged.Active, merged.Locked = old.UserCount, old.Active, old.Locked
	}
	known := old.Users
	if change.usersFull {
		known = nil
	}
	merged.Users = nil
	for _, u := range known {
		if !slices.ContainsFunc(change.Users, func(n User) bool { return n.Entity == u.Entity }) {
			merged.Users = append(merged.Users, u)
		}
	}
	for _, u := range change.Users {
		i := slices.IndexFunc(known, func(o User) bool { return o.Entity == u.Entity })
		if i >= 0 && u.state == "partial" {
			u = mergeUser(known[i], u)
		}
		if u.state != "deleted" {
			merged.Users = append(merged.Users, u)
		}
	}
	return &merged
}

// mergeUser puts a partial user on top of what was known: what is there replaces, endpoints are a table of their own.
func mergeUser(old, change User) User {
	merged := old
	if change.DisplayName != "" {
		merged.DisplayName = change.DisplayName
	}
	if len(change.Roles) > 0 {
		merged.Roles = change.Roles
	}
	merged.Endpoints = nil
	for _, e := range old.Endpoints {
		if !slices.ContainsFunc(change.Endpoints, func(n Endpoint) bool { return n.Entity == e.Entity }) {
			merged.Endpoints = append(merged.Endpoints, e)
		}
	}
	for _, e := range change.Endpoints {
		i := slices.IndexFunc(old.Endpoints, func(o Endpoint) bool { return o.Entity == e.Entity })
		if i >= 0 && e.state == "partial" {
			e = mergeEndpoint(old.Endpoints[i], e)
		}
		if e.state != "deleted" {
			merged.Endpoints = append(merged.Endpoints, e)
		}
	}
	return merged
}

// mergeEndpoint does so for an endpoint, whose media are replaced by their ID.
func mergeEndpoint(old, change Endpoint) Endpoint {
	merged := old
	for _, f := range []struct {
		to   *string
		from string
	}{{&merged.DisplayName, change.DisplayName}, {&merged.Status, change.Status}, {&merged.Joined, change.Joined},
		{&merged.Left, change.Left}} {
		if f.from != "" {
			*f.to = f.from
		}
	}
	merged.Media = nil
	for _, m := range old.Media {
		if !slices.ContainsFunc(change.Media, func(n Media) bool { return n.ID == m.ID }) {
			merged.Media = append(merged.Media, m)
		}
	}
	merged.Media = append(merged.Media, change.Media...)
	return merged
}
