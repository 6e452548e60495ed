package api

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

// Bounds of a run asked for over HTTP.
const (
	defaultCycles = 1024              // of a whole run, as callers of this API expect
	maxCycles     = isa.DefaultBudget //
	maxFrames     = 3600
)

// sourceName is what diagnostics call the text of a request.
const sourceName = "source"

// word is one texel of a program page.
type word struct {
	R uint8 `json:"r"`
	G uint8 `json:"g"`
	B uint8 `json:"b"`
	A uint8 `json:"a"`
}

type backendsAnswer struct {
	Backends []string `json:"backends" doc:"what there is, the best first: GPU, CPU"`
}

func (s *Server) backends() []string {
	if _, ok := s.config.GPU(); ok {
		return []string{"GPU", "CPU"}
	}
	return []string{"CPU"}
}

func (c *call) getBackends() error {
	answer(c.w, http.StatusOK, backendsAnswer{c.backends()})
	return nil
}

type assembleRequest struct {
	Source *string `json:"source" need:"yes" doc:"the text of a program"`
}

type assembleAnswer struct {
	Success      bool         `json:"success"`
	Program      []word       `json:"program" doc:"the program page, which run takes as it is; empty if refused"`
	Instructions int          `json:"instructions" doc:"how many instructions it has"`
	Error        *string      `json:"error" doc:"null, or what is wrong, a line each"`
	Diagnostics  []diagnostic `json:"diagnostics" doc:"errors and warnings in order of place"`
}

// diagnostic is a pxl.Diagnostic on the wire.
type diagnostic struct {
	Severity string `json:"severity" doc:"error or warning"`
	Code     string `json:"code" doc:"stable, snake_case"`
	Line     int    `json:"line" doc:"from 1"`
	Column   int    `json:"column" doc:"from 1, in code points"`
	Length   int    `json:"length" doc:"code points"`
	Message  string `json:"message"`
	Fix      string `json:"fix,omitempty" doc:"what would mend it, in words"`
}

func (c *call) assemble() error {
	req, err := decode[assembleRequest](c)
	if err != nil {
		return err
	}
	if req.Source == nil {
		return refuse(http.StatusBadRequest, "source is missing: the text of the program")
	}
	leave, err := c.enterFor(int64(16 * len(*req.Source)))
	if err != nil {
		return err
	}
	a := pxl.Assemble(sourceName, *req.Source)
	leave()
	out := assembleAnswer{Success: a.OK(), Program: []word{}, Diagnostics: diagnostics(a, 0)}
	if out.Success {
		out.Program = make([]word, len(a.Program))
		for i, w := range a.Program {
			out.Program[i] = word{uint8(w), uint8(w >> 8), uint8(w >> 16), uint8(w >> 24)}
		}
		out.Instructions = instructions(a.Program)
	} else {
		out.Error = refusal(out.Diagnostics)
	}
	answer(c.w, http.StatusOK, out)
	return nil
}

// enterFor waits for a turn with so many bytes of memory held.
func (c *call) enterFor(bytes int64) (leave func(), err error) {
	if err := c.hold(bytes + 1<<20); err != nil {
		return nil, err
	}
	return c.queue.enter(c.r.Context())
}

// diagnostics are those of a, of a text with so many lines put before it.
func diagnostics(a *pxl.Assembly, before int) []diagnostic {
	out := make([]diagnostic, 0, len(a.Diagnostics))
	for _, d := range a.Diagnostics {
		severity, fix := "error", ""
		if d.Severity == pxl.Warning {
			severity = "warning"
		}
		if d.Fix != nil {
			fix = d.Fix.Title
		}
		out = append(out, diagnostic{severity, d.Code, d.Pos.Line - before, d.Pos.Column, d.Length, d.Message, fix})
	}
	return out
}

// refusal is the errors among diagnostics as text.
func refusal(list []diagnostic) *string {
	var lines []string
	for _, d := range list {
		if d.Severity == "error" {
			lines = append(lines, fmt.Sprintf("line %d, column %d: %s", d.Line, d.Column, d.Message))
		}
	}
	text := strings.Join(lines, "\n")
	return &text
}

// instructions counts the instructions of a program.
func instructions(p isa.Program) (n int) {
	h, err := p.Header()
	if err != nil {
		return 0
	}
	for at := isa.HeaderWords; at < h.CodeEnd; n++ {
		in, ok := isa.Decode(p, at, h.CodeEnd)
		if !ok {
			return n
		}
		at += in.Size
	}
	return n
}

