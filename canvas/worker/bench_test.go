package worker

import (
	"image"
	"testing"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// BenchmarkRoundTrip is the price of the process boundary for a small call.
func BenchmarkRoundTrip(b *testing.B) {
	s, _ := started(b, "cpu", nil)
	e := load(b, s.NewMachine(), "HALT", 1)
	for b.Loop() {
		if _, err := e.Frame(b.Context(), machine.Input{}, 0); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPicture is the price of the 768 × 512 human texture: made, which
// "direct" is alone, and brought over.
func BenchmarkPicture(b *testing.B) {
	human := func(b *testing.B, e engine.Engine) {
		b.SetBytes(isa.DefaultWidth * isa.CellWidth * isa.DefaultHeight * isa.CellHeight * 4)
		for b.Loop() {
			if _, err := e.Human(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.Run("direct", func(b *testing.B) { human(b, load(b, engine.NewCPU(), "HALT", 1)) })
	b.Run("shared", func(b *testing.B) {
		s, _ := started(b, "picture", nil)
		human(b, load(b, s.NewMachine(), "HALT", 1))
	})
	b.Run("piped", func(b *testing.B) {
		s, _ := started(b, "picture", func(c *Config) { c.noShared = true })
		human(b, load(b, s.NewMachine(), "HALT", 1))
	})
}

// BenchmarkView is a view rendered into a picture the caller keeps.
func BenchmarkView(b *testing.B) {
	for name, edit := range map[string]func(*Config){"shared": nil, "piped": func(c *Config) { c.noShared = true }} {
		b.Run(name, func(b *testing.B) {
			s, _ := started(b, "picture", edit)
			e := load(b, s.NewMachine(), "HALT", 1)
			dst := image.NewRGBA(image.Rect(0, 0, 768, 512))
			b.SetBytes(int64(len(dst.Pix)))
			for b.Loop() {
				if err := e.Render(b.Context(), machine.View{Width: 768, Height: 512, Scale: 1}, dst); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
