package kernel_test

import (
	"context"
	"fmt"
	"slices"

	"gvpie/runtime/generate"
	"gvpie/runtime/isa"
	"gvpie/runtime/kernel"
	"gvpie/runtime/machine"
)

// tally is what a comparison saw.
type tally struct {
	blocks, refused int
	texels, bailed  int
}

// compare runs frames of a program and holds the kernels of its blocks to what the
// machine paints at each EACH: with the data, the state and the display of that moment,
// for every texel. At most so many commands are looked at. The error says what differs.
func compare(p isa.Program, frames int, budget uint32, inputs []machine.Input, most int, t *tally) error {
	ctx := context.Background()
	ahead, err := machine.New(p, 1)
	if err != nil {
		return nil // is no program
	}
	m, _ := machine.New(p, 1)
	built := map[uint32]*kernel.Kernel{}
	for frame := range frames {
		in := machine.Input{}
		if len(inputs) > 0 {
			in = inputs[frame%len(inputs)]
		}
		report, err := ahead.Frame(ctx, in, budget)
		if err != nil {
			return err
		}
		began := slices.Clone(m.Page(machine.DisplayPage))
		m.Begin(in, budget)
		for _, c := range ahead.Commands() {
			if c.Op() != isa.EACH || most <= 0 {
				continue
			}
			most--
			k, ok := built[uint32(c.PC())]
			if !ok {
				k, err = kernel.Build(p, m.Header(), uint32(c.PC()))
				t.blocks++
				if err != nil {
					t.refused++
				}
				built[uint32(c.PC())] = k
			}
			if k == nil {
				continue
			}
			if err := compareEach(m, k, &c, began, t); err != nil {
				return fmt.Errorf("frame %d, EACH at %d: %w\n%s", frame, c.PC(), err, dump(k))
			}
		}
		if _, err := m.End(ctx); err != nil {
			return err
		}
		if report.Status != isa.Framed {
			break
		}
	}
	return nil
}

// compareEach paints what comes before an EACH, then the EACH, and looks at the
// difference.
func compareEach(m *machine.Machine, k *kernel.Kernel, c *isa.Command, began []uint32, t *tally) error {
	ctx := context.Background()
	pages := func(cycle uint32) (display, writer []uint32, err error) {
		if _, err := m.RunTo(ctx, cycle); err != nil {
			return nil, nil, err
		}
		if err := m.Paint(ctx); err != nil {
			return nil, nil, err
		}
		return slices.Clone(m.Page(machine.DisplayPage)), slices.Clone(m.Page(machine.WriterPage)), nil
	}
	before, wroteBefore, err := pages(c[isa.CmdCycle] - 1)
	if err != nil {
		return err
	}
	after, wrote, err := pages(c[isa.CmdCycle])
	if err != nil {
		return err
	}
	at := func(v uint32) (x, y int) { return int(v & 0xFFFF), int(v >> 16) }
	minX, minY := at(c[isa.CmdClipMin])
	maxX, maxY := at(c[isa.CmdClipMax])
	x0, y0 := int(int32(c[isa.CmdA])), int(int32(c[isa.CmdB]))
	x1, y1 := min(maxX, x0+int(int32(c[isa.CmdC]))), min(maxY, y0+int(int32(c[isa.CmdD])))
	x0, y0 = max(x0, minX), max(y0, minY)
	if x0 >= x1 {
		return nil
	}
	captures := m.Payload()[c[isa.CmdText]:][:c[isa.CmdLen]]
	if !k.Matches(captures) {
		return nil
	}
	w := newWave(k, m, captures, began)
	const enough = 2000 // texels
	step := max(1, (x1-x0)*(y1-y0)/enough)
	for y := y0; y < y1; y += step {
		w.skip = (y-y0)/step&1 == 1
		if err := w.row(x0, x1-x0, y); err != nil {
			return err
		}
		for i := range w.n {
			t.texels++
			at := y*k.W + x0 + i
			is, by := after[at], wrote[at]
			want, wantBy := before[at], wroteBefore[at]
			switch {
			case w.bailed[i] == "LOG" || w.bailed[i] == "the budget":
				t.bailed++
				continue
			case w.bailed[i] != "":
				t.bailed++
			case w.put[i] != 0:
				want, wantBy = w.texel(i), w.put[i]
				if !k.Pixel { // the glyph and the ink stay
					want |= before[at] & 0xFFFF
				}
			}
			if is != want || by != wantBy {
				return fmt.Errorf("texel %d, %d is %08x by %d, and the kernel makes it %08x by %d (%s)", x0+i, y, is, by, want, wantBy, w.bailed[i])
			}
		}
	}
	return nil
}

func compareRandom(seed int64, t *tally) error {
	g := generate.New(seed, true)
	a := g.Assemble()
	if err := compare(a.Program, g.Frames, generate.Budget, g.Inputs, 6, t); err != nil {
		return fmt.Errorf("seed %d: %w\n%s", seed, err, g.Source)
	}
	return nil
}
