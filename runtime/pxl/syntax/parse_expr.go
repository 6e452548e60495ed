package syntax

import (
	"maps"
	"slices"
	"strings"

	"gvpie/runtime/isa"
)

// maxHeight bounds how deep an expression tree grows, by nesting or by a chain
// of operators, and with it every recursion over one.
const maxHeight = 500

type binaryOp struct {
	kind ExprKind
	op   isa.Op
	prec int
}

// binaryOps has the precedence of Go.
var binaryOps = map[string]binaryOp{
	"||": {OrExpr, 0, 1}, "&&": {AndExpr, 0, 2},
	"==": {BinaryExpr, isa.EQ, 3}, "!=": {BinaryExpr, isa.NE, 3},
	"<": {BinaryExpr, isa.LT, 3}, "<=": {BinaryExpr, isa.LE, 3},
	">": {BinaryExpr, isa.GT, 3}, ">=": {BinaryExpr, isa.GE, 3},
	"+": {BinaryExpr, isa.ADD, 4}, "-": {BinaryExpr, isa.SUB, 4},
	"|": {BinaryExpr, isa.OR, 4}, "^": {BinaryExpr, isa.XOR, 4},
	"*": {BinaryExpr, isa.MUL, 5}, "/": {BinaryExpr, isa.DIV, 5}, "%": {BinaryExpr, isa.MOD, 5},
	"<<": {BinaryExpr, isa.SHL, 5}, ">>": {BinaryExpr, isa.SHR, 5}, ">>>": {BinaryExpr, isa.USHR, 5},
	"&": {BinaryExpr, isa.AND, 5},
}

var unaryOps = map[string]isa.Op{"-": isa.NEG, "~": isa.NOT, "!": isa.ISZ}

// exprParser reads expressions into a tree.
type exprParser struct {
	Tree
	lineReader
	depth      int             // of recursion in an expression
	procedures map[string]bool // the names behind a DEF
	single     bool            // lines are read one at a time: any name may have its DEF
	sizes      bool            // a name with a parenthesis a space behind it is no call: .array g W (H - 2)
}

// expr parses a whole expression; list says that it is one of a list, where an
// operator with a space before it does not belong to it.
func (p *exprParser) expr(list bool) int32 { return p.binary(1, list) }

func (p *exprParser) binary(least int, list bool) int32 {
	left := p.unary(list)
	for !p.failed {
		t, ok := p.peek()
		if !ok || t.Kind != Operator || list && p.spaced() {
			break
		}
		op, ok := binaryOps[p.text(t)]
		if !ok || op.prec < least {
			break
		}
		p.at++
		right := p.binary(op.prec+1, list)
		left = p.add(Expr{Kind: op.kind, Op: op.op, A: left, B: right, C: None, Pos: p.Exprs[left].Pos, End: p.Exprs[right].End})
	}
	return left
}

func (p *exprParser) unary(list bool) int32 {
	t, ok := p.peek()
	if !ok || t.Kind != Operator {
		return p.primary(list)
	}
	op, ok := unaryOps[p.text(t)]
	if !ok {
		return p.primary(list)
	}
	p.at++
	if !p.deeper() {
		return p.bad()
	}
	a := p.unary(list)
	p.depth--
	return p.add(Expr{Kind: UnaryExpr, Op: op, A: a, B: None, C: None, Pos: p.pos(t.Offset), End: p.Exprs[a].End})
}

func (p *exprParser) primary(list bool) int32 {
	t, ok := p.peek()
	if !ok {
		p.expected("a value")
		return p.bad()
	}
	n := Expr{A: None, B: None, C: None, Pos: p.pos(t.Offset), End: p.pos(t.End)}
	switch t.Kind {
	case Number:
		p.at++
		v, ok := ParseNumber(p.text(t))
		if !ok {
			p.badNumber(t)
		}
		n.Kind, n.Val = NumExpr, v
		return p.add(n)
	case Char:
		p.at++
		r, _, _ := CharLiteral(p.text(t))
		n.Kind, n.Val = NumExpr, int32(r)
		return p.add(n)
	case Procedure:
		if p.single || p.procedures[p.text(t)] {
			return p.procedureCall(t)
		}
		fallthrough
	case Name, ColorName, ReadOnly:
		p.at++
		next, more := p.peek()
		if more && p.text(next) == "(" && (!list && !p.sizes || !p.spaced()) {
			if from, end := p.pos(t.End), p.pos(next.Offset); p.procedures[p.text(t)] {
				fix := p.Replacing(from, end, "")
				if fix != nil {
					fix.Title = "write " + p.text(t) + "("
				}
				p.failFix(CodeSyntax, p.pos(t.Offset), p.pos(next.End), fix, "the parentheses of a call follow the name at once: %s(…)", p.text(t))
				return p.bad()
			}
			p.unknownFunction(t)
			return p.bad()
		}
		if more && p.text(next) == "[" && (!list || !p.spaced()) {
			if !p.deeper() {
				return p.bad()
			}
			n.Kind, n.NameEnd = IndexExpr, n.End
			n.A, n.B, n.End = p.index()
			p.depth--
			return p.add(n)
		}
		n.Kind = NameExpr
		return p.add(n)
	case Function:
		return p.call(t)
	case Punctuation:
		if p.text(t) == "(" {
			p.at++
			if !p.deeper() {
				return p.bad()
			}
			inner := p.expr(false)
			p.depth--
			p.expect(")")
			return inner
		}
	}
	p.expected("a value")
	return p.bad()
}

