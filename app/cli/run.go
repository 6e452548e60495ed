package cli

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"image"
	"math"
	"strconv"
	"strings"
	"time"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/liveedit"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/record"
)

// runFlags are the flags of gvpie run.
type runFlags struct {
	backend *engine.Backend
	frames  int
	cycles  uint32
	seed    int32
	human   string
	machine string
	films   filmFlags
	json    bool
	inputs  string        // the file, "" for none
	given   record.Inputs // what it holds
}

var runCommand = command{
	name: "run", args: "[FLAGS] FILE", summary: "Run a program once, without a window",
	help: `The program runs until it halts, fails, or has ended so many frames. Its log
goes to standard output, then a line that says what it did; an error of the
program goes to standard error as FILE:LINE:COLUMN: MESSAGE, with exit code 1.

With --inputs the mouse and the keys are those of a file: an object a line for each
frame, from 0, in which something changes, as
{"frame": 0, "mx": 3, "my": 4, "mb": 1, "mw": 0, "keys": [65]}. What is left out stays
as it was; mw is of its frame alone.

With --json standard output is one object: success, cycles, frames, backend (the
one that ran: GPU or CPU), stages (where core, each, raster and expand ran: cpu
or gpu), compiled (whether blocks of EACH ran as compiled code), notice (a fallback
to the CPU, in words), duration_ms (from the source text to both pictures),
instructions (of the assembled program), machine_sha256 and human_sha256 (of the
raw RGBA bytes of the display page and of the human texture, also after an
error, as far as the program came), log, and error: null, or code, line, column
and message; file too, from the program's folder, when the place is in a file that
the program includes.

--gif, --apng, --webm and --pngs make a film of the human texture: an image a frame,
the first included, or of every K frames one; --fps is how many of the images are
shown a second, whatever the program's own speed. GIF and APNG repeat for ever. A
GIF's colours are exact where at most 255 change in an image, an APNG's always. For
--pngs the name has a number in it as printf has it, which counts from 0.

On the CPU a block of EACH is compiled while it runs, once that is worth it. With
GVPIE_COMPILE=now in the environment it is compiled before it runs, with off never.
`,
	setup: func(fs *flag.FlagSet) func(*invocation) error {
		f := runFlags{frames: 1, backend: addBackend(fs)}
		fs.Func("frames", fmt.Sprintf("stop after `N` frames, default %d", f.frames), number(1, math.MaxInt32, func(n int64) { f.frames = int(n) }))
		addCycles(fs, &f.cycles)
		addSeed(fs, &f.seed)
		fs.StringVar(&f.human, "human", "", "write the human texture to `OUT.png`")
		fs.StringVar(&f.machine, "machine", "", "write the display page to `OUT.png`: a texel a pixel, its codes as red, green and blue, opaque")
		f.films.add(fs)
		addInputs(fs, &f.inputs)
		fs.BoolVar(&f.json, "json", false, "print one JSON object")
		return func(c *invocation) error { return c.run(f) }
	},
}

// addSeed defines --seed.
func addSeed(fs *flag.FlagSet, seed *int32) {
	*seed = isa.DefaultSeed
	fs.Func("seed", fmt.Sprintf("start the random numbers from `N`, not 0, default %d", *seed), func(s string) error {
		err := number(math.MinInt32, math.MaxInt32, func(n int64) { *seed = int32(n) })(s)
		if err == nil && *seed == 0 {
			err = errors.New("it may not be 0")
		}
		return err
	})
}

// addCycles defines --max-cycles.
func addCycles(fs *flag.FlagSet, cycles *uint32) {
	*cycles = isa.DefaultBudget
	fs.Func("max-cycles", fmt.Sprintf("`N` cycles a frame at most, default %d", *cycles), number(1, math.MaxUint32, func(n int64) { *cycles = uint32(n) }))
}

// addInputs defines --inputs.
func addInputs(fs *flag.FlagSet, path *string) {
	fs.StringVar(path, "inputs", "", "give the frames what `FILE` holds as JSON Lines, - is standard input")
}

