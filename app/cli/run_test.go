package cli

import (
	"context"
	"encoding/json"
	"image"
	"image/draw"
	"image/png"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"gvpie/canvas/worker"
	"gvpie/runtime/compiled"
	"gvpie/runtime/difftest"
	"gvpie/runtime/engine"
)

const corpus = "../../runtime/difftest/testdata/corpus"

// expected is one line of the corpus' answers.
type expected struct {
	File    string
	Frames  int
	Machine string `json:"machine_sha256"`
	Log     string
	Error   *struct {
		Code string
		Line int
	}
}

func readCorpus(t *testing.T) (all []expected) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(corpus, "expected.json"))
	if err == nil {
		err = json.Unmarshal(b, &all)
	}
	if err != nil {
		t.Fatal(err)
	}
	if len(all) == 0 {
		t.Fatal("the corpus is empty")
	}
	return all
}

// runJSON runs a program with --json and reads the answer.
func runJSON(t *testing.T, args ...string) (report, ended) {
	t.Helper()
	got := world{}.run(t, append([]string{"run", "--json"}, args...)...)
	var r report
	d := json.NewDecoder(strings.NewReader(got.out))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil || d.More() {
		t.Fatalf("standard output is not one object (%v):\n%s%s", err, got.out, got.errout)
	}
	if r.Success != (got.code == exitOK) || r.Success != (r.Error == nil) {
		t.Errorf("exit code %d with\n%s", got.code, got.out)
	}
	return r, got
}

// runCase runs one program of the corpus and holds it to its answer.
func runCase(t *testing.T, e expected, backend string) report {
	t.Helper()
	r, _ := runJSON(t, "--backend", backend, "--frames", strconv.Itoa(e.Frames), filepath.Join(corpus, e.File))
	if want := strings.ToUpper(backend); r.Backend != want && (backend != "auto" || r.Backend != "CPU" && r.Backend != "GPU") {
		t.Errorf("it ran on the %s, want %s", r.Backend, want)
	}
	if r.Machine != e.Machine {
		t.Errorf("machine texture %s, want %s", r.Machine, e.Machine)
	}
	if r.Log != e.Log {
		t.Errorf("log %q, want %q", r.Log, e.Log)
	}
	switch {
	case e.Error == nil && r.Error != nil:
		t.Errorf("it failed: %+v", *r.Error)
	case e.Error != nil && r.Error == nil:
		t.Errorf("it did not fail with %s", e.Error.Code)
	case e.Error != nil && (r.Error.Code != e.Error.Code || r.Error.Line != e.Error.Line):
		t.Errorf("it failed with %s at line %d, want %s at line %d", r.Error.Code, r.Error.Line, e.Error.Code, e.Error.Line)
	}
	return r
}

func TestCorpusOnTheCPU(t *testing.T) {
	for _, e := range readCorpus(t) {
		t.Run(e.File, func(t *testing.T) { runCase(t, e, "cpu") })
	}
}

// TestCorpusOnEither is for who asks for neither: whichever is chosen, the answers are
// the same.
func TestCorpusOnEither(t *testing.T) {
	for _, e := range readCorpus(t) {
		t.Run(e.File, func(t *testing.T) { runCase(t, e, "auto") })
	}
}

func TestCorpusOnTheGPU(t *testing.T) {
	s := worker.Start(worker.Config{})
	err := s.WaitReady(t.Context())
	s.Close()
	if err != nil {
		difftest.SkipWithoutGPU(t, err)
	}
	for _, e := range readCorpus(t) {
		t.Run(e.File, func(t *testing.T) {
			gpu, cpu := runCase(t, e, "gpu"), runCase(t, e, "cpu")
			if want := (stages{"cpu", "gpu", "gpu", "gpu"}); gpu.Stages != want {
				t.Errorf("on the GPU the stages were %+v", gpu.Stages)
			}
			gpu.Backend, gpu.Stages, gpu.DurationMS = cpu.Backend, cpu.Stages, cpu.DurationMS
			gpu.Compiled = cpu.Compiled
			if !reflect.DeepEqual(gpu, cpu) {
				t.Errorf("on the GPU\n%+v\non the CPU\n%+v", gpu, cpu)
			}
		})
	}
}

