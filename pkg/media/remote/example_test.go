//go:build !js

package remote_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/gowebphone/webphone/pkg/media"
	"github.com/gowebphone/webphone/pkg/media/remote"
	"github.com/gowebphone/webphone/pkg/siptest"
	"github.com/gowebphone/webphone/pkg/ua"
)

// page is a place with audio, and the port to it: in a browser two MessagePorts.
type page struct {
	host *remote.Host
	conn *remote.Conn
	ends chan struct{}
}

// open connects an engine to a page.
func open(engine *remote.Engine) *page {
	p := &page{ends: make(chan struct{})}
	there, back := make(chan []byte, 64), make(chan []byte, 64)
	p.host = remote.NewHost(media.Default(), func(message []byte) { back <- message })
	p.conn = engine.Connect(func(message []byte) { there <- message })
	go p.carry(there, p.host.Receive)
	go p.carry(back, p.conn.Receive)
	return p
}

func (p *page) carry(messages <-chan []byte, receive func([]byte) error) {
	for {
		select {
		case message := <-messages:
			if err := receive(message); err != nil {
				log.Print(err) // a page that says what it must not is best left
			}
		case <-p.ends:
			return
		}
	}
}

// shut is the end of a page, and that of its port.
func (p *page) shut() {
	close(p.ends)
	p.host.Close()
	p.conn.Close()
}

// A call goes on in another page when its own is closed.
func Example() {
	srv := siptest.NewServer()
	defer srv.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	engine := &remote.Engine{}
	agent, err := ua.New(ua.Config{Account: ua.Account{AOR: "sip:1001@" + srv.Domain, Password: srv.Password("1001")},
		Servers: []string{srv.URL}, MediaEngine: engine})
	if err != nil {
		log.Fatal(err)
	}
	defer agent.Close()
	go agent.Run(ctx)
	if err := agent.Ready(ctx); err != nil {
		log.Fatal(err)
	}

	first := open(engine)
	call, err := agent.Invite(ctx, "600", ua.InviteOptions{}) // an echo
	if err == nil {
		err = call.Wait(ctx)
	}
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(call.Info().State, hears(ctx, call))

	first.shut()
	second := open(engine)
	defer second.shut()
	agent.RenewMedia()
	fmt.Println(call.Info().State, hears(ctx, call))
	// Output:
	// established true
	// established true
}

// hears waits for packets of the other side.
func hears(ctx context.Context, call *ua.Call) bool {
	for {
		stats, err := call.Stats(ctx)
		if err != nil {
			log.Print(err)
			return false
		}
		if stats.PacketsReceived > 0 {
			return true
		}
	}
}
