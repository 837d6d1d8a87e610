package config

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write schema.json and README.md anew")

// about describes every key once, for the schema and for README.md.
var about = map[string]string{
	"wsServers": "SIP servers (WebSocket) to choose from; for a configured phone the order of fail-over. " +
		"Separated by comma, apostrophe, white space or new lines, or a list. An entry is a host name or " +
		"wss://host[:port][/path].",
	"wsServer": "The server chosen. Several are a fail-over order of their own.",
	"realm": "Authorisation domain: who else asks for the password gets no answer. Without it those that " +
		"ask at registration, and the domain of the account.",
	"username":    "Authentication user, and user part of the address of record.",
	"password":    "Password. A secret: it is never shown, logged or read back.",
	"displayName": "Name shown to the person called (From).",
	"cli":         "Number shown to the person called (From), apart from the user name. May be empty.",
	"transfers": "ask, domain or refuse: whether a call goes on with somebody else when the other side hands " +
		"the user over. ask puts the question, domain follows to extensions of the own domain (names, and numbers of up to 6 " +
		"digits without a leading 0 that are no emergency or service number, such as those from 11) and asks about all else. " +
		"Without a screen (show.* all off) nobody can be asked, and the call stays.",
	"trustIdentity": "Believe what the server says about who calls and who is on the line (P-Asserted-Identity, " +
		"Remote-Party-ID), also after a transfer by the PBX. Only for a server that takes these headers from what others send.",
	"autoRegister": "Register as soon as there are credentials.",
	"brandName":    "Name of the product as the user sees it.",
	"css":          "URL of a style sheet, laid over ours.",
	"menu": "Rows of the menu, all of them: built-in pages (home and dialpad, which are one, agent for the " +
		"account, history, contacts, settings) and pages of your own with a url; without rows the built-in menu. position is " +
		"another word for order and may be \"disabled\". icon is a sign of icons.svg or the URL of a picture. A page of the " +
		"phone's own origin that begins with `<!-- NO-CONTAINER -->` fills all the space; a tel: or sip: url fills the number " +
		"field and dials nothing.",
	"flags": "Switches: EDIT_SETTINGS (the user may change settings), TITLE_USERNAME, HIDE_VERSION, " +
		"MENU_RIGHT, AUTO_ANSWER, HIDE_LOGOUT, NO_HISTORY.",
	"codec.delete": "Regular expressions of codecs to leave out, matched from the start of the name without regard " +
		"to case. Without telephone.* key tones go by SIP INFO.",
	"codec.priority":     "Regular expressions of codecs to put first, in this order.",
	"iceServers":         "STUN and TURN servers as in RTCConfiguration. A secret: they carry credentials.",
	"iceTransportPolicy": "all, or relay to send media through TURN only.",
	"phonebook": "URL of the company phonebook (JSON, vCard, CSV, or the XML of telephones). Its contacts are " +
		"read-only.",
	"provisioning": "URL of the provisioning object, fetched at sign-in with the cookies of its own site alone. In " +
		"it {username} stands for the name typed at the login card; without it the object is fetched at the start, and may " +
		"sign in by itself.",
	"frameAncestors": "Who may show the phone in a frame and drive it: self, none, or origins such as " +
		"https://crm.example.com or https://*.example.com. Without it the phone's own origin.",
	"language":                "Language (BCP 47). Without it the browser's.",
	"theme":                   "system, light or dark.",
	"retention.days":          "Days a call stays in the history; 0 for no limit.",
	"retention.entries":       "Number of calls kept in the history; 0 for no limit.",
	"numbering.country":       "Country code without plus, to recognise callers.",
	"numbering.trunk":         "Digits in front of national numbers.",
	"numbering.international": "Digits in front of a country code.",
	"screenPop.url": "URL of a page about who is on the line, such as a customer's in a CRM. {number}, {name}, {callId} and " +
		"{user} in it, behind the host, are " +
		"filled in and percent-encoded; a page of a caller who hides the number is not asked for. It is part of the caller's " +
		"pane in a wide window; no window opens by itself. Neither the user nor an embedding page may name another.",
	"screenPop.on": "ring or answer: when the page is there.",
	"screenPop.target": "pane: the page stands in the phone, and its origin is named in the policy (frame-src), where " +
		"provisioning allows any that is encrypted; it has to allow that. link: it opens in a tab of its own when the " +
		"user presses the link.",
	"number":       "Put into the number field. Links and embedding pages only; never dialled by itself.",
	"show.dialpad": "Show the keys.",
	"show.number":  "Show the dialled number.",
	"show.answer":  "Show Answer.",
	"show.hangup":  "Show Hang up.",
	"show.hold":    "Show Hold.",
	"show.mute":    "Show Mute.",
	"show.dial":    "Show Dial.",
	"show.status":  "Show registration and call status. All eight off make a headless phone.",
	"protected": "Keys whose values are used, but neither shown nor kept nor read back. Secrets always are. What the " +
		"phone sends is seen by who looks at the network or switches SIP debugging on.",
	"private": "Keys that stay on the server and never leave in config.json.",
	"locked":  "Keys the user, a link or an embedding page cannot override.",
	"default": "Keys whose value is only a first one: the user may override it without EDIT_SETTINGS.",
}

