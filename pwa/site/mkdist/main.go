// Command mkdist builds the static site into pwa/site/dist: "go run ./pwa/site/mkdist" as it is published, with
// -fast in a fraction of the time for development. With -lines it builds nothing: it reads the trace of a fault, as the
// console of the browser shows it, and writes it with the file and line of each call, which the published program does not carry.
//
// Limits: it runs inside this module and needs the go command; brotli at full quality takes about half a minute
// whenever the program has changed.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/gowebphone/webphone/pwa/site/build"
)

func main() {
	var o build.Options
	flag.BoolVar(&o.Fast, "fast", false, "compress less well, in a fraction of the time")
	flag.StringVar(&o.Out, "o", "", "`folder` to fill (default pwa/site/dist)")
	flag.StringVar(&o.Main, "main", "./wasm", "`package` of the WebAssembly program")
	flag.StringVar(&o.Name, "name", "Webphone", "`name` on the page and when installed")
	flag.StringVar(&o.ID, "id", "webphone", "`identity` of the installed app on its origin")
	lines := flag.Bool("lines", false, "read a trace of the program of these sources, write it with files and lines")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	work := site
	if *lines {
		work = trace
	}
	if err := work(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "mkdist:", err)
		os.Exit(1)
	}
}

func trace(ctx context.Context, o build.Options) error {
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	whole, err := build.Lines(ctx, o, string(text))
	fmt.Print(whole)
	return err
}

func site(ctx context.Context, o build.Options) error {
	begin := time.Now()
	report, err := build.Run(ctx, o)
	if err != nil {
		return err
	}
	fmt.Printf("%-28s %10s %10s %10s\n", "file", "raw", "gzip", "brotli")
	for _, file := range report.Files {
		fmt.Printf("%-28s %10d %10d %10d\n", file.Name, file.Size, file.Gzip, file.Brotli)
	}
	fmt.Printf("version %s in %.1f s\n", report.Version, time.Since(begin).Seconds())
	return nil
}
