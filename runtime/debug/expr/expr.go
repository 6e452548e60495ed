// Package expr evaluates expressions of the language at a moment of a run: conditions of
// breakpoints, what is watched, what is searched for. They are read by the language's
// own parser, mean what they would mean in the statement that comes next, and change
// nothing of the run.
//
// Start reading at [Parse].
package expr

import (
	"errors"
	"fmt"
	"strings"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl"
	"gvpie/runtime/pxl/syntax"
)

// Env is what an expression reads.
type Env struct {
	Data, State []uint32
	Program     isa.Program
	Locals      int                                                 // the first word of the call that its names are of
	Peek        func(x, y int32) (int32, error)                     // the display as the frame began
	Call        func(p *pxl.Procedure, args []int32) (int32, error) // what a call gives, if it were made now
	Texel       *Texel                                              // of a block that names are read in; nil: of none
	random      uint32                                              // rnd draws from a copy
}

// Texel is a texel that an EACH has run its block for.
type Texel struct {
	X, Y int32
	Own  func(word int) (v int32, ok bool) // its own copy of a data word; ok is false where it has none
}

// data is a data word: a texel's own, if there is one.
func (e *Env) data(word int) int32 {
	if e.Texel != nil {
		if v, ok := e.Texel.Own(word); ok {
			return v
		}
	}
	return int32(e.Data[word])
}

// Expr is an expression of a program.
type Expr struct {
	Text string
	eval node
}

type node func(*Env) (int32, error)

// Parse reads an expression as it would be read in a procedure, nil outside of all. The
// error says what is wrong with it.
func Parse(a *pxl.Assembly, in *pxl.Procedure, text string) (*Expr, error) {
	return parse(parser{assembly: a, in: in}, text)
}

// ParseTexel is Parse for a texel of a block: px and py have a value there.
func ParseTexel(a *pxl.Assembly, in *pxl.Procedure, text string) (*Expr, error) {
	return parse(parser{assembly: a, in: in, texel: true}, text)
}

func parse(p parser, text string) (*Expr, error) {
	if strings.TrimSpace(text) == "" {
		return nil, errors.New("an expression is missing")
	}
	if strings.ContainsAny(text, "\r\n") {
		return nil, errors.New("an expression is one line")
	}
	s, err := p.read(isa.ASSERT, text)
	if err != nil {
		return nil, err
	}
	n, err := p.node(p.tree.Args[s.Arg])
	if err != nil {
		return nil, err
	}
	return &Expr{text, n}, nil
}

// Eval gives the value of an expression. The error is that of a division by zero, of an
// index that is outside, or of a call.
func (e *Expr) Eval(env Env) (int32, error) {
	env.random = env.State[isa.StRandom]
	return e.eval(&env)
}

// parser makes nodes of the language's tree.
type parser struct {
	assembly *pxl.Assembly
	in       *pxl.Procedure
	texel    bool
	tree     *syntax.Tree
}

// read has the language's parser read a statement of one operand, with the names of the
// procedures.
func (p *parser) read(op isa.Op, operand string) (*syntax.Stmt, error) {
	var source strings.Builder
	for i := range p.assembly.Procedures {
		fmt.Fprintf(&source, "DEF %s()\nEND\n", p.assembly.Procedures[i].Name)
	}
	source.WriteString(op.String() + " " + operand)
	files := &syntax.FileSet{}
	r := syntax.NewReporter(files)
	p.tree, _ = syntax.Parse(files.Add("", source.String()), r, nil)
	for _, d := range r.Diagnostics() {
		if d.Severity == syntax.Error {
			return nil, errors.New(d.Message)
		}
	}
	if n := len(p.tree.Stmts); n > 0 {
		if s := &p.tree.Stmts[n-1]; s.Kind == syntax.OpStmt && s.Op == op && (op == isa.LOG || s.Arg < s.ArgEnd) {
			return s, nil
		}
	}
	return nil, errors.New("this is no expression")
}

func (p *parser) text(from, end syntax.Pos) string { return p.tree.Text(from, end) }

