// Command size compares the phone's program with the smallest go-app page: "go run ./pwa/site/size -max 1.15" prints
// raw, gzip and brotli sizes of both and fails when the phone's brotli is more than 1.15 times the other.
//
// Both are built in the same run by the same toolchain with the same flags. The hello page is what the go command
// makes of it; the phone is what the site publishes, without the parts of its modules that only a server needs and
// written for compression (package build). Limits: it needs the sources of this module; brotli at full quality takes about half
// a minute for each program that has changed.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/gowebphone/webphone/pwa/site/build"
)

const hello = "./pwa/site/size/hello"

func main() {
	limit := flag.Float64("max", 0, "fail above this ratio of the brotli sizes; 0 means no limit")
	program := flag.String("main", "./wasm", "`package` of the program")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := compare(ctx, os.Stdout, *program, *limit); err != nil {
		fmt.Fprintln(os.Stderr, "size:", err)
		os.Exit(1)
	}
}

func compare(ctx context.Context, output io.Writer, program string, limit float64) error {
	ours, err := build.Measure(ctx, build.Options{Main: program}, false)
	if err != nil {
		return err
	}
	smallest, err := build.Measure(ctx, build.Options{Main: hello}, true)
	if err != nil {
		return err
	}
	fmt.Fprintf(output, "%-24s %10s %10s %10s\n", "", "raw", "gzip 9", "brotli 11")
	row := func(name string, file build.File) {
		fmt.Fprintf(output, "%-24s %10d %10d %10d\n", name, file.Size, file.Gzip, file.Brotli)
	}
	row("app.wasm", ours)
	row("go-app hello", smallest)
	ratio := float64(ours.Brotli) / float64(smallest.Brotli)
	fmt.Fprintf(output, "%-24s %10.3f %10.3f %10.3f\n", "ratio",
		float64(ours.Size)/float64(smallest.Size), float64(ours.Gzip)/float64(smallest.Gzip), ratio)
	if limit > 0 && ratio > limit {
		return fmt.Errorf("app.wasm is %.3f times the hello page, more than %.2f", ratio, limit)
	}
	return nil
}
