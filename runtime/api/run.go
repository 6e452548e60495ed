package api

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"math"
	"net/http"
	"time"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/liveedit"
	"gvpie/runtime/machine"
)

func (c *request) run() error {
	began := time.Now()
	req, err := decode[runRequest](c)
	if err != nil {
		return err
	}
	o, err := c.job(&req)
	if err != nil {
		return err
	}
	size := 2 * len(o.program)
	if req.Source != nil {
		size = 16 * len(*req.Source)
	}
	leave, err := c.enterFor(int64(size))
	if err != nil {
		return err
	}
	out, display, err := c.perform(&req, o)
	leave()
	if err != nil {
		return err
	}
	out.DurationMS = milliseconds(time.Since(began))
	return sendRun(c.w, out, display)
}

// perform assembles, runs and draws, within its turn. req is nil where o has its
// program already. What the program did is an answer; an error is a refusal.
func (c *request) perform(req *runRequest, o *job) (*runAnswer, []uint32, error) {
	if req != nil && req.Source != nil {
		o.assembleFor(req)
	}
	out := &runAnswer{Diagnostics: []diagnostic{}, CanvasMode: "cell"}
	if o.assembly != nil {
		out.Diagnostics = diagnostics(o.assembly, o.before)
		if !o.assembly.OK() {
			out.Status, out.ErrorCode, out.Error = "refused", "assembler", refusal(out.Diagnostics)
			return out, nil, nil
		}
	}
	out.CanvasWidth, out.CanvasHeight = o.header.W, o.header.H
	if o.header.Pixel {
		out.CanvasMode = "pixel"
	}
	if err := c.reserve(o.memory()); err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithTimeout(c.r.Context(), c.limits.run)
	defer cancel()
	var display []uint32
	err := c.runOn(ctx, o, out, func(e engine.Engine) error {
		var err error
		display, err = o.execute(ctx, c.r.Context(), e, out)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	c.last.set(o.program, display)
	c.events.publish(event{Kind: "run_finished", Run: &runEvent{
		Source: "api", Success: out.Success, Backend: out.Backend, Cycles: out.CyclesExecuted, DurationMS: out.ExecutionTimeMS,
	}})
	return out, display, nil
}

// execute runs a job on an engine, and fills in out. ctx ends the run, all
// the whole call: a run that takes too long still has a picture to show.
func (o *job) execute(ctx, all context.Context, e engine.Engine, out *runAnswer) ([]uint32, error) {
	began := time.Now()
	if err := e.Load(ctx, o.program, o.seed); err != nil {
		return nil, err
	}
	*out = runAnswer{
		Diagnostics: out.Diagnostics, Notice: out.Notice, Choice: out.Choice,
		CanvasWidth: out.CanvasWidth, CanvasHeight: out.CanvasHeight, CanvasMode: out.CanvasMode,
	}
	var log engine.Log
	for {
		left := uint64(o.cycles) - out.CyclesExecuted
		if left == 0 {
			o.stop(out, isa.CycleLimit.String(), fmt.Sprintf("the run was not over after max_cycles, %d", o.cycles))
			break
		}
		r, err := e.Frame(ctx, o.inputs.At(out.Frames), uint32(left))
		if errors.Is(err, context.DeadlineExceeded) && all.Err() == nil {
			o.stop(out, "time_limit", "the run took too long; it was ended")
			break
		}
		if err != nil {
			return nil, err
		}
		out.Frames++
		out.CyclesExecuted += uint64(r.Cycles)
		log.Add(r.Log)
		out.Status = r.Status.String()
		if r.Status == isa.Faulted {
			o.fault(out, r.Fault)
		}
		if r.Status != isa.Framed || out.Frames == o.frames {
			out.Success = r.Status != isa.Faulted
			break
		}
	}
	out.ExecutionTimeMS = milliseconds(time.Since(began))
	out.Log = log.String()
	out.Backend = e.Kind().String()
	out.BackendUsed = out.Backend
	return o.look(all, e, out)
}

func (o *job) stop(out *runAnswer, code, why string) {
	out.Success, out.Status, out.ErrorCode, out.Error = false, isa.Faulted.String(), code, &why
}

// fault tells of a run-time error. A cycle limit is told in the caller's terms.
func (o *job) fault(out *runAnswer, f *machine.Fault) {
	why := liveedit.Explain(f, o.assembly)
	if f.Code == isa.CycleLimit && f.X < 0 {
		why = fmt.Sprintf("the run was not over after max_cycles, %d", o.cycles)
	}
	if o.assembly != nil {
		if at, ok := o.assembly.Map.At(f.PC); ok {
			out.ErrorLine = at.Pos.Line - o.before
			why = fmt.Sprintf("line %d: %s", out.ErrorLine, why)
		}
	}
	o.stop(out, f.Code.String(), why)
}

// look takes out of the engine what the answer shows.
func (o *job) look(ctx context.Context, e engine.Engine, out *runAnswer) ([]uint32, error) {
	state, err := e.Read(ctx, machine.StatePage)
	if err != nil {
		return nil, err
	}
	out.InstructionPointer = int(state[isa.StPC])
	display, err := e.Read(ctx, machine.DisplayPage)
	if err != nil {
		return nil, err
	}
	if o.machine {
		if out.MachinePNG, err = base64PNG(machine.Codes(display, o.header.W, o.header.H)); err != nil {
			return nil, err
		}
	}
	if o.human {
		human, err := e.Human(ctx)
		if err != nil {
			return nil, err
		}
		out.HumanPNG, err = base64PNG(human)
		machine.Recycle(human)
		if err != nil {
			return nil, err
		}
	}
	return display, nil
}

func base64PNG(img image.Image) (string, error) {
	b, err := encodePNG(img)
	return base64.StdEncoding.EncodeToString(b), err
}

func milliseconds(d time.Duration) float64 { return math.Round(d.Seconds()*1e6) / 1e3 }

// sendChunk is how many texels are written at a time.
const sendChunk = 4096

// sendRun writes the answer of a run. The canvas is by far the most of it, and
// is written as it goes when it is large, so that it is held once, as words.
func sendRun(w http.ResponseWriter, out *runAnswer, display []uint32) error {
	b, err := marshal(out)
	if err != nil {
		return err
	}
	b = b[:len(b)-len("[]}")]
	if len(display) <= 16*sendChunk {
		b = append(appendWords(b, display), '}')
		send(w, http.StatusOK, "application/json", b)
		return nil
	}
	w.Header().Set("Content-Type", "application/json")
	b = append(b, '[')
	for first := 0; first < len(display); first += sendChunk {
		if first > 0 {
			b = append(b, ',')
		}
		b = appendBytes(b, display[first:min(first+sendChunk, len(display))])
		if _, err := w.Write(b); err != nil {
			return nil // the caller has gone
		}
		b = b[:0]
	}
	_, _ = w.Write([]byte("]}"))
	return nil
}
