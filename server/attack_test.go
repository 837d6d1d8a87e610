package main

import (
	"bufio"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

const hidden = "nobody may read this"

// attacked is the server with a site in a folder, beside which lies a file that must not come out.
func attacked(t *testing.T, args ...string) (addr string) {
	t.Helper()
	parent := t.TempDir()
	dir := filepath.Join(parent, "site")
	for name, content := range map[string]string{
		"secret.js": hidden, "site/index.html": "<!doctype html><title>Phone</title>", "site/.env.js": hidden, "site/app.js": "1",
		"site/note": hidden,
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(parent, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(parent, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	addr, stop := start(t, append([]string{"-addr", "127.0.0.1:0", "-dir", dir}, args...)...)
	t.Cleanup(stop)
	return addr
}

// exchange sends bytes over a connection of their own and returns all that comes back until the server closes it.
func exchange(t *testing.T, addr, request string) string {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	go io.WriteString(conn, request) // fails when the server has had enough of it
	answer, err := io.ReadAll(conn)
	if err != nil && len(answer) == 0 && !strings.Contains(err.Error(), "reset") {
		t.Errorf("%.60q: %v", request, err)
	}
	return string(answer)
}

func status(answer string) string {
	_, rest, _ := strings.Cut(answer, " ")
	code, _, _ := strings.Cut(rest, " ")
	return code
}

func get(target, host string, headers ...string) string {
	return "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n" +
		strings.Join(append(headers, "Connection: close\r\n\r\n"), "\r\n")
}

func TestPathsStayInsideTheSite(t *testing.T) {
	addr := attacked(t)
	for _, target := range []string{
		"/../secret.js", "/..%2fsecret.js", "/%2e%2e/secret.js", "/%2e%2e%2fsecret.js", "/%252e%252e%252fsecret.js",
		"/..%5csecret.js", "/..%c0%afsecret.js",
		"/%c0%ae%c0%ae/secret.js", "/....//secret.js", "/app.js/../../secret.js", "/app.js%00.html", "/%00", "/.env.js",
		"/%2eenv.js", "/note", "/app.js/", "//app.js",
		"/\\..\\secret.js", "/site/../../secret.js", "/C:/secret.js", "/file:///etc/passwd", "/" + strings.Repeat("../", 500) +
			"etc/passwd", "/" + strings.Repeat("a", 8<<10),
		"/;/../secret.js", "/app.js;.html", "/config.json/../../secret.js", "/nothing.js", "/healthz/", "/debug/pprof/",
		"/metrics", "/robots.txt", "/.git/config", "/.well-known/security.txt",
	} {
		answer := exchange(t, addr, get(target, "phone.example"))
		if code := status(answer); code != "404" && code != "400" {
			t.Errorf("%.60s: status %q", target, code)
		}
		if strings.Contains(answer, hidden) || strings.Contains(answer, "root:") {
			t.Errorf("%.60s: a file from outside the site", target)
		}
	}
	for _, target := range []string{"/", "/app.js", "/app.js?../secret.js", "/?" + strings.Repeat("q", 4<<10),
		"http://other.example/app.js"} {
		if code := status(exchange(t, addr, get(target, "phone.example"))); code != "200" {
			t.Errorf("%.60s: status %q, want what the site has", target, code)
		}
	}
}

func TestHostHeaderDecidesNothing(t *testing.T) {
	addr := attacked(t, "-base", "/phone/")
	plain := exchange(t, addr, get("/phone/", "phone.example"))
	for _, host := range []string{"evil.example", "evil.example:99999", "127.0.0.1", "[::1]", "localhost",
		strings.Repeat("a.", 2000) + "example", "x@evil.example"} {
		for _, target := range []string{"/phone/", "/phone", "/phone/config.json", "/missing", "/phone/index.html"} {
			answer := exchange(t, addr, get(target, host, "X-Forwarded-Host: evil.example", "Forwarded: host=evil.example",
				"X-Original-URL: /phone/", "Origin: https://evil.example"))
			if strings.Contains(answer, "evil") || strings.Contains(answer, "Access-Control") {
				t.Errorf("%s, Host %.40q: the name comes back: %.300s", target, host, answer)
			}
			if target == "/phone" && status(answer) == "308" && !strings.Contains(answer, "\r\nLocation: /phone/\r\n") {
				t.Errorf("Host %.40q: leads elsewhere: %.200s", host, answer)
			}
			if target == "/phone/" && status(answer) == "200" && policyOf(answer) != policyOf(plain) {
				t.Errorf("Host %.40q: another policy %q", host, policyOf(answer))
			}
		}
	}
}

func policyOf(answer string) string {
	_, rest, _ := strings.Cut(answer, "Content-Security-Policy: ")
	policy, _, _ := strings.Cut(rest, "\r\n")
	return policy
}

func TestMalformedRequestsAreRefused(t *testing.T) {
	addr := attacked(t)
	for _, c := range []struct{ why, request, want string }{
		{"no Host", "GET / HTTP/1.1\r\nConnection: close\r\n\r\n", "400"},
		{"two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400"},
		{"a Host with a space", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "400"},
		{"a header with a NUL", "GET / HTTP/1.1\r\nHost: a\r\nX: \x00\r\n\r\n", "400"},
		{"a header without a name", "GET / HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n", "400"},
		{"a space before the colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", "400"},
		{"headers of 64 KB", get("/", "a", "X-Large: "+strings.Repeat("a", 64<<10)), "431"},
		{"ten thousand headers", get("/", "a", slices.Repeat([]string{"X: y"}, 10000)...), "431"},
		{"a target of 64 KB", get("/"+strings.Repeat("a", 64<<10), "a"), "431"},
		// chunks count, and no request is smuggled
		{"length and chunks", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nConnection: " +
			"close\r\n\r\n0\r\n\r\n", "200"},
		{"two lengths", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", "400"},
		{"another coding", "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", "501"},
		{"an old version", "GET /\r\n\r\n", "400"},
		{"another version", "GET / HTTP/9.9\r\nHost: a\r\n\r\n", "505"},
		{"no HTTP", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", "400"},
		{"SIP", "INVITE sip:1001@a SIP/2.0\r\nVia: SIP/2.0/TCP x\r\n\r\n", "400"},
		{"POST", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "405"},
		{"PUT", "PUT /app.js HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx", "405"},
		{"DELETE", "DELETE /app.js HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "405"},
		{"TRACE", "TRACE / HTTP/1.1\r\nHost: a\r\nX-Secret: s\r\nConnection: close\r\n\r\n", "405"},
		{"CONNECT", "CONNECT evil.example:443 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "405"},
		// net/http's own: no body, no header of ours
		{"OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "200"},
		{"an invented method", "PWN / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "405"},
		{"a method of 64 KB", strings.Repeat("M", 64<<10) + " / HTTP/1.1\r\nHost: a\r\n\r\n", "431"},
		// the page, and no upgrade
		{"a WebSocket", get("/", "a", "Upgrade: websocket", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
			"Sec-WebSocket-Version: 13"), "200"},
	} {
		answer := exchange(t, addr, c.request)
		if code := status(answer); code != c.want {
			t.Errorf("%s: status %q, want %s: %.120q", c.why, code, c.want, answer)
		}
		if strings.Count(answer, "HTTP/1.1 ") > 1 {
			t.Errorf("%s: more than one answer", c.why)
		}
	}
	if code := status(exchange(t, addr, get("/", "a"))); code != "200" {
		t.Errorf("after all that: status %q", code)
	}
}

// TestSlowClientsDoNotKeepOthersOut holds many connections open that send their headers bit by bit.
func TestSlowClientsDoNotKeepOthersOut(t *testing.T) {
	addr := attacked(t)
	for range 200 {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: phone.example\r\nX-Slow: a")
	}
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	fmt.Fprint(conn, get("/healthz", "phone.example"))
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Errorf("nobody else is served: %v", err)
	}
}

// TestOnlyTheAuthorityIsCalled reads the sources of the server: nothing but the client of the certificate authority may
// open a connection or start a program.
func TestOnlyTheAuthorityIsCalled(t *testing.T) {
	forbidden := map[string][]string{
		"net": {"Dial", "DialTimeout", "Dialer", "DialTCP", "DialUDP", "DialIP", "DialUnix", "LookupHost", "LookupIP",
			"LookupAddr", "Resolver", "ListenPacket"},
		"net/http": {"Get", "Head", "Post", "PostForm", "Client", "DefaultClient", "Transport", "DefaultTransport", "NewRequest",
			"NewRequestWithContext"},
		"tls": {"Dial", "DialWithDialer", "Dialer"}, "os/exec": {"Command", "CommandContext"},
		"net/smtp": {"Dial", "SendMail"}, "net/rpc": {"Dial"},
	}
	allowed := map[string]string{"Client": "certificates.go", "Transport": "certificates.go"}
	seen := 0
	for _, folder := range []string{".", "static", "../pwa/site", "../pwa/config"} {
		files, err := fs.Glob(os.DirFS(folder), "*.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(folder, name), nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			imported := map[string]string{}
			for _, i := range file.Imports {
				path := strings.Trim(i.Path.Value, `"`)
				imported[path[strings.LastIndexByte(path, '/')+1:]] = path
			}
			ast.Inspect(file, func(n ast.Node) bool {
				s, ok := n.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				x, ok := s.X.(*ast.Ident)
				if ok && (slices.Contains(forbidden[imported[x.Name]], s.Sel.Name) ||
					slices.Contains(forbidden[x.Name], s.Sel.Name) && imported[x.Name] != "") {
					if seen++; allowed[s.Sel.Name] != name {
						t.Errorf("%s uses %s.%s", filepath.Join(folder, name), x.Name, s.Sel.Name)
					}
				}
				return true
			})
		}
	}
	if seen != 2 {
		t.Errorf("%d uses found, want the two of the client of the authority: this test is blind", seen)
	}
}
