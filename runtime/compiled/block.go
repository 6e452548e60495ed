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

// block is a block of all machines that have its program, on its way from the
// interpreter to its code.
type block struct {
	compiler *Compiler
	place    place
	code     atomic.Pointer[code] // nil: not compiled
	state    atomic.Uint32
	worked   atomic.Int64 // by interpreters, a time.Duration
}

// The states of a block without code.
const (
	cold   = iota
	queued // it is to be compiled
	failed // it cannot be
)

// Interpreted has the block compiled once it is worth it.
func (b *block) Interpreted(took time.Duration) (more bool) {
	switch b.state.Load() {
	case failed:
		return false
	case cold:
		worked := time.Duration(b.worked.Add(int64(took)))
		if worked >= b.compiler.worth && b.code.Load() == nil && b.state.CompareAndSwap(cold, queued) {
			b.worked.Store(0)
			b.compiler.enqueue(b)
		}
	}
	return true
}

// Pending says that the block is being compiled.
func (b *block) Pending() bool { return b.state.Load() == queued }

func (b *block) await(state uint32) { b.state.Store(state) }

// compile compiles it, if that has not been done meanwhile.
func (b *block) compile() {
	code, err := b.compiler.build(b.place)
	if err != nil {
		if b.state.Swap(failed) != failed {
			b.compiler.log.Info("a block stays interpreted", "address", b.place.each, "why", err)
		}
		return
	}
	b.code.Store(code)
	b.state.Store(cold)
}

// usable says whether there is code, which may be run.
func (b *block) usable() bool {
	code := b.code.Load()
	return code != nil && !code.dropped.Load() && code.failed() == nil
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
