package config

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestMergePrecedence(t *testing.T) {
	host := mustParse(t, `{"theme":"light","language":"de","brandName":"Host","retention":{"days":5},"default":["cli"],`+
		`"cli":"100"}`)
	env, err := FromEnviron([]string{"WEBPHONE_BRAND_NAME=Environment", "WEBPHONE_AUTO_REGISTER=false"})
	if err != nil {
		t.Fatal(err)
	}
	prov := mustRead(t, Provisioned, `{"brandName":"Provisioned","sipUser":{"username":"1001"}}`)
	user := mustRead(t, User, `{"theme":"dark","cli":"200"}`)
	link, _ := FromFragment("language=fr&number=300")
	got, refused := Merge(link, user, prov, env, host) // in any order
	if len(refused) > 0 {
		t.Errorf("refused %v", refused)
	}
	if got.BrandName != "Provisioned" || got.AutoRegister || got.Theme != "dark" || got.Language != "fr" || got.CLI != "200" ||
		got.Number != "300" || got.Username != "1001" || got.Retention != (Retention{5, 1000}) || !got.Show.Dialpad {
		t.Errorf("got %+v", got)
	}
	for key, want := range map[string]Source{"brandName": Provisioned, "autoRegister": Environment, "theme": User,
		"language": Fragment, "css": BuiltIn} {
		if got.Source(key) != want {
			t.Errorf("%s is from %v, want %v", key, got.Source(key), want)
		}
	}
}

func TestMergeOfNothingIsBuiltIn(t *testing.T) {
	got, refused := Merge()
	if len(refused) > 0 || !got.AutoRegister || got.Show.Headless() || got.Theme != "system" {
		t.Errorf("got %+v, %v", got, refused)
	}
	public, err := got.Public()
	if err != nil || string(public) != "{}" {
		t.Errorf("published %s, %v, want nothing that is built in anyway", public, err)
	}
}

func TestMergeRights(t *testing.T) {
	for _, c := range []struct {
		name, host string
		source     Source
		layer      string
		taken      bool
	}{
		{"a preference is the user's own", `{"theme":"light"}`, User, `{"theme":"dark"}`, true},
		{"unless it is locked", `{"theme":"light","locked":["theme"]}`, User, `{"theme":"dark"}`, false},
		{"a lock needs no value", `{"locked":["theme"]}`, User, `{"theme":"dark"}`, false},
		{"a lock holds a page off", `{"locked":["cli"]}`, Embedder, `{"cli":"1"}`, false},
		{"a lock holds a link off", `{"locked":["language"]}`, Fragment, `{"language":"de"}`, false},
		{"a lock holds no provisioning off", `{"locked":["cli"],"cli":"1"}`, Provisioned, `{"cli":"2"}`, true},
		{"a login field left open", `{}`, User, `{"username":"1001"}`, true},
		{"a login field the operator set", `{"username":"1001"}`, User, `{"username":"1002"}`, false},
		{"the same with settings open", `{"username":"1001","flags":["EDIT_SETTINGS"]}`, User, `{"username":"1002"}`, true},
		{"the same as a first value", `{"username":"1001","default":["username"]}`, User, `{"username":"1002"}`, true},
		{"open, but locked", `{"username":"1001","flags":["EDIT_SETTINGS"],"locked":["username"]}`, User, `{"username":"1002"}`,
			false},
		{"settings are read-only", `{}`, User, `{"codec":{"priority":["opus"]}}`, false},
		{"settings are open", `{"flags":["EDIT_SETTINGS"]}`, User, `{"codec":{"priority":["opus"]}}`, true},
		{"nobody opens settings for himself", `{}`, User, `{"flags":["EDIT_SETTINGS"],"codec":{"priority":["opus"]}}`, false},
		{"the brand stays", `{"flags":["EDIT_SETTINGS"]}`, User, `{"brandName":"Mine"}`, false},
		{"a style sheet stays", `{"flags":["EDIT_SETTINGS"]}`, Embedder, `{"css":"https://evil.example/x.css"}`, false},
		{"a server of the list", `{"wsServers":"a.example b.example"}`, User, `{"wsServer":"b.example"}`, true},
		{"a server of no list", `{"wsServers":"a.example b.example"}`, User, `{"wsServer":"evil.example"}`, false},
		{"a server of no list in a link", `{"wsServers":"a.example"}`, Fragment, `{"wsServer":"evil.example"}`, false},
		{"a realm in a link", `{}`, Fragment, `{"realm":"evil.example"}`, false},
		{"a server in a link where none is configured", `{}`, Fragment, `{"wsServer":"evil.example"}`, false},
		{"a server in a link where settings are open", `{"wsServers":"a.example","flags":["EDIT_SETTINGS"]}`, Fragment,
			`{"wsServer":"evil.example"}`, false},
		{"a server of the list in a link", `{"wsServers":"a.example b.example"}`, Fragment, `{"wsServer":"b.example"}`, true},
		{"a list of one's own", `{"wsServers":"a.example"}`, Embedder, `{"wsServers":"evil.example"}`, false},
		{"a list beside one server", `{"wsServer":"a.example"}`, Embedder, `{"wsServers":"evil.example"}`, false},
		{"a server where none is configured", `{}`, User, `{"wsServer":"sip.example"}`, true},
	} {
		layer := mustRead(t, c.source, c.layer)
		_, refused := Merge(mustParse(t, c.host), layer)
		if taken := len(refused) == 0; taken != c.taken {
			t.Errorf("%s: %s over %s taken %t, refused %v", c.name, c.layer, c.host, taken, refused)
		}
	}
}

