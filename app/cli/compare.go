package cli

import (
	"flag"

	"gvpie/runtime/record"
)

var compareCommand = command{
	name: "compare", args: "[--json] A.pxlrec B.pxlrec", summary: "Say whether two recordings show the same pictures, and where they part",
	help: `Both are run, on the CPU, and the display is compared after each frame. Frames are
counted from 0. A frame that only one recording has is a difference. Other seeds, and
other variables or random numbers of one program, are told apart and are none.

With --json standard output is one object: equal, frame, texel ([x, y]), a and b (the
texel's codes as numbers), null where there is none; and where they differ seeds (of
both) and state (the first frame after which variables, arrays or random numbers do).

The exit code is 0 for the same pictures, 1 for others, and 2 where a recording cannot
be read or is not whole.
`,
	setup: func(fs *flag.FlagSet) func(*invocation) error {
		asJSON := fs.Bool("json", false, "print one JSON object")
		return func(c *invocation) error {
			if len(c.args) != 2 {
				return usagef("which two recordings?")
			}
			return compareRecordings(c, c.args[0], c.args[1], *asJSON)
		}
	},
}

// unreadable is a recording that compare cannot read. It ends the command with exit
// code 2.
type unreadable struct{ error }

func (e unreadable) Unwrap() error { return e.error }

// A compareReport is what compare --json prints.
type compareReport struct {
	Equal bool      `json:"equal"`
	Frame *int      `json:"frame"`
	Texel *[2]int   `json:"texel"`
	A     *uint32   `json:"a"`
	B     *uint32   `json:"b"`
	Seeds *[2]int32 `json:"seeds,omitempty"`
	State *int      `json:"state,omitempty"`
}

func compareRecordings(c *invocation, pathA, pathB string, asJSON bool) error {
	var recs [2]*record.Recording
	for i, path := range []string{pathA, pathB} {
		var err error
		if recs[i], _, err = openRecording(path); recs[i] == nil || notWhole(err) != nil {
			return unreadable{err}
		}
	}
	show, end := c.progress()
	frames := min(recs[0].Frames.Len(), recs[1].Frames.Len())
	d, err := record.Compare(c.ctx, recs[0], recs[1], func(n int) {
		if show != nil {
			show("comparing", int64(n), int64(frames))
		}
	})
	end()
	if err != nil {
		return err
	}
	r := compareReport{Equal: d.Equal}
	if !d.Equal {
		r.Frame = &d.Frame
	}
	if d.At != nil {
		r.Texel, r.A, r.B = &[2]int{d.At.X, d.At.Y}, &d.At.A, &d.At.B
	}
	if d.Seeds[0] != d.Seeds[1] {
		r.Seeds = &d.Seeds
	}
	if d.States >= 0 {
		r.State = &d.States
	}
	if asJSON {
		err = object(c.Stdout, r)
	} else {
		tellCompared(c, pathA, pathB, recs, r)
	}
	if err == nil && !r.Equal {
		err = errFailed
	}
	return err
}

func tellCompared(c *invocation, pathA, pathB string, recs [2]*record.Recording, r compareReport) {
	na, nb := recs[0].Frames.Len(), recs[1].Frames.Len()
	switch {
	case r.Equal:
		c.printf("%s and %s show the same pictures: %s\n", pathA, pathB, counted(na, "frame"))
	case r.Texel != nil:
		h, _ := recs[0].Program.Header() // it ran
		c.printf("the pictures part in frame %d: texel %d, %d is %s in %s, and %s in %s\n", *r.Frame, r.Texel[0], r.Texel[1], h.TexelText(*r.A), pathA, h.TexelText(*r.B), pathB)
	case *r.Frame == min(na, nb) && na != nb:
		c.printf("the pictures are the same as far as both go: %s has %s, %s %s\n", pathA, counted(na, "frame"), pathB, counted(nb, "frame"))
	default:
		c.printf("the pictures part in frame 0: the canvases differ\n")
	}
	if r.Seeds != nil {
		c.printf("the seeds differ: %d, and %d\n", r.Seeds[0], r.Seeds[1])
	}
	if r.State != nil {
		c.printf("variables, arrays or random numbers differ from frame %d on\n", *r.State)
	}
}
