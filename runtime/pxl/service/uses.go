package service

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/check"
	"gvpie/runtime/pxl/syntax"
)

// Uses are the names of a whole program, over all its files, with every place where
// each stands: what finding references and renaming need. A name of a DEF alone and
// one of the program are two, however they are spelled.
type Uses struct {
	file, source string
	folder       syntax.Folder
	all          []use // by file, then by place
	paths        []string
	errors       int
}

// use is a place where a name stands.
type use struct {
	file     int // index in paths
	from, to int // bytes
	line     int // from 1
	name     string
	of       syntax.Pos // where it is declared
	declares bool
}

// Spot is a stretch of a file of a program.
type Spot struct {
	Path     string // from the program's folder; "" of the program's own file
	From, To int    // bytes
	Line     int    // from 1
}

// ProgramName is a name of a program.
type ProgramName struct {
	Text     string
	Declared Spot   // or where it is first given a value
	Spots    []Spot // all, by file; the declaration too

	of syntax.Pos
}

// FindUses reads a program with the files that it includes; in is nil of one without a
// folder. What is wrong in it is passed over.
func FindUses(file, source string, in syntax.Folder) *Uses {
	u := &Uses{file: file, source: source, folder: in, paths: []string{""}}
	files := &syntax.FileSet{}
	r := syntax.NewReporter(files)
	tree, _ := syntax.Parse(files.Add(file, source), r, in)
	for _, f := range files.Included() {
		u.paths = append(u.paths, f.Path())
	}
	scope := check.Declare(tree, r)
	finder{u, tree, scope}.find()
	check.Resolve(tree, scope, r)
	u.errors = r.Errors()
	slices.SortFunc(u.all, func(a, b use) int { return cmp.Or(a.file-b.file, a.from-b.from) })
	u.all = slices.CompactFunc(u.all, func(a, b use) bool { return a.file == b.file && a.from == b.from })
	return u
}

// At gives the name that stands at a byte of a file, or ends there.
func (u *Uses) At(path string, offset int) (ProgramName, bool) {
	file := slices.Index(u.paths, path)
	i := slices.IndexFunc(u.all, func(x use) bool { return x.file == file && x.from <= offset && offset <= x.to })
	if i < 0 {
		return ProgramName{}, false
	}
	if next := i + 1; next < len(u.all) && u.all[next].file == file && u.all[next].from == offset {
		i = next
	}
	n := ProgramName{Text: u.all[i].name, of: u.all[i].of}
	for _, x := range u.all {
		if x.of != n.of {
			continue
		}
		n.Spots = append(n.Spots, Spot{u.paths[x.file], x.from, x.to, x.line})
		if x.declares || len(n.Spots) == 1 {
			n.Declared = n.Spots[len(n.Spots)-1]
		}
	}
	return n, true
}

// Rename says what is in the way of another spelling of a name, or nil: it is none, it
// is taken, or something would mean something else.
func (u *Uses) Rename(n ProgramName, to string) error {
	switch _, verb := syntax.LookupVerb(to); {
	case to == n.Text:
		return errors.New("that is its name")
	case !isName(to):
		return fmt.Errorf("%s is no name: letters, digits and _, and no digit first", syntax.Quoted(to))
	case verb:
		return fmt.Errorf("%s is a statement's", syntax.Quoted(to))
	}
	changed := edited{u.folder, map[string]string{}}
	text := func(path string) string {
		if path == "" {
			return u.source
		}
		_, text, _ := u.folder.Open(path)
		return text
	}
	for _, path := range u.paths {
		changed.texts[path] = Respell(text(path), path, n, to)
	}
	var folder syntax.Folder
	if u.folder != nil {
		folder = changed
	}
	after := FindUses(u.file, changed.texts[""], folder)
	if after.errors > u.errors {
		return fmt.Errorf("%s cannot be its name: the program would be wrong", syntax.Quoted(to))
	}
	if !sameUses(u.all, after.all) {
		return fmt.Errorf("%s is the name of something else here", syntax.Quoted(to))
	}
	return nil
}

// Respell gives the text of a file of a program with another spelling of a name.
func Respell(text, path string, n ProgramName, to string) string {
	for _, s := range slices.Backward(n.Spots) {
		if s.Path == path {
			text = text[:s.From] + to + text[s.To:]
		}
	}
	return text
}

