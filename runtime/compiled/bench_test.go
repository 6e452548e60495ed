package compiled

import (
	"log/slog"
	"testing"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

const (
	benchPlasma = ".canvas 240 136 pixel\n.table t 0x000000 0x3366FF 0xFF6633 0xFFFFFF\nloop:\nEACH\n  PUT t[(((px * px + py * py) >> 4) + (px ^ py) + frame * 3) & 3]\nEND\nFRAME\nJMP loop\n"
	benchSmall  = ".canvas 64 64 pixel\nloop:\nFOR i = 0 TO 999\n  EACH (i & 63) (i >> 4 & 63) 1 1\n    PUT px + py\n  END\nEND\nFRAME\nJMP loop\n"
)

// BenchmarkEach runs frames interpreted and compiled.
func BenchmarkEach(b *testing.B) {
	for _, c := range []struct{ name, source string }{{"plasma", benchPlasma}, {"1000 of a texel", benchSmall}} {
		a := pxl.Assemble("", c.source)
		if !a.OK() {
			b.Fatal(a.Diagnostics)
		}
		for _, mode := range []Mode{Off, Now} {
			b.Run(c.name+[...]string{Now: " compiled", Off: " interpreted"}[mode], func(b *testing.B) {
				e := New(mode, slog.New(slog.DiscardHandler)).NewCPU()
				frames(b, e, a.Program)
			})
		}
	}
}

func frames(b *testing.B, e engine.Engine, p isa.Program) {
	if err := e.Load(b.Context(), p, 1); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := e.Frame(b.Context(), machine.Input{}, 0); err != nil {
			b.Fatal(err)
		}
	}
}
