package editor

import (
	"image/color"
	"strconv"
	"strings"

	"gvpie/runtime/pxl"
	"gvpie/runtime/pxl/syntax"
)

// lex gives the tokens of one line, offsets from its first byte. The language
// has no token longer than a line, so lexing the lines that are seen gives
// what lexing the whole text would, but for the rows of sprites and lists that go on,
// which the document knows; TestLinesLexAlone holds it to that.
func lex(line string) []pxl.Token { return pxl.Lex(line) }

// of gives the colour of a kind of token.
func (c *Colors) of(k syntax.TokenKind) color.NRGBA {
	switch k {
	case syntax.Comment:
		return c.Comment
	case syntax.Mnemonic, syntax.Keyword:
		return c.Mnemonic
	case syntax.Directive:
		return c.Directive
	case syntax.LabelName:
		return c.Label
	case syntax.Function:
		return c.Function
	case syntax.Number, syntax.Char, syntax.Escape:
		return c.Number
	case syntax.Text, syntax.Quote:
		return c.String
	case syntax.Operator, syntax.Punctuation, syntax.Brace, syntax.Row:
		return c.Dim
	}
	return c.Text
}

// swatches finds the colours written in a line: 0xRRGGBB and colour names.
func swatches(line string, tokens []pxl.Token) []swatch {
	var out []swatch
	for _, t := range tokens {
		s := line[t.Offset:t.End]
		switch t.Kind {
		case syntax.Number:
			if len(s) == len("0xRRGGBB") && strings.EqualFold(s[:2], "0x") {
				if v, err := strconv.ParseUint(s[2:], 16, 32); err == nil {
					out = append(out, swatch{t.Offset, rgb(uint32(v))})
				}
			}
		case syntax.ColorName:
			if c, ok := syntax.LookupBuiltin(s); ok {
				out = append(out, swatch{t.Offset, rgb(uint32(c.Value))})
			}
		}
	}
	return out
}

func rgb(v uint32) color.NRGBA {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 255}
}
