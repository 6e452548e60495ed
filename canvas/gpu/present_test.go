package gpu

import (
	"fmt"
	"image"
	"testing"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// TestPresentMatchesTheReference compares views of every page at every kind of
// zoom. The two may weigh texels in another order, and round differently.
func TestPresentMatchesTheReference(t *testing.T) {
	for _, pixel := range []bool{false, true} {
		a := cells(t, 37, 21)
		a.header.Pixel = pixel
		a.header.DataWords = 200
		a.op(isa.RECT, 2, 2, 20, 9, 0xFF9900)
		a.op(isa.TXT, 3, 3, "PRESENT me {}")
		a.op(isa.CIRC, 28, 12, 8)
		a.op(isa.SET, 100, 0x12345678)
		p := a.program()
		e, cpu := load(t, p), engine.NewCPU()
		must(t, cpu.Load(t.Context(), p, isa.DefaultSeed))
		for _, e := range []engine.Engine{e, cpu} {
			_, err := e.Frame(t.Context(), machine.Input{}, 0)
			must(t, err)
		}
		for texture := machine.MachineTexture; texture <= machine.HumanTexture; texture++ {
			for page := machine.DisplayPage; page <= machine.StatePage; page++ {
				if texture == machine.HumanTexture && page > 0 {
					continue
				}
				for _, v := range []machine.View{
					{Width: 61, Height: 47, Scale: 1},
					{Width: 90, Height: 70, X: -3.25, Y: 1.5, Scale: 2.5, Back: 0x203040},
					{Width: 64, Height: 33, X: -10, Y: -5, Scale: 0.37, Back: 0xFFFFFF},
					{Width: 40, Height: 30, X: -100, Y: -70, Scale: 1.0 / 9, Back: 0x00FF00},
					{Width: 16, Height: 8, X: -9, Y: 9, Scale: 1.0 / 64},
					{Width: 130, Height: 101, X: 2.1, Y: 2.7, Scale: 11, Grid: true, Mark: machine.Rect{X: 4, Y: 4, W: 3, H: 2}},
					{Width: 130, Height: 101, X: -1, Y: -1, Scale: 16, Grid: true},
					{Width: 99, Height: 77, Scale: 1.4, Grid: true, LitFrom: isa.HeaderWords, LitTo: isa.HeaderWords + 1, Mark: machine.Rect{X: -5, Y: 2, W: 900, H: 1}},
					{Width: 99, Height: 77, Scale: 1.4, Meaning: true},
					{Width: 64, Height: 33, X: -10, Y: -5, Scale: 0.37, Meaning: true, LitFrom: isa.HeaderWords, LitTo: isa.HeaderWords + 1},
					{Width: 50, Height: 50, X: 1e30, Y: -1e30, Scale: 64, Back: 0x123456},
				} {
					v.Texture, v.Page = texture, page
					t.Run(fmt.Sprintf("%v %+v", pixel, v), func(t *testing.T) {
						rect := image.Rect(0, 0, v.Width, v.Height)
						got, want := image.NewRGBA(rect), image.NewRGBA(rect)
						must(t, cpu.Render(t.Context(), v, want))
						must(t, e.Render(t.Context(), v, got))
						comparePictures(t, got, want, 2)
					})
				}
			}
		}
		must(t, cpu.Close())
	}
}

// TestPresentOfAHumanTextureTooLargeToHold shows cells that are worked out where
// they are looked at.
func TestPresentOfAHumanTextureTooLargeToHold(t *testing.T) {
	a := cells(t, 1024, 400)
	a.op(isa.TXT, 2, 2, "in a corner")
	a.op(isa.RECT, 5, 1, 9, 9, 0xFF9900)
	p := a.program()
	e, cpu := load(t, p), engine.NewCPU()
	defer cpu.Close()
	must(t, cpu.Load(t.Context(), p, isa.DefaultSeed))
	for _, e := range []engine.Engine{e, cpu} {
		_, err := e.Frame(t.Context(), machine.Input{}, 0)
		must(t, err)
	}
	for _, v := range []machine.View{
		{Width: 120, Height: 90, Scale: 1.3},
		{Width: 120, Height: 90, Scale: 0.4, LitFrom: 1, LitTo: 9},
		{Width: 120, Height: 90, X: 6000, Y: 3150, Scale: 0.9, Back: 0xFF},
	} {
		v.Texture = machine.HumanTexture
		rect := image.Rect(0, 0, v.Width, v.Height)
		got, want := image.NewRGBA(rect), image.NewRGBA(rect)
		must(t, cpu.Render(t.Context(), v, want))
		must(t, e.Render(t.Context(), v, got))
		comparePictures(t, got, want, 2)
	}
}

func TestPresentBeforeTheFirstFrame(t *testing.T) {
	a := cells(t, 8, 8)
	a.op(isa.HALT)
	e := load(t, a.program())
	dst := image.NewRGBA(image.Rect(0, 0, 20, 10))
	must(t, e.Render(t.Context(), machine.View{Texture: machine.HumanTexture, Width: 20, Height: 10, Scale: 1, Back: 0xFFFFFF}, dst))
	if got := dst.RGBAAt(3, 3); got.R != 0 || got.A != 255 {
		t.Errorf("an untouched cell shows as %v", got)
	}
}

func TestPresentRefusesWhatCannotBeShown(t *testing.T) {
	a := cells(t, 8, 8)
	a.op(isa.HALT)
	e := load(t, a.program())
	if err := e.Render(t.Context(), machine.View{Width: 5, Height: 5, Scale: 1000}, image.NewRGBA(image.Rect(0, 0, 5, 5))); err == nil {
		t.Error("a scale of 1000 was accepted")
	}
}