type schema map[string]any

func kindSchema(k *key) schema {
	texts := schema{"oneOf": []schema{{"type": "string"}, {"type": "array", "items": schema{"type": "string"}, "maxItems": 64}}}
	switch k.at(&Config{}).(type) {
	case *bool:
		return schema{"type": "boolean"}
	case *int:
		return schema{"type": "integer", "minimum": 0, "maximum": k.limit}
	case *[]Server, *[]string:
		return texts
	case *[]Flag:
		return schema{"type": "array", "items": schema{"enum": allFlags}}
	case *[]MenuRow:
		return schema{"type": "array", "maxItems": maxMenu, "items": schema{"type": "object", "required": []string{"id"},
			"additionalProperties": true, "properties": schema{
				"id": schema{"type": "string"}, "title": schema{"type": "string"}, "url": schema{"type": "string"},
				"icon": schema{"type": "string"}, "order": schema{"type": "integer"}, "disabled": schema{"type": "boolean"},
				"position": schema{"type": []string{"integer", "string"}}}}}
	case *[]ICEServer:
		return schema{"type": "array", "items": schema{"type": "object", "required": []string{"urls"}, "properties": schema{
			"urls": texts, "username": schema{"type": "string"}, "credential": schema{"type": "string"}}}}
	}
	return schema{"type": "string"}
}

