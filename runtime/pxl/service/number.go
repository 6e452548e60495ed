package service

import (
	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/syntax"
)

// NumberAt gives the number that a byte of a line is in or beside, in bytes of
// the line, with the minus before it if that is its sign and no subtraction.
func NumberAt(line string, at int) (from, end int, ok bool) {
	line = line[:min(len(line), maxLine)]
	for _, t := range syntax.Lex(line) {
		if t.Kind != syntax.Number || at < t.Offset || at > t.End {
			continue
		}
		if negated(line, t) {
			return t.Offset - 1, t.End, true
		}
		return t.Offset, t.End, true
	}
	return 0, 0, false
}

// negated says whether the parser reads a minus right before a number as its
// sign.
func negated(line string, number syntax.Token) bool {
	tree := syntax.NewLineParser().Parse(line)
	for _, x := range tree.Exprs {
		if x.Kind != syntax.UnaryExpr || x.Op != isa.NEG {
			continue
		}
		a := tree.Exprs[x.A]
		if a.Kind == syntax.NumExpr && tree.Files.Offset(a.Pos) == number.Offset && tree.Files.Offset(x.Pos) == number.Offset-1 {
			return true
		}
	}
	return false
}
