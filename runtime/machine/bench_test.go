package machine

import (
	"context"
	"image"
	"testing"

	"gvpie/runtime/isa"
)

func benchFrames(b *testing.B, p isa.Program, budget uint32) *Machine {
	b.Helper()
	m := load(b, p)
	for b.Loop() {
		m.state[isa.StStatus], m.state[isa.StPC] = uint32(isa.Framed), isa.HeaderWords
		if _, err := m.Frame(context.Background(), Input{}, budget); err != nil {
			b.Fatal(err)
		}
	}
	return m
}

// BenchmarkCore is a loop of arithmetic and one branch.
func BenchmarkCore(b *testing.B) {
	a := newAsm(1, 1, false, 4)
	loop := a.here()
	a.op(isa.ADD, out(0), v(0), 3).op(isa.MUL, out(1), v(0), v(2)).op(isa.XOR, out(2), v(1), v(0)).
		op(isa.SHR, out(3), v(2), 2).op(isa.LT, out(1), v(3), v(0)).op(isa.SUB, out(2), v(2), v(1)).
		op(isa.AND, out(2), v(2), 0xFFFF).op(isa.JMP, loop)
	const cycles = 1 << 20
	benchFrames(b, a.program(), cycles)
	b.ReportMetric(float64(cycles)*float64(b.N)/b.Elapsed().Seconds()/1e6, "Minstr/s")
}

// plasma is the corpus's: a colour from a table by a formula of px and py.
func plasma() isa.Program {
	a := newAsm(240, 136, true, 0)
	table := ref(0)
	build := func(table uint32) {
		a.words = a.words[:isa.HeaderWords]
		a.each(0, 0, 240, 136, []uint32{isa.SysFrame}, func() {
			a.op(isa.MUL, laneOut(3), laneRef(0), laneRef(0)).op(isa.MUL, laneOut(4), laneRef(1), laneRef(1)).
				op(isa.ADD, laneOut(3), laneRef(3), laneRef(4)).op(isa.SHR, laneOut(3), laneRef(3), 4).
				op(isa.XOR, laneOut(4), laneRef(0), laneRef(1)).op(isa.ADD, laneOut(3), laneRef(3), laneRef(4)).
				op(isa.MUL, laneOut(4), laneRef(2), 3).op(isa.ADD, laneOut(3), laneRef(3), laneRef(4)).
				op(isa.AND, laneOut(3), laneRef(3), 3).op(isa.LDT, laneOut(3), table, 4, laneRef(3)).
				op(isa.PUT, laneRef(3))
		})
		a.op(isa.FRAME)
	}
	build(uint32(table))
	build(a.here())
	return a.program(0x000000, 0x3366FF, 0xFF6633, 0xFFFFFF)
}

