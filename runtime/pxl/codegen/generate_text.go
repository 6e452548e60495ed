package codegen

import (
	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/syntax"
)

// textWriter is the generator of texts.
type textWriter struct{ *generator }

// textCode emits TXT or LOG: values that are no plain variable are computed
// before, constants become characters.
func (g textWriter) textCode(s *syntax.Stmt, args []operand, last int32) {
	var buf [8]operand
	values := buf[:0]
	for _, p := range g.Parts[s.Part:s.PartEnd] {
		if p.Expr != syntax.None {
			values = append(values, g.textValue(p.Expr, last))
		}
	}
	g.emit(s.Op, args...)
	count := len(g.code)
	g.code = append(g.code, 0)
	for _, p := range g.Parts[s.Part:s.PartEnd] {
		if p.Expr == syntax.None {
			g.characters(g.Text(p.Pos, p.End))
			continue
		}
		g.reference(&p, values[0])
		values = values[1:]
	}
	g.code[count] = uint32(len(g.code) - count - 1)
}

// textValue gives a part's value as an operand; of a text of a .text the text's
// number, which is a word if it is not known to be in range.
func (g textWriter) textValue(n, last int32) operand {
	x := &g.Exprs[n]
	if x.Kind != syntax.TextExpr {
		return g.before(n, last)
	}
	v := g.before(x.A, last)
	if v.ref || int(v.word) < len(g.Texts[x.Val].Texts) {
		return v
	}
	t := g.temp()
	g.into(x.A, t, true)
	return operand{t, true}
}

// reference adds a part's value to a text: its characters, if it is known.
func (g textWriter) reference(p *syntax.TextPart, v operand) {
	x := &g.Exprs[p.Expr]
	switch {
	case !v.ref && x.Kind == syntax.TextExpr:
		text := codes(g.Texts[x.Val].Texts[v.word])
		g.code = p.Format.AppendText(g.code, text)
		return
	case !v.ref:
		g.code = p.Format.AppendCode(g.code, int32(v.word))
		return
	case p.Format != 0:
		g.code = append(g.code, isa.TextFormat|uint32(p.Format))
	}
	g.code = append(g.code, isa.TextValue|v.word&isa.TextValueIndex)
	if x.Kind == syntax.TextExpr {
		g.code = append(g.code, 0, uint32(len(g.Texts[x.Val].Texts)))
		g.textRefs = append(g.textRefs, ref{len(g.code) - 2, x.Val})
	}
}

func (g textWriter) characters(s string) {
	for _, r := range s {
		g.code = append(g.code, glyph(r))
	}
}

// codes are the character codes of a text.
func codes(s string) []uint32 {
	var out []uint32
	for _, r := range s {
		out = append(out, glyph(r))
	}
	return out
}

// glyph is the character code that text holds for r.
func glyph(r rune) uint32 {
	if r < 32 || r > 126 {
		return isa.UnknownGlyph
	}
	return uint32(r)
}

// layOutTexts puts the tables of texts behind the others: a word for each text,
// which says where it stands and how long it is, then their characters.
func (g textWriter) layOutTexts() {
	for i, t := range g.Texts {
		g.textBases[i] = len(g.code)
		base := len(g.code)
		g.code = append(g.code, make([]uint32, len(t.Texts))...)
		for k, text := range t.Texts {
			at := len(g.code)
			g.characters(text)
			if len(g.code) > isa.MaxProgramWords {
				g.programFull(t.Pos, t.Pos+syntax.Pos(len(t.Name)))
				return
			}
			g.code[base+k] = uint32(at) | uint32(len(g.code)-at)<<16
		}
	}
}
