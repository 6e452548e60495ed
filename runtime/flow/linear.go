package flow

import (
	"iter"

	"gvpie/runtime/isa"
)

// Linear reads the code from its first word to its last, as a listing does,
// whether a run can come there or not. A word that begins no instruction comes as
// one with that address, one word in size and without a Spec; ok is then false.
func Linear(p isa.Program, h isa.Header) iter.Seq2[isa.Instr, bool] {
	return func(yield func(isa.Instr, bool) bool) {
		for at := isa.HeaderWords; at < h.CodeEnd; {
			in, ok := isa.Decode(p, at, h.CodeEnd)
			if !ok {
				in = isa.Instr{Addr: at, Size: 1}
			}
			if !yield(in, ok) {
				return
			}
			at += in.Size
		}
	}
}
