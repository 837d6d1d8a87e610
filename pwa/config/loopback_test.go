package config_test

import (
	"strings"
	"testing"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/site"
)

// TestPolicyOfThePageLetsThroughWhatTheConfigurationTakes has links without encryption: a browser obeys the policy of the page
// too.
func TestPolicyOfThePageLetsThroughWhatTheConfigurationTakes(t *testing.T) {
	for _, host := range []string{"127.0.0.1", "127.0.0.1:9", "localhost", "localhost:8080"} {
		if _, err := config.Parse([]byte(`{"provisioning":"http://` + host + `/p","phonebook":"http://` + host +
			`/b","css":"http://` + host + `/c.css"}`)); err != nil {
			t.Errorf("%s: %v", host, err)
		}
		name, _, _ := strings.Cut(host, ":")
		for _, directive := range strings.Split(site.MetaPolicy(), "; ") {
			kind, sources, _ := strings.Cut(directive, " ")
			switch kind {
			case "connect-src", "style-src", "img-src", "frame-src":
				if !strings.Contains(sources, "http://"+name+":*") {
					t.Errorf("%s does not let %s through: %s", kind, host, sources)
				}
			}
		}
	}
}
