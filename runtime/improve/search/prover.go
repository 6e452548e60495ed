package search

import (
	"context"
	"slices"

	"gvpie/runtime/improve"
	"gvpie/runtime/improve/rules"
	"gvpie/runtime/improve/solver"
	"gvpie/runtime/pxl/syntax"
)

// Prover proves programs equal that differ in expressions alone, and in names of their own
// for parts of them. Statement by statement both are then in the same state, if each
// expression is worth what the other's is.
type Prover struct {
	// Candidates is how many are looked at to bring each program to a form that both may
	// share, by rules and searches; 0: it is not tried.
	Candidates int
}

// proofBudget is for one expression.
var proofBudget = solver.Budget{Cases: 1 << 26, Work: 100_000_000}

// Prove says BySolver or ByExhaustion where it knows that two programs are equal, ByRule
// where rules lead from one to the other, or none is needed. It says so only of programs neither of
// which can run out of cycles, commands or calls, or that take equally many.
func (w Prover) Prove(ctx context.Context, a, b *improve.Program) (improve.Evidence, error) {
	if slices.Equal(a.Program, b.Program) {
		return improve.ByRule, nil
	}
	p := newPairing(a.Source, b.Source)
	if p == nil {
		return improve.NoEvidence, nil
	}
	limited := p.a.limited() && p.b.limited()
	if p.align() && (limited || !p.owned && sameSteps(a, b)) {
		p.strict = !limited
		if found, err := p.prove(ctx); found != improve.NoEvidence || err != nil {
			return found, err
		}
	}
	if !limited || w.Candidates == 0 {
		return improve.NoEvidence, nil
	}
	return w.rewritten(ctx, a, b)
}

// rewritten improves both programs by steps that are sound, and compares what becomes of
// them.
func (w Prover) rewritten(ctx context.Context, a, b *improve.Program) (improve.Evidence, error) {
	found := improve.ByCompletion
	var sources [2]string
	for i, p := range [...]*improve.Program{a, b} {
		o, err := improve.Improve(ctx, p, improve.Options{
			Proposers:  []improve.Proposer{rules.New(), New()},
			Candidates: w.Candidates,
			Enough:     improve.EvidenceSet(0).With(improve.ByRule).With(improve.BySolver).With(improve.ByExhaustion),
			Effort:     improve.Effort{Frames: 10, Seeds: 1, Cost: 100_000_000},
		})
		if err != nil {
			return improve.NoEvidence, err
		}
		sources[i], found = o.Source, min(found, o.Told)
	}
	p := newPairing(sources[0], sources[1])
	if p == nil || !p.align() {
		return improve.NoEvidence, nil
	}
	last, err := p.prove(ctx)
	return min(found, last), err
}

// prove follows both programs. What they do before they run out of something is compared.
func (p *pairing) prove(ctx context.Context) (improve.Evidence, error) {
	p.ctx, p.found = ctx, improve.ByCompletion
	p.a.meet = p.compare
	p.a.block(0, int32(len(p.a.t.Stmts)))
	switch {
	case p.err != nil:
		return improve.NoEvidence, p.err
	case p.found == improve.ByCompletion: // nothing had to be proved
		return improve.ByRule, nil
	}
	return p.found, nil
}

// pairing is two programs, statement by statement.
type pairing struct {
	a, b   *reading
	mate   []int32 // of each statement of a the one of b, or None: it is a's own
	before []int32 // of each statement of b where its own ones before it begin
	owned  bool    // there are statements of one alone
	strict bool    // both must take the same number of cycles
	ctx    context.Context
	found  improve.Evidence // the weakest
	err    error
}

func newPairing(a, b string) *pairing {
	p := &pairing{a: parse(a), b: parse(b)}
	if p.a == nil || p.b == nil {
		return nil
	}
	p.b.facts, p.b.vars, p.b.sizes, p.b.consts = p.a.facts, p.a.vars, p.a.sizes, p.a.consts
	p.b.meet = func(int32) {}
	return p
}

// align finds the mates; false: the programs differ in more than is understood.
func (p *pairing) align() bool {
	inA, inB := p.a.words(), p.b.words()
	ownA := func(n string) bool { return !inB[n] }
	ownB := func(n string) bool { return !inA[n] }
	p.a.foreign = map[string]bool{}
	for n := range inB {
		if ownB(n) {
			p.a.foreign[n] = true
		}
	}
	all := func(r *reading) int32 { return int32(len(r.t.Stmts)) }
	p.mate, p.before = make([]int32, all(p.a)), make([]int32, all(p.b))
	i, j := int32(0), int32(0)
	for {
		for next := i; i < all(p.a); i = next {
			if next = p.a.own(i, ownA); next == i {
				break
			}
			for k := i; k < next; k++ {
				p.mate[k] = syntax.None
			}
			p.owned = true
		}
		from := j
		for next := j; j < all(p.b); j = next {
			if next = p.b.own(j, ownB); next == j {
				break
			}
		}
		p.owned = p.owned || from < j
		if i == all(p.a) || j == all(p.b) {
			return i == all(p.a) && j == all(p.b)
		}
		if !p.alike(i, j, from < j) {
			return false
		}
		p.mate[i], p.before[j] = j, from
		i, j = i+1, j+1
	}
}

