package cli

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAnExportIsImported(t *testing.T) {
	inFolder(t, map[string]string{"a.pxl": "LOG hi\n", "picture.png": "\x89PNG"})
	data, other := t.TempDir(), filepath.Join(t.TempDir(), "new")
	in(t, data, "script", "add", "a.pxl").want(t, ended{out: "a is script 2\n"})
	in(t, data, "export", "--out", "first").want(t, ended{out: "exported to " + abs(t, "first") + "\n"})
	got := in(t, other, "import", "first")
	if got.code != exitOK || got.errout != "" || !strings.Contains(got.out, "imported into "+other+"\n") || !strings.Contains(got.out, "\n  improvement_scripts  2\n") {
		t.Errorf("%+v", got)
	}
	in(t, other, "export", "--out", "second").want(t, ended{out: "exported to " + abs(t, "second") + "\n"})
	for _, name := range []string{"improvement_scripts.jsonl", "export.json", "settings.jsonl"} {
		a, err := os.ReadFile(filepath.Join("first", name))
		if err != nil {
			t.Fatal(err)
		}
		if b, err := os.ReadFile(filepath.Join("second", name)); err != nil || string(a) != string(b) {
			t.Errorf("%s: %v\n%s\n%s", name, err, a, b)
		}
	}
	if got = in(t, other, "import", "first"); got.code != exitOK || !strings.HasPrefix(got.out, "0 rows imported into ") || !strings.HasSuffix(got.out, " there already\n") {
		t.Errorf("again: %+v", got)
	}
	in(t, other, "verify").want(t, ended{out: "0 rows of the map, all as they were written\n"})
}

func TestWhatIsNoExportIsNotImported(t *testing.T) {
	inFolder(t, map[string]string{"picture.png": "\x89PNG"})
	if err := os.Mkdir("folder", 0o700); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(t.TempDir(), "data")
	in(t, data, "import", "picture.png").want(t, ended{code: exitFailed, errout: "gvpie: picture.png is a file: only the folder of an export, as gvpie export writes it, can be imported\n"})
	got := in(t, data, "import", "folder")
	if got.code != exitFailed || !strings.Contains(got.errout, "it is no folder that gvpie export wrote, or one that was not finished: folder has no export.json") {
		t.Errorf("%+v", got)
	}
	if _, err := os.Stat(data); err == nil {
		t.Error("a data folder was made")
	}
}

func abs(t *testing.T, path string) string {
	t.Helper()
	path, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// An interrupt is told apart from faults that were found.
func TestAnInterruptedVerifyOrExportSaysSo(t *testing.T) {
	inFolder(t, nil)
	data := t.TempDir()
	in(t, data, "script", "list")
	ctx, stop := context.WithCancel(t.Context())
	stop()
	for _, args := range [][]string{{"verify"}, {"export", "--out", "x"}} {
		var out, errout strings.Builder
		code := Main(ctx, append(args, "--data", data), Env{Stdout: &out, Stderr: &errout, Getenv: func(string) string { return "" }})
		if code != 130 || errout.String() != "gvpie: interrupted\n" || out.Len() > 0 {
			t.Errorf("%v: %d %q %q", args, code, out.String(), errout.String())
		}
	}
	if left, err := os.ReadDir("."); err != nil || len(left) != 0 {
		t.Error(left, err)
	}
}

func TestProgressIsOneLine(t *testing.T) {
	for _, c := range []struct {
		done, total int64
		want        string
	}{{0, 0, "a …"}, {5, 0, "a: 5"}, {5, 20, "a: 25 % (5 of 20)"}, {30, 20, "a: 100 % (30 of 20)"}} {
		if got := progressLine("a", c.done, c.total); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
