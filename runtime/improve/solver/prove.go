package solver

import (
	"context"
	"math/rand/v2"
)

// How is by what an answer was found.
type How uint8

const (
	Unknown How = iota
	BySolver
	ByExhaustion
)

// Answer is what is known of two expressions.
type Answer struct {
	How     How     // that they are equal; Unknown: it is not known, or they are not
	Differs []int32 // values of all variables for which they are not; nil: none is known
}

// Budget bounds the work of a proof. It is counted, so the answer is the same on every
// machine.
type Budget struct {
	Cases uint64 // that are compared, if there are no more
	Work  uint64 // of the SAT solver: clauses that it looks at
}

// DefaultBudget takes a second or so at most.
var DefaultBudget = Budget{Cases: 1 << 24, Work: 20_000_000}

// fewCases are all compared before anything else is tried.
const fewCases = 1 << 18

// Prove compares two expressions over variables of the given ranges, all of which both
// know by their number. Its error is the context's.
func Prove(ctx context.Context, a, b *Expr, vars []Range, budget Budget) (Answer, error) {
	c := compile(a, b)
	if c.roots[0] == c.roots[1] {
		return Answer{How: BySolver}, nil
	}
	cases := c.cases(vars)
	if cases <= min(fewCases, budget.Cases) {
		return c.exhaust(ctx, vars)
	}
	if w := c.sample(vars); w != nil {
		return Answer{Differs: w}, nil
	}
	w, status := c.solve(vars, budget.Work)
	switch {
	case status == unsatisfiable:
		return Answer{How: BySolver}, nil
	case status == satisfiable && w != nil:
		return Answer{Differs: w}, nil
	}
	if err := ctx.Err(); err != nil || cases > budget.Cases {
		return Answer{}, err
	}
	return c.exhaust(ctx, vars)
}

// cases is how many there are, at most 2⁶².
func (c *code) cases(vars []Range) uint64 {
	n := uint64(1)
	for _, v := range c.vars {
		k := vars[v].count()
		if n > 1<<62/k {
			return 1 << 62
		}
		n *= k
	}
	return n
}

// exhaust compares all cases.
func (c *code) exhaust(ctx context.Context, vars []Range) (Answer, error) {
	r := newRunner(c)
	now := make([]int32, len(vars))
	in := make([]values, len(vars))
	for i, v := range vars {
		now[i] = v.Lo
	}
	given := func(v int32) *values { return &in[v] }
	for more, block := true, 0; more; block++ {
		if block&1023 == 0 && ctx.Err() != nil {
			return Answer{}, ctx.Err()
		}
		n := 0
		for n < lanes && more {
			for _, v := range c.vars {
				in[v][n] = now[v]
			}
			n++
			more = false
			for _, v := range c.vars {
				if now[v] < vars[v].Hi {
					now[v]++
					more = true
					break
				}
				now[v] = vars[v].Lo
			}
		}
		r.run(given)
		if k := r.differ(n); k >= 0 {
			return Answer{Differs: witness(vars, in, k)}, nil
		}
	}
	return Answer{How: ByExhaustion}, nil
}

func witness(vars []Range, in []values, k int) []int32 {
	w := make([]int32, len(vars))
	for i := range w {
		w[i] = max(vars[i].Lo, min(vars[i].Hi, in[i][k]))
	}
	return w
}

// sample looks for a difference among cases that often show one.
func (c *code) sample(vars []Range) []int32 {
	r := newRunner(c)
	in := make([]values, len(vars))
	for i, s := range Samples(vars, lanes, 1) {
		for v := range s {
			in[v][i] = s[v]
		}
	}
	r.run(func(v int32) *values { return &in[v] })
	if k := r.differ(lanes); k >= 0 {
		return witness(vars, in, k)
	}
	return nil
}

// Samples gives n cases of variables: the ends of their ranges, small numbers, single
// bits and random ones.
func Samples(vars []Range, n int, seed uint64) [][]int32 {
	rng := rand.New(rand.NewPCG(seed, 0x5eed))
	out := make([][]int32, n)
	for i := range out {
		out[i] = make([]int32, len(vars))
		for v, r := range vars {
			out[i][v] = r.pick(rng)
		}
	}
	return out
}

func (r Range) pick(rng *rand.Rand) int32 {
	v := int64(r.Lo) + int64(rng.Uint64N(r.count()))
	switch rng.IntN(8) {
	case 0:
		v = [...]int64{int64(r.Lo), int64(r.Hi), int64(r.Lo) + 1, int64(r.Hi) - 1}[rng.IntN(4)]
	case 1:
		v = int64(rng.IntN(9) - 4)
	case 2:
		v = int64(int32(1) << rng.IntN(32))
	case 3:
		v = int64(int32(rng.Uint32()) >> rng.IntN(32))
	case 4:
		v = int64(int32(rng.Uint32()) << rng.IntN(32))
	}
	if v < int64(r.Lo) || v > int64(r.Hi) {
		v = int64(r.Lo) + int64(rng.Uint64N(r.count()))
	}
	return int32(v)
}

// Same says whether two expressions are one, written twice.
func Same(a, b *Expr) bool {
	c := compile(a, b)
	return c.roots[0] == c.roots[1]
}
