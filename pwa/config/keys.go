package config

// trait is what a key is, apart from its value.
type trait uint8

const (
	secret     trait = 1 << iota // never in a message, never read back
	preference                   // the user's own affair: may be set without EDIT_SETTINGS
	login                        // the user may set it where the operator did not
	linkable                     // may stand in the fragment of a link
	operator                     // config.json and the environment only
	visitor                      // a link or the embedding page only
)

// key is one variable of the schema. The table below is data only, so that it costs a browser no start-up time.
type key struct {
	name    string // dotted path in JSON
	example string
	traits  trait
	at      func(*Config) any                  // pointer to the field; its type decides how a value is read
	check   func(*key, string) (string, error) // for texts, and for each text of a list
	limit   int                                // of check and of numbers
	chars   string                             // of check
	whole   func([]string) error               // for a list of texts as a whole
}

func (k *key) is(t trait) bool { return k.traits&t != 0 }

// find returns nil for a name that is no key.
func find(name string) *key {
	for i := range keys {
		if keys[i].name == name {
			return &keys[i]
		}
	}
	return nil
}

const (
	digits  = "0123456789"
	letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

var keys = [...]key{
	{name: "wsServers", example: `"sip.example.com, wss://b.example.com:8089/ws"`, traits: login,
		at: func(c *Config) any { return &c.WSServers }},
	{name: "wsServer", example: `"sip.example.com"`, traits: login | linkable,
		at: func(c *Config) any { return &c.WSServer }},
	{name: "realm", example: `"sip.example.com"`, traits: login, check: checkLine, limit: 255, chars: `"<>\`,
		at: func(c *Config) any { return &c.Realm }},
	{name: "username", example: `"1001"`, traits: login | linkable, check: checkLine, limit: 128, chars: ` "<>\:;,?/`,
		at: func(c *Config) any { return &c.Username }},
	{name: "password", example: `"..."`, traits: login | secret, check: checkPassword,
		at: func(c *Config) any { return &c.Password }},
	{name: "displayName", example: `"Front Desk"`, traits: login | linkable, check: checkLine, limit: 128, chars: "<>",
		at: func(c *Config) any { return &c.DisplayName }},
	{name: "cli", example: `"+442079460000"`, traits: login | linkable, check: checkChars, limit: 64, chars: digits + letters +
		"+*#._-",
		at: func(c *Config) any { return &c.CLI }},
	{name: "transfers", example: `"domain"`, check: checkWord, chars: "ask, domain, refuse",
		at: func(c *Config) any { return &c.Transfers }},
	{name: "trustIdentity", example: "true",
		at: func(c *Config) any { return &c.TrustIdentity }},
	{name: "autoRegister", example: "true",
		at: func(c *Config) any { return &c.AutoRegister }},
	{name: "brandName", example: `"Example Clinic"`, check: checkLine, limit: 64, chars: "<>",
		at: func(c *Config) any { return &c.BrandName }},
	{name: "css", example: `"/brand.css"`, check: checkURL,
		at: func(c *Config) any { return &c.CSS }},
	{name: "menu", example: `[{"id":"history","order":1}]`,
		at: func(c *Config) any { return &c.Menu }},
	{name: "flags", example: `["EDIT_SETTINGS"]`,
		at: func(c *Config) any { return &c.Flags }},
	{name: "codec.delete", example: `["PC.*","red.*"]`, check: checkPattern, whole: leavesVoice,
		at: func(c *Config) any { return &c.Codec.Delete }},
	{name: "codec.priority", example: `["opus","G722"]`, check: checkPattern,
		at: func(c *Config) any { return &c.Codec.Priority }},
	{name: "iceServers", example: `[{"urls":"turns:turn.example.com:443","username":"...","credential":"..."}]`, traits: secret,
		at: func(c *Config) any { return &c.ICEServers }},
	{name: "iceTransportPolicy", example: `"relay"`, check: checkWord, chars: "all, relay",
		at: func(c *Config) any { return &c.ICETransportPolicy }},
	{name: "phonebook", example: `"/phonebook.json"`, check: checkURL,
		at: func(c *Config) any { return &c.Phonebook }},
	{name: "provisioning", example: `"/provision"`, traits: operator, check: checkURL,
		at: func(c *Config) any { return &c.Provisioning }},
	{name: "frameAncestors", example: `["https://crm.example.com"]`, traits: operator, check: checkAncestor, whole: noneAlone,
		at: func(c *Config) any { return &c.FrameAncestors }},
	{name: "language", example: `"de"`, traits: preference | linkable, check: checkLanguage,
		at: func(c *Config) any { return &c.Language }},
	{name: "theme", example: `"dark"`, traits: preference | linkable, check: checkWord, chars: "system, light, dark",
		at: func(c *Config) any { return &c.Theme }},
	{name: "retention.days", example: "90", limit: 36500,
		at: func(c *Config) any { return &c.Retention.Days }},
	{name: "retention.entries", example: "500", limit: 100000,
		at: func(c *Config) any { return &c.Retention.Entries }},
	{name: "numbering.country", example: `"44"`, traits: preference, check: checkChars, limit: 3, chars: digits,
		at: func(c *Config) any { return &c.Numbering.Country }},
	{name: "numbering.trunk", example: `"0"`, traits: preference, check: checkChars, limit: 4, chars: digits,
		at: func(c *Config) any { return &c.Numbering.Trunk }},
	{name: "numbering.international", example: `"00"`, traits: preference, check: checkChars, limit: 6, chars: digits,
		at: func(c *Config) any { return &c.Numbering.International }},
	{name: "screenPop.url", example: `"https://crm.example.com/find?number={number}"`, check: checkPop,
		at: func(c *Config) any { return &c.ScreenPop.URL }},
	{name: "screenPop.on", example: `"answer"`, check: checkWord, chars: "ring, answer",
		at: func(c *Config) any { return &c.ScreenPop.On }},
	{name: "screenPop.target", example: `"link"`, check: checkWord, chars: "pane, link",
		at: func(c *Config) any { return &c.ScreenPop.Target }},
	{name: "number", example: `"+442079460000"`, traits: visitor | linkable, check: checkChars, limit: 128, chars: digits +
		letters + "+*#.-_()/@: ;=?&%,$!~[]",
		at: func(c *Config) any { return &c.Number }},
	{name: "show.dialpad", example: "true", at: func(c *Config) any { return &c.Show.Dialpad }},
	{name: "show.number", example: "true", at: func(c *Config) any { return &c.Show.Number }},
	{name: "show.answer", example: "true", at: func(c *Config) any { return &c.Show.Answer }},
	{name: "show.hangup", example: "true", at: func(c *Config) any { return &c.Show.Hangup }},
	{name: "show.hold", example: "true", at: func(c *Config) any { return &c.Show.Hold }},
	{name: "show.mute", example: "true", at: func(c *Config) any { return &c.Show.Mute }},
	{name: "show.dial", example: "true", at: func(c *Config) any { return &c.Show.Dial }},
	{name: "show.status", example: "true", at: func(c *Config) any { return &c.Show.Status }},
}
