package machine

import (
	"encoding/binary"
	"image"

	"gvpie/assets/glyph"
	"gvpie/runtime/isa"
)

// The colours, as packed 0xRRGGBB, that ink and paper codes are shown in.
var inkRGB, paperRGB = codeColors(0xFFFFFF), codeColors(0x000000)

func codeColors(def uint32) (rgb [256]uint32) {
	for code := range rgb {
		rgb[code] = isa.CodeColor(uint8(code), def)
	}
	return rgb
}

// Human makes the whole human texture from the display page: HumanSize pixels,
// opaque. It is the reference of expand.wgsl.
func (m *Machine) Human() *image.RGBA {
	w, h := HumanSize(m.header)
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		pix := img.Pix[y*img.Stride:][:4*w]
		if m.header.Pixel {
			for x, t := range m.display[y*w:][:w] {
				binary.LittleEndian.PutUint32(pix[4*x:], rgba(canvasRGB(t)))
			}
			continue
		}
		for x, t := range m.display[y/isa.CellHeight*m.header.W:][:m.header.W] {
			ink, paper, bits := cellRow(t, y%isa.CellHeight)
			ink, paper = rgba(ink), rgba(paper)
			cell := pix[x*4*isa.CellWidth:][:4*isa.CellWidth]
			for i := range isa.CellWidth {
				rgb := paper
				if bits>>(isa.CellWidth-1-i)&1 == 1 {
					rgb = ink
				}
				binary.LittleEndian.PutUint32(cell[4*i:], rgb)
			}
		}
	}
	return img
}

// rgba packs 0xRRGGBB as the opaque pixel whose bytes are R, G, B, A.
func rgba(rgb uint32) uint32 { return pixelTexel(rgb) }

// canvasRGB is the colour a texel of a pixel canvas is shown in; black before it
// is written.
func canvasRGB(t uint32) uint32 {
	if t>>24 == 0 {
		return 0
	}
	return t&0xFF<<16 | t&0xFF00 | t>>16&0xFF
}

// cellRow is what row line of a cell shows: the colours, and six bits, the
// leftmost pixel highest, that are set where the ink is.
func cellRow(t uint32, line int) (ink, paper uint32, bits uint8) {
	if t>>24 == 0 {
		return 0, 0, 0
	}
	if line < glyph.Height {
		bits = glyph.ROM[t&0xFF][line] << (isa.CellWidth - glyph.Width)
	}
	return inkRGB[t>>8&0xFF], paperRGB[t>>16&0xFF], bits
}
