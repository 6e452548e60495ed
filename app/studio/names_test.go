package studio

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// shared is two programs that include one file, which is open with edits that are not
// saved.
func shared(t *testing.T) (m *handDocuments, dir string) {
	m, dir = newHandDocuments(), t.TempDir()
	for name, text := range map[string]string{
		"lib.pxl": "DEF old(x)\nEND\n",
		"far.pxl": "SET far = 1\nmark(far)\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	m.OpenText("lib.pxl", filepath.Join(dir, "lib.pxl"), "DEF mark(x)\n  PLOT x x\nEND\n")
	m.OpenText("a.pxl", filepath.Join(dir, "a.pxl"), "INCLUDE \"lib.pxl\"\nINCLUDE \"far.pxl\"\nmark(3)\nSET x = 2\nmark x\n")
	m.OpenText("b.pxl", filepath.Join(dir, "b.pxl"), "INCLUDE \"lib.pxl\"\n  mark(4)\n")
	return m, dir
}

func TestReferencesAreThoseOfAllProgramsThatIncludeAFile(t *testing.T) {
	m, dir := shared(t)
	lib, a := m.Docs()[0], m.Docs()[1]
	spell := func(r References) string {
		var b strings.Builder
		for _, x := range r.All {
			name, _ := filepath.Rel(dir, x.Path)
			fmt.Fprintf(&b, "%s:%d:%d %s\n", name, x.Line, x.Column, x.Text)
		}
		return b.String()
	}
	r, ok := FindReferences(m.Documents, lib, strings.Index(lib.Text(), "mark"))
	want := "a.pxl:3:1 mark(3)\na.pxl:5:1 mark x\nlib.pxl:1:5 DEF mark(x)\nfar.pxl:2:1 mark(far)\nb.pxl:2:3 mark(4)\n"
	if got := spell(r); !ok || got != want || r.Declared.Path != lib.Path || r.Declared.Line != 1 {
		t.Errorf("%v, declared at %+v\n%snot\n%s", ok, r.Declared, got, want)
	}
	r, ok = FindReferences(m.Documents, a, strings.Index(a.Text(), "x = 2"))
	if got, want := spell(r), "a.pxl:4:5 SET x = 2\na.pxl:5:6 mark x\n"; !ok || got != want {
		t.Errorf("%snot\n%s", got, want)
	}
	if r, ok := FindReferences(m.Documents, a, 0); ok {
		t.Errorf("INCLUDE is a name: %+v", r)
	}
	if path, ok := IncludedAt(m.Documents, a, 12); !ok || path != lib.Path {
		t.Errorf("it includes %s", path)
	}
	if path, ok := IncludedAt(m.Documents, a, len(a.Text())); ok {
		t.Errorf("the last line includes %s", path)
	}
}

func TestARenameRewritesEveryFile(t *testing.T) {
	m, dir := shared(t)
	lib := m.Docs()[0]
	r, _ := FindReferences(m.Documents, lib, strings.Index(lib.Text(), "mark"))
	rewrites, err := r.Rename("dot")
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, w := range rewrites {
		name, _ := filepath.Rel(dir, w.Path)
		got[name] = w.After
	}
	want := map[string]string{
		"lib.pxl": "DEF dot(x)\n  PLOT x x\nEND\n", "far.pxl": "SET far = 1\ndot(far)\n",
		"a.pxl": "INCLUDE \"lib.pxl\"\nINCLUDE \"far.pxl\"\ndot(3)\nSET x = 2\ndot x\n", "b.pxl": "INCLUDE \"lib.pxl\"\n  dot(4)\n",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v\nnot\n%v", got, want)
	}
	// The name is taken in one of the two programs alone.
	if _, err := r.Rename("far"); err == nil || !strings.HasPrefix(err.Error(), "in a.pxl: ") {
		t.Errorf("renamed: %v", err)
	}
}

func TestANameOfAFileThatCameInTheTextIsNotRenamed(t *testing.T) {
	m := newHandDocuments()
	m.OpenText("x", "", "INCLUDE \"l.pxl\"\nSET y = x\n;= FILE l.pxl\n;| SET x = 1\n;| \n")
	d := m.Active()
	r, ok := FindReferences(m.Documents, d, strings.Index(d.Text(), "x\n"))
	if !ok || len(r.All) != 1 {
		t.Fatalf("%+v", r)
	}
	if _, err := r.Rename("z"); err == nil {
		t.Error("it was renamed in one place alone")
	}
}
