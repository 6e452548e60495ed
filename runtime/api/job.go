package api

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/record"
)

// Bounds of a run asked for over HTTP.
const (
	defaultCycles = 1024              // of a whole run, as callers of this API expect
	maxCycles     = isa.DefaultBudget //
	maxFrames     = 3600
)

type runRequest struct {
	Program      []word   `json:"program" doc:"what assemble gave; this or source"`
	Source       *string  `json:"source" doc:"the text of a program; this or program"`
	Backend      string   `json:"backend" doc:"GPU, CPU or Auto, in any case; default Auto"`
	MaxCycles    whole    `json:"max_cycles" doc:"cycles the whole run may take, default 1024"`
	CanvasWidth  whole    `json:"canvas_width" doc:"texels; for a program, and for a source without .canvas"`
	CanvasHeight whole    `json:"canvas_height"`
	Frames       whole    `json:"frames" doc:"the run ends at this FRAME, default the first"`
	Seed         whole    `json:"seed" doc:"start of the random numbers: 32 bits, with a sign or without, not 0; default 1"`
	Include      []string `json:"include" doc:"human_png, machine_png: pictures to add"`
	Inputs       []change `json:"inputs" doc:"mouse, wheel and keys: an object for each frame in which something changes"`
}

// change is a record.Change, its numbers written as callers write them.
type change struct {
	Frame whole   `json:"frame" doc:"the frame, from 0; they rise"`
	MX    whole   `json:"mx" doc:"texel that the mouse is at; stays until it changes, as all but mw do"`
	MY    whole   `json:"my"`
	MB    whole   `json:"mb" doc:"mouse buttons held: 1 left, 2 right, 4 middle, added up"`
	MW    whole   `json:"mw" doc:"notches that the wheel is turned in this frame alone, up positive"`
	Keys  []whole `json:"keys" doc:"codes of all keys held, 0 to 255"`
}

// inputs checks what the frames of a run are given.
func inputs(list []change) (in record.Inputs, err error) {
	if len(list) > maxFrames {
		return nil, refuse(http.StatusUnprocessableEntity, "inputs has %d objects; a run has at most %d frames", len(list), maxFrames)
	}
	for i, given := range list {
		var c record.Change
		for _, f := range []struct {
			name string
			from whole
			to   **int32
		}{{"mx", given.MX, &c.MX}, {"my", given.MY, &c.MY}, {"mb", given.MB, &c.MB}, {"mw", given.MW, &c.MW}} {
			n, err := f.from.in(fmt.Sprintf("inputs[%d].%s", i, f.name), math.MinInt32, math.MaxInt32, 0)
			if err != nil {
				return nil, err
			}
			if f.from.set {
				*f.to = new(int32(n))
			}
		}
		if given.Frame.set {
			n, err := given.Frame.in(fmt.Sprintf("inputs[%d].frame", i), 0, maxFrames-1, 0)
			if err != nil {
				return nil, err
			}
			c.Frame = new(int(n))
		}
		if given.Keys != nil {
			c.Keys = []int{}
			for _, k := range given.Keys {
				n, err := k.in(fmt.Sprintf("a key of inputs[%d]", i), 0, 255, 0)
				if err != nil {
					return nil, err
				}
				c.Keys = append(c.Keys, int(n))
			}
		}
		if err := in.Add(c); err != nil {
			return nil, refuse(http.StatusUnprocessableEntity, "inputs[%d]: %v", i, err)
		}
	}
	return in, nil
}

type runAnswer struct {
	Success            bool         `json:"success" doc:"it halted, or reached its frames"`
	CyclesExecuted     uint64       `json:"cycles_executed"`
	InstructionPointer int          `json:"instruction_pointer" doc:"address of the next instruction, or of the one that failed"`
	Backend            string       `json:"backend" doc:"the processor that ran: GPU or CPU"`
	BackendUsed        string       `json:"backend_used" doc:"the same"`
	DurationMS         float64      `json:"duration_ms" doc:"from the request read to the answer made"`
	ExecutionTimeMS    float64      `json:"execution_time_ms" doc:"of the frames alone"`
	Error              *string      `json:"error" doc:"null, or why success is false"`
	ErrorCode          string       `json:"error_code,omitempty" doc:"cycle_limit, div_by_zero …; assembler, time_limit"`
	ErrorLine          int          `json:"error_line,omitempty" doc:"line of the source, where known"`
	Status             string       `json:"status" doc:"halted, framed, error, or refused by the assembler"`
	Frames             int          `json:"frames" doc:"frames run"`
	Log                string       `json:"log" doc:"the lines of LOG"`
	Notice             string       `json:"notice,omitempty" doc:"why it ran elsewhere than asked"`
	Choice             string       `json:"choice,omitempty" doc:"where the processor was left to choose, why it was that one"`
	CanvasWidth        int          `json:"canvas_width"`
	CanvasHeight       int          `json:"canvas_height"`
	CanvasMode         string       `json:"canvas_mode" doc:"cell or pixel"`
	Diagnostics        []diagnostic `json:"diagnostics" doc:"of source"`
	HumanPNG           string       `json:"human_png,omitempty" doc:"base64, if included"`
	MachinePNG         string       `json:"machine_png,omitempty" doc:"base64, if included"`
	CanvasData         texels       `json:"canvas_data" doc:"the display page: R, G, B, A of each texel, row by row"`
}

