package kernel

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"gvpie/runtime/isa"
)

// Matches says whether a run with these captured words is the kernel's: see Given.
func (k *Kernel) Matches(captures []uint32) bool {
	for _, g := range k.Given {
		if captures[g.Index] != g.Word {
			return false
		}
	}
	return true
}

// note writes down what the code looks at, and its PUTs.
func (k *Kernel) note() {
	for i := range k.Row {
		k.noteInstr(&k.Row[i])
	}
	for i := range k.Blocks {
		b := &k.Blocks[i]
		for j := range b.Instrs {
			k.noteInstr(&b.Instrs[j])
		}
	}
	slices.Sort(k.Puts)
	k.Puts = slices.Compact(k.Puts)
}

func (k *Kernel) noteInstr(in *Instr) {
	r := &k.Reads
	switch in.Op {
	case isa.LD, isa.LD2:
		r.Data = true
	case isa.LDT, isa.LDT2:
		r.Program = true
	case isa.PEEK:
		r.Began = true
	case isa.KEY, isa.KEYP, isa.INPUT:
		r.State = true
	case isa.SIN, isa.COS:
		r.Sin = true
	case isa.ATAN2:
		r.Atan = true
	case isa.LOG, isa.ASSERT:
		k.Logs = true
	case isa.PUT:
		k.Puts = append(k.Puts, in.PC)
	}
}

// digest writes a kernel down for its hash: all that a compiler's code depends on.
type digest []byte

func (d *digest) put(words ...int) {
	for _, w := range words {
		*d = binary.LittleEndian.AppendUint32(*d, uint32(w))
	}
}

func (d *digest) flag(b bool) {
	bit := byte(0)
	if b {
		bit = 1
	}
	*d = append(*d, bit)
}

func (d *digest) rng(r Range) { d.put(int(r.Lo), int(r.Hi)) }

func (d *digest) args(args []Arg) {
	d.put(len(args))
	for _, a := range args {
		d.put(a.Var, int(a.Const))
		d.rng(a.Range)
	}
}

func (d *digest) instrs(instrs []Instr) {
	d.put(len(instrs))
	for i := range instrs {
		in := &instrs[i]
		d.put(int(in.Op), in.Dst, int(in.Array.Base), int(in.Array.Len), int(in.Array.W), int(in.Array.H))
		if in.Op == isa.PUT {
			d.put(int(in.PC))
		}
		d.args(in.Args)
		for _, f := range [...]bool{in.Uniform, in.Safe, in.Whole, in.Next, in.Near} {
			d.flag(f)
		}
	}
}

func (k *Kernel) hash() [sha256.Size]byte {
	var d digest
	d.put(k.W, k.H, k.Captures, int(k.Steps), int(k.Always), len(k.Vars), len(k.Loops), len(k.Blocks), len(k.Given))
	d.flag(k.Pixel)
	for _, g := range k.Given {
		d.put(g.Index, int(g.Word))
	}
	for _, v := range k.Vars {
		d.put(int(v.Init), v.Index)
		d.flag(v.Uniform)
		d.rng(v.Range)
	}
	d.instrs(k.Row)
	for _, l := range k.Loops {
		d.put(l.Head, l.Last, l.Parent, int(l.Steps))
	}
	for i := range k.Blocks {
		b := &k.Blocks[i]
		d.instrs(b.Instrs)
		d.put(int(b.Exit.Op), b.Exit.Then, b.Exit.Else)
		d.args(b.Exit.Args)
		d.flag(b.Exit.Uniform)
		d.flag(b.Uniform)
	}
	return sha256.Sum256(d)
}

// canFail says whether an instruction may fail, its operands unknown.
func canFail(op isa.Op) bool {
	switch op {
	case isa.DIV, isa.MOD, isa.FDIV, isa.LD, isa.LDT, isa.LD2, isa.LDT2, isa.ASSERT, isa.LOG:
		return true
	}
	return false
}
