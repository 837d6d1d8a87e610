//lint:file-ignore SA1019 nhooyr.io/websocket is frozen, not broken; the swap to github.com/coder/websocket is one line

package kamailio_test

import (
	"context"
	"crypto/md5"
	"crypto/sha256"
	"fmt"
	"hash"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gowebphone/webphone/testdata/kamailio"
	"nhooyr.io/websocket"
)

func start(t *testing.T, opts kamailio.Options) (context.Context, *kamailio.Bench) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	b, err := kamailio.Start(ctx, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			b.Keep()
			t.Log("logs in", b.Dir)
		}
		b.Stop()
	})
	return ctx, b
}

// phone is the least that registers over a WebSocket.
type phone struct {
	t  *testing.T
	ws *websocket.Conn
}

func dial(ctx context.Context, t *testing.T, url string) *phone {
	ws, _, err := websocket.Dial(ctx, url, &websocket.DialOptions{Subprotocols: []string{"sip"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ws.Close(websocket.StatusNormalClosure, "") })
	return &phone{t: t, ws: ws}
}

func (p *phone) register(ctx context.Context, user, domain, credentials string, cseq int) string {
	msg := fmt.Sprintf("REGISTER sip:%[2]s SIP/2.0\r\nVia: SIP/2.0/WS x.invalid;branch=z9hG4bK%[4]d\r\n"+
		"Max-Forwards: 70\r\nFrom: <sip:%[1]s@%[2]s>;tag=a\r\nTo: <sip:%[1]s@%[2]s>\r\nCall-ID: c\r\nCSeq: %[4]d REGISTER\r\n"+
		"Contact: <sip:x@x.invalid;transport=ws>;reg-id=1;+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-000000000001>\"\r\n"+
		"Supported: path, outbound, gruu\r\nExpires: 60\r\n%[3]sContent-Length: 0\r\n\r\n", user, domain, credentials, cseq)
	if err := p.ws.Write(ctx, websocket.MessageText, []byte(msg)); err != nil {
		p.t.Fatal(err)
	}
	_, reply, err := p.ws.Read(ctx)
	if err != nil {
		p.t.Fatal(err)
	}
	return string(reply)
}

func authorization(sum func() hash.Hash, algorithm, user, realm, password, nonce string) string {
	h := func(s string) string {
		d := sum()
		d.Write([]byte(s))
		return fmt.Sprintf("%x", d.Sum(nil))
	}
	uri := "sip:" + realm
	response := h(h(user+":"+realm+":"+password) + ":" + nonce + ":" + h("REGISTER:"+uri))
	return fmt.Sprintf("Authorization: Digest username=%q,realm=%q,nonce=%q,uri=%q,response=%q,algorithm=%s\r\n",
		user, realm, nonce, uri, response, algorithm)
}

func TestRegisterOverWebSocket(t *testing.T) {
	t.Parallel()
	for algorithm, sum := range map[string]func() hash.Hash{"MD5": md5.New, "SHA-256": sha256.New} {
		t.Run(algorithm, func(t *testing.T) {
			ctx, b := start(t, kamailio.Options{Algorithm: algorithm})
			p := dial(ctx, t, b.WS)
			challenge := p.register(ctx, "1001", b.Domain, "", 1)
			nonce := regexp.MustCompile(`nonce="([^"]+)"`).FindStringSubmatch(challenge)
			if nonce == nil || !strings.Contains(challenge, algorithm) && algorithm != "MD5" {
				t.Fatalf("got %s, want a %s challenge", challenge, algorithm)
			}
			auth := authorization(sum, algorithm, "1001", b.Domain, b.Users["1001"], nonce[1])
			ok := p.register(ctx, "1001", b.Domain, auth, 2)
			if !strings.HasPrefix(ok, "SIP/2.0 200 ") || !strings.Contains(ok, "pub-gruu=") {
				t.Errorf("got %s, want 200 with a GRUU", ok)
			}
			if users, err := b.RPC(ctx, "ul.dump"); err != nil || !strings.Contains(users, "x.invalid") {
				t.Errorf("got %s, %v, want the binding in the location table", users, err)
			}
		})
	}
}

func TestTelephonesCallEachOther(t *testing.T) {
	t.Parallel()
	ctx, b := start(t, kamailio.Options{})
	echo, err := b.Echo(ctx)
	if err != nil {
		t.Fatal(err)
	}
	caller, err := b.Caller(echo.Number, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if err := caller.Wait(ctx); err != nil {
		t.Error("caller:", err)
	}
	if err := echo.Wait(ctx); err != nil {
		t.Error("echo:", err)
	}
	called, err := b.Baresip(ctx, kamailio.Baresip{User: "1005"})
	if err != nil {
		t.Fatal(err)
	}
	if caller, err = b.Caller(called.Number, time.Second); err != nil {
		t.Fatal(err)
	}
	if err := caller.Wait(ctx); err != nil {
		t.Error("call to baresip:", err)
	}
	flows := regexp.MustCompile(`<>\s+[\d.:]+, SSRC \w+, (\d+) p`).FindAllStringSubmatch(b.Log("rtpengine"), -1)
	if len(flows) != 4 {
		t.Fatalf("got %d audio flows through rtpengine, want 2 for each of 2 calls", len(flows))
	}
	for _, f := range flows {
		if n, _ := strconv.Atoi(f[1]); n < 40 {
			t.Errorf("got %d packets in a second, want 50", n)
		}
	}
}

func TestStopLeavesNothing(t *testing.T) {
	t.Parallel()
	ctx, b := start(t, kamailio.Options{})
	if _, err := b.Baresip(ctx, kamailio.Baresip{User: "1005"}); err != nil {
		t.Fatal(err)
	}
	other, err := kamailio.Start(ctx, kamailio.Options{})
	if err != nil {
		t.Fatal("a second run beside the first:", err)
	}
	other.Stop()
	dial(ctx, t, b.WS)
	b.Stop()
	if left := processesWith(t, b.Dir); len(left) > 0 {
		t.Errorf("still running: %q", left)
	}
	if _, err := os.Stat(b.Dir); !os.IsNotExist(err) {
		t.Errorf("%s is still there", b.Dir)
	}
}

// processesWith returns the command lines that name the directory or run in it.
func processesWith(t *testing.T, dir string) []string {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, e := range entries {
		line, err := os.ReadFile("/proc/" + e.Name() + "/cmdline")
		cwd, _ := os.Readlink("/proc/" + e.Name() + "/cwd")
		if err == nil && (strings.Contains(string(line), dir) || strings.HasPrefix(cwd, dir)) {
			found = append(found, strings.ReplaceAll(string(line), "\x00", " "))
		}
	}
	return found
}
