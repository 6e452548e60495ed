package check

import (
	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/syntax"
)

// resolveText resolves a text of a .text, which stands in TXT and LOG alone.
func (c lists) resolveText(n *syntax.Expr, e Entity, part *syntax.TextPart) {
	t := &c.Texts[e.Val]
	n.Kind = syntax.BadExpr
	switch {
	case part == nil:
		c.Errorf(syntax.CodeNotIndexable, n.Pos, n.End, "%s is a table of texts, and a text is no value: it stands alone between the braces of a TXT or LOG, {%s[i]}", syntax.Quoted(t.Name), t.Name)
	case n.B != syntax.None:
		c.Errorf(syntax.CodeNotIndexable, n.Pos, n.End, "%s is a table of texts and has one index: {%s[i]}", syntax.Quoted(t.Name), t.Name)
	case part.Format&^(isa.FormatLeft|isa.FormatWidth) != 0:
		c.Errorf(syntax.CodeSyntax, part.Pos, part.End, "a text of %s is filled up to a width, {%s[i]:8} or {%s[i]:-8}; %s is for numbers", syntax.Quoted(t.Name), t.Name, t.Name, syntax.Quoted(part.Format.String()))
	default:
		c.within(n.A, "%s has texts", t.Name, len(t.Texts))
		n.Kind, n.Val = syntax.TextExpr, e.Val
		part.Format |= isa.FormatText
	}
}
