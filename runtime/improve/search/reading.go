package search

import (
	"slices"
	"strings"

	"gvpie/runtime/improve/rules"
	"gvpie/runtime/improve/solver"
	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/syntax"
)

// A tree is a program's tree and what the rules know of it: what can be asked of its
// text without following it.
type tree struct {
	t     *syntax.Tree
	f     *syntax.File
	facts *rules.Facts
}

// reading is what the names of a program are worth at each of its places: expressions of
// variables of which only the range is known. Where the text does not tell, because a
// jump may lead there or a loop comes round, a name is a fresh variable.
type reading struct {
	tree
	vars    *[]solver.Range      // of all variables; readings that are compared share them
	sizes   map[*solver.Expr]int // of what stands for a name, up to mostKnown
	consts  map[int32]*solver.Expr
	env     *scope
	sites   []site
	defs    map[string]*definition
	readsOf map[string]int  // how often names are read
	meet    func(i int32)   // is told of each statement before it is followed; nil: sites are noted
	foreign map[string]bool // names of another program, of which nothing is known where blocks end
	depth   int             // of loops and blocks around the place
	each    bool
}

// scope is what names are worth. A name that is not in set is what it is in base, which
// gets a variable once it is read.
type scope struct {
	set  map[string]*solver.Expr
	base map[string]*solver.Expr
}

// mostKnown is how large an expression may be that stands for a name.
const mostKnown = 400

// site is a place of the program where an expression may be put.
type site struct {
	stmt     int32  // the statement that it stands in
	expr     int32  // in the tree; None: a whole IF that gives one name its value
	gives    string // what stands before the expression where it is put; "": nothing
	from, to syntax.Pos
	meant    *solver.Expr
	size     int
	root     bool     // it is all of a value
	copies   bool     // which is given to a name or a word
	reads    []string // names in it
	leaves   map[string]*solver.Expr
	alone    bool            // no parentheses are needed
	opaque   map[string]part // parts that are read as they stand, by their text
	each     bool
	depth    int
}

// part is an expression within another, and the names that it reads.
type part struct {
	meant *solver.Expr
	reads []string
}

// read reads a program and follows it; nil: it cannot be.
func read(source string) *reading {
	r := parse(source)
	if r != nil {
		r.block(0, int32(len(r.t.Stmts)))
	}
	return r
}

// parse reads a program.
func parse(source string) *reading {
	facts := rules.FactsOf(source)
	if facts == nil {
		return nil
	}
	files := &syntax.FileSet{}
	f := files.Add("", source)
	reporter := syntax.NewReporter(files)
	t, ok := syntax.Parse(f, reporter, nil)
	if !ok || reporter.Errors() > 0 {
		return nil
	}
	for i := range t.Stmts {
		if s := &t.Stmts[i]; s.Kind == syntax.BadStmt || s.Kind == syntax.IncludeStmt || t.Mended(s) {
			return nil
		}
	}
	r := &reading{tree: tree{t, f, facts}, vars: new([]solver.Range), sizes: map[*solver.Expr]int{}, defs: map[string]*definition{}, consts: map[int32]*solver.Expr{}}
	r.forget()
	return r
}

// forget makes every name a fresh variable.
func (r *reading) forget() {
	r.env = &scope{set: map[string]*solver.Expr{}, base: map[string]*solver.Expr{}}
}

func (r *reading) fresh(in solver.Range) *solver.Expr {
	*r.vars = append(*r.vars, in)
	return solver.Var(len(*r.vars) - 1)
}

func (r *reading) constant(v int32) *solver.Expr {
	e := r.consts[v]
	if e == nil {
		e = solver.Const(v)
		r.consts[v] = e
	}
	return e
}

// worth is what a name is here.
func (r *reading) worth(n string) *solver.Expr {
	if e := r.env.set[n]; e != nil {
		return e
	}
	if v, ok := r.facts.Value(n); ok {
		return r.constant(v)
	}
	e := r.env.base[n]
	if e == nil {
		e = r.unknown(n)
		r.env.base[n] = e
	}
	return e
}

// unknown is a name of which only that is known which always holds.
func (r *reading) unknown(n string) *solver.Expr {
	lo, hi := r.facts.Between(n)
	return r.fresh(solver.Range{Lo: lo, Hi: hi})
}

// apply makes an operation, or the number that it is.
func (r *reading) apply(op isa.Op, args ...*solver.Expr) *solver.Expr {
	var in [3]int32
	for i, a := range args {
		if a.Kind != solver.Number {
			return r.sized(solver.Of(op, args...))
		}
		in[i] = a.Val
	}
	v, fault, ok := isa.Alu(op, in[0], in[1], in[2])
	if !ok || fault != isa.FaultNone {
		return r.sized(solver.Of(op, args...))
	}
	return r.constant(v)
}