func TestProvisionedStyleSheetObeysThePolicy(t *testing.T) {
	for _, c := range []struct {
		host, css string
		taken     bool
	}{
		{`{}`, "/brand.css", true},
		{`{}`, "https://brand.example/a.css", false},
		{`{"css":"https://brand.example/a.css"}`, "https://brand.example/b.css", true},
		{`{"css":"https://brand.example/a.css"}`, "https://other.example/b.css", false},
	} {
		got, refused := Merge(mustParse(t, c.host), mustRead(t, Provisioned, `{"css":"`+c.css+`"}`))
		if taken := got.CSS == c.css; taken != c.taken || taken == (len(refused) > 0) {
			t.Errorf("%s after %s: taken %t, refused %v", c.css, c.host, taken, refused)
		}
	}
}

func TestMergeKeepsTheValueOfTheOperator(t *testing.T) {
	got, refused := Merge(mustParse(t, `{"username":"1001"}`), mustRead(t, User, `{"username":"1002"}`))
	if got.Username != "1001" || len(refused) != 1 || refused[0].Key != "username" {
		t.Errorf("got %v, %v", got, refused)
	}
	if got.May("username") || !got.May("theme") || got.May("menu") || got.May("frameAncestors") || got.May("nope") {
		t.Error("May disagrees with Merge")
	}
}

func TestPasswordDoesNotFollowToAnotherAccount(t *testing.T) {
	user := `{"wsServer":"sip.example","username":"1001","password":"hunter"}`
	for _, c := range []struct {
		name   string
		source Source
		layer  string
		kept   bool
	}{
		{"a link to another user", Fragment, `{"username":"1002"}`, false},
		{"a page with another server", Embedder, `{"wsServer":"evil.example"}`, false},
		{"a page with another realm", Embedder, `{"realm":"evil.example"}`, false},
		{"a page with a list", Embedder, `{"wsServers":"evil.example"}`, true}, // the chosen server stays first and alone
		{"a page with an account of its own", Embedder, `{"wsServer":"other.example","username":"7","password":"own"}`, true},
		{"a name", Embedder, `{"displayName":"Front Desk"}`, true},
		{"the same user", Fragment, `{"username":"1001"}`, true},
	} {
		got, refused := Merge(mustRead(t, User, user), mustRead(t, c.source, c.layer))
		if len(refused) > 0 {
			t.Fatal(refused)
		}
		if kept := got.Password != ""; kept != c.kept {
			t.Errorf("%s: password kept %t", c.name, kept)
		}
	}
	host := mustParse(t, `{"wsServers":"a.example b.example","username":"1","password":"p"}`)
	if got, _ := Merge(host, mustRead(t, User, `{"wsServer":"b.example"}`)); got.Password != "p" ||
		got.FailOver()[0].URL != "wss://b.example" {
		t.Error("choosing a server of the list loses the password")
	}
}