type runRequest struct {
	Program      []word   `json:"program" doc:"what assemble gave; this or source"`
	Source       *string  `json:"source" doc:"the text of a program; this or program"`
	Backend      string   `json:"backend" doc:"GPU, CPU or Auto, in any case; default Auto"`
	MaxCycles    whole    `json:"max_cycles" doc:"cycles the whole run may take, default 1024"`
	CanvasWidth  whole    `json:"canvas_width" doc:"texels; for a program, and for a source without .canvas"`
	CanvasHeight whole    `json:"canvas_height"`
	Frames       whole    `json:"frames" doc:"the run ends at this FRAME, default the first"`
	Seed         whole    `json:"seed" doc:"start of the random numbers, not 0; default 1"`
	Include      []string `json:"include" doc:"human_png, machine_png: pictures to add"`
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

// order is a run that has been checked.
type order struct {
	program  isa.Program
	header   isa.Header
	assembly *pxl.Assembly // nil where program came as words
	before   int           // lines put before the source
	backend  backend
	cycles   uint32
	frames   int
	seed     int32
	human    bool
	machine  bool
}

func (c *call) run() error {
	began := time.Now()
	req, err := decode[runRequest](c)
	if err != nil {
		return err
	}
	o, err := c.order(&req)
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
	return c.sendRun(out, display)
}

// order checks a request, and takes the program it came with.
func (c *call) order(req *runRequest) (*order, error) {
	o := &order{}
	var err error
	number := func(v whole, name string, lo, hi, def int64) (n int64) {
		if err == nil {
			n, err = v.in(name, lo, hi, def)
		}
		return n
	}
	o.cycles = uint32(number(req.MaxCycles, "max_cycles", 1, maxCycles, defaultCycles))
	o.frames = int(number(req.Frames, "frames", 1, maxFrames, 1))
	o.seed = int32(number(req.Seed, "seed", math.MinInt32, math.MaxInt32, isa.DefaultSeed))
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
		o.program[i] = isa.Word(w.R, w.G, w.B, w.A)
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
func (o *order) assembleFor(req *runRequest) {
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

// perform assembles, runs and draws, within its turn. req is nil where o has its
// program already. What the program did is an answer; an error is a refusal.
func (c *call) perform(req *runRequest, o *order) (*runAnswer, []uint32, error) {
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
	if err := c.hold(o.memory()); err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithTimeout(c.r.Context(), c.limits.run)
	defer cancel()
	var display []uint32
	err := c.on(ctx, o, out, func(e engine.Engine) error {
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

// memory is what a run holds at most: the machine's pages several times over,
// and the pictures asked for, twice.
func (o *order) memory() int64 {
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

// execute runs an order on an engine, and fills in out. ctx ends the run, all
// the whole call: a run that takes too long still has a picture to show.
func (o *order) execute(ctx, all context.Context, e engine.Engine, out *runAnswer) ([]uint32, error) {
	began := time.Now()
	if err := e.Load(ctx, o.program, o.seed); err != nil {
		return nil, err
	}
	*out = runAnswer{
		Diagnostics: out.Diagnostics, Notice: out.Notice,
		CanvasWidth: out.CanvasWidth, CanvasHeight: out.CanvasHeight, CanvasMode: out.CanvasMode,
	}
	var log []string
	for {
		left := uint64(o.cycles) - out.CyclesExecuted
		if left == 0 {
			o.stop(out, isa.CycleLimit.String(), fmt.Sprintf("the run was not over after max_cycles, %d", o.cycles))
			break
		}
		r, err := e.Frame(ctx, machine.Input{}, uint32(left))
		if errors.Is(err, context.DeadlineExceeded) && all.Err() == nil {
			o.stop(out, "time_limit", "the run took too long; it was ended")
			break
		}
		if err != nil {
			return nil, err
		}
		out.Frames++
		out.CyclesExecuted += uint64(r.Cycles)
		for _, line := range r.Log {
			log = append(log, line.Text)
		}
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
	out.Log = strings.Join(log, "\n")
	out.Backend = e.Kind().String()
	out.BackendUsed = out.Backend
	return o.look(all, e, out)
}

func (o *order) stop(out *runAnswer, code, why string) {
	out.Success, out.Status, out.ErrorCode, out.Error = false, isa.Faulted.String(), code, &why
}

// fault tells of a run-time error. A cycle limit is told in the caller's terms.
func (o *order) fault(out *runAnswer, f *machine.Fault) {
	why := engine.Explain(f, o.assembly)
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
func (o *order) look(ctx context.Context, e engine.Engine, out *runAnswer) ([]uint32, error) {
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
		if out.MachinePNG, err = base64PNG(codes(display, o.header)); err != nil {
			return nil, err
		}
	}
	if o.human {
		human, err := e.Human(ctx)
		if err != nil {
			return nil, err
		}
		if out.HumanPNG, err = base64PNG(human); err != nil {
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
func (c *call) sendRun(out *runAnswer, display []uint32) error {
	b, err := marshal(out)
	if err != nil {
		return err
	}
	b = b[:len(b)-len("[]}")]
	if len(display) <= 16*sendChunk {
		b = append(appendWords(b, display), '}')
		send(c.w, http.StatusOK, "application/json", b)
		return nil
	}
	c.w.Header().Set("Content-Type", "application/json")
	b = append(b, '[')
	for first := 0; first < len(display); first += sendChunk {
		if first > 0 {
			b = append(b, ',')
		}
		b = appendBytes(b, display[first:min(first+sendChunk, len(display))])
		if _, err := c.w.Write(b); err != nil {
			return nil // the caller has gone
		}
		b = b[:0]
	}
	_, _ = c.w.Write([]byte("]}"))
	return nil
}
