package difftest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"gvpie/runtime/cputime"
	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

// calls are programs with a procedure, and the same with what there was before there
// were any: a SET for each parameter, CALL and RET.
var calls = []struct{ name, def, byHand string }{
	{
		"a drawing",
		"FOR i = 1 TO 200\nbar i (i * 2)\nEND\nHALT\nDEF bar(x, h)\nRECT x (64 - h) 1 h red\nEND\n",
		"FOR i = 1 TO 200\nSET x = i\nSET h = i * 2\nCALL bar\nEND\nHALT\nbar:\nRECT x (64 - h) 1 h red\nRET\n",
	},
	{
		"a value",
		"FOR i = 1 TO 200\ns = s + cube(i)\nEND\nLOG {s}\nHALT\nDEF cube(n)\nRETURN n * n * n\nEND\n",
		"FOR i = 1 TO 200\nSET n = i\nCALL cube\nSET s = s + r\nEND\nLOG {s}\nHALT\ncube:\nSET r = n * n * n\nRET\n",
	},
	{
		"locals and a loop",
		"FOR i = 1 TO 50\nsum i 9\nEND\nLOG {total}\nHALT\nDEF sum(a, b)\nLOCAL k\nFOR k = a TO a + b\ntotal += k\nEND\nEND\n",
		"FOR i = 1 TO 50\nSET a = i\nSET b = 9\nCALL sum\nEND\nLOG {total}\nHALT\nsum:\nFOR k = a TO a + b\ntotal += k\nEND\nRET\n",
	},
}

func TestACallCostsNoMoreThanByHand(t *testing.T) {
	for _, c := range calls {
		def, byHand := ran(t, c.def), ran(t, c.byHand)
		t.Logf("%s: %d cycles, by hand %d", c.name, def.Cycles, byHand.Cycles)
		if def.Cycles > byHand.Cycles {
			t.Errorf("%s takes %d cycles, by hand %d", c.name, def.Cycles, byHand.Cycles)
		}
		if def.Log != byHand.Log || def.Commands != byHand.Commands {
			t.Errorf("%s does something else by hand: %+v, %+v", c.name, def, byHand)
		}
	}
}

func ran(t *testing.T, source string) engine.Result {
	t.Helper()
	a := pxl.Assemble("call.pxl", source)
	if !a.OK() {
		t.Fatal(a.Diagnostics)
	}
	e := engine.NewCPU()
	defer e.Close()
	r, err := engine.Run(context.Background(), e, engine.RunOptions{Program: a.Program})
	if err != nil || r.Fault != nil {
		t.Fatal(r.Fault, err)
	}
	return r
}

// BenchmarkSprite is a sprite of 16 × 16 beside a RECT of that size and its reads: by
// turns, in processor time; on a canvas that has room for all, and on one where most are
// covered.
func BenchmarkSprite(b *testing.B) {
	b.Run("beside each other", func(b *testing.B) { benchmarkSprites(b, 1024, 4000) })
	b.Run("over each other", func(b *testing.B) { benchmarkSprites(b, 256, 4000) })
}

func benchmarkSprites(b *testing.B, side, count int) {
	frames := func(draw string) (*machine.Machine, func() error) {
		rows := strings.Repeat("0123456789ABCDEF\n", 16)
		a := pxl.Assemble("spr.pxl", fmt.Sprintf(".canvas %d %d pixel\n", side, side)+".palette 0x000000 0x111111 0x222222 0x333333 0x444444 0x555555 0x666666 0x777777 0x888888 0x999999 0xAAAAAA 0xBBBBBB 0xCCCCCC 0xDDDDDD 0xEEEEEE 0xFFFFFF\n.sprite s 16 16\n"+rows+
			fmt.Sprintf("\n.const C %d\nloop:\nFOR i = 1 TO %d\n%s\nEND\nFRAME\nJMP loop\n", side-16, count, draw))
		if !a.OK() {
			b.Fatal(a.Diagnostics)
		}
		m, err := machine.New(a.Program, isa.DefaultSeed)
		if err != nil {
			b.Fatal(err)
		}
		return m, func() error {
			_, err := m.Frame(b.Context(), machine.Input{}, 0)
			return err
		}
	}
	_, sprite := frames("SPR s (i * 71 % C) (i * 37 % C)")
	_, rect := frames("RECT (i * 71 % C) (i * 37 % C) 16 16 i")
	texels, sum := make([]uint32, 256), uint32(0)
	reads := func() error {
		for range count {
			for _, t := range texels {
				sum += t
			}
		}
		return nil
	}
	var spent [3]time.Duration
	for b.Loop() {
		for i, f := range []func() error{sprite, rect, reads} {
			c, err := cputime.Of(f)
			if err != nil {
				b.Fatal(err)
			}
			spent[i] += c.Processor
		}
	}
	each := func(d time.Duration) float64 { return float64(d) / float64(b.N*count) }
	b.ReportMetric(each(spent[0]), "ns/SPR")
	b.ReportMetric(each(spent[1]), "ns/RECT")
	b.ReportMetric(each(spent[2]), "ns/reads")
}
