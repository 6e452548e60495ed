package solver

import (
	"context"
	"flag"
	"math/rand/v2"
	"testing"

	"gvpie/runtime/isa"
)

var manyPairs = flag.Int("pairs", 300, "compare `N` random pairs of expressions")

var (
	x, y = Var(0), Var(1)
	two  = []Range{Any, Any}
)

func n(v int32) *Expr { return Const(v) }

// Pairs that are equal for all inputs, and which no small number of cases shows.
func TestKnownIdentitiesAreProved(t *testing.T) {
	or, and, xor, add, sub := isa.OR, isa.AND, isa.XOR, isa.ADD, isa.SUB
	for name, p := range map[string][2]*Expr{
		"or less and":        {Of(sub, Of(or, x, y), Of(and, x, y)), Of(xor, x, y)},
		"sum less twice and": {Of(sub, Of(add, x, y), Of(isa.MUL, n(2), Of(and, x, y))), Of(xor, x, y)},
		"mean":               {Of(add, Of(add, Of(isa.SHR, x, n(1)), Of(isa.SHR, y, n(1))), Of(and, Of(and, x, y), n(1))), Of(add, Of(and, x, y), Of(isa.SHR, Of(xor, x, y), n(1)))},
		"increment":          {Of(isa.NOT, Of(sub, Of(isa.NOT, x), n(1))), Of(add, x, n(1))},
		"rest of 8":          {Of(isa.MOD, Of(add, Of(isa.MOD, x, n(8)), n(8)), n(8)), Of(and, x, n(7))},
		"abs":                {{Kind: Choice, Args: []*Expr{Of(isa.LT, x, n(0)), Of(isa.NEG, x), x}}, Of(isa.ABS, x)},
		"larger":             {Of(xor, x, Of(and, Of(xor, x, y), Of(isa.NEG, Of(isa.LT, x, y)))), Of(isa.MAX, x, y)},
		"overflow":           {Of(isa.USHR, Of(and, Of(xor, Of(add, x, y), x), Of(xor, Of(add, x, y), y)), n(31)), Of(isa.NE, Of(isa.LT, Of(add, x, y), x), Of(isa.LT, y, n(0)))},
		"product":            {Of(isa.MUL, x, y), Of(isa.MUL, y, x)},
		"division":           {Of(isa.DIV, x, n(-1)), Of(isa.NEG, x)},
		"lowest number":      {Of(isa.ABS, x), Of(isa.MAX, x, Of(sub, n(2), Of(add, x, n(2))))},
		"the sine of a sum":  {Of(isa.SIN, Of(add, x, y)), Of(isa.SIN, Of(sub, x, Of(isa.NEG, y)))},
		"faults alike":       {Of(add, Of(isa.DIV, x, y), n(0)), Of(isa.DIV, x, y)},
	} {
		a, err := Prove(context.Background(), p[0], p[1], two, DefaultBudget)
		if err != nil || a.How != BySolver {
			t.Errorf("%s: %+v, %v", name, a, err)
		}
	}
}

// Pairs that are not, for a few inputs alone.
func TestDifferencesAreFound(t *testing.T) {
	for name, p := range map[string][2]*Expr{
		"one value":              {Of(isa.EQ, x, n(123456789)), n(0)},
		"one pair":               {Of(isa.AND, Of(isa.EQ, x, n(123456789)), Of(isa.EQ, y, n(-77777777))), n(0)},
		"arithmetic and logical": {Of(isa.SHR, x, n(4)), Of(isa.USHR, x, n(4))},
		"a product that wraps":   {Of(isa.DIV, Of(isa.MUL, x, n(8)), n(8)), x},
		"a fault":                {Of(isa.MUL, Of(isa.DIV, y, Of(isa.SUB, x, n(54321))), n(0)), n(0)},
	} {
		a, err := Prove(context.Background(), p[0], p[1], two, DefaultBudget)
		if err != nil || a.Differs == nil {
			t.Errorf("%s: %+v, %v", name, a, err)
			continue
		}
		r := newRunner(compile(p[0], p[1]))
		r.run(func(v int32) *values { return &values{a.Differs[v]} })
		if r.differ(1) != 0 {
			t.Errorf("%s: %v shows nothing", name, a.Differs)
		}
	}
}

// A range is what makes some pairs equal.
func TestRangesAreKept(t *testing.T) {
	mean := [2]*Expr{Of(isa.ADD, Of(isa.AND, x, y), Of(isa.SHR, Of(isa.XOR, x, y), n(1))), Of(isa.SHR, Of(isa.ADD, x, y), n(1))}
	for _, c := range []struct {
		vars []Range
		how  How
	}{
		{two, Unknown},
		{[]Range{{-5000, 1 << 30}, {-70000, 1<<30 - 1}}, BySolver},
		{[]Range{{1, 1 << 30}, {0, 1 << 30}}, Unknown},
		{[]Range{{-100, 100}, {0, 200}}, ByExhaustion},
	} {
		a, err := Prove(context.Background(), mean[0], mean[1], c.vars, DefaultBudget)
		if err != nil || a.How != c.how || (a.Differs == nil) != (c.how != Unknown) {
			t.Errorf("%v: %+v, %v", c.vars, a, err)
		}
		for i, v := range a.Differs {
			if v < c.vars[i].Lo || v > c.vars[i].Hi {
				t.Errorf("%v: %d is none of the range", c.vars, v)
			}
		}
	}
}

