package search

import (
	"context"
	"crypto/sha256"
	"math/bits"
	"slices"
	"strings"

	"gvpie/runtime/improve/solver"
)

// problem asks for an expression of the leaves that is worth what target is, with fewer
// operations than limit.
type problem struct {
	target  *solver.Expr
	vars    []solver.Range
	names   []leaf
	numbers []int32
	limit   int
	effort  effort
}

// effort is how far expressions are tried: with the numbers of the problem, and with
// those that can be made of them.
type effort struct {
	sizes, sizesMore int    // of the expressions that are kept
	entries          int    // that are kept, at most
	work             uint64 // expressions tried
	budget           solver.Budget
}

// The efforts: for every place of a program, for those where that gave nothing, and for a
// single task. The first finds what has up to quickSizes operations.
const quickSizes = 3

var (
	quickEffort = effort{sizes: 1, sizesMore: 1, entries: 1 << 15, work: 300_000, budget: solver.Budget{Cases: 1 << 22, Work: 4_000_000}}
	someEffort  = effort{sizes: 2, sizesMore: 1, entries: 1 << 17, work: 3_000_000, budget: solver.Budget{Cases: 1 << 22, Work: 4_000_000}}
	taskEffort  = effort{sizes: 3, sizesMore: 2, entries: 1 << 20, work: 400_000_000, budget: solver.DefaultBudget}
)

// answer is an expression that was proved to be worth the same.
type answer struct {
	term term
	size int
	how  solver.How
}

// mostAnswers is how many are given that are of one size.
const mostAnswers = 2

// mostRefuted is how many values that showed an expression to be another are taken up.
const mostRefuted = 12

// solve gives the smallest expressions that are found, all of one size.
func (p *problem) solve(ctx context.Context) (out []answer, err error) {
	target := solver.NewEvaluator(p.target)
	var cases [][]int32
	for seed := uint64(1); len(cases) < width && seed < 200; seed++ {
		for _, c := range solver.Samples(p.vars, width, seed) {
			if _, known := target.All([][]int32{c}); known && len(cases) < width {
				cases = append(cases, c)
			}
		}
	}
	if len(cases) < width {
		return nil, nil
	}
	few := small(p.numbers)
	more := derived(p.numbers)
	for _, tier := range []struct {
		numbers []int32
		sizes   int
	}{{few, 1}, {more, p.effort.sizesMore}, {few, p.effort.sizes}} {
		for refuted := 0; refuted < mostRefuted && p.limit > 0; {
			found, differs, err := p.try(ctx, target, cases, tier.numbers, tier.sizes)
			if err != nil {
				return nil, err
			}
			if len(found) > 0 {
				out, p.limit = found, found[0].size
				continue
			}
			if differs == nil {
				break
			}
			// The newest take the place of the oldest.
			copy(cases[1:], cases)
			cases[0] = differs
			refuted++
		}
	}
	return out, nil
}

// try looks once. differs shows that what was found is something else.
func (p *problem) try(ctx context.Context, target *solver.Evaluator, cases [][]int32, numbers []int32, sizes int) (out []answer, differs []int32, err error) {
	values := func(e *solver.Evaluator) (v vector, known bool) {
		all, known := e.All(cases)
		copy(v[:], all)
		return v, known
	}
	want, known := values(target)
	if !known {
		return nil, nil, nil
	}
	var leaves []leaf
	for _, l := range p.names {
		if l.values, known = values(solver.NewEvaluator(l.meant)); known {
			leaves = append(leaves, l)
		}
	}
	for _, v := range numbers {
		l := leaf{text: numberText(v), number: true, meant: solver.Const(v)}
		for k := range l.values {
			l.values[k] = v
		}
		leaves = append(leaves, l)
	}
	b := newBank(leaves, p.effort.entries, p.effort.work)
	for most := p.limit - 1; ; {
		for _, m := range b.smallest(&want, min(most, 2*b.sizes()+1)) {
			a, err := solver.Prove(ctx, p.target, m.meant, p.vars, p.effort.budget)
			switch {
			case err != nil:
				return nil, nil, err
			case a.How != solver.Unknown:
				if len(out) < mostAnswers && !slices.ContainsFunc(out, func(o answer) bool { return o.term == m.term }) {
					out = append(out, answer{m.term, m.size, a.How})
				}
			case a.Differs != nil && differs == nil:
				if _, known := target.All([][]int32{a.Differs}); known {
					differs = a.Differs
				}
			}
		}
		if len(out) > 0 || differs != nil || b.sizes() >= sizes || 2*b.sizes()+1 >= most || !b.grow() {
			return out, differs, ctx.Err()
		}
	}
}