// node makes an expression's node.
func (p *parser) node(i int32) (node, error) {
	x := &p.tree.Exprs[i]
	switch x.Kind {
	case syntax.NumExpr:
		return number(x.Val), nil
	case syntax.NameExpr:
		return p.name(p.text(x.Pos, x.End))
	case syntax.UnaryExpr, syntax.BinaryExpr, syntax.CallExpr:
		return p.function(x)
	case syntax.AndExpr, syntax.OrExpr:
		return p.decides(x)
	case syntax.SizeExpr:
		return p.size(p.text(p.tree.Measured(x)), syntax.Functions[x.Val].Name)
	case syntax.IndexExpr:
		return p.index(x)
	case syntax.ProcExpr:
		return p.call(&p.tree.Calls[x.Val], p.text(x.Pos, p.tree.Calls[x.Val].NameEnd))
	}
	return nil, errors.New("this is no expression")
}

func number(v int32) node { return func(*Env) (int32, error) { return v, nil } }

// operands makes the nodes of those that are there.
func (p *parser) operands(list ...int32) ([]node, error) {
	var out []node
	for _, i := range list {
		if i == syntax.None {
			break
		}
		n, err := p.node(i)
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, nil
}

// function is an operator or a function.
func (p *parser) function(x *syntax.Expr) (node, error) {
	args, err := p.operands(x.A, x.B, x.C)
	if err != nil {
		return nil, err
	}
	op := x.Op
	return func(e *Env) (int32, error) {
		var v [3]int32
		for i, n := range args {
			var err error
			if v[i], err = n(e); err != nil {
				return 0, err
			}
		}
		return e.apply(op, v[0], v[1], v[2])
	}, nil
}

// apply is the value of a function.
func (e *Env) apply(op isa.Op, a, b, c int32) (v int32, err error) {
	switch op {
	case isa.RND:
		e.random, v = isa.Random(e.random, a)
		return v, nil
	case isa.PEEK:
		return e.Peek(a, b)
	case isa.KEY:
		return e.key(isa.StKeys, a), nil
	case isa.KEYP:
		return e.key(isa.StKeys, a) &^ e.key(isa.StKeysBefore, a), nil
	}
	v, fault, _ := isa.Alu(op, a, b, c)
	if fault != isa.FaultNone {
		return 0, fmt.Errorf("%d is divided by zero", a)
	}
	return v, nil
}

// key is 1 if the keys from a word of the state page on have that with a code.
func (e *Env) key(at int, code int32) int32 {
	if code < 0 || code > 255 {
		return 0
	}
	return int32(e.State[at+int(code)>>5] >> (code & 31) & 1)
}

// decides is && or ||, whose right side is looked at only if it matters.
func (p *parser) decides(x *syntax.Expr) (node, error) {
	args, err := p.operands(x.A, x.B)
	if err != nil {
		return nil, err
	}
	or := x.Kind == syntax.OrExpr
	return func(e *Env) (int32, error) {
		v, err := args[0](e)
		if err == nil && (v != 0) != or {
			v, err = args[1](e)
		}
		if err != nil || v == 0 {
			return 0, err
		}
		return 1, nil
	}, nil
}

// call is the call of a procedure.
func (p *parser) call(c *syntax.Call, name string) (node, error) {
	args, err := p.operands(p.tree.Actuals[c.Arg:c.ArgEnd]...)
	if err != nil {
		return nil, err
	}
	for i := range p.assembly.Procedures {
		proc := &p.assembly.Procedures[i]
		if proc.Name != name {
			continue
		}
		if len(args) != len(proc.Params) {
			return nil, fmt.Errorf("%s takes %s, and here are %d", name, syntax.Plural(len(proc.Params), "value"), len(args))
		}
		return func(e *Env) (int32, error) {
			values := make([]int32, len(args))
			for i, n := range args {
				var err error
				if values[i], err = n(e); err != nil {
					return 0, err
				}
			}
			return e.Call(proc, values)
		}, nil
	}
	return nil, fmt.Errorf("there is no procedure %s", name)
}
