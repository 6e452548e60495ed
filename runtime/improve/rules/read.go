package rules

import (
	"strings"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/syntax"
)

// reader makes statements of a syntax tree, with the comments of its source.
type reader struct {
	t      *syntax.Tree
	f      *syntax.File
	lines  []string
	done   int // lines before this one, from 1, are taken
	failed bool

	others map[*syntax.File]*reader // of the files that it includes
	taken  bool                     // it reads one of those
}

func newReader(t *syntax.Tree, f *syntax.File) *reader {
	return &reader{t: t, f: f, lines: strings.Split(f.Source(), "\n"), done: 1, others: map[*syntax.File]*reader{}}
}

// of is the reader of the file that a statement stands in.
func (r *reader) of(s *syntax.Stmt) *reader {
	f := r.t.Files.Written(s.Pos)
	if f == r.f {
		return r
	}
	o := r.others[f]
	if o == nil {
		o = newReader(r.t, f)
		o.others, o.taken = r.others, true
		r.others[f] = o
	}
	return o
}

func (r *reader) line(p syntax.Pos) int { return r.f.LineAt(p) }

// comments takes the lines before one that are not taken: they hold no statement.
func (r *reader) comments(line int) (out []string) {
	for ; r.done < line && r.done <= len(r.lines); r.done++ {
		s := strings.TrimSpace(r.lines[r.done-1])
		if s == "" && r.done == len(r.lines) {
			continue // what is behind the last line end
		}
		out = append(out, s)
	}
	return out
}

// tail takes the comment behind a statement that ends its line.
func (r *reader) tail(s *syntax.Stmt, next *syntax.Stmt) string {
	line := r.line(s.End)
	if next != nil && r.line(next.Pos) == line {
		return ""
	}
	r.done = max(r.done, line+1)
	if s.Kind == syntax.OpStmt && isa.Table[s.Op].Tail == isa.TextTail {
		return "" // the rest of the line is the text
	}
	_, end := r.f.LineRange(line)
	return strings.TrimSpace(strings.TrimRight(r.t.Text(s.End, end), "\r\n"))
}

// block reads statements [from, end).
func (r *reader) block(from, end int32) (out []*stmt) {
	for i := from; i < end && !r.failed; {
		var s *stmt
		in := r.of(&r.t.Stmts[i])
		if s, i = in.stmt(i); s != nil {
			out = append(out, s)
		}
		r.failed = r.failed || in.failed
	}
	return out
}

// next is the statement behind one in its file, or nil.
func (r *reader) next(i int32) *syntax.Stmt {
	for int(i)+1 < len(r.t.Stmts) {
		i++
		if s := &r.t.Stmts[i]; r.t.Files.Written(s.Pos) == r.f {
			return s
		}
	}
	return nil
}

// stmt reads the statement i and its block, and gives what follows.
func (r *reader) stmt(i int32) (*stmt, int32) {
	x := &r.t.Stmts[i]
	s := &stmt{kind: x.Kind, op: x.Op, taken: r.taken}
	s.lead = r.comments(r.line(x.Pos))
	if x.Declares() {
		return r.directive(s, i), i + 1
	}
	r.head(s, x)
	s.tail = r.tail(x, r.next(i))
	switch {
	case x.Kind == syntax.IfStmt && x.Inline:
		var body *stmt
		at := i + 1
		for {
			chained := r.t.Stmts[at].Chained
			body, at = r.stmt(at)
			s.body = append(s.body, body)
			if !chained {
				break
			}
		}
		last := s.body[len(s.body)-1]
		s.tail, last.tail = last.tail, ""
		s.end = &stmt{kind: syntax.EndStmt}
		return s, at
	case x.OpensBlock(), x.Kind == syntax.ElseIfStmt, x.Kind == syntax.ElseStmt:
		if x.Match == syntax.None {
			r.failed = true
			return s, i + 1
		}
		s.body = r.block(i+1, x.Match)
		switch m := &r.t.Stmts[x.Match]; m.Kind {
		case syntax.ElseIfStmt, syntax.ElseStmt:
			var at int32
			s.other, at = r.stmt(x.Match)
			return s, at
		default:
			s.end = &stmt{kind: syntax.EndStmt, lead: r.comments(r.line(m.Pos)), tail: r.tail(m, r.next(x.Match))}
			return s, x.Match + 1
		}
	}
	return s, i + 1
}

// head reads a statement without its block.
func (r *reader) head(s *stmt, x *syntax.Stmt) {
	t := r.t
	text := t.Text(x.Pos, x.End)
	if word := strings.IndexAny(text, " \t["); word > 0 {
		s.verb = text[:word]
	} else {
		s.verb = text
	}
	if x.NameEnd > x.Name {
		s.name = t.Text(x.Name, x.NameEnd)
	}
	arg := func(n int32) *expr {
		e := exprOf(t, n)
		if e == nil {
			r.failed = true
		}
		return e
	}
	for _, n := range [...]int32{x.Index, x.Index2} {
		if n != syntax.None {
			s.index = append(s.index, arg(n))
		}
	}
	for _, n := range t.Args[x.Arg:x.ArgEnd] {
		s.args = append(s.args, arg(n))
	}
	switch x.Kind {
	case syntax.SetStmt:
		if !strings.EqualFold(s.verb, "SET") {
			s.verb = ""
		}
		if x.Op != isa.NOP {
			s.join = symbols[x.Op]
		}
	case syntax.CallStmt:
		s.args = s.args[:1]
	case syntax.DefStmt, syntax.LocalStmt:
		for _, p := range t.Parts[x.Part:x.PartEnd] {
			s.names = append(s.names, t.Text(p.Pos, p.End))
		}
		return
	}
	for _, p := range t.Parts[x.Part:x.PartEnd] {
		if p.Expr == syntax.None {
			s.parts = append(s.parts, part{text: t.Text(p.Pos, p.End)})
			continue
		}
		s.parts = append(s.parts, part{value: arg(p.Expr), format: p.Format.String()})
	}
	if isa.Table[x.Op] != nil && x.Kind == syntax.OpStmt && isa.Table[x.Op].Tail == isa.TextTail {
		s.quote = strings.HasSuffix(text, `"`) && len(s.parts) > 0
	}
}

// directive takes the lines of a directive, up to where the next statement or its
// comments begin.
func (r *reader) directive(s *stmt, i int32) *stmt {
	x := &r.t.Stmts[i]
	r.head(s, x)
	s.parts, s.names = nil, nil
	from, to := r.line(x.Pos), max(r.line(x.End), r.line(x.Pos))
	next := len(r.lines) + 1
	if n := r.next(i); n != nil {
		next = r.line(n.Pos)
	}
	if x.Kind == syntax.SpriteStmt {
		for to+1 < next && strings.TrimSpace(r.lines[to]) != "" {
			to++
		}
	}
	s.raw = strings.Join(r.lines[from-1:min(to, len(r.lines))], "\n")
	r.done = to + 1
	return s
}
