package build

import (
	"bytes"
	"regexp"
	"testing"

	"github.com/gowebphone/webphone/pwa/text"
)

// spoken finds the keys of the messages that a script says.
var spoken = regexp.MustCompile(`\b(?:say|showProblem)\('(\w+)'(?:, '(\w+)')?`)

func TestTheLoaderSaysWhatThereIsAndAllOfIt(t *testing.T) {
	o := options(t)
	o, err := o.withDefaults(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	scripts, err := o.readScripts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	said, all := map[string]bool{}, []byte(nil)
	for _, name := range loaderParts {
		if scripts[name] == nil {
			t.Errorf("%s is missing", name)
		}
		if name != messages {
			all = append(all, scripts[name]...)
		}
		for _, match := range spoken.FindAllSubmatch(scripts[name], -1) {
			said[string(match[1])], said[string(match[2])] = true, true
		}
	}
	delete(said, "")
	for key := range said {
		if text.Loader()[text.English][key] == "" {
			t.Errorf("a script says %q, which has no text", key)
		}
	}
	for key := range text.Loader()[text.English] {
		if !bytes.Contains(all, []byte("'"+key+"'")) { // some are the reasons that a check returns
			t.Errorf("nobody says %q", key)
		}
	}
	for language, texts := range text.Loader() {
		for key, message := range texts {
			if !bytes.Contains(scripts[messages], []byte(message)) {
				t.Errorf("%s: %q is not among the messages", language, key)
			}
		}
	}
}

func TestAnotherMessageIsAnotherVersion(t *testing.T) {
	scripts := map[string][]byte{messages: []byte("const messages = {};")}
	before := versionOf(nil, scripts)
	scripts[messages] = []byte("const messages = {en: {}};")
	if after := versionOf(nil, scripts); after == before {
		t.Errorf("both are %s, so that a page keeps the old one", after)
	}
}
