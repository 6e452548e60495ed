package benchmark

import (
	"errors"
	"math"

	"gvpie/assets/bench"
	"gvpie/runtime/debug/why"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

// The rows of the debugger: what it may take to answer, or to be ready for it.
var debugger = []group{
	{"Who and why, 50 000 commands on 1024 × 1024", []spec{
		{"who", "every command that drew a texel", milliseconds, 50, who},
		{"why_10_hops", "ten hops from a value to what made it", milliseconds, 50, tenHops},
		{"block", "an EACH as one texel ran it", milliseconds, 50, blockOf},
	}},
}

// asked is a run that stands before the frame that is asked about.
type asked struct {
	a    *pxl.Assembly
	past *why.Rerun
}

// askedFrame is the frame that is asked about.
const askedFrame = 2

func (b *bencher) asked(source string) (asked, error) {
	a := pxl.Assemble("bench.pxl", source)
	if !a.OK() {
		return asked{}, errors.New("the program does not assemble")
	}
	past, err := why.NewRerun(a.Program, isa.DefaultSeed, func(int) (in machine.Input, budget uint32) { return in, 0 })
	if err == nil {
		_, err = past.Before(b.ctx, askedFrame)
	}
	return asked{a, past}, err
}

// asker has been asked nothing of the frame yet.
func (a asked) asker() *why.Asker { return why.New(a.a, a.past) }

func who(b *bencher, _ spec) (measured, error) { return b.who(bench.Program("passes"), "CLS") }

func blockOf(b *bencher, _ spec) (measured, error) {
	return b.who(resized(bench.Program("plasma"), 1024, 1024), "EACH")
}

// who measures who drew texels, a command of the kind first.
func (b *bencher) who(source, op string) (measured, error) {
	run, err := b.asked(source)
	if err != nil {
		return measured{}, err
	}
	n := 0
	return b.rounds(b.timed(func() error {
		n++
		d, err := run.asker().Who(b.ctx, askedFrame, 512+n*31&63, 512+n*17&63)
		if err == nil && (len(d.Touches) == 0 || d.Touches[0].Op != op) {
			err = errors.New("nothing drew the texel")
		}
		return err
	}), nil)
}

func tenHops(b *bencher, _ spec) (measured, error) {
	run, err := b.asked(bench.Program("passes"))
	if err != nil {
		return measured{}, err
	}
	return b.rounds(b.timed(func() error {
		a := run.asker()
		v, err := a.Variable(b.ctx, "passed[11]", why.Position{Frame: askedFrame, Cycle: math.MaxUint32})
		for range 10 {
			if err != nil {
				break
			}
			var o why.Origin
			if o, _, err = a.Why(b.ctx, v); err == nil && len(o.Inputs) == 0 {
				err = errors.New("a hop leads nowhere")
			} else if err == nil {
				v = o.Inputs[0]
			}
		}
		return err
	}), nil)
}
