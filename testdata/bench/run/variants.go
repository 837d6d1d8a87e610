package main

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/gowebphone/webphone/testdata/kamailio"
)

// variant is another server, or another way to it, for some of the cases.
type variant struct {
	name   string
	server kamailio.Options
	env    func(*bench) []string // for the drivers, in addition; nil for none
	cases  string
	check  func(*bench) error // afterwards; nil for none
	others string             // cases of the other libraries where they can do less than ours; default: the same
}

var variants = []variant{
	{
		name:   "sha256",
		server: kamailio.Options{Algorithm: "SHA-256"},
		cases:  "^(?!.*baresip)", // the others know MD5 only, and so does baresip
		others: "^register$",
	},
	{
		name:  "wss",
		cases: "^(register|call-audio|to-sipp|ws-drop)",
		env: func(b *bench) []string {
			return []string{"WS_URL=" + b.WSS, "CHROME_EXTRA=--ignore-certificate-errors"}
		},
	},
	{
		name:   "rtpengine",
		server: kamailio.Options{MediaRelay: true},
		cases:  "^(call-audio|hold-resume|to-sipp|blind-transfer|attended-transfer)",
		check:  relayed,
	},
	{name: "turn-udp", cases: "^call-audio", server: kamailio.Options{TURN: true}, env: relayOnly("udp")},
	{name: "turn-tcp", cases: "^call-audio", server: kamailio.Options{TURN: true}, env: relayOnly("tcp")},
}

// relayOnly makes every phone use nothing but the TURN server.
func relayOnly(transport string) func(*bench) []string {
	return func(b *bench) []string {
		return []string{fmt.Sprintf(`PC_OVERRIDE={"iceServers":[{"urls":"%s?transport=%s","username":"%s","credential":"%s"}],`+
			`"pcConfig":{"iceTransportPolicy":"relay"}}`, b.TURN, transport, kamailio.TURNUser, kamailio.TURNPassword)}
	}
}

func (p *plan) variants(ctx context.Context) error {
	chosen, err := regexp.Compile(p.variant)
	if err != nil {
		return err
	}
	var failed error
	for _, v := range variants {
		if chosen.MatchString(v.name) {
			failed = errors.Join(failed, p.variantRun(ctx, v))
		}
	}
	return failed
}

func (p *plan) variantRun(ctx context.Context, v variant) error {
	err := withServer(ctx, v.server, func(b *bench) error {
		if v.env != nil {
			b.env = append(b.env, v.env(b)...)
		}
		var failed error
		for _, lib := range p.libraries {
			failed = errors.Join(failed, b.node(ctx, "test/features.mjs", lib, p.casesOf(v, lib)))
		}
		if v.check != nil {
			failed = errors.Join(failed, v.check(b))
		}
		return failed
	})
	if err != nil {
		return fmt.Errorf("variant %s: %w", v.name, err)
	}
	return nil
}

func (p *plan) casesOf(v variant, lib string) string {
	switch {
	case p.cases != allCases:
		return p.cases
	case v.others != "" && lib != ours:
		return v.others
	}
	return v.cases
}

// relayed checks that audio went through rtpengine.
func relayed(b *bench) error {
	if !strings.Contains(b.Log("rtpengine"), "Final packet stats") {
		return errors.New("rtpengine relayed nothing")
	}
	return nil
}
