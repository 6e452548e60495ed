package codegen

import (
	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/check"
	"gvpie/runtime/pxl/syntax"
)

// word gives the operand index of a data word, or, inside EACH, of the lane that
// captured it or that a call in the block has for it.
func (g *generator) word(index int32) uint32 {
	if proc, ok := check.IsLocal(index); ok && g.inline != nil && proc == g.inline.proc {
		return g.inline.lanes[index&(1<<check.ActivationBits-1)]
	}
	if g.each == nil {
		return uint32(index)
	}
	return g.each.lane(index)
}

// temp takes a temporary for the rest of the statement, or until the caller
// lowers g.top again.
func (g *generator) temp() uint32 {
	k := g.top
	g.top++
	if g.each != nil {
		return g.each.temp(k)
	}
	pool := &g.pool
	if g.act != nil {
		pool = &g.act.pool
	}
	if k == len(*pool) {
		*pool = append(*pool, g.hiddenWord())
	}
	return (*pool)[k]
}

// hiddenWord takes a data word behind the variables, or one of the procedure's
// activation, for good.
func (g *generator) hiddenWord() uint32 {
	if g.act != nil {
		return g.act.word()
	}
	g.hidden++
	return uint32(isa.SysWords + len(g.Vars) + g.hidden - 1)
}

// value gives expression n as an operand: a number and a variable as they are, the
// rest computed into a temporary. It is good until the next call of a procedure.
func (g *generator) value(n int32) operand {
	switch x := &g.Exprs[n]; x.Kind {
	case syntax.NumExpr:
		return value(x.Val)
	case syntax.VarExpr:
		return operand{g.word(x.Val), true}
	case syntax.ProcExpr:
		if g.each == nil {
			g.call(n, nil, false)
			return operand{g.result, true}
		}
	}
	t := g.temp()
	g.into(n, t, true)
	return operand{t, true}
}

// into emits code that leaves the value of expression n in the word dst. scratch says
// that dst is a temporary, which n does not read, so that parts of n may be
// computed in it.
func (g *generator) into(n int32, dst uint32, scratch bool) {
	x := &g.Exprs[n]
	top := g.top
	out := operand{word: dst}
	switch x.Kind {
	case syntax.NumExpr, syntax.VarExpr:
		g.emit(isa.SET, out, g.value(n))
	case syntax.ProcExpr:
		if g.each != nil {
			g.call(n, &dst, scratch)
			break
		}
		g.call(n, nil, false)
		g.emit(isa.SET, out, operand{g.result, true})
	case syntax.UnaryExpr:
		g.emit(x.Op, out, g.part(x.A, x.A, dst, &scratch))
	case syntax.BinaryExpr:
		a := g.part(x.A, x.B, dst, &scratch)
		b := g.part(x.B, x.B, dst, &scratch)
		g.emit(x.Op, out, a, b)
	case syntax.CallExpr:
		var buf [4]operand
		last := max(x.A, x.B, x.C)
		args := append(buf[:0], out, g.part(x.A, last, dst, &scratch))
		for _, k := range [...]int32{x.B, x.C} {
			if k != syntax.None {
				args = append(args, g.part(k, last, dst, &scratch))
			}
		}
		g.emit(x.Op, args...)
	case syntax.ArrayExpr, syntax.TableExpr:
		last := max(x.A, x.B)
		i := g.part(x.A, last, dst, &scratch)
		if x.B != syntax.None {
			g.cell(x, out, i, g.part(x.B, last, dst, &scratch))
		} else if x.Kind == syntax.ArrayExpr {
			g.emit(isa.LD, out, operand{}, value(int32(g.Arrays[x.Val].Size)), i)
			g.arrayRefs = append(g.arrayRefs, ref{len(g.code) - 3, x.Val})
		} else {
			g.emit(isa.LDT, out, operand{}, value(int32(g.Tables[x.Val].Size)), i)
			g.tableRefs = append(g.tableRefs, ref{len(g.code) - 3, x.Val})
		}
	case syntax.InputExpr:
		g.emit(isa.INPUT, out, value(x.Val))
	case syntax.AndExpr, syntax.OrExpr:
		var no []int
		g.branch(n, false, &no)
		g.top = top
		g.emit(isa.SET, out, value(1))
		end := g.jump(isa.JMP)
		g.land(no)
		g.emit(isa.SET, out, value(0))
		g.land([]int{end})
	}
	g.top = top
}

// cell emits code that leaves a word of two indices in out.
func (g *generator) cell(x *syntax.Expr, out, i, j operand) {
	op, of, refs := isa.LD2, g.Arrays, &g.arrayRefs
	if x.Kind == syntax.TableExpr {
		op, of, refs = isa.LDT2, g.Tables, &g.tableRefs
	}
	a := &of[x.Val]
	g.emit(op, out, operand{}, value(int32(a.Cols)), value(int32(a.Rows())), i, j)
	*refs = append(*refs, ref{len(g.code) - 5, x.Val})
}

// part gives an operand of what will be computed into dst, of which last is evaluated
// last. While dst is free the operand may be computed there, which takes it.
func (g *generator) part(n, last int32, dst uint32, free *bool) operand {
	plain := false
	switch x := &g.Exprs[n]; x.Kind {
	case syntax.NumExpr:
		plain = true
	case syntax.VarExpr:
		plain = !g.changed(x.Val, n, last)
	case syntax.ProcExpr:
		plain = g.each == nil && !g.callsIn(n, last)
	}
	if plain || !*free {
		return g.before(n, last)
	}
	*free = false
	g.into(n, dst, true)
	return operand{dst, true}
}

// before gives expression n as an operand that holds while those behind it, up to last,
// are evaluated: a variable that a call among them may change is copied.
func (g *generator) before(n, last int32) operand {
	switch x := &g.Exprs[n]; {
	case x.Kind == syntax.VarExpr && g.changed(x.Val, n, last),
		x.Kind == syntax.ProcExpr && g.callsIn(n, last):
		t := g.temp()
		g.into(n, t, true)
		return operand{t, true}
	}
	return g.value(n)
}

// branch emits code that jumps if whether n is true equals want, and goes on
// with the next instruction if not. The jumps, to be patched, are added to out.
func (g *generator) branch(n int32, want bool, out *[]int) {
	x := &g.Exprs[n]
	top := g.top
	switch {
	case x.Kind == syntax.NumExpr:
		if (x.Val != 0) == want {
			*out = append(*out, g.jump(isa.JMP))
		}
	case x.Kind == syntax.UnaryExpr && x.Op == isa.ISZ:
		g.branch(x.A, !want, out)
	case x.Kind == syntax.BinaryExpr && (x.Op == isa.EQ || x.Op == isa.NE) && g.IsZero(x.B):
		g.branch(x.A, want == (x.Op == isa.NE), out)
	case (x.Kind == syntax.AndExpr || x.Kind == syntax.OrExpr) && want == (x.Kind == syntax.OrExpr):
		// Either side alone decides.
		g.branch(x.A, want, out)
		g.branch(x.B, want, out)
	case x.Kind == syntax.AndExpr || x.Kind == syntax.OrExpr:
		var past []int
		g.branch(x.A, !want, &past)
		g.branch(x.B, want, out)
		g.land(past)
	default:
		op := isa.JZ
		if want {
			op = isa.JNZ
		}
		*out = append(*out, g.jump(op, g.value(n)))
	}
	g.top = top
}
