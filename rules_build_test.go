package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// What runtime/* and the studio's model are built for, besides the system the tests
// run on, and without cgo; the rooms that a page in a browser needs are built for
// js/wasm too.
var systems = []struct {
	os, arch string
	rooms    []string
}{
	{"linux", "amd64", []string{"./runtime/...", "./app/studio/..."}},
	{"darwin", "arm64", []string{"./runtime/...", "./app/studio/..."}},
	{"windows", "amd64", []string{"./runtime/...", "./app/studio/..."}},
	{"js", "wasm", []string{"./runtime/isa", "./runtime/flow", "./runtime/pxl/...", "./runtime/machine", "./runtime/record", "./runtime/engine"}},
}

// TestRuntimeBuildsWithoutCgo has go list choose the files of each system, and
// checks their types: all that a compiler could refuse, at a tenth of what it
// costs to compile the standard library and SQLite for each. make soak compiles.
func TestRuntimeBuildsWithoutCgo(t *testing.T) {
	soak := os.Getenv("GVPIE_SOAK") != ""
	parsed := &parsedFiles{fset: token.NewFileSet()}
	for _, s := range systems {
		t.Run(s.os+"/"+s.arch, func(t *testing.T) {
			env := []string{"CGO_ENABLED=0", "GOOS=" + s.os, "GOARCH=" + s.arch}
			if soak {
				if _, err := goTool(env, append([]string{"build"}, s.rooms...)...); err != nil {
					t.Error(err)
				}
				return
			}
			t.Parallel()
			all, err := list(env, append([]string{"-deps"}, s.rooms...)...)
			if err != nil {
				t.Fatal(err)
			}
			for _, err := range parsed.check(all, s.arch) {
				t.Error(err)
			}
		})
	}
}

// parsedFiles are source files, each parsed once for all systems that have it.
type parsedFiles struct {
	fset  *token.FileSet
	files sync.Map // path → func() (*ast.File, error)
}

func (p *parsedFiles) file(path string) (*ast.File, error) {
	once := sync.OnceValues(func() (*ast.File, error) {
		return parser.ParseFile(p.fset, path, nil, parser.SkipObjectResolution)
	})
	parse, _ := p.files.LoadOrStore(path, once)
	return parse.(func() (*ast.File, error))()
}

// check checks the types of the packages that go list gave, those that others
// import first. Function bodies are looked into in this module alone.
func (p *parsedFiles) check(all []pkg, arch string) []error {
	var wrong []error
	known := map[string]*types.Package{"unsafe": types.Unsafe}
	for _, l := range all {
		if l.ImportPath == "unsafe" {
			continue
		}
		files := make([]*ast.File, 0, len(l.GoFiles))
		for _, name := range l.GoFiles {
			f, err := p.file(filepath.Join(l.Dir, name))
			if err != nil {
				return append(wrong, err)
			}
			files = append(files, f)
		}
		conf := types.Config{
			IgnoreFuncBodies: !own(l.ImportPath),
			Sizes:            types.SizesFor("gc", arch),
			Importer: importerFunc(func(path string) (*types.Package, error) {
				if to, ok := l.ImportMap[path]; ok {
					path = to
				}
				if got := known[path]; got != nil {
					return got, nil
				}
				return nil, fmt.Errorf("go list does not give %s", path)
			}),
			Error: func(err error) {
				if own(l.ImportPath) {
					wrong = append(wrong, err)
				}
			},
		}
		known[l.ImportPath], _ = conf.Check(l.ImportPath, p.fset, files, nil)
	}
	return wrong
}

type importerFunc func(string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }
