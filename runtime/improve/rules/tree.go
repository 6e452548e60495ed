package rules

import (
	"slices"
	"strings"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/include"
	"gvpie/runtime/pxl/syntax"
)

// stmt is a statement with the comments that belong to it. Blocks nest.
type stmt struct {
	kind  syntax.StmtKind
	op    isa.Op   // of an OpStmt
	lead  []string // lines of comments, and empty ones, before it
	tail  string   // the comment behind it, with its `;`
	raw   string   // the lines of a directive as they stand
	verb  string   // as it was written: SET, RECT, rect; "" of an assignment without SET
	name  string   // label, target, sprite, procedure, what a directive declares
	index []*expr  // of a target or sprite
	join  string   // of name[i] op= value the operator
	args  []*expr  // operands; of SET the value, of FOR from, to and step
	parts []part   // of TXT and LOG
	quote bool     // the text stands in quotes
	names []string // that DEF and LOCAL declare
	body  []*stmt  // of a block
	other *stmt    // the ELSE or ELSE IF that goes on behind the body
	end   *stmt    // the END of a block: its comments
	taken bool     // it stands in a file that the program includes, which stays as it is
}

// part is a piece of a text: as it is written, or a value.
type part struct {
	text   string
	value  *expr
	format string
}

// names are the canvas and what a program's names mean, which expressions are read with.
type names struct {
	w, h int32
	cell bool

	consts  map[string]*expr   // .const
	tables  map[string][]*expr // .table of one dimension
	arrays  map[string]int32   // .array of one dimension; others: 0
	texts   map[string]bool    // .text
	declare map[string]bool    // every name that the program gives a meaning
}

// program is a program as a list of statements.
type program struct {
	names
	body []*stmt

	files include.Files // that it includes
	taken string        // their statements as they were read: see takes
}

// read reads a program; nil: it has something that the rules leave alone.
func read(source string) *program {
	main, included := include.Unbundle(source)
	files := &syntax.FileSet{}
	f := files.Add("", main)
	r := syntax.NewReporter(files)
	t, ok := syntax.Parse(f, r, included)
	if !ok || r.Errors() > 0 {
		return nil
	}
	rd := newReader(t, f)
	p := &program{names: names{cell: true, w: 128, h: 64, consts: map[string]*expr{}, tables: map[string][]*expr{}, arrays: map[string]int32{}, texts: map[string]bool{}, declare: map[string]bool{}}, files: included}
	for i := range t.Stmts {
		if t.Stmts[i].Kind == syntax.BadStmt {
			return nil
		}
	}
	p.body = rd.block(0, int32(len(t.Stmts)))
	if rest := rd.comments(len(rd.lines) + 1); len(rest) > 0 {
		p.body = append(p.body, &stmt{kind: syntax.BadStmt, lead: rest})
	}
	if rd.failed {
		return nil
	}
	p.know()
	p.taken = p.takes()
	return p
}

// takes is the text of the program's INCLUDEs and of the statements of their files. A
// candidate in which it is not that of its parent would change a file, and no candidate
// can: it is not proposed.
func (p *program) takes() string {
	w := &printer{}
	apart := false
	for _, s := range p.body {
		in := s.taken || s.kind == syntax.IncludeStmt
		if in && apart {
			w.line(0, "", "")
		}
		if apart = !in; in {
			w.stmt(s, 0)
		}
	}
	return w.b.String()
}

// know notes what the program declares.
func (p *program) know() {
	for _, s := range p.all() {
		if s.name != "" && s.kind != syntax.OpStmt && s.kind != syntax.CallStmt {
			p.declare[s.name] = true
		}
		for _, n := range s.names {
			p.declare[n] = true
		}
		switch s.kind {
		case syntax.CanvasStmt:
			if len(s.args) == 2 && s.args[0].kind == num && s.args[1].kind == num {
				p.w, p.h = s.args[0].val, s.args[1].val
			}
			p.cell = !strings.HasSuffix(strings.TrimSpace(strings.ToLower(stripComment(s.raw))), "pixel")
		case syntax.ConstStmt:
			if len(s.args) == 1 {
				p.consts[s.name] = s.args[0]
			}
		case syntax.TableStmt:
			if !strings.Contains(s.raw, ":") {
				p.tables[s.name] = s.args
			}
		case syntax.TextStmt:
			p.texts[s.name] = true
		case syntax.ArrayStmt:
			p.arrays[s.name] = 0
			if len(s.args) == 1 {
				if v, ok := p.value(s.args[0]); ok {
					p.arrays[s.name] = v
				}
			}
		}
	}
	// A procedure's own name may hide one of the program's: then neither is known.
	for _, s := range p.all() {
		for _, n := range s.names {
			delete(p.consts, n)
			delete(p.tables, n)
			delete(p.arrays, n)
		}
	}
}

