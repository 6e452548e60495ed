package dap

import (
	"bufio"
	"context"
	"errors"
	"io"
	"sync"

	"github.com/google/go-dap"
)

// reader hands the client's requests over, one at a time, and interrupts what is being
// done for one when a later one asks for that.
type reader struct {
	asked chan<- request
	done  <-chan struct{}

	mu     sync.Mutex
	cancel context.CancelFunc // of what is being done; nil: nothing
	wanted bool               // somebody waits for it to end
}

func (r *reader) read(in io.Reader) {
	b := bufio.NewReader(in)
	for {
		var q request
		var content []byte
		if content, q.broken = dap.ReadBaseMessage(b); q.broken == nil {
			q.Message, q.err = dap.DecodeProtocolMessage(content)
		}
		if field := (*dap.DecodeProtocolMessageFieldError)(nil); errors.As(q.err, &field) && field.SubType == "Request" {
			q.Message = &dap.Request{ProtocolMessage: dap.ProtocolMessage{Seq: field.Seq}, Command: field.FieldValue}
		}
		if q.interrupts() {
			r.interrupt()
		}
		select {
		case r.asked <- q:
		case <-r.done:
			return
		}
		if q.broken != nil {
			return
		}
	}
}

// interrupts says whether a request is to be done at once.
func (q request) interrupts() bool {
	switch q.Message.(type) {
	case *dap.PauseRequest, *dap.DisconnectRequest, *dap.TerminateRequest:
		return true
	}
	return q.broken != nil
}

// interrupt ends what is being done, and what begins before the request is taken.
func (r *reader) interrupt() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.wanted = true; r.cancel != nil {
		r.cancel()
	}
}

// taken says that the request has been taken.
func (r *reader) taken(q request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.wanted = r.wanted && !q.interrupts()
}

// interruptible is the context of what begins now.
func (r *reader) interruptible(ctx context.Context) context.Context {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.cancel != nil {
		r.cancel()
	}
	ctx, r.cancel = context.WithCancel(ctx)
	if r.wanted {
		r.cancel()
	}
	return ctx
}
