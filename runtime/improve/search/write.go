package search

import (
	"cmp"
	"strings"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/syntax"
)

// term is an expression as a program has it, and how tightly its outermost operator binds.
type term struct {
	text  string
	level int
}

// The levels of the language, loosest first.
const (
	compareLevel = iota + 1
	sumLevel
	productLevel
	unaryLevel
	atom
)

var operators = map[isa.Op]struct {
	text  string
	level int
	bits  bool
}{
	isa.EQ: {"==", compareLevel, false}, isa.NE: {"!=", compareLevel, false}, isa.LT: {"<", compareLevel, false},
	isa.LE:  {"<=", compareLevel, false},
	isa.ADD: {"+", sumLevel, false}, isa.SUB: {"-", sumLevel, false}, isa.OR: {"|", sumLevel, true}, isa.XOR: {"^", sumLevel, true},
	isa.MUL: {"*", productLevel, false}, isa.DIV: {"/", productLevel, false}, isa.MOD: {"%", productLevel, false},
	isa.SHL: {"<<", productLevel, true}, isa.SHR: {">>", productLevel, true}, isa.USHR: {">>>", productLevel, true}, isa.AND: {"&", productLevel, true},
	isa.NEG: {"-", unaryLevel, false}, isa.NOT: {"~", unaryLevel, false}, isa.ISZ: {"!", unaryLevel, false},
}

func atomLevel(text string) int {
	if strings.HasPrefix(text, "-") {
		return unaryLevel
	}
	return atom
}

func (t term) within(least int) string {
	if t.level < least {
		return "(" + t.text + ")"
	}
	return t.text
}

func (t term) number() bool {
	return strings.HasPrefix(t.text, "0x") || strings.Trim(t.text, "-0123456789") == ""
}

// usual puts the operands of an operation that has no order as people do: the shorter one
// first, but numbers last.
func usual(op isa.Op, args []term) []term {
	if !commutes(op) {
		return args
	}
	a, b := args[0], args[1]
	if !b.number() && (a.number() || cmp.Or(cmp.Compare(len(a.text), len(b.text)), cmp.Compare(a.text, b.text)) > 0) {
		a, b = b, a
	}
	return []term{a, b}
}

// written writes an operation. Among operators on bits parentheses stand even where they
// are not needed: who remembers which of them binds tighter?
func written(op isa.Op, args ...term) term {
	o, ok := operators[op]
	switch {
	case !ok:
		var all []string
		for _, a := range usual(op, args) {
			all = append(all, a.text)
		}
		return term{functionNames[op] + "(" + strings.Join(all, ", ") + ")", atom}
	case len(args) == 1:
		return term{o.text + args[0].within(atom), unaryLevel}
	}
	args = usual(op, args)
	if op == isa.ADD && args[1].number() && strings.HasPrefix(args[1].text, "-") {
		return written(isa.SUB, args[0], term{args[1].text[1:], atom})
	}
	least := [2]int{o.level, o.level + 1}
	for i, a := range args {
		if a.level < unaryLevel && (o.bits || strings.ContainsAny(a.text, "&|^<>")) {
			least[i] = unaryLevel
		}
	}
	return term{args[0].within(least[0]) + " " + o.text + " " + args[1].within(least[1]), o.level}
}

var functionNames = func() map[isa.Op]string {
	out := map[isa.Op]string{}
	for _, f := range syntax.Functions {
		if f.Op != 0 {
			out[f.Op] = f.Name
		}
	}
	return out
}()
