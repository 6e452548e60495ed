package lanes

import (
	"golang.org/x/sys/cpu"

	"gvpie/runtime/isa"
)

func init() {
	if !cpu.X86.HasAVX2 {
		return
	}
	Fill, Pixels = fillAVX2, pixelsAVX2
	for op, f := range map[isa.Op]func(d, a, b *Vector){
		isa.SET: setAVX2, isa.ADD: addAVX2, isa.SUB: subAVX2, isa.MUL: mulAVX2,
		isa.AND: andAVX2, isa.OR: orAVX2, isa.XOR: xorAVX2, isa.SHL: shlAVX2, isa.SHR: shrAVX2, isa.USHR: ushrAVX2,
		isa.EQ: eqAVX2, isa.NE: neAVX2, isa.LT: ltAVX2, isa.LE: leAVX2, isa.GT: gtAVX2, isa.GE: geAVX2,
		isa.NEG: negAVX2, isa.NOT: notAVX2, isa.ISZ: iszAVX2, isa.ABS: absAVX2, isa.MIN: minAVX2, isa.MAX: maxAVX2,
	} {
		Does[op] = f
	}
}

// In avx2_amd64.s.

//go:noescape
func setAVX2(d, a, b *Vector)

//go:noescape
func addAVX2(d, a, b *Vector)

//go:noescape
func subAVX2(d, a, b *Vector)

//go:noescape
func mulAVX2(d, a, b *Vector)

//go:noescape
func andAVX2(d, a, b *Vector)

//go:noescape
func orAVX2(d, a, b *Vector)

//go:noescape
func xorAVX2(d, a, b *Vector)

//go:noescape
func shlAVX2(d, a, b *Vector)

//go:noescape
func shrAVX2(d, a, b *Vector)

//go:noescape
func ushrAVX2(d, a, b *Vector)

//go:noescape
func eqAVX2(d, a, b *Vector)

//go:noescape
func neAVX2(d, a, b *Vector)

//go:noescape
func ltAVX2(d, a, b *Vector)

//go:noescape
func leAVX2(d, a, b *Vector)

//go:noescape
func gtAVX2(d, a, b *Vector)

//go:noescape
func geAVX2(d, a, b *Vector)

//go:noescape
func negAVX2(d, a, b *Vector)

//go:noescape
func notAVX2(d, a, b *Vector)

//go:noescape
func iszAVX2(d, a, b *Vector)

//go:noescape
func absAVX2(d, a, b *Vector)

//go:noescape
func minAVX2(d, a, b *Vector)

//go:noescape
func maxAVX2(d, a, b *Vector)

//go:noescape
func fillAVX2(d *Vector, word uint32)

//go:noescape
func pixelsAVX2(d, a *Vector)
