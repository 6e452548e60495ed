package wasm_test

import (
	"math/rand/v2"
	"testing"

	"gvpie/runtime/generate"
	"gvpie/runtime/isa"
	"gvpie/runtime/kernel"
)

// What a kernel claims makes its code quicker, and changes nothing: any of it may be
// left out.
func TestClaimsMayBeLeftOut(t *testing.T) {
	c := newCompiler(t)
	rng := rand.New(rand.NewPCG(3, 4))
	c.edit = func(k *kernel.Kernel) {
		maybe := func(b *bool) { *b = *b && rng.IntN(3) > 0 }
		every := rng.IntN(4) == 0
		for b := range k.Blocks {
			block := &k.Blocks[b]
			for i := range block.Instrs {
				in := &block.Instrs[i]
				maybe(&in.Next)
				maybe(&in.Near)
				maybe(&in.Safe)
				if every {
					in.Safe = false
				}
				for j := range in.Args {
					if a := &in.Args[j]; a.Var >= 0 && rng.IntN(2) == 0 {
						a.Range = everything
					}
				}
			}
		}
		if rng.IntN(2) == 0 {
			k.Always = 0
		}
	}
	n := 150
	if testing.Short() {
		n = 30
	}
	for seed := range n {
		g := generate.New(int64(seed+5000), true)
		a := g.Assemble()
		if err := c.agree(a.Program, g.Frames, generate.Budget, g.Inputs); err != nil {
			t.Errorf("seed %d: %v\n%s", seed, err, g.Source)
		}
	}
	t.Log(c.rows, "calls", c.bailed, "bailed")
}

// A kernel whose claims are false computes anything, or is trapped by the engine where
// it would leave its memory, but ends.
func TestFalseClaimsEnd(t *testing.T) {
	c := newCompiler(t)
	rng := rand.New(rand.NewPCG(5, 6))
	n := 120
	if testing.Short() {
		n = 20
	}
	for seed := range n {
		g := generate.New(int64(seed+9000), true)
		a := g.Assemble()
		h, err := a.Program.Header()
		if err != nil {
			continue
		}
		for at := isa.HeaderWords; at < h.CodeEnd; {
			in, ok := isa.Decode(a.Program, at, h.CodeEnd)
			if !ok {
				break
			}
			at += in.Size
			if in.Spec.Op != isa.EACH {
				continue
			}
			k, err := kernel.Build(a.Program, h, uint32(in.Addr))
			if err != nil {
				continue
			}
			for b := range k.Blocks {
				if x := &k.Blocks[b].Exit; x.Op == isa.JMP && x.Then > b && rng.IntN(3) == 0 {
					for _, l := range k.Loops {
						if b > l.Head && b <= l.Last {
							x.Then = l.Head // for ever
						}
					}
				}
				for i := range k.Blocks[b].Instrs {
					if in := &k.Blocks[b].Instrs[i]; in.Dst >= 0 && rng.IntN(8) == 0 {
						in.Op, in.Args = isa.HASH, []kernel.Arg{{Var: in.Dst, Range: everything}}
					}
				}
			}
			m, err := c.compile(k, h.DataWords, len(a.Program))
			if err != nil {
				t.Fatal(err)
			}
			r := m.open()
			for i := range r.mem {
				r.mem[i] = byte(rng.Uint32())
			}
			for range 3 {
				x := rng.IntN(k.W)
				to := x + 1 + rng.IntN(k.W-x)
				r.stack = [4]uint64{uint64(x), uint64(to), uint64(rng.IntN(k.H))}
				err := r.row.CallWithStack(t.Context(), r.stack[:])
				if end := int(r.stack[0]); err == nil && (end < x || end > to) {
					t.Errorf("texels %d to %d end at %d", x, to, end)
				}
			}
			r.mod.Close(t.Context())
			m.compiled.Close(t.Context())
		}
	}
}

// A loop that never ends runs out of its budget.
func TestEndlessLoopsLeave(t *testing.T) {
	for name, exit := range map[string]kernel.Exit{
		"for some": {Op: isa.LT, Args: []kernel.Arg{word(0), known(32)}, Then: 1, Else: 2},
		"for all":  goTo(1),
	} {
		k := byHand([]kernel.Var{{Init: kernel.PX}},
			kernel.Block{Exit: goTo(1)},
			kernel.Block{Exit: exit},
			kernel.Block{Instrs: []kernel.Instr{put(7, known(1))}, Exit: done},
		)
		if exit.Op == isa.LT {
			k.Blocks[1].Exit.Then = 2
			k.Blocks[1].Exit.Else = 3
			k.Blocks = append(k.Blocks[:2], kernel.Block{Exit: goTo(1)}, k.Blocks[2])
			k.Loops = []kernel.Loop{{Head: 1, Last: 2, Parent: -1, Steps: 2}}
		} else {
			k.Loops = []kernel.Loop{{Head: 1, Last: 1, Parent: -1, Steps: 1}}
		}
		c := newCompiler(t)
		m, err := c.compile(k, isa.SysWords, isa.HeaderWords)
		if err != nil {
			t.Fatal(err)
		}
		if end := m.open().run(0, 64, 0); end != 0 {
			t.Errorf("an endless loop %s ends at texel %d", name, end)
		}
	}
}