func stripComment(s string) string {
	s, _, _ = strings.Cut(s, ";")
	return s
}

// all gives every statement, in order, those in blocks and the ELSEs too.
func (p *program) all() (out []*stmt) {
	each(p.body, func(s *stmt) { out = append(out, s) })
	return out
}

// each calls visit with statements and those in their blocks, in order.
func each(body []*stmt, visit func(*stmt)) {
	for _, s := range body {
		for at := s; at != nil; at = at.other {
			visit(at)
			each(at.body, visit)
		}
	}
}

// clone copies statements; expressions are shared.
func clone(body []*stmt) []*stmt {
	out := make([]*stmt, len(body))
	for i, s := range body {
		out[i] = s.clone()
	}
	return out
}

func (s *stmt) clone() *stmt {
	if s == nil {
		return nil
	}
	c := *s
	c.args, c.index, c.parts, c.lead = slices.Clone(s.args), slices.Clone(s.index), slices.Clone(s.parts), slices.Clone(s.lead)
	c.body, c.other, c.end = clone(s.body), s.other.clone(), s.end.clone()
	return &c
}

// opens says whether a statement has a block behind it.
func (s *stmt) opens() bool {
	switch s.kind {
	case syntax.IfStmt, syntax.ElseIfStmt, syntax.ElseStmt, syntax.WhileStmt, syntax.ForStmt, syntax.DefStmt:
		return true
	}
	return s.isOp(isa.EACH)
}

func (s *stmt) isOp(op isa.Op) bool { return s.kind == syntax.OpStmt && s.op == op }

// exprs calls visit with every expression of the statement itself, not of its block.
func (s *stmt) exprs(visit func(*expr)) {
	for _, e := range s.index {
		visit(e)
	}
	for _, e := range s.args {
		visit(e)
	}
	for _, p := range s.parts {
		if p.value != nil {
			visit(p.value)
		}
	}
}

// change puts what f makes of each expression of the statement in its place.
func (s *stmt) change(f func(*expr) *expr) {
	for i, e := range s.index {
		s.index[i] = f(e)
	}
	for i, e := range s.args {
		s.args[i] = f(e)
	}
	for i, p := range s.parts {
		if p.value != nil {
			s.parts[i].value = f(p.value)
		}
	}
}

// reads says whether a statement or its block reads a name.
func (s *stmt) reads(n string) bool {
	found := false
	each([]*stmt{s}, func(x *stmt) {
		found = found || x.join != "" && x.name == n
		x.exprs(func(e *expr) { found = found || e.reads(n) })
	})
	return found
}

// pure says that all expressions of a statement and its block are.
func (s *stmt) pure() bool {
	ok := true
	each([]*stmt{s}, func(x *stmt) { x.exprs(func(e *expr) { ok = ok && e.pure() }) })
	return ok
}

// sets says whether a statement or its block gives a name a value.
func (s *stmt) sets(n string) bool {
	found := false
	each([]*stmt{s}, func(x *stmt) {
		found = found || x.name == n && (x.kind == syntax.SetStmt || x.kind == syntax.ForStmt)
	})
	return found
}

func set(n string, v *expr) *stmt {
	return &stmt{kind: syntax.SetStmt, verb: "SET", name: n, args: []*expr{v}}
}

func draw(op isa.Op, args ...*expr) *stmt {
	return &stmt{kind: syntax.OpStmt, op: op, args: args}
}

func loop(n string, from, to *expr, body ...*stmt) *stmt {
	return &stmt{kind: syntax.ForStmt, name: n, args: []*expr{from, to}, body: body, end: &stmt{kind: syntax.EndStmt}}
}
