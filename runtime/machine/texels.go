package machine

import (
	"gvpie/assets/glyph"
	"gvpie/runtime/isa"
)

// What the texels of a view look like, a row at a time.

// cellRoom is the room before and behind a row of texels, for the rest of the cells
// that it begins and ends in.
const cellRoom = isa.CellWidth

// texels puts texels [from, to) of those of row y that the panel shows, as pixels, in
// room, from the word behind cellRoom on, and gives what is behind cellRoom. There is
// room for all of them, one more on each side, and cellRoom again.
func (p *presenter) texels(y int, room []uint32, from, to int) []uint32 {
	line := room[cellRoom:]
	if from >= to {
		return line
	}
	xs := p.columns.texels[from:to]
	out := line[1+from:][:len(xs)]
	first, last := int(xs[0]), int(xs[len(xs)-1])+1
	whole := last-first == len(xs) // no texel is left out
	m := p.m
	cells := p.cells()
	switch {
	case cells && whole:
		row := m.display[y/isa.CellHeight*m.header.W:][:m.header.W]
		cellPixels(room[cellRoom+1+from-first%isa.CellWidth:], row[first/isa.CellWidth:(last+isa.CellWidth-1)/isa.CellWidth], y%isa.CellHeight)
	case cells:
		row, line := m.display[y/isa.CellHeight*m.header.W:], y%isa.CellHeight
		for i, x := range xs {
			ink, paper, bits := cellRow(row[x/isa.CellWidth], line)
			out[i] = pixelTexel(paper)
			if bits>>(isa.CellWidth-1-x%isa.CellWidth)&1 == 1 {
				out[i] = pixelTexel(ink)
			}
		}
	case p.v.Texture == HumanTexture && whole:
		for i, t := range m.display[y*m.header.W:][first:last] {
			out[i] = canvasPixel(t)
		}
	case p.v.Texture == HumanTexture:
		row := m.display[y*m.header.W:]
		for i, x := range xs {
			out[i] = canvasPixel(row[x])
		}
	case p.v.Meaning && p.v.Page == DisplayPage && !m.header.Pixel:
		row := m.display[y*p.tw:]
		for i, x := range xs {
			out[i] = codePixel(row[x])
		}
	case p.v.Meaning && p.v.Page == WriterPage:
		row := m.writer[y*p.tw:]
		for i, x := range xs {
			out[i] = writerPixel(row[x])
		}
	default:
		page := m.Page(p.v.Page)
		page = page[min(len(page), y*p.tw):]
		for i, x := range xs {
			t := uint32(0)
			if int(x) < len(page) {
				t = page[x]
			}
			out[i] = t | written
		}
	}
	p.light(out, xs, y, cells)
	return line
}

// light dims the texels xs of row y that are not lit.
func (p *presenter) light(out []uint32, xs []int32, y int, cells bool) {
	canvas := p.v.Texture == HumanTexture || p.v.Page == DisplayPage || p.v.Page == WriterPage
	if p.v.LitFrom == p.v.LitTo || !canvas {
		return
	}
	cw, ch := int32(1), 1
	if cells {
		cw, ch = isa.CellWidth, isa.CellHeight
	}
	row := p.m.writer[y/ch*p.m.header.W:]
	for i, x := range xs {
		if by := row[x/cw]; by < p.v.LitFrom || by >= p.v.LitTo {
			out[i] = dim(out[i])
		}
	}
}

// The pixels, as the bytes R, G, B, A, of ink and paper codes.
var inkPixel, paperPixel = codePixels(&inkRGB), codePixels(&paperRGB)

func codePixels(rgb *[256]uint32) (pixel [256]uint32) {
	for code := range pixel {
		pixel[code] = pixelTexel(rgb[code])
	}
	return pixel
}

// glyphMask is the pixels that a line of a glyph's bits sets, as masks.
var glyphMask = func() (mask [1 << isa.CellWidth][isa.CellWidth]uint32) {
	for bits := range mask {
		for i := range mask[bits] {
			mask[bits][i] = -(uint32(bits) >> (isa.CellWidth - 1 - i) & 1)
		}
	}
	return mask
}()

// cellPixels puts a line of cells side by side.
func cellPixels(out []uint32, cells []uint32, line int) {
	for _, t := range cells {
		cell := (*[isa.CellWidth]uint32)(out)
		out = out[isa.CellWidth:]
		paper, bits := paperPixel[t>>16&0xFF], uint8(0)
		switch {
		case t>>24 == 0:
			paper = written
		case line < glyph.Height:
			bits = glyph.ROM[t&0xFF][line] << (isa.CellWidth - glyph.Width) % (1 << isa.CellWidth)
		}
		ink := paper ^ inkPixel[t>>8&0xFF]
		mask := &glyphMask[bits]
		cell[0], cell[1], cell[2] = paper^ink&mask[0], paper^ink&mask[1], paper^ink&mask[2]
		cell[3], cell[4], cell[5] = paper^ink&mask[3], paper^ink&mask[4], paper^ink&mask[5]
	}
}

// canvasPixel is what a texel of a pixel canvas looks like: black before it is
// written.
func canvasPixel(t uint32) uint32 {
	if t>>24 == 0 {
		return written
	}
	return t | written
}

// codePixel is what a texel of a cell canvas stands for: its ink, where its glyph
// has any, else its paper.
func codePixel(t uint32) uint32 {
	switch {
	case t>>24 == 0:
		return written
	case glyph.ROM[t&0xFF] == [glyph.Height]uint8{}:
		return paperPixel[t>>16&0xFF]
	}
	return inkPixel[t>>8&0xFF]
}

// writerPixel is a colour for the address of an instruction: black for none, else
// one of its own that is neither dark nor white. Neighbours differ much (D. Knuth's
// multiplicative hash).
func writerPixel(address uint32) uint32 {
	if address == 0 {
		return written
	}
	return pixelTexel(address*2654435769>>1&0x7F7F7F + 0x505050)
}

// dim leaves a quarter of a pixel's brightness.
func dim(pixel uint32) uint32 { return pixel>>2&0x3F3F3F | written }