func TestJSONOfHello(t *testing.T) {
	r, got := runJSON(t, "--backend", "cpu", filepath.Join(corpus, "01_hello_gpu.pxl"))
	if r.DurationMS <= 0 {
		t.Errorf("it took %g ms", r.DurationMS)
	}
	if len(r.Human) != 64 || got.errout != "" {
		t.Errorf("human texture %q, standard error %q", r.Human, got.errout)
	}
	r.DurationMS, r.Human, r.Machine = 0, "", ""
	want := report{Success: true, Cycles: 2, Frames: 1, Backend: "CPU", Stages: stages{"cpu", "cpu", "cpu", "cpu"}, Instructions: 2}
	if r != want {
		t.Errorf("got %+v, want %+v", r, want)
	}
	if !strings.Contains(got.out, "\"error\": null") {
		t.Errorf("no \"error\": null in\n%s", got.out)
	}
}

// TestTheEnvironmentSaysWhenBlocksAreCompiled, which changes no picture.
func TestTheEnvironmentSaysWhenBlocksAreCompiled(t *testing.T) {
	path := filepath.Join(corpus, "09_plasma.pxl")
	var pictures []string
	_, can := compiled.New(compiled.Now, slog.New(slog.DiscardHandler)).NewCPU().(engine.Compiling)
	for mode, compiled := range map[string]bool{"now": can, "off": false} {
		got := world{env: map[string]string{"GVPIE_COMPILE": mode}}.run(t, "run", "--json", "--backend", "cpu", path)
		var r report
		if err := json.Unmarshal([]byte(got.out), &r); err != nil || r.Compiled != compiled || !strings.Contains(got.out, `"compiled": `) {
			t.Errorf("with GVPIE_COMPILE=%s: %v\n%s", mode, err, got.out)
		}
		pictures = append(pictures, r.Machine)
	}
	if pictures[0] != pictures[1] {
		t.Errorf("two pictures: %q", pictures)
	}
	got := world{env: map[string]string{"GVPIE_COMPILE": "yes"}}.run(t, "run", "--backend", "cpu", path)
	if got.code != exitUsage || !strings.Contains(got.errout, `GVPIE_COMPILE is "yes"; it may be now or off`) {
		t.Errorf("with GVPIE_COMPILE=yes: %+v", got)
	}
}

func TestFlagsMayStandBeforeOrAfterTheFile(t *testing.T) {
	path := filepath.Join(corpus, "11_bounce.pxl")
	before := world{}.run(t, "run", "--json", "--frames", "3", "--backend=cpu", path)
	for _, args := range [][]string{
		{path, "--json", "--frames", "3", "--backend=cpu"},
		{"--json", "--frames=3", path, "--backend", "cpu"},
		{"-json", "-frames", "3", "-backend", "cpu", "--", path},
	} {
		after := world{}.run(t, append([]string{"run"}, args...)...)
		if a, b := withoutTime(t, after.out), withoutTime(t, before.out); a != b || after.code != before.code {
			t.Errorf("gvpie run %s gives\n%+v\nwant\n%+v", strings.Join(args, " "), a, b)
		}
	}
	inFolder(t, map[string]string{"--json": "HALT\n"})
	if got := (world{}.run(t, "run", "--backend", "cpu", "--", "--json")); got.code != exitOK {
		t.Errorf("a file named --json: %+v", got)
	}
}

func withoutTime(t *testing.T, out string) report {
	t.Helper()
	var r report
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	r.DurationMS = 0
	return r
}

