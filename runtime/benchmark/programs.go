package benchmark

import (
	"errors"
	"fmt"
	"image"
	"regexp"
	"slices"
	"strings"
	"time"

	"gvpie/assets/bench"
	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

// blocks measures a program of one EACH on a canvas, beside its yardstick.
func blocks(name string, w, h int) func(*bencher, spec) (measured, error) {
	return func(b *bencher, _ spec) (measured, error) {
		p, err := assemble(resized(bench.Program(name), w, h))
		if err != nil {
			return measured{}, err
		}
		return b.against(p, float64(w*h), name, w, h)
	}
}

// rects measures frames of so many rectangles of a size.
func rects(count, wide, high uint32) func(*bencher, spec) (measured, error) {
	return func(b *bencher, _ spec) (measured, error) {
		source := bench.Program("rects")
		for name, n := range map[string]uint32{"COUNT": count, "WIDE": wide, "HIGH": high} {
			source = constant(source, name, n)
		}
		p, err := assemble(source)
		if err != nil {
			return measured{}, err
		}
		return b.against(p, 1, "rects", 1024, 1024, count, wide, high)
	}
}

// example measures frames of an example at the full width of a canvas.
func example(name string) func(*bencher, spec) (measured, error) {
	return func(b *bencher, _ spec) (measured, error) {
		const w, h = 1024, 576
		source, err := exampleSource(name)
		if err != nil {
			return measured{}, err
		}
		return b.frames(resized(source, w, h), w*h)
	}
}

// frames measures frames of a program.
func frames(name string) func(*bencher, spec) (measured, error) {
	return func(b *bencher, _ spec) (measured, error) { return b.frames(bench.Program(name), 1) }
}

func (b *bencher) edgeFree(spec) (measured, error) { return b.frames(bench.Program("edgefree"), 1) }

// frames measures frames that are so much work each, without a yardstick.
func (b *bencher) frames(source string, work float64) (measured, error) {
	p, err := assemble(source)
	if err != nil {
		return measured{}, err
	}
	e := b.Engine()
	defer e.Close()
	frame, err := b.frame(e, p)
	if err != nil {
		return measured{}, err
	}
	if _, err := b.await(e, frame); err != nil {
		return measured{}, err
	}
	m, err := b.rounds(b.timed(frame), nil)
	m.work, m.note = work, interpreted(p, e)
	return m, err
}

// against measures frames of a program beside its yardstick, which has the canvas and
// the numbers.
func (b *bencher) against(p isa.Program, work float64, name string, w, h int, numbers ...uint32) (measured, error) {
	e := b.Engine()
	defer e.Close()
	frame, err := b.frame(e, p)
	if err != nil {
		return measured{}, err
	}
	y, err := b.yardstick(name, w, h, numbers...)
	if err != nil {
		return measured{}, err
	}
	defer y.stop()
	if _, err := b.await(e, frame); err != nil {
		return measured{}, err
	}
	m, err := b.rounds(b.timed(frame), y.run)
	m.work, m.against, m.note = work, y.name, joined(y.note, interpreted(p, e))
	return m, err
}

// frame loads a program that goes on, and gives what runs its next frame.
func (b *bencher) frame(e engine.Engine, p isa.Program) (func() error, error) {
	if err := e.Load(b.ctx, p, isa.DefaultSeed); err != nil {
		return nil, err
	}
	return func() error {
		r, err := e.Frame(b.ctx, machine.Input{}, 0)
		if err == nil && r.Status != isa.Framed {
			err = fmt.Errorf("a program ended that goes on: %v", r.Status)
		}
		return err
	}, nil
}

// How long compiled code is waited for.
const (
	tierFrames  = 20                     // at least, on a busy computer
	tierTime    = 300 * time.Millisecond // for it to be begun
	compileTime = 5 * time.Second        // … and to be there
)

// await runs frames until the first that compiled code runs, and says whether that came.
func (b *bencher) await(e engine.Engine, frame func() error) (compiled bool, err error) {
	c, compiles := e.(engine.Compiling)
	began := time.Now()
	for n := 0; compiles; n++ {
		if err := frame(); err != nil || c.Compiled() && !c.Warming() {
			return err == nil, err
		}
		if past := time.Since(began); n > tierFrames && past > tierTime && !c.Warming() || past > compileTime {
			break
		}
	}
	return false, nil
}

// interpreted is the note on a program with blocks of which none ran as compiled code.
func interpreted(p isa.Program, e engine.Engine) string {
	if engine.Compiled(e) || !p.HasEach() {
		return ""
	}
	return "interpreted"
}

// joined is the notes that there are.
func joined(notes ...string) string {
	return strings.Join(slices.DeleteFunc(notes, func(s string) bool { return s == "" }), "; ")
}

// core measures a loop that runs into its budget, which is then the number of
// instructions executed.
func (b *bencher) core(spec) (measured, error) {
	const cycles = 5_000_000
	p, err := assemble(bench.Program("core"))
	if err != nil {
		return measured{}, err
	}
	e := b.Engine()
	defer e.Close()
	y, err := b.yardstick("core", 3, 1, cycles)
	if err != nil {
		return measured{}, err
	}
	defer y.stop()
	m, err := b.rounds(b.timed(func() error {
		if err := e.Load(b.ctx, p, isa.DefaultSeed); err != nil {
			return err
		}
		r, err := e.Frame(b.ctx, machine.Input{}, cycles)
		if err == nil && r.Cycles != cycles {
			err = fmt.Errorf("%d instructions of %d", r.Cycles, cycles)
		}
		return err
	}), y.run)
	m.work, m.against, m.note = cycles, y.name, y.note
	return m, err
}

// hello measures all of a small program: assembled, run, and its picture in hand.
func (b *bencher) hello(spec) (measured, error) {
	e := b.Engine()
	defer e.Close()
	source := bench.Program("hello")
	m, err := b.rounds(b.timed(func() error {
		p, err := assemble(source)
		if err != nil {
			return err
		}
		if _, err := engine.Run(b.ctx, e, engine.RunOptions{Program: p}); err != nil {
			return err
		}
		picture, err := e.Human(b.ctx)
		if err == nil {
			machine.Recycle(picture) // as whoever saves one picture after another
		}
		return err
	}), nil)
	m.work = 1
	return m, err
}

// The size of the views that are measured.
const viewWidth, viewHeight = 700, 500

// present measures a view, of what a person sees of a canvas of the usual size, that
// changed since the last one.
func present(scale float32) func(*bencher, spec) (measured, error) {
	return func(b *bencher, _ spec) (measured, error) {
		p, err := assemble("loop:\nFOR y = 0 TO H - 1\nTXT 0 y {y} the quick brown fox jumps over the lazy dog {frame}\nEND\nFRAME\nJMP loop\n")
		if err != nil {
			return measured{}, err
		}
		e := b.Engine()
		defer e.Close()
		frame, err := b.frame(e, p)
		if err != nil {
			return measured{}, err
		}
		dst := image.NewRGBA(image.Rect(0, 0, viewWidth, viewHeight))
		v := machine.View{Texture: machine.HumanTexture, Width: viewWidth, Height: viewHeight, Scale: scale}
		m, err := b.rounds(b.after(frame, func() error { return e.Render(b.ctx, v, dst) }), nil)
		m.work = 1
		return m, err
	}
}

var canvasLine = regexp.MustCompile(`(?m)^\.canvas \d+ \d+`)

// resized is a program on a canvas of another size.
func resized(source string, w, h int) string {
	return canvasLine.ReplaceAllString(source, fmt.Sprintf(".canvas %d %d", w, h))
}

// constant is a program with another value of a constant.
func constant(source, name string, value uint32) string {
	line := regexp.MustCompile(`(?m)^\.const ` + name + ` \d+`)
	return line.ReplaceAllString(source, fmt.Sprintf(".const %s %d", name, value))
}

func assemble(source string) (isa.Program, error) {
	a := pxl.Assemble("bench.pxl", source)
	if !a.OK() {
		return nil, errors.New(a.Diagnostics[0].Message)
	}
	return a.Program, nil
}
