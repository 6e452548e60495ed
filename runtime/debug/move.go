package debug

import (
	"context"
	"math"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// Move is a way to go on by one step, or back.
type Move uint8

const (
	Into  Move = iota // to the next statement, in a procedure that is called too
	Over              // to the next statement here, or where this one was called from
	Out               // to where this one was called from; outside calls to the next frame
	Frame             // to the start of the next frame
	Cycle             // past one instruction
)

// Reason is why a session stands where it does after a move.
type Reason uint8

const (
	Stepped    Reason = iota // the move came to its end
	Hit                      // a breakpoint holds
	Faulted                  // the run ended with a run-time error
	Halted                   // the run ended, at HALT or behind its last statement
	Unrecorded               // no more frames are known
	Started                  // backwards: this is where the run begins
)

// Step makes a move forwards. The errors are the context's.
func (s *Session) Step(ctx context.Context, move Move) (Reason, error) {
	if !s.goesOn() {
		return s.Reason(), nil
	}
	s.hit, s.telling = nil, true
	defer s.logSoFar()
	depth := s.depth()
	switch move {
	case Frame:
		_, err := s.ahead(ctx, nothing, s.at.Frame+1)
		return s.Reason(), err
	case Cycle:
		s.stopAt(nil)
		stands, err := s.run(ctx, s.at.Cycle+1)
		if err == nil && !stands {
			err = s.finish(ctx)
		}
		return s.Reason(), err
	}
	until := math.MaxInt
	if move == Out && depth == 0 {
		until = s.at.Frame + 1
	}
	ask := func() query {
		q := s.stepQuery(move, depth)
		if move == Out {
			q.addrs = s.returns()
		}
		return q
	}
	if err := s.count(ctx, true); err != nil {
		return Stepped, err
	}
	s.telling = true
	_, err := s.ahead(ctx, s.watch(ctx, ask, false), until)
	if err == nil && len(s.hit) > 0 {
		return Hit, nil
	}
	return s.Reason(), err
}

// StepBack makes a move backwards: to the last position from which the same move comes
// past here. The errors are the context's.
func (s *Session) StepBack(ctx context.Context, move Move) (Reason, error) {
	s.hit, s.telling = nil, false
	first := s.FirstFrame()
	if s.at == (Position{Frame: first}) {
		return Started, nil
	}
	var err error
	found := true
	switch depth := s.depth(); {
	case move == Frame || move == Out && depth == 0:
		to := s.at.Frame
		if s.at.Cycle == 0 {
			to--
		}
		err = s.Go(ctx, Position{Frame: to})
	case move == Cycle:
		to := s.at
		if to.Cycle == 0 {
			to.Frame--
			if to.Cycle, err = s.length(ctx, to.Frame); err != nil {
				return Stepped, err
			}
		}
		to.Cycle--
		err = s.Go(ctx, to)
	default:
		found, err = s.back(ctx, func() query { return s.stepQuery(move, depth) }, first)
	}
	if err == nil && !found {
		return Started, nil
	}
	return s.Reason(), err
}

// stepQuery is where a step by statements goes from a depth of calls. Back out of a call
// is to the statement that made it.
func (s *course) stepQuery(move Move, depth int) query {
	q := query{addrs: s.branch.at(s.at.Frame).code().starts}
	switch move {
	case Over:
		q.holds = func() bool { return s.depth() <= depth }
	case Out:
		q.holds = func() bool { return s.depth() < depth }
	}
	return q
}

// returns are the addresses that the open calls go back to.
func (s *course) returns() []int {
	state := s.m.Page(machine.StatePage)
	var out []int
	for _, entry := range state[isa.StStack:][:state[isa.StSP]] {
		out = append(out, int(entry&isa.StackAddr))
	}
	return out
}

// Reason says whether the run goes on from here, and why not.
func (s *course) Reason() Reason {
	switch {
	case s.over:
		return Unrecorded
	case s.end == nil:
		return Stepped
	case s.end.Fault != nil:
		return Faulted
	}
	return Halted
}

// code is what is known of a program's addresses.
type code struct {
	starts []int // at which the core comes to a statement: those of blocks are run by texels
	blocks []block
}

// block is the addresses of an EACH and its block.
type block struct{ each, from, to int }

// code looks a branch's program through once.
func (b *Branch) code() *code {
	if b.known != nil {
		return b.known
	}
	a, c := b.run.Assembly, &code{}
	end := 0
	for _, span := range a.Map.Statements() {
		if span.From < end {
			continue
		}
		c.starts = append(c.starts, span.From)
		for at := span.From; at < span.To; {
			in, ok := isa.Decode(a.Program, at, a.Header.CodeEnd)
			if !ok {
				break
			}
			if at += in.Size; in.Spec.Op == isa.EACH {
				end = int(in.Args[4])
				c.blocks = append(c.blocks, block{in.Addr, at, end})
			}
		}
	}
	b.known = c
	return c
}

// inBlock says whether an instruction is of a block, which texels run.
func (b *Branch) inBlock(pc int) bool {
	for _, s := range b.code().blocks {
		if pc >= s.from && pc < s.to {
			return true
		}
	}
	return false
}