func makeSchema(t *testing.T) []byte {
	t.Helper()
	top := schema{}
	account := schema{}
	for i := range keys {
		k := &keys[i]
		s := kindSchema(k)
		s["description"] = about[k.name]
		s["examples"] = []json.RawMessage{json.RawMessage(k.example)}
		group, name, nested := strings.Cut(k.name, ".")
		switch {
		case k.is(visitor):
		case nested && top[group] == nil:
			top[group] = schema{"type": "object", "additionalProperties": false, "properties": schema{name: s}}
		case nested:
			top[group].(schema)["properties"].(schema)[name] = s
		default:
			top[group] = s
		}
		if slices.Contains(accountKeys, k.name) {
			account[k.name] = schema{"$ref": "#/properties/" + k.name}
		}
	}
	for _, m := range markNames {
		top[m.word] = schema{"type": "array", "items": schema{"type": "string"}, "description": about[m.word]}
	}
	top["sipUser"] = schema{"type": "object", "properties": account, "additionalProperties": false,
		"description": "The account, as the provisioning object writes it."}
	data, err := json.MarshalIndent(schema{"$schema": "https://json-schema.org/draft/2020-12/schema",
		"title": "Configuration of the phone (config.json, provisioning object)", "type": "object",
		"properties": top, "additionalProperties": false}, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(data, '\n')
}

func makeReadme() []byte {
	var b bytes.Buffer
	b.WriteString(readmeHead)
	b.WriteString("\n| key | environment | example | what it is |\n|---|---|---|---|\n")
	row := func(name, example string, traits string) {
		b.WriteString("| `" + name + "` | `" + Variable(name) + "` | `" + strings.ReplaceAll(example, "|", `\|`) + "` | " +
			about[name] + traits + " |\n")
	}
	for i := range keys {
		k := &keys[i]
		var notes string
		for _, n := range []struct {
			t    trait
			text string
		}{{preference, " *The user's own.*"}, {linkable, " *Link.*"}, {operator, " *Operator only.*"}} {
			if k.is(n.t) {
				notes += n.text
			}
		}
		row(k.name, k.example, notes)
	}
	for _, word := range []string{"protected", "private", "locked", "default"} {
		row(word, `["username","realm"]`, "")
	}
	b.WriteString(readmeTail)
	return b.Bytes()
}

const readmeHead = `# Configuration

Written by ` + "`go test ./pwa/config -update`" + `; a test keeps it true. [schema.json](schema.json) says the same to an editor.

A later source wins: built in, ` + "`config.json`" + ` of the host, environment of the server, provisioning object, what the user set, the embedding page,
the link. A user, link or page cannot override what is *locked*, and without the flag EDIT_SETTINGS only the account fields the operator left open, the
keys marked *the user's own*, and those listed under ` + "`default`" + `. A link sets only the keys marked *link*: ` + "`https://phone.example.com/#username=1001&number=+442079460000`" + `;
it never dials and never carries a secret. The server also takes the account keys from the environment under their own names, such as ` + "`wsServers`" + `.

A wrong value stops the server with the key, the value (never a secret one), the reason and an example. The browser leaves a wrong value out and says so.
`

const readmeTail = `
The provisioning object is a JSON object of the same keys, and may write the account as ` + "`sipUser`" + `: ` + "`{displayName, cli, username, password, wsServer, realm}`" + `. When it cannot be
fetched within two seconds the phone goes by the last one it has had, without its secrets, says so and why, and fetches it anew until it has it, after the calls that are up then. Where the password came with it,
contacts and history are open meanwhile, and calls have to wait. Without a kept one, or when its server refuses (a status of 400 to 499 other than 408 and 429), nobody is logged in. A phone
whose registration is refused or lost fetches the object too, less and less often, and goes on with what it says: change a password in both places, and the phones follow. Each failure stands in the
browser's console with address and reason. The phone never sends a password to its URL. A style sheet of
another origin has to be named in config.json or in the environment, from which the policy of the page is made; pictures and pages of the menu need only be encrypted.
`

func TestWrittenFilesAreTrue(t *testing.T) {
	for name, want := range map[string][]byte{"schema.json": makeSchema(t), "README.md": makeReadme()} {
		if *update {
			if err := os.WriteFile(name, want, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		got, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s does not match the keys; run go test ./pwa/config -update", name)
		}
	}
	if !*update && Schema != string(makeSchema(t)) {
		t.Error("the embedded schema is another one than the file")
	}
}

func TestEveryKeyIsDescribed(t *testing.T) {
	for i := range keys {
		if about[keys[i].name] == "" {
			t.Errorf("%s has no description", keys[i].name)
		}
	}
	if got, want := len(about), len(keys)+len(markNames); got != want {
		t.Errorf("%d descriptions for %d keys and marks", got, want)
	}
}

// TestSchemaCoversTheStruct holds the table of keys against Config: setting a key must change a field, and every field
// must be changed by some key.
func TestSchemaCoversTheStruct(t *testing.T) {
	fields := map[string]bool{}
	for i := range keys {
		k := &keys[i]
		var c Config
		c.source = Host
		if k.is(visitor) {
			c.source = Embedder
		}
		if err := k.read(&c, json.RawMessage(k.example), false); err != nil {
			t.Errorf("the example of %s is refused: %v", k.name, err)
		}
		changed := changedFields(reflect.ValueOf(c), "")
		if len(changed) != 1 {
			t.Errorf("%s sets %v, not one field", k.name, changed)
		}
		for _, f := range changed {
			fields[f] = true
		}
		var dst Config
		if k.copy(&dst, &c); !reflect.DeepEqual(k.value(&dst), k.value(&c)) {
			t.Errorf("%s is not copied", k.name)
		}
	}
	for _, f := range leaves(reflect.TypeFor[Config](), "") {
		if !fields[f] {
			t.Errorf("no key sets Config.%s", f)
		}
	}
}

func leaves(t reflect.Type, path string) []string {
	var names []string
	for f := range t.Fields() {
		switch {
		case !f.IsExported():
		case f.Type.Kind() == reflect.Struct:
			names = append(names, leaves(f.Type, path+f.Name+".")...)
		default:
			names = append(names, path+f.Name)
		}
	}
	return names
}

func changedFields(v reflect.Value, path string) []string {
	var names []string
	for i := range v.NumField() {
		f := v.Type().Field(i)
		switch {
		case !f.IsExported():
		case f.Type.Kind() == reflect.Struct:
			names = append(names, changedFields(v.Field(i), path+f.Name+".")...)
		case !v.Field(i).IsZero():
			names = append(names, path+f.Name)
		}
	}
	return names
}
