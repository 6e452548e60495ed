package include_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gvpie/runtime/pxl/include"
	"gvpie/runtime/pxl/syntax"
)

func TestAFolderGivesItsOwnFilesAlone(t *testing.T) {
	top := t.TempDir()
	at := func(name string) string { return filepath.Join(top, filepath.FromSlash(name)) }
	for name, text := range map[string]string{"secret.pxl": "no", "games/main.pxl": "m", "games/lib/a.pxl": "a"} {
		if err := os.MkdirAll(filepath.Dir(at(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at(name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for link, to := range map[string]string{"games/b.pxl": "lib/a.pxl", "games/out.pxl": "../secret.pxl", "games/up": "..", "games/abs.pxl": at("secret.pxl"), "games/loop": "loop"} {
		if err := os.Symlink(to, at(link)); err != nil {
			t.Skip("no links here:", err)
		}
	}
	if err := os.WriteFile(at("games/huge.pxl"), []byte(strings.Repeat("; ", syntax.MaxSource)), 0o644); err != nil {
		t.Fatal(err)
	}
	d := include.Of(at("games/main.pxl"))
	for name, want := range map[string]string{"lib/a.pxl": "lib/a.pxl", "b.pxl": "lib/a.pxl", "lib/../lib/a.pxl": "lib/a.pxl", "main.pxl": "main.pxl"} {
		if got, text, err := d.Open(name); got != want || err != nil || text != want[len(want)-5:len(want)-4] && want != "main.pxl" {
			t.Errorf("%s is %s %q %v", name, got, text, err)
		}
	}
	for name, want := range map[string]error{"gone.pxl": fs.ErrNotExist, "out.pxl": syntax.ErrOutside, "up/secret.pxl": syntax.ErrOutside, "abs.pxl": syntax.ErrOutside, "../secret.pxl": syntax.ErrOutside} {
		if _, text, err := d.Open(name); !errors.Is(err, want) || text != "" {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
	for _, name := range []string{"lib", "loop", "huge.pxl"} {
		if _, _, err := d.Open(name); err == nil || strings.Contains(err.Error(), top) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if d.Main() != "main.pxl" || include.Of(at("games/b.pxl")).Main() != "lib/a.pxl" || include.Of(at("games/new.pxl")).Main() != "new.pxl" {
		t.Error("the program's own path")
	}
}
