// Command wasmtest runs the tests of packages as WebAssembly in the form the site publishes:
//
//	go run ./pwa/site/wasmtest ./pkg/ua/...
//
// They are compiled with the trimmed modules, and the programs are rewritten as package build rewrites the phone's, before
// Node.js runs them; only functions are inlined, which the site leaves, because tests take twice as long without it. Where one
// fails it is run again as it was before its lines were left out, so that the lines stand in what it says; the failure remains
// one. Limits: it runs inside this module; all arguments go to go test.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"

	"github.com/gowebphone/webphone/pwa/site/build"
)

// runProgram is how go test calls this command for each program.
const runProgram = "-run-program"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	work := test
	args := os.Args[1:]
	if len(args) > 1 && args[0] == runProgram {
		work, args = run, args[1:]
	}
	err := work(ctx, args)
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		os.Exit(exit.ExitCode())
	case err != nil:
		fmt.Fprintln(os.Stderr, "wasmtest:", err)
		os.Exit(1)
	}
}

func test(ctx context.Context, args []string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	modules, err := build.Modules(ctx, build.Options{})
	if err != nil {
		return err
	}
	cmd := command(ctx, "go", append([]string{"test", "-modfile", modules, "-exec", self + " " + runProgram}, args...)...)
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	return cmd.Run()
}

// run runs a program that go test has compiled.
func run(ctx context.Context, args []string) error {
	script, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return err
	}
	runner := filepath.Join(strings.TrimSpace(string(script)), "lib", "wasm", "go_js_wasm_exec")
	program, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	failure := runAs(ctx, runner, program, false, args)
	var exit *exec.ExitError
	if errors.As(failure, &exit) {
		fmt.Println("wasmtest: once more, with lines:")
		_ = runAs(ctx, runner, program, true, args) // it has failed already
	}
	return failure
}

func runAs(ctx context.Context, runner string, program []byte, lines bool, args []string) error {
	program, err := build.Publish(program, lines)
	if err != nil {
		return err
	}
	file, err := os.CreateTemp("", "*.wasm")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	_, err = file.Write(program)
	if err := errors.Join(err, file.Close()); err != nil {
		return err
	}
	return command(ctx, runner, append([]string{file.Name()}, args[1:]...)...).Run()
}

func command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	return cmd
}
