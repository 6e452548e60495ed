package service

import (
	"slices"
	"strings"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/check"
	"gvpie/runtime/pxl/syntax"
)

// Text is what a Document reads: at least one line, none with its line end.
type Text interface {
	Lines() int
	Line(i int) string
}

// Cursor is a place in a text.
type Cursor struct {
	Line int // from 0
	Byte int // of the line
}

// Document is a text that is edited, with what is known of it.
type Document struct {
	text   Text
	parser *syntax.LineParser
	lines  []lineFacts // nil until the first question

	idents   map[string]int32 // numbers of names
	spelling []string         // of names, by number

	beside []*Document // of the program's other files; they have none beside them
	file   File        // of one that stands beside another

	// Worked out from the lines when they are asked for; nil when not known.
	blocks []blockFacts
	names  *names
	scope  *check.Scope

	scopeFiles *syntax.FileSet // what scope is of
}

// lineFacts are what the rest of the program has to know of a line.
type lineFacts struct {
	block     syntax.StmtKind // IfStmt, WhileStmt, ForStmt, OpStmt (EACH) or DefStmt: it opens one; ElseStmt, ElseIfStmt, EndStmt; or BadStmt
	directive bool
	row       bool // may be a row of a sprite
	declares  []declaration
}

// declaration is a name that a line declares or gives a value.
type declaration struct {
	ident     int32
	kind      check.SymbolKind
	from, end int32 // bytes of the line
	local     bool  // a parameter, or a name of a LOCAL
}

// NewDocument gives the Document of a text.
func NewDocument(text Text) *Document {
	return &Document{text: text, parser: syntax.NewLineParser(), idents: make(map[string]int32)}
}

// Reset forgets everything of the text: it is another one.
func (d *Document) Reset() {
	beside := d.beside
	*d = *NewDocument(d.text)
	d.beside = beside
}

// Edited says that in the text, as it is now, the lines [from, from+added) stand
// where [from, from+removed) stood.
func (d *Document) Edited(from, removed, added int) {
	if d.lines == nil {
		return
	}
	if removed != added {
		d.lines = slices.Replace(d.lines, from, from+removed, make([]lineFacts, added)...)
		d.blocks, d.names, d.scope = nil, nil, nil
	}
	for i := from; i < from+added; i++ {
		was, is := d.lines[i], d.read(d.text.Line(i))
		d.lines[i] = is
		if was.block != is.block {
			d.blocks, d.names = nil, nil
		}
		if !slices.EqualFunc(was.declares, is.declares, sameName) {
			d.names = nil
		}
		list := i > 0 && strings.ContainsAny(d.text.Line(i-1), ",:") // that may go on here
		if was.directive || is.directive || was.row || is.row || list {
			d.scope = nil
		}
	}
}

func sameName(a, b declaration) bool {
	return a.ident == b.ident && a.kind == b.kind && a.local == b.local
}

// facts gives those of every line.
func (d *Document) facts() []lineFacts {
	if d.lines == nil {
		d.lines = make([]lineFacts, d.text.Lines())
		for i := range d.lines {
			d.lines[i] = d.read(d.text.Line(i))
		}
	}
	return d.lines
}

// maxLine is how much of a line is looked at, in bytes: a longer one is data.
const maxLine = 4096

func (d *Document) read(line string) lineFacts {
	var f lineFacts
	if f.row = syntax.IsRow(line); f.row || plain(line) {
		return f
	}
	tree := d.parser.Parse(line[:min(len(line), maxLine)])
	for i := range tree.Stmts {
		s := &tree.Stmts[i]
		switch s.Kind {
		case syntax.CanvasStmt:
			f.directive = true
		case syntax.ConstStmt:
			f.directive = true
			d.declare(&f, tree, s, check.ConstSymbol)
		case syntax.ArrayStmt:
			f.directive = true
			d.declare(&f, tree, s, check.ArraySymbol)
		case syntax.TableStmt:
			f.directive = true
			d.declare(&f, tree, s, check.TableSymbol)
		case syntax.PaletteStmt:
			f.directive = true
		case syntax.SpriteStmt:
			f.directive = true
			d.declare(&f, tree, s, check.SpriteSymbol)
		case syntax.TextStmt:
			f.directive = true
			d.declare(&f, tree, s, check.TextSymbol)
		case syntax.LabelStmt:
			d.declare(&f, tree, s, check.LabelSymbol)
		case syntax.SetStmt, syntax.ForStmt:
			if s.Index == syntax.None {
				d.declare(&f, tree, s, check.VarSymbol)
			}
		case syntax.DefStmt:
			d.declare(&f, tree, s, check.ProcSymbol)
			d.declareLocals(&f, tree, s)
		case syntax.LocalStmt:
			d.declareLocals(&f, tree, s)
		case syntax.ElseStmt, syntax.ElseIfStmt, syntax.EndStmt:
			f.block = s.Kind
		}
		if s.OpensBlock() {
			f.block = s.Kind
		}
	}
	return f
}

// plain says whether a line is none that anything else depends on, as most are:
// it need not be parsed.
func plain(line string) bool {
	line = strings.TrimLeft(line, " \t")
	if line == "" || line[0] == ';' || line[0] == '#' {
		return true
	}
	end := 0
	for end < len(line) && (syntax.IsLetter(line[end]) || end > 0 && syntax.IsDigit(line[end])) {
		end++
	}
	v, ok := syntax.LookupVerb(line[:end])
	return ok && v.Spec != nil && v.Spec.Op != isa.SET && v.Spec.Op != isa.EACH &&
		!strings.HasPrefix(strings.TrimLeft(line[end:], " \t\r\f\v"), ":")
}

func (d *Document) declare(f *lineFacts, tree *syntax.Tree, s *syntax.Stmt, kind check.SymbolKind) {
	if s.NameEnd <= s.Name {
		return
	}
	from, end := int32(tree.Files.Offset(s.Name)), int32(tree.Files.Offset(s.NameEnd))
	f.declares = append(f.declares, declaration{d.ident(tree.Text(s.Name, s.NameEnd)), kind, from, end, false})
}

// declareLocals notes the names that DEF and LOCAL declare.
func (d *Document) declareLocals(f *lineFacts, tree *syntax.Tree, s *syntax.Stmt) {
	for _, n := range tree.Parts[s.Part:s.PartEnd] {
		from, end := int32(tree.Files.Offset(n.Pos)), int32(tree.Files.Offset(n.End))
		f.declares = append(f.declares, declaration{d.ident(tree.Text(n.Pos, n.End)), check.VarSymbol, from, end, true})
	}
}

// ident gives the number of a name.
func (d *Document) ident(name string) int32 {
	i, ok := d.idents[name]
	if !ok {
		name = strings.Clone(name) // of a text that will go
		i = int32(len(d.spelling))
		d.idents[name] = i
		d.spelling = append(d.spelling, name)
	}
	return i
}

// line gives a line of the text as far as it is looked at; "" beyond its end.
func (d *Document) line(i int) string {
	if i < 0 || i >= d.text.Lines() {
		return ""
	}
	s := d.text.Line(i)
	return s[:min(len(s), maxLine)]
}
