package kernel

import (
	"fmt"

	"gvpie/runtime/flow"
	"gvpie/runtime/isa"
)

// Build makes the kernel of the EACH at an address of a program. The error says
// why the block can only be interpreted, as a sentence that begins with where.
func Build(p isa.Program, h isa.Header, each uint32) (*Kernel, error) {
	code, captures, ok := flow.EachAt(p, h, each)
	if !ok {
		return nil, refuse(each, "is no EACH that can be executed")
	}
	raw, err := newGraph(code)
	if err != nil {
		return nil, err
	}
	f, err := analyze(raw, p, h, captures)
	if err != nil {
		return nil, err
	}
	if raw.unroll(f.turns()) {
		if f, err = analyze(raw, p, h, captures); err != nil {
			return nil, err
		}
	}
	f.ranges()
	f.simplify()
	f.hoist()
	k := &Kernel{Start: code.Start, End: code.End, W: h.W, H: h.H, Pixel: h.Pixel, Captures: len(captures)}
	k.Steps = f.steps
	d := f.uniform()
	d.strides()
	f.mark()
	k.layout(d.findWebs().lower(k), f.graph)
	k.Given = f.given
	k.whole()
	k.always()
	k.note()
	k.Hash = k.hash()
	return k, nil
}

// analyze takes a graph apart into values and simplifies them.
func analyze(raw *graph, p isa.Program, h isa.Header, captures []uint32) (*function, error) {
	g := raw.split()
	if err := g.findLoops(); err != nil {
		return nil, err
	}
	steps := g.longest(0, len(g.nodes)-1, func(*node) bool { return true })
	f := newFunction(g, p, h, captures)
	f.steps = steps
	f.simplify()
	f.ranges()
	f.simplify()
	return f, nil
}

func refuse(addr uint32, why string, args ...any) error {
	return fmt.Errorf("the instruction at %d "+why, append([]any{addr}, args...)...)
}
