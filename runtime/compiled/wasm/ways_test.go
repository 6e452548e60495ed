package wasm_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"gvpie/runtime/isa"
	"gvpie/runtime/kernel"
)

// ways makes a kernel whose texels go all kinds of ways: forward, in loops within
// loops, out of several at once.
func ways(rng *rand.Rand) *kernel.Kernel {
	n := 4 + rng.IntN(9)
	k := byHand(nil)
	k.Steps = 200
	for range 6 { // px, then words that start as 0
		k.Vars = append(k.Vars, kernel.Var{Init: kernel.Zero, Range: everything})
	}
	k.Vars[0].Init = kernel.PX
	for range rng.IntN(4) {
		head := 1 + rng.IntN(n-2)
		l := kernel.Loop{Head: head, Last: head + rng.IntN(n-1-head), Parent: -1, Steps: 20}
		fits := true
		for _, o := range k.Loops {
			apart := l.Last < o.Head || l.Head > o.Last
			inside := l.Head > o.Head && l.Last < o.Last
			outside := l.Head < o.Head && l.Last > o.Last
			fits = fits && (apart || inside || outside)
		}
		if fits && l.Last > l.Head {
			k.Loops = append(k.Loops, l)
		}
	}
	slices.SortFunc(k.Loops, func(a, b kernel.Loop) int { return a.Head - b.Head })
	for i := range k.Loops {
		for j := range i {
			if k.Loops[j].Last > k.Loops[i].Last {
				k.Loops[i].Parent = j
			}
		}
	}
	variable := func() int { return 1 + rng.IntN(3) }
	for b := range n {
		var block kernel.Block
		for range []int{0, 1, 1, 2, 9}[rng.IntN(5)] {
			v := variable()
			a := word(variable())
			if rng.IntN(2) == 0 {
				a = known(int32(rng.IntN(9)))
			}
			block.Instrs = append(block.Instrs, set(v, []isa.Op{isa.ADD, isa.XOR, isa.SUB, isa.MUL, isa.MAX}[rng.IntN(5)], word(v), a))
		}
		if rng.IntN(3) == 0 {
			block.Instrs = append(block.Instrs, put(uint32(100+b), word(variable())))
		}
		// target is a block ahead that is no middle of a loop that b is not in.
		target := func() int {
			to := b + 1 + rng.IntN(min(5, n-1-b))
			for _, l := range k.Loops {
				if (b < l.Head || b > l.Last) && to > l.Head && to <= l.Last {
					return l.Head
				}
			}
			return to
		}
		bits := int32(1 << rng.IntN(5))
		split := func(then, els int) kernel.Exit {
			block.Instrs = append(block.Instrs, set(5, isa.ADD, word(0), word(variable())), set(5, isa.AND, word(5), known(bits)))
			x := where([]isa.Op{isa.EQ, isa.NE, isa.LE, isa.GT}[rng.IntN(4)], word(5), known(0))
			x.Then, x.Else = then, els
			return x
		}
		switch {
		case b == n-1:
			block.Exit = done
		case rng.IntN(12) == 0:
			block.Exit = done
		case rng.IntN(3) == 0:
			block.Exit = goTo(target())
		default:
			block.Exit = split(target(), target())
		}
		for i, l := range k.Loops {
			if b == l.Last {
				block.Exit = goTo(l.Head)
			}
			if b == l.Head { // texels turn differently often
				k.Vars = append(k.Vars, kernel.Var{Init: kernel.Zero, Range: everything})
				turns := len(k.Vars) - 1
				block.Instrs = append(block.Instrs, set(turns, isa.ADD, word(turns), known(1)))
				limit := known(int32(1 + rng.IntN(4)))
				if rng.IntN(2) == 0 {
					block.Instrs = append(block.Instrs, set(4, isa.AND, word(0), known(int32(3+i))))
					limit = word(4)
				}
				x := where(isa.GT, word(turns), limit)
				x.Then, x.Else = l.Last+1, b+1
				for _, o := range k.Loops { // not out of a loop's middle into another's
					if x.Then > o.Head && x.Then <= o.Last && (b < o.Head || b > o.Last) {
						x.Then = n - 1
					}
				}
				block.Exit = x
			}
		}
		k.Blocks = append(k.Blocks, block)
	}
	return k
}

// run executes a kernel for one texel, as it says.
func run(k *kernel.Kernel, x int) (color, by uint32, ok bool) {
	words := make([]int32, len(k.Vars))
	words[0] = int32(x)
	arg := func(a kernel.Arg) int32 {
		if a.Var < 0 {
			return int32(a.Const)
		}
		return words[a.Var]
	}
	for b, blocks := 0, 0; blocks < 2000; blocks++ {
		for _, in := range k.Blocks[b].Instrs {
			if in.Op == isa.PUT {
				color, by = uint32(arg(in.Args[0]))&0xFFFFFF, in.PC
				continue
			}
			words[in.Dst], _, _ = isa.Alu(in.Op, arg(in.Args[0]), arg(in.Args[1]), 0)
		}
		e := &k.Blocks[b].Exit
		if e.Op == isa.DONE {
			return color, by, true
		}
		b = e.Then
		if e.Op != isa.JMP {
			if holds, _, _ := isa.Alu(e.Op, arg(e.Args[0]), arg(e.Args[1]), 0); holds == 0 {
				b = e.Else
			}
		}
	}
	return 0, 0, false
}

// Texels part, wait and meet as the kernel says, whatever its blocks are like.
func TestTexelsGoAllWays(t *testing.T) {
	c := newCompiler(t)
	n := 600
	if testing.Short() {
		n = 150
	}
	loops, endless, stopped := 0, 0, 0
	for seed := range n {
		rng := rand.New(rand.NewPCG(uint64(seed), 9))
		k := ways(rng)
		loops += len(k.Loops)
		m, err := c.compile(k, isa.SysWords, isa.HeaderWords)
		if err != nil {
			t.Fatal(err)
		}
		in := m.open()
		end := in.run(0, k.W, 0)
		if end < k.W {
			stopped++
		}
		for x := range end {
			color, by, ok := run(k, x)
			if !ok {
				endless++
				continue
			}
			var got, gotBy [1]uint32
			in.read(got[:], m.l.Color+uint32(4*x))
			in.read(gotBy[:], m.l.Put+uint32(4*x))
			if gotBy[0] != by || by != 0 && swapped(got[0]) != color {
				t.Errorf("seed %d: texel %d is %06x by %d, not %06x by %d\n%s", seed, x, swapped(got[0]), gotBy[0], color, by, outline(k))
				break
			}
		}
		in.mod.Close(t.Context())
		m.compiled.Close(t.Context())
	}
	if loops < n/2 || endless > 0 || stopped > n/50 {
		t.Errorf("of %d kernels with %d loops %d stopped; %d texels go on for ever", n, loops, stopped, endless)
	}
}

func outline(k *kernel.Kernel) (s string) {
	s = fmt.Sprintf("%+v\n", k.Loops)
	for b, block := range k.Blocks {
		x := block.Exit
		s += fmt.Sprintf("%d: %d instructions, %v to %d, %d\n", b, len(block.Instrs), x.Op, x.Then, x.Else)
	}
	return s
}
