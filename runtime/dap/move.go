package dap

import (
	"context"

	"github.com/google/go-dap"

	"gvpie/runtime/debug"
	"gvpie/runtime/liveedit"
)

// thread is the one thread that there is.
const thread = 1

// goOn lets the program run.
func (s *server) goOn() {
	s.running = true
	s.calls, s.refs = nil, nil
}

// stopped says that the program stands, and why.
func (s *server) stopped(why, text string) {
	s.running = false
	s.calls, s.refs = nil, nil
	body := dap.StoppedEventBody{Reason: why, Description: text, Text: text, ThreadId: thread, AllThreadsStopped: true}
	body.HitBreakpointIds, _ = s.hit()
	s.send(&dap.StoppedEvent{Event: event("stopped"), Body: body})
}

// runFrame takes a program that runs to the end of the frame.
func (s *server) runFrame(ctx context.Context) {
	until := s.session.Position().Frame + 1
	run := s.session.Continue
	if s.fresh {
		run = s.session.Start
	}
	s.fresh = false
	reason, err := run(ctx, until)
	if err == nil && reason != debug.Stepped { // the request that ended the context follows
		s.arrived(reason)
	}
}

// arrived says where a move has led.
func (s *server) arrived(reason debug.Reason) {
	switch {
	case s.launched.NoDebug:
		s.running = false
		if f := s.session.Where().Fault; f != nil {
			s.print("stderr", liveedit.Explain(f, s.session.Assembly()))
		}
		s.terminated()
	case reason == debug.Hit:
		if _, data := s.hit(); data {
			s.stopped("data breakpoint", "")
			return
		}
		s.stopped("breakpoint", "")
	case reason == debug.Faulted:
		s.stopped("exception", liveedit.Explain(s.session.Where().Fault, s.session.Assembly()))
	case reason == debug.Halted:
		s.stopped("end", "the program has ended")
	case reason == debug.Unrecorded:
		s.stopped("end", "the recording has ended")
	case reason == debug.Started:
		s.stopped("entry", "the run begins here")
	default:
		s.stopped("step", "")
	}
}

// terminated says, once, that nothing runs any more.
func (s *server) terminated() {
	if !s.over {
		s.over = true
		s.send(&dap.TerminatedEvent{Event: event("terminated")})
	}
}

// step makes one of the moves by a step.
func (s *server) step(ctx context.Context, m dap.Message) error {
	move, back := debug.Over, false
	var granularity dap.SteppingGranularity
	var r dap.ResponseMessage
	switch q := m.(type) {
	case *dap.NextRequest:
		r, granularity = &dap.NextResponse{}, q.Arguments.Granularity
	case *dap.StepInRequest:
		r, granularity, move = &dap.StepInResponse{}, q.Arguments.Granularity, debug.Into
	case *dap.StepOutRequest:
		r, granularity, move = &dap.StepOutResponse{}, q.Arguments.Granularity, debug.Out
	case *dap.StepBackRequest:
		r, granularity, move, back = &dap.StepBackResponse{}, q.Arguments.Granularity, debug.Into, true
	}
	if granularity == "instruction" && move != debug.Out {
		move = debug.Cycle
	}
	s.answer(m, r)
	s.goOn()
	var reason debug.Reason
	var err error
	if back {
		reason, err = s.session.StepBack(ctx, move)
	} else {
		reason, err = s.session.Step(ctx, move)
	}
	if err == nil { // else the request that ended the context follows
		s.arrived(reason)
	}
	return nil
}
