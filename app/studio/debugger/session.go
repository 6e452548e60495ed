package debugger

import (
	"context"
	"math"

	"gvpie/runtime/debug"
	"gvpie/runtime/debug/why"
	"gvpie/runtime/isa"
	"gvpie/runtime/liveedit"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/record"
)

// Position is a moment of a run.
type Position = debug.Position

// Move is a way from one moment to another.
type Move uint8

const (
	Step         Move = iota // to the next statement, into calls
	Over                     // to the next statement of this call, or of one that it returns to
	Out                      // to where this call has returned to
	Frame                    // to the beginning of the next frame
	Continue                 // to the next breakpoint
	StepBack                 // to the statement before, into calls
	OverBack                 // to the statement of this call before, or to where it was called
	OutBack                  // to where this call was made
	FrameBack                // to the beginning of this frame, or of the one before
	ContinueBack             // to the breakpoint before, or to the beginning of the run
)

func (m Move) back() bool { return m >= StepBack }

// steps are the session's names of the moves in either direction.
var steps = [...]debug.Move{Step: debug.Into, Over: debug.Over, Out: debug.Out, Frame: debug.Frame}

// session is the worker's: a run, and where in it one is.
type session struct {
	run   Run
	in    *debug.Session
	past  *why.Ring
	asked map[*debug.Branch]asks

	breaks  []Breakpoint
	stops   []*debug.Placed // where those are
	fixed   []Variable      // what no statement of a program changes,
	fixedOf *pxl.Assembly   // which is this; nil: not looked at yet

	m      *machine.Machine // runs frames whole
	whole  int              // the frame that draws and cycles are of, -1 for none
	draws  []Draw
	cycles uint32

	small *machine.Machine // draws small pictures

	told  func(done, all int) // is told how far something is
	other Other
}

// take takes in a run, or one that has gone on: then what is known of it stays.
func (s *session) take(ctx context.Context, run Run) error {
	if s.in != nil && s.run.ID == run.ID && s.in.Grow(run.Frames) {
		return s.in.Switch(ctx, s.in.Branches()[0])
	}
	in, err := debug.New(debug.Run{Assembly: run.Program, Ring: run.Frames, Frames: run.Frames.End()})
	if err != nil {
		return err
	}
	*s = session{run: run, in: in, past: why.InRing(run.Frames), m: s.m, whole: -1, small: s.small, told: s.told, other: s.other}
	in.Progress = s.told
	return nil
}

// onward makes a move from where the program stood before it ran its last frame.
func (s *session) onward(ctx context.Context, m Move) error {
	last := s.present().Frame - 1
	err := s.in.Go(ctx, Position{Frame: last})
	switch {
	case err != nil || m == Frame:
		return err
	case m == Continue:
		_, err = s.in.Start(ctx, last+1)
		return err
	}
	return s.move(ctx, m)
}

// renew makes a session anew that failed, where it stood.
func (s *session) renew(ctx context.Context) {
	run, breaks := s.run, s.breaks
	var at Position
	if s.in != nil {
		at = s.in.Position()
	}
	*s = session{told: s.told, other: s.other}
	if err := s.take(ctx, run); err == nil {
		s.stopAt(breaks)
		_ = s.in.Go(ctx, at) // cut short it stands on the way there
	}
}

// onwardTo is onward to a target; where the frame does not come to it, to the frame's end.
func (s *session) onwardTo(ctx context.Context, t Target) error {
	last := s.present().Frame - 1
	if err := s.in.Go(ctx, Position{Frame: last}); err != nil {
		return err
	}
	b, err := s.breakpoint(ctx, t)
	if err == nil {
		s.in.SetBreakpoints([]debug.Breakpoint{b})
		_, err = s.in.Start(ctx, last+1)
	}
	return err
}

// stopAt sets the breakpoints, and gives those that never stop, with why.
func (s *session) stopAt(list []Breakpoint) (idle map[Breakpoint]string) {
	s.breaks, s.stops, idle = list, s.in.SetBreakpoints(list), map[Breakpoint]string{}
	for _, p := range s.stops {
		if p.Problem != "" {
			idle[p.Breakpoint] = p.Problem
		}
	}
	return idle
}

// present is where the program stands.
func (s *session) present() Position { return Position{Frame: s.run.Frames.End()} }

