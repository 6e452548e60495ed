package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// These tests keep the rules of the house: who may import whom, what lies at the
// top of the repository, and what builds without a C compiler.

const module = "gvpie"

// pkg is what go list says of a package.
type pkg struct {
	ImportPath   string
	Name         string
	Standard     bool
	Imports      []string // of the package itself
	TestImports  []string
	XTestImports []string
	Deps         []string // all it imports, directly or not
}

// own says whether an import path is of this module.
func own(path string) bool { return path == module || strings.HasPrefix(path, module+"/") }

// within says whether path is the room or a package in it.
func within(path string, rooms ...string) bool {
	return slices.ContainsFunc(rooms, func(room string) bool {
		room = module + "/" + room
		return path == room || strings.HasPrefix(path, room+"/")
	})
}

func isGio(path string) bool {
	return strings.HasPrefix(path, "gioui.org") || strings.HasPrefix(path, "github.com/oligo/gvcode")
}

func isWebGPU(path string) bool { return strings.HasPrefix(path, "github.com/cogentcore/webgpu") }

// house lists this module's packages.
func house(t *testing.T) []pkg {
	t.Helper()
	out, err := goTool(nil, "list", "-deps", "-json=ImportPath,Name,Standard,Imports,TestImports,XTestImports,Deps", "./...")
	if err != nil {
		t.Fatal(err)
	}
	var all []pkg
	for d := json.NewDecoder(strings.NewReader(out)); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		if !p.Standard && own(p.ImportPath) {
			all = append(all, p)
		}
	}
}

func goTool(env []string, args ...string) (string, error) {
	cmd := exec.Command("go", args...)
	cmd.Env = append(os.Environ(), env...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", errors.New("go " + strings.Join(args, " ") + ": " + err.Error() + "\n" + stderr.String())
	}
	return string(out), nil
}

func TestRuntimeKnowsNeitherGioNorWebGPU(t *testing.T) {
	for _, p := range house(t) {
		if !within(p.ImportPath, "runtime", "assets", "shaders") {
			continue
		}
		for _, dep := range p.Deps {
			if isGio(dep) || isWebGPU(dep) {
				t.Errorf("%s depends on %s", p.ImportPath, dep)
			}
		}
	}
}

func TestOnlyTheirRoomsImportGioAndWebGPU(t *testing.T) {
	for _, p := range house(t) {
		for _, imp := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
			if isGio(imp) && !within(p.ImportPath, "canvas/view", "editor", "app/ui") {
				t.Errorf("%s imports %s; only canvas/view, editor and app/ui may", p.ImportPath, imp)
			}
			if isWebGPU(imp) && !within(p.ImportPath, "canvas/gpu") {
				t.Errorf("%s imports %s; only canvas/gpu may", p.ImportPath, imp)
			}
		}
	}
}

func TestNothingButMainImportsApp(t *testing.T) {
	for _, p := range house(t) {
		if p.ImportPath == module || within(p.ImportPath, "app") {
			continue
		}
		for _, imp := range p.Imports {
			if within(imp, "app") {
				t.Errorf("%s imports %s; only main may import app", p.ImportPath, imp)
			}
		}
	}
}

