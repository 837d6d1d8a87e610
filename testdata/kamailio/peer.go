package kamailio

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Peer is an ordinary telephone: SIP over UDP and plain RTP.
type Peer struct {
	Number string // what a phone at the server dials to reach it; "" when it only calls

	proc    *process
	control string // baresip's control socket
}

// Echo starts a SIPp that answers one call and sends back the audio it gets (PCMU).
func (b *Bench) Echo(ctx context.Context) (*Peer, error) {
	base, err := b.peerPorts()
	if err != nil {
		return nil, err
	}
	p, err := b.sipp(base, "-sf", "uas_echo.xml", "-rtp_echo", "-mp", strconv.Itoa(base+2))
	if err != nil {
		return nil, err
	}
	p.Number = "7" + strconv.Itoa(base)
	return p, p.proc.waitPort(ctx, base)
}

// Caller starts a SIPp that calls user as from a carrier, sends a tone (PCMA) for the given time once answered, and hangs up.
func (b *Bench) Caller(user string, talk time.Duration) (*Peer, error) {
	base, err := b.peerPorts()
	if err != nil {
		return nil, err
	}
	return b.sipp(base, "-sf", "uac_tone.xml", "-mp", strconv.Itoa(base+2),
		"-s", user, "-d", strconv.FormatInt(talk.Milliseconds(), 10), b.SIP)
}

func (b *Bench) sipp(port int, args ...string) (*Peer, error) {
	if err := installed("sipp"); err != nil {
		return nil, err
	}
	name := b.peerName("sipp")
	args = append([]string{"-i", IP, "-mi", IP, "-p", strconv.Itoa(port), "-nostdin", "-m", "1", "-timeout", "90s",
		"-key", "domain", b.Domain, "-trace_err", "-error_file", name + ".err"}, args...)
	p, err := b.runPeer(port, name, "sipp", args...)
	if err != nil {
		return nil, err
	}
	return &Peer{proc: p}, nil
}

// runPeer runs a telephone on the ports from base on, and gives them back when it has ended.
func (b *Bench) runPeer(base int, name, prog string, args ...string) (*process, error) {
	p, err := b.run(name, prog, args...)
	if err != nil {
		return nil, err
	}
	go func() {
		<-p.done
		b.mu.Lock()
		defer b.mu.Unlock()
		b.block.giveBack(base)
	}()
	return p, nil
}

func (b *Bench) peerPorts() (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.block.peer()
}

// peerName names the files of one more telephone.
func (b *Bench) peerName(kind string) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.peers++
	return fmt.Sprintf("%s-%d", kind, b.peers)
}

// Wait waits for the end of a SIPp's call; an error tells that it did not go as the scenario wants it.
func (p *Peer) Wait(ctx context.Context) error { return p.proc.exited(ctx) }

// Log returns what the telephone has written so far.
func (p *Peer) Log() string { return p.proc.output() }

// WaitLog waits until the telephone has written text: "received event: '5'" is a baresip that got a tone.
func (p *Peer) WaitLog(ctx context.Context, text string) error { return p.proc.waitLog(ctx, text) }

// Stop ends the telephone before the Bench does.
func (p *Peer) Stop() { p.proc.stop() }

// Baresip configures a baresip.
type Baresip struct {
	User   string // one of Options.Users
	Manual bool   // rings until Command "accept"; default: answers at once
	Codecs string // default "PCMU,PCMA"
}

// Baresip starts a baresip and returns when it is registered. It sends a tone of 440 Hz.
func (b *Bench) Baresip(ctx context.Context, opts Baresip) (*Peer, error) {
	if err := installed("baresip"); err != nil {
		return nil, err
	}
	base, err := b.peerPorts()
	if err != nil {
		return nil, err
	}
	name := b.peerName("baresip")
	if err := b.renderBaresip(filepath.Join(b.Dir, name), base, opts); err != nil {
		return nil, err
	}
	proc, err := b.runPeer(base, name, "baresip", "-v", "-f", filepath.Join(b.Dir, name))
	if err != nil {
		return nil, err
	}
	p := &Peer{Number: opts.User, proc: proc, control: fmt.Sprintf("%s:%d", IP, base+2)}
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	if err := proc.waitLog(ctx, "200 OK", "registered successfully"); err != nil {
		return nil, err
	}
	return p, nil
}

func (b *Bench) renderBaresip(dir string, base int, opts Baresip) error {
	modules, err := moduleDir("/usr/lib/baresip/modules", "baresip-core")
	if err != nil {
		return err
	}
	values := struct {
		IP, Dir, Modules, User, Password, Domain, Answer, Codecs string
		Port, Control, MediaMin, MediaMax, Server                int
	}{
		IP: IP, Dir: dir, Modules: modules, User: opts.User, Password: b.Users[opts.User], Domain: b.Domain,
		Answer: "auto", Codecs: opts.Codecs,
		Port: base, Control: base + 2, MediaMin: base + 4, MediaMax: base + perPeer - 1, Server: b.ports.SIP,
	}
	if opts.Manual {
		values.Answer = "manual"
	}
	if values.Codecs == "" {
		values.Codecs = "PCMU,PCMA"
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "contacts"), nil, 0o600); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "tone.wav"), wavTone(), 0o600); err != nil {
		return err
	}
	for _, f := range []string{"config", "accounts"} {
		if err := renderFile("etc/baresip."+f+".in", filepath.Join(dir, f), values); err != nil {
			return err
		}
	}
	return nil
}

// Dial makes a baresip call user at the server.
func (p *Peer) Dial(ctx context.Context, user, domain string) error {
	_, err := p.Command(ctx, "dial", "sip:"+user+"@"+domain)
	return err
}

// Command sends a command to a baresip ("dial", "accept", "hangup", "callstat") and returns its reply.
func (p *Peer) Command(ctx context.Context, command, params string) (string, error) {
	var d net.Dialer
	c, err := d.DialContext(ctx, "tcp", p.control)
	if err != nil {
		return "", err
	}
	defer c.Close()
	if deadline, ok := ctx.Deadline(); ok {
		c.SetDeadline(deadline)
	}
	msg, err := json.Marshal(map[string]string{"command": command, "params": params, "token": "go"})
	if err != nil {
		return "", err
	}
	if _, err := fmt.Fprintf(c, "%d:%s,", len(msg), msg); err != nil {
		return "", err
	}
	return readReply(bufio.NewReader(c))
}

// readReply reads netstrings until the one that answers the command; events come in between.
func readReply(r *bufio.Reader) (string, error) {
	for {
		size, err := r.ReadString(':')
		if err != nil {
			return "", err
		}
		n, err := strconv.Atoi(strings.TrimSuffix(size, ":"))
		if err != nil {
			return "", err
		}
		body := make([]byte, n+1) // with the comma
		if _, err := io.ReadFull(r, body); err != nil {
			return "", err
		}
		var reply struct {
			Token string `json:"token"`
			OK    bool   `json:"ok"`
			Data  string `json:"data"`
		}
		if err := json.Unmarshal(body[:n], &reply); err != nil {
			return "", err
		}
		switch {
		case reply.Token != "go":
		case !reply.OK:
			return "", fmt.Errorf("baresip refused: %s", reply.Data)
		default:
			return reply.Data, nil
		}
	}
}