// alike compares two statements without their expressions. own says that statements of b
// alone stand before it: those are followed when it is compared, which a directive is not,
// and a WHILE is only in its loop. Before the end of a block nothing is known of their
// names any more.
func (p *pairing) alike(i, j int32, own bool) bool {
	a, b := &p.a.t.Stmts[i], &p.b.t.Stmts[j]
	if a.Kind != b.Kind || a.Op != b.Op || a.Inline != b.Inline || a.Chained != b.Chained {
		return false
	}
	if p.a.t.Text(a.Name, a.NameEnd) != p.b.t.Text(b.Name, b.NameEnd) {
		return false
	}
	if own && (a.Kind == syntax.WhileStmt || a.Declares()) {
		return false
	}
	if a.Declares() {
		return p.a.verbatim(a) == p.b.verbatim(b)
	}
	if (a.Index == syntax.None) != (b.Index == syntax.None) || (a.Index2 == syntax.None) != (b.Index2 == syntax.None) || a.ArgEnd-a.Arg != b.ArgEnd-b.Arg {
		return false
	}
	x, y := p.a.t.Parts[a.Part:a.PartEnd], p.b.t.Parts[b.Part:b.PartEnd]
	if len(x) != len(y) {
		return false
	}
	for k := range x {
		if (x[k].Expr == syntax.None) != (y[k].Expr == syntax.None) || x[k].Format != y[k].Format {
			return false
		}
		if x[k].Expr == syntax.None && p.a.t.Text(x[k].Pos, x[k].End) != p.b.t.Text(y[k].Pos, y[k].End) {
			return false
		}
	}
	return true
}

// compare is told of each statement of a, where the names are worth what they are before
// it.
func (p *pairing) compare(i int32) {
	j := p.mate[i]
	if p.found == improve.NoEvidence || p.err != nil || j == syntax.None {
		return
	}
	p.b.env = p.a.env
	for k := p.before[j]; k < j; {
		k = p.b.statement(k)
	}
	x, y := p.a.roots(&p.a.t.Stmts[i]), p.b.roots(&p.b.t.Stmts[j])
	for k := range x {
		p.same(x[k], y[k])
	}
}

// same compares two expressions.
func (p *pairing) same(m, n int32) {
	if p.found == improve.NoEvidence || p.err != nil {
		return
	}
	x, cleanX := p.a.value(m)
	y, cleanY := p.b.value(n)
	if p.strict && p.a.text(m) != p.b.text(n) && (p.a.skips(m) || p.b.skips(n)) {
		p.found = improve.NoEvidence // one may leave out what the other computes
		return
	}
	if cleanX && cleanY {
		p.equal(x, y)
		return
	}
	a, b := &p.a.t.Exprs[m], &p.b.t.Exprs[n]
	if a.Kind != b.Kind || a.Op != b.Op {
		p.found = improve.NoEvidence
		return
	}
	var argsA, argsB []int32
	switch a.Kind {
	case syntax.ProcExpr:
		c, d := &p.a.t.Calls[a.Val], &p.b.t.Calls[b.Val]
		argsA, argsB = p.a.t.Actuals[c.Arg:c.ArgEnd], p.b.t.Actuals[d.Arg:d.ArgEnd]
		if p.a.t.Text(a.Pos, c.NameEnd) != p.b.t.Text(b.Pos, d.NameEnd) {
			p.found = improve.NoEvidence
		}
	case syntax.IndexExpr, syntax.SizeExpr:
		if p.a.t.Text(a.Pos, a.NameEnd) != p.b.t.Text(b.Pos, b.NameEnd) {
			p.found = improve.NoEvidence
		}
		fallthrough
	default:
		argsA, argsB = []int32{a.A, a.B, a.C}, []int32{b.A, b.B, b.C}
	}
	if len(argsA) != len(argsB) {
		p.found = improve.NoEvidence
		return
	}
	for k := range argsA {
		switch {
		case argsA[k] == syntax.None && argsB[k] == syntax.None:
		case argsA[k] == syntax.None || argsB[k] == syntax.None:
			p.found = improve.NoEvidence
		default:
			p.same(argsA[k], argsB[k])
		}
	}
}

// equal asks the solver.
func (p *pairing) equal(x, y *solver.Expr) {
	if x == y {
		return
	}
	n := renaming(*p.a.vars)
	u, v := n.of(x), n.of(y)
	answer, err := solver.Prove(p.ctx, u, v, n.vars, proofBudget)
	switch {
	case err != nil:
		p.err = err
	case answer.How == solver.Unknown:
		p.found = improve.NoEvidence
	case answer.How == solver.ByExhaustion:
		p.found = min(p.found, improve.ByExhaustion)
	case !solver.Same(u, v):
		p.found = min(p.found, improve.BySolver)
	}
}
