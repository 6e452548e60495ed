package machine

import (
	"testing"

	"gvpie/runtime/isa"
)

// TestSpritesLieAsTheirFlagsSay draws a sprite of 3 × 2 texels, ##. above #.. .
func TestSpritesLieAsTheirFlagsSay(t *testing.T) {
	const on = 0xFF0000FF
	for _, c := range []struct {
		name  string
		flags int
		want  string
	}{
		{"as it is", 0, "##..\n#...\n....\n...."},
		{"mirrored", 1, ".##.\n..#.\n....\n...."},
		{"upside down", 2, "#...\n##..\n....\n...."},
		{"turned", 4, "##..\n.#..\n....\n...."},
		{"mirrored, then turned", 5, "....\n.#..\n##..\n...."},
		{"upside down, then turned", 6, "##..\n#...\n....\n...."},
		{"both, then turned", 7, "....\n#...\n##..\n...."},
		{"twice as large", 0x100, "####\n####\n##..\n##.."},
		{"turned, twice as large", 0x104, "####\n####\n..##\n..##"},
		{"flags that are none", 0xF0F8, "##..\n#...\n....\n...."},
	} {
		for _, pixel := range []bool{false, true} {
			a := newAsm(4, 4, pixel, 0)
			at := len(a.words) + 9
			a.op(isa.SPR, at, 3|2<<16, 1, 0, 0, 0, c.flags).op(isa.HALT)
			m := load(t, a.program(on, on, 0, on, 0, 0xFE0000FF))
			frame(t, m)
			if got := picture(m); got != c.want {
				t.Errorf("%s, pixel %v:\n%s\nnot\n%s", c.name, pixel, got, c.want)
			}
		}
	}
}

func TestBrokenSprites(t *testing.T) {
	for _, c := range []struct {
		name string
		args []any
		want Fault
	}{
		{"a frame below", []any{8, 1 | 1<<16, 2, -1, 0, 0}, Fault{Code: isa.AddressOutOfRange, A: -1, B: 2}},
		{"a frame above", []any{8, 1 | 1<<16, 2, 2, 0, 0}, Fault{Code: isa.AddressOutOfRange, A: 2, B: 2}},
		{"a texel past the program page", []any{8, 8 | 1<<16, 1, 0, 0, 0}, Fault{Code: isa.AddressOutOfRange, A: 8, B: 15}},
		{"past the program page", []any{8, 4 | 4<<16, 1, 0, 0, 0}, Fault{Code: isa.AddressOutOfRange, A: 8, B: 15}},
		{"far past it", []any{uint32(0xFFFFFFFF), uint32(0xFFFFFFFF), 0x7FFFFFFF, 0x7FFFFFFE, 0, 0}, Fault{Code: isa.AddressOutOfRange, B: 15}},
	} {
		m := load(t, newAsm(4, 4, false, 0).op(isa.SPR, c.args...).program())
		r := frame(t, m)
		if r.Fault == nil || r.Fault.Code != c.want.Code || r.Fault.B != c.want.B || c.want.A != 0 && r.Fault.A != c.want.A {
			t.Errorf("%s: %+v, not %+v", c.name, r.Fault, c.want)
		}
	}
}

// TestAClipOfAnyStateStaysOnTheCanvas: a state page may come from anywhere.
func TestAClipOfAnyStateStaysOnTheCanvas(t *testing.T) {
	a := newAsm(6, 3, true, 0)
	a.op(isa.CLS, 0xFF0000).op(isa.TXT, 0, 0).text("wide text").op(isa.BLIT, 0, 0, 99, 99, 0, 0).
		each(0, 0, 99, 99, nil, func() { a.op(isa.PUT, 0x00FF00) })
	for _, clip := range [][2]uint32{{isa.ClipSet, 0xFFFFFFFF}, {0xFFFFFFFF, 0xFFFFFFFF}, {isa.ClipSet | 5 | 9<<16, 2}, {isa.ClipSet | 0xFFFF, 0xFFFFFFFF}} {
		s := load(t, a.program()).Snapshot()
		s.State[isa.StClip], s.State[isa.StClipEnd] = clip[0], clip[1]
		m, err := FromSnapshot(s)
		if err != nil {
			t.Fatal(err)
		}
		if r := frame(t, m); r.Status != isa.Halted {
			t.Errorf("%x: %+v", clip, r)
		}
	}
}

// BenchmarkSprite draws 200 sprites of 16 × 16 texels, and BenchmarkSpriteAsRect as
// many rectangles of that size.
func BenchmarkSprite(b *testing.B) { benchmarkSquares(b, isa.SPR) }

func BenchmarkSpriteAsRect(b *testing.B) { benchmarkSquares(b, isa.RECT) }

func benchmarkSquares(b *testing.B, op isa.Op) {
	for _, pixel := range []bool{false, true} {
		name := map[bool]string{false: "cells", true: "pixels"}[pixel]
		b.Run(name, func(b *testing.B) {
			a := newAsm(320, 180, pixel, 0)
			loop := a.here()
			const n = 200
			end := int(loop) + n*8 + 2 + 2
			for i := range n {
				x, y := i*37%300, i*53%160
				if op == isa.RECT {
					a.op(isa.RECT, x, y, 16, 16, 0xFF0000)
				} else {
					a.op(isa.SPR, end, 16|16<<16, 1, 0, x, y, 0)
				}
			}
			a.op(isa.FRAME).op(isa.NOP).op(isa.JMP, loop)
			texels := make([]uint32, 256)
			for i := range texels {
				if dx, dy := i%16-8, i/16-8; dx*dx+dy*dy < 64 { // a ball
					texels[i] = 0xFF204080 + uint32(i)
				}
			}
			m := load(b, a.program(texels...))
			b.ResetTimer()
			for range b.N {
				frame(b, m)
			}
		})
	}
}