// sameUses says whether the same places are of the same names.
func sameUses(a, b []use) bool {
	if len(a) != len(b) {
		return false
	}
	there, back := map[syntax.Pos]syntax.Pos{}, map[syntax.Pos]syntax.Pos{}
	for i := range a {
		if a[i].file != b[i].file {
			return false
		}
		was, known := there[a[i].of]
		is, taken := back[b[i].of]
		if known != taken || known && (was != b[i].of || is != a[i].of) {
			return false
		}
		there[a[i].of], back[b[i].of] = b[i].of, a[i].of
	}
	return true
}

func isName(s string) bool {
	for i := range len(s) {
		if !syntax.IsLetter(s[i]) && (i == 0 || !syntax.IsDigit(s[i])) {
			return false
		}
	}
	return s != ""
}

// edited is a folder in which some files hold something else.
type edited struct {
	syntax.Folder
	texts map[string]string
}

func (e edited) Open(name string) (resolved, text string, err error) {
	if resolved, text, err = e.Folder.Open(name); err == nil {
		if changed, ok := e.texts[resolved]; ok {
			text = changed
		}
	}
	return resolved, text, err
}

// finder finds the uses of a tree that is not resolved yet.
type finder struct {
	*Uses
	tree  *syntax.Tree
	scope *check.Scope
}

func (f finder) find() {
	for i := range f.tree.Stmts {
		f.statement(&f.tree.Stmts[i], int32(i))
	}
}

func (f finder) statement(s *syntax.Stmt, i int32) {
	switch s.Kind {
	case syntax.SetStmt, syntax.ForStmt, syntax.ConstStmt, syntax.ArrayStmt, syntax.TableStmt, syntax.TextStmt, syntax.SpriteStmt:
		f.value(s.Name, s.NameEnd, s.Def)
	case syntax.LabelStmt:
		f.label(s)
	case syntax.DefStmt:
		f.value(s.Name, s.NameEnd, syntax.None)
		f.names(s, i)
	case syntax.LocalStmt:
		f.names(s, s.Def)
	case syntax.OpStmt:
		switch s.Op {
		case isa.JMP, isa.CALL:
			f.label(s)
		case isa.SPR:
			f.value(s.Name, s.NameEnd, s.Def)
		}
	}
	for n := s.Expr; n < s.ExprEnd; n++ {
		switch e := &f.tree.Exprs[n]; e.Kind {
		case syntax.NameExpr:
			f.value(e.Pos, e.End, s.Def)
		case syntax.IndexExpr:
			f.value(e.Pos, e.NameEnd, s.Def)
		case syntax.SizeExpr:
			from, end := f.tree.Measured(e)
			f.value(from, end, s.Def)
		case syntax.ProcExpr:
			f.value(e.Pos, f.tree.Calls[e.Val].NameEnd, syntax.None)
		}
	}
}

// names notes the names that a DEF or LOCAL declares.
func (f finder) names(s *syntax.Stmt, def int32) {
	for _, p := range f.tree.Parts[s.Part:s.PartEnd] {
		f.value(p.Pos, p.End, def)
	}
}

// value notes a name that has a value, as the body of a DEF sees it.
func (f finder) value(from, end syntax.Pos, def int32) {
	name := f.tree.Text(from, end)
	e, ok := f.scope.Lookup(name, def)
	if _, local := check.IsLocal(e.Val); !ok || isBuiltin(name) && !(e.Kind == check.VarSymbol && local) {
		return
	}
	f.add(from, name, e.Pos)
}

// label notes the label of a statement.
func (f finder) label(s *syntax.Stmt) {
	name := f.tree.Text(s.Name, s.NameEnd)
	if i, ok := f.scope.Label(name, s.Def); ok {
		f.add(s.Name, name, f.scope.LabelList[i].Pos)
	}
}

func (f finder) add(at syntax.Pos, name string, of syntax.Pos) {
	in := f.tree.Files.Written(at)
	file := 0
	if in != f.tree.Files.Main() {
		file = slices.Index(f.paths, in.Path())
	}
	from := f.tree.Files.Offset(at)
	to := from + len(name)
	if file < 0 || to > len(in.Source()) || in.Source()[from:to] != name {
		return // a line that is read as it should have been written
	}
	f.all = append(f.all, use{file, from, to, f.tree.Files.Line(at), name, of, at == of})
}
