package rules

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/syntax"
)

// expr is an expression. It is never changed: who wants another makes another, and
// trees share their parts.
type expr struct {
	kind exprKind
	op   string // of unary and binary, as it is written
	val  int32  // of num
	name string // of name and index, and what call, size and proc call
	text string // of num: as it was written; "" is decimal
	args []*expr
}

type exprKind uint8

const (
	num exprKind = iota
	name
	index // name[args…]
	unary
	binary
	call // a function of the language
	size // len(name) and its like
	proc // a procedure
)

func number(v int32) *expr                { return &expr{kind: num, val: v} }
func named(s string) *expr                { return &expr{kind: name, name: s} }
func apply(op string, a, b *expr) *expr   { return &expr{kind: binary, op: op, args: []*expr{a, b}} }
func unaryOf(op string, a *expr) *expr    { return &expr{kind: unary, op: op, args: []*expr{a}} }
func called(f string, a ...*expr) *expr   { return &expr{kind: call, name: f, args: a} }
func element(of string, i ...*expr) *expr { return &expr{kind: index, name: of, args: i} }

func (e *expr) isNum(v int32) bool { return e.kind == num && e.val == v }

func (e *expr) isName(s string) bool { return e.kind == name && e.name == s }

// is says whether e is a binary or unary expression of an operator.
func (e *expr) is(op string) bool { return (e.kind == binary || e.kind == unary) && e.op == op }

// levels has how tightly operators bind, as in the language.
var levels = map[string]int{
	"||": 1, "&&": 2, "==": 3, "!=": 3, "<": 3, "<=": 3, ">": 3, ">=": 3,
	"+": 4, "-": 4, "|": 4, "^": 4, "*": 5, "/": 5, "%": 5, "<<": 5, ">>": 5, ">>>": 5, "&": 5,
}

// bits are the operators on bits.
var bits = map[string]bool{"&": true, "|": true, "^": true, "<<": true, ">>": true, ">>>": true}

// opcodes are what computes the operators of two values.
var opcodes = map[string]isa.Op{
	"==": isa.EQ, "!=": isa.NE, "<": isa.LT, "<=": isa.LE, ">": isa.GT, ">=": isa.GE,
	"+": isa.ADD, "-": isa.SUB, "|": isa.OR, "^": isa.XOR, "*": isa.MUL, "/": isa.DIV, "%": isa.MOD,
	"<<": isa.SHL, ">>": isa.SHR, ">>>": isa.USHR, "&": isa.AND,
}

var symbols = func() map[isa.Op]string {
	out := map[isa.Op]string{}
	for s, op := range opcodes {
		out[op] = s
	}
	return out
}()

var unaryCodes = map[string]isa.Op{"-": isa.NEG, "~": isa.NOT, "!": isa.ISZ}

const unaryLevel = 6

func (e *expr) level() int {
	switch e.kind {
	case binary:
		return levels[e.op]
	case unary:
		return unaryLevel
	case num:
		if e.val < 0 && e.text == "" {
			return unaryLevel
		}
	}
	return unaryLevel + 1
}

// String is the expression as a program has it, where one stands alone.
func (e *expr) String() string {
	var b strings.Builder
	e.write(&b)
	return b.String()
}

// operand is the expression as it stands in a list.
func (e *expr) operand() string {
	s := e.String()
	if e.kind == binary || e.kind == unary && strings.ContainsAny(s, " ") {
		return "(" + s + ")"
	}
	return s
}

func (e *expr) write(b *strings.Builder) {
	inner := func(a *expr, least int) {
		if a.level() < least {
			b.WriteByte('(')
			a.write(b)
			b.WriteByte(')')
			return
		}
		a.write(b)
	}
	switch e.kind {
	case num:
		if e.text != "" {
			b.WriteString(e.text)
		} else if e.val == -1<<31 {
			b.WriteString("0x80000000")
		} else {
			b.WriteString(strconv.Itoa(int(e.val)))
		}
	case name:
		b.WriteString(e.name)
	case unary:
		b.WriteString(e.op)
		inner(e.args[0], unaryLevel+1)
	case binary:
		for i, a := range e.args {
			if i > 0 {
				fmt.Fprintf(b, " %s ", e.op)
			}
			least := levels[e.op] + i
			if a.kind == binary && a.op != e.op && (bits[a.op] || bits[e.op] && levels[e.op] > 2) {
				least = unaryLevel // who remembers which of them binds tighter?
			}
			inner(a, least)
		}
	default:
		open, end := "(", ")"
		if e.kind == index {
			open, end = "[", "]"
		}
		b.WriteString(e.name + open)
		for i, a := range e.args {
			if i > 0 {
				b.WriteString(", ")
			}
			a.write(b)
		}
		b.WriteString(end)
	}
}