func (r *reading) sized(e *solver.Expr) *solver.Expr {
	n := 1
	for _, a := range e.Args {
		n += r.sizes[a]
	}
	r.sizes[e] = min(n, mostKnown+1)
	return e
}

// value is what an expression of the tree is worth; clean says that it is computed
// without effect, and that if it faults, what it is worth says so.
func (r *reading) value(n int32) (e *solver.Expr, clean bool) {
	x := &r.t.Exprs[n]
	arg := func(k int32) *solver.Expr {
		a, ok := r.value(k)
		clean = clean && ok
		return a
	}
	clean = true
	switch x.Kind {
	case syntax.NumExpr:
		return r.constant(x.Val), true
	case syntax.NameExpr:
		return r.worth(r.t.Text(x.Pos, x.End)), true
	case syntax.UnaryExpr:
		e = r.apply(x.Op, arg(x.A))
	case syntax.BinaryExpr:
		e = r.apply(x.Op, arg(x.A), arg(x.B))
	case syntax.AndExpr:
		e = r.sized(&solver.Expr{Kind: solver.Both, Args: []*solver.Expr{arg(x.A), arg(x.B)}})
	case syntax.OrExpr:
		e = r.sized(&solver.Expr{Kind: solver.Either, Args: []*solver.Expr{arg(x.A), arg(x.B)}})
	case syntax.CallExpr:
		args := []*solver.Expr{arg(x.A)}
		for _, k := range [...]int32{x.B, x.C} {
			if k != syntax.None {
				args = append(args, arg(k))
			}
		}
		if e = r.called(x, args); e == nil {
			return r.fresh(solver.Any), false
		}
	default:
		return r.fresh(solver.Any), false
	}
	if r.sizes[e] > mostKnown {
		return r.fresh(solver.Any), false
	}
	return e, clean
}

// called is a function; nil: one that changes something, or that may fault unseen.
func (r *reading) called(x *syntax.Expr, args []*solver.Expr) *solver.Expr {
	var in solver.Range
	switch op := syntax.Functions[x.Val].Op; op {
	case isa.PEEK:
		in = solver.Range{Lo: 0, Hi: 0xFFFFFF}
	case isa.KEY, isa.KEYP:
		in = solver.Range{Lo: 0, Hi: 1}
	default:
		if _, _, ok := isa.Alu(op, 1, 1, 1); ok {
			return r.apply(op, args...)
		}
		return nil
	}
	// What is read stays the same until the frame ends, and then all is forgotten.
	key := "(" + syntax.Functions[x.Val].Name
	for _, a := range args {
		key += " " + r.identity(a)
	}
	e := r.env.base[key]
	if e == nil {
		e = r.fresh(in)
		r.env.base[key] = e
	}
	return e
}

// identity tells expressions apart, some equal ones too.
func (r *reading) identity(e *solver.Expr) string {
	var b strings.Builder
	var write func(e *solver.Expr)
	write = func(e *solver.Expr) {
		b.WriteByte('(')
		for _, v := range [...]int32{int32(e.Kind), int32(e.Op), e.Val} {
			b.WriteString(numberText(v) + " ")
		}
		for _, a := range e.Args {
			write(a)
		}
		b.WriteByte(')')
	}
	if r.sizes[e] > 40 {
		e = r.fresh(solver.Any)
	}
	write(e)
	return b.String()
}

// names gives the names that an expression of the tree reads, in the order of the text.
func (r *tree) names(n int32) (out []string) {
	r.walk(n, func(_ int32, x *syntax.Expr) {
		if x.Kind == syntax.NameExpr {
			if s := r.t.Text(x.Pos, x.End); !slices.Contains(out, s) {
				out = append(out, s)
			}
		}
	})
	return out
}

// walk calls visit with an expression and its parts, outermost first.
func (r *tree) walk(n int32, visit func(int32, *syntax.Expr)) {
	x := &r.t.Exprs[n]
	visit(n, x)
	if x.Kind == syntax.ProcExpr {
		c := &r.t.Calls[x.Val]
		for _, a := range r.t.Actuals[c.Arg:c.ArgEnd] {
			r.walk(a, visit)
		}
		return
	}
	for _, k := range [...]int32{x.A, x.B, x.C} {
		if k != syntax.None {
			r.walk(k, visit)
		}
	}
}
