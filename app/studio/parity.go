package studio

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"gvpie/app/studio/debugger"
	"gvpie/runtime/battery"
	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// Parity is whether a frame that was shown came out the same on the other processor.
type Parity struct {
	Run   debugger.Run // up to behind that frame
	Frame int
	Equal bool
	// Where it is not: the first page that differs, and its first texel, in texels of
	// the canvas or, of the human texture, in pixels.
	What     string
	X, Y     int
	CPU, GPU uint32
}

// Texel is the texel of a canvas that is to be looked at.
func (p *Parity) Texel(h isa.Header) (x, y int) {
	if p.What == humanTexture && !h.Pixel {
		return p.X / isa.CellWidth, p.Y / isa.CellHeight
	}
	return p.X, p.Y
}

// String is where the two differ, in a sentence.
func (p *Parity) String() string {
	if p.Equal {
		return fmt.Sprintf("Frame %d came out the same, bit by bit, on CPU and GPU", p.Frame)
	}
	what := "texel"
	if p.What == humanTexture {
		what = "pixel"
	}
	return fmt.Sprintf("Frame %d, %s %d, %d of the %s: CPU %s, GPU %s", p.Frame, what, p.X, p.Y, p.What, p.says(p.CPU), p.says(p.GPU))
}

// says is a word of what differs, in words.
func (p *Parity) says(word uint32) string {
	switch p.What {
	case displayPage:
		return p.Run.Program.Header.TexelText(word)
	case writerPage:
		return fmt.Sprintf("by the instruction at %d", word)
	}
	return fmt.Sprintf("0x%06X", word)
}

// What Parity names that two processors are compared by.
const (
	displayPage  = "display page"
	writerPage   = "writer page"
	humanTexture = "human texture"
)

// restShare is how many times as long as a check took the next is not begun: so that
// checks take a fiftieth of a core at most. restLeast is the shortest rest.
const (
	restShare = 50
	restLeast = time.Second
	checkMost = 2 * time.Second // how long a check may take
)

// shownFrame is a frame as the player's engine left it.
type shownFrame struct {
	run  debugger.Run
	kind engine.Kind
	screen
}

// screen is the pages that two processors are compared by.
type screen struct {
	display, writer []uint32
	human           []uint32 // 0xRRGGBB
	width           int      // of the canvas
	humanWidth      int
}

// checker runs frames that were shown again on the other processor, on a goroutine of its
// own, with long rests.
type checker struct {
	// other is what makes an engine of another kind than one; nil: there is none now. What
	// it makes may be nil too: this is no time for it.
	other  func(engine.Kind) func() engine.Engine
	tell   func(*Parity)
	rested func() // is called when a frame was missed in a rest
	rest   func(took time.Duration) time.Duration

	jobs    chan shownFrame
	busy    atomic.Bool  // or resting
	missed  atomic.Bool  // a frame was shown meanwhile
	refused atomic.Int64 // the run that the other processor cannot do; 0: none
	cancel  context.CancelFunc
	done    chan struct{}
}

func newChecker(other func(engine.Kind) func() engine.Engine, tell func(*Parity), rested func()) *checker {
	c := &checker{other: other, tell: tell, rested: rested, jobs: make(chan shownFrame, 1), done: make(chan struct{})}
	c.rest = func(took time.Duration) time.Duration { return max(restLeast, restShare*took) }
	ctx, cancel := context.WithCancel(context.Background())
	c.cancel = cancel
	go c.loop(ctx)
	return c
}

func (c *checker) close() {
	c.cancel()
	<-c.done
}

// free says whether a frame of a run, which an engine of a kind has run, may be put now.
// Where it is to wait, rested is called when it may.
func (c *checker) free(run int, kind engine.Kind) bool {
	if c.refused.Load() == int64(run) || c.other(kind) == nil {
		return false
	}
	c.missed.Store(true) // before busy is looked at: it may change any time
	if c.busy.Load() {
		return false
	}
	c.missed.Store(false)
	return true
}

// put has a frame checked. It is called by one goroutine, where free says so.
func (c *checker) put(f shownFrame) {
	c.busy.Store(true)
	c.jobs <- f
}

func (c *checker) loop(ctx context.Context) {
	defer close(c.done)
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case f := <-c.jobs:
			began := time.Now()
			c.check(ctx, f)
			timer.Reset(c.rest(time.Since(began)))
		case <-timer.C:
			c.busy.Store(false)
			if c.missed.Swap(false) {
				c.rested()
			}
		}
	}
}

// check compares a frame, and tells what came of it. Of one that cannot be had on the
// other processor, or not in time, nothing is told.
func (c *checker) check(ctx context.Context, f shownFrame) {
	ctx, cancel := context.WithTimeout(ctx, checkMost)
	defer cancel()
	mk := c.other(f.kind)
	if mk == nil {
		return
	}
	e := mk()
	if e == nil {
		return
	}
	defer e.Close()
	again, err := replay(ctx, e, f.run)
	if errors.Is(err, engine.ErrUnsupported) {
		c.refused.Store(int64(f.run.ID))
	}
	if err != nil || e.Kind() == f.kind {
		return
	}
	cpu, gpu := f.screen, again
	if f.kind == engine.GPU {
		cpu, gpu = again, f.screen
	}
	p := cpu.compare(gpu)
	p.Frame = f.run.Frames.End() - 1
	if p.Run = f.run; p.Equal {
		p.Run = debugger.Run{ID: f.run.ID} // the frames are not held for it
	}
	c.tell(p)
}

