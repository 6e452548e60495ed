package cli

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"gvpie/app/cli/streams"
	"gvpie/canvas/worker"
	"gvpie/runtime/agent/sandbox"
	"gvpie/runtime/engine"
	"gvpie/runtime/pxl"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// TestMain lets the test binary be what the commands start, which is their own
// executable: the GPU worker, a confined script; and for tests a whole daemon, and what
// an editor debugs by.
func TestMain(m *testing.M) {
	sandbox.Child()
	if len(os.Args) > 1 && (os.Args[1] == "daemon" || os.Args[1] == "dap") {
		ctx, _ := signal.NotifyContext(context.Background(), streams.Interrupts()...)
		os.Exit(Main(ctx, os.Args[1:], Env{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv}))
	}
	if len(os.Args) > 1 && os.Args[1] == "gpu-worker" {
		os.Exit(worker.Main(os.Args[2:]))
	}
	os.Exit(m.Run())
}

// A world is an Env of buffers.
type world struct {
	stdin  string
	env    map[string]string
	window func(WindowOptions) error
}

// An ended command: its exit code and what it wrote.
type ended struct {
	code        int
	out, errout string
}

func (w world) run(t *testing.T, args ...string) ended {
	t.Helper()
	return w.runContext(t.Context(), args...)
}

func (w world) runContext(ctx context.Context, args ...string) ended {
	var out, errout bytes.Buffer
	code := Main(ctx, args, Env{
		Stdin: strings.NewReader(w.stdin), Stdout: &out, Stderr: &errout,
		Getenv: func(k string) string { return w.env[k] },
		Window: w.window,
	})
	return ended{code, out.String(), errout.String()}
}

// want compares all that a command left behind.
func (got ended) want(t *testing.T, want ended) {
	t.Helper()
	if got.code != want.code {
		t.Errorf("exit code %d, want %d", got.code, want.code)
	}
	if got.out != want.out {
		t.Errorf("standard output\n%swant\n%s", got.out, want.out)
	}
	if got.errout != want.errout {
		t.Errorf("standard error\n%swant\n%s", got.errout, want.errout)
	}
}

// file writes a file into a folder of the test's own, and works there.
func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// inFolder works in a new folder that holds the files, so that messages name
// them alone.
func inFolder(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// golden compares with a file in testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s: got\n%swant\n%s", path, got, want)
	}
}

func TestUsageErrorsSayWhatAndExitWith2(t *testing.T) {
	const runUsage = "Usage: gvpie run [FLAGS] FILE\nMore: gvpie help run\n"
	const windowUsage = "Usage: gvpie [--backend gpu|cpu|auto] [--addr HOST:PORT] [--new-window] [--status] [FILE…]\nMore: gvpie help\n"
	for _, tt := range []struct{ args, want string }{
		{"run", "gvpie: which FILE? (- is standard input)\n" + runUsage},
		{"run a.pxl b.pxl", "gvpie: one FILE at a time, not \"b.pxl\" as well\n" + runUsage},
		{"run --frames 0 a.pxl", "gvpie: invalid value \"0\" for --frames: it is a number from 1 to 2147483647\n" + runUsage},
		{"run a.pxl --max-cycles ten", "gvpie: invalid value \"ten\" for --max-cycles: it is a number from 1 to 4294967295\n" + runUsage},
		{"run --seed 0 a.pxl", "gvpie: invalid value \"0\" for --seed: it may not be 0\n" + runUsage},
		{"run --backend tpu a.pxl", "gvpie: invalid value \"tpu\" for --backend: it is gpu, cpu or auto\n" + runUsage},
		{"run --human", "gvpie: --human needs a value\n" + runUsage},
		{"run --nope a.pxl", "gvpie: there is no flag --nope\n" + runUsage},
		{"check", "gvpie: which FILE? (- is standard input)\nUsage: gvpie check FILE…\nMore: gvpie help check\n"},
		{"fmt -w -", "gvpie: -w cannot rewrite standard input\nUsage: gvpie fmt [-w] FILE…\nMore: gvpie help fmt\n"},
		{"version now", "gvpie: \"now\" is too much: this command takes no file\nUsage: gvpie version\nMore: gvpie help version\n"},
		{"help everything", "gvpie: there is no command \"everything\"\nUsage: gvpie help [COMMAND]\nMore: gvpie help help\n"},
		{"chekc", "gvpie: there is no command or file \"chekc\": did you mean gvpie check?\n" + windowUsage},
		{"--nope", "gvpie: there is no flag --nope\n" + windowUsage},
		{"-", "gvpie: the window cannot edit standard input; gvpie run - runs it\n" + windowUsage},
	} {
		t.Run(tt.args, func(t *testing.T) {
			world{}.run(t, strings.Fields(tt.args)...).want(t, ended{code: exitUsage, errout: tt.want})
		})
	}
}

