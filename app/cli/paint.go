package cli

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gvpie/runtime/improve"
	"gvpie/runtime/improve/picture"
	"gvpie/runtime/isa"
	"gvpie/runtime/plaintext"
	pictures "gvpie/runtime/pxl/picture"
)

type paintFlags struct {
	shapes     int
	kinds      string
	lasting    time.Duration
	candidates int
	seed       uint64
	canvas     string
	out        string
	json       bool
}

// How many candidates paint tries: unless told, and for each second that it is told.
const (
	paintCandidates = 1_200_000
	paintRate       = 400_000
)

var paintCommand = command{
	name: "paint", args: "[FLAGS] TARGET.png", summary: "Look for the program of a few shapes that draws a picture",
	help: `The program is a CLS and a shape a line. It goes to standard output, or with --out to
a file. --kinds takes rect, circ, tri, line and glyph: text, a line of characters in one
ink. Named with others, half of the shapes are text, over the rest.

The canvas is of pixels and as large as the picture, at most 1024 × 1024. --canvas 128x64
is a canvas of that many cells, --canvas "256x256 pixel" one of pixels; the picture is
scaled to what the canvas shows.

The same --seed and --candidates give the same program on every computer. With --for the
search is as long as a usual computer takes for it, ends at a whole job of candidates
where the time is over before, and then has the best so far.

With --json standard output is one object: rmse (how far the program's picture is from
the target: the root of the mean square of what red, green, blue and alpha differ by, of
1), shapes, words (of the assembled program), cost (as improve counts it), seconds and
candidates (that were tried).
`,
	setup: func(fs *flag.FlagSet) func(*invocation) error {
		f := paintFlags{seed: 1, shapes: 50}
		fs.Func("shapes", fmt.Sprintf("draw `N` shapes at most, default %d", f.shapes), number(1, picture.MostShapes, func(n int64) { f.shapes = int(n) }))
		fs.StringVar(&f.kinds, "kinds", picture.Names(picture.Outlines), "draw with these, a `LIST` with commas")
		fs.DurationVar(&f.lasting, "for", 0, "look for `DURATION` at most")
		fs.Func("candidates", fmt.Sprintf("try `N` candidates, default %d", paintCandidates), number(1, math.MaxInt32, func(n int64) { f.candidates = int(n) }))
		fs.Func("seed", "the `N` that chance begins with, default 1", number(0, math.MaxInt64, func(n int64) { f.seed = uint64(n) }))
		fs.StringVar(&f.canvas, "canvas", "", "draw on a canvas of `WxH` cells; default one of pixels")
		fs.StringVar(&f.out, "out", "", "write the program to `OUT.pxl`")
		fs.BoolVar(&f.json, "json", false, "print one JSON object")
		return func(c *invocation) error { return paint(c, f) }
	},
}

// A paintReport is what paint --json prints.
type paintReport struct {
	RMSE       float64 `json:"rmse"`
	Shapes     int     `json:"shapes"`
	Words      int     `json:"words"`
	Cost       uint64  `json:"cost"`
	Seconds    float64 `json:"seconds"`
	Candidates int     `json:"candidates"`
}

func paint(c *invocation, f paintFlags) error {
	began := time.Now()
	o, err := f.options()
	if err != nil {
		return err
	}
	t, err := paintTarget(c.args, f)
	if err != nil {
		return err
	}
	if f.lasting > 0 {
		until := time.Now().Add(f.lasting)
		o.Stop = func() bool { return time.Now().After(until) }
	}
	painting, err := picture.Paint(c.ctx, t, o)
	if err != nil {
		return err
	}
	name := plaintext.Line(filepath.Base(c.args[0]))
	painting.Source = fmt.Sprintf("; %s in %s\n%s", name, counted(painting.Shapes, "shape"), painting.Source)
	r := paintReport{Shapes: painting.Shapes, Candidates: painting.Candidates}
	if err := measurePainting(c.ctx, t, painting.Source, &r); err != nil {
		return err
	}
	r.Seconds = time.Since(began).Seconds()
	if f.out != "" {
		if err := writeFile(f.out, 0o644, func(w io.Writer) error {
			_, err := io.WriteString(w, painting.Source)
			return err
		}); err != nil {
			return err
		}
	}
	told := fmt.Sprintf("%s: error %.4f with %s, %s, cost %d, %s in %.1f s", c.args[0], r.RMSE, counted(r.Shapes, "shape"), counted(r.Words, "word"), r.Cost, counted(r.Candidates, "candidate"), r.Seconds)
	switch {
	case f.json:
		return json.NewEncoder(c.Stdout).Encode(r)
	case f.out != "":
		c.printf("%s\n", told)
	default:
		c.printf("%s", painting.Source)
		c.say("%s", told)
	}
	return nil
}

// options reads what the flags say of the search, but for when it stops.
func (f paintFlags) options() (o picture.Options, err error) {
	o = picture.Options{Shapes: f.shapes, Seed: f.seed, Candidates: f.candidates}
	if f.lasting < 0 {
		return o, usagef("--for is how long, such as 3s")
	}
	for _, name := range strings.Split(f.kinds, ",") {
		k, err := picture.ParseKind(strings.TrimSpace(name))
		if err != nil {
			return o, usageError(err.Error())
		}
		if !slices.Contains(o.Kinds, k) {
			o.Kinds = append(o.Kinds, k)
		}
	}
	slices.Sort(o.Kinds)
	if o.Candidates == 0 {
		o.Candidates = paintCandidates
		if f.lasting > 0 {
			o.Candidates = int(max(1, min(math.MaxInt32, f.lasting.Seconds()*paintRate)))
		}
	}
	return o, nil
}

// paintTarget reads the picture that is to be painted.
func paintTarget(args []string, f paintFlags) (*picture.Target, error) {
	if len(args) != 1 {
		return nil, usagef("which picture? One TARGET.png")
	}
	w, h, pixel := 0, 0, true
	if f.canvas != "" {
		var err error
		text := f.canvas
		text, pixel = strings.CutSuffix(text, "pixel")
		if w, h, err = parseSize(strings.TrimSpace(text)); err != nil {
			return nil, err
		}
		if max(w, h) > isa.MaxCanvas {
			return nil, usagef("--canvas %s: a canvas has at most %d × %d texels", f.canvas, isa.MaxCanvas, isa.MaxCanvas)
		}
	}
	img, err := pictures.LoadIf(args[0], func(pw, ph int) error {
		if w == 0 && max(pw, ph) > isa.MaxCanvas {
			return fmt.Errorf("%d × %d pixels are more than a canvas has, %d × %d; with --canvas \"512x512 pixel\" the picture is scaled", pw, ph, isa.MaxCanvas, isa.MaxCanvas)
		}
		return nil
	})
	if err != nil {
		return nil, onFile(args[0], err)
	}
	t, err := picture.NewTarget(img, w, h, pixel)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", args[0], err)
	}
	return t, nil
}

// measurePainting runs a program, to say what it is and how near the target.
func measurePainting(ctx context.Context, t *picture.Target, source string, r *paintReport) error {
	p, err := improve.Load("painting.pxl", source)
	if err != nil {
		return err
	}
	if r.Cost, err = p.Cost(ctx); err != nil {
		return err
	}
	r.Words = len(p.Program)
	r.RMSE, err = t.Measure(ctx, p)
	return err
}
