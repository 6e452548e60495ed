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
	"sync"
	"testing"
)

// These tests keep the rules of the house: who may import whom, what lies at the
// top of the repository, and what builds without a C compiler.

const module = "gvpie"

// pkg is what go list says of a package.
type pkg struct {
	Dir          string
	ImportPath   string
	ImportMap    map[string]string // what an import stands for, where that is another path
	Name         string
	Standard     bool
	GoFiles      []string
	CgoFiles     []string
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

// list is go list, of this module and what it imports, in an order in which each
// package comes after its imports.
func list(env []string, args ...string) ([]pkg, error) {
	out, err := goTool(env, append([]string{"list", "-json=Dir,ImportPath,ImportMap,Name,Standard,GoFiles,CgoFiles,Imports,TestImports,XTestImports,Deps"}, args...)...)
	if err != nil {
		return nil, err
	}
	var all []pkg
	for d := json.NewDecoder(strings.NewReader(out)); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
}

var listed = sync.OnceValues(func() ([]pkg, error) { return list(nil, "./...") })

// house lists this module's packages.
func house(t *testing.T) []pkg {
	t.Helper()
	all, err := listed()
	if err != nil {
		t.Fatal(err)
	}
	return all
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
		if !within(p.ImportPath, "runtime", "assets", "shaders", "app/studio") {
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
			if isGio(imp) && !within(p.ImportPath, "canvas/view", "canvas/rest", "editor", "app/ui") {
				t.Errorf("%s imports %s; only canvas/view, canvas/rest, editor and app/ui may", p.ImportPath, imp)
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

// rooms says which packages of this module each room imports; a name stands for
// the packages in it too, but not for rooms that have a line of their own. Lower
// floors come first: no line names one that is below it. A room that is not
// listed needs a line here, and a reason.
var rooms = []struct{ room, imports string }{
	{"assets/glyph", ""},
	{"assets/theme", ""},
	{"assets/bench", ""},
	{"assets/share", ""},
	{"assets", "assets/glyph"},
	{"runtime/isa", ""},
	{"runtime/watch", ""},
	{"runtime/atomicfile", ""},
	{"runtime/regularfile", ""},
	{"runtime/plaintext", ""},
	{"runtime/filelock", ""},
	{"runtime/cputime", ""},
	{"runtime/film", ""},
	{"runtime/battery", ""},
	{"runtime/token", ""},
	{"runtime/store/disk", ""},
	{"runtime/store/sqlquery", ""},
	{"runtime/store/sqlitefile", "runtime/regularfile"},
	{"runtime/store/archive", "runtime/regularfile runtime/store/disk runtime/store/sqlquery"},
	{"runtime/textfile", ""},
	{"runtime/agent/sandbox", "runtime/filelock"},
	{"shaders", "assets/glyph runtime/isa"},
	{"runtime/flow", "runtime/isa"},
	{"runtime/kernel", "runtime/isa runtime/flow"},
	{"shaders/each", "runtime/isa runtime/kernel"},
	{"runtime/compiled/wasm", "runtime/isa runtime/flow runtime/kernel"},
	{"runtime/pxl/slip", ""},
	{"runtime/pxl/syntax", "runtime/isa runtime/pxl/slip"},
	{"runtime/pxl/include", "runtime/regularfile runtime/pxl/syntax"},
	{"runtime/store/bundle", "runtime/pxl/include runtime/store/sqlquery"},
	{"runtime/store/chain", "runtime/store/bundle runtime/store/sqlquery"},
	{"runtime/store/improvement", "runtime/store/bundle runtime/store/sqlquery"},
	{"runtime/store", "runtime/atomicfile runtime/regularfile runtime/plaintext runtime/filelock runtime/store/disk runtime/store/sqlquery runtime/store/bundle runtime/store/chain runtime/store/improvement runtime/store/sqlitefile runtime/store/archive"},
	{"runtime/pxl/check", "runtime/isa runtime/flow runtime/pxl/slip runtime/pxl/syntax"},
	{"runtime/pxl/lint", "runtime/isa runtime/pxl/slip runtime/pxl/syntax runtime/pxl/check"},
	{"runtime/pxl/codegen", "runtime/isa runtime/flow runtime/pxl/syntax runtime/pxl/check runtime/pxl/lint"},
	{"runtime/pxl/picture", "runtime/isa runtime/regularfile runtime/pxl/syntax"},
	{"runtime/pxl/format", "runtime/isa runtime/flow runtime/pxl/syntax runtime/pxl/check runtime/pxl/lint runtime/pxl/codegen"},
	{"runtime/pxl/service", "runtime/isa runtime/flow runtime/pxl/syntax runtime/pxl/check"},
	{"runtime/pxl", "runtime/isa runtime/flow runtime/pxl/syntax runtime/pxl/include runtime/pxl/check runtime/pxl/codegen runtime/pxl/format runtime/pxl/service"},
	{"runtime/machine/lanes", "runtime/isa"},
	{"runtime/machine", "runtime/isa runtime/machine/lanes assets/glyph"},
	{"runtime/cartridge", "runtime/isa runtime/machine runtime/regularfile"},
	{"runtime/record", "runtime/isa runtime/machine runtime/regularfile"},
	{"runtime/engine", "runtime/isa runtime/machine runtime/record"},
	{"runtime/compiled", "runtime/isa runtime/flow runtime/kernel runtime/compiled/wasm runtime/machine runtime/engine"},
	{"runtime/liveedit", "runtime/isa runtime/flow runtime/machine runtime/pxl"},
	{"runtime/debug/expr", "runtime/isa runtime/pxl runtime/pxl/syntax"},
	{"runtime/debug", "runtime/debug/expr runtime/isa runtime/liveedit runtime/machine runtime/pxl runtime/record"},
	{"runtime/dap", "runtime/debug runtime/liveedit runtime/machine runtime/pxl runtime/record"},
	{"runtime/generate", "runtime/isa runtime/flow runtime/machine runtime/pxl runtime/pxl/include"},
	{"runtime/debug/why", "runtime/isa runtime/machine runtime/record runtime/pxl runtime/debug runtime/debug/expr"},
	{"runtime/improve", "runtime/isa runtime/flow runtime/machine runtime/pxl runtime/liveedit"},
	{"runtime/improve/campaign", "runtime/improve"},
	{"runtime/improve/rules", "runtime/isa runtime/machine runtime/pxl runtime/pxl/include runtime/pxl/syntax runtime/improve"},
	{"runtime/improve/solver", "runtime/isa"},
	{"runtime/improve/search", "runtime/isa runtime/flow runtime/pxl/syntax runtime/improve runtime/improve/rules runtime/improve/solver"},
	{"runtime/improve/fleet", "runtime/token runtime/improve/campaign"},
	{"runtime/improve/llm", "runtime/improve"},
	{"runtime/improve/proposers", "runtime/isa runtime/machine runtime/engine runtime/improve runtime/improve/campaign runtime/improve/rules runtime/improve/search"},
	{"runtime/improve/picture", "assets/glyph runtime/isa runtime/machine runtime/pxl/syntax runtime/pxl/picture runtime/improve"},
	{"runtime/improve/judge", "runtime/machine runtime/improve runtime/improve/picture"},
	{"runtime/difftest", "runtime/isa runtime/flow runtime/machine runtime/pxl runtime/record runtime/engine runtime/compiled runtime/generate"},
	{"runtime/benchmark", "assets assets/bench assets/theme runtime/isa runtime/machine runtime/pxl runtime/debug runtime/debug/why runtime/record runtime/engine runtime/cputime runtime/improve runtime/improve/picture runtime/improve/proposers runtime/improve/search"},
	{"runtime/agent/idle", "runtime/battery runtime/store runtime/improve runtime/improve/campaign runtime/improve/judge runtime/improve/picture"},
	{"runtime/agent", "runtime/agent/idle runtime/isa runtime/machine runtime/pxl runtime/pxl/include runtime/engine runtime/liveedit runtime/improve runtime/store runtime/store/disk runtime/cartridge runtime/atomicfile runtime/regularfile runtime/plaintext runtime/filelock runtime/watch runtime/agent/sandbox"},
	{"runtime/mcp", "assets runtime/isa runtime/machine runtime/pxl runtime/record runtime/debug runtime/debug/why runtime/engine runtime/liveedit runtime/improve runtime/improve/judge runtime/improve/proposers runtime/improve/search runtime/store runtime/cartridge runtime/agent"},
	{"runtime/api", "runtime/token runtime/isa runtime/machine runtime/pxl runtime/record runtime/engine runtime/liveedit runtime/store runtime/cartridge runtime/agent"},
	{"runtime/host", "assets runtime/agent/idle runtime/improve runtime/improve/campaign runtime/improve/llm runtime/improve/proposers runtime/engine runtime/store runtime/agent runtime/api runtime/atomicfile"},
	{"canvas/gpu", "runtime/cputime shaders shaders/each runtime/kernel runtime/isa runtime/flow runtime/machine runtime/engine"},
	{"canvas/worker", "canvas/gpu runtime/cputime runtime/isa runtime/machine runtime/record runtime/engine"},
	{"canvas/rest", ""},
	{"canvas/view", "assets/theme runtime/machine canvas/rest"},
	{"editor", "canvas/rest assets/theme runtime/textfile runtime/pxl runtime/pxl/syntax runtime/pxl/service"},
	{"app/studio/mailbox", ""},
	{"app/studio/notice", ""},
	{"app/studio/textdiff", ""},
	{"app/studio/debugger", "runtime"},
	{"app/studio/files", "runtime"},
	{"app/studio/recovery", "runtime app/studio/files app/studio/mailbox"},
	{"app/studio/session", "runtime app/studio/files app/studio/mailbox"},
	{"app/studio/loop", "runtime app/studio/files app/studio/mailbox app/studio/notice app/studio/textdiff"},
	{"app/studio/sprites", "runtime"},
	{"app/studio/pages", "runtime"},
	{"app/studio", "runtime app/studio/debugger app/studio/files app/studio/recovery app/studio/loop app/studio/mailbox app/studio/notice app/studio/textdiff"},
	{"app/ui/display", ""},
	{"app/ui/portal", ""},
	{"app/ui/primary", "app/studio/mailbox"},
	{"app/ui/kit", "assets assets/theme canvas/rest"},
	{"app/ui/loop", "assets assets/theme canvas/rest app/ui/kit app/studio app/studio/files app/studio/loop app/studio/mailbox app/studio/notice app/studio/textdiff canvas/view editor runtime"},
	{"app/ui/sprites", "runtime app/studio/sprites app/ui/kit"},
	{"app/ui/debugger", "app/ui/kit app/studio app/studio/debugger app/studio/notice app/studio/pages canvas/view runtime"},
	{"app/ui", "app/studio/sprites app/ui/sprites assets assets/theme app/ui/display app/ui/portal app/ui/primary app/ui/kit app/ui/loop app/ui/debugger app/studio app/studio/debugger app/studio/recovery app/studio/session app/studio/files app/studio/loop app/studio/mailbox app/studio/notice app/studio/textdiff canvas/view editor runtime"},
	{"app/cli/streams", ""},
	{"app/cli/manual", ""},
	{"app/cli", "app/cli/streams app/cli/manual assets assets/share canvas/worker runtime app/studio/textdiff app/ui/display"},
}

// roomOf gives the index in rooms of the room that a package is in, the innermost;
// -1 for none.
func roomOf(path string) int {
	best := -1
	for i, r := range rooms {
		if within(path, r.room) && (best < 0 || len(r.room) > len(rooms[best].room)) {
			best = i
		}
	}
	return best
}

func TestRoomsImportWhatTheyMay(t *testing.T) {
	for _, p := range house(t) {
		if p.ImportPath == module {
			continue
		}
		i := roomOf(p.ImportPath)
		if i < 0 {
			t.Errorf("%s is in no room of the house", p.ImportPath)
			continue
		}
		may := strings.Fields(rooms[i].imports)
		for _, imp := range p.Imports {
			if !own(imp) {
				continue
			}
			to := roomOf(imp)
			allowed := to == i || to >= 0 && (slices.Contains(may, rooms[to].room) || slices.Contains(may, "runtime") && within(imp, "runtime"))
			if !allowed {
				t.Errorf("%s imports %s; it may import %s", p.ImportPath, imp, rooms[i].imports)
			}
		}
	}
	for i, r := range rooms {
		for _, name := range strings.Fields(r.imports) {
			if at := roomOf(module + "/" + name); name != "runtime" && at >= i {
				t.Errorf("the line of %s names %s, which comes after it", r.room, name)
			}
		}
	}
}

// What a room must not bring along, by whichever way.
func TestRoomsBringNothingHeavyAlong(t *testing.T) {
	all := map[string]pkg{}
	deps, err := list(nil, "-deps", "./...")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range deps {
		all[p.ImportPath] = p
	}
	for _, p := range house(t) {
		for _, dep := range p.Deps {
			switch d := all[dep]; {
			case p.ImportPath == module && own(dep) && slices.Contains(d.Imports, "testing"): // what others need is theirs
				t.Errorf("the program brings %s along, which imports package testing", dep)
			case within(p.ImportPath, "canvas/gpu") && within(dep, "runtime/pxl"):
				t.Errorf("%s depends on %s: the GPU knows words, not texts", p.ImportPath, dep)
			case within(p.ImportPath, "app/studio") && (within(dep, "canvas") || !d.Standard && len(d.CgoFiles) > 0):
				t.Errorf("%s depends on %s: the model builds without a C compiler", p.ImportPath, dep)
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
	windows, err := list([]string{"GOOS=windows"}, "./...")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range slices.Concat(house(t), windows) {
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