func TestHelpOfEveryCommandSaysHowToUseIt(t *testing.T) {
	for _, cmd := range commands {
		if cmd.hidden {
			continue
		}
		asked := world{}.run(t, append([]string{"help"}, strings.Fields(cmd.name)...)...)
		flagged := world{}.run(t, append(strings.Fields(cmd.name), "--help")...)
		if asked != flagged {
			t.Errorf("gvpie help %s says\n%sgvpie %s --help says\n%s", cmd.name, asked.out, cmd.name, flagged.out)
		}
		if asked.code != exitOK || asked.errout != "" || !strings.Contains(asked.out, "Usage: "+cmd.usage()+"\n") {
			t.Errorf("gvpie help %s: exit code %d\n%s%s", cmd.name, asked.code, asked.out, asked.errout)
		}
	}
	if out := (world{}.run(t, "help")).out; strings.Contains(out, "gpu-worker") {
		t.Error("the help lists the hidden command")
	}
	golden(t, "help.golden", world{}.run(t, "help").out+"\n"+world{}.run(t, "help", "run").out)
}

func TestVersionNamesTheBuild(t *testing.T) {
	got := world{}.run(t, "version")
	if got.code != exitOK || !strings.HasPrefix(got.out, "gvpie ") || !strings.Contains(got.out, "(go1.") {
		t.Errorf("%+v", got)
	}
}

func TestWindowGetsTheFilesAndTheBackend(t *testing.T) {
	var got WindowOptions
	w := world{
		env:    map[string]string{"XDG_DATA_HOME": "/data", "GVPIE_LOG": "1"},
		window: func(o WindowOptions) error { got = o; return nil },
	}
	w.run(t, "a.pxl", "--backend", "cpu", "file:///home/ada/b%20c.pxl", "file://elsewhere/b.pxl").want(t, ended{})
	if strings.Join(got.Files, " ") != filepath.FromSlash("a.pxl /home/ada/b c.pxl")+" file://elsewhere/b.pxl" || got.Backend != engine.OnCPU {
		t.Errorf("files %q, backend %q", got.Files, got.Backend)
	}
	if got.Loop == nil || *got.Loop != engine.OnCPU {
		t.Error("the loop's programs run as the setting says, though --backend does")
	}
	if s := got.GPU.Status(); s.Reason != "--backend cpu" {
		t.Errorf("with --backend cpu the GPU's process is %s: %s", s.State, s.Reason)
	}
	if want := filepath.FromSlash("/data/gvpie/recovery"); got.Recovery != want {
		t.Errorf("unsaved text goes to %s, want %s", got.Recovery, want)
	}
	if want := filepath.FromSlash("/data/gvpie/session.json"); got.Session != want || got.NewWindow {
		t.Errorf("the session is at %s, want %s; a new window: %v", got.Session, want, got.NewWindow)
	}
	if w.run(t, "--new-window").want(t, ended{}); !got.NewWindow {
		t.Error("--new-window opens none")
	}
	if !got.Logger.Enabled(t.Context(), slog.LevelWarn) {
		t.Error("what goes wrong is not logged")
	}
	w.run(t).want(t, ended{})
	if got.Backend != engine.Auto || got.Loop != nil {
		t.Errorf("without --backend: %v, the loop %v", got.Backend, got.Loop)
	}
}

func TestWindowsErrorIsSaid(t *testing.T) {
	w := world{window: func(WindowOptions) error { return errors.New("the driver refused") }}
	w.run(t, "--backend", "cpu").want(t, ended{code: exitFailed, errout: "gvpie: the driver refused\n"})
}