func TestPublicKeepsPrivateBack(t *testing.T) {
	host := mustParse(t, `{"wsServers":"a.example","username":"1001","password":"hunter","realm":"internal.example",
	  "private":["password","realm"],"locked":["realm","username"],"protected":["username"],"show":{"hold":false},"cli":"7","default":["cli"]}`)
	merged, _ := Merge(host)
	public, err := merged.Public()
	if err != nil {
		t.Fatal(err)
	}
	for _, gone := range []string{"hunter", "internal.example", "private"} {
		if strings.Contains(string(public), gone) {
			t.Errorf("%s left the server: %s", gone, public)
		}
	}
	browser := mustParse(t, string(public))
	got, refused := Merge(browser, mustRead(t, User, `{"realm":"evil.example","cli":"8"}`))
	if len(refused) != 1 || got.Realm != "" || got.CLI != "8" || got.Show.Hold || !got.Show.Mute || got.Username != "1001" {
		t.Errorf("in the browser: %+v, refused %v", got, refused)
	}
	if got.Readable().Username != "" {
		t.Error("a protected value is read back")
	}
}

func TestPublicOfLiteral(t *testing.T) {
	servers, err := Servers("ws://127.0.0.1:5066")
	if err != nil {
		t.Fatal(err)
	}
	c, _ := Merge(Config{WSServers: servers})
	c.AutoRegister = false
	public, err := c.Public()
	if err != nil || string(public) != `{"autoRegister":false,"wsServers":["ws://127.0.0.1:5066"]}` {
		t.Errorf("got %s, %v", public, err)
	}
}

func TestStoredLayerReadsBack(t *testing.T) {
	layer := mustRead(t, User, `{"theme":"dark","numbering":{"country":"44"},"wsServer":"a.example","autoRegister":false}`)
	data, err := json.Marshal(layer)
	if err != nil {
		t.Fatal(err)
	}
	again := mustRead(t, User, string(data))
	if again.Theme != "dark" || again.Numbering.Country != "44" || !again.IsSet("autoRegister") ||
		urls(again.WSServer)[0] != "wss://a.example" {
		t.Errorf("got %s", again)
	}
}

func TestCodecApply(t *testing.T) {
	offered := []string{"opus/48000", "red/48000", "G722/8000", "PCMU/8000", "PCMA/8000", "CN/8000", "telephone-event/48000",
		"telephone-event/8000"}
	for _, c := range []struct{ remove, first, want string }{
		{"", "", strings.Join(offered, " ")},
		{"pc.*", "g722", "G722/8000 opus/48000 red/48000 CN/8000 telephone-event/48000 telephone-event/8000"},
		{"telephone.* red.*", "PCMA PCMU", "PCMA/8000 PCMU/8000 opus/48000 G722/8000 CN/8000"},
		{"event", "", strings.Join(offered, " ")}, // from the start of the name only
	} {
		got, err := Codec{Delete: words(c.remove), Priority: words(c.first)}.Apply(offered)
		if err != nil || strings.Join(got, " ") != c.want {
			t.Errorf("delete %q, first %q: %v, %v, want %s", c.remove, c.first, got, err, c.want)
		}
	}
	if _, err := (Codec{Delete: []string{"opus", "g7", "PCM"}}).Apply(offered); err != ErrNoCodec {
		t.Errorf("got %v, want ErrNoCodec: tones and comfort noise alone are no call", err)
	}
	if _, err := (Codec{Delete: []string{"("}}).Apply(offered); err == nil {
		t.Error("a broken expression is taken")
	}
}
