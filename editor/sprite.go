package editor

import (
	"image"
	"image/color"
	"strings"

	"gioui.org/layout"
	"gioui.org/text"

	"gvpie/runtime/pxl"
	"gvpie/runtime/pxl/service"
	"gvpie/runtime/pxl/syntax"
)

// The rows of a sprite are shown as what they are: each digit on its colour.

// spriteRow says whether a line is a row of a sprite, and gives its texels.
func (e *view) spriteRow(line int) (texel func(x int) (rgb uint32, opaque bool), ok bool) {
	if s := e.buf.Line(line); len(s) > longLine || !syntax.IsRow(s) {
		return nil, false
	}
	s, i, ok := e.code.SpriteAt(line)
	return func(x int) (uint32, bool) { return s.Texel(x, i) }, ok && i >= 0
}

// overSprite says whether an offset is on the texels of a sprite's row.
func (e *view) overSprite(offset int) bool {
	line := e.buf.lineAt(offset)
	_, ok := e.spriteRow(line)
	at := offset - e.buf.lineStart(line)
	s := e.buf.Line(line)
	end := strings.IndexFunc(s, func(r rune) bool { return r == ';' })
	if end < 0 {
		end = len(s)
	}
	s = strings.TrimRight(s[:end], " \t")
	return ok && at >= len(indentOf(s)) && at <= len(s)
}

// SpriteAt gives the sprite that has a row or its directive on a line, from 1.
func (e *Editor) SpriteAt(line int) (service.Sprite, bool) {
	s, _, ok := e.code.SpriteAt(line - 1)
	return s, ok
}

// SpriteNamed gives the sprite whose name the caret is at.
func (e *Editor) SpriteNamed() (service.Sprite, bool) {
	at, ok := e.code.Definition(e.buf.cursor(e.sel.caret))
	if !ok {
		return service.Sprite{}, false
	}
	s, row, ok := e.code.SpriteAt(at.Line)
	return s, ok && row < 0
}

// lexBelow gives the tokens of a line below a directive whose rows or list it belongs
// to, which are others than those of the line alone.
func lexBelow(directive, line string) []pxl.Token {
	above := len(directive) + 1
	var out []pxl.Token
	for _, t := range lex(directive + "\n" + line) {
		if t.Offset >= above {
			out = append(out, pxl.Token{Kind: t.Kind, Offset: t.Offset - above, End: t.End - above})
		}
	}
	return out
}

// paintSpriteRow draws the colours of a row over its digits, and these again so that
// they show on them.
func (e *view) paintSpriteRow(gtx layout.Context, r *row, line, y int) {
	texel, ok := e.spriteRow(line)
	if !ok || len(r.tokens) == 0 || r.tokens[0].Kind != syntax.Row {
		return
	}
	t := r.tokens[0]
	var dark, light []text.Glyph
	for i := t.Offset; i < t.End; i++ {
		v, opaque := texel(i - t.Offset)
		if !opaque {
			continue
		}
		c := rgb(v)
		x0, x1 := e.originX()+r.xs[i].Round(), e.originX()+r.xs[i+1].Round()
		if box := image.Rect(x0, y, x1, y+e.geometry.lineHeight); box.Overlaps(e.geometry.text) {
			fill(gtx, c, box)
			if bright(c) {
				dark = shifted(dark, e.face.shape(rune(r.text[i]), false), r.xs[i])
			} else {
				light = shifted(light, e.face.shape(rune(r.text[i]), false), r.xs[i])
			}
		}
	}
	e.face.run(gtx.Ops, dark, float32(e.originX()), y+e.geometry.baseline, color.NRGBA{A: 150})
	e.face.run(gtx.Ops, light, float32(e.originX()), y+e.geometry.baseline, color.NRGBA{R: 255, G: 255, B: 255, A: 150})
}

// bright says whether black shows better on a colour than white.
func bright(c color.NRGBA) bool {
	return 2*int(c.R)+5*int(c.G)+int(c.B) > 8*128
}
