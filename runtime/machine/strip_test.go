package machine

import (
	"encoding/binary"
	"image"
	"math"
	"math/rand/v2"
	"testing"

	"gvpie/assets/glyph"
	"gvpie/runtime/isa"
)

// filled is a machine whose display and writer pages hold something of everything.
func filled(t testing.TB, w, h int, pixel bool, r *rand.Rand) *Machine {
	m := load(t, newAsm(w, h, pixel, 70).op(isa.TXT, 0, 0).text("some words of a program page that has more than a row").program())
	for i := range m.display {
		if m.display[i] = r.Uint32(); r.IntN(4) > 0 {
			m.display[i] |= written
		} else if r.IntN(2) > 0 {
			m.display[i] = 0
		}
		if r.IntN(3) == 0 {
			m.display[i] = m.display[i]&^0xFF | ' '
		}
		m.writer[i] = uint32(r.IntN(9))
	}
	return m
}

// humanPixel is a pixel of the human texture, as expand.wgsl says it.
func humanPixel(m *Machine, x, y int) uint32 {
	if m.header.Pixel {
		if t := m.display[y*m.header.W+x]; t>>24 != 0 {
			return t&0xFF<<16 | t&0xFF00 | t>>16&0xFF
		}
		return 0
	}
	t := m.display[y/isa.CellHeight*m.header.W+x/isa.CellWidth]
	x, y = x%isa.CellWidth, y%isa.CellHeight
	switch {
	case t>>24 == 0:
		return 0
	case x < glyph.Width && y < glyph.Height && glyph.ROM[t&0xFF][y]>>(glyph.Width-1-x)&1 == 1:
		return isa.CodeColor(uint8(t>>8), 0xFFFFFF)
	}
	return isa.CodeColor(uint8(t>>16), 0)
}

// viewTexel is the colour of a texel of a view's texture, 0xRRGGBB.
func viewTexel(m *Machine, v View, x, y int) uint32 {
	w, _ := TextureSize(m.header, len(m.program), v)
	var rgb, by uint32
	lit := v.LitFrom != v.LitTo
	switch {
	case v.Texture == HumanTexture:
		rgb = humanPixel(m, x, y)
		if !m.header.Pixel {
			x, y = x/isa.CellWidth, y/isa.CellHeight
		}
		by = m.writer[y*m.header.W+x]
	default:
		words := m.Page(v.Page)
		at, word := y*w+x, uint32(0)
		if at < len(words) {
			word = words[at]
		}
		rgb = word&0xFF<<16 | word&0xFF00 | word>>16&0xFF
		switch {
		case v.Page != DisplayPage && v.Page != WriterPage:
			lit = false
		case v.Page == WriterPage && v.Meaning && word == 0:
			rgb = 0
		case v.Page == WriterPage && v.Meaning:
			rgb = word*2654435769>>1&0x7F7F7F + 0x505050
		case v.Page == DisplayPage && v.Meaning && !m.header.Pixel:
			switch {
			case word>>24 == 0:
				rgb = 0
			case glyph.ROM[word&0xFF] == [glyph.Height]uint8{}:
				rgb = isa.CodeColor(uint8(word>>16), 0)
			default:
				rgb = isa.CodeColor(uint8(word>>8), 0xFFFFFF)
			}
		}
		if lit {
			by = m.writer[at]
		}
	}
	if lit && (by < v.LitFrom || by >= v.LitTo) {
		return rgb >> 2 & 0x3F3F3F
	}
	return rgb
}

// plainPixel is a panel pixel worked out alone: its taps on both axes, added up.
func plainPixel(m *Machine, v View, i, j int) uint32 {
	w, h := TextureSize(m.header, len(m.program), v)
	taps := func(start float32, at, size, whole int) []Tap {
		s, scale := float64(start), float64(v.Scale)
		return AppendTaps(nil, s+float64(at)/scale, s+float64(at+1)/scale, size, whole)
	}
	var r, g, b int
	columns := taps(v.X, i, w, columnParts)
	for _, row := range taps(v.Y, j, h, rowParts) {
		for _, column := range columns {
			rgb := v.Back
			if row.Texel >= 0 && column.Texel >= 0 {
				rgb = viewTexel(m, v, column.Texel, row.Texel)
			}
			part := row.Weight * column.Weight
			r, g, b = r+part*int(rgb>>16&0xFF), g+part*int(rgb>>8&0xFF), b+part*int(rgb&0xFF)
		}
	}
	round := func(sum int) uint32 { return uint32((sum + allParts/2) / allParts) }
	return round(r) | round(g)<<8 | round(b)<<16 | written
}

