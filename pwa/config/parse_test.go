package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func mustParse(t *testing.T, s string) Config {
	t.Helper()
	c, err := Parse([]byte(s))
	if err != nil {
		t.Fatalf("Parse(%s): %v", s, err)
	}
	return c
}

func mustRead(t *testing.T, source Source, s string) Config {
	t.Helper()
	c, faults, err := Read(source, []byte(s))
	if err != nil || len(faults) > 0 {
		t.Fatalf("Read(%v, %s): %v %v", source, s, faults, err)
	}
	return c
}

func TestParseEverything(t *testing.T) {
	c := mustParse(t, `{"wsServers": "a.example.com'b.example.com", "wsServer": ["b.example.com"], "realm": "example.com", "username": "1001",
	  "password": " p<w\"d ", "displayName": "Front Desk", "cli": "", "autoRegister": "no",
	  "show": {"dialpad": false, "status": "off", "mute": true},
	  "brandName": "Example Clinic", "css": "/brand.css",
	  "menu": [{"id":"crm","title":"Customers","url":"https://crm.example.com/","icon":"building","order":9},
	           {"id":"dialpad","position":"1"}, {"id":"agent","position":"disabled"}],
	  "flags": ["edit_settings","AUTO_ANSWER","AUTO_ANSWER"],
	  "codec": {"delete": ["PC.*","red.*"], "priority": "opus"},
	  "iceServers": [{"urls":"stun:stun.example.com"},{"urls":["turns:turn.example.com:443?transport=tcp"],"username":"u","credential":"c"}],
	  "iceTransportPolicy": "relay", "phonebook": "book.json", "provisioning": "https://crm.example.com/p",
	  "frameAncestors": "https://crm.example.com/", "language": "pt-BR", "theme": "Dark",
	  "retention": {"days": 30, "entries": "200"}, "numbering": {"country": "44", "trunk": "0"}}`)
	want := Config{
		WSServers: []Server{{"wss://a.example.com", "a.example.com"}, {"wss://b.example.com", "b.example.com"}},
		WSServer:  []Server{{"wss://b.example.com", "b.example.com"}},
		Realm:     "example.com", Username: "1001", Password: ` p<w"d `, DisplayName: "Front Desk",
		Show:      Show{Mute: true},
		BrandName: "Example Clinic", CSS: "/brand.css",
		Menu: []MenuRow{{ID: "agent", Disabled: true}, {ID: "dialpad", Order: 1},
			{ID: "crm", Title: "Customers", URL: "https://crm.example.com/", Icon: "building", Order: 9}},
		Flags: []Flag{EditSettings, AutoAnswer},
		Codec: Codec{Delete: []string{"PC.*", "red.*"}, Priority: []string{"opus"}},
		ICEServers: []ICEServer{{URLs: []string{"stun:stun.example.com"}},
			{URLs: []string{"turns:turn.example.com:443?transport=tcp"}, Username: "u", Credential: "c"}},
		ICETransportPolicy: "relay", Phonebook: "book.json", Provisioning: "https://crm.example.com/p",
		FrameAncestors: []string{"https://crm.example.com"}, Language: "pt-BR", Theme: "dark",
		Retention: Retention{30, 200}, Numbering: Numbering{Country: "44", Trunk: "0"},
	}
	c.source, c.set = want.source, want.set
	if !reflect.DeepEqual(c, want) {
		t.Errorf("got  %#v\nwant %#v", c, want)
	}
}

