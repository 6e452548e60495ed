package debug

import (
	"context"
	"fmt"

	"gvpie/runtime/debug/expr"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

// callBudget is how many cycles a call in an expression may take.
const callBudget = 100000

// Evaluate gives the value of an expression as it would be in a call that is open, by its
// place in Where, 0 the innermost. It changes nothing: calls of procedures are tried out.
func (s *Session) Evaluate(ctx context.Context, text string, call int) (int32, error) {
	calls := s.calls()
	if call < 0 || call >= len(calls) {
		return 0, fmt.Errorf("there is no call %d here", call)
	}
	e, err := expr.Parse(s.Assembly(), calls[call].proc, text)
	if err != nil {
		return 0, err
	}
	return e.Eval(s.stand().env(ctx, calls[call].base))
}

// env is what an expression reads here.
func (s stand) env(ctx context.Context, locals int) expr.Env {
	return expr.Env{
		Data: s.core.Page(machine.DataPage), State: s.core.Page(machine.StatePage), Program: s.assembly.Program, Locals: locals,
		Peek: func(x, y int32) (int32, error) { return machine.NewProbe(s.core).Peek(ctx, x, y) },
		Call: func(p *pxl.Procedure, args []int32) (int32, error) { return s.try(ctx, p, args) },
	}
}

// endlessError is that of a call in an expression that takes too long.
type endlessError struct{ procedure string }

func (e endlessError) Error() string {
	return fmt.Sprintf("%s takes more than %d cycles", e.procedure, callBudget)
}

// try gives what a procedure would give if it were called now.
func (s stand) try(ctx context.Context, p *pxl.Procedure, args []int32) (int32, error) {
	a := s.assembly
	result := resultWord(a, p)
	if result < 0 {
		return 0, fmt.Errorf("%s cannot be called here", p.Name)
	}
	data := append([]uint32(nil), s.core.Page(machine.DataPage)...)
	state := append([]uint32(nil), s.core.Page(machine.StatePage)...)
	sp := state[isa.StSP]
	if sp == isa.StackDepth {
		return 0, fmt.Errorf("%s cannot be called here: the call stack is full", p.Name)
	}
	act := data[p.Act:][:p.Words]
	clear(act)
	for i, v := range args {
		act[i] = uint32(v)
	}
	in := inputOf(state)
	state[isa.StPC], state[isa.StStack+sp], state[isa.StSP] = uint32(p.From), isa.HeaderWords|isa.StackProc, sp+1
	state[isa.StStatus], state[isa.StMouseB] = uint32(isa.Framed), state[isa.StButtonsBefore]
	copy(state[isa.StKeys:isa.StKeys+8], state[isa.StKeysBefore:])
	h := a.Header
	core := machine.NewCore(machine.Surface{
		Begin:  func([]uint32, []uint32) {},
		Began:  func(ctx context.Context) ([]uint32, error) { return machine.NewProbe(s.core).Began(ctx) },
		Settle: func(context.Context) error { return nil },
		Undo:   func() {},
	})
	texels := make([]uint32, h.W*h.H)
	if err := core.Restore(&machine.Snapshot{Program: a.Program, Display: texels, Writer: texels, Data: data, State: state}); err != nil {
		return 0, err
	}
	core.Begin(in, callBudget+1)
	probe := machine.NewProbe(core)
	probe.StopAt(isa.HeaderWords)
	for {
		stands, err := core.RunTo(ctx, callBudget)
		now := core.Page(machine.StatePage)
		switch {
		case err != nil:
			return 0, err
		case !stands:
			return 0, fmt.Errorf("%s fails, or ends the frame", p.Name)
		case now[isa.StPC] == isa.HeaderWords && now[isa.StSP] == sp:
			return int32(core.Page(machine.DataPage)[result]), nil
		case now[isa.StCycles] >= callBudget:
			return 0, endlessError{p.Name}
		}
	}
}

// resultWord is the data word that a procedure's value goes to, -1 if it returns nowhere.
func resultWord(a *pxl.Assembly, p *pxl.Procedure) int {
	for at := p.From; at < p.To; {
		in, ok := isa.Decode(a.Program, at, a.Header.CodeEnd)
		if !ok {
			break
		}
		if in.Spec.Op == isa.RETURN {
			return int(in.Args[0])
		}
		at += in.Size
	}
	return -1
}

// inputOf is what the frame was given.
func inputOf(state []uint32) machine.Input {
	in := machine.Input{MouseX: int32(state[isa.StMouseX]), MouseY: int32(state[isa.StMouseY]), Buttons: int32(state[isa.StMouseB]), Wheel: int32(state[isa.StWheel])}
	copy(in.Keys[:], state[isa.StKeys:])
	return in
}
