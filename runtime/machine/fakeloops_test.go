package machine

import (
	"context"
	"math"

	"gvpie/runtime/isa"
)

// Core is compiled at once, if the compiler has loops.
func (c *FakeCompiler) Core(p isa.Program) CompiledCore {
	if c.Turn == 0 {
		return nil
	}
	return &fakeCore{c: c, p: p}
}

type fakeCore struct {
	c *FakeCompiler
	p isa.Program

	worked uint32
}

func (o *fakeCore) Interpreted(n uint32) bool {
	o.worked += n
	return true
}
func (o *fakeCore) Pending() bool { return false }

func (o *fakeCore) Loops() Loops {
	if o.worked < o.c.Late {
		return nil
	}
	m, err := New(o.p, 1)
	if err != nil {
		panic(err)
	}
	return &fakeLoops{c: o.c, m: m, data: make([]uint32, isa.MaxDataWords), state: make([]uint32, isa.StateWords)}
}

// fakeLoops runs FOR loops by a machine of its own.
type fakeLoops struct {
	c           *FakeCompiler
	m           *Machine
	data, state []uint32
}

func (f *fakeLoops) Memory() (data, state []uint32) { return f.data, f.state }

func (f *fakeLoops) List() []Loop {
	var list []Loop
	for at := isa.HeaderWords; at < f.m.header.CodeEnd; {
		in, _ := isa.Decode(f.m.program, at, f.m.header.CodeEnd)
		if in.Spec.Op == isa.LOOP {
			list = append(list, Loop{Head: uint32(at), Steps: 1})
		}
		at += in.Size
	}
	return list
}

func (f *fakeLoops) Run(loop int, left uint32, _ Draws) (pc, rest uint32, commands []isa.Command, ok bool) {
	f.c.Entered++
	if f.c.Breaks {
		clear(f.data)
		return 0, 0, nil, false
	}
	m, n := f.m, uint32(0)
	copy(m.data(), f.data)
	copy(m.state, f.state)
	m.state[isa.StPC] = f.List()[loop].Head
	m.state[isa.StCycles], m.state[isa.StBudget] = 0, math.MaxUint32
	m.stage = inCore
	for ; n < min(left, f.c.Turn) && m.program[m.state[isa.StPC]] != isa.InstrHeader(isa.FRAME, 0, 0); n++ {
		if stands, err := m.RunTo(context.Background(), n+1); !stands || err != nil {
			panic("a loop of a fake compiler must not end")
		}
	}
	copy(f.data, m.data())
	f.state[isa.StRandom] = m.state[isa.StRandom]
	return m.state[isa.StPC], left - n, nil, true
}

func (f *fakeLoops) Close() { f.c.Closed++ }

// LoopTrial is how often a loop is entered before it may give up.
const LoopTrial = loopTrial
