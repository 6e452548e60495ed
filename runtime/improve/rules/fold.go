package rules

import (
	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/syntax"
)

// pure says that an expression changes nothing and does not hang on when it is
// evaluated, as long as what it reads stays: it may fault all the same.
func (e *expr) pure() bool {
	return !e.any(func(x *expr) bool { return x.kind == proc || x.kind == call && x.name == "rnd" })
}

// faults says that an expression may end the program.
func (p *names) faults(e *expr) bool {
	return e.any(func(x *expr) bool {
		switch {
		case x.kind == index || x.kind == proc:
			return !p.inside(x)
		case x.is("/") || x.is("%"):
			v, ok := p.value(x.args[1])
			return !ok || v == 0
		case x.kind == call && x.name == "div":
			v, ok := p.value(x.args[1])
			return !ok || v == 0
		}
		return false
	})
}

// inside says that an index is one of its list's, because it is a number or masked.
func (p *names) inside(x *expr) bool {
	if x.kind != index || len(x.args) != 1 {
		return false
	}
	n := p.length(x.name)
	lo, hi := p.bounds(x.args[0], nil)
	return n > 0 && lo >= 0 && hi < int64(n)
}

// length is how many words a list of one dimension has; 0: not known.
func (p *names) length(list string) int32 {
	if t, ok := p.tables[list]; ok {
		return int32(len(t))
	}
	return p.arrays[list]
}

// value is the number that an expression is known to be.
func (p *names) value(e *expr) (int32, bool) {
	switch e.kind {
	case num:
		return e.val, true
	case name:
		switch e.name {
		case "W":
			return p.w, true
		case "H":
			return p.h, true
		}
		if c, ok := p.consts[e.name]; ok {
			return p.value(c)
		}
		if p.declare[e.name] {
			return 0, false
		}
		if b, ok := syntax.LookupBuiltin(e.name); ok && b.Kind == syntax.ColorName {
			return b.Value, true
		}
	case unary:
		if a, ok := p.value(e.args[0]); ok {
			v, _, _ := isa.Alu(unaryCodes[e.op], a, 0, 0)
			return v, true
		}
	case binary:
		op, known := opcodes[e.op]
		a, okA := p.value(e.args[0])
		b, okB := p.value(e.args[1])
		if known && okA && okB {
			v, f, _ := isa.Alu(op, a, b, 0)
			return v, f == isa.FaultNone
		}
		if !known && okA && (a != 0) == (e.op == "||") {
			return truth(a), true
		}
		if !known && okA && okB {
			return truth(b), true
		}
	case call:
		f, ok := syntax.LookupFunction(e.name)
		if !ok {
			return 0, false
		}
		var in [3]int32
		for i, a := range e.args {
			if in[i], ok = p.value(a); !ok {
				return 0, false
			}
		}
		v, fault, ok := isa.Alu(syntax.Functions[f].Op, in[0], in[1], in[2])
		return v, ok && fault == isa.FaultNone
	}
	return 0, false
}

func truth(v int32) int32 {
	if v != 0 {
		return 1
	}
	return 0
}
