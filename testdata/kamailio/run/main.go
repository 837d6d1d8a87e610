// Command run starts the server of package kamailio with an echo telephone and a baresip, prints how to reach them, and
// ends them at an interrupt:
//
//	go run ./testdata/kamailio/run
//
// It is for trying the phone by hand; the log files stay in the directory it prints.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"syscall"

	"github.com/gowebphone/webphone/testdata/kamailio"
)

func main() {
	var opts kamailio.Options
	flag.StringVar(&opts.Algorithm, "digest", "MD5", "digest algorithm, MD5 or SHA-256")
	flag.BoolVar(&opts.MediaRelay, "relay", false, "audio between two browsers goes through rtpengine")
	flag.IntVar(&opts.Debug, "debug", 0, "log level of Kamailio, 3 shows every step")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := serve(ctx, opts); err != nil {
		log.Fatal(err)
	}
}

func serve(ctx context.Context, opts kamailio.Options) error {
	b, err := kamailio.Start(ctx, opts)
	if err != nil {
		return err
	}
	defer b.Stop()
	b.Keep()
	echo, err := b.Echo(ctx)
	if err != nil {
		return err
	}
	bare, err := b.Baresip(ctx, kamailio.Baresip{User: "1005"})
	if err != nil {
		return err
	}
	fmt.Printf("server   %s  %s  domain %s\naccounts 1001 to 1010, password pw and the user name\n"+
		"echo     %s (one call)\nbaresip  %s (a tone)\nlogs     %s\n", b.WS, b.WSS, b.Domain, echo.Number, bare.Number, b.Dir)
	<-ctx.Done()
	return nil
}
