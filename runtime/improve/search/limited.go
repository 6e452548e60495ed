package search

import (
	"gvpie/runtime/flow"
	"gvpie/runtime/improve"
	"gvpie/runtime/improve/solver"
	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/syntax"
)

// How much a program may do in a frame that is said to stay within the limits of the
// machine: 10 000 000 cycles, 65 536 commands with 1 048 576 words of text and captured
// values, and 65 536 cycles of a texel.
const (
	mostSteps  = 2_000_000
	mostDraws  = 30_000
	mostWords  = 500_000
	mostCaught = 254 // values that a block captures
	mostDigits = 300 // of a value in a text, with the zeros that its format asks for
	mostTexel  = 20_000
	unboundedN = int64(1) << 31
)

// limited says that no frame of a program can run out of anything: its loops go round a
// number of times that their text says, and whatever jumps back passes a FRAME.
func (r *reading) limited() bool {
	labels := map[string]int32{}
	for i := range r.t.Stmts {
		if s := &r.t.Stmts[i]; s.Kind == syntax.LabelStmt {
			labels[r.t.Text(s.Name, s.NameEnd)] = int32(i)
		}
	}
	depths := r.depths()
	for i := range r.t.Stmts {
		s := &r.t.Stmts[i]
		switch {
		case s.Kind == syntax.DefStmt, s.Kind == syntax.CallStmt, r.calls(s):
			return false
		case s.Kind == syntax.OpStmt && (s.Op == isa.CALL || s.Op == isa.RET):
			return false
		case s.Kind == syntax.OpStmt && s.Op == isa.JMP:
			to, ok := labels[r.t.Text(s.Name, s.NameEnd)]
			if !ok || !r.passesFrame(to, int32(i), depths) {
				return false
			}
		}
	}
	b := r.bound(0, int32(len(r.t.Stmts)))
	return b.steps < mostSteps && b.draws < mostDraws && b.words < mostWords
}

// passesFrame says that whoever goes from a label down to a jump back to it passes a FRAME,
// where no jump leads down. A jump down is none that this allows.
func (r *tree) passesFrame(label, jump int32, depths []int) bool {
	for i := label; i < jump; i++ {
		if s := &r.t.Stmts[i]; s.Kind == syntax.OpStmt && s.Op == isa.FRAME && depths[i] == 0 {
			return true
		}
	}
	return false
}

// depths says of each statement how many blocks, and one-line IFs, are around it.
func (r *tree) depths() []int {
	out := make([]int, len(r.t.Stmts))
	for i := range r.t.Stmts {
		s := &r.t.Stmts[i]
		end := int32(i)
		switch {
		case s.Kind == syntax.IfStmt:
			end = r.behind(int32(i))
		case s.OpensBlock():
			end = s.Match
		}
		for k := int32(i) + 1; k < end; k++ {
			out[k]++
		}
	}
	return out
}

// bounds is how much statements do at most.
type bounds struct{ steps, draws, words int64 }

func (b bounds) times(n int64) bounds {
	return bounds{min(b.steps*n, unboundedN), min(b.draws*n, unboundedN), min(b.words*n, unboundedN)}
}

func (b bounds) plus(c bounds) bounds {
	return bounds{min(b.steps+c.steps, unboundedN), min(b.draws+c.draws, unboundedN), min(b.words+c.words, unboundedN)}
}

var unbounded = bounds{unboundedN, unboundedN, unboundedN}

// bound adds up statements [from, end).
func (r *reading) bound(from, end int32) (b bounds) {
	for i := from; i < end; i++ {
		s := &r.t.Stmts[i]
		one := bounds{steps: 4}
		for _, root := range r.roots(s) {
			r.walk(root, func(int32, *syntax.Expr) { one.steps += 3 })
		}
		switch {
		case s.Kind == syntax.WhileStmt:
			return unbounded
		case s.Kind == syntax.ForStmt:
			b = b.plus(one).plus(r.bound(i+1, s.Match).plus(one).times(r.turns(i)))
			i = s.Match
			continue
		case s.IsEach():
			if r.bound(i+1, s.Match).steps > mostTexel {
				return unbounded
			}
			one.draws, one.words = 1, mostCaught
			b = b.plus(one)
			i = s.Match
			continue
		case s.Kind == syntax.OpStmt && s.Op != isa.FRAME && s.Op != isa.JMP:
			one.draws, one.words = 1, int64(s.End-s.Pos)
			for _, p := range r.t.Parts[s.Part:s.PartEnd] {
				if p.Expr != syntax.None {
					one.words += mostDigits
				}
			}
		}
		b = b.plus(one)
	}
	return b
}

// turns is how often a FOR goes round at most.
func (r *reading) turns(i int32) int64 {
	s := &r.t.Stmts[i]
	if names, closed := r.changed(i+1, s.Match); !closed && r.jumps(i+1, s.Match) || names[r.t.Text(s.Name, s.NameEnd)] {
		return unboundedN
	}
	number := func(n int32) (int64, bool) {
		x := &r.t.Exprs[n]
		switch x.Kind {
		case syntax.NumExpr:
			return int64(x.Val), true
		case syntax.NameExpr:
			v, ok := r.facts.Value(r.t.Text(x.Pos, x.End))
			return int64(v), ok
		case syntax.BinaryExpr:
			e, _ := r.value(n)
			return int64(e.Val), e.Kind == solver.Number
		}
		return 0, false
	}
	args := r.t.Args[s.Arg:s.ArgEnd]
	a, okA := number(args[0])
	b, okB := number(args[1])
	if !okA || !okB || b > 1<<30 {
		return unboundedN
	}
	if len(args) > 2 {
		if step, ok := number(args[2]); !ok || step <= 0 {
			return unboundedN
		}
	}
	return max(0, b-a+1)
}

// jumps says that labels or calls stand among statements.
func (r *tree) jumps(from, end int32) bool {
	for i := from; i < end; i++ {
		s := &r.t.Stmts[i]
		if s.Kind == syntax.LabelStmt || s.Kind == syntax.CallStmt || s.Kind == syntax.OpStmt && s.Op == isa.CALL || r.calls(s) {
			return true
		}
	}
	return false
}

// sameSteps says that two programs are instruction for instruction of the same kinds: if
// their statements are too, both take the same number of cycles.
func sameSteps(a, b *improve.Program) bool {
	x, y := listing(a), listing(b)
	if x == nil || len(x) != len(y) {
		return false
	}
	for i := range x {
		_, _, alu := isa.Alu(x[i].Spec.Op, 1, 1, 1)
		_, _, other := isa.Alu(y[i].Spec.Op, 1, 1, 1)
		if !(alu && other) && (x[i].Spec.Op != y[i].Spec.Op || len(x[i].Tail) != len(y[i].Tail)) {
			return false
		}
	}
	return true
}

// listing gives the instructions of a program; nil: there are words between them that are
// none.
func listing(p *improve.Program) (all []isa.Instr) {
	for in, ok := range flow.Linear(p.Program, p.Header) {
		if !ok {
			return nil
		}
		all = append(all, in)
	}
	return all
}
