package mcp

import (
	"context"
	"errors"
	"fmt"

	"gvpie/runtime/agent"
	"gvpie/runtime/debug"
	"gvpie/runtime/debug/why"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/record"
)

// moment says which run a question is about: that of a program's text, a run of the
// loop, or a recording.
type moment struct {
	Source    string `json:"source,omitempty" jsonschema:"the text of the program: this, run or recording"`
	Run       *int64 `json:"run,omitempty" jsonschema:"the id of a run of the loop"`
	Recording string `json:"recording,omitempty" jsonschema:"the path of a recording, .pxlrec"`
	Seed      *int64 `json:"seed,omitempty" jsonschema:"start of the random numbers: 32 bits, not 0; default 1, or the run's"`

	Inputs []record.Change `json:"inputs,omitempty" jsonschema:"mouse, wheel and keys: an object for each frame in which something changes"`
}

// past is a run that can be asked about.
type past struct {
	assembly *pxl.Assembly
	run      debug.Run // the same, to be gone through
	why.Past
}

// load finds the run.
func (s *toolbox) load(ctx context.Context, in moment) (*past, error) {
	seed, err := seedOf(in.Seed)
	if err != nil {
		return nil, err
	}
	inputs, err := record.NewInputs(in.Inputs)
	if err != nil {
		return nil, err
	}
	given := 0
	for _, is := range []bool{in.Source != "", in.Run != nil, in.Recording != ""} {
		if is {
			given++
		}
	}
	var a *pxl.Assembly
	switch {
	case given > 1:
		return nil, errors.New("say one of source, run and recording")
	case in.Recording != "":
		if in.Seed != nil || len(inputs) > 0 {
			return nil, errors.New("a recording has its seed and inputs")
		}
		return recorded(in.Recording)
	case in.Run != nil:
		var was int32
		if a, was, err = s.ranBy(ctx, *in.Run); err != nil {
			return nil, err
		}
		if in.Seed == nil {
			seed = was
		}
	default:
		if a = pxl.Assemble(sourceName, in.Source); !a.OK() {
			return nil, notAssembled(a)
		}
	}
	rerun, err := why.NewRerun(a.Program, seed, func(frame int) (machine.Input, uint32) { return inputs.At(frame), isa.DefaultBudget })
	return &past{a, debug.Run{Assembly: a, Seed: seed, InputAt: inputs.At}, rerun}, err
}

// recorded is the run of a recording: of a damaged one, what can be had of it.
func recorded(path string) (*past, error) {
	r, a, err := debug.OpenRecording(path)
	if a == nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	run := debug.Run{Assembly: a, Ring: r.Ring(record.DefaultMemory / 2), Frames: r.Frames.Len()}
	return &past{a, run, why.InRing(r.Ring(record.DefaultMemory))}, nil
}

// ranBy is what a run of the loop ran.
func (s *toolbox) ranBy(ctx context.Context, id int64) (*pxl.Assembly, int32, error) {
	db, err := s.database()
	if err != nil {
		return nil, 0, err
	}
	r, err := db.Run(ctx, id)
	if err != nil {
		return nil, 0, err
	}
	if r.MapID == 0 {
		return nil, 0, fmt.Errorf("run %d has no row of the map, which would say what it ran", r.ID)
	}
	row, err := db.MapRow(ctx, r.MapID)
	if err != nil {
		return nil, 0, err
	}
	a, seed, _, err := agent.Rerun(ctx, db, db.Dir(), row)
	return a, seed, err
}

// frameOf is a frame that a tool is asked about, counted from 0.
func frameOf(name string, frame *int64) (int, error) {
	switch {
	case frame == nil:
		return 0, nil
	case *frame < 0 || *frame >= maxFrames:
		return 0, fmt.Errorf("%s is %d; frames count from 0, up to %d", name, *frame, maxFrames-1)
	}
	return int(*frame), nil
}

// slow says what a question whose time was over could not do.
func slow(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("this took more than %v: ask about an earlier frame", timeLimit)
	}
	return err
}
