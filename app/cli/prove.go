package cli

import (
	"errors"
	"flag"
	"fmt"
	"math"

	"gvpie/runtime/improve"
	"gvpie/runtime/improve/search"
	"gvpie/runtime/machine"
)

// exitUnknown is the exit code of a question that found no answer.
const exitUnknown = 3

// errUnknown ends a command with exitUnknown when everything has been said.
var errUnknown = errors.New("unknown")

// rewriteCandidates is how many are looked at to rewrite each program to one that may be
// the other, where no run tells them apart.
const rewriteCandidates = 120

var proveCommand = command{
	name: "prove", args: "[--frames N] [--seeds N] [--json] A.pxl B.pxl", summary: "Say whether two programs are equal, and how that is known",
	help: `Equal is the same picture and the same log lines after every frame, and the same ending,
for every input and seed. First both are run: without input and with it, with several
seeds; the numbers, keys and places that they look at are tried too. Where both read no
input and no seed, they are then run until they have ended or their states have come
round: that proves it (complete). Of others it is proved where they are alike but for
expressions, and names that only one has for parts of them, and none can run into a limit
of the machine: all values of each expression are compared (exhaustive), or a solver of
Boolean formulas proves them equal (solver). Where rewriting rules make such programs of
them, or one program, rule.

With --json standard output is one object: equal (true, false, or null where nobody
knows), evidence (complete, exhaustive, solver or rule; trial with null), and where they
differ a witness: frame (from 0: they part after it), texel ([x, y]), seed, inputs (of the
frames from 0, used round and round, as lines that gvpie run --inputs takes) and what
(picture, log or ending). What is not known is null.

The exit code is 0 for equal, 1 for not, 3 where it is not known, and 2 where a file is
no program.
`,
	setup: func(fs *flag.FlagSet) func(*invocation) error {
		e := improve.DefaultEffort
		fs.Func("frames", fmt.Sprintf("run `N` frames, default %d; more where the programs compare with a larger number", e.Frames), number(1, math.MaxInt32, func(n int64) { e.Frames = int(n) }))
		fs.Func("seeds", fmt.Sprintf("try `N` seeds, default %d", e.Seeds), number(1, 1<<16, func(n int64) { e.Seeds = int(n) }))
		asJSON := fs.Bool("json", false, "print one JSON object")
		return func(c *invocation) error {
			if len(c.args) != 2 {
				return usagef("which two programs?")
			}
			return prove(c, c.args[0], c.args[1], e, *asJSON)
		}
	},
}

// A proveReport is what prove --json prints.
type proveReport struct {
	Equal    *bool          `json:"equal"`
	Evidence *string        `json:"evidence"`
	Frame    *int           `json:"frame"`
	Texel    *[2]int        `json:"texel"`
	Seed     *int32         `json:"seed"`
	Inputs   []witnessInput `json:"inputs"`
	What     *string        `json:"what"`
}

// A witnessInput is what a frame of a witness is given, spelt as in a file of inputs.
type witnessInput struct {
	Frame int   `json:"frame"`
	MX    int32 `json:"mx"`
	MY    int32 `json:"my"`
	MB    int32 `json:"mb"`
	MW    int32 `json:"mw"`
	Keys  []int `json:"keys"`
}

func prove(c *invocation, pathA, pathB string, e improve.Effort, asJSON bool) error {
	var programs [2]*improve.Program
	for i, path := range []string{pathA, pathB} {
		a, err := c.assemble(path)
		if err != nil {
			return unreadable{err}
		}
		if programs[i], err = improve.Assembled(a); err != nil {
			return unreadable{fmt.Errorf("%s is no program that can be compared", path)}
		}
	}
	v, err := improve.Prove(c.ctx, programs[0], programs[1], e, search.Prover{Candidates: rewriteCandidates})
	if err != nil {
		return err
	}
	if asJSON {
		err = object(c.Stdout, reportOf(v))
	} else {
		tellProved(c, v)
	}
	switch {
	case err != nil:
		return err
	case v.Witness != nil:
		return errFailed
	case !v.Equal():
		return errUnknown
	}
	return nil
}

func reportOf(v improve.Verdict) proveReport {
	var r proveReport
	if w := v.Witness; w != nil {
		equal := false
		r.Equal, r.Frame, r.Texel, r.Seed, r.What = &equal, &w.Frame, w.Texel, &w.Seed, &w.What
		for i, in := range w.Inputs {
			r.Inputs = append(r.Inputs, witnessInput{Frame: i, MX: in.MouseX, MY: in.MouseY, MB: in.Buttons, MW: in.Wheel, Keys: keysOf(in)})
		}
		return r
	}
	if v.Equal() {
		equal := true
		r.Equal = &equal
	}
	name := v.Evidence.String()
	r.Evidence = &name
	return r
}

// keysOf lists the codes of the keys held.
func keysOf(in machine.Input) []int {
	keys := []int{}
	for k := range 256 {
		if in.Keys[k>>5]>>(k&31)&1 == 1 {
			keys = append(keys, k)
		}
	}
	return keys
}

func tellProved(c *invocation, v improve.Verdict) {
	switch {
	case v.Witness != nil:
		c.printf("not equal: %s\n", v.What)
	case v.Equal():
		c.printf("equal (%s): %s\n", v.Evidence, v.What)
	default:
		c.printf("not known: %s\n", v.What)
	}
}
