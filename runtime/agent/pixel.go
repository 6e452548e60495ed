package agent

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/liveedit"
	"gvpie/runtime/pxl"
	"gvpie/runtime/store"
)

// runPixel assembles a program and runs it.
func (x *resources) runPixel(ctx context.Context, s store.Script, m *scriptHistory) (o outcome) {
	began := time.Now()
	asm := pxl.AssembleBundle(s.Name+".pxl", s.Code)
	if !asm.OK() {
		o.fail("not_assembled", "%s", diagnostics(asm))
		for _, d := range asm.Diagnostics {
			if d.Severity == pxl.Error {
				o.result.Error = &failure{d.Code, d.Pos.Line, d.Pos.Column, d.Message}
				break
			}
		}
		o.duration = time.Since(began)
		return o
	}
	assembling := time.Since(began)
	x.runProgram(ctx, &o, program{asm: asm, words: asm.Program, header: asm.Header, seed: isa.DefaultSeed, frames: x.settings.frames}, m)
	o.duration += assembling
	return o
}

// diagnostics writes every diagnostic with its fix, a line each.
func diagnostics(asm *pxl.Assembly) string {
	var b strings.Builder
	for i, d := range asm.Diagnostics {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(d.String())
		if d.Fix != nil {
			fmt.Fprintf(&b, " (fix: %s)", d.Fix.Title)
		}
	}
	return b.String()
}

// A program is what is run, with what it was assembled from if that is known.
type program struct {
	asm    *pxl.Assembly // nil when not known
	words  isa.Program
	header isa.Header
	seed   int32
	frames int
}

// runProgram runs a program on the engine that suits, and on the CPU when that
// one is lost or cannot. It adds the run to o.
func (x *resources) runProgram(ctx context.Context, o *outcome, p program, m *scriptHistory) {
	again, err := x.try(ctx, o, p, x.settings.backend == engine.OnCPU || x.chooses() && p.choose(x.cfg.Chooser, m) == engine.CPU)
	if again {
		o.note = x.whyCPU(err)
		_, err = x.runOn(ctx, o, p, true)
	}
	if err == nil {
		p.report(x.cfg.Chooser, o)
		return
	}
	switch {
	case errors.Is(context.Cause(ctx), errTimeLimit):
		o.fail("time_limit", "the program was not done after %s of its run: it was ended", span(x.cfg.Limit))
	case errors.Is(err, engine.ErrLost):
		o.fail("lost", "the engine was lost during the run: %v", err)
		x.engines.drop()
	default:
		o.fail("refused", "the program could not be run: %v", err)
	}
}

// chooses says whether it is for the loop to say what a program runs on.
func (x *resources) chooses() bool { return x.settings.backend == engine.Auto && x.engines.two() }

// work is what a processor is chosen for.
func (p program) work() engine.Work { return engine.Work{Program: p.words, Frames: max(p.frames, 1)} }

// choose asks the Chooser, which is told of a script's history first when it does
// not know the program.
func (p program) choose(c *engine.Chooser, m *scriptHistory) engine.Kind {
	if !c.Knows(p.work()) {
		for _, k := range []engine.Kind{engine.CPU, engine.GPU} {
			c.Learn(p.work(), k, m.on(k.String()).durations...)
		}
	}
	return c.Choose(p.work()).Kind
}

// report tells the Chooser how long a run took that succeeded.
func (p program) report(c *engine.Chooser, o *outcome) {
	if !o.success {
		return
	}
	for _, k := range []engine.Kind{engine.CPU, engine.GPU} {
		if o.backend == k.String() {
			c.Learn(p.work(), k, o.duration)
		}
	}
}

// try runs a program where the loop chose to. Where the choice is its own, the GPU
// gets half of the time that a run may take, and the CPU the rest: a program of
// one thread may take a GPU a hundred times as long.
func (x *resources) try(ctx context.Context, o *outcome, p program, onCPU bool) (again bool, err error) {
	if onCPU || !x.chooses() {
		return x.runOn(ctx, o, p, onCPU)
	}
	half, done := context.WithTimeoutCause(ctx, x.cfg.Limit/2, errGPUTime)
	defer done()
	again, err = x.runOn(half, o, p, false)
	if err != nil && ctx.Err() == nil && errors.Is(context.Cause(half), errGPUTime) {
		x.cfg.Chooser.Learn(p.work(), engine.GPU, slices.Repeat([]time.Duration{x.cfg.Limit / 2}, historyLength)...)
		return true, errGPUTime
	}
	return again, err
}

var errGPUTime = errors.New("the GPU was not done in half of the time limit")

// whyCPU says why a run is repeated on the CPU.
func (x *resources) whyCPU(err error) string {
	if !errors.Is(err, engine.ErrLost) {
		return "on the CPU: " + err.Error()
	}
	x.engines.drop()
	x.warn("the GPU was lost while a script ran; the run is repeated on the CPU")
	return "the GPU was lost during the run, which was repeated on the CPU"
}

// runOn runs a program once on an engine. again says that it is worth another
// try on the CPU.
func (x *resources) runOn(ctx context.Context, o *outcome, p program, onCPU bool) (again bool, err error) {
	e := x.engines.get(onCPU)
	res, err := engine.Run(ctx, e, engine.RunOptions{Program: p.words, Seed: p.seed, Frames: p.frames})
	var seen pictures
	if err == nil {
		seen, err = x.pictures.of(ctx, e, p.header)
	}
	o.backend, o.duration = res.Kind.String(), res.Duration
	if err != nil {
		gpu := errors.Is(err, engine.ErrUnavailable) || errors.Is(err, engine.ErrUnsupported) || errors.Is(err, engine.ErrLost)
		return gpu && !onCPU && ctx.Err() == nil, err
	}
	if why, ok := e.(interface{ Why() string }); ok && why.Why() != "" {
		o.note = "on the CPU: " + why.Why()
	}
	o.ran, o.cycles, o.stdout = true, res.Cycles, res.Log
	o.human, o.screen = seen.human, seen.screen
	o.result = result{
		Status: res.Status.String(), Cycles: res.Cycles, Frames: res.Frames, Limit: p.frames, Seed: p.seed,
		Machine: seen.screenSum, Human: seen.humanSum, Picture: seen.path, Checksum: o.result.Checksum,
	}
	o.success = res.Status == isa.Halted || res.Status == isa.Framed
	if f := res.Fault; f != nil {
		at := pxl.Range{}
		name := "the program"
		if p.asm != nil {
			at, _ = p.asm.Map.At(f.PC)
			name = p.asm.File
		}
		o.result.Error = &failure{f.Code.String(), at.Pos.Line, at.Pos.Column, liveedit.Explain(f, p.asm)}
		o.stderr = fmt.Sprintf("%s:%d:%d: %s [%s]", name, at.Pos.Line, at.Pos.Column, o.result.Error.Message, o.result.Error.Code)
		if p.asm == nil {
			o.stderr = fmt.Sprintf("address %d: %s [%s]", f.PC, o.result.Error.Message, o.result.Error.Code)
		}
	}
	return false, nil
}
