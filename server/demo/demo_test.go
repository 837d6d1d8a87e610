package main

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gowebphone/webphone/pkg/siptest"
)

func TestPageNamesItsOwnServer(t *testing.T) {
	tests := []struct{ host, server, connect string }{
		{"localhost:8080", "ws://localhost:8080/ws", "ws://localhost:8080 http://localhost:8080"},
		{"127.0.0.1:9000", "ws://127.0.0.1:9000/ws", "ws://127.0.0.1:9000 http://127.0.0.1:9000"},
		{"[::1]:9000", "ws://[::1]:9000/ws", "ws://[::1]:9000 http://[::1]:9000"},
		{"phone.example:80", "", ""},
		{"a;script-src *", "", ""},
	}
	for _, test := range tests {
		got := configure(&http.Request{Host: test.host})
		named := strings.Contains(string(got.JSON), `"`+test.server+`"`)
		if connect := strings.Join(got.Policy.Connect, " "); named != (test.server != "") || connect != test.connect {
			t.Errorf("%s: configuration %s, sources %q, want %q and %q", test.host, got.JSON, connect, test.server, test.connect)
		}
	}
}

func TestWebSocketIsForThePageAlone(t *testing.T) {
	sip := siptest.New(siptest.Options{Users: accounts()})
	defer sip.Close()
	server := httptest.NewServer(withSignalling(http.NotFoundHandler(), sip))
	defer server.Close()
	tests := []struct {
		origin string
		want   int
	}{
		{server.URL, http.StatusSwitchingProtocols},
		{"", http.StatusSwitchingProtocols},
		{"https://elsewhere.example", http.StatusForbidden},
		{"null", http.StatusForbidden},
	}
	for _, test := range tests {
		request, err := http.NewRequestWithContext(t.Context(), "GET", server.URL+signalling, nil)
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range map[string]string{
			"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
			"Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Protocol": "sip", "Origin": test.origin,
		} {
			if value != "" {
				request.Header.Set(name, value)
			}
		}
		response, err := server.Client().Do(request)
		if err != nil {
			t.Fatalf("origin %q: %v", test.origin, err)
		}
		response.Body.Close()
		if response.StatusCode != test.want {
			t.Errorf("origin %q: status %d, want %d", test.origin, response.StatusCode, test.want)
		}
	}
}

func TestNextPortIsTakenWhenTheFirstIsBusy(t *testing.T) {
	first, err := listen("")
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	second, err := listen("")
	if err != nil {
		t.Fatal(err)
	}
	defer second.Close()
	if a, b := first.Addr().(*net.TCPAddr).Port, second.Addr().(*net.TCPAddr).Port; b <= a {
		t.Errorf("ports %d and %d, want the second behind the first", a, b)
	}
	if _, err := listen(first.Addr().String()); err == nil {
		t.Error("a busy address that was asked for is replaced, want an error")
	}
}

func TestIntroductionNamesEverything(t *testing.T) {
	var out bytes.Buffer
	introduce(&out, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8081})
	for _, want := range []string{"http://localhost:8081/", "1001, 1002, 1003, 1004", password, "600", "605", "*#0*#"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in\n%s", want, out.String())
		}
	}
}

func TestUnknownFlagIsAnError(t *testing.T) {
	var out bytes.Buffer
	if err := run(context.Background(), []string{"-nonsense"}, &out); err == nil {
		t.Error("no error")
	}
}
