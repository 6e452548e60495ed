package dap

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/go-dap"

	"gvpie/runtime/debug"
)

// errNotLaunched is the answer to what needs a program.
var errNotLaunched = errors.New("no program is launched")

// handle does what a request asks for and answers it.
func (s *server) handle(ctx context.Context, m dap.Message) {
	if err := s.guarded(func() error { return s.do(ctx, m) }); err != nil {
		s.refuse(m, err)
	}
}

// guarded does something with the session, which is given up where the debugger fails:
// nothing can be said of it any more.
func (s *server) guarded(do func() error) error {
	err := debug.Guard(do)
	if errors.As(err, new(*debug.Failure)) {
		s.session, s.running = nil, false
		s.terminated()
	}
	return err
}

func (s *server) do(ctx context.Context, m dap.Message) error {
	switch q := m.(type) {
	case *dap.InitializeRequest:
		s.initialize(q)
		return nil
	case *dap.LaunchRequest:
		return s.launch(q)
	case *dap.DisconnectRequest:
		s.done = true
		s.answer(q, &dap.DisconnectResponse{})
		s.terminated()
		return nil
	case *dap.ThreadsRequest:
		s.answer(q, &dap.ThreadsResponse{Body: dap.ThreadsResponseBody{Threads: []dap.Thread{{Id: thread, Name: "program"}}}})
		return nil
	case *dap.SetExceptionBreakpointsRequest: // a run-time error always stops
		s.answer(q, &dap.SetExceptionBreakpointsResponse{})
		return nil
	}
	if s.session == nil {
		return errNotLaunched
	}
	switch q := m.(type) {
	case *dap.ConfigurationDoneRequest:
		return s.configured(q)
	case *dap.PauseRequest:
		s.answer(q, &dap.PauseResponse{})
		if s.running {
			s.stopped("pause", "")
		}
		return nil
	case *dap.ContinueRequest:
		s.answer(q, &dap.ContinueResponse{Body: dap.ContinueResponseBody{AllThreadsContinued: true}})
		s.goOn()
		return nil
	case *dap.SetBreakpointsRequest:
		return s.setBreakpoints(q)
	case *dap.DataBreakpointInfoRequest:
		return s.dataBreakpointInfo(q)
	case *dap.SetDataBreakpointsRequest:
		return s.setDataBreakpoints(q)
	case *dap.SourceRequest:
		return s.text(q)
	}
	if s.running {
		return errors.New("the program runs: pause it first")
	}
	switch q := m.(type) {
	case *dap.NextRequest, *dap.StepInRequest, *dap.StepOutRequest, *dap.StepBackRequest:
		return s.step(ctx, q)
	case *dap.ReverseContinueRequest:
		s.answer(q, &dap.ReverseContinueResponse{})
		s.goOn()
		if reason, err := s.session.ContinueBack(ctx); err == nil { // else the request that ended the context follows
			s.arrived(reason)
		}
		return nil
	case *dap.StackTraceRequest:
		return s.stackTrace(q)
	case *dap.ScopesRequest:
		return s.scopes(q)
	case *dap.VariablesRequest:
		return s.variables(q)
	case *dap.SetVariableRequest:
		return s.setVariable(ctx, q)
	case *dap.EvaluateRequest:
		return s.evaluate(ctx, q)
	case *dap.ExceptionInfoRequest:
		return s.exceptionInfo(q)
	}
	return fmt.Errorf("%s is not supported", m.(dap.RequestMessage).GetRequest().Command)
}
