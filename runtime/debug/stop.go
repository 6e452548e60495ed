package debug

import (
	"context"
	"errors"
	"fmt"

	"gvpie/runtime/debug/expr"
	"gvpie/runtime/machine"
)

// watch adds what breakpoints ask for to a query.
func (s *Session) watch(ctx context.Context, a asking, backwards bool) asking {
	return func() query { return s.watched(ctx, a(), backwards) }
}

// nothing asks for nothing.
func nothing() query { return query{holds: func() bool { return false }} }

func (s *Session) watched(ctx context.Context, q query, backwards bool) query {
	s.breakpoints.replace(s.branch.at(s.at.Frame))
	at := map[int][]*Placed{}
	for _, p := range s.breakpoints {
		if p.Log != "" && backwards {
			continue
		}
		for _, a := range p.addrs {
			at[a] = append(at[a], p)
		}
	}
	steps := map[int]bool{}
	for _, a := range q.addrs {
		steps[a] = true
	}
	addrs, holds := append([]int(nil), q.addrs...), q.holds
	for a := range at {
		addrs = append(addrs, a)
	}
	out := query{addrs: addrs, whole: s.breakpoints.counts(), holds: func() bool {
		pc := s.pc()
		s.hit = nil
		for _, p := range at[pc] {
			if p.onLine() && s.holds(ctx, p) {
				s.hit = append(s.hit, p)
			}
		}
		return len(s.hit) > 0 || steps[pc] && (holds == nil || holds())
	}}
	for _, p := range s.breakpoints {
		if !p.onLine() {
			out.act = func() bool { return s.changes(ctx, at[s.pc()]) }
		}
	}
	return out
}

// changes executes one instruction if it may do what a breakpoint is on, and says whether
// it did.
func (s *Session) changes(ctx context.Context, list []*Placed) bool {
	was := map[*Placed]uint32{}
	for _, p := range list {
		switch {
		case p.word >= 0:
			was[p] = s.m.Page(machine.DataPage)[p.word]
		case !p.onLine():
			was[p] = uint32(len(s.m.Commands()))
		}
	}
	if len(was) == 0 {
		return false
	}
	if stands, err := s.run(ctx, s.at.Cycle+1); err != nil || !stands {
		return false // it failed, or the frame ended
	}
	for _, p := range list {
		if before, ok := was[p]; ok && p.did(ctx, s.m, before) && s.holds(ctx, p) {
			s.hit = append(s.hit, p)
		}
	}
	return len(s.hit) > 0
}

// did says whether the instruction before where m stands did what a breakpoint is on. before is the
// variable's value, or how many commands there were.
func (p *Placed) did(ctx context.Context, m *machine.Machine, before uint32) bool {
	if p.word >= 0 {
		return m.Page(machine.DataPage)[p.word] != before
	}
	commands := m.Commands()
	if len(commands) == int(before) {
		return false
	}
	wrote, err := machine.NewCanvasProbe(m).Wrote(ctx, &commands[before], p.Texels)
	return err == nil && wrote // the run sees that the context has ended
}

// holds says whether a breakpoint stops here, where its line or its change is come to.
func (s *Session) holds(ctx context.Context, p *Placed) bool {
	return p.stops(ctx, s.stand(), s.telling, s.say)
}

// stops says whether a breakpoint stops where its line or its change is come to. A
// condition that fails is not so, with a remark; log lines are written where telling.
func (p *Placed) stops(ctx context.Context, at stand, telling bool, say func(string)) bool {
	var env expr.Env
	if p.holds != nil || p.text != nil {
		locals := 0
		if in := procedureAt(at.assembly, at.pc()); in != nil {
			locals = in.Act // those of the innermost call
		}
		env = at.env(ctx, locals)
	}
	if p.holds != nil {
		v, err := p.holds.Eval(env)
		if err != nil {
			if why := err.Error(); why != p.Failed && ctx.Err() == nil {
				p.Failed, p.endless = why, errors.As(err, &endlessError{})
				say(fmt.Sprintf("the condition %s of line %d counts as false: %s", p.Condition, p.Line, why))
			}
			return false
		}
		if v == 0 {
			return false
		}
	}
	p.seen++
	if !p.hits.holds(p.seen) {
		return false
	}
	if p.text == nil {
		return true
	}
	if telling {
		line, err := p.text.Eval(env)
		if err != nil {
			line = p.Log + ": " + err.Error()
		}
		say(line)
	}
	return false
}

func (s *Session) say(text string) {
	if s.Say != nil {
		s.Say(text)
	}
}

// Start is Continue from a statement that was not come to in a move: breakpoints there
// count too.
func (s *Session) Start(ctx context.Context, until int) (Reason, error) {
	if s.hit = nil; s.goesOn() {
		s.telling = true
		q := s.ask(s.watch(ctx, nothing, false))
		if s.stops[s.pc()] && q.holds() {
			return Hit, nil
		}
	}
	return s.Continue(ctx, until)
}

// Continue runs on to the next breakpoint that holds, to the end of the run, or to the
// start of a frame. The errors are the context's.
func (s *Session) Continue(ctx context.Context, until int) (Reason, error) {
	if s.hit = nil; !s.goesOn() {
		return s.Reason(), nil
	}
	if err := s.count(ctx, true); err != nil {
		return Stepped, err
	}
	s.telling = true
	found, err := s.ahead(ctx, s.watch(ctx, nothing, false), until)
	s.logSoFar()
	if err == nil && found {
		return Hit, nil
	}
	return s.Reason(), err
}

// ContinueBack runs back to the last breakpoint that holds, or to where the run begins.
// The errors are the context's.
func (s *Session) ContinueBack(ctx context.Context) (Reason, error) {
	s.hit, s.telling = nil, false
	if err := s.count(ctx, false); err != nil {
		return Stepped, err
	}
	found, err := s.back(ctx, s.watch(ctx, nothing, true), s.FirstFrame())
	switch {
	case err != nil:
		return Stepped, err
	case found:
		return Hit, nil
	}
	return Started, nil
}

// Hit are the breakpoints that the last move stopped for.
func (s *Session) Hit() []*Placed { return s.hit }
