package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/gowebphone/webphone/testdata/kamailio"
)

// telephones starts and stops plain telephones for the drivers, which speak to it over HTTP.
type telephones struct {
	server *kamailio.Bench

	mu    sync.Mutex // guards peers and starting
	peers map[string]*kamailio.Peer
}

// listen serves the control requests of the drivers until ctx ends and returns their address.
func listen(ctx context.Context, server *kamailio.Bench) (string, error) {
	l, err := net.Listen("tcp", kamailio.IP+":0")
	if err != nil {
		return "", err
	}
	t := &telephones{server: server, peers: map[string]*kamailio.Peer{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /start/{kind}", t.start)
	mux.HandleFunc("POST /command/{id}", t.command)
	mux.HandleFunc("POST /wait/{id}", t.wait)
	mux.HandleFunc("POST /stop/{id}", t.stop)
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go srv.Serve(l)
	context.AfterFunc(ctx, func() { srv.Close() })
	return "http://" + l.Addr().String(), nil
}

// start makes an "echo" (SIPp that answers), a "caller" (SIPp that calls ?user=) or a "baresip" (user 1005).
func (t *telephones) start(w http.ResponseWriter, r *http.Request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var (
		p   *kamailio.Peer
		err error
	)
	switch kind := r.PathValue("kind"); kind {
	case "echo":
		p, err = t.server.Echo(r.Context())
	case "caller":
		p, err = t.server.Caller(r.FormValue("user"), 8*time.Second)
	case "baresip":
		p, err = t.server.Baresip(r.Context(), kamailio.Baresip{User: "1005", Codecs: "PCMU"})
	default:
		err = fmt.Errorf("no telephone of kind %q", kind)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	id := strconv.Itoa(len(t.peers))
	t.peers[id] = p
	json.NewEncoder(w).Encode(map[string]string{"id": id, "number": p.Number})
}

func (t *telephones) peer(r *http.Request) *kamailio.Peer {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.peers[r.PathValue("id")]
}

func (t *telephones) command(w http.ResponseWriter, r *http.Request) {
	reply, err := t.peer(r).Command(r.Context(), r.FormValue("command"), r.FormValue("params"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	io.WriteString(w, reply)
}

func (t *telephones) wait(w http.ResponseWriter, r *http.Request) {
	p := t.peer(r)
	if err := p.Wait(r.Context()); err != nil {
		http.Error(w, err.Error()+"\n"+p.Log(), http.StatusBadGateway)
	}
}

// stop ends a telephone and returns what it wrote.
func (t *telephones) stop(w http.ResponseWriter, r *http.Request) {
	p := t.peer(r)
	p.Stop()
	io.WriteString(w, p.Log())
}
