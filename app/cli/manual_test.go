package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gvpie/app/cli/manual"
	"gvpie/assets/share"
)

// complete is what bash completes the last of words to.
func complete(t *testing.T, words ...string) string {
	t.Helper()
	cmd := exec.Command("bash", append([]string{"-c", described().Completion("bash") + `
compopt() { :; }
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_gvpie
echo "${COMPREPLY[*]}"`, "bash"}, words...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

func TestBashCompletesCommandsFlagsAndChoices(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("there is no bash")
	}
	for _, tt := range []struct{ line, want string }{
		{"gvpie impr", "improve"},
		{"gvpie --st", "--status"},
		{"gvpie run --back", "--backend"},
		{"gvpie run --backend g", "gpu"},
		{"gvpie --backend c", "cpu"},
		{"gvpie run --frames 1", ""},
		{"gvpie run a", ""}, // files are the shell's own matter
		{"gvpie script en", "enable"},
		{"gvpie help prov", "prove"},
		{"gvpie nothing --x", ""},
	} {
		if got := complete(t, strings.Fields(tt.line)...); got != tt.want {
			t.Errorf("%s is completed to %q, not %q", tt.line, got, tt.want)
		}
	}
}

func TestEveryShellReadsItsCompletion(t *testing.T) {
	for _, shell := range manual.Shells {
		if _, err := exec.LookPath(shell); err != nil {
			continue // bash, which all have here, runs it above
		}
		got := world{}.run(t, "completion", shell)
		if got.code != exitOK || !strings.Contains(got.out, "improve") {
			t.Errorf("%s: %+v", shell, got)
		}
		cmd := exec.Command(shell, "-n")
		cmd.Stdin = strings.NewReader(got.out)
		if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
			t.Errorf("%s: %s%v", shell, out, err)
		}
	}
	if got := (world{}).run(t, "completion", "tcsh"); got.code != exitUsage || !strings.Contains(got.errout, "which shell? it is bash, zsh, fish") {
		t.Errorf("tcsh: %+v", got)
	}
}

// An installation has a page for every command, and all that a desktop looks for; its
// unit names the program where it will be, not where the package is made.
func TestAnInstallationIsWhole(t *testing.T) {
	root := t.TempDir()
	if got := (world{}).run(t, "install-files", "--root", root, "/usr/local"); got.code != exitOK {
		t.Fatal(got.errout)
	}
	at := filepath.Join(root, "usr", "local")
	read := func(name string) string {
		b, err := os.ReadFile(filepath.Join(at, name))
		if err != nil {
			t.Error(err)
		}
		return string(b)
	}
	if unit := read("lib/systemd/user/gvpie.service"); !strings.Contains(unit, "ExecStart=\"/usr/local/bin/gvpie\" \"daemon\" \"--journal\"\n") {
		t.Errorf("the unit is\n%s", unit)
	}
	if read("share/applications/gvpie.desktop") != share.Entry || read("share/mime/packages/gvpie.xml") != share.Types {
		t.Error("a desktop is told something else")
	}
	if img := readPNG(t, filepath.Join(at, "share/icons/hicolor/48x48/apps/gvpie.png")); img.Rect.Dx() != 48 {
		t.Errorf("the icon is %v", img.Rect)
	}
	read("share/icons/hicolor/scalable/apps/gvpie.svg")
	pages, err := filepath.Glob(filepath.Join(at, "share/man/man1/*.1"))
	if err != nil {
		t.Fatal(err)
	}
	wanted := 0
	for _, cmd := range commands {
		if !cmd.hidden {
			wanted++
		}
	}
	if len(pages) != wanted {
		t.Errorf("%d pages for %d commands", len(pages), wanted)
	}
	page := read("share/man/man1/gvpie-run.1")
	for _, want := range []string{".TH \"GVPIE\\-RUN\" 1", ".SH OPTIONS\n", "\\fB\\-\\-frames\\fR \\fIN\\fR\n", "GVPIE_COMPILE=now"} {
		if !strings.Contains(page, want) {
			t.Errorf("run's page has no %q", want)
		}
	}
	if strings.Contains(page, "\n'") || strings.Contains(page, "`") {
		t.Error("run's page has quotes that man takes for its own")
	}
	if got := (world{}).run(t, "install-files", "here"); got.code != exitUsage {
		t.Errorf("a prefix that hangs on the folder is taken: %+v", got)
	}
}