func (p *exprParser) call(t Token) int32 {
	p.at++
	f := functions[p.text(t)]
	if Functions[f].Op == 0 {
		return p.size(t, f)
	}
	params := Functions[f].Params
	n := Expr{Kind: CallExpr, Op: Functions[f].Op, Val: f, A: None, B: None, C: None, Pos: p.pos(t.Offset)}
	if _, ok := p.expect("("); !ok {
		return p.bad()
	}
	count := 0
	end, ok := p.arguments(func(a int32) {
		switch count {
		case 0:
			n.A = a
		case 1:
			n.B = a
		case 2:
			n.C = a
		}
		count++
	})
	if !ok {
		return p.bad()
	}
	n.End = p.pos(end.End)
	if count != len(params) {
		p.Errorf(CodeArguments, n.Pos, n.End, "`%s` takes %s (%s), and here are %d", p.text(t), Plural(len(params), "value"), strings.Join(params, ", "), count)
		n.Kind = BadExpr
	}
	return p.add(n)
}

// arguments parses what stands between the parentheses of a call, from behind the first
// one, and gives take each value. end is the last one's.
func (p *exprParser) arguments(take func(int32)) (end Token, ok bool) {
	if !p.deeper() {
		return end, false
	}
	defer func() { p.depth-- }()
	if next, ok := p.peek(); !ok || p.text(next) != ")" {
		for {
			take(p.expr(false))
			next, ok := p.peek()
			if p.failed || !ok || p.text(next) != "," {
				break
			}
			p.at++
		}
	}
	return p.expect(")")
}

// add appends a Expr, folding it if its operands are known, and watches the
// tree's height.
func (p *exprParser) add(n Expr) int32 {
	h := uint16(0)
	for _, c := range [...]int32{n.A, n.B, n.C} {
		if c != None {
			h = max(h, p.Exprs[c].Height)
		}
	}
	n.Height = h + 1
	if n.Height > maxHeight && !p.failed {
		p.fail(CodeTooDeep, n.Pos, n.End, "this expression is too long: at most %d operators deep; split it over several SETs", maxHeight)
		n.Kind, n.Height = BadExpr, 1
	}
	p.Exprs = append(p.Exprs, n)
	return int32(len(p.Exprs) - 1)
}

func (p *exprParser) bad() int32 {
	off := p.here()
	return p.add(Expr{Kind: BadExpr, A: None, B: None, C: None, Pos: off, End: off})
}

// deeper counts a level of recursion, which the caller takes back.
func (p *exprParser) deeper() bool {
	p.depth++
	if p.depth <= maxHeight {
		return true
	}
	if !p.failed {
		off := p.here()
		p.fail(CodeTooDeep, off, off+1, "this expression is too deep: at most %d levels; split it over several SETs", maxHeight)
	}
	p.depth--
	return false
}

// ParseNumber reads a number; 0x80000000…0xFFFFFFFF are patterns of negative
// numbers.
func ParseNumber(s string) (int32, bool) {
	base := uint64(10)
	if len(s) > 2 && s[0] == '0' {
		switch s[1] {
		case 'x', 'X':
			base, s = 16, s[2:]
		case 'b', 'B':
			base, s = 2, s[2:]
		}
	}
	v := uint64(0)
	for i := 0; i < len(s); i++ {
		d := uint64(99)
		switch c := s[i]; {
		case IsDigit(c):
			d = uint64(c - '0')
		case 'a' <= c && c <= 'f':
			d = uint64(c-'a') + 10
		case 'A' <= c && c <= 'F':
			d = uint64(c-'A') + 10
		}
		if d >= base {
			return 0, false
		}
		if v = v*base + d; v > 0xFFFFFFFF {
			return 0, false
		}
	}
	return int32(uint32(v)), true
}

// elsewhere are functions that people know: they mean those, not one that is
// spelled alike.
var elsewhere = map[string]bool{
	"exp": true, "log": true, "tan": true, "asin": true, "acos": true, "atan": true, "ceil": true, "peak": true, "mget": true, "fget": true,
	"step": true, "smoothstep": true, "length": true, "dot": true, "fract": true, "rgba": true, "lerp": true,
}

func (p *exprParser) unknownFunction(t Token) {
	off, end := p.pos(t.Offset), p.pos(t.End)
	names := make([]string, len(Functions))
	for i, f := range Functions {
		names[i] = f.Name
	}
	w := p.text(t)
	if _, ok := LookupFunction(w); ok {
		next, _ := p.peek()
		fix := &Fix{Title: "write " + w + "(", Replace: "(", Offset: t.End, End: next.End}
		p.failFix(CodeUnknownFunction, off, end, fix, "the parenthesis of %s follows its name at once: %s(…)", Quoted(w), w)
		return
	}
	if near := Nearest(w, slices.AppendSeq(slices.Clone(names), maps.Keys(p.procedures)), false); near != "" && !elsewhere[w] {
		p.failFix(CodeUnknownFunction, off, end, p.Replacing(off, end, near), "unknown function %s: did you mean %s?", Quoted(w), Quoted(near))
		return
	}
	p.fail(CodeUnknownFunction, off, end, "%s is no function: there are %s", Quoted(w), strings.Join(names, ", "))
}