// Each room imports, of this module, only the rooms listed for it. A room that is
// not listed needs a line here, and a reason.
func TestRoomsImportWhatTheyMay(t *testing.T) {
	pure := []string{"runtime/isa", "assets/glyph"}
	machine := append([]string{"runtime/machine"}, pure...)
	engine := append([]string{"runtime/engine", "runtime/pxl"}, machine...)
	liveedit := append([]string{"runtime/liveedit", "runtime/flow", "runtime/pxl"}, machine...)
	agent := slices.Concat([]string{"runtime/agent", "runtime/store", "runtime/cartridge", "runtime/watch"}, engine, liveedit)
	gpu := append([]string{"canvas/gpu", "shaders"}, engine...)
	worker := append([]string{"canvas/worker"}, gpu...)
	rooms := []struct {
		room string
		may  []string
	}{
		{"assets/glyph", nil},
		{"assets/theme", nil},
		{"assets", []string{"assets/glyph"}},
		{"shaders", pure},
		{"runtime/isa", nil},
		{"runtime/pxl", pure},
		{"runtime/machine", pure},
		{"runtime/engine", engine},
		{"runtime/liveedit", liveedit},
		{"runtime/difftest", engine},
		{"runtime/watch", nil},
		{"runtime/store", nil},
		{"runtime/cartridge", machine},
		{"runtime/agent/sandbox", nil},
		{"runtime/agent", agent},
		{"runtime/api", agent},
		{"runtime/mcp", append([]string{"runtime/store", "runtime/liveedit", "assets"}, engine...)},
		{"canvas/gpu", gpu},
		{"canvas/worker", worker},
		{"canvas/view", append([]string{"assets/theme"}, engine...)},
		{"editor", append([]string{"assets/theme"}, engine...)},
		{"app", slices.Concat([]string{"app", "assets", "editor", "canvas/view", "runtime/api", "runtime/mcp"}, agent, worker)},
	}
	for _, p := range house(t) {
		if p.ImportPath == module {
			continue
		}
		i := slices.IndexFunc(rooms, func(r struct {
			room string
			may  []string
		}) bool {
			return within(p.ImportPath, r.room)
		})
		if i < 0 {
			t.Errorf("%s is in no room of the house", p.ImportPath)
			continue
		}
		for _, imp := range p.Imports {
			if own(imp) && !within(imp, rooms[i].room) && !within(imp, rooms[i].may...) {
				t.Errorf("%s imports %s; it may import %s", p.ImportPath, imp, strings.Join(rooms[i].may, ", "))
			}
		}
	}
}

// A package named plain runtime would hide the standard one.
func TestNoPackageIsNamedRuntime(t *testing.T) {
	for _, p := range house(t) {
		if p.Name == "runtime" {
			t.Errorf("%s is named runtime", p.ImportPath)
		}
	}
}

func TestTopLevel(t *testing.T) {
	want := []string{
		"app", "canvas", "editor", "runtime", "shaders", "assets", "go.mod", "main.go", "README.md",
		"go.sum", "Makefile", ".ci", ".gitignore", "LICENSE",
	}
	ignored := []string{".git", "bin", "gvpie", "*.test", "*.prof"} // never committed
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		name := e.Name()
		out := slices.ContainsFunc(ignored, func(glob string) bool {
			match, _ := filepath.Match(glob, name)
			return match
		})
		if !out && !strings.HasSuffix(name, "_test.go") { // tests of package main
			got = append(got, name)
		}
	}
	for _, name := range got {
		if !slices.Contains(want, name) {
			t.Errorf("%s does not belong at the top of the repository", name)
		}
	}
	for _, name := range want {
		if !slices.Contains(got, name) {
			t.Errorf("%s is missing at the top of the repository", name)
		}
	}
}

// The README's one table says what each module that is imported is for.
func TestReadmeNamesEveryModule(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	out, err := goTool(nil, "list", "-m", "-f", "{{.Path}}", "all")
	if err != nil {
		t.Fatal(err)
	}
	modules := strings.Fields(out)
	used := map[string]bool{}
	for _, p := range house(t) {
		for _, imp := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
			longest := ""
			for _, m := range modules {
				if (imp == m || strings.HasPrefix(imp, m+"/")) && len(m) > len(longest) {
					longest = m
				}
			}
			if longest != "" && longest != module {
				used[longest] = true
			}
		}
	}
	for m := range used {
		if !strings.Contains(string(readme), "\n| `"+m+"` |") {
			t.Errorf("the README does not say what %s is for", m)
		}
	}
	for _, line := range strings.Split(string(readme), "\n") {
		name, ok := strings.CutPrefix(line, "| `")
		name, _, _ = strings.Cut(name, "`")
		if ok && slices.Contains(modules, name) && !used[name] {
			t.Errorf("the README lists %s, which nothing imports", name)
		}
	}
}

func TestRuntimeBuildsWithoutCgo(t *testing.T) {
	for _, system := range []string{"linux", "darwin", "windows"} {
		t.Run(system, func(t *testing.T) {
			if _, err := goTool([]string{"CGO_ENABLED=0", "GOOS=" + system}, "build", "./runtime/..."); err != nil {
				t.Error(err)
			}
		})
	}
}
