package wasm

import (
	"math"

	"gvpie/runtime/kernel"
)

// operands are the words that code computes with.
type operands struct {
	k *kernel.Kernel
	l Layout
	n int // vectors
	f *function

	vars []variable
	mask []local // of the texels that are here; nil: every one is
	idle bool    // there may be none nevertheless
}

// variable is where a Var is.
type variable struct {
	scalar  bool
	written bool  // in blocks
	s       local // of a scalar: its word
	splat   local // of a scalar that vectors are computed with: a vector of it
	vector  bool  // splat is used
	v       []local
}

// declare finds a place for every Var.
func (o *operands) declare() {
	k := o.k
	o.vars = make([]variable, len(k.Vars))
	for i, v := range k.Vars {
		o.vars[i].scalar = v.Uniform && v.Init != kernel.PX
	}
	for b := range k.Blocks {
		for i := range k.Blocks[b].Instrs {
			in := &k.Blocks[b].Instrs[i]
			if in.Dst < 0 {
				continue
			}
			o.vars[in.Dst].written = true
		}
	}
	for changed := true; changed; {
		changed = false
		for b := range k.Blocks {
			for i := range k.Blocks[b].Instrs {
				in := &k.Blocks[b].Instrs[i]
				if in.Dst >= 0 && o.vars[in.Dst].scalar && !o.shared(in) {
					o.vars[in.Dst].scalar, changed = false, true
				}
			}
		}
	}
	for i := range o.vars {
		v := &o.vars[i]
		if v.scalar {
			v.s, v.splat = o.f.local(i32), o.f.local(v128)
			continue
		}
		for range o.n {
			v.v = append(v.v, o.f.local(v128))
		}
	}
	for b := range k.Blocks {
		for i := range k.Blocks[b].Instrs {
			if in := &k.Blocks[b].Instrs[i]; !o.shared(in) || !simple[in.Op] {
				o.usesVectors(in.Args)
			}
		}
		o.usesVectors(k.Blocks[b].Exit.Args)
	}
	for i := range k.Row {
		if in := &k.Row[i]; !simple[in.Op] {
			o.usesVectors(in.Args)
		}
	}
}

func (o *operands) usesVectors(args []kernel.Arg) {
	for _, a := range args {
		if a.Var >= 0 {
			o.vars[a.Var].vector = true
		}
	}
}

// shared says whether an instruction computes with what all texels share.
func (o *operands) shared(in *kernel.Instr) bool { return in.Uniform && o.scalars(in.Args) }

func (o *operands) scalars(args []kernel.Arg) bool {
	for _, a := range args {
		if a.Var >= 0 && !o.vars[a.Var].scalar {
			return false
		}
	}
	return true
}

// assign takes a word from the stack into a Var, for the texels of a mask.
func (o *operands) assign(i int, mask []local) {
	f, v := o.f, &o.vars[i]
	if v.scalar {
		f.set(v.s)
		if v.vector {
			f.get(v.s)
			f.op(opI32x4Splat)
			f.set(v.splat)
		}
		return
	}
	f.op(opI32x4Splat)
	t := f.keep(v128)
	for u := range v.v {
		f.get(t)
		o.blend(v.v[u], mask, u)
	}
	f.release(t)
}

// blend takes a vector from the stack into a local, for the texels of a mask.
func (o *operands) blend(to local, mask []local, u int) {
	if mask != nil {
		o.f.get(to, mask[u])
		o.f.op(opV128Bitselect)
	}
	o.f.set(to)
}

// sure is an operand's range even where no texel may be, and its word be anything.
func (o *operands) sure(a kernel.Arg) kernel.Range {
	if a.Var >= 0 && (o.mask != nil || o.idle) {
		return kernel.Range{Lo: math.MinInt32, Hi: math.MaxInt32}
	}
	return a.Range
}

// word pushes what all texels share.
func (o *operands) word(a kernel.Arg) {
	switch {
	case a.Var < 0:
		o.f.i32(int32(a.Const))
	case o.vars[a.Var].scalar:
		o.f.get(o.vars[a.Var].s)
	default: // every texel is here
		o.f.get(o.vars[a.Var].v[0])
		o.f.lane(opI32x4ExtractLane, 0)
	}
}

// vec pushes the words of vector u's texels.
func (o *operands) vec(a kernel.Arg, u int) {
	switch {
	case a.Var < 0:
		o.f.all(a.Const)
	case o.vars[a.Var].scalar:
		o.f.get(o.vars[a.Var].splat)
	default:
		o.f.get(o.vars[a.Var].v[u])
	}
}