func TestAssemblerErrorsAreAllToldAndTheFirstIsInTheJSON(t *testing.T) {
	inFolder(t, map[string]string{"a.pxl": "NOP\nTXTT 1 1 x\n  JMP nowhere\n"})
	r, got := runJSON(t, "--backend", "cpu", "a.pxl")
	want := reportError{Code: "unknown_opcode", Line: 2, Column: 1, Message: "unknown opcode `TXTT`: did you mean `TXT`?"}
	if r.Error == nil || *r.Error != want {
		t.Errorf("the error is %+v, want %+v", r.Error, want)
	}
	if n := strings.Count(got.errout, "a.pxl:"); n != 2 || !strings.Contains(got.errout, "a.pxl:3:") {
		t.Errorf("standard error\n%s", got.errout)
	}
	if r.Backend != "" || r.Machine != "" || r.Human != "" {
		t.Errorf("nothing ran, but: %+v", r)
	}
}

func TestFaultsAreToldWithTheirPlace(t *testing.T) {
	for _, tt := range []struct{ source, want string }{
		{"SET z = 0\nSET q = 10 / z\n", "<stdin>:2:1: 10 is divided by zero [div_by_zero]\n"},
		{".array a 4\nSET i = 4\nSET a[i] = 1\n", "<stdin>:3:1: index 4 is outside array a, which has 4 words (0 to 3) [address_out_of_range]\n"},
		{"NOP\nASSERT 2 + 2 == 5\n", "<stdin>:2:1: this does not hold: ASSERT 2 + 2 == 5 [assert_failed]\n"},
		{"again:\nJMP again\n", "<stdin>:2:1: the frame was not over after 1 000 cycles: a loop needs a FRAME or a way out [cycle_limit]\n"},
		{"again:\nRECT 0 0 1 1\nJMP again\n", "<stdin>:2:1: the frame was not over after 1 000 cycles: a loop needs a FRAME or a way out [cycle_limit]\n"},
	} {
		got := world{stdin: tt.source}.run(t, "run", "-", "--backend", "cpu", "--max-cycles", "1000")
		if got.code != exitFailed || got.errout != tt.want {
			t.Errorf("%q: exit code %d, standard error\n%swant\n%s", tt.source, got.code, got.errout, tt.want)
		}
	}
}

func TestAMillionDrawsMeetTheirLimit(t *testing.T) {
	got := world{stdin: "FOR i = 1 TO 1000000\nRECT 0 0 5 5\nEND\n"}.run(t, "run", "-", "--backend", "cpu")
	if want := "<stdin>:2:1: more than 65 536 draws and logs in one frame [command_limit]\n"; got.code != exitFailed || got.errout != want {
		t.Errorf("exit code %d, standard error\n%swant\n%s", got.code, got.errout, want)
	}
}

func TestSeedAndFramesReachTheProgram(t *testing.T) {
	source := file(t, "a.pxl", "again:\nLOG {seed} {frame} {rnd(1000000)}\nFRAME\nJMP again\n")
	one, _ := runJSON(t, source, "--backend", "cpu", "--frames", "2")
	same, _ := runJSON(t, source, "--backend", "cpu", "--frames", "2", "--seed", "1")
	other, _ := runJSON(t, source, "--backend", "cpu", "--frames", "2", "--seed", "-7")
	if one.Frames != 2 || one.Log != same.Log || !strings.HasPrefix(one.Log, "1 0 ") || !strings.Contains(one.Log, "\n1 1 ") {
		t.Errorf("two frames with the default seed log %q, with seed 1 %q", one.Log, same.Log)
	}
	if !strings.HasPrefix(other.Log, "-7 0 ") || strings.TrimPrefix(other.Log, "-7") == strings.TrimPrefix(one.Log, "1") {
		t.Errorf("seed -7 logs %q", other.Log)
	}
}