func TestWithoutADisplayTheProgramRunsOnce(t *testing.T) {
	w := world{window: func(WindowOptions) error { return NoDisplay{errors.New("there is no display")} }}
	inFolder(t, map[string]string{"a.pxl": "LOG here\nHALT\n", "bad.pxl": "SET z = 0\nSET q = 1 / z\n", "worse.pxl": "TXTT\n"})

	got := w.run(t, "--backend", "cpu")
	if got.code != exitFailed || !strings.HasPrefix(got.out, "example hello: ") ||
		got.errout != "gvpie: there is no display\ngvpie: running example hello once, without a window\n" {
		t.Errorf("without a file: %+v", got)
	}
	got = w.run(t, "--backend", "cpu", "a.pxl")
	if got.code != exitFailed || !strings.HasPrefix(got.out, "here\na.pxl: halted after 2 cycles and 1 frame, on the CPU (") {
		t.Errorf("with a file: %+v", got)
	}
	got = w.run(t, "--backend", "cpu", "bad.pxl")
	if got.code != exitFailed || !strings.HasSuffix(got.errout, "bad.pxl:2:1: 1 is divided by zero [div_by_zero]\n") {
		t.Errorf("with a program that fails: %+v", got)
	}
	got = w.run(t, "--backend", "cpu", "worse.pxl")
	if got.code != exitFailed || !strings.Contains(got.errout, "worse.pxl:1:1: unknown opcode `TXTT`") {
		t.Errorf("with a program that does not assemble: %+v", got)
	}
}

func TestFilesThatCannotBeReadAreNamedWithTheReason(t *testing.T) {
	inFolder(t, map[string]string{
		"binary.pxl": "\x89PNG\r\n\x1a\n\x00\x00",
		"huge.pxl":   strings.Repeat("NOP ; five megabytes\n", 5<<20/21),
	})
	if err := os.Mkdir("folder", 0o755); err != nil {
		t.Fatal(err)
	}
	const binary = "binary.pxl:1:1: this is not text: byte 0x89 at offset 0 is no UTF-8 character; is it a picture or another binary file?\n"
	for _, tt := range []struct{ args, out, errout string }{
		{"run --backend cpu missing.pxl", "", "gvpie: missing.pxl: there is no such file\n"},
		{"run --backend cpu folder", "", "gvpie: folder: this is a folder, not a program\n"},
		{"run --backend cpu huge.pxl", "", "gvpie: huge.pxl: it is larger than 4 MB, which no program is\n"},
		{"run --backend cpu binary.pxl", "", binary},
		{"check missing.pxl folder binary.pxl", binary, "gvpie: missing.pxl: there is no such file\ngvpie: folder: this is a folder, not a program\n"},
		{"fmt missing.pxl", "", "gvpie: missing.pxl: there is no such file\n"},
		{"asm huge.pxl", "", "gvpie: huge.pxl: it is larger than 4 MB, which no program is\n"},
	} {
		t.Run(tt.args, func(t *testing.T) {
			world{}.run(t, strings.Fields(tt.args)...).want(t, ended{exitFailed, tt.out, tt.errout})
		})
	}
	t.Run("unreadable", func(t *testing.T) {
		if err := os.Chmod("binary.pxl", 0); err != nil {
			t.Fatal(err)
		}
		if f, err := os.Open("binary.pxl"); err == nil {
			f.Close()
			t.Skip("this user may read everything")
		}
		world{}.run(t, "asm", "binary.pxl").want(t, ended{exitFailed, "", "gvpie: binary.pxl: you may not read or write it\n"})
	})
}

func TestCheckPrintsEveryDiagnosticWithItsFix(t *testing.T) {
	const bad = "TXTT 1 1 hi\nRECT 1 2 3\nIF 1 == 1\nJMP nowhere\n.canvas 0 64\n"
	inFolder(t, map[string]string{"bad.pxl": bad, "good.pxl": "TXT 1 1 hi\n"})
	var want strings.Builder
	for _, d := range pxl.Assemble("bad.pxl", bad).Diagnostics {
		want.WriteString(withFix(d) + "\n")
	}
	world{}.run(t, "check", "bad.pxl", "good.pxl").want(t, ended{code: exitFailed, out: want.String()})
	for line, start := range strings.Split("bad.pxl:1:1: |bad.pxl:2:1: |bad.pxl:3:1: |bad.pxl:4:5: |bad.pxl:5:", "|") {
		if got := strings.Split(want.String(), "\n"); !strings.HasPrefix(got[line], start) {
			t.Errorf("line %d is %q, want it to begin with %q", line+1, got[line], start)
		}
	}
	if fix := "(fix: replace with TXT)\n"; !strings.Contains(want.String(), fix) {
		t.Errorf("no %q in\n%s", fix, &want)
	}
	world{}.run(t, "check", "good.pxl").want(t, ended{})
}

