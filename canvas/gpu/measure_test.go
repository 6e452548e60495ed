package gpu

import (
	"slices"
	"testing"

	"gvpie/assets/bench"
	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl/pxltest"
)

// The kernels of gvpie bench paint what its programs paint.
func TestTheYardsticksPaintTheSame(t *testing.T) {
	for _, name := range []string{"plasma", "mandel"} {
		p := pxltest.Assemble(t, bench.Program(name)).Program
		cpu := engine.NewCPU()
		must(t, cpu.Load(t.Context(), p, isa.DefaultSeed))
		for range 2 {
			_, err := cpu.Frame(t.Context(), machine.Input{}, 0)
			must(t, err)
		}
		want, err := cpu.Read(t.Context(), machine.DisplayPage)
		must(t, err)
		m := load(t, p).(*Machine)
		must(t, m.d.do(t.Context(), func() error {
			y, err := m.d.newYardstick(bench.Kernel(name), m.header.W, m.header.H, 1)
			if err != nil {
				return err
			}
			defer y.release()
			if err := y.run(1); err != nil {
				return err
			}
			got, err := m.d.readWords(nil, y.buffers[0], len(want))
			if !slices.Equal(got, want) {
				t.Errorf("the kernel %s paints another picture", name)
			}
			return err
		}))
		c, err := m.d.Compare(t.Context(), p, bench.Kernel(name), 2)
		if err != nil || c.Dispatches < 1 || len(c.Ours) != 2 || len(c.Yardstick) != 2 || c.Ours[1].Wall <= 0 || c.Yardstick[1].Wall <= 0 {
			t.Errorf("%s: %+v, %v", name, c, err)
		}
	}
	m := load(t, pxltest.Assemble(t, "RECT 1 1 5 5\nFRAME\n").Program).(*Machine)
	if _, err := m.d.Compare(t.Context(), pxltest.Assemble(t, "a:\nRECT 1 1 5 5\nFRAME\nJMP a\n").Program, bench.Kernel("plasma"), 1); err == nil {
		t.Error("a frame without an EACH is measured")
	}
}
