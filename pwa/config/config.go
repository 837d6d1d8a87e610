package config

import "slices"

// Config is a configuration, or one layer of it: what one source says. The zero value says nothing. Printing it and
// json.Marshal leave out what must not be read back; use Public for config.json.
type Config struct {
	WSServers     []Server // servers to choose from; for a configured phone the fail-over order
	WSServer      []Server // the server chosen; several are a fail-over order of their own
	Realm         string   // authorisation domain; empty means those that ask at registration, and the domain of the account
	Username      string   // authentication user, and user part of the address of record
	Password      string   // secret
	DisplayName   string   // name in From
	CLI           string   // number in From, apart from the user name; may be empty
	Transfers     string   // "ask", "domain" or "refuse": whether a call goes on with whom the other side hands us to
	TrustIdentity bool     // what the server says about who calls is believed (P-Asserted-Identity, Remote-Party-ID)
	AutoRegister  bool     // register as soon as there are credentials

	Show Show // which parts of the screen exist

	BrandName string
	CSS       string    // URL of a style sheet
	Menu      []MenuRow // in the order shown; empty means the built-in menu
	Flags     []Flag

	Codec              Codec
	ICEServers         []ICEServer // secret: they carry credentials
	ICETransportPolicy string      // "all" or "relay"

	Phonebook      string   // URL of the company phonebook (JSON, vCard, CSV, or the XML of telephones)
	Provisioning   string   // URL of the provisioning object, fetched at sign-in
	FrameAncestors []string // who may show the page in a frame and drive it; sources of the CSP, empty means its own origin

	Language  string // BCP 47, empty means the browser's
	Theme     string // "system", "light" or "dark"
	Retention Retention
	Numbering Numbering
	ScreenPop ScreenPop

	Number string // put into the number field by a link or the embedding page; never dialled by itself

	source Source
	set    map[string]Source // which keys were set, and by whom
	merged bool              // a result of Merge, which holds the built-in values too
	marks  map[string]Mark
}

// Show switches the parts of the screen. All off is a headless phone, driven by its API.
type Show struct {
	Dialpad, Number, Answer, Hangup, Hold, Mute, Dial, Status bool
}

// Headless reports whether every part is off.
func (s Show) Headless() bool { return s == Show{} }

// MenuRow is one row of the menu. ID is one of the built-in pages (home, dialpad, agent, history, contacts, settings) or
// a name of its own for a page at URL.
type MenuRow struct {
	ID       string `json:"id"`
	Title    string `json:"title,omitempty"`
	URL      string `json:"url,omitempty"`
	Icon     string `json:"icon,omitempty"` // name of a sign, or URL of an image
	Order    int    `json:"order,omitempty"`
	Disabled bool   `json:"disabled,omitempty"`
}

// Pages are the ids of the built-in pages.
var Pages = []string{"home", "dialpad", "agent", "history", "contacts", "settings"}

// Flag is one of the switches of the provisioning object.
type Flag string

const (
	EditSettings  Flag = "EDIT_SETTINGS"  // the user may change what is not locked; without it settings are read-only
	TitleUsername Flag = "TITLE_USERNAME" // the user name stands in the title
	HideVersion   Flag = "HIDE_VERSION"   // the version is not shown
	MenuRight     Flag = "MENU_RIGHT"     // the menu stands on the right
	AutoAnswer    Flag = "AUTO_ANSWER"    // incoming calls are answered at once
	HideLogout    Flag = "HIDE_LOGOUT"    // no way to log out, for a phone on a desk
	NoHistory     Flag = "NO_HISTORY"     // calls are not remembered
)

var allFlags = []Flag{EditSettings, TitleUsername, HideVersion, MenuRight, AutoAnswer, HideLogout, NoHistory}

// Has reports whether a flag is set.
func (c Config) Has(f Flag) bool { return slices.Contains(c.Flags, f) }

// ICEServer is a STUN or TURN server, as in RTCIceServer of the W3C.
type ICEServer struct {
	URLs       []string `json:"urls"`
	Username   string   `json:"username,omitempty"`
	Credential string   `json:"credential,omitempty"`
}

// Retention is how long history is kept; 0 means no limit.
type Retention struct {
	Days, Entries int
}

// ScreenPop is a page about who is on the line, such as a customer's in a CRM.
type ScreenPop struct {
	URL    string // with {number}, {name}, {callId} and {user}; empty means there is none
	On     string // "ring" or "answer": when it is there
	Target string // "pane": in the phone, where it may be framed; "link": in a tab of its own
}

// Numbering tells how numbers are written where the user is, so that a caller is found in the contacts.
type Numbering struct {
	Country       string // country code without plus, "44"
	Trunk         string // in front of national numbers, "0"
	International string // in front of a country code, "00"
}

// Defaults returns the built-in layer. Merge starts with it.
func Defaults() Config {
	return Config{
		AutoRegister:       true,
		Show:               Show{true, true, true, true, true, true, true, true},
		ICETransportPolicy: "all",
		Transfers:          "ask",
		Theme:              "system",
		Retention:          Retention{Days: 365, Entries: 1000},
		Numbering:          Numbering{International: "00"},
		ScreenPop:          ScreenPop{On: "ring", Target: "pane"},
	}
}

// FailOver returns the servers a configured phone tries, in order: the chosen one first, then the others of the list it
// was chosen from. A chosen server that stands in no list is tried alone: others may not know the user.
func (c Config) FailOver() []Server {
	if len(c.WSServer) == 0 {
		return c.WSServers
	}
	order := slices.Clone(c.WSServer)
	if !within(c.WSServer, c.WSServers) {
		return order
	}
	for _, s := range c.WSServers {
		if !slices.Contains(order, s) {
			order = append(order, s)
		}
	}
	return order
}

func within(chosen, list []Server) bool {
	for _, s := range chosen {
		if !slices.ContainsFunc(list, func(l Server) bool { return l.URL == s.URL }) {
			return false
		}
	}
	return true
}
