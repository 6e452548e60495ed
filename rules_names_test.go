package main

import (
	"bytes"
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// The sizes that keep a room readable.
const (
	maxFiles   = 40  // Go files in a folder, tests aside
	maxLines   = 400 // of a Go file that is neither a test nor generated
	maxMethods = 40  // of a type, in all its files
)

// Words this project once had for what the field has words for. As names of
// types, packages, files and exported functions they stay away.
var formerWords = map[string]string{
	"survivor": "failover", "comeback": "failback", "seat": "session", "arena": "allocator", "shelf": "cache, library, triple buffer",
	"ration": "quota", "hold": "reserve, limit", "door": "server", "lesson": "verdict", "board": "status", "homeless": "orphaned",
	"stir": "wake", "lead": "loop lock", "much": "", "side": "", "fit": "", "settle": "", "kept": "cached, pooled", "carry": "hot reload",
}

// source is a Go file of this module.
type source struct {
	path string // from the top of the repository
	text []byte
	*ast.File
}

func (s *source) test() bool { return strings.HasSuffix(s.path, "_test.go") }

// sources parses every Go file of this module, for whatever system it is.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	fset := token.NewFileSet()
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != "." && path != ".ci" && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "bin"):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go"):
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(fset, path, text, parser.SkipObjectResolution|parser.ParseComments)
		all = append(all, source{filepath.ToSlash(path), text, file})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestRoomsFilesAndTypesStaySmall(t *testing.T) {
	files, methods := map[string]int{}, map[string]int{}
	for _, s := range sources(t) {
		if s.test() {
			continue
		}
		dir := filepath.Dir(s.path)
		files[dir]++
		if n := bytes.Count(s.text, []byte("\n")); n > maxLines && !ast.IsGenerated(s.File) {
			t.Errorf("%s has %d lines, more than %d", s.path, n, maxLines)
		}
		for _, d := range s.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil {
				methods[dir+"."+receiver(f.Recv.List[0].Type)]++
			}
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(files)) {
		if files[dir] > maxFiles {
			t.Errorf("%s has %d Go files beside its tests, more than %d", dir, files[dir], maxFiles)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(methods)) {
		if methods[name] > maxMethods {
			t.Errorf("%s has %d methods, more than %d", name, methods[name], maxMethods)
		}
	}
}

// receiver is the name of a method's type.
func receiver(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.IndexListExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}

func TestNamesAreWordsOfTheField(t *testing.T) {
	for _, s := range sources(t) {
		check := func(what, name string) {
			for _, w := range words(name) {
				if better, former := formerWords[w]; former {
					t.Errorf("%s: %s %s says %q; the field says %s", s.path, what, name, w, cmp.Or(better, "what is meant"))
				}
			}
		}
		check("the file", strings.TrimSuffix(filepath.Base(s.path), ".go"))
		check("package", s.Name.Name)
		for _, d := range s.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && !s.test() { // a test's name is a sentence
					check("the function", d.Name.Name)
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					if typ, ok := spec.(*ast.TypeSpec); ok {
						check("type", typ.Name.Name)
					}
				}
			}
		}
	}
}

// words parts a name at capitals, underlines and digits, in lower case and
// without a plural's s.
func words(name string) []string {
	var out []string
	var word []rune
	end := func() {
		if len(word) > 0 {
			w := strings.ToLower(string(word))
			if w == "shelves" {
				w = "shelf"
			}
			out = append(out, strings.TrimSuffix(w, "s"))
			word = nil
		}
	}
	runes := []rune(name)
	for i, r := range runes {
		lowerBefore := i > 0 && !unicode.IsUpper(runes[i-1])
		lowerAfter := i+1 < len(runes) && unicode.IsLower(runes[i+1])
		if unicode.IsUpper(r) && (lowerBefore || lowerAfter) || !unicode.IsLetter(r) {
			end()
		}
		if unicode.IsLetter(r) {
			word = append(word, r)
		}
	}
	end()
	return out
}