// texels are written as a list of four numbers each, last in the answer, by
// appendWords: they are left out where encoding/json writes.
type texels struct{}

func (texels) MarshalJSON() ([]byte, error) { return []byte("[]"), nil }

// A job is a run that has been checked.
type job struct {
	program  isa.Program
	header   isa.Header
	assembly *pxl.Assembly // nil where program came as words
	before   int           // lines put before the source
	backend  engine.Backend
	cycles   uint32
	frames   int
	seed     int32
	human    bool
	machine  bool
	inputs   record.Inputs
}

// job checks a request, and takes the program it came with.
func (c *request) job(req *runRequest) (*job, error) {
	o := &job{}
	var err error
	number := func(v whole, name string, lo, hi, def int64) (n int64) {
		if err == nil {
			n, err = v.in(name, lo, hi, def)
		}
		return n
	}
	o.cycles = uint32(number(req.MaxCycles, "max_cycles", 1, maxCycles, defaultCycles))
	o.frames = int(number(req.Frames, "frames", 1, maxFrames, 1))
	o.seed = int32(number(req.Seed, "seed", math.MinInt32, math.MaxUint32, isa.DefaultSeed)) // its 32 bits, with a sign or without
	number(req.CanvasWidth, "canvas_width", 1, isa.MaxCanvas, 0)
	number(req.CanvasHeight, "canvas_height", 1, isa.MaxCanvas, 0)
	if err != nil {
		return nil, err
	}
	if o.seed == 0 {
		return nil, refuse(http.StatusUnprocessableEntity, "seed is 0; it may be any other number of 32 bits")
	}
	if o.backend, err = parseBackend(req.Backend); err != nil {
		return nil, err
	}
	if o.inputs, err = inputs(req.Inputs); err != nil {
		return nil, err
	}
	for _, name := range req.Include {
		switch name {
		case "human_png":
			o.human = true
		case "machine_png":
			o.machine = true
		default:
			return nil, refuse(http.StatusUnprocessableEntity, "include may name human_png and machine_png, not %q", clip(name))
		}
	}
	switch {
	case req.Source == nil && req.Program == nil:
		return nil, refuse(http.StatusBadRequest, "program or source is missing")
	case req.Source != nil && req.Program != nil:
		return nil, refuse(http.StatusBadRequest, "program or source, not both")
	case req.Source != nil:
		return o, nil // assembled when it is its turn
	}
	o.program = make(isa.Program, len(req.Program))
	for i, w := range req.Program {
		o.program[i] = isa.Word(uint8(w.R), uint8(w.G), uint8(w.B), uint8(w.A))
	}
	if o.header, err = o.program.Header(); err != nil {
		return nil, refuse(http.StatusUnprocessableEntity, "program: %v", err)
	}
	if req.CanvasWidth.set {
		o.header.W = int(req.CanvasWidth.n)
	}
	if req.CanvasHeight.set {
		o.header.H = int(req.CanvasHeight.n)
	}
	o.program[isa.HdrSize] = uint32(o.header.W) | uint32(o.header.H)<<16
	return o, nil
}

// assembleFor assembles a request's source. The canvas is that of its .canvas;
// a source without one gets the size that the request gives, as if its text
// began with that line, so that W and H are right in its directives too.
func (o *job) assembleFor(req *runRequest) {
	text := *req.Source
	if (req.CanvasWidth.set || req.CanvasHeight.set) && !hasCanvas(text) {
		w, h := int64(isa.DefaultWidth), int64(isa.DefaultHeight)
		if req.CanvasWidth.set {
			w = req.CanvasWidth.n
		}
		if req.CanvasHeight.set {
			h = req.CanvasHeight.n
		}
		text = fmt.Sprintf(".canvas %d %d\n%s", w, h, text)
		o.before = 1
	}
	o.assembly = pxl.Assemble(sourceName, text)
	o.program, o.header = o.assembly.Program, o.assembly.Header
}

func hasCanvas(source string) bool {
	if !strings.Contains(strings.ToLower(source), ".canvas") {
		return false
	}
	return slices.ContainsFunc(pxl.Lex(source), func(t pxl.Token) bool {
		return t.Kind == pxl.Directive && strings.EqualFold(source[t.Offset:t.End], ".canvas")
	})
}

// memory is what a run holds at most: the machine's pages several times over,
// and the pictures asked for, twice.
func (o *job) memory() int64 {
	texels := int64(o.header.W) * int64(o.header.H)
	n := 32*texels + 8*int64(o.header.DataWords) + 8*int64(len(o.program))
	if o.human {
		w, h := machine.HumanSize(o.header)
		n += 8 * int64(w) * int64(h)
	}
	if o.machine {
		n += 8 * texels
	}
	return n
}