// TestServersOfOldAreRead has "url", which browsers took before "urls".
func TestServersOfOldAreRead(t *testing.T) {
	for _, test := range []struct{ json, want string }{
		{`{"url":"stun:a.example"}`, "stun:a.example"},
		{`{"urls":["stun:a.example"],"url":"stun:b.example"}`, "stun:a.example stun:b.example"},
		{`{"url":"turn:a.example","username":"u","credential":"c"}`, "turn:a.example"},
	} {
		c := mustParse(t, `{"iceServers":[`+test.json+`]}`)
		if len(c.ICEServers) != 1 || strings.Join(c.ICEServers[0].URLs, " ") != test.want {
			t.Errorf("%s: got %+v, want %q", test.json, c.ICEServers, test.want)
		}
	}
	for _, refused := range []string{`{"url":"http://a.example"}`, `{"url":"turn:a.example"}`, `{"url":""}`} {
		if _, err := Parse([]byte(`{"iceServers":[` + refused + `]}`)); err == nil {
			t.Errorf("%s is taken", refused)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	long := strings.Repeat("x", 64<<10)
	for _, c := range []struct{ json, key, reason string }{
		{`{"wsServer": 7}`, "wsServer", "list of texts"},
		{`{"sipUser": {"wsServer": "http://x"}}`, "sipUser.wsServer", "wss://"},
		{`{"sipUser": {"shell": "x"}}`, "sipUser.shell", "no such key"},
		{`{"sipUser": "1001"}`, "sipUser", "object"},
		{`{"username": 1001}`, "username", "text in quotes"},
		{`{"username": "10 01"}`, "username", "must not contain"},
		{`{"username": "1001\r\nContact: <sip:x>"}`, "username", "line break"},
		{`{"username": "a\u0000b"}`, "username", "control"},
		{`{"displayName": "<b>Front Desk</b>"}`, "displayName", "must not contain <"},
		{`{"displayName": "Front \u202eDesk"}`, "displayName", "direction"},
		{`{"displayName": "` + long + `"}`, "displayName", "too long"},
		{`{"displayName": "Front\nDesk"}`, "displayName", "line break"},
		{`{"brandName": "<img src=x onerror=alert(1)>"}`, "brandName", "must not contain <"},
		{`{"realm": "a\"b"}`, "realm", "must not contain"},
		{`{"cli": "+44 20"}`, "cli", "these characters only: 0-9 A-Z"},
		{`{"cli": "1@evil.example"}`, "cli", "these characters only: 0-9 A-Z"},
		{`{"autoRegister": "perhaps"}`, "autoRegister", "true or false"},
		{`{"autoRegister": 1}`, "autoRegister", "true or false"},
		{`{"show": {"dialpadd": true}}`, "show.dialpadd", "no such key"},
		{`{"show": true}`, "show", "object"},
		{`{"css": "javascript:alert(1)"}`, "css", "https://"},
		{`{"css": "data:text/css,x"}`, "css", "may be used"},
		{`{"css": "//evil.example/x.css"}`, "css", "may be used"},
		{`{"css": "http://evil.example/x.css"}`, "css", "not encrypted"},
		{`{"provisioning": "http://[::1]:8080/provision"}`, "provisioning", "127.0.0.1 or localhost"},
		{`{"phonebook": "http://phone.localhost/book"}`, "phonebook", "127.0.0.1 or localhost"},
		{`{"menu": [{"id": "x", "url": "http://127.0.0.2/"}]}`, "menu", "127.0.0.1 or localhost"},
		{`{"css": "https://a.example; script-src *"}`, "css", "may be used"},
		{`{"phonebook": "https://u:p@a.example/book"}`, "phonebook", "user name or password"},
		{`{"phonebook": "\\\\evil\\book"}`, "phonebook", "may be used"},
		{`{"menu": {"id": "x"}}`, "menu", "must be a list"},
		{`{"menu": [{"id": "x"}]}`, "menu", "built-in pages"},
		{`{"menu": [{"id": "x", "url": "javascript:alert(1)"}]}`, "menu", "https://"},
		{`{"menu": [{"id": "x", "url": "JaVaScRiPt:alert(1)"}]}`, "menu", "https://"},
		{`{"menu": [{"id": "x", "url": "java\tscript:alert(1)"}]}`, "menu", "line break"},
		{`{"menu": [{"id": "x", "url": "vbscript:x"}]}`, "menu", "https://"},
		{`{"menu": [{"id": "home", "title": "<i>Home</i>"}]}`, "menu", "title"},
		{`{"menu": [{"id": "home", "icon": "data:image/svg+xml,x"}]}`, "menu", "icon"},
		{`{"menu": [{"id": "home"}, {"id": "home"}]}`, "menu", "two rows"},
		{`{"menu": [{"id": "home", "position": "left"}]}`, "menu", "position"},
		{`{"menu": [{"id": "a b"}]}`, "menu", "letters"},
		{`{"flags": ["EDIT_SETTING"]}`, "flags", "EDIT_SETTINGS"},
		{`{"codec": {"delete": ["("]}}`, "codec.delete", "regular expression"},
		{`{"codec": {"delete": [".*"]}}`, "codec.delete", "every voice codec"},
		{`{"codec": {"delete": ["opus","G7","pcm"]}}`, "codec.delete", "every voice codec"},
		{`{"codec": {"priority": [""]}}`, "codec.priority", "empty"},
		{`{"iceServers": [{"urls": "http://x"}]}`, "iceServers", "stun:"},
		{`{"iceServers": [{"urls": "turn:t.example"}]}`, "iceServers", "credential"},
		{`{"iceServers": [{}]}`, "iceServers", "without urls"},
		{`{"iceTransportPolicy": "none"}`, "iceTransportPolicy", "all, relay"},
		{`{"frameAncestors": ["*"]}`, "frameAncestors", "origin"},
		{`{"frameAncestors": ["https://*.com"]}`, "frameAncestors", "top-level"},
		{`{"frameAncestors": ["http://crm.example.com"]}`, "frameAncestors", "not encrypted"},
		{`{"frameAncestors": ["https://a.example; script-src *"]}`, "frameAncestors", "host name"},
		{`{"frameAncestors": ["none", "self"]}`, "frameAncestors", "beside"},
		{`{"language": "english please"}`, "language", "tag"},
		{`{"theme": "pink"}`, "theme", "light"},
		{`{"retention": {"days": -1}}`, "retention.days", "whole number"},
		{`{"retention": {"days": 1.5}}`, "retention.days", "whole number"},
		{`{"numbering": {"country": "+44"}}`, "numbering.country", "these characters only"},
		{`{"number": "100"}`, "number", "links"},
		{`{"locked": ["nope"]}`, "locked", "names no key"},
		{`{"locked": {}}`, "locked", "list of keys"},
		{`{"WSSERVERS": "x"}`, "WSSERVERS", "no such key"},
		{`{"` + long + `": 1}`, "xxx", "no such key"},
		{`[1]`, "(whole input)", "no JSON object"},
		{"{\n\n\"a\": }", "(whole input)", "line 3"},
		{`{"a":1}{}`, "(whole input)", "no JSON object"},
		{``, "(whole input)", "no JSON object"},
		{`{"a":"` + strings.Repeat("x", 1<<20) + `"}`, "(whole input)", "1 MB"},
	} {
		_, err := Parse([]byte(c.json))
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("Parse(%.60s) = %v, want an *Error", c.json, err)
			continue
		}
		if !strings.HasPrefix(e.Key, c.key) || !strings.Contains(e.Reason, c.reason) {
			t.Errorf("Parse(%.60s): %v, want key %s and reason %q", c.json, e, c.key, c.reason)
		}
		if len(err.Error()) > 1000 || strings.ContainsFunc(err.Error(), func(r rune) bool { return r < 0x20 || r > 0x7e }) {
			t.Errorf("Parse(%.60s): the error is not short and printable: %.200q", c.json, err)
		}
	}
}

func TestParseReportsAllFaults(t *testing.T) {
	_, err := Parse([]byte(`{"theme": "pink", "nope": 1, "language": "de"}`))
	var all Errors
	if !errors.As(err, &all) || len(all) != 2 {
		t.Fatalf("got %v, want both faults", err)
	}
}

func TestErrorsShowNoSecret(t *testing.T) {
	for _, in := range []string{
		`{"password": "hunter\n2"}`, `{"password": ["hunter"]}`, `{"sipUser": {"password": {"hunter": 1}}}`,
		`{"iceServers": [{"urls": "http://x", "credential": "hunter"}]}`, `{"iceServers": "hunter"}`,
		`{"phonebook": "http://a.example/?token=hunter"}`, `{"wsServers": "wss://a:hunter@x.example"}`,
	} {
		_, err := Parse([]byte(in))
		if err == nil || strings.Contains(err.Error(), "hunter") {
			t.Errorf("Parse(%s): %v", in, err)
		}
	}
	if _, err := FromEnviron([]string{"WEBPHONE_PASSWORD=hunter\r\n"}); err == nil || strings.Contains(err.Error(), "hunter") {
		t.Errorf("FromEnviron: %v", err)
	}
	if _, err := FromEnviron([]string{"WEBPHONE_PASWORD=hunter"}); err == nil || strings.Contains(err.Error(), "hunter") {
		t.Errorf("a misspelt variable: %v", err)
	}
}

func TestReadIsLenient(t *testing.T) {
	c, faults, err := Read(Provisioned, []byte(`{"brandName":"Example Clinic","theme":"pink","what":1,
	  "flags":["TITLE_USERNAME","FROM_THE_FUTURE"],"sipUser":{"username":"1001","password":"x","wsServer":"sip.example.com","note":1},
	  "provisioning":"https://evil.example/","frameAncestors":["https://evil.example"]}`))
	if err != nil {
		t.Fatal(err)
	}
	if c.BrandName != "Example Clinic" || c.Username != "1001" || c.Password != "x" ||
		urls(c.WSServer)[0] != "wss://sip.example.com" {
		t.Errorf("the good values are not taken: %v", c)
	}
	if !c.Has(TitleUsername) || len(c.Flags) != 1 {
		t.Errorf("flags %v, want the known one", c.Flags)
	}
	if c.Theme != "" || c.Provisioning != "" || c.FrameAncestors != nil {
		t.Errorf("a refused value was taken: %v", c)
	}
	var got []string
	for _, f := range faults {
		got = append(got, f.Key)
	}
	want := []string{"flags", "frameAncestors", "provisioning", "sipUser.note", "theme", "what"}
	if slices.Sort(got); !slices.Equal(got, want) {
		t.Errorf("reported %v, want %v", got, want)
	}
}

func TestFromEnviron(t *testing.T) {
	c, err := FromEnviron([]string{"PATH=/bin", "wsServers=old.example.com", "WEBPHONE_WS_SERVERS=a.example.com,b.example.com",
		"username=1001", "USERNAME=root", "LANGUAGE=en_GB:en", "theme=pink", "WEBPHONE_REALM=", "WEBPHONE_SHOW_DIALPAD=off",
		"WEBPHONE_CODEC_DELETE=PC.* red.*", "WEBPHONE_RETENTION_DAYS=7", "WEBPHONE_LISTEN=:8080",
		"WEBPHONE_FLAGS=EDIT_SETTINGS,AUTO_ANSWER",
		`WEBPHONE_MENU=[{"id":"history"}]`, "WEBPHONE_ICE_SERVERS=stun:stun.example.com",
		"WEBPHONE_FRAME_ANCESTORS=https://crm.example.com self",
		"WEBPHONE_LOCKED=username,show", "WEBPHONE_PRIVATE=realm", "WEBPHONE_PASSWORD=a=b c"}, "WEBPHONE_LISTEN")
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(urls(c.WSServers), " "); got != "wss://a.example.com wss://b.example.com" {
		t.Errorf("servers %s, want those of WEBPHONE_WS_SERVERS", got)
	}
	if c.Username != "1001" || c.Password != "a=b c" || c.Theme != "" || c.IsSet("realm") || !c.IsSet("show.dialpad") ||
		!slices.Equal(c.Codec.Delete, []string{"PC.*", "red.*"}) || c.Retention.Days != 7 || len(c.Menu) != 1 ||
		!slices.Equal(c.FrameAncestors, []string{"https://crm.example.com", "'self'"}) || !c.Has(AutoAnswer) {
		t.Errorf("got %#v", c)
	}
	if c.Marks("username") != Locked || c.Marks("show.hold") != Locked || c.Marks("realm") != Private ||
		c.Marks("password") != Protected {
		t.Errorf("marks %v", c.marks)
	}
	for typo, want := range map[string]string{
		"WEBPHONE_WSSERVERS": "WEBPHONE_WS_SERVERS", "WEBPHONE_WSSERVER": "WEBPHONE_WS_SERVER",
		"WEBPHONE_wsServers": "WEBPHONE_WS_SERVERS", "WEBPHONE_WS_SERVERS_": "WEBPHONE_WS_SERVERS",
		"WEBPHONE_SHOWDIALPAD": "WEBPHONE_SHOW_DIALPAD", "WEBPHONE_Locked": "WEBPHONE_LOCKED",
	} {
		if _, err := FromEnviron([]string{typo + "=realm"}); err == nil || !strings.HasSuffix(err.Error(), "it is called "+want) {
			t.Errorf("%s: %v, want to be told of %s", typo, err, want)
		}
	}
	_, err = FromEnviron([]string{"WEBPHONE_COLOUR=red", "WEBPHONE_THEME=pink"})
	var all Errors
	if !errors.As(err, &all) || len(all) != 2 || !strings.Contains(err.Error(), "WEBPHONE_COLOUR") ||
		!strings.Contains(err.Error(), "WEBPHONE_THEME") {
		t.Errorf("got %v, want both variables named", err)
	}
}

// TestListsInTheEnvironment are written as in config.json, or as words.
func TestListsInTheEnvironment(t *testing.T) {
	for _, test := range []struct{ variable, want string }{
		{`WEBPHONE_LOCKED=["username","realm"]`, "locked=[realm username]"},
		{`WEBPHONE_LOCKED= [ "username" , "realm" ] `, "locked=[realm username]"},
		{`WEBPHONE_LOCKED=username, realm`, "locked=[realm username]"}, {`WEBPHONE_PRIVATE=["realm"]`, "private=[realm]"},
		{`WEBPHONE_PROTECTED=["realm"]`, "protected=[realm]"}, {`WEBPHONE_DEFAULT=["realm"]`, "default=[realm]"},
		{`WEBPHONE_LOCKED=[]`, "locked=[]"},
		{`WEBPHONE_WS_SERVERS=["wss://a.example.com","b.example.com"]`, "servers=[wss://a.example.com wss://b.example.com]"},
		{`WEBPHONE_WS_SERVERS=["a.example.com, b.example.com"]`, "servers=[wss://a.example.com wss://b.example.com]"},
		{`WEBPHONE_WS_SERVERS=a.example.com, b.example.com`, "servers=[wss://a.example.com wss://b.example.com]"},
		{`WEBPHONE_WS_SERVERS=[2001:db8::1]:8089`, "servers=[wss://[2001:db8::1]:8089]"},
		{`WEBPHONE_CODEC_DELETE=[Pp].* red`, "delete=[[Pp].* red]"},
		{`WEBPHONE_CODEC_DELETE=["PC.*", "G7[0-9]{2}"]`, "delete=[PC.* G7[0-9]{2}]"},
	} {
		c, err := FromEnviron([]string{test.variable})
		if err != nil {
			t.Errorf("%s: %v", test.variable, err)
			continue
		}
		var urls []string
		for _, s := range c.WSServers {
			urls = append(urls, s.URL)
		}
		got := fmt.Sprint("servers=", urls, " delete=", c.Codec.Delete)
		for _, m := range markNames {
			got += fmt.Sprint(" ", m.word, "=", c.marked(m.mark))
		}
		if !strings.Contains(got, test.want) {
			t.Errorf("%s: %s, want %s", test.variable, got, test.want)
		}
	}
	for _, broken := range []string{
		`WEBPHONE_LOCKED=["username"`, `WEBPHONE_LOCKED=["username",1]`, `WEBPHONE_WS_SERVERS=["a.example.com"`,
	} {
		if _, err := FromEnviron([]string{broken}); err == nil || !strings.Contains(err.Error(), "list of texts") {
			t.Errorf("%s: %v, want to be told that it is no list", broken, err)
		}
	}
}

func TestVariableNamesReadBack(t *testing.T) {
	for _, name := range Names() {
		if strings.TrimPrefix(squash(Variable(name)), "WEBPHONE") != squash(name) {
			t.Errorf("%s for %s", Variable(name), name)
		}
	}
	if got := Variable("wsServers"); got != "WEBPHONE_WS_SERVERS" {
		t.Error(got)
	}
}

func TestLinksMayNameNumbersWithParameters(t *testing.T) {
	for _, number := range []string{"tel:+49-30-123;ext=12", "tel:1002;phone-context=example.com",
		"sip:1002@[2001:db8::1];transport=tls?Subject=a%20b&X=y"} {
		link, faults := FromFragment("#number=" + url.QueryEscape(number)) // as a browser fills the address of a protocol handler
		if link.Number != number || len(faults) > 0 {
			t.Errorf("%q: got %q, %v, want it as it is (RFC 3966 section 3, RFC 3261 section 19.1)", number, link.Number, faults)
		}
	}
}

func TestLinkEndsAt2048Letters(t *testing.T) {
	name := func(n int) string {
		return "language=de&password=" + strings.Repeat("x", n-len("language=de&password="))
	}
	c, faults := FromFragment("#" + name(2048))
	if c.Language != "de" || len(faults) != 1 || faults[0].Key != "password" {
		t.Errorf("2048 letters: language %q, %v; want it read", c.Language, faults)
	}
	c, faults = FromFragment("#" + name(2049))
	if c.Language != "" || len(faults) != 1 || faults[0].Key != "(link)" || !strings.Contains(faults[0].Error(), "2048") {
		t.Errorf("2049 letters: language %q, %v; want the link refused by its length", c.Language, faults)
	}
}

func TestFromFragment(t *testing.T) {
	c, faults := FromFragment("#username=1002&displayName=Front%20Desk&number=+442079460000&language=de&wsServer=sip.example.com")
	if len(faults) > 0 || c.Username != "1002" || c.DisplayName != "Front Desk" || c.Number != "+442079460000" ||
		c.Language != "de" {
		t.Errorf("got %v, %v", c, faults)
	}
	for _, in := range []string{"password=x", "iceServers=x", "css=/x.css", "flags=EDIT_SETTINGS", "wsServers=x", "menu=[]",
		"locked=cli",
		"nope=1", "username=a%0d%0ab", "username=%zz", "displayName=%3Cb%3E", "number=1%00", "x=" + strings.Repeat("y", 64<<10)} {
		if _, faults := FromFragment(in); len(faults) != 1 {
			t.Errorf("FromFragment(%.40q): %v, want one fault", in, faults)
		}
	}
	for _, in := range []string{"", "#", "/settings", "#contacts"} {
		if c, faults := FromFragment(in); len(faults) > 0 || len(c.set) > 0 {
			t.Errorf("FromFragment(%q) = %v, %v, want nothing", in, c, faults)
		}
	}
}

func TestSetAndUnset(t *testing.T) {
	c := NewLayer(User)
	if err := c.Set("theme", "dark"); err != nil || c.Theme != "dark" {
		t.Errorf("got %v, %v", c, err)
	}
	if err := c.Set("theme", "pink"); err == nil || c.Theme != "dark" {
		t.Errorf("got %v, %v, want the old value kept", c, err)
	}
	if err := c.Set("frameAncestors", "self"); err == nil {
		t.Error("a user sets who may frame the phone")
	}
	var e *Error
	if err := c.Set("nope", "1"); !errors.As(err, &e) || !e.Unknown {
		t.Errorf("got %v", err)
	}
	if c.Unset("theme"); c.IsSet("theme") {
		t.Error("still set")
	}
}

func TestPrintingShowsNoSecret(t *testing.T) {
	c := mustParse(t, `{"username":"1001","password":"hunter","realm":"r.example","protected":["realm"],
	  "iceServers":[{"urls":"turn:t.example","username":"u","credential":"hunter"}]}`)
	data, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{string(data), fmt.Sprint(c), fmt.Sprintf("%+v", c), fmt.Sprintf("%#v", c), fmt.Sprintf("%v", &c)} {
		if strings.Contains(s, "hunter") || strings.Contains(s, "r.example") || !strings.Contains(s, "1001") {
			t.Errorf("got %s", s)
		}
	}
	if r := c.Readable(); r.Password != "" || r.Realm != "" || r.ICEServers != nil || r.Username != "1001" ||
		c.Password != "hunter" {
		t.Error("Readable leaves something in, or changes what it was given")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"wsServers":"a.example","sipUser":{"username":"1"},"menu":[{"id":"home","position":"1"}],"locked":["cli"]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, _, err := Read(Host, data)
		if err != nil {
			return
		}
		merged, _ := Merge(c)
		public, err := merged.Public()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Parse(public); err != nil {
			t.Errorf("what is published is refused: %v\n%s", err, public)
		}
	})
}
