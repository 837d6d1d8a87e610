package transport

import "context"

// Pipe returns two ends of a connection in memory: what one sends, the other receives. Close and Abandon of either end
// both, with everything sent before still to be received. It starts no goroutine.
func Pipe() (Conn, Conn) {
	a, b := newInbox(), newInbox()
	return &pipeEnd{in: a, out: b}, &pipeEnd{in: b, out: a}
}

type pipeEnd struct {
	in, out *inbox
}

func (p *pipeEnd) Send(msg []byte) error {
	if len(msg) > MaxMessage {
		return ErrTooBig
	}
	// An empty frame is no message, but must not read as "nothing there".
	if p.out.push(append([]byte{}, msg...)) {
		return nil
	}
	if err := p.in.err(); err != nil {
		return err
	}
	return ErrQueueFull
}

func (p *pipeEnd) Recv(ctx context.Context) ([]byte, error) { return p.in.recv(ctx) }

func (p *pipeEnd) Close(code int, reason string) {
	p.end(&CloseError{Code: code, Reason: clipReason(reason)}, &CloseError{Code: code, Reason: clipReason(reason)})
}

func (p *pipeEnd) Abandon() {
	p.end(&CloseError{Code: codeAbnormal, Err: errAbandoned}, &CloseError{Code: codeAbnormal})
}

func (p *pipeEnd) end(here, there *CloseError) {
	p.in.end(here)
	p.out.end(there)
}
