package improve

import (
	"fmt"
	"slices"

	"gvpie/runtime/flow"
	"gvpie/runtime/isa"
	"gvpie/runtime/pxl"
)

// Program is a program as it is compared: its source, with the files that it includes
// behind it, its words, and what those read.
type Program struct {
	Source string
	*pxl.Assembly
	reads reads
}

// Load assembles a source without a folder, as all candidates are: the files that it
// includes stand behind it. Its error is the first diagnostic.
func Load(name, source string) (*Program, error) {
	return Assembled(pxl.AssembleBundle(name, source))
}

// Assembled makes a Program of what was assembled. Its error is the first diagnostic.
func Assembled(a *pxl.Assembly) (*Program, error) {
	if !a.OK() {
		for _, d := range a.Diagnostics {
			if d.Severity == pxl.Error {
				return nil, fmt.Errorf("%v", d)
			}
		}
	}
	p := &Program{Source: pxl.Bundle(a), Assembly: a}
	p.reads = readsOf(a.Program, a.Header)
	return p, nil
}

// reads is what of its surroundings the words of a program look at.
type reads struct {
	frame, seed    bool
	mouse, buttons bool
	anyKey         bool     // a key whose code is not known before it runs
	keys           []uint32 // the codes of the others
	constants      []int32  // that it compares with, divides by or indexes: the numbers worth trying
	wheel, pressed bool
	random         bool
}

func (r *reads) input() bool {
	return r.mouse || r.buttons || r.anyKey || len(r.keys) > 0 || r.wheel || r.pressed
}

// mostConstants bounds what is tried of a program with a great many numbers.
const mostConstants = 64

func readsOf(p isa.Program, h isa.Header) (r reads) {
	word := func(index uint32) {
		switch index {
		case isa.SysFrame:
			r.frame = true
		case isa.SysMouseX, isa.SysMouseY:
			r.mouse = true
		case isa.SysMouseB:
			r.buttons = true
		case isa.SysSeed:
			r.seed = true
		}
	}
	for in, ok := range flow.Linear(p, h) {
		if !ok {
			continue
		}
		for i, a := range in.Args {
			if in.Spec.Operands[min(i, len(in.Spec.Operands)-1)].Kind != isa.In {
				continue
			}
			if in.Mask>>i&1 == 1 {
				word(a)
			} else if len(r.constants) < mostConstants {
				r.constants = append(r.constants, int32(a))
			}
		}
		r.tail(in, word)
		r.asks(in)
	}
	slices.Sort(r.keys)
	r.keys = slices.Compact(r.keys)
	slices.Sort(r.constants)
	r.constants = slices.Compact(r.constants)
	return r
}

// tail is the words behind an instruction's operands that are indices of data words.
func (r *reads) tail(in isa.Instr, word func(uint32)) {
	switch in.Spec.Tail {
	case isa.TextTail:
		for _, t := range in.Tail {
			if t&isa.TextValue == isa.TextValue {
				word(t & isa.TextValueIndex)
			}
		}
	case isa.ArgTail:
		for i := 0; i+1 < len(in.Tail); i += 2 {
			if in.Tail[i] == 1 {
				word(in.Tail[i+1])
			}
		}
	case isa.CaptureTail:
		for _, t := range in.Tail {
			word(t)
		}
	}
}

// asks is what an instruction looks at that is no data word.
func (r *reads) asks(in isa.Instr) {
	switch in.Spec.Op {
	case isa.RND:
		r.random = true
	case isa.INPUT:
		switch {
		case in.Mask != 0:
			r.wheel, r.pressed = true, true
		case in.Args[1] == isa.InputWheel:
			r.wheel = true
		default:
			r.pressed = true
		}
	case isa.KEY, isa.KEYP:
		switch c := in.Args[1]; {
		case in.Mask != 0:
			r.anyKey = true
		case c < 256:
			r.keys = append(r.keys, c)
		}
	}
}
