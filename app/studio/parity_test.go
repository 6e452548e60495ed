package studio

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gvpie/runtime/engine"
	"gvpie/runtime/engine/enginetest"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/record"
)

// newParityDesk is a desk whose program runs on the CPU, beside a GPU
// whose pages are spoiled.
func newParityDesk(t *testing.T, spoil func(page machine.Page, words []uint32)) *desk {
	gpu := enginetest.NewGPU()
	gpu.Spoil = spoil
	d := newDesk(t, Config{Backend: engine.OnCPU, GPU: gpu})
	d.m.NewDocument()
	d.m.Edit(".canvas 16 8 pixel\nCLS navy\nPLOT 3 2 red\nFRAME\nPLOT 4 2 red\nHALT\n")
	return d
}

func TestAFrameThatComesOutTheSameIsToldOf(t *testing.T) {
	d := newParityDesk(t, nil)
	d.until("the last frame was checked", func() bool { p := d.m.Parity(); return p != nil && p.Equal })
	was := d.m.Parity().Run.ID
	d.m.Reset()
	d.until("the run begins anew, and nothing is known of it", func() bool { p := d.m.Parity(); return p == nil || p.Run.ID != was })
}

func TestTheFirstTexelThatDiffersIsToldOfAndSaved(t *testing.T) {
	d := newParityDesk(t, func(page machine.Page, words []uint32) {
		if page == machine.DisplayPage {
			words[2*16+3]++
		}
	})
	d.until("it is told of", func() bool { return d.m.Parity() != nil })
	p := d.m.Parity()
	if red := isa.Word(255, 0, 0, 255); p.Equal || p.What != "display page" || p.X != 3 || p.Y != 2 || p.CPU != red || p.GPU != red+1 {
		t.Fatalf("%+v", p)
	}
	if said := p.String(); !strings.HasSuffix(said, ", texel 3, 2 of the display page: CPU 0xFF0000, GPU 0x000100") {
		t.Error(said)
	}
	path := filepath.Join(t.TempDir(), "differs.pxlrec")
	frames, failed := 0, error(nil)
	d.m.SaveDifference(path, func(n int, err error) { frames, failed = n, err })
	d.until("it is saved", func() bool { return frames > 0 || failed != nil })
	f, err := os.Open(path)
	if err != nil || failed != nil || frames != p.Frame+1 {
		t.Fatalf("%d frames of %d, %v, %v", frames, p.Frame+1, failed, err)
	}
	defer f.Close()
	if r, err := record.Read(f); err != nil || r.Frames.Len() != frames {
		t.Errorf("it cannot be read: %v", err)
	}
}

func TestEveryPageIsCompared(t *testing.T) {
	a := screen{display: []uint32{1, 2, 3, 4}, writer: []uint32{5, 6, 7, 8}, human: []uint32{9, 10, 11, 12, 13, 14, 15, 16}, width: 2, humanWidth: 4}
	if p := a.compare(a); !p.Equal {
		t.Errorf("%+v", p)
	}
	b := a
	b.human = []uint32{9, 10, 11, 12, 13, 14, 99, 98}
	if p := a.compare(b); *p != (Parity{What: "human texture", X: 2, Y: 1, CPU: 15, GPU: 99}) {
		t.Errorf("%+v", p)
	}
	b.writer = []uint32{5, 6, 7, 0}
	if p := a.compare(b); *p != (Parity{What: "writer page", X: 1, Y: 1, CPU: 8}) {
		t.Errorf("%+v", p)
	}
}

// A frame that is shown while another is checked, or in the rest after it, is asked for
// when that is over.
func TestACheckIsFollowedByARest(t *testing.T) {
	over, asked, told := make(chan time.Duration), make(chan bool, 1), make(chan *Parity, 1)
	c := newChecker(func(engine.Kind) func() engine.Engine { return engine.NewCPU },
		func(p *Parity) { told <- p }, func() { asked <- true })
	defer c.close()
	c.rest = func(time.Duration) time.Duration { return <-over }
	p := newHandPlayer(t, onCPU)
	p.checker = c
	frame := p.ask(p.program(1, 1, bounce))
	if frame.err != "" || !c.busy.Load() {
		t.Fatalf("the first frame is not checked: %+v", frame)
	}
	if c.free(p.run.id, engine.CPU) {
		t.Error("another is, meanwhile")
	}
	over <- 0
	<-asked
	if !c.free(p.run.id, engine.CPU) {
		t.Error("none is, afterwards")
	}
	if p.again(); c.busy.Load() {
		t.Error("a frame is checked twice")
	}
	p.run.ms = idleFrame + 1
	if p.frame(); c.busy.Load() {
		t.Error("there is time for it beside frames that take long")
	}
	p.run.ms = 0
	if p.frame(); !c.busy.Load() {
		t.Error("the next frame is not checked")
	}
	over <- 0
	select {
	case got := <-told:
		t.Errorf("a processor was compared with itself: %+v", got)
	default:
	}
}

func TestAGiantPictureIsNotChecked(t *testing.T) {
	c := newChecker(func(engine.Kind) func() engine.Engine { return engine.NewCPU }, func(*Parity) {}, func() {})
	defer c.close()
	p := newHandPlayer(t, onCPU)
	p.checker = c
	p.ask(p.program(1, 1, ".canvas 512 512\nCLS red\nHALT\n"))
	if !p.run.begun || c.busy.Load() {
		t.Error("twelve million pixels are held twice")
	}
}
