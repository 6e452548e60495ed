package compiled

import (
	"sync/atomic"
	"time"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// place is an EACH of a program, which nobody writes to.
type place struct {
	program isa.Program
	each    uint32
}

// block is a block of one machine, on its way from the interpreter to its code.
type block struct {
	compiler *Compiler
	place    place
	code     atomic.Pointer[code] // nil: not compiled
	state    atomic.Uint32

	worked time.Duration // by the interpreter
}

// The states of a block without code.
const (
	cold   = iota
	queued // it is to be compiled
	failed // it cannot be
)

// Interpreted has the block compiled once it is worth it.
func (b *block) Interpreted(took time.Duration) (more bool) {
	b.worked += took
	switch b.state.Load() {
	case failed:
		return false
	case cold:
		if b.worked >= b.compiler.worth && b.code.Load() == nil {
			b.worked = 0
			b.compiler.enqueue(b)
		}
	}
	return true
}

// Pending says that the block is being compiled.
func (b *block) Pending() bool { return b.state.Load() == queued }

func (b *block) await(state uint32) { b.state.Store(state) }

// compile compiles it.
func (b *block) compile() {
	code, err := b.compiler.compile(b.place)
	if err != nil {
		b.state.Store(failed)
		return
	}
	b.code.Store(code)
	b.state.Store(cold)
}

// Rows borrows an instance of the code, if there is any.
func (b *block) Rows(captures []uint32, in *machine.Inputs, texels int) machine.Rows {
	code := b.code.Load()
	if code == nil || !code.kernel.Matches(captures) {
		return nil
	}
	i := code.take(in)
	if i == nil { // it was dropped, or has failed
		if code.failed() != nil {
			b.state.Store(failed)
		}
		b.code.CompareAndSwap(code, nil)
		return nil
	}
	if !i.fill(captures, in, texels) {
		i.Close()
		return nil
	}
	return i
}
