package cli

import (
	"errors"
	"flag"
	"io"
	"io/fs"
	"math"
	"os"

	"gvpie/runtime/debug"
	"gvpie/runtime/engine"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/record"
)

// recordFlags are the flags of gvpie record.
type recordFlags struct {
	backend *engine.Backend
	frames  int
	cycles  uint32
	seed    int32
	inputs  string
	out     string
}

var recordCommand = command{
	name: "record", args: "[FLAGS] FILE --frames N --out OUT.pxlrec", summary: "Run a program, and keep the run in a file that can be replayed",
	help: `The recording holds the program with all its files, the seed, what each frame was
given, how it ended, and hashes of its pictures, of 256 frames or so: each where
there are not more. It is as long as its inputs, not its pictures. It ends where the
program does, also with an error of the program, which is told as run tells it, with
exit code 1. Interrupted, it holds the frames until then, and the exit code is 130.

--inputs is a file as run takes it. gvpie replay runs a recording again and says
whether all comes out the same; gvpie compare finds where two differ.
`,
	setup: func(fs *flag.FlagSet) func(*invocation) error {
		f := recordFlags{backend: addBackend(fs)}
		fs.Func("frames", "record `N` frames", number(1, math.MaxInt32, func(n int64) { f.frames = int(n) }))
		addCycles(fs, &f.cycles)
		addSeed(fs, &f.seed)
		addInputs(fs, &f.inputs)
		fs.StringVar(&f.out, "out", "", "write the recording to `OUT.pxlrec`")
		return func(c *invocation) error { return recordRun(c, f) }
	},
}

func recordRun(c *invocation, f recordFlags) error {
	path, err := c.oneFile()
	switch {
	case err != nil:
		return err
	case f.frames == 0:
		return usagef("how many frames? (--frames N)")
	case f.out == "":
		return usagef("where to? (--out OUT.pxlrec)")
	case sameFile(path, f.out):
		return usagef("--out %s is the program itself", f.out)
	}
	in, err := readInputs(c, f.inputs)
	if err != nil {
		return err
	}
	a, err := c.assemble(path)
	if err != nil {
		return err
	}
	if !a.OK() {
		return errFailed
	}
	r := &record.Recording{Source: pxl.Bundle(a), Program: a.Program, Seed: f.seed}
	if path != "-" {
		r.Name = a.File
	}
	var last machine.Report
	err = c.withEngine(*f.backend, engine.Work{Program: a.Program, Frames: f.frames, Budget: f.cycles}, func(e engine.Engine) (err error) {
		last, err = r.Run(c.ctx, e, f.frames, f.cycles, in.At)
		return err
	})
	if err != nil && (c.ctx.Err() == nil || r.Frames.Len() == 0) {
		return err
	}
	size := 0
	failed := writeFile(f.out, 0o644, func(w io.Writer) error {
		return r.Write(writerFunc(func(b []byte) (int, error) {
			size += len(b)
			return w.Write(b)
		}))
	})
	if failed != nil {
		return errors.Join(failed, err)
	}
	c.printf("%s: %s in %s, %s\n", a.File, count(uint64(r.Frames.Len()), "frame"), f.out, count(uint64(size), "byte"))
	if err != nil {
		return err
	}
	return c.failed(a, fault(a, last.Fault))
}

// A writerFunc is a function that is written to.
type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

// sameFile says whether two paths lead to one file.
func sameFile(a, b string) bool {
	ia, err := os.Stat(a)
	if err != nil {
		return false
	}
	ib, err := os.Stat(b)
	return err == nil && os.SameFile(ia, ib)
}

// openRecording is debug.OpenRecording, with the file in its errors.
func openRecording(path string) (*record.Recording, *pxl.Assembly, error) {
	r, a, err := debug.OpenRecording(path)
	if err == nil {
		return r, a, nil
	}
	why := err.Error()
	if p := (*fs.PathError)(nil); errors.As(err, &p) {
		why = reason(err)
	}
	return r, a, &fileError{path, why, err}
}

// notWhole is the error of openRecording where the recording is damaged, else nil.
func notWhole(err error) error {
	if errors.As(err, new(*record.Damage)) {
		return err
	}
	return nil
}