// move goes on, or back.
func (s *session) move(ctx context.Context, m Move) (err error) {
	switch {
	case m == Continue:
		_, err = s.in.Continue(ctx, s.until())
	case m == ContinueBack:
		_, err = s.in.ContinueBack(ctx)
	case m.back():
		_, err = s.in.StepBack(ctx, steps[m-StepBack])
	default:
		_, err = s.in.Step(ctx, steps[m])
	}
	return err
}

// moment says what is true where the session is. err is that of going there.
func (s *session) moment(ctx context.Context, err error) (*Moment, error) {
	if err != nil {
		return nil, err
	}
	branch := s.branch()
	if branch != "" {
		if err := s.measureBranch(ctx); err != nil {
			return nil, err
		}
	}
	w := s.in.Where()
	m, err := s.in.Machine(ctx)
	if err != nil {
		return nil, err
	}
	st := m.Page(machine.StatePage)
	n := &Moment{
		At: w.Position, First: s.run.Frames.First(), Frames: s.run.Frames.End(), Bytes: s.bytes(), Most: record.DefaultMemory + (len(s.in.Branches())-1)*debug.BranchMemory,
		Number: st[isa.StFrame], Drawn: w.Frame, Made: len(m.Commands()), Pages: m.Snapshot(),
		Ended: s.in.Ended() != nil, Branch: branch, Failing: debug.Failing(s.stops), program: s.in.Assembly(),
	}
	n.Last = max(n.Frames, w.Frame)
	n.Failed = n.Frames > n.First && s.run.Frames.Frame(n.Frames-1).Status == isa.Faulted
	if n.Frames > n.First && s.run.Frames.Frame(n.Frames-1).Status != isa.Framed {
		n.Last--
	}
	if n.Present = branch == "" && (n.Ended || w.Frame >= n.Frames); n.Present {
		n.Drawn = n.Frames - 1
	}
	if w.Fault != nil {
		n.Fault = liveedit.Explain(w.Fault, n.program)
	}
	n.Next = Statement{At: placed(w.Calls[0].Place), Text: w.Calls[0].Place.Text}
	if n.Ended && w.Fault == nil {
		n.Next = Statement{}
	}
	for _, c := range w.Calls {
		n.Calls = append(n.Calls, Call{Name: c.Name, At: placed(c.Place), Locals: variables(c.Locals)})
	}
	n.Branches = s.branches()
	n.Globals = variables(s.in.Variables())
	for _, l := range s.in.Lists() {
		if v := (Variable{Name: l.Name, Words: l.Words, Word: l.Base, Cols: l.Cols}); !l.Table {
			n.Globals = append(n.Globals, v)
		}
	}
	n.Tables = s.tables()
	if branch == "" {
		if err := s.measure(ctx, n.Drawn); err != nil {
			return nil, err
		}
	}
	n.Draws, n.Cycles, n.Beside = s.draws, s.cycles, beside(n)
	if n.Present {
		n.Made = len(n.Draws)
	}
	return n, nil
}

// bytes is what the run and its branches take of memory.
func (s *session) bytes() (n int) {
	for _, b := range s.in.Branches() {
		n += b.Bytes()
	}
	return n
}

// placed is a place of the session's as positions have it.
func placed(p debug.Place) pxl.Position {
	return pxl.Position{File: p.File, Line: p.Line, Column: p.Column}
}

func variables(all []debug.Variable) []Variable {
	out := make([]Variable, len(all))
	for i, v := range all {
		out[i] = Variable{Name: v.Name, Value: v.Value, Word: v.Word}
	}
	return out
}

// measure runs a frame whole, for its commands and cycles.
func (s *session) measure(ctx context.Context, frame int) error {
	if s.whole == frame {
		return nil
	}
	before, err := s.past.Before(ctx, frame)
	if err != nil {
		return err
	}
	if s.m == nil {
		s.m, err = machine.FromSnapshot(before)
	} else {
		err = s.m.Restore(before)
	}
	if err != nil {
		return err
	}
	in, budget := s.past.Given(frame)
	s.m.Begin(in, budget)
	if _, err := s.m.RunTo(ctx, math.MaxUint32); err != nil { // nothing is painted
		return err
	}
	s.whole, s.cycles = frame, s.m.Page(machine.StatePage)[isa.StCycles]
	s.draws = s.drawn(s.m.Commands())
	return nil
}