func BenchmarkEachPlasma(b *testing.B) {
	benchFrames(b, plasma(), 0)
	b.ReportMetric(240*136*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mtexels/s")
}

// BenchmarkEachOfManyPrograms is small programs that are all different, on one machine
// after the other.
func BenchmarkEachOfManyPrograms(b *testing.B) {
	var programs []isa.Program
	for n := range 64 {
		a := newAsm(64, 64, true, 0)
		a.each(0, 0, 64, 64, nil, func() {
			const t, u = 2, 3
			a.op(isa.MUL, laneOut(t), laneRef(0), n).op(isa.MUL, laneOut(u), laneRef(1), n+2).op(isa.ADD, laneOut(t), laneRef(t), laneRef(u)).
				op(isa.SHR, laneOut(t), laneRef(t), n%4).op(isa.MUL, laneOut(u), laneRef(0), laneRef(1)).op(isa.XOR, laneOut(t), laneRef(t), laneRef(u)).
				op(isa.MUL, laneOut(u), laneRef(1), n+1).op(isa.OR, laneOut(u), laneRef(0), laneRef(u)).op(isa.AND, laneOut(t), laneRef(t), laneRef(u)).
				op(isa.MUL, laneOut(t), laneRef(t), n*777).op(isa.AND, laneOut(t), laneRef(t), 0xFFFFFF).op(isa.PUT, laneRef(t))
		})
		programs = append(programs, a.op(isa.HALT).program())
	}
	m := load(b, programs[0])
	m.Spread(1)
	for n := 0; b.Loop(); n++ {
		if err := m.ResetTo(programs[n%len(programs)], 1); err != nil {
			b.Fatal(err)
		}
		if _, err := m.Frame(context.Background(), Input{}, 0); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "runs/s")
}

// BenchmarkEachLife has loops and branches that texels leave at different times.
func BenchmarkEachLife(b *testing.B) {
	a := newAsm(128, 64, true, 0)
	a.each(0, 0, 128, 64, nil, func() {
		const n, dx, dy, t, u = 2, 3, 4, 5, 6
		a.op(isa.SET, laneOut(n), 0).op(isa.SET, laneOut(dy), -1)
		outer := a.here()
		a.op(isa.SET, laneOut(dx), -1)
		inner := a.here()
		a.op(isa.ADD, laneOut(t), laneRef(0), laneRef(dx)).op(isa.ADD, laneOut(u), laneRef(1), laneRef(dy)).
			op(isa.PEEK, laneOut(t), laneRef(t), laneRef(u)).
			op(isa.JZ, laneRef(t), 0).op(isa.ADD, laneOut(n), laneRef(n), 1)
		a.words[len(a.words)-5] = a.here()
		a.op(isa.ADD, laneOut(dx), laneRef(dx), 1).op(isa.LE, laneOut(t), laneRef(dx), 1).op(isa.JNZ, laneRef(t), inner).
			op(isa.ADD, laneOut(dy), laneRef(dy), 1).op(isa.LE, laneOut(t), laneRef(dy), 1).op(isa.JNZ, laneRef(t), outer)
		a.op(isa.EQ, laneOut(t), laneRef(n), 3).op(isa.MUL, laneOut(t), laneRef(t), 0xFFFFFF).op(isa.PUT, laneRef(t))
	})
	a.op(isa.FRAME)
	m := load(b, a.program())
	for i := range m.display {
		if i*7919%31 < 12 {
			m.display[i] = 0xFFFFFFFF
		}
	}
	for b.Loop() {
		m.state[isa.StPC] = isa.HeaderWords
		if r := frame(b, m); r.Fault != nil {
			b.Fatal(r.Fault)
		}
	}
	b.ReportMetric(128*64*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mtexels/s")
}

func BenchmarkRects(b *testing.B) {
	a := newAsm(128, 64, false, 1)
	loop := a.here()
	a.op(isa.AND, out(0), v(0), 63).op(isa.RECT, v(0), v(0), 20, 10, v(0)).op(isa.ADD, out(0), v(0), 7).op(isa.JMP, loop)
	benchFrames(b, a.program(), 40000)
	b.ReportMetric(10000*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mrects/s")
}

func BenchmarkHuman(b *testing.B) {
	m := load(b, newAsm(128, 64, false, 0).program())
	for i := range m.display {
		m.display[i] = isa.Word(uint8(33+i%90), uint8(i%217), uint8(i%200), 255)
	}
	for b.Loop() {
		m.Human()
	}
}

func BenchmarkPresent(b *testing.B) {
	m := load(b, newAsm(128, 64, false, 0).program())
	for i := range m.display {
		m.display[i] = isa.Word(uint8(33+i%90), uint8(i%217), uint8(i%200), 255)
	}
	dst := image.NewRGBA(image.Rect(0, 0, 700, 500))
	for _, c := range []struct {
		name string
		v    View
	}{
		{"human at 0.91", View{Texture: HumanTexture, Width: 700, Height: 500, Scale: 0.9114583}},
		{"human at 3", View{Texture: HumanTexture, Width: 700, Height: 500, Scale: 3}},
		{"display at 5.47", View{Width: 700, Height: 500, Scale: 5.46875}},
		{"human at 0.1", View{Texture: HumanTexture, Width: 700, Height: 500, Scale: 0.1}},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if err := m.Present(dst, c.v); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
