package main

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// siteDir returns a folder with a site that can be served.
func siteDir(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "index.html"), []byte("<!doctype html>"), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestEnvironmentGivesTheDefaultsOfFlags(t *testing.T) {
	environ := []string{"WEBPHONE_ADDR=127.0.0.1:9", "WEBPHONE_AUTOCERT_DIR=/var/certs", "WEBPHONE_HSTS=true", "PATH=/bin"}
	o, err := parse([]string{"-addr", "127.0.0.1:10"}, environ, &bytes.Buffer{})
	if err != nil {
		t.Fatal(err)
	}
	if o.addr != "127.0.0.1:10" || o.certCache != "/var/certs" || !o.hsts {
		t.Errorf("%+v, want the flag's address and the environment's folder and promise", o)
	}
}

func TestWrongOptionsAreErrors(t *testing.T) {
	dir := siteDir(t)
	tests := []struct {
		name    string
		args    []string
		environ []string
		want    string
	}{
		{"unknown flag", []string{"-nonsense"}, nil, "nonsense"},
		{"argument", []string{"phone"}, nil, "phone"},
		{"certificate without key", []string{"-cert", "a.pem"}, nil, "-key"},
		{"two kinds of certificates", []string{"-cert", "a", "-key", "b", "-autocert", "c.example.com"}, nil, "not both"},
		{"authority without encryption", []string{"-autocert", "phone.example.com", "-acme", "http://ca.example.com/"}, nil,
			"https://"},
		{"no roots", []string{"-autocert", "phone.example.com", "-acme-ca", "nowhere.pem"}, nil, "nowhere.pem"},
		{"no host", []string{"-autocert", " , "}, nil, "names no host"},
		{"half a host", []string{"-autocert", "phone"}, nil, "full host name"},
		{"an address for a host", []string{"-autocert", "https://phone.example.com"}, nil, "full host name"},
		{"an IPv4 address for a host", []string{"-autocert", "phone.example.com,192.0.2.1"}, nil, "not for addresses"},
		{"an IPv6 address for a host", []string{"-autocert", "[2001:db8::1]"}, nil, "not for addresses"},
		{"an address in IPv6 for a host", []string{"-check", "-autocert", "::ffff:192.0.2.1"}, nil, "not for addresses"},
		{"a pattern for a host", []string{"-autocert", "*.example.com"}, nil, "full host name"},
		{"missing certificate", []string{"-cert", "nowhere.pem", "-key", "nowhere.key"}, nil, "nowhere"},
		{"wrong folder", []string{"-base", "phone"}, nil, "slash"},
		{"no site", []string{"-dir", t.TempDir()}, nil, "make dist"},
		{"no such folder", []string{"-dir", "nowhere"}, nil, "nowhere"},
		{"wrong server", nil, []string{"WEBPHONE_WS_SERVERS=http://sip.example.com"}, "wss://"},
		{"misspelt variable", nil, []string{"WEBPHONE_WS_SERVER_LIST=a"}, "WEBPHONE_WS_SERVER_LIST"},
		{"no such configuration", []string{"-config", "nowhere.json"}, nil, "nowhere.json"},
		{"wrong switch in the environment", nil, []string{"WEBPHONE_HSTS=perhaps"}, "WEBPHONE_HSTS"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			args := append([]string{"-check", "-dir", dir}, test.args...)
			err := run(context.Background(), args, test.environ, &bytes.Buffer{})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %q in it", err, test.want)
			}
		})
	}
}

// TestRefusedValuesAreNamed wants key, value, reason and an example of each value at once, and no secret.
func TestRefusedValuesAreNamed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "config.json")
	content := `{"theme": "pink", "show": {"hold": "maybe"}, "password": "hunter\u0000two", "wsSrvers": "a.example.com", ` +
		`"codec": {"delete": ["("]}}`
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"-check", "-dir", siteDir(t), "-config", file}
	err := run(context.Background(), args, nil, &bytes.Buffer{})
	if err == nil {
		t.Fatal("all of it is taken")
	}
	for _, want := range []string{
		file, `theme "pink": must be one of system, light, dark; for example "dark"`,
		`show.hold "maybe": must be true or false; for example true`,
		"password: must be at most 1024 bytes", "wsSrvers: there is no such key", `codec.delete "("`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("nothing like %q in: %v", want, err)
		}
	}
	if strings.Contains(err.Error(), "hunter") {
		t.Errorf("a password is shown: %v", err)
	}
	environ := []string{"WEBPHONE_THEME=pink", "wsServers=http://sip.example.com", "WEBPHONE_PASSWORD=hunter\x00"}
	err = run(context.Background(), []string{"-check", "-dir", siteDir(t)}, environ, &bytes.Buffer{})
	for _, want := range []string{`WEBPHONE_THEME "pink"`, `wsServers "http://sip.example.com"`, "wss://",
		"WEBPHONE_PASSWORD: "} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("nothing like %q in: %v", want, err)
		}
	}
}

func TestCheckEndsWithoutListening(t *testing.T) {
	// The address cannot be listened on: a check must not try.
	args := []string{"-check", "-dir", siteDir(t), "-addr", "256.0.0.1:1"}
	if err := run(context.Background(), args, nil, &bytes.Buffer{}); err != nil {
		t.Error(err)
	}
}

func TestEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var log bytes.Buffer
	if err := run(ctx, []string{"-dir", siteDir(t), "-addr", "127.0.0.1:0"}, nil, &log); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(log.String(), "serving") {
		t.Errorf("log %q, want the address", log.String())
	}
}

func TestConfigurationOfFileAndEnvironment(t *testing.T) {
	file := filepath.Join(t.TempDir(), "phone.json")
	if err := os.WriteFile(file, []byte(`{"brandName": "Clinic", "wsServers": "old.example.com"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	environ := []string{"WEBPHONE_WS_SERVERS=sip.example.com", "WEBPHONE_CONFIG=" + file, "WEBPHONE_BASE=/phone/"}
	o, err := parse([]string{"-dir", siteDir(t)}, environ, &bytes.Buffer{})
	if err != nil {
		t.Fatal(err)
	}
	h, err := o.handler(environ, false, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", "/phone/config.json", nil))
	var got struct {
		BrandName string
		WSServers []string
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.BrandName != "Clinic" || !slices.Equal(got.WSServers, []string{"wss://sip.example.com"}) {
		t.Errorf("configuration %s, want the file's name and the environment's server", w.Body)
	}
}
