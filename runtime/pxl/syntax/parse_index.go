package syntax

import "strings"

// index parses [a] or [a, b] behind a name, and gives where it ends; b is None of
// one index.
func (p *exprParser) index() (a, b int32, end Pos) {
	b = None
	p.expect("[")
	a = p.expr(false)
	if next, ok := p.peek(); ok && !p.failed && p.text(next) == "," {
		p.at++
		b = p.expr(false)
		if next, ok := p.peek(); ok && !p.failed && p.text(next) == "," {
			p.fail(CodeSyntax, p.pos(next.Offset), p.pos(next.End), "an array has one index or two: name[i] or name[x, y]")
		}
	}
	closing, _ := p.expect("]")
	return a, b, p.pos(closing.End)
}

// size parses a function whose argument is the name of what it measures.
func (p *exprParser) size(t Token, f int32) int32 {
	n := Expr{Kind: SizeExpr, Val: f, A: None, B: None, C: None, Pos: p.pos(t.Offset)}
	p.expect("(")
	name, ok := p.peek()
	if p.failed || !ok || !IsLetter(p.src[name.Offset]) {
		p.expected("a name", Functions[f].Name+"(name)")
		return p.bad()
	}
	p.at++
	n.NameEnd = p.pos(name.End)
	end, _ := p.expect(")")
	n.End = p.pos(end.End)
	return p.add(n)
}

// Measured gives where the name stands that a SizeExpr measures.
func (t *Tree) Measured(n *Expr) (from, end Pos) {
	_, name, _ := strings.Cut(t.Text(n.Pos, n.NameEnd), "(")
	return n.NameEnd - Pos(len(strings.TrimSpace(name))), n.NameEnd
}
