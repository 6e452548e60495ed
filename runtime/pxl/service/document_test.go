package service

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gvpie/runtime/pxl/check"
	"gvpie/runtime/pxl/internal/corpus"
	"gvpie/runtime/pxl/syntax"
)

type lines []string

func (l *lines) Lines() int        { return len(*l) }
func (l *lines) Line(i int) string { return (*l)[i] }

var pieces = strings.Split("IF x|IF x HALT|ELSE|ELSE IF y|END|END x|WHILE 1|FOR i = 1 TO 3|FOR K = 1 TO 2|EACH|a: EACH|b:|a: b: JMP a|SET x = 1|set y 2|SET a[1] = 2|SET red = 1|"+
	".const K 3|.const N K*2|.array a N|.table t 1 2 3|.array x 4|.const|.canvas 8 8|RECT 1 2 3 4|PUT px|BREAK|IF ( FOR|; END|LOG END||IF x FOR i = 1 TO 2|IF x ELSE|TXT 1 1 {x}|\xff|x := 3|3|nop : END|hALT:|  CLS: EACH|RECT|\tPLOT\t: SET q = 1|.sprite s|  .12|9.8 ; x|.sprite t 3 2|.palette red 9|12|DEF f(x, K)|DEF g|def h a b|DEF red(q)|DEF f|LOCAL x y|local red, q|RETURN x|f 1 2|f(1, 2)|SET K = 4|DEF Line(x)|DEF a", "|")

// TestDocumentIsWhatTheAssemblerSees holds what a Document works out line by line,
// over edits, to the parser and the checker on the whole text.
func TestDocumentIsWhatTheAssemblerSees(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	piece := func() string { return pieces[random.IntN(len(pieces))] }
	for range 100 {
		text := lines{""}
		d := NewDocument(&text)
		for range 60 {
			from := random.IntN(len(text) + 1)
			removed := random.IntN(min(3, len(text)-from) + 1)
			added := make([]string, random.IntN(4))
			for i := range added {
				added[i] = piece()
			}
			if len(text)-removed+len(added) == 0 {
				added = []string{piece()}
			}
			text = slices.Replace(text, from, from+removed, added...)
			d.Edited(from, removed, len(added))
			agree(t, d, strings.ReplaceAll(strings.Join(text, "\n"), "\xff", "?"))
			if t.Failed() {
				return
			}
		}
	}
	for name, src := range corpus.Programs(t) {
		text := lines(strings.Split(src, "\n"))
		agree(t, NewDocument(&text), src)
		if t.Failed() {
			t.Fatal(name)
		}
	}
}

// agree compares a Document with the parser and the checker.
func agree(t *testing.T, d *Document, src string) {
	files := &syntax.FileSet{}
	r := syntax.NewReporter(files)
	tree, ok := syntax.Parse(files.Add("", src), r, nil)
	if !ok {
		t.Fatalf("%q is no text", src)
	}
	scope := check.Declare(tree, r)
	line := func(p syntax.Pos) int { return files.Line(p) - 1 }
	ends, openers := map[int]int{}, map[int]int{}
	for i := range tree.Stmts {
		s := &tree.Stmts[i]
		at := line(s.Pos)
		around := d.around(at)
		if s.Kind != syntax.EndStmt && s.Kind != syntax.DefStmt && !s.IsEach() && around.inEach != s.InEach {
			t.Errorf("%q: line %d is in EACH: %v", src, at, around.inEach)
		}
		if s.Kind == syntax.EndStmt {
			opener := &tree.Stmts[s.Match]
			openers[at] = line(opener.Pos)
			for part := opener; part.Kind != syntax.EndStmt; part = &tree.Stmts[part.Match] {
				ends[line(part.Pos)] = at
				if part != opener {
					openers[line(part.Pos)] = line(opener.Pos)
				}
			}
		}
	}
	for i := range d.text.Lines() {
		if end, ok := d.MatchEnd(i); ok != has(ends, i) || ok && end != ends[i] {
			t.Errorf("%q: the END of line %d is %d, want %d", src, i, end, ends[i])
		}
		if opener, ok := d.Opener(i); has(openers, i) && (!ok || opener != openers[i]) {
			t.Errorf("%q: the opener of line %d is %d, want %d", src, i, opener, openers[i])
		}
	}
	known := d.known()
	if got, want := slices.Sorted(maps.Keys(known.values)), slices.Sorted(maps.Keys(scope.Names)); !slices.Equal(got, want) {
		t.Errorf("%q: names %v, want %v", src, got, want)
		return
	}
	for name, e := range scope.Names {
		s := known.values[name]
		if at, from := d.at(s); s.kind != e.Kind || at != line(e.Pos) || d.text.Line(at)[from:][:len(name)] != name {
			t.Errorf("%q: %s is %d on line %d, want %d on line %d", src, name, s.kind, at, e.Kind, line(e.Pos))
		}
		if d.declared().Names[name].Val != e.Val && e.Kind != check.VarSymbol && e.Kind != check.ProcSymbol {
			t.Errorf("%q: %s is %d, want %d", src, name, d.declared().Names[name].Val, e.Val)
		}
	}
	if len(known.labels) != len(scope.LabelList) {
		t.Errorf("%q: labels %v, want %v", src, known.labels, scope.LabelList)
	}
	def := func(stmt int32) int32 {
		if stmt == syntax.None {
			return syntax.None
		}
		return int32(line(tree.Stmts[stmt].Pos))
	}
	for _, l := range scope.LabelList {
		if s, ok := known.labels[place{def(l.Def), l.Name}]; !ok || s.line != line(l.Pos) {
			t.Errorf("%q: label %s is on line %d", src, l.Name, s.line)
		}
	}
	locals := 0
	for _, p := range scope.Procs {
		locals += len(p.Locals)
		for _, l := range p.Locals {
			if s, ok := known.locals[place{def(p.Def), l.Name}]; !ok || s.line != line(l.Pos) {
				t.Errorf("%q: %s of %s is on line %d", src, l.Name, p.Name, s.line)
			}
		}
	}
	if len(known.locals) != locals {
		t.Errorf("%q: locals %v, want %d", src, known.locals, locals)
	}
}

func has(m map[int]int, k int) bool {
	_, ok := m[k]
	return ok
}

func BenchmarkFirstQuestion5000Lines(b *testing.B) {
	text := lines(strings.Split(strings.Repeat("SET x = (x + 2 * frame) & 255\nRECT x 5 100 20 0x336699 ; panel\nIF x > 3\nPLOT x 3\nEND\n", 1000), "\n"))
	for b.Loop() {
		NewDocument(&text).Complete(Cursor{Line: 2500})
	}
}

func BenchmarkKeystroke5000Lines(b *testing.B) {
	text := lines(strings.Split(strings.Repeat("SET x = (x + 2 * frame) & 255\nRECT x 5 100 20 0x336699 ; panel\nIF x > 3\nPLOT x 3\nEND\n", 1000), "\n"))
	d := NewDocument(&text)
	for b.Loop() {
		for _, s := range []string{"S", "SE", "SET", "SET n", "SET ne"} {
			text[2500] = s
			d.Edited(2500, 1, 1)
			d.Complete(Cursor{Line: 2500, Byte: len(s)})
		}
	}
}
