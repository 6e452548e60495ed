package editor

import (
	"image/color"
	"sort"
	"unicode/utf8"

	"gioui.org/op"
	"gioui.org/text"
	"golang.org/x/image/math/fixed"

	"gvpie/runtime/pxl"
	"gvpie/runtime/pxl/syntax"
)

// tabCells is how far apart tab stops are. The editor types spaces; tabs come
// from elsewhere.
const tabCells = 4

// row is one line of text made ready to draw and to point at.
type row struct {
	text   string
	xs     []fixed.Int26_6 // x of every byte from the row's left, and of its end
	tokens []pxl.Token     // of this row; offsets from the row's first byte
	swatch []swatch
}

// swatch is a colour in the text, shown as a small square before its first byte.
type swatch struct {
	at    int
	color color.NRGBA
}

// swatchRoom is how much x a swatch takes before its text, in cells.
func (f *face) swatchRoom() fixed.Int26_6 { return f.cell + f.cell/2 + f.cell/4 }

// build computes the x of every byte.
func (f *face) build(line string, tokens []pxl.Token, swatches []swatch) *row {
	r := &row{text: line, tokens: tokens, swatch: swatches, xs: make([]fixed.Int26_6, len(line)+1)}
	var x fixed.Int26_6
	for i := 0; i < len(line); {
		if len(swatches) > 0 && swatches[0].at == i {
			x += f.swatchRoom()
			swatches = swatches[1:]
		}
		c, size := rune(line[i]), 1
		if c >= utf8.RuneSelf {
			c, size = utf8.DecodeRuneInString(line[i:])
		}
		for k := range size {
			r.xs[i+k] = x
		}
		if c == '\t' {
			stop := max(f.cell, 1) * tabCells
			x += stop - x%stop
		} else {
			x += f.cell * fixed.Int26_6(cells(c))
		}
		i += size
	}
	r.xs[len(line)] = x
	return r
}

func (r *row) width() fixed.Int26_6 { return r.xs[len(r.xs)-1] }

// at gives the byte whose caret stop is nearest to x.
func (r *row) at(x fixed.Int26_6) int {
	i := sort.Search(len(r.xs), func(i int) bool { return r.xs[i] > x }) - 1
	if i < 0 {
		return 0
	}
	for i > 0 && i < len(r.text) && !r.stop(i) {
		i--
	}
	j := min(i+1, len(r.text))
	for j < len(r.text) && (!r.stop(j) || r.xs[j] == r.xs[i]) {
		j++
	}
	if x-r.xs[i] > r.xs[j]-x {
		return j
	}
	return i
}

// over gives the byte of the character that x is on; false beside the text.
func (r *row) over(x fixed.Int26_6) (int, bool) {
	if x < 0 || x >= r.width() {
		return 0, false
	}
	i := sort.Search(len(r.xs), func(i int) bool { return r.xs[i] > x }) - 1
	for i > 0 && !r.stop(i) {
		i--
	}
	return i, true
}

// stop reports whether a code point begins at byte i. What follows a lone
// continuation byte, or is one, stands alone too.
func (r *row) stop(i int) bool {
	return utf8.RuneStart(r.text[i]) || r.xs[i-1] != r.xs[i]
}

// paint draws the glyphs between two x of the row, each token in its colour.
func (r *row) paint(ops *op.Ops, f *face, left float32, baseline int, from, to fixed.Int26_6, colors *Colors) {
	lo := sort.Search(len(r.xs), func(i int) bool { return r.xs[i] >= from-2*f.cell })
	hi := sort.Search(len(r.xs), func(i int) bool { return r.xs[i] > to })
	for lo > 0 && lo < len(r.text) && !utf8.RuneStart(r.text[lo]) {
		lo--
	}
	hi = min(hi, len(r.text))
	gs := f.scratch[:0]
	flush := func(k syntax.TokenKind) {
		f.run(ops, gs, left, baseline, colors.of(k))
		gs = gs[:0]
	}
	next := sort.Search(len(r.tokens), func(i int) bool { return r.tokens[i].End > lo })
	current := syntax.Unknown
	for i := lo; i < hi; {
		for next < len(r.tokens) && r.tokens[next].End <= i {
			next++
		}
		k := syntax.Unknown
		if next < len(r.tokens) && r.tokens[next].Offset <= i {
			k = r.tokens[next].Kind
		}
		c, size := rune(r.text[i]), 1
		if c >= utf8.RuneSelf {
			c, size = utf8.DecodeRuneInString(r.text[i:])
		}
		if c != ' ' && c != '\t' && colors.of(k) != colors.of(current) || len(gs) >= runGlyphs {
			flush(current)
			current = k
		}
		switch {
		case c == ' ' || c == '\t':
		case c < ' ' || c == 0x7F:
			gs = shifted(gs, f.shape('·', false), r.xs[i])
		default:
			gs = shifted(gs, f.shape(c, k == syntax.Comment), r.xs[i])
		}
		i += size
	}
	flush(current)
	f.scratch = gs
}

// runGlyphs bounds the glyphs of one path, so that paths in long lines are
// still found in the shaper's cache.
const runGlyphs = 48

// shifted appends the glyphs moved to x.
func shifted(dst, gs []text.Glyph, x fixed.Int26_6) []text.Glyph {
	for _, g := range gs {
		g.X += x
		dst = append(dst, g)
	}
	return dst
}
