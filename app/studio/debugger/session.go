package debugger

import (
	"context"
	"strings"

	"gvpie/runtime/debug/why"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

// Move is a way from one moment to another.
type Move uint8

const (
	Step      Move = iota // to the next statement, into calls
	Over                  // to the next statement of this call, or of one that it returns to
	Out                   // to where this call has returned to
	Frame                 // to the beginning of the next frame
	StepBack              // to the statement before, into calls
	OverBack              // to the statement of this call before, or to where it was called
	OutBack               // to where this call was made
	FrameBack             // to the beginning of this frame, or of the one before
)

func (m Move) back() bool { return m >= StepBack }

// session goes through a run with a machine of its own.
type session struct {
	run   Run
	m     *machine.Machine
	ask   *why.Asker // nil: not asked yet
	at    Position
	draws []Draw // of frame at.Frame
	whole int    // the frame that draws and cycles are of, and one; 0: none
	total uint32 // its cycles
}

// take takes in a run, or one that has gone on.
func (s *session) take(run Run) {
	if s.run.ID != run.ID {
		*s = session{}
	}
	s.run, s.ask, s.whole = run, nil, 0
}

// to goes to a position. One past the end of a frame is its end.
func (s *session) to(ctx context.Context, p Position) error {
	if p.Frame < s.run.Frames.First() {
		p = Position{Frame: s.run.Frames.First()}
	}
	p.Frame = min(p.Frame, s.run.Frames.End())
	if err := s.frame(ctx, p.Frame); err != nil {
		return err
	}
	s.at = Position{Frame: p.Frame}
	if p.Frame == s.run.Frames.End() {
		return nil
	}
	f := s.run.Frames.Frame(p.Frame)
	s.m.Begin(f.Input, f.Budget)
	_, err := s.cycle(ctx, p.Cycle)
	return err
}

// cycle takes the frame that was begun on to a cycle, and says whether it stands there, or
// has come to its end.
func (s *session) cycle(ctx context.Context, c uint32) (stands bool, err error) {
	if stands, err = s.m.RunTo(ctx, c); err != nil {
		s.m = nil
		return false, err
	}
	s.at.Cycle = s.m.Page(machine.StatePage)[isa.StCycles]
	return stands, nil
}

// keyEvery is how many frames lie between two keyframes that are made on the way.
const keyEvery = 16

// frame makes the machine what it was before a frame.
func (s *session) frame(ctx context.Context, n int) error {
	at, key := s.run.Frames.Before(n)
	var err error
	switch {
	case key == nil:
		s.m, err = machine.New(s.run.Frames.Program(), s.run.Frames.Seed())
	case s.m == nil:
		s.m, err = machine.FromSnapshot(key)
	default:
		err = s.m.Restore(key)
	}
	for from := at; err == nil && at < n; at++ {
		if at > from && at%keyEvery == 0 {
			s.run.Frames.Put(at, s.m.Snapshot())
		}
		f := s.run.Frames.Frame(at)
		_, err = s.m.Frame(ctx, f.Input, f.Budget)
	}
	if err != nil {
		s.m = nil
	}
	return err
}

// place is what the statement stepping goes by.
type place struct {
	pc, depth uint32
	statement pxl.Range
	begins    bool // pc is the statement's first instruction
	known     bool
}

func (s *session) place() place {
	st := s.m.Page(machine.StatePage)
	p := place{pc: st[isa.StPC], depth: st[isa.StSP]}
	p.statement, p.known = s.run.Program.Map.At(int(p.pc))
	if p.known {
		before, ok := s.run.Program.Map.At(int(p.pc) - 1)
		p.begins = !ok || before != p.statement
	}
	return p
}

// move goes on from where the session is.
func (s *session) move(ctx context.Context, m Move) (*Moment, error) {
	var err error
	switch m {
	case Frame:
		err = s.to(ctx, Position{Frame: s.at.Frame + 1})
	case FrameBack:
		n := s.at.Frame
		if s.at.Cycle == 0 {
			n--
		}
		err = s.to(ctx, Position{Frame: n})
	case Step, Over, Out:
		err = s.forward(ctx, m)
	default:
		err = s.backward(ctx, m)
	}
	if err != nil {
		return nil, err
	}
	return s.moment(ctx)
}

// forward goes to the next statement that the move stops at, or to the frame's end.
func (s *session) forward(ctx context.Context, m Move) error {
	if err := s.to(ctx, s.at); err != nil {
		return err
	}
	depth := s.place().depth
	for {
		stands, err := s.cycle(ctx, s.at.Cycle+1)
		if err != nil {
			return err
		}
		if !stands {
			return s.to(ctx, Position{Frame: s.at.Frame + 1})
		}
		p := s.place()
		if p.begins && stops(m, p.depth, depth) {
			return nil
		}
	}
}

// stops says whether a move from one depth of calls stops at another.
func stops(m Move, at, from uint32) bool {
	switch m {
	case Over, OverBack:
		return at <= from
	case Out, OutBack:
		return at < from
	}
	return true
}

// backward goes to the last statement before this moment that the move stops at.
func (s *session) backward(ctx context.Context, m Move) error {
	target := s.at
	if err := s.to(ctx, s.at); err != nil {
		return err
	}
	depth := s.place().depth
	for frame := target.Frame; frame >= s.run.Frames.First(); frame-- {
		if frame == s.run.Frames.End() {
			continue
		}
		if err := s.to(ctx, Position{Frame: frame}); err != nil {
			return err
		}
		found, last := false, Position{}
		for frame < target.Frame || s.at.Cycle < target.Cycle {
			if p := s.place(); p.begins && stops(m, p.depth, depth) {
				found, last = true, s.at
			}
			if stands, err := s.cycle(ctx, s.at.Cycle+1); err != nil {
				return err
			} else if !stands {
				break
			}
		}
		if found {
			return s.to(ctx, last)
		}
	}
	return s.to(ctx, Position{})
}

// moment says what is true where the session is.
func (s *session) moment(ctx context.Context) (*Moment, error) {
	if err := s.measure(ctx); err != nil {
		return nil, err
	}
	if err := s.m.Paint(ctx); err != nil {
		s.m = nil
		return nil, err
	}
	st := s.m.Page(machine.StatePage)
	n := &Moment{At: s.at, First: s.run.Frames.First(), Frames: s.run.Frames.End(), Bytes: s.run.Frames.Bytes(), Number: st[isa.StFrame], Cycles: s.total, Draws: s.draws, Status: isa.Status(st[isa.StStatus])}
	if n.Drawn = s.at.Frame; n.present() {
		n.Drawn--
		n.Made = len(s.draws)
	} else {
		n.Made = len(s.m.Commands())
	}
	p := s.place()
	if p.known && !n.ended() {
		n.Next = s.statement(p.statement)
	}
	n.Globals = s.globals()
	n.Pages = s.m.Snapshot()
	return n, nil
}

// measure runs the frame whole, for its commands and cycles.
func (s *session) measure(ctx context.Context) error {
	at := s.at
	frame := min(at.Frame, s.run.Frames.End()-1)
	if s.whole == frame+1 {
		return nil
	}
	s.draws, s.total, s.whole = nil, 0, frame+1
	if frame < s.run.Frames.First() {
		return nil
	}
	if frame < at.Frame {
		if err := s.to(ctx, Position{Frame: frame}); err != nil {
			return err
		}
	}
	if _, err := s.cycle(ctx, ^uint32(0)); err != nil {
		return err
	}
	s.total = s.at.Cycle
	commands := s.m.Commands()
	s.draws = make([]Draw, len(commands))
	for i := range commands {
		c := &commands[i]
		where, _ := s.run.Program.Map.At(int(c[isa.CmdPC]))
		s.draws[i] = Draw{Op: isa.Op(c[isa.CmdOp] & 0xFF), Cycle: c[isa.CmdCycle], At: where.Pos}
	}
	return s.to(ctx, at)
}

func (s *session) statement(r pxl.Range) Statement {
	text := s.run.Program.Text(r.Pos.File)
	lines := strings.SplitN(text, "\n", r.Pos.Line+1)
	out := Statement{At: r.Pos, Length: r.Length}
	if len(lines) >= r.Pos.Line && r.Pos.Line > 0 {
		out.Text = strings.TrimSpace(lines[r.Pos.Line-1])
	}
	return out
}

func (s *session) globals() []Variable {
	var out []Variable
	data := s.m.Page(machine.DataPage)
	for _, sym := range s.run.Program.Symbols {
		if strings.Contains(sym.Name, ".") {
			continue
		}
		switch sym.Kind {
		case pxl.VarSymbol:
			out = append(out, Variable{Name: sym.Name, Value: int32(data[sym.Addr])})
		case pxl.ArraySymbol:
			words := make([]int32, sym.Len)
			for i := range words {
				words[i] = int32(data[sym.Addr+i])
			}
			out = append(out, Variable{Name: sym.Name, Words: words})
		}
	}
	return out
}