func TestPicturesHoldWhatWasHashed(t *testing.T) {
	dir := t.TempDir()
	human, page := filepath.Join(dir, "human.png"), filepath.Join(dir, "machine.png")
	r, _ := runJSON(t, "--backend", "cpu", "--human", human, "--machine", page, filepath.Join(corpus, "13_night.pxl"))
	img := readPNG(t, human)
	if img.Rect.Size() != image.Pt(768, 512) || sum(img.Pix) != r.Human {
		t.Errorf("the human picture is %v with hash %s, want 768 × 512 with %s", img.Rect.Size(), sum(img.Pix), r.Human)
	}
	img = readPNG(t, page)
	if img.Rect.Size() != image.Pt(128, 64) || !img.Opaque() {
		t.Fatalf("the machine picture is %v, opaque %v", img.Rect.Size(), img.Opaque())
	}
	// Every texel of this program has been written, so that its A is 255 and the
	// picture holds the very words that were hashed.
	if sum(img.Pix) != r.Machine {
		t.Errorf("the machine picture has hash %s, want %s", sum(img.Pix), r.Machine)
	}
}

func readPNG(t *testing.T, path string) *image.RGBA {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	out := image.NewRGBA(img.Bounds())
	draw.Draw(out, out.Rect, img, out.Rect.Min, draw.Src)
	return out
}

func TestUntouchedTexelsAreOpaqueInTheMachinePicture(t *testing.T) {
	page := filepath.Join(t.TempDir(), "machine.png")
	world{stdin: "HALT\n"}.run(t, "run", "-", "--backend", "cpu", "--machine", page)
	if img := readPNG(t, page); !img.Opaque() {
		t.Error("a texel of an empty display is transparent")
	}
}

func TestPictureThatCannotBeWrittenIsNamed(t *testing.T) {
	inFolder(t, map[string]string{"a.pxl": "HALT\n"})
	for _, tt := range []struct{ path, why string }{
		{"nowhere/out.png", "there is no such file"},
		{".", "this is a folder"},
		{"/dev/full", "the disk is full"},
	} {
		if tt.path == "/dev/full" && runtime.GOOS != "linux" {
			continue
		}
		r, got := runJSON(t, "--backend", "cpu", "a.pxl", "--human", tt.path)
		want := reportError{Code: "file", Message: tt.path + ": " + tt.why}
		if r.Error == nil || *r.Error != want || got.errout != "gvpie: "+want.Message+"\n" {
			t.Errorf("%s: %+v, standard error %q", tt.path, r.Error, got.errout)
		}
		if r.Cycles != 1 || r.Human == "" {
			t.Errorf("%s: the run itself is not told of: %+v", tt.path, r)
		}
	}
	r, got := runJSON(t, "--backend", "cpu", "missing.pxl")
	if want := (reportError{Code: "file", Message: "missing.pxl: there is no such file"}); r.Error == nil || *r.Error != want {
		t.Errorf("missing.pxl: %+v, %s", r.Error, got.errout)
	}
}

// Auto opens no GPU for a short run, and says where there is none for a long one.
func TestAutoRunsOnTheCPUWhereThereIsNothingElse(t *testing.T) {
	t.Setenv("GVPIE_GPU", "off")
	path := filepath.Join(corpus, "01_hello_gpu.pxl")
	if r, got := runJSON(t, path); r.Backend != "CPU" || got.errout != "" {
		t.Errorf("a frame ran on the %s: %s", r.Backend, got.errout)
	}
	r, got := runJSON(t, path, "--frames", "600")
	const notice = "it ran on the CPU: GVPIE_GPU=off"
	if r.Backend != "CPU" || r.Notice != notice || got.errout != "gvpie: "+notice+"\n" {
		t.Errorf("600 frames ran on the %s: %q, %s", r.Backend, r.Notice, got.errout)
	}
	r, got = runJSON(t, path, "--backend", "gpu")
	const why = "--backend gpu: GVPIE_GPU=off; gvpie doctor says what is missing, --backend cpu does without"
	if want := (reportError{Code: "backend", Message: why}); r.Error == nil || *r.Error != want || got.errout != "gvpie: "+why+"\n" {
		t.Errorf("--backend gpu: %+v, %s", r.Error, got.errout)
	}
}

func TestInterruptEndsARun(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	world{stdin: "a:\nJMP a\n"}.runContext(ctx, "run", "-", "--backend", "cpu", "--max-cycles", "4000000000").
		want(t, ended{code: exitCut, errout: "gvpie: interrupted\n"})
}