// number parses a flag's value from lo to hi.
func number(lo, hi int64, set func(int64)) func(string) error {
	return func(s string) error {
		n, err := strconv.ParseInt(s, 0, 64)
		if err != nil || n < lo || n > hi {
			return fmt.Errorf("it is a number from %d to %d", lo, hi)
		}
		set(n)
		return nil
	}
}

// A report is what run --json prints.
type report struct {
	Success      bool         `json:"success"`
	Cycles       uint64       `json:"cycles"`
	Frames       int          `json:"frames"`
	Backend      string       `json:"backend"` // GPU or CPU; "" when nothing ran
	Stages       stages       `json:"stages"`
	Compiled     bool         `json:"compiled"` // blocks ran as compiled code
	Notice       string       `json:"notice"`   // a fallback to the CPU; "" for none
	DurationMS   float64      `json:"duration_ms"`
	Instructions int          `json:"instructions"`
	Machine      string       `json:"machine_sha256"` // "" when nothing ran
	Human        string       `json:"human_sha256"`
	Log          string       `json:"log"`
	Error        *reportError `json:"error"`
}

// stages says where the stages of the last frame ran, cpu or gpu; "" when nothing
// ran.
type stages struct {
	Core   string `json:"core"`
	Each   string `json:"each"`
	Raster string `json:"raster"`
	Expand string `json:"expand"`
}

// stagesOf are those of an engine: whatever paints, the core is the CPU's.
func stagesOf(k engine.Kind) stages {
	cpu, kind := strings.ToLower(engine.CPU.String()), strings.ToLower(k.String())
	return stages{Core: cpu, Each: kind, Raster: kind, Expand: kind}
}

