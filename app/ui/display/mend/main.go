// Mend writes the overlay (see go help build, -overlay) of a build in which faults
// of the window's toolkit are mended that its authors have not mended yet. The
// Makefile runs it before it builds.
//
//	go run gvpie/app/ui/display/mend DIR
//
// It copies the toolkit from the module cache to DIR, with our few lines in the
// place of the faulty ones, and writes DIR/overlay.json, which has the build take
// that copy. (The go command lets no overlay replace files in the module cache.) A
// line that is not there exactly as often as it should be is an error: the toolkit
// is then another one, and each mend has to be looked at again. Files that are
// already as they should be are left alone, and so is what was built with them.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: mend DIR")
		os.Exit(2)
	}
	if err := mend(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "mend:", err)
		os.Exit(1)
	}
}

// mend writes the copy and the overlay into dir.
func mend(dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	// On a fresh machine the module cache is empty.
	if _, err := command("mod", "download", toolkit); err != nil {
		return err
	}
	from, version, err := locate(toolkit)
	if err != nil {
		return err
	}
	if version != toolkitVersion {
		return fmt.Errorf("%s is %s, and the mends are for %s: look at each, whether it is still needed and still right, and say so in mends.go", toolkit, version, toolkitVersion)
	}
	to := filepath.Join(dir, toolkit)
	if err := copyMended(from, to, mends); err != nil {
		return err
	}
	here, _, err := locate("gvpie")
	if err != nil {
		return err
	}
	replace := map[string]string{}
	for name, changes := range ours(to) {
		from, to := filepath.Join(here, name), filepath.Join(dir, "gvpie", name)
		if err := copyFile(from, to, changes); err != nil {
			return err
		}
		replace[from] = to
	}
	overlay, err := json.MarshalIndent(map[string]any{"Replace": replace}, "", "\t")
	if err != nil {
		return err
	}
	return write(filepath.Join(dir, "overlay.json"), append(overlay, '\n'))
}

// copyMended copies a module's files, with the changes of each.
func copyMended(from, to string, changes map[string][]change) error {
	left := maps.Clone(changes)
	err := filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		delete(left, name)
		return copyFile(path, filepath.Join(to, name), changes[name])
	})
	for name := range left {
		err = errors.Join(err, fmt.Errorf("%s is not there any more, and was to be mended", filepath.Join(from, name)))
	}
	return err
}

func copyFile(from, to string, changes []change) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	for _, c := range changes {
		if text, err = c.made(text); err != nil {
			return fmt.Errorf("%s: %w", from, err)
		}
	}
	return write(to, text)
}

// locate gives where a module is, and its version, of those that this one is built
// with.
func locate(module string) (dir, version string, err error) {
	out, err := command("list", "-m", "-f", "{{.Dir}}\t{{.Version}}", module)
	dir, version, _ = strings.Cut(strings.TrimRight(out, "\n"), "\t")
	return dir, version, err
}

// command gives what a go command says. GOFLAGS may name the overlay that is not there
// yet.
func command(args ...string) (string, error) {
	cmd := exec.Command("go", args...)
	cmd.Env = append(os.Environ(), "GOFLAGS=")
	out, err := cmd.Output()
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		err = fmt.Errorf("go %s: %s", strings.Join(args, " "), bytes.TrimSpace(exit.Stderr))
	}
	return string(out), err
}

// write writes a file that is not yet as it should be.
func write(file string, text []byte) error {
	if is, err := os.ReadFile(file); err == nil && bytes.Equal(is, text) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o644)
}
