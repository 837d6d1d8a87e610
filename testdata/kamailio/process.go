package kamailio

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// process is a program of the bench; its output goes to <name>.log.
type process struct {
	name string
	log  string
	cmd  *exec.Cmd
	done chan struct{} // closed when the program has ended
	err  error         // how it ended; valid after done
}

// run starts a program in the directory of the bench, in a process group of its own.
func (b *Bench) run(name, prog string, args ...string) (*process, error) {
	p := &process{name: name, log: filepath.Join(b.Dir, name+".log"), done: make(chan struct{})}
	out, err := os.Create(p.log)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	p.cmd = exec.Command(program(prog), args...)
	p.cmd.Dir = b.Dir
	p.cmd.Stdout, p.cmd.Stderr = out, out
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	started := make(chan error)
	go p.babysit(started)
	if err := <-started; err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.procs = append(b.procs, p)
	return p, nil
}

// babysit starts the program and waits for its end. It keeps its thread: the kernel ties the program's life to the thread
// that started it (Pdeathsig).
func (p *process) babysit(started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := p.cmd.Start()
	started <- err
	if err == nil {
		p.err = p.cmd.Wait()
		p.killGroup() // at once, before its number can belong to somebody else
		close(p.done)
	}
}

func (p *process) killGroup() { syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) }

// stop asks the program to end, and makes it end with all its children after five seconds.
func (p *process) stop() {
	select {
	case <-p.done:
		return
	default:
	}
	p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(5 * time.Second):
		p.killGroup()
		<-p.done
	}
}

// crash ends the program and its children at once.
func (p *process) crash() {
	select {
	case <-p.done:
	default:
		p.killGroup()
		<-p.done
	}
}

// output returns what the program has written.
func (p *process) output() string {
	text, _ := os.ReadFile(p.log)
	return string(text)
}

// tail returns the end of the output, for error messages; of SIPp, which draws screens there, that of its error file.
func (p *process) tail() string {
	text, err := os.ReadFile(strings.TrimSuffix(p.log, ".log") + ".err")
	if err != nil {
		text = []byte(p.output())
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-20):], "\n")
}

// waitLog waits until the program has written one of the texts.
func (p *process) waitLog(ctx context.Context, texts ...string) error {
	return p.wait(ctx, fmt.Sprintf("writes %q", texts), func() bool {
		out := p.output()
		for _, t := range texts {
			if strings.Contains(out, t) {
				return true
			}
		}
		return false
	})
}

// waitTCP waits until somebody accepts connections on the port.
func (p *process) waitTCP(ctx context.Context, port int) error {
	return p.wait(ctx, fmt.Sprintf("accepts connections on port %d", port), func() bool {
		c, err := net.DialTimeout("tcp", fmt.Sprintf("%s:%d", IP, port), time.Second)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
}

// waitPort waits until somebody has bound the UDP or TCP port.
func (p *process) waitPort(ctx context.Context, port int) error {
	return p.wait(ctx, fmt.Sprintf("listens on port %d", port), func() bool { return listening()[port] })
}

func (p *process) wait(ctx context.Context, what string, ready func() bool) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !ready() {
		select {
		case <-tick.C:
		case <-p.done:
			return fmt.Errorf("%s ended before it %s (%v):\n%s", p.name, what, p.err, p.tail())
		case <-ctx.Done():
			return fmt.Errorf("wait until %s %s: %w:\n%s", p.name, what, context.Cause(ctx), p.tail())
		}
	}
	return nil
}

// exited waits for the end of the program and returns nil when its exit status was 0.
func (p *process) exited(ctx context.Context) error {
	select {
	case <-p.done:
	case <-ctx.Done():
		return fmt.Errorf("wait for the end of %s: %w:\n%s", p.name, context.Cause(ctx), p.tail())
	}
	if p.err != nil {
		return errors.Join(fmt.Errorf("%s: %w", p.name, p.err), errors.New(p.tail()))
	}
	return nil
}