// anyView is a view of anything at any zoom, mostly of some of the texture.
func anyView(r *rand.Rand, m *Machine) View {
	v := View{
		Texture: Texture(r.IntN(2)), Page: Page(r.IntN(5)), Meaning: r.IntN(2) == 0,
		Width: 1 + r.IntN(70), Height: 1 + r.IntN(150), Back: r.Uint32N(1 << 24),
	}
	if r.IntN(3) == 0 {
		v.LitFrom, v.LitTo = r.Uint32N(5), r.Uint32N(10)
	}
	switch r.IntN(5) {
	case 0:
		v.Scale = float32(1 + r.IntN(6))
	case 1:
		v.Scale = 1 / float32(1+r.IntN(12))
	case 2:
		v.Scale = 0.3 + 2*r.Float32()
	case 3:
		v.Scale = []float32{1.0 / 64, 64, 0.5, 2.0 / 3, 1.5, 0.125, 1.0 / 9}[r.IntN(7)]
	default:
		v.Scale = float32(math.Exp2(12*r.Float64() - 6))
	}
	w, h := TextureSize(m.header, len(m.program), v)
	v.X = (1.4*r.Float32()-0.2)*float32(w) - float32(v.Width)/v.Scale*r.Float32()
	v.Y = (1.4*r.Float32()-0.2)*float32(h) - float32(v.Height)/v.Scale*r.Float32()
	if r.IntN(3) == 0 {
		v.X, v.Y = float32(math.Floor(float64(v.X))), float32(math.Floor(float64(v.Y)))
	}
	if r.IntN(20) == 0 {
		v.X *= 1e6
	}
	return v
}

// TestAViewIsTheSumOfItsTaps: however a view is drawn, each of its pixels is what the
// taps say, and of the view alone, whatever was drawn before.
func TestAViewIsTheSumOfItsTaps(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 8))
	drawn := map[int]int{} // views by the most taps of a pixel
	for _, size := range [][2]int{{1, 1}, {2, 3}, {7, 5}, {40, 30}, {90, 20}} {
		for _, pixel := range []bool{false, true} {
			m := filled(t, size[0], size[1], pixel, r)
			for range 60 {
				v := anyView(r, m)
				dst := present(t, m, v)
				p := &m.presenters[v.Texture]
				drawn[max(p.columns.most, p.rows.most)]++
				for range 300 {
					i, j := r.IntN(v.Width), r.IntN(v.Height)
					got, want := binary.LittleEndian.Uint32(dst.Pix[dst.PixOffset(i, j):]), plainPixel(m, v, i, j)
					if got != want {
						t.Fatalf("%d × %d, pixel %t, %+v: panel pixel %d,%d is %08x, not %08x", size[0], size[1], pixel, v, i, j, got, want)
					}
				}
			}
		}
	}
	for most := 1; most <= maxSamples; most++ {
		if drawn[most] == 0 {
			t.Errorf("no view has %d taps a pixel at most: %v", most, drawn)
		}
	}
}

func TestTheHumanTextureIsItsTexels(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	for _, pixel := range []bool{false, true} {
		m := filled(t, 23, 9, pixel, r)
		copy(m.display[3*23:], m.display[2*23:3*23])
		img := m.Human()
		w, h := HumanSize(m.header)
		if img.Rect != image.Rect(0, 0, w, h) {
			t.Fatalf("it is %v", img.Rect)
		}
		for y := range h {
			for x := range w {
				got, want := binary.LittleEndian.Uint32(img.Pix[img.PixOffset(x, y):]), pixelTexel(humanPixel(m, x, y))
				if got != want {
					t.Fatalf("pixel %t: %d,%d is %08x, not %08x", pixel, x, y, got, want)
				}
			}
		}
	}
}