// small gives the numbers of an expression and those that people need besides.
func small(of []int32) []int32 {
	out := slices.Clone(of)
	for _, v := range []int32{0, 1, -1, 2} {
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// mostDerived bounds the numbers that are made of others.
const mostDerived = 40

// derived adds what becomes of numbers when operations are joined: the count of a shift
// for a power of two, sums of counts, masks that were shifted, neighbours.
func derived(of []int32) []int32 {
	out := small(of)
	add := func(v int32) {
		if len(out) < mostDerived && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	var counts []int32
	for _, v := range of {
		if v > 0 && v < 32 {
			counts = append(counts, v)
		}
		if v > 0 && v&(v-1) == 0 {
			counts = append(counts, int32(bits.TrailingZeros32(uint32(v))))
		}
	}
	for _, c := range counts {
		add(c)
	}
	for i, v := range of {
		for _, w := range of[:i+1] {
			add(v + w)
		}
		add(v - 1)
		add(v + 1)
		add(-v)
		add(^v)
	}
	add(31)
	for _, c := range counts {
		for _, d := range counts {
			add(c + d)
			if c > d {
				add(c - d)
			}
		}
		for _, v := range of {
			add(v >> c)
			add(v << c)
		}
	}
	return out
}

// numbersOf gives the numbers in expressions, those of the text first.
func numbersOf(of ...*solver.Expr) (out []int32) {
	seen := map[*solver.Expr]bool{}
	var visit func(e *solver.Expr)
	visit = func(e *solver.Expr) {
		if seen[e] {
			return
		}
		seen[e] = true
		if e.Kind == solver.Number && !slices.Contains(out, e.Val) && len(out) < mostDerived/4 {
			out = append(out, e.Val)
		}
		for _, a := range e.Args {
			visit(a)
		}
	}
	for _, e := range of {
		visit(e)
	}
	return out
}

// renamed gives expressions the variables 0, 1, 2 … in the order that they are met in, and
// the ranges of those. Variables that only others than the first ones have are none.
type renamed struct {
	from  []solver.Range
	to    map[int32]int
	vars  []solver.Range
	known map[*solver.Expr]*solver.Expr
}

func renaming(vars []solver.Range) *renamed {
	return &renamed{from: vars, to: map[int32]int{}, known: map[*solver.Expr]*solver.Expr{}}
}

func (r *renamed) of(e *solver.Expr) *solver.Expr {
	if out := r.known[e]; out != nil {
		return out
	}
	out := e
	switch {
	case e.Kind == solver.Variable:
		i, ok := r.to[e.Val]
		if !ok {
			i = len(r.vars)
			r.to[e.Val] = i
			r.vars = append(r.vars, r.from[e.Val])
		}
		out = solver.Var(i)
	case len(e.Args) > 0:
		c := *e
		c.Args = make([]*solver.Expr, len(e.Args))
		for i, a := range e.Args {
			c.Args[i] = r.of(a)
		}
		out = &c
	}
	r.known[e] = out
	return out
}

// has says whether an expression has no variable that was not met.
func (r *renamed) has(e *solver.Expr) bool {
	seen := map[*solver.Expr]bool{}
	var all func(e *solver.Expr) bool
	all = func(e *solver.Expr) bool {
		if seen[e] {
			return true
		}
		seen[e] = true
		if e.Kind == solver.Variable {
			_, ok := r.to[e.Val]
			return ok
		}
		return !slices.ContainsFunc(e.Args, func(a *solver.Expr) bool { return !all(a) })
	}
	return all(e)
}

// key tells problems apart: a hash of all that they say.
func (p *problem) key() string {
	var b strings.Builder
	number := map[*solver.Expr]int{}
	var write func(e *solver.Expr)
	write = func(e *solver.Expr) {
		if i, ok := number[e]; ok {
			b.WriteString("#" + numberText(int32(i)))
			return
		}
		number[e] = len(number)
		b.WriteString("(" + numberText(int32(e.Kind)) + " " + numberText(int32(e.Op)) + " " + numberText(e.Val))
		for _, a := range e.Args {
			write(a)
		}
		b.WriteByte(')')
	}
	write(p.target)
	for _, l := range p.names {
		b.WriteString(" " + l.text)
		write(l.meant)
	}
	for _, v := range p.vars {
		b.WriteString(" " + numberText(v.Lo) + " " + numberText(v.Hi))
	}
	for _, v := range p.numbers {
		b.WriteString(" " + numberText(v))
	}
	b.WriteString(" " + numberText(int32(p.limit)))
	sum := sha256.Sum256([]byte(b.String()))
	return string(sum[:])
}