// replay runs a run's last frame on an engine, from the keyframe before it.
func replay(ctx context.Context, e engine.Engine, run debugger.Run) (screen, error) {
	last := run.Frames.End() - 1
	at, s := run.Frames.Before(last)
	var err error
	if s != nil {
		err = e.Restore(ctx, s)
	} else {
		err = e.Load(ctx, run.Frames.Program(), run.Frames.Seed())
	}
	for ; err == nil && at <= last; at++ {
		f := run.Frames.Frame(at)
		_, err = e.Frame(ctx, f.Input, f.Budget)
	}
	if err != nil {
		return screen{}, err
	}
	return screenOf(ctx, e, run.Program.Header.W)
}

// screenOf reads what an engine shows of a canvas that is so wide.
func screenOf(ctx context.Context, e engine.Engine, width int) (s screen, err error) {
	s.width = width
	if s.display, err = e.Read(ctx, machine.DisplayPage); err != nil {
		return s, err
	}
	if s.writer, err = e.Read(ctx, machine.WriterPage); err != nil {
		return s, err
	}
	img, err := e.Human(ctx)
	if err != nil {
		return s, err
	}
	s.humanWidth = img.Rect.Dx()
	s.human = make([]uint32, len(img.Pix)/4)
	for i := range s.human {
		s.human[i] = binary.BigEndian.Uint32(img.Pix[4*i:]) >> 8
	}
	return s, nil
}

// compare finds the first texel in which the GPU's screen is another.
func (cpu *screen) compare(gpu screen) *Parity {
	for _, page := range []struct {
		what  string
		a, b  []uint32
		width int
	}{
		{displayPage, cpu.display, gpu.display, cpu.width},
		{writerPage, cpu.writer, gpu.writer, cpu.width},
		{humanTexture, cpu.human, gpu.human, cpu.humanWidth},
	} {
		if slices.Equal(page.a, page.b) {
			continue
		}
		for i := range min(len(page.a), len(page.b)) {
			if page.a[i] != page.b[i] {
				return &Parity{What: page.what, X: i % page.width, Y: i / page.width, CPU: page.a[i], GPU: page.b[i]}
			}
		}
		return &Parity{What: page.what} // of another size
	}
	return &Parity{Equal: true}
}

// Parity is whether the last frame that was checked of the program in front came out the
// same on the other processor; nil where none was.
func (r *Runner) Parity() *Parity {
	if r.parity == nil || r.parity.Run.ID != r.state.run {
		return nil
	}
	return r.parity
}

// SaveDifference writes a recording that ends with the frame in which the two processors
// differ. done is told of how many frames it has, or why it could not be written.
func (m *Model) SaveDifference(path string, done func(frames int, err error)) {
	p := m.Parity()
	if p == nil || p.Equal {
		return
	}
	type saved struct {
		frames int
		err    error
	}
	background(m.inbox, func() (s saved) {
		s.frames, s.err = p.Run.Save(context.Background(), path)
		return s
	}, func(s saved) { done(s.frames, s.err) })
}

// otherEngine makes engines that are not of a kind: see checker.other. The CPU's is the
// reference.
func (m *Model) otherEngine(k engine.Kind) func() engine.Engine {
	switch {
	case k == engine.GPU:
		return engine.NewCPU
	case m.cfg.GPU == nil || m.cfg.GPU.Status().State != engine.Ready:
		return nil
	}
	return func() engine.Engine {
		if battery.Discharging(battery.Supplies) {
			return nil
		}
		return m.cfg.GPU.NewMachine()
	}
}

// onOther runs a frame on the processor that is not the CPU, on which the debugger runs them.
func (m *Model) onOther(ctx context.Context, before *machine.Snapshot, in machine.Input, budget uint32) (display []uint32, name string, err error) {
	if m.cfg.GPU == nil || m.cfg.GPU.Status().State != engine.Ready {
		return nil, "", errors.New("there is no GPU to compare with")
	}
	e := m.cfg.GPU.NewMachine()
	defer e.Close()
	if err = e.Restore(ctx, before); err == nil {
		_, err = e.Frame(ctx, in, budget)
	}
	if err == nil {
		display, err = e.Read(ctx, machine.DisplayPage)
	}
	return display, "the GPU", err
}

// idleFrame is the most milliseconds that a frame of a running program may take, and
// idleTexels the most texels that its canvas may have, for there to be time for a check.
// humanMost is how many pixels a human texture may have at all: two are held for a check.
const (
	idleFrame  = 5
	idleTexels = 256 * 256
	humanMost  = 4 << 20
)

// offer has the frame that is shown checked, where there is time for it.
func (p *player) offer(r request) {
	run := &p.run
	if p.checker == nil || r.hidden || r.lens != nil || !run.loaded || !run.begun || p.err != "" || run.past.End() == run.past.First() {
		return
	}
	now := checkedFrame{run.id, run.past.End()}
	h := run.asm.Header
	if now == p.checked || p.animating() && (run.ms > idleFrame || h.W*h.H > idleTexels) || !p.checker.free(run.id, p.eng.Kind()) {
		return
	}
	if pixels := h.W * h.H; pixels > humanMost || !h.Pixel && pixels*isa.CellWidth*isa.CellHeight > humanMost {
		return
	}
	kind := p.eng.Kind()
	s, err := screenOf(context.Background(), p.eng, h.W)
	if err != nil || p.eng.Kind() != kind {
		return
	}
	p.checked = now
	p.checker.put(shownFrame{debugger.Run{ID: run.id, Program: run.asm, Frames: run.past.Fork(run.past.End())}, kind, s})
}

// checkedFrame is a frame of a run.
type checkedFrame struct{ run, end int }
