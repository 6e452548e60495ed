package editor

import (
	"gioui.org/f32"
	"gioui.org/font"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/op/paint"
	"gioui.org/text"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/width"

	"image/color"
	"unicode"
)

// face is a monospaced font at one size, one glyph cluster a code point. Each
// code point is shaped alone and kept, so drawing a row needs no shaping and
// no pair of characters can become a ligature.
type face struct {
	shaper  *text.Shaper
	font    font.Font
	ppem    fixed.Int26_6
	cell    fixed.Int26_6 // width of a cell
	ascent  fixed.Int26_6
	descent fixed.Int26_6
	glyphs  map[glyphKey][]text.Glyph
	scratch []text.Glyph // for the run being put together
	cover   func(r rune) // is told of each character to be drawn; may be nil
}

type glyphKey struct {
	r      rune
	italic bool
}

// knownGlyphs bounds the glyphs kept, so that a file of every character there
// is does not stay in memory.
const knownGlyphs = 4096

// use prepares the face for a frame and reports whether its measures changed.
func (f *face) use(shaper *text.Shaper, fnt font.Font, ppem fixed.Int26_6) bool {
	if f.shaper == shaper && f.font == fnt && f.ppem == ppem {
		return false
	}
	*f = face{shaper: shaper, font: fnt, ppem: ppem, glyphs: make(map[glyphKey][]text.Glyph)}
	for _, g := range f.shape('0', false) {
		f.cell += g.Advance
		f.ascent, f.descent = g.Ascent, g.Descent
	}
	f.cell = max(f.cell, fixed.I(1))
	return true
}

func (f *face) shape(r rune, italic bool) []text.Glyph {
	key := glyphKey{r, italic}
	if gs, ok := f.glyphs[key]; ok {
		return gs
	}
	if len(f.glyphs) >= knownGlyphs {
		clear(f.glyphs)
	}
	if f.cover != nil {
		f.cover(r)
	}
	fnt := f.font
	if italic && slants(r) {
		fnt.Style = font.Italic
	}
	gs := f.fit(r, fnt)
	f.glyphs[key] = gs
	return gs
}

// fit lays a code point out in its cells. One of another font may be too large for
// them, and is made smaller, or too small, and stands in their middle.
func (f *face) fit(r rune, fnt font.Font) []text.Glyph {
	gs, advance := f.lay(r, fnt, f.ppem)
	room := f.cell * fixed.Int26_6(cells(r))
	if r < 0x300 || room == 0 || advance == 0 || advance == room {
		return gs
	}
	if advance > room { // fonts round what they are at sizes of part of a pixel
		gs, advance = f.lay(r, fnt, max(fixed.I(1), (f.ppem*room/advance)&^63))
	}
	for i := range gs {
		gs[i].X += (room - advance) / 2
	}
	return gs
}

// lay lays a code point out at x 0, and gives how wide it is.
func (f *face) lay(r rune, fnt font.Font, ppem fixed.Int26_6) (gs []text.Glyph, advance fixed.Int26_6) {
	f.shaper.LayoutString(text.Parameters{Font: fnt, PxPerEm: ppem, MaxWidth: 1 << 20}, string(r))
	for g, ok := f.shaper.NextGlyph(); ok; g, ok = f.shaper.NextGlyph() {
		gs = append(gs, g)
		advance += g.Advance
	}
	return gs, advance
}

// run draws glyphs whose X is set, on a baseline, in one colour.
func (f *face) run(ops *op.Ops, gs []text.Glyph, left float32, baseline int, c color.NRGBA) {
	if len(gs) == 0 {
		return
	}
	at := f32.Pt(left+float32(gs[0].X)/64, float32(baseline))
	defer op.Affine(f32.AffineId().Offset(at)).Push(ops).Pop()
	outline := clip.Outline{Path: f.shaper.Shape(gs)}.Op().Push(ops)
	paint.ColorOp{Color: c}.Add(ops)
	paint.PaintOp{}.Add(ops)
	outline.Pop()
	if call := f.shaper.Bitmaps(gs); call != (op.CallOp{}) {
		call.Add(ops)
	}
}

// slants reports whether fonts have r in italics: other scripts than Latin, Greek and
// Cyrillic do without, and to ask for it finds no font.
func slants(r rune) bool { return r < 0x590 || r >= 0x1E00 && r < 0x2C00 }

// combines reports whether r takes no cell of its own.
func combines(r rune) bool {
	if r < 0x300 {
		return false
	}
	return unicode.In(r, unicode.Mn, unicode.Me) || r >= 0x200B && r <= 0x200F ||
		r >= 0xFE00 && r <= 0xFE0F || r == 0x2060 || r == 0xFEFF
}

// cells gives how many cells a code point takes; tabs are the row's business.
func cells(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case combines(r):
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}
