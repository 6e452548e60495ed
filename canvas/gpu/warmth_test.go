package gpu

import (
	"errors"
	"image"
	"testing"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl/pxltest"
)

// TestAnImpatientMachine refuses what has yet to be built, and is then as it was; what a
// patient one has run it runs too.
func TestAnImpatientMachine(t *testing.T) {
	d, err := Open(Options{})
	if errors.Is(err, engine.ErrUnavailable) {
		device(t) // skips
	}
	must(t, err)
	defer d.Close()
	source := ".canvas 20 9\na:\nEACH\nPUT px * 77 + frame\nEND\nIF frame > 0 RECT 1 1 5 5 red\nFRAME\nJMP a"
	load := func() *Machine {
		m := d.New().(*Machine)
		must(t, m.Load(t.Context(), pxltest.Assemble(t, source).Program, isa.DefaultSeed))
		return m
	}
	patient, impatient := load(), load()
	impatient.Impatient(true)
	frame := func(m *Machine) error {
		_, err := m.Frame(t.Context(), machine.Input{}, 0)
		return err
	}
	view := machine.View{Texture: machine.HumanTexture, Width: 30, Height: 20, Scale: 1}
	render := func(m *Machine) error {
		return m.Render(t.Context(), view, image.NewRGBA(image.Rect(0, 0, 30, 20)))
	}
	reference := engine.NewCPU()
	must(t, reference.Load(t.Context(), pxltest.Assemble(t, source).Program, isa.DefaultSeed))
	for i := range 3 { // the block alone; with a raster; all of it again
		if i < 2 {
			if err := frame(impatient); !errors.Is(err, engine.ErrCold) {
				t.Errorf("frame %d: %v", i, err)
			}
			must(t, frame(patient))
		}
		must(t, frame(impatient))
		_, err := reference.Frame(t.Context(), machine.Input{}, 0)
		must(t, err)
		for page := machine.DisplayPage; page <= machine.StatePage; page++ {
			got, err := impatient.Read(t.Context(), page)
			must(t, err)
			want, err := reference.Read(t.Context(), page)
			must(t, err)
			for k := range want {
				if got[k] != want[k] {
					t.Fatalf("frame %d: word %d of the %v page is %08X, not %08X", i, k, page, got[k], want[k])
				}
			}
		}
	}
	for _, texture := range []machine.Texture{machine.HumanTexture, machine.MachineTexture} {
		view.Texture = texture
		if err := render(impatient); !errors.Is(err, engine.ErrCold) {
			t.Error(err)
		}
		must(t, render(patient))
		must(t, render(impatient))
	}
}
