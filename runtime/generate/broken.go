package generate

import (
	"math/rand/v2"
	"slices"

	"gvpie/runtime/isa"
)

// Broken makes a random program and changes a few of its words: opcodes that are
// none, jumps into the middle of instructions, arrays that are nowhere. The
// header stays good. It also gives the program it came from.
func Broken(seed int64, withEach bool) (isa.Program, Program) {
	g := New(seed, withEach)
	p := slices.Clone(g.Assemble().Program)
	r := rand.New(rand.NewPCG(uint64(seed), 1))
	anywhere := func() int { return isa.HeaderWords + r.IntN(len(p)-isa.HeaderWords) }
	for range 1 + r.IntN(4) {
		at := anywhere()
		switch r.IntN(4) {
		case 0:
			p[at] = p[anywhere()]
		case 1:
			p[at] ^= 1 << r.IntN(32)
		case 2:
			p[at] = uint32(r.IntN(len(p) + 4))
		default:
			p[at] = isa.InstrHeader(isa.Specs[r.IntN(len(isa.Specs))].Op, r.IntN(6), uint8(r.IntN(8)))
		}
	}
	return p, g
}
