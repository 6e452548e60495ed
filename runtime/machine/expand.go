package machine

import (
	"encoding/binary"
	"image"
	"slices"
	"sync"

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
// opaque. It is the reference of expand.wgsl. Who makes many gives each to [Recycle]
// when it has been used.
func (m *Machine) Human() *image.RGBA {
	img := NewPicture(HumanSize(m.header))
	if m.header.Pixel {
		for i, t := range m.display {
			binary.LittleEndian.PutUint32(img.Pix[4*i:], canvasPixel(t))
		}
		return img
	}
	var before []uint32
	for y := range m.header.H {
		cells := m.display[y*m.header.W:][:m.header.W]
		pix := img.Pix[y*isa.CellHeight*img.Stride:][:isa.CellHeight*img.Stride]
		if before != nil && slices.Equal(cells, before) {
			copy(pix, img.Pix[(y-1)*isa.CellHeight*img.Stride:])
			continue
		}
		before = cells
		papers(pix, cells)
		inks(pix, img.Stride, cells)
	}
	return img
}

// papers fills a row of cells with their papers.
func papers(pix []byte, cells []uint32) {
	line := pix[:4*isa.CellWidth*len(cells)]
	for x, t := range cells {
		paper := paperPixel[t>>16&0xFF]
		if t>>24 == 0 {
			paper = written
		}
		cell := line[4*isa.CellWidth*x:][:4*isa.CellWidth]
		for i := range isa.CellWidth {
			binary.LittleEndian.PutUint32(cell[4*i:], paper)
		}
	}
	for n := len(line); n < len(pix); n *= 2 {
		copy(pix[n:], pix[:n])
	}
}

// inks draws the glyphs of a row of cells.
func inks(pix []byte, stride int, cells []uint32) {
	for x, t := range cells {
		if t>>24 == 0 {
			continue
		}
		ink := inkPixel[t>>8&0xFF]
		for line, bits := range glyph.ROM[t&0xFF] {
			at := line*stride + 4*isa.CellWidth*x
			for bits := bits << (8 - glyph.Width); bits != 0; bits <<= 1 {
				if bits&0x80 != 0 {
					binary.LittleEndian.PutUint32(pix[at:], ink)
				}
				at += 4
			}
		}
	}
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

// Bytes gives texels as bytes, R G B A a texel: what a page's hash is over.
func Bytes(words []uint32) []byte {
	b := make([]byte, 0, 4*len(words))
	for _, w := range words {
		b = binary.LittleEndian.AppendUint32(b, w)
	}
	return b
}

// Codes is a page of w × h texels as a picture: the codes as they are, opaque, so
// that a viewer shows them also where nothing was drawn.
func Codes(words []uint32, w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i, word := range words[:w*h] {
		binary.LittleEndian.PutUint32(img.Pix[4*i:], word|0xFF000000)
	}
	return img
}

// A human texture has a million bytes and more, and memory that is fresh costs several
// times what drawing it does. So pictures that have been used are drawn on again.
var pictures sync.Pool // of *image.RGBA

// Recycle gives back a picture, of an engine's Human or of NewPicture, that nobody uses
// any more, nor its Pix: another is drawn on it. Pictures that are kept are not given
// back.
func Recycle(picture *image.RGBA) {
	pictures.Put(picture)
}

// NewPicture is a picture of w × h pixels, which hold anything.
func NewPicture(w, h int) *image.RGBA {
	r := image.Rect(0, 0, w, h)
	old, _ := pictures.Get().(*image.RGBA)
	if old == nil || cap(old.Pix) < 4*w*h {
		return image.NewRGBA(r)
	}
	*old = image.RGBA{Pix: old.Pix[:4*w*h], Stride: 4 * w, Rect: r}
	return old
}