// reportError is why success is false. Line and Column are 0 for what has no
// place in the source: the codes "file" and "backend". File is there when the place
// is in a file that the program includes.
type reportError struct {
	Code    string `json:"code"`
	File    string `json:"file,omitempty"` // from the program's folder
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"message"`
}

// An outcome is a run with its pictures.
type outcome struct {
	engine.Result
	header  isa.Header
	display []uint32
	human   *image.RGBA
	took    time.Duration
}

func (c *invocation) run(f runFlags) error {
	path, err := c.oneFile()
	if err == nil {
		err = errors.Join(ending("--human", f.human, ".png"), ending("--machine", f.machine, ".png"))
	}
	if err == nil {
		err = f.films.check()
	}
	if err != nil {
		return err
	}
	var r report
	if err = c.runFile(path, f, &r); err == nil {
		r.Success = true
	} else if r.Error == nil {
		r.Error = &reportError{Code: "backend", Message: err.Error()}
		if errors.As(err, new(*fileError)) {
			r.Error.Code = "file"
		}
	}
	if f.json {
		if e := object(c.Stdout, r); e != nil {
			return errors.Join(err, e)
		}
	}
	return err
}

// runFile runs a program and fills in r as far as it comes.
func (c *invocation) runFile(path string, f runFlags, r *report) error {
	var err error
	if f.given, err = readInputs(c, f.inputs); err != nil {
		return err
	}
	began := time.Now()
	a, err := c.assemble(path)
	if err != nil {
		return err
	}
	if !a.OK() {
		r.Error = firstError(a)
		return errFailed
	}
	r.Instructions = a.Program.Instructions()
	o, err := c.execute(a, f, time.Since(began))
	if err != nil {
		return err
	}
	r.Stages, r.Compiled, r.Notice = stagesOf(o.Kind), o.Compiled, c.notice
	r.Cycles, r.Frames, r.Backend, r.Log = o.Cycles, o.Frames, o.Kind.String(), o.Log
	r.DurationMS = math.Round(o.took.Seconds()*1e6) / 1e3
	r.Machine, r.Human = sum(machine.Bytes(o.display)), sum(o.human.Pix)
	if !f.json {
		c.summarize(a, o)
	}
	r.Error = fault(a, o.Fault)
	failed := c.failed(a, r.Error)
	if err := savePictures(o, f); err != nil {
		if failed == nil {
			return err
		}
		c.say("%v", err)
	}
	return failed
}

// readInputs reads what frames are given, nothing where path is "".
func readInputs(c *invocation, path string) (record.Inputs, error) {
	if path == "" {
		return nil, nil
	}
	_, text, err := c.source(path)
	if err != nil {
		return nil, err
	}
	in, err := record.ReadInputs(strings.NewReader(text))
	if err != nil {
		return nil, &fileError{path, err.Error(), err}
	}
	return in, nil
}

// fault tells of the run-time error that ended a run, nil for none.
func fault(a *pxl.Assembly, f *machine.Fault) *reportError {
	if f == nil {
		return nil
	}
	at, _ := a.Map.At(f.PC)
	return errorAt(a, f.Code.String(), at.Pos, liveedit.Explain(f, a))
}

// errorAt is an error at a place in a program's files.
func errorAt(a *pxl.Assembly, code string, at pxl.Position, message string) *reportError {
	return &reportError{code, a.Path(at.File), at.Line, at.Column, message}
}

// failed tells of a run-time error, if there was one.
func (c *invocation) failed(a *pxl.Assembly, e *reportError) error {
	if e == nil {
		return nil
	}
	at := a.File
	for i := range a.Included {
		if a.Included[i].Path == e.File {
			at = a.Included[i].Name
		}
	}
	if e.Line > 0 { // else the line is not known
		at = fmt.Sprintf("%s:%d:%d", at, e.Line, e.Column)
	}
	fmt.Fprintf(c.Stderr, "%s: %s [%s]\n", at, e.Message, e.Code)
	return errFailed
}

// execute runs an assembled program on the backend asked for. The time to
// start the backend is not counted, that to assemble, given, is.
func (c *invocation) execute(a *pxl.Assembly, f runFlags, assembling time.Duration) (*outcome, error) {
	var o *outcome
	err := c.withEngine(*f.backend, engine.Work{Program: a.Program, Frames: f.frames, Budget: f.cycles}, func(e engine.Engine) error {
		began := time.Now()
		res, err := f.films.run(c, e, engine.RunOptions{Program: a.Program, Seed: f.seed, Frames: f.frames, Budget: f.cycles, InputAt: f.given.At})
		if err != nil {
			return err
		}
		o = &outcome{Result: res, header: a.Header}
		if o.human, err = e.Human(c.ctx); err != nil {
			return err
		}
		if o.display, err = e.Read(c.ctx, machine.DisplayPage); err != nil {
			return err
		}
		o.took = assembling + time.Since(began)
		return nil
	})
	return o, err
}

// summarize prints what a person wants to know of a run that was not an error.
func (c *invocation) summarize(a *pxl.Assembly, o *outcome) {
	if o.Log != "" {
		c.printf("%s\n", o.Log)
	}
	how := map[isa.Status]string{isa.Framed: "ran for", isa.Halted: "halted after", isa.Faulted: "failed after"}[o.Status]
	c.printf("%s: %s %s and %s, on the %s (%s), %s\n", a.File, how,
		count(o.Cycles, "cycle"), count(uint64(o.Frames), "frame"), o.Kind, o.Adapter, milliseconds(o.took))
}

func savePictures(o *outcome, f runFlags) error {
	var errs []error
	if f.human != "" {
		errs = append(errs, writePNG(f.human, o.human))
	}
	if f.machine != "" {
		errs = append(errs, writePNG(f.machine, machine.Codes(o.display, o.header.W, o.header.H)))
	}
	return errors.Join(errs...)
}

// firstError is the first diagnostic that is not a warning.
func firstError(a *pxl.Assembly) *reportError {
	for _, d := range a.Diagnostics {
		if d.Severity == pxl.Error {
			return errorAt(a, d.Code, d.Pos, d.Message)
		}
	}
	return &reportError{Code: "assembler", Message: "the program could not be assembled"}
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}
