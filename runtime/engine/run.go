package engine

import (
	"context"
	"time"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// RunOptions say what a run runs, and for how long.
type RunOptions struct {
	Program isa.Program
	Seed    int32         // 0: isa.DefaultSeed
	Frames  int           // frames at most; below 1 counts as 1
	Budget  uint32        // cycles a frame; 0: isa.DefaultBudget
	Input   machine.Input // what every frame sees

	InputAt func(frame int) machine.Input // what a frame sees, from 0; nil: Input
	After   func(frame int) error         // called after each frame, from 0; its error ends the run. nil: nothing
}

// Result is what a run did.
type Result struct {
	Status   isa.Status     // of the last frame: Framed when the frames ran out
	Fault    *machine.Fault // set when Status is Faulted
	Cycles   uint64         // instructions executed, of all frames
	Frames   int            // frames run, the last one included however it ended
	Commands int            // commands appended, of all frames
	Log      string         // the lines written by LOG, joined with \n; of very many the first and the last, see Log
	Kind     Kind           // the processor that ran the last frame
	Adapter  string         // its name
	Compiled bool           // compiled code ran
	Duration time.Duration  // from before the load to after the last frame
}

// Run loads a program and runs it until it halts, faults, or has ended so many
// frames. A run-time error of the program is part of the result, not an error;
// an error is the engine's or the context's, and the result then tells of what
// was done before it. The engine holds the machine as the run left it.
func Run(ctx context.Context, e Engine, o RunOptions) (Result, error) {
	begin := time.Now()
	if o.Seed == 0 {
		o.Seed = isa.DefaultSeed
	}
	var (
		r   Result
		log Log
	)
	err := e.Load(ctx, o.Program, o.Seed)
	for err == nil && r.Frames < max(o.Frames, 1) {
		var frame machine.Report
		in := o.Input
		if o.InputAt != nil {
			in = o.InputAt(r.Frames)
		}
		if frame, err = e.Frame(ctx, in, o.Budget); err != nil {
			break
		}
		r.Frames++
		r.Status, r.Fault = frame.Status, frame.Fault
		r.Cycles += uint64(frame.Cycles)
		r.Commands += frame.Commands
		log.Add(frame.Log)
		if o.After != nil {
			if err = o.After(r.Frames - 1); err != nil {
				break
			}
		}
		if frame.Status != isa.Framed {
			break
		}
	}
	r.Log = log.String()
	r.Kind, r.Adapter, r.Compiled = e.Kind(), e.Adapter(), Compiled(e)
	r.Duration = time.Since(begin)
	return r, err
}
