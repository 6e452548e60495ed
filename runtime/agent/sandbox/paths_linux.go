//go:build amd64 || arm64

package sandbox

import (
	"debug/elf"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A pathRule is a file or folder that a script may use, with the accesses in
// Landlock's bits. Everything else does not exist for it.
type pathRule struct {
	path     string
	accesses uint64
}

// visible is all that a script sees: the Landlock rules and the folders of its own
// root are both made from it, so that they can't disagree. Executable are Python
// and its loader alone: a script may start Python, and no other program.
func (p plan) visible() []pathRule {
	rules := []pathRule{
		{p.Scratch, inScratch},
		{p.Python.Exe, readFile | execute},
		{"/dev/null", readFile | write},
		{"/dev/zero", readFile},
		{"/dev/urandom", readFile},
		{"/etc/ld.so.cache", readFile},
		{"/etc/localtime", readFile},
	}
	if loader := loaderOf(p.Python.Exe); loader != "" {
		rules = append(rules, pathRule{loader, readFile | execute})
	}
	libraries := append([]string{"/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/share/zoneinfo"}, p.Python.Library...)
	for _, path := range outermost(libraries) {
		rules = append(rules, pathRule{path, readFile | readDir})
	}
	return rules
}

// loaderOf is the program that the kernel starts to load exe, or "".
func loaderOf(exe string) string {
	f, err := elf.Open(exe)
	if err != nil {
		return ""
	}
	defer f.Close()
	for _, s := range f.Progs {
		if s.Type == elf.PT_INTERP {
			name := make([]byte, s.Filesz)
			if _, err := s.ReadAt(name, 0); err == nil {
				return strings.TrimRight(string(name), "\x00")
			}
		}
	}
	return ""
}

// outermost drops the paths that do not exist and those within another.
func outermost(paths []string) (roots []string) {
	slices.Sort(paths)
	for _, path := range slices.Compact(paths) {
		if _, err := os.Stat(path); err != nil {
			continue
		}
		within := func(outer string) bool { return strings.HasPrefix(path, outer+string(filepath.Separator)) }
		if !slices.ContainsFunc(roots, within) {
			roots = append(roots, path)
		}
	}
	return roots
}
