package studio

import (
	"bytes"
	"context"
	"image"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"gvpie/app/studio/files"
	"gvpie/runtime/engine"
	"gvpie/runtime/engine/enginetest"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// desk drives a Model as a window would: it pumps whenever it is woken.
type desk struct {
	t *testing.T
	m *Model
	w chan struct{}
}

func newDesk(t *testing.T, cfg Config) *desk {
	d := &desk{t: t, w: make(chan struct{}, 1)}
	cfg.Wake = func() {
		select {
		case d.w <- struct{}{}:
		default:
		}
	}
	d.m = New(cfg)
	t.Cleanup(d.m.Shutdown)
	d.show()
	return d
}

func (d *desk) show() {
	d.m.SetView(0, machine.View{Texture: machine.HumanTexture, Width: 64, Height: 32, Scale: 1})
}

// until pumps until cond holds; it fails after a generous deadline.
func (d *desk) until(what string, cond func() bool) {
	d.t.Helper()
	deadline := time.After(2 * time.Minute)
	for {
		d.m.Pump()
		if cond() {
			return
		}
		select {
		case <-d.w:
		case <-deadline:
			d.t.Fatalf("never happened: %s (state %+v, notices %v)", what, d.m.RunState(), d.m.Notices())
		}
	}
}

// phase says whether the program as it stands, not one before it, is in p.
func (d *desk) phase(p Phase) func() bool {
	return func() bool {
		a := d.m.Active()
		return a != nil && d.m.state.doc == a.ID && d.m.state.liveRev == a.liveRev && d.m.RunState().Phase == p
	}
}

const bounce = `SET x = 0
loop:
  CLS
  RECT x 5 4 4 red
  SET x = x + 1
  FRAME
  JMP loop
`

func TestAnEditThatAssemblesRuns(t *testing.T) {
	d := newDesk(t, Config{Backend: engine.OnCPU})
	d.m.NewDocument()
	d.m.Edit("TXT 0 0 HELLO\nHALT\n")
	d.until("hello halts", d.phase(Halted))
	if got := d.m.RunState().Cycles; got != 2 {
		t.Errorf("hello took %d cycles, want 2", got)
	}
	d.until("a picture", func() bool { img := d.m.Picture(0).Image; return img != nil && lit(img) })
}

func TestAGPUThatFailsIsLogged(t *testing.T) {
	gpu := enginetest.NewGPU()
	gpu.Before = func(_ context.Context, c enginetest.Call) error {
		if c == enginetest.Frame {
			return engine.ErrLost
		}
		return nil
	}
	var log bytes.Buffer
	d := newDesk(t, Config{Backend: engine.OnGPU, GPU: gpu, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	d.m.NewDocument()
	d.m.Edit("HALT\n")
	d.until("it halts", d.phase(Halted))
	if !strings.Contains(log.String(), "a machine goes on on the CPU") {
		t.Errorf("the log says %q", log.String())
	}
}

// TestAPictureDoesNotWaitForTheGPU to build what it needs.
func TestAPictureDoesNotWaitForTheGPU(t *testing.T) {
	gpu, built := enginetest.NewGPU(), make(chan struct{})
	gpu.Build = func(ctx context.Context) error {
		select {
		case <-built:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	d := newDesk(t, Config{Backend: engine.OnGPU, GPU: gpu})
	d.m.NewDocument()
	d.m.Edit(bounce)
	d.until("it moves", func() bool { return d.m.RunState().Frames > 3 && d.m.Picture(0).Image != nil })
	if k := d.m.RunState().Kind; k != engine.CPU {
		t.Errorf("it runs on the %v", k)
	}
	close(built)
	d.until("it runs on the GPU", func() bool { return d.m.RunState().Kind == engine.GPU })
}

func TestAnEditThatDoesNotAssembleLeavesThePictureAndMarksTheLine(t *testing.T) {
	d := newDesk(t, Config{Backend: engine.OnCPU})
	d.m.NewDocument()
	d.m.Edit(bounce)
	d.until("it moves", func() bool { return d.m.RunState().Frames > 3 })
	d.m.Edit(bounce + "TXTT 1 1 oops\n")
	p := d.m.Problems()
	if len(p) == 0 || p[0].Pos.Line != 8 {
		t.Fatalf("problems %v, want one on line 8", p)
	}
	n := d.m.RunState().Frames
	d.until("the last good program runs on", func() bool { return d.m.RunState().Frames > n+3 })
}

func TestVariablesKeepTheirValuesAcrossAnEdit(t *testing.T) {
	d := newDesk(t, Config{Backend: engine.OnCPU})
	d.m.NewDocument()
	d.m.Edit(bounce)
	d.until("it moves", func() bool { return d.m.RunState().Report.Frame > 10 })
	d.m.Edit(strings.Replace(bounce, "red", "green", 1))
	d.until("the new program runs", func() bool { return d.m.state.liveRev == d.m.Active().liveRev })
	if f := d.m.RunState().Report.Frame; f <= 10 {
		t.Errorf("the frame count began again at %d", f)
	}
}

func TestPauseStepRunReset(t *testing.T) {
	d := newDesk(t, Config{Backend: engine.OnCPU})
	d.m.NewDocument()
	d.m.Edit(bounce)
	d.until("it moves", func() bool { return d.m.RunState().Frames > 2 })
	d.m.Action("run.pause").Invoke()
	at := d.idle()
	d.m.Action("run.step").Invoke()
	d.until("one more frame", func() bool { return d.m.RunState().Frames == at+1 })
	if again := d.idle(); again != at+1 {
		t.Errorf("a step ran %d frames", again-at)
	}
	d.m.Action("run.reset").Invoke()
	d.until("the first frame again", func() bool { return d.m.RunState().Report.Frame == 1 })
	d.m.Action("run.run").Invoke()
	d.until("it moves again", func() bool { return d.m.RunState().Frames > 5 })
}

// idle waits until a paused player has taken its request, and gives the number
// of frames.
func (d *desk) idle() uint64 {
	gen := d.m.Picture(0).Gen
	v := machine.View{Texture: machine.HumanTexture, Width: 64, Height: 32, Scale: 1, X: float32(gen % 7), Y: float32(gen%5) + 1}
	d.m.SetView(0, v)
	d.until("the new view", func() bool { got := d.m.Picture(0).View; return got == v })
	return d.m.RunState().Frames
}

func TestARuntimeErrorIsAProblemOnItsLine(t *testing.T) {
	d := newDesk(t, Config{Backend: engine.OnCPU})
	d.m.NewDocument()
	d.m.Edit("SET z = 0\nTXT 0 0 hi\nSET q = 10 / z\n")
	d.until("it fails", d.phase(Failed))
	p := d.m.Problems()
	if len(p) != 1 || p[0].Code != "div_by_zero" || p[0].Pos.Line != 3 {
		t.Fatalf("problems %+v, want div_by_zero on line 3", p)
	}
}

func TestAnEndlessLoopMeetsItsBudgetAndAnEditCancelsIt(t *testing.T) {
	d := newDesk(t, Config{Backend: engine.OnCPU})
	d.m.NewDocument()
	d.m.Edit("l: JMP l\n")
	d.m.Edit("TXT 0 0 ok\nHALT\n")
	d.until("the edit runs", d.phase(Halted))
	d.m.Edit("l:\n JMP l\n")
	d.until("the budget ends it", d.phase(Failed))
	if p := d.m.Problems(); len(p) == 0 || p[len(p)-1].Code != "cycle_limit" {
		t.Errorf("problems %v, want cycle_limit", p)
	}
}

func TestSwitchingTabsKeepsEachMachine(t *testing.T) {
	d := newDesk(t, Config{Backend: engine.OnCPU})
	d.m.NewDocument()
	d.m.Edit(bounce)
	d.until("it moves", func() bool { return d.m.RunState().Report.Frame > 5 })
	d.m.NewDocument()
	d.m.Edit("TXT 0 0 other\nHALT\n")
	d.until("the other halts", d.phase(Halted))
	d.m.SetActive(0)
	d.until("the first goes on", func() bool { return d.m.RunState().Report.Frame > 6 })
	d.m.Close(0)
	d.until("the other is there, ended", d.phase(Halted))
}

func TestChangingTheBackendKeepsTheMachine(t *testing.T) {
	d := newDesk(t, Config{Backend: engine.OnCPU})
	d.m.NewDocument()
	d.m.Edit(bounce)
	d.until("it moves", func() bool { return d.m.RunState().Report.Frame > 5 })
	f := d.m.RunState().Report.Frame
	d.m.SetBackend(engine.Auto)
	d.until("it goes on", func() bool { return d.m.RunState().Report.Frame > f+2 })
}

func TestTexelNamesTheLineThatWroteIt(t *testing.T) {
	d := newDesk(t, Config{Backend: engine.OnCPU})
	d.m.NewDocument()
	d.m.Edit("RECT 0 0 20 5 red\nTXT 2 1 HI\nHALT\n")
	d.m.Probe(2, 1, true)
	d.until("the texel", func() bool { _, ok := d.m.Texel(); return ok })
	x, _ := d.m.Texel()
	if x.Glyph != 'H' || x.Line != 2 || x.Paper != 0xFF0000 {
		t.Errorf("%+v", x)
	}
	if s := x.String(); s != "cell 2, 1 · 'H' 0x48 · ink white · paper red · written by line 2" {
		t.Errorf("%q", s)
	}
	d.m.Probe(100, 60, true)
	d.until("an untouched texel", func() bool { x, ok := d.m.Texel(); return ok && !x.Written })
}

func TestAFileChangedByAnotherProgramIsTakenIn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "p.pxl")
	must(t, os.WriteFile(path, []byte("TXT 0 0 one\n"), 0o644))
	d := newDesk(t, Config{Backend: engine.OnCPU})
	d.m.Open(path)
	d.until("it is open", func() bool { return d.m.Active() != nil })
	must(t, os.WriteFile(path+".new", []byte("TXT 0 0 two\n"), 0o644))
	must(t, os.Rename(path+".new", path))
	d.until("the new text", func() bool { return d.m.Active().Text() == "TXT 0 0 two\n" })
	if d.m.Active().Dirty() {
		t.Error("a reloaded file is marked unsaved")
	}
	d.m.Edit("TXT 0 0 mine\n")
	must(t, os.WriteFile(path, []byte("TXT 0 0 theirs\n"), 0o644))
	d.until("the question", func() bool { return d.m.Active().Conflict })
	if d.m.Active().Text() != "TXT 0 0 mine\n" {
		t.Error("unsaved edits were overwritten")
	}
	d.m.Revert(0)
	d.until("theirs", func() bool { return d.m.Active().Text() == "TXT 0 0 theirs\n" })
}

func TestADeletedFileLeavesItsText(t *testing.T) {
	path := filepath.Join(t.TempDir(), "p.pxl")
	must(t, os.WriteFile(path, []byte("TXT 0 0 one\n"), 0o644))
	d := newDesk(t, Config{Backend: engine.OnCPU})
	d.m.Open(path)
	d.until("it is open", func() bool { return d.m.Active() != nil })
	must(t, os.Remove(path))
	d.until("it is missed", func() bool { return d.m.Active().Missing })
	if !d.m.Active().Dirty() || d.m.Active().Text() == "" {
		t.Error("the text is not kept as unsaved")
	}
	d.m.Save(0)
	d.until("it is back", func() bool { return !d.m.Active().Missing })
}

func TestSaveAsNamesTheDocumentAndKeepsTheMode(t *testing.T) {
	dir := t.TempDir()
	d := newDesk(t, Config{Backend: engine.OnCPU})
	d.m.NewDocument()
	d.m.Edit("HALT\n")
	path := filepath.Join(dir, "x.pxl")
	must(t, os.WriteFile(path, nil, 0o600))
	d.m.SaveAs(0, path)
	d.until("it is saved", func() bool { return !d.m.Active().Dirty() })
	info, err := os.Stat(path)
	must(t, err)
	if d.m.Active().Name != "x.pxl" || info.Mode().Perm() != 0o600 {
		t.Errorf("%s %v", d.m.Active().Name, info.Mode())
	}
	d.m.Edit("NOP\n")
	d.m.SaveAs(0, filepath.Join(dir, "no", "such", "folder.pxl"))
	d.until("a sentence", func() bool {
		n := d.m.Notices()
		return len(n) > 0 && strings.Contains(n[len(n)-1].Text, "there is no such file or folder")
	})
	if !d.m.Active().Dirty() {
		t.Error("a failed save counts as saved")
	}
}

func TestReadProgramRefusesWhatIsNoText(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, b []byte) string {
		p := filepath.Join(dir, name)
		must(t, os.WriteFile(p, b, 0o644))
		return p
	}
	for name, c := range map[string]struct{ path, want string }{
		"binary":  {write("b", []byte("PNG\x00\x01")), "NUL byte at 3"},
		"latin-1": {write("l", []byte("caf\xe9")), "not UTF-8"},
		"huge":    {write("h", make([]byte, files.MaxFile+1)), "up to 4 MB"},
		"folder":  {dir, "is a folder"},
		"missing": {filepath.Join(dir, "nope"), "no such file"},
	} {
		_, err := files.ReadProgram(c.path)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestUnsavedTextSurvivesTheProcess(t *testing.T) {
	dir := t.TempDir()
	d := &desk{t: t, w: make(chan struct{}, 1)}
	d.m = New(Config{Backend: engine.OnCPU, Recovery: dir})
	d.m.NewDocument()
	d.m.Edit("TXT 0 0 precious\n")
	d.m.Shutdown() // without Close: as if the window had gone
	e := newDesk(t, Config{Backend: engine.OnCPU, Recovery: dir})
	left := e.m.Recovered()
	if len(left) != 1 || left[0].Text.Text != "TXT 0 0 precious\n" {
		t.Fatalf("recovered %+v", left)
	}
	e.m.Recover(left[0])
	if a := e.m.Active(); a.Text() != "TXT 0 0 precious\n" || !a.Dirty() {
		t.Errorf("%+v", a)
	}
}

// lost is an engine whose frames fail: the processor is gone for good.
type lost struct{ engine.Engine }

func (lost) Frame(context.Context, machine.Input, uint32) (machine.Report, error) {
	return machine.Report{}, engine.ErrLost
}

func TestALostEngineSaysSo(t *testing.T) {
	asm := pxl.Assemble("halt", "HALT\n")
	woken := make(chan struct{}, 8)
	p := newPlayer(newRequests(true, engine.OnCPU), func(engine.Backend) engine.Engine { return lost{engine.NewCPU()} }, func() { woken <- struct{}{} }, time.Now)
	go p.loop()
	defer p.close()
	p.in.change(func(r *request) { r.doc, r.program, r.liveRev = 1, asm, 1 })
	<-woken
	if st, _, _ := p.out.take(); st.phase != Broken || !strings.Contains(st.err, "lost") {
		t.Errorf("phase %v, %q", st.phase, st.err)
	}
}

func lit(img *image.RGBA) bool {
	for i := 0; i < len(img.Pix); i += 4 {
		if img.Pix[i] > 200 {
			return true
		}
	}
	return false
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
