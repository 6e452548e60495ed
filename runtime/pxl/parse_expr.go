package pxl

import (
	"strings"

	"gvpie/runtime/isa"
)

// maxHeight bounds how deep an expression tree grows, by nesting or by a chain
// of operators, and with it every recursion over one.
const maxHeight = 500

type binaryOp struct {
	kind nodeKind
	op   isa.Op
	prec int
}

// binaryOps has the precedence of Go.
var binaryOps = map[string]binaryOp{
	"||": {orNode, 0, 1}, "&&": {andNode, 0, 2},
	"==": {binNode, isa.EQ, 3}, "!=": {binNode, isa.NE, 3},
	"<": {binNode, isa.LT, 3}, "<=": {binNode, isa.LE, 3},
	">": {binNode, isa.GT, 3}, ">=": {binNode, isa.GE, 3},
	"+": {binNode, isa.ADD, 4}, "-": {binNode, isa.SUB, 4},
	"|": {binNode, isa.OR, 4}, "^": {binNode, isa.XOR, 4},
	"*": {binNode, isa.MUL, 5}, "/": {binNode, isa.DIV, 5}, "%": {binNode, isa.MOD, 5},
	"<<": {binNode, isa.SHL, 5}, ">>": {binNode, isa.SHR, 5}, ">>>": {binNode, isa.USHR, 5},
	"&": {binNode, isa.AND, 5},
}

var unaryOps = map[string]isa.Op{"-": isa.NEG, "~": isa.NOT, "!": isa.ISZ}

// expr parses a whole expression; list says that it is one of a list, where an
// operator with a space before it does not belong to it.
func (p *parser) expr(list bool) int32 { return p.binary(1, list) }

func (p *parser) binary(least int, list bool) int32 {
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
		left = p.add(node{kind: op.kind, op: op.op, a: left, b: right, c: none, off: p.nodes[left].off, end: p.nodes[right].end})
	}
	return left
}

func (p *parser) unary(list bool) int32 {
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
	return p.add(node{kind: unaryNode, op: op, a: a, b: none, c: none, off: int32(t.Offset), end: p.nodes[a].end})
}

func (p *parser) primary(list bool) int32 {
	t, ok := p.peek()
	if !ok {
		p.expected("a value")
		return p.bad()
	}
	n := node{a: none, b: none, c: none, off: int32(t.Offset), end: int32(t.End)}
	switch t.Kind {
	case Number:
		p.at++
		v, ok := parseNumber(p.text(t))
		if !ok {
			p.badNumber(t)
		}
		n.kind, n.val = numNode, v
		return p.add(n)
	case Char:
		p.at++
		r, _, _ := charLiteral(p.text(t))
		n.kind, n.val = numNode, int32(r)
		return p.add(n)
	case Name, ColorName, ReadOnly:
		p.at++
		next, more := p.peek()
		if more && p.text(next) == "(" && (!list || !p.spaced()) {
			p.unknownFunction(t)
			return p.bad()
		}
		if more && p.text(next) == "[" && (!list || !p.spaced()) {
			p.at++
			if !p.deeper() {
				return p.bad()
			}
			n.a = p.expr(false)
			p.depth--
			end, _ := p.expect("]")
			n.kind, n.nameEnd, n.end = indexNode, n.end, int32(end.End)
			return p.add(n)
		}
		n.kind = nameNode
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

func (p *parser) call(t Token) int32 {
	p.at++
	f := builtins[p.text(t)].value
	params := Functions[f].Params
	n := node{kind: callNode, op: Functions[f].op, val: f, a: none, b: none, c: none, off: int32(t.Offset)}
	if _, ok := p.expect("("); !ok || !p.deeper() {
		return p.bad()
	}
	defer func() { p.depth-- }()
	count := 0
	if next, ok := p.peek(); !ok || p.text(next) != ")" {
		for {
			a := p.expr(false)
			switch count {
			case 0:
				n.a = a
			case 1:
				n.b = a
			case 2:
				n.c = a
			}
			count++
			next, ok := p.peek()
			if p.failed || !ok || p.text(next) != "," {
				break
			}
			p.at++
		}
	}
	end, ok := p.expect(")")
	if !ok {
		return p.bad()
	}
	n.end = int32(end.End)
	if count != len(params) {
		p.errorf(CodeArguments, n.off, n.end, "`%s` takes %s (%s), and here are %d", p.text(t), plural(len(params), "value"), strings.Join(params, ", "), count)
		n.kind = badNode
	}
	return p.add(n)
}

// add appends a node, folding it if its operands are known, and watches the
// tree's height.
func (p *parser) add(n node) int32 {
	h := uint16(0)
	for _, c := range [...]int32{n.a, n.b, n.c} {
		if c != none {
			h = max(h, p.nodes[c].height)
		}
	}
	n.height = h + 1
	if n.height > maxHeight && !p.failed {
		p.fail(CodeTooDeep, n.off, n.end, "this expression is too long: at most %d operators deep; split it over several SETs", maxHeight)
		n.kind, n.height = badNode, 1
	}
	p.nodes = append(p.nodes, n)
	return int32(len(p.nodes) - 1)
}

func (p *parser) bad() int32 {
	off := p.here()
	return p.add(node{kind: badNode, a: none, b: none, c: none, off: off, end: off})
}

// deeper counts a level of recursion, which the caller takes back.
func (p *parser) deeper() bool {
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

// parseNumber reads a number; 0x80000000…0xFFFFFFFF are patterns of negative
// numbers.
func parseNumber(s string) (int32, bool) {
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
		case isDigit(c):
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