// same says whether two expressions are written alike, but for how numbers are spelt.
func (e *expr) same(o *expr) bool {
	if e == o {
		return true
	}
	return e.kind == o.kind && e.op == o.op && e.val == o.val && e.name == o.name && slices.EqualFunc(e.args, o.args, (*expr).same)
}

// walk calls visit with e and all its parts, outermost first.
func (e *expr) walk(visit func(*expr)) {
	visit(e)
	for _, a := range e.args {
		a.walk(visit)
	}
}

// any says whether holds is true of e or a part of it.
func (e *expr) any(holds func(*expr) bool) bool {
	return holds(e) || slices.ContainsFunc(e.args, func(a *expr) bool { return a.any(holds) })
}

// reads says whether a name is read in e.
func (e *expr) reads(n string) bool {
	return e.any(func(x *expr) bool { return (x.kind == name || x.kind == index) && x.name == n })
}

// rewrite makes an expression in which every part is what change gives for it, from the
// inside out.
func (e *expr) rewrite(change func(*expr) *expr) *expr {
	var args []*expr
	for i, a := range e.args {
		b := a.rewrite(change)
		if b != a && args == nil {
			args = slices.Clone(e.args)
		}
		if args != nil {
			args[i] = b
		}
	}
	if args != nil {
		c := *e
		c.args = args
		e = &c
	}
	return change(e)
}

// substitute puts a value in place of a name.
func (e *expr) substitute(n string, by *expr) *expr {
	return e.rewrite(func(x *expr) *expr {
		if x.isName(n) {
			return by
		}
		return x
	})
}

// work is about how many instructions an expression is.
func (e *expr) work() int {
	n := 0
	e.walk(func(x *expr) {
		switch {
		case x.kind == proc:
			n += 8
		case x.is("&&"), x.is("||"):
			n += 2
		case x.kind != num && x.kind != name && x.kind != size:
			n++
		}
	})
	return n
}

// exprOf reads an expression of the syntax tree.
func exprOf(t *syntax.Tree, n int32) *expr {
	x := &t.Exprs[n]
	e := &expr{}
	parts := func(of ...int32) {
		for _, k := range of {
			if k != syntax.None {
				e.args = append(e.args, exprOf(t, k))
			}
		}
	}
	switch x.Kind {
	case syntax.NumExpr:
		e.kind, e.val = num, x.Val
		if text := t.Text(x.Pos, x.End); text != strconv.Itoa(int(x.Val)) {
			e.text = text
		}
	case syntax.NameExpr:
		e.kind, e.name = name, t.Text(x.Pos, x.End)
	case syntax.UnaryExpr:
		e.kind = unary
		for s, op := range unaryCodes {
			if op == x.Op {
				e.op = s
			}
		}
		parts(x.A)
		if a := e.args[0]; e.op == "-" && a.kind == num && a.text == "" {
			return number(-a.val)
		}
	case syntax.BinaryExpr:
		e.kind, e.op = binary, symbols[x.Op]
		parts(x.A, x.B)
	case syntax.AndExpr:
		e.kind, e.op = binary, "&&"
		parts(x.A, x.B)
	case syntax.OrExpr:
		e.kind, e.op = binary, "||"
		parts(x.A, x.B)
	case syntax.CallExpr:
		e.kind, e.name = call, syntax.Functions[x.Val].Name
		parts(x.A, x.B, x.C)
	case syntax.SizeExpr:
		e.kind, e.name = size, syntax.Functions[x.Val].Name
		text := t.Text(x.Pos, x.End)
		e.args = []*expr{named(strings.Trim(text[len(e.name):], "() "))}
	case syntax.IndexExpr:
		e.kind, e.name = index, t.Text(x.Pos, x.NameEnd)
		parts(x.A, x.B)
	case syntax.ProcExpr:
		c := &t.Calls[x.Val]
		e.kind, e.name = proc, t.Text(x.Pos, c.NameEnd)
		parts(t.Actuals[c.Arg:c.ArgEnd]...)
	default:
		return nil
	}
	return e
}
