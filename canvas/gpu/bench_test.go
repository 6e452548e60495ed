package gpu

import (
	"image"
	"testing"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// BenchmarkHello is the round trip of a keystroke: a program loaded, run, and
// its human texture in hand.
func BenchmarkHello(b *testing.B) {
	a := cells(b, 128, 64)
	a.op(isa.TXT, 10, 10, "HELLO GPU")
	a.op(isa.HALT)
	p := a.program()
	e := load(b, p)
	for b.Loop() {
		must(b, e.Load(b.Context(), p, 1))
		if _, err := e.Frame(b.Context(), machine.Input{}, 0); err != nil {
			b.Fatal(err)
		}
		if _, err := e.Human(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFrame is a frame of an animation: 200 draws in a loop.
func BenchmarkFrame(b *testing.B) {
	e := load(b, animation(b))
	for b.Loop() {
		if _, err := e.Frame(b.Context(), machine.Input{}, 0); err != nil {
			b.Fatal(err)
		}
	}
}

// animation clears the canvas and draws 200 moving rectangles a frame.
func animation(t testing.TB) isa.Program {
	const i, x, y = v(8), v(9), v(10)
	a := cells(t, 128, 64)
	start := a.op(isa.CLS)
	a.op(isa.SET, uint32(i), 0)
	loop := a.op(isa.MUL, uint32(x), i, 7)
	a.op(isa.ADD, uint32(x), x, v(isa.SysFrame))
	a.op(isa.MOD, uint32(x), x, 128)
	a.op(isa.MUL, uint32(y), i, 5)
	a.op(isa.MOD, uint32(y), y, 64)
	a.op(isa.RECT, x, y, 6, 3, 0x336699)
	a.op(isa.ADD, uint32(i), i, 1)
	a.op(isa.LT, uint32(x), i, 200)
	a.op(isa.JNZ, x, loop)
	a.op(isa.FRAME)
	a.op(isa.JMP, start)
	return a.program()
}

// BenchmarkPresent is a view in a panel of 700 × 500, with another picture in it
// than the last time.
func BenchmarkPresent(b *testing.B) {
	for _, c := range []struct {
		name string
		view machine.View
	}{
		{"human", machine.View{Texture: machine.HumanTexture, Width: 700, Height: 500, Scale: 0.9}},
		{"machine", machine.View{Width: 700, Height: 500, Scale: 5, Grid: true}},
	} {
		b.Run(c.name, func(b *testing.B) {
			e := load(b, animation(b))
			if _, err := e.Frame(b.Context(), machine.Input{}, 0); err != nil {
				b.Fatal(err)
			}
			dst := image.NewRGBA(image.Rect(0, 0, c.view.Width, c.view.Height))
			for b.Loop() {
				must(b, e.Render(b.Context(), c.view, dst))
			}
		})
	}
}

// BenchmarkCore is scalar code: a loop of four instructions, 100 000 cycles.
func BenchmarkCore(b *testing.B) {
	e := load(b, counting(b))
	b.ResetTimer()
	for range b.N {
		if r, err := e.Frame(b.Context(), machine.Input{}, 100000); err != nil || r.Cycles != 100000 {
			b.Fatal(r, err)
		}
		must(b, e.Load(b.Context(), counting(b), 1))
	}
	b.ReportMetric(1e5*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mcycles/s")
}

// counting never ends.
func counting(t testing.TB) isa.Program {
	a := cells(t, 8, 8)
	loop := a.op(isa.ADD, 8, v(8), 1)
	a.op(isa.XOR, 9, v(9), v(8))
	a.op(isa.SHR, 10, v(9), 3)
	a.op(isa.JMP, loop)
	return a.program()
}
