package phone

import (
	"slices"
	"testing"

	"github.com/gowebphone/webphone/pwa/config"
	"github.com/gowebphone/webphone/pwa/screen"
)

func servers(t *testing.T, list string) []config.Server {
	t.Helper()
	s, err := config.Servers(list)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAddress(t *testing.T) {
	for _, test := range []struct{ user, domain, want string }{
		{"1001", "sip.example.com", "sip:1001@sip.example.com"},
		{" 1001 ", "sip.example.com", "sip:1001@sip.example.com"},
		{"1001@example.net", "sip.example.com", "sip:1001@example.net"},
		{"sip:1001@example.net", "sip.example.com", "sip:1001@example.net"},
		{"SIPS:1001", "sip.example.com", "sip:1001@sip.example.com"},
		{"front desk", "example.com", "sip:front%20desk@example.com"},
		{"a\r\nb", "example.com", "sip:a%0D%0Ab@example.com"},
		{"1001", "[2001:db8::1]", "sip:1001@[2001:db8::1]"},
		{"", "example.com", ""},
		{"1001@", "example.com", ""},
		{"1001@exa mple", "example.com", ""},
		{"1001@x>;evil", "example.com", ""},
	} {
		got, ok := address(test.user, test.domain)
		if got != test.want || ok != (test.want != "") {
			t.Errorf("%q at %q: got %q, want %q", test.user, test.domain, got, test.want)
		}
	}
}

func TestURLsToTry(t *testing.T) {
	all := serversOf(servers(t, "a.example.com, b.example.com, wss://a.example.com:8089/ws"))
	for _, test := range []struct {
		why  string
		form screen.LoginForm
		want []string
	}{
		{"other hosts have users of their own", screen.LoginForm{Servers: all},
			[]string{"wss://b.example.com"}},
		{"a realm says that all know the user", screen.LoginForm{Servers: all, Realm: "example.com"},
			[]string{"wss://b.example.com", "wss://a.example.com", "wss://a.example.com:8089/ws"}},
		{"a name that is no domain says nothing", screen.LoginForm{Servers: all, Realm: "asterisk"},
			[]string{"wss://b.example.com"}},
		{"the servers of a configured phone are one service", screen.LoginForm{Servers: all, FailOver: true},
			[]string{"wss://b.example.com", "wss://a.example.com", "wss://a.example.com:8089/ws"}},
	} {
		if got := urlsOf(test.form, all[1]); !slices.Equal(got, test.want) {
			t.Errorf("%s: got %v, want %v", test.why, got, test.want)
		}
	}
	if got, want := urlsOf(screen.LoginForm{Servers: all}, all[0]), []string{all[0].URL, all[2].URL}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v: two doors of one host know the same users", got, want)
	}
}

func TestServerOfTheCard(t *testing.T) {
	all := serversOf(servers(t, "a.example.com, b.example.com"))
	for _, test := range []struct {
		why, text, want string
		servers         []screen.Server
	}{
		{"chosen by its label", "b.example.com", "wss://b.example.com", all},
		{"not one of the choices", "c.example.com", "", all},
		{"nothing chosen", "", "", all},
		{"the only one needs no choice", "", "wss://a.example.com", all[:1]},
		{"typed", "sip.example.com/ws", "wss://sip.example.com/ws", nil},
		{"typed as a URL", "WSS://SIP.example.com", "wss://sip.example.com", nil},
		{"typed two", "a.example.com b.example.com", "", nil},
		{"typed nonsense", "https://example.com", "", nil},
		{"typed nothing", "  ", "", nil},
	} {
		got, ok := serverOf(screen.LoginForm{Servers: test.servers}, test.text)
		if got.URL != test.want || ok != (test.want != "") {
			t.Errorf("%s: got %q, want %q", test.why, got.URL, test.want)
		}
	}
}
