package studio

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gvpie/app/studio/debugger"
	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/record"
)

const follows = `.canvas 16 16 pixel
SET n = 0
loop:
  CLS
  SET n = n + 1
  PLOT mx 3 red
  FRAME
  JMP loop
`

// recorded makes a recording of a program that is given the mouse at the frame's number.
func recorded(t *testing.T, source string, frames int) *record.Recording {
	t.Helper()
	a := pxl.Assemble("follows.pxl", source)
	if !a.OK() {
		t.Fatal(a.Diagnostics)
	}
	r := &record.Recording{Name: "follows.pxl", Source: source, Program: a.Program, Seed: 7}
	e := engine.NewCPU()
	defer e.Close()
	if _, err := r.Run(t.Context(), e, frames, isa.DefaultBudget, func(i int) machine.Input {
		return machine.Input{MouseX: int32(i % 16)}
	}); err != nil {
		t.Fatal(err)
	}
	return r
}

// written is the file of a recording, altered by damage.
func written(t *testing.T, r *record.Recording, damage func(b []byte) []byte) string {
	t.Helper()
	var b bytes.Buffer
	if err := r.Write(&b); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "run.pxlrec")
	if err := os.WriteFile(path, damage(b.Bytes()), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func whole(b []byte) []byte { return b }

// looks has the debugger look at the program, and says whether it does.
func (d *desk) looks() bool {
	d.m.SetDebugging(true)
	look := d.m.Debugger()
	return look.Now() != nil && !look.Busy()
}

func TestARecordingOpensWhereItEnds(t *testing.T) {
	d := newDesk(t, Config{Backend: engine.OnCPU})
	path := written(t, recorded(t, follows, 100), whole)
	d.m.Open(path)
	d.until("it is looked at", d.looks)
	doc, now := d.m.Active(), d.m.Debugger().Now()
	if doc.Name != "run.pxlrec" || doc.Path != "" || doc.Dirty() || doc.ProgramName() != "follows.pxl" || doc.Text() != follows {
		t.Errorf("the document is %+v", doc)
	}
	if now.Frames != 100 || !now.Present || now.First != 0 {
		t.Errorf("it stands in frame %d of %d", now.At.Frame, now.Frames)
	}
	if s := d.m.RunState(); s.Paused() != "paused by you" || s.Frames != 100 || s.Recorded != 0 {
		t.Errorf("the program is %+v", s)
	}
	d.m.Debugger().Go(debugger.FrameBack)
	d.until("it goes back", d.looks)
	if painted := d.m.Debugger().Now().Pages.Display[3*16+98%16]; painted != 0xFF0000FF {
		t.Errorf("the mouse was not where it was recorded: %08x", painted)
	}
	d.m.Open(path)
	if len(d.m.Docs()) != 1 {
		t.Error("it is opened twice")
	}
	d.m.Reset()
	d.until("reset, the program begins with nothing", func() bool { return d.m.RunState().Frames == 1 })
}

func TestAnEditedRecordingIsAProgramLikeAnyOther(t *testing.T) {
	d := newDesk(t, Config{Backend: engine.OnCPU})
	d.m.Open(written(t, recorded(t, follows, 20), whole))
	d.until("it is looked at", d.looks)
	d.m.Edit(strings.Replace(follows, "red", "green", 1))
	d.until("its first frame runs", func() bool { return d.m.RunState().Frames == 21 })
	d.m.Run()
	d.until("it runs on", func() bool { return d.m.RunState().Frames > 23 })
}

func TestWhatCanBeHadOfARecordingIsOpened(t *testing.T) {
	whole := recorded(t, follows, 300)
	for _, c := range []struct {
		name   string
		damage func(b []byte) []byte
		opens  bool
		frames int // 0: some
		says   string
	}{
		{"cut short", func(b []byte) []byte { return b[:len(b)-60] }, true, 0, "run.pxlrec: it was cut short; the first "},
		{"no recording", func([]byte) []byte { return []byte("CLS\n") }, false, 0, "it is no recording"},
	} {
		d := newDesk(t, Config{Backend: engine.OnCPU})
		d.m.Open(written(t, whole, c.damage))
		d.until(c.name+" is spoken of", func() bool { return len(d.m.Notices()) > 0 })
		if says := d.m.Notices()[0].Text; !strings.Contains(says, c.says) {
			t.Errorf("%s: it says %q", c.name, says)
		}
		if opens := d.m.Active() != nil; opens != c.opens {
			t.Errorf("%s: a document is open: %v", c.name, opens)
		}
		if !c.opens {
			continue
		}
		d.until(c.name+" is looked at", d.looks)
		if n := d.m.Debugger().Now().Frames; n == 0 || n >= 300 {
			t.Errorf("%s: %d frames are run", c.name, n)
		}
	}
}

func TestTheTextOfARecordingThatCannotBeRunIsOpened(t *testing.T) {
	r := recorded(t, follows, 5)
	r.Source = strings.Replace(follows, "red", "green", 1)
	d := newDesk(t, Config{Backend: engine.OnCPU})
	d.m.Open(written(t, r, whole))
	d.until("it is spoken of", func() bool { return len(d.m.Notices()) > 0 })
	doc := d.m.Active()
	if doc == nil || doc.Name != "run.pxl" || doc.Recorded != nil || doc.Text() != r.Source {
		t.Errorf("the document is %+v", doc)
	}
	if says := d.m.Notices()[0].Text; !strings.Contains(says, "gives another program in this version") {
		t.Errorf("it says %q", says)
	}
}

func TestARecordingThatComesOutOtherwiseIsSpokenOf(t *testing.T) {
	for name, c := range map[string]struct {
		alter func(r *record.Recording)
		says  string
	}{
		"another picture": {func(r *record.Recording) { r.Hashes[3].Human[0]++ }, "run.pxlrec comes out otherwise here: the human texture is not the one recorded after frame 3"},
		"more cycles": {func(r *record.Recording) {
			f := r.Frames.At(9)
			r.Frames = r.Frames.Until(9)
			f.Cycles++
			r.Frames.Append(f)
			r.Hashes = r.Hashes[:9]
		}, "frame 9 took "},
	} {
		r := recorded(t, follows, 10)
		c.alter(r)
		d := newDesk(t, Config{Backend: engine.OnCPU})
		d.m.Open(written(t, r, whole))
		d.until(name+" is looked at", d.looks)
		if n := d.m.Notices(); len(n) != 1 || !strings.Contains(n[0].Text, c.says) {
			t.Errorf("%s: it says %v", name, n)
		}
	}
}

func TestARecordingIsGoneThroughInPartsAndCanBeStopped(t *testing.T) {
	p := newHandPlayer(t, onCPU)
	r := recorded(t, follows, 100)
	ask := p.program(1, 1, follows)
	clock := p.now
	p.now = func() time.Time { // each look at the clock, a third of a frame has gone by
		p.clock = p.clock.Add(FrameTime / 3)
		return clock()
	}
	first := p.ask(func(q *request) { ask(q); q.recording, q.playing, q.past = r, false, true })
	if first.replayed == 0 || first.replayed > 20 || first.recorded != 100 || first.past != nil {
		t.Fatalf("at first %d of %d frames are run, the past is %v", first.replayed, first.recorded, first.past)
	}
	if !p.animating() {
		t.Error("it does not go on by itself")
	}
	next := p.again()
	if next.replayed <= first.replayed {
		t.Errorf("then %d are", next.replayed)
	}
	ended := p.ask(func(q *request) { q.stops++ })
	if ended.recorded != 0 || ended.past == nil || ended.past.Frames.End() != next.replayed || p.animating() {
		t.Errorf("stopped, it stands in frame %d, still %d to go", p.run.past.End(), ended.recorded)
	}
}

func TestWhatLedToAnErrorIsSavedByOneAction(t *testing.T) {
	d := newDesk(t, Config{Backend: engine.OnCPU})
	d.m.NewDocument()
	d.m.Edit("x = 3\nloop:\nFRAME\nx = x - 1\nCLS (8 / x)\nJMP loop\n")
	d.m.SaveFailed(t.TempDir())
	if len(d.m.runWanted) > 0 {
		t.Error("a program that has not failed is saved")
	}
	d.until("it fails", d.phase(Failed))
	folder := t.TempDir()
	saved := func(name string) {
		t.Helper()
		said := len(d.m.Notices())
		d.m.SaveFailed(folder)
		d.until("it is saved", func() bool {
			if d.m.Debugger().Open() {
				t.Fatal("the debugger looks at it, which is not on screen")
			}
			d.m.SetDebugging(false)
			return len(d.m.Notices()) > said
		})
		r, err := record.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err, d.m.Notices())
		}
		if n := r.Frames.Len(); n != 4 || r.Frames.At(n-1).Status != isa.Faulted {
			t.Errorf("it has %d frames", n)
		}
	}
	saved("untitled 1-error.pxlrec")
	saved("untitled 1-error-2.pxlrec")
	d.m.SaveFailed(filepath.Join(folder, "none"))
	d.until("it is said why it cannot be saved", func() bool {
		n := d.m.Notices()
		return strings.Contains(n[len(n)-1].Text, "cannot save ")
	})
}
