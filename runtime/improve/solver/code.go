package solver

import (
	"slices"

	"gvpie/runtime/isa"
)

// code is expressions as a list of steps, each of which uses earlier ones. What is
// written twice, or shared, is one step.
type code struct {
	steps  []step
	roots  []int32
	vars   []int32 // numbers of the variables that are used, ascending
	faults bool    // some step may fault
}

type step struct {
	kind    Kind
	op      isa.Op
	val     int32
	n       int8 // of args
	a, b, c int32
}

func compile(roots ...*Expr) *code {
	c := &code{}
	known, byShape := map[*Expr]int32{}, map[step]int32{}
	var visit func(e *Expr) int32
	visit = func(e *Expr) int32 {
		if at, ok := known[e]; ok {
			return at
		}
		s := step{kind: e.Kind, n: int8(len(e.Args))}
		if e.Kind == Apply {
			s.op = e.Op
			c.faults = c.faults || e.Op == isa.DIV || e.Op == isa.MOD || e.Op == isa.FDIV
		} else {
			s.val = e.Val
		}
		for i, a := range e.Args {
			*[...]*int32{&s.a, &s.b, &s.c}[i] = visit(a)
		}
		at, ok := byShape[s]
		if !ok {
			at = int32(len(c.steps))
			c.steps = append(c.steps, s)
			byShape[s] = at
			if s.kind == Variable {
				c.vars = append(c.vars, s.val)
			}
		}
		known[e] = at
		return at
	}
	for _, r := range roots {
		c.roots = append(c.roots, visit(r))
	}
	slices.Sort(c.vars)
	return c
}

// lanes is how many cases are computed at a time.
const lanes = 256

type values = [lanes]int32

// runner computes a code for many cases at once.
type runner struct {
	*code
	v []values
	f [][lanes]isa.Fault // of codes that may fault
}

func newRunner(c *code) *runner {
	r := &runner{code: c, v: make([]values, len(c.steps))}
	if c.faults {
		r.f = make([][lanes]isa.Fault, len(c.steps))
	}
	for i, s := range c.steps {
		if s.kind == Number {
			for k := range r.v[i] {
				r.v[i][k] = s.val
			}
		}
	}
	return r
}

// run computes all steps; given has the values of a variable.
func (r *runner) run(given func(variable int32) *values) {
	for i := range r.steps {
		s := &r.steps[i]
		d := &r.v[i]
		switch s.kind {
		case Variable:
			*d = *given(s.val)
		case Apply:
			apply(s.op, d, &r.v[s.a], &r.v[s.b], &r.v[s.c])
		case Both:
			for k := range d {
				d[k] = truth(r.v[s.a][k] != 0 && r.v[s.b][k] != 0)
			}
		case Either:
			for k := range d {
				d[k] = truth(r.v[s.a][k] != 0 || r.v[s.b][k] != 0)
			}
		case Choice:
			for k := range d {
				if d[k] = r.v[s.c][k]; r.v[s.a][k] != 0 {
					d[k] = r.v[s.b][k]
				}
			}
		}
		if r.f != nil {
			r.faultsOf(i)
		}
	}
}

// faultsOf finds where a step faults: the first of its operands that is computed and does,
// else the step itself.
func (r *runner) faultsOf(i int) {
	s := &r.steps[i]
	f := &r.f[i]
	for k := range f {
		f[k] = 0
		for j, arg := range [...]int32{s.a, s.b, s.c} {
			computed := j < int(s.n)
			switch {
			case j > 0 && s.kind == Both:
				computed = r.v[s.a][k] != 0
			case j > 0 && s.kind == Either:
				computed = r.v[s.a][k] == 0
			case j > 0 && s.kind == Choice:
				computed = (r.v[s.a][k] != 0) == (j == 1)
			}
			if f[k] == 0 && computed {
				f[k] = r.f[arg][k]
			}
		}
		if s.kind == Apply && f[k] == 0 {
			_, f[k], _ = isa.Alu(s.op, r.v[s.a][k], r.v[s.b][k], r.v[s.c][k])
		}
	}
}

// differ gives the first of n cases in which the two roots are not alike, or -1.
func (r *runner) differ(n int) int {
	a, b := &r.v[r.roots[0]], &r.v[r.roots[1]]
	if r.f == nil {
		for k := range n {
			if a[k] != b[k] {
				return k
			}
		}
		return -1
	}
	fa, fb := &r.f[r.roots[0]], &r.f[r.roots[1]]
	for k := range n {
		if fa[k] != fb[k] || fa[k] == 0 && a[k] != b[k] {
			return k
		}
	}
	return -1
}

func truth(b bool) int32 {
	if b {
		return 1
	}
	return 0
}

// apply is isa.Alu for many cases; the operations that searches are full of have a loop
// of their own.
func apply(op isa.Op, d, a, b, c *values) {
	switch op {
	case isa.ADD:
		for i := range d {
			d[i] = a[i] + b[i]
		}
	case isa.SUB:
		for i := range d {
			d[i] = a[i] - b[i]
		}
	case isa.MUL:
		for i := range d {
			d[i] = a[i] * b[i]
		}
	case isa.AND:
		for i := range d {
			d[i] = a[i] & b[i]
		}
	case isa.OR:
		for i := range d {
			d[i] = a[i] | b[i]
		}
	case isa.XOR:
		for i := range d {
			d[i] = a[i] ^ b[i]
		}
	case isa.SHL:
		for i := range d {
			d[i] = a[i] << (uint32(b[i]) & 31)
		}
	case isa.SHR:
		for i := range d {
			d[i] = a[i] >> (uint32(b[i]) & 31)
		}
	default:
		for i := range d {
			d[i], _, _ = isa.Alu(op, a[i], b[i], c[i])
		}
	}
}

// Evaluator computes one expression, again and again.
type Evaluator struct {
	r  *runner
	in map[int32]*values
}

// NewEvaluator makes one.
func NewEvaluator(e *Expr) *Evaluator {
	return &Evaluator{r: newRunner(compile(e)), in: map[int32]*values{}}
}

// All computes the expression for every case, each of which has the values of all
// variables by their number. known is false where it faults for one.
func (e *Evaluator) All(cases [][]int32) (out []int32, known bool) {
	for from := 0; from < len(cases); from += lanes {
		some := cases[from:min(from+lanes, len(cases))]
		for _, v := range e.r.vars {
			l := e.in[v]
			if l == nil {
				l = new(values)
				e.in[v] = l
			}
			for i, c := range some {
				l[i] = c[v]
			}
		}
		e.r.run(func(v int32) *values { return e.in[v] })
		root := e.r.roots[0]
		out = append(out, e.r.v[root][:len(some)]...)
		if e.r.f != nil {
			for _, f := range e.r.f[root][:len(some)] {
				if f != 0 {
					return nil, false
				}
			}
		}
	}
	return out, true
}