var fuzzOps = []isa.Op{isa.ADD, isa.SUB, isa.MUL, isa.AND, isa.OR, isa.XOR, isa.SHL, isa.SHR, isa.USHR, isa.EQ, isa.NE, isa.LT, isa.LE, isa.GT, isa.GE, isa.NEG, isa.NOT, isa.ISZ, isa.MIN, isa.MAX, isa.ABS, isa.SGN, isa.CLAMP, isa.DIV, isa.MOD, isa.SQRT}

func arity(op isa.Op) int {
	switch op {
	case isa.NEG, isa.NOT, isa.ISZ, isa.ABS, isa.SGN, isa.SQRT:
		return 1
	case isa.CLAMP:
		return 3
	}
	return 2
}

func randomExpr(rng *rand.Rand, depth int) *Expr {
	if depth == 0 || rng.IntN(6) == 0 {
		if rng.IntN(3) == 0 {
			return Const([]int32{0, 1, -1, 2, 3, 7, 8, 16, 31, 255, -8, -1 << 31}[rng.IntN(12)])
		}
		return Var(rng.IntN(2))
	}
	e := &Expr{Kind: Apply}
	count := 0
	switch k := rng.IntN(40); k {
	case 0:
		e.Kind, count = Both, 2
	case 1:
		e.Kind, count = Either, 2
	case 2:
		e.Kind, count = Choice, 3
	default:
		e.Op = fuzzOps[rng.IntN(len(fuzzOps))]
		count = arity(e.Op)
	}
	for range count {
		e.Args = append(e.Args, randomExpr(rng, depth-1))
	}
	return e
}

// change makes an expression that is often equal: one part is another.
func change(rng *rand.Rand, e *Expr) *Expr {
	if len(e.Args) == 0 || rng.IntN(4) == 0 {
		switch rng.IntN(5) {
		case 0:
			return Of(isa.SUB, e, Const(0))
		case 1:
			return Of(isa.NOT, Of(isa.SUB, Const(-1), e))
		case 2:
			return Of(isa.SUB, Of(isa.ADD, e, x), x)
		case 3:
			return Of(isa.ADD, e, Of(isa.EQ, y, Const(77)))
		}
		return randomExpr(rng, 1)
	}
	c := *e
	c.Args = append([]*Expr{}, e.Args...)
	i := rng.IntN(len(c.Args))
	c.Args[i] = change(rng, c.Args[i])
	return &c
}

// What the circuits say is what isa.Alu says: a solver that is asked about fixed inputs
// has no choice, and gives that value.
func TestCircuitsComputeWhatTheMachineDoes(t *testing.T) {
	cases := Samples(two, lanes, 5)
	for _, op := range append(fuzzOps, isa.SET) {
		for _, in := range cases {
			z := in[0] ^ in[1]>>3
			want, fault, _ := isa.Alu(op, in[0], in[1], z)
			if fault != isa.FaultNone {
				continue
			}
			w, ok := newCircuit().alu(op, constant(in[0]), constant(in[1]), constant(z))
			got, known := w.known()
			if !ok || !known || got != want {
				t.Fatalf("%v(%d, %d, %d) is %d in a circuit, %d in the machine", op, in[0], in[1], z, got, want)
			}
		}
	}
}

// The verdicts of the solver on random pairs agree with values, and with all values where
// there are few.
func TestVerdictsAgreeWithValues(t *testing.T) {
	pairs := *manyPairs
	rng := rand.New(rand.NewPCG(7, 8))
	small := []Range{{-13, 14}, {-3, 40}}
	found := map[string]int{}
	for i := range pairs {
		a := randomExpr(rng, 3)
		b := change(rng, a)
		vars := two
		if i%2 == 0 {
			vars = small
		}
		c := compile(a, b)
		w, status := c.solve(vars, 100_000)
		r := newRunner(c)
		switch status {
		case satisfiable:
			found["differ"]++
			if w == nil {
				t.Fatalf("pair %d: the solver's values show no difference", i)
			}
		case unsatisfiable:
			found["equal"]++
			for seed := range uint64(4) {
				in := make([]values, 2)
				for k, s := range Samples(vars, lanes, seed) {
					in[0][k], in[1][k] = s[0], s[1]
				}
				r.run(func(v int32) *values { return &in[v] })
				if k := r.differ(lanes); k >= 0 {
					t.Fatalf("pair %d: said to be equal, but not for %d and %d", i, in[0][k], in[1][k])
				}
			}
		default:
			found["gave up"]++
		}
		if i%2 == 0 && status != gaveUp {
			answer, err := c.exhaust(context.Background(), vars)
			if err != nil || (answer.How == ByExhaustion) != (status == unsatisfiable) {
				t.Fatalf("pair %d: the solver says %d, all cases %+v", i, status, answer)
			}
		}
	}
	t.Log(found)
	if found["differ"] < pairs/10 || found["equal"] < pairs/10 {
		t.Errorf("the pairs are no fair ones: %v", found)
	}
}
