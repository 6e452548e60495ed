package codegen

import (
	"iter"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/check"
	"gvpie/runtime/pxl/syntax"
)

// effects says what the statements and expressions of a program do to its names, above
// all by the procedures that they call.
type effects struct {
	*syntax.Tree
	*check.Scope
	changes [][]uint64 // by number in Procs, see changedBy
}

// endOf gives the statement that closes a block, or the last one.
func (e *effects) endOf(opener int32) int32 {
	if end := e.Stmts[opener].Match; end != syntax.None {
		return end
	}
	return int32(len(e.Stmts)) - 1
}

// hasBody says whether the procedure of a DEF has code of its own.
func (e *effects) hasBody(def int32) bool {
	p := e.Proc(def)
	return p != nil && p.Body
}

// returnsAt says whether a run never comes to the END of a body, since a RETURN that
// nothing jumps over stands before it.
func (e *effects) returnsAt(end int32) bool {
	return e.Stmts[end-1].Kind == syntax.ReturnStmt && !(end >= 2 && e.Stmts[end-2].Inline)
}

// callsIn says whether a procedure is called by the expressions behind n, up to last.
func (e *effects) callsIn(n, last int32) bool {
	for range e.callsBetween(n, last) {
		return true
	}
	return false
}

// changed says whether a variable may be changed by the calls in the expressions behind
// n, up to last. What a call has for itself is changed by no other.
func (e *effects) changed(index, n, last int32) bool {
	if len(e.Calls) == 0 || n >= last {
		return false
	}
	if _, local := check.IsLocal(index); local || index < 0 {
		return false
	}
	for proc := range e.callsBetween(n, last) {
		if e.changedBy(proc)[index/64]>>(index%64)&1 == 1 {
			return true
		}
	}
	return false
}

// callsBetween gives the procedures that are called by the expressions behind n, up to
// last.
func (e *effects) callsBetween(n, last int32) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		if len(e.Calls) == 0 || n >= last {
			return
		}
		lo, hi := 0, len(e.Calls)
		for lo < hi {
			if mid := (lo + hi) / 2; e.Calls[mid].Expr <= n {
				lo = mid + 1
			} else {
				hi = mid
			}
		}
		for ; lo < len(e.Calls) && e.Calls[lo].Expr <= last; lo++ {
			if c := &e.Calls[lo]; c.Proc != syntax.None && !yield(c.Proc) {
				return
			}
		}
	}
}

// mentions gives the variables of the program that the statements (from, end) read or
// give values, and the procedures that they call.
func (e *effects) mentions(from, end int32, read bool, variable, proc func(int32)) {
	for k := from; k < end; k++ {
		s := &e.Stmts[k]
		for n := s.Expr; n < s.ExprEnd; n++ {
			switch x := &e.Exprs[n]; {
			case x.Kind == syntax.VarExpr && read:
				variable(x.Val)
			case x.Kind == syntax.ProcExpr && e.Calls[x.Val].Proc != syntax.None:
				proc(e.Calls[x.Val].Proc)
			}
		}
		if s.Kind == syntax.SetStmt && s.Index == syntax.None || s.Kind == syntax.ForStmt {
			if found, ok := e.Lookup(e.Text(s.Name, s.NameEnd), s.Def); ok && found.Kind == check.VarSymbol {
				variable(found.Val)
			}
		}
	}
}

// blockWords gives the data words that a block reads or gives values, itself and in the
// procedures it calls, each once.
func (e *effects) blockWords(each int32) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		own := e.ProcOf(e.Stmts[each].Def)
		seen := make(map[int32]bool)
		inlined := make(map[int32]bool)
		var todo []int32
		word := func(index int32) {
			if proc, ok := check.IsLocal(index); index < 0 || seen[index] || ok && (proc != own || inlined[proc]) {
				return
			}
			seen[index] = true
			yield(index)
		}
		call := func(proc int32) {
			if !inlined[proc] {
				inlined[proc] = true
				todo = append(todo, proc)
			}
		}
		end := e.Stmts[each].Match
		if end == syntax.None {
			end = int32(len(e.Stmts))
		}
		e.mentions(each+1, end, true, word, call)
		for len(todo) > 0 {
			def := e.Procs[todo[len(todo)-1]].Def
			todo = todo[:len(todo)-1]
			e.mentions(def+1, e.endOf(def), true, word, call)
		}
	}
}

// changedBy gives, bit by bit, the variables that a procedure may change, itself or by
// what it calls; with a FRAME also what that changes.
func (e *effects) changedBy(proc int32) []uint64 {
	if e.changes == nil {
		e.findChanges()
	}
	return e.changes[proc]
}

func (e *effects) findChanges() {
	rows := (isa.SysWords+len(e.Vars))/64 + 1
	e.changes = make([][]uint64, len(e.Procs))
	callers := make([][]int32, len(e.Procs))
	var todo []int32
	for i := range e.Procs {
		set := make([]uint64, rows)
		def := e.Procs[i].Def
		mark := func(index int32) {
			if _, local := check.IsLocal(index); !local && index >= 0 {
				set[index/64] |= 1 << (index % 64)
			}
		}
		end := e.endOf(def)
		e.mentions(def+1, end, false, mark, func(to int32) {
			callers[to] = append(callers[to], int32(i))
		})
		for k := def + 1; k < end; k++ {
			if s := &e.Stmts[k]; s.Kind == syntax.OpStmt && s.Op == isa.FRAME {
				for _, index := range [...]int32{isa.SysFrame, isa.SysMouseX, isa.SysMouseY, isa.SysMouseB} {
					mark(index)
				}
			}
		}
		e.changes[i] = set
		todo = append(todo, int32(i))
	}
	for len(todo) > 0 {
		i := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, caller := range callers[i] {
			into, more := e.changes[caller], false
			for k, w := range e.changes[i] {
				more = more || w&^into[k] != 0
				into[k] |= w
			}
			if more {
				todo = append(todo, caller)
			}
		}
	}
}