const messy = ".canvas 64 32\nloop:\ncls\nif x>10 set x=0\n  set x=x+1\ntxt 1 1 hi {x}\nframe\njmp loop\n"

func TestFormatPrintsAndRewrites(t *testing.T) {
	inFolder(t, map[string]string{"a.pxl": messy, "bad.pxl": "TXTT 1\n"})
	printed := world{}.run(t, "fmt", "a.pxl")
	piped := world{stdin: messy}.run(t, "fmt", "-")
	if printed != piped || printed.code != exitOK || printed.errout != "" {
		t.Errorf("from a file %+v, from standard input %+v", printed, piped)
	}
	world{}.run(t, "fmt", "-w", "a.pxl").want(t, ended{out: "a.pxl\n"})
	if now, err := os.ReadFile("a.pxl"); err != nil || string(now) != printed.out {
		t.Errorf("-w wrote %q, %v", now, err)
	}
	world{}.run(t, "fmt", "a.pxl", "-w").want(t, ended{})
	got := world{}.run(t, "fmt", "-w", "bad.pxl")
	if now, _ := os.ReadFile("bad.pxl"); got.code != exitFailed || string(now) != "TXTT 1\n" {
		t.Errorf("a file with errors: %+v, and then it is %q", got, now)
	}
	windows := "\ufeff" + strings.ReplaceAll(messy, "\n", "\r\n")
	if err := os.WriteFile("a.pxl", []byte(windows), 0o644); err != nil {
		t.Fatal(err)
	}
	world{}.run(t, "fmt", "-w", "a.pxl").want(t, ended{out: "a.pxl\n"})
	if now, _ := os.ReadFile("a.pxl"); string(now) != "\ufeff"+strings.ReplaceAll(printed.out, "\n", "\r\n") {
		t.Errorf("line ends and mark are not kept: %q", now)
	}
	world{}.run(t, "fmt", "-w", "a.pxl").want(t, ended{})
	if printed.out != pxl.Format(messy) || !strings.Contains(printed.out, "  FRAME\n") {
		t.Errorf("the format is\n%s", printed.out)
	}
}

func TestAsmListsAddressesAndWords(t *testing.T) {
	const hello = "TXT 10 10 HELLO GPU\nHALT\n"
	want := pxl.Listing(pxl.Assemble("<stdin>", hello))
	world{stdin: hello}.run(t, "asm", "-").want(t, ended{out: want})
	if !strings.Contains(want, "00000241 0000000A 0000000A 00000009") {
		t.Errorf("no words of TXT in\n%s", want)
	}
}

func TestAsmSaysWhatCompiles(t *testing.T) {
	const blocks = "EACH\nPUT px\nEND\nEACH\nLOG here\nEND\n"
	a := pxl.Assemble("<stdin>", blocks)
	want := pxl.Listing(a) + "; EACH at 8 (<stdin>:1) is compiled\n" +
		"; EACH at 17 (<stdin>:4) is compiled; texels that log, or whose ASSERT fails, are interpreted\n"
	world{stdin: blocks}.run(t, "asm", "-").want(t, ended{out: want})
	a.Program[15] = 0xFF // what was PUT
	if got, want := compiles(a), "; EACH at 8 (<stdin>:1) is interpreted: the instruction at 15 is always an error\n"; !strings.HasPrefix(got, want) {
		t.Errorf("%q, not %q", got, want)
	}
}

func TestWriteThatFailsLeavesTheOldFile(t *testing.T) {
	path := file(t, "out.png", "old")
	err := writeFile(path, 0o644, func(w io.Writer) error {
		w.Write([]byte("half"))
		return &os.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}
	})
	if err == nil || err.Error() != path+": the disk is full" {
		t.Errorf("the error is %v", err)
	}
	if now, _ := os.ReadFile(path); string(now) != "old" {
		t.Errorf("the file is now %q", now)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*")); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

func TestWriteGoesThroughALink(t *testing.T) {
	path := file(t, "real.pxl", "old")
	link := path + ".link"
	if err := os.Symlink(path, link); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := writeFile(link, 0o644, func(w io.Writer) error {
		_, err := w.Write([]byte("new"))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	now, _ := os.ReadFile(path)
	info, err := os.Lstat(link)
	if err != nil || string(now) != "new" || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the file is %q, the link %v, %v", now, info.Mode(), err)
	}
	if info, _ = os.Stat(path); info.Mode().Perm() != 0o600 {
		t.Errorf("the file's mode became %v", info.Mode())
	}
}
