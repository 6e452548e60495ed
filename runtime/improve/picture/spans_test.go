package picture

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

// shown runs a program and gives its human texture's pixels, 0xRRGGBB each.
func shown(t *testing.T, source string) []uint32 {
	t.Helper()
	a := pxl.AssembleBundle("test.pxl", source)
	if !a.OK() {
		t.Fatalf("%v in\n%s", a.Diagnostics, source)
	}
	m, err := machine.New(a.Program, isa.DefaultSeed)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := m.Frame(context.Background(), machine.Input{}, 0); err != nil || r.Fault != nil {
		t.Fatal(err, r.Fault)
	}
	img := m.Human()
	out := make([]uint32, len(img.Pix)/4)
	for i := range out {
		p := img.Pix[4*i:]
		out[i] = uint32(p[0])<<16 | uint32(p[1])<<8 | uint32(p[2])
	}
	return out
}

func newDice(seed uint64, w, h int32, kinds ...Kind) *dice {
	return &dice{rand.New(rand.NewPCG(seed, 0)), size{w, h}, kinds}
}

// TestSpansAreWhatTheMachinePaints draws many shapes over each other, each in a colour of
// its own.
func TestSpansAreWhatTheMachinePaints(t *testing.T) {
	for round := range 40 {
		d := newDice(uint64(round), 37+int32(round), 31, Outlines...)
		want := make([]uint32, d.w*d.h)
		source := fmt.Sprintf(".canvas %d %d pixel\nCLS black\n", d.w, d.h)
		for n := range int32(100) {
			s := d.any()
			for range d.IntN(4) {
				s = d.vary(s, 12)
			}
			c := rgb{n + 1, int32(round), 7}
			source += (&placed{shape: s}).line(false, c)
			for _, p := range d.spans(nil, &s) {
				if p.x0 < 0 || p.x0 >= p.x1 || p.x1 > d.w || p.y < 0 || p.y >= d.h {
					t.Fatalf("%v has the span %v on a canvas of %d × %d", s, p, d.w, d.h)
				}
				for x := p.x0; x < p.x1; x++ {
					want[p.y*d.w+x] = uint32(c[0]<<16 | c[1]<<8 | c[2])
				}
			}
		}
		for i, c := range shown(t, source) {
			if c != want[i] {
				t.Fatalf("texel %d,%d is 0x%06X, not 0x%06X, of\n%s", int32(i)%d.w, int32(i)/d.w, c, want[i], source)
			}
		}
	}
}

// TestSpansComeFromTheTopDownOnePerRow is what differ relies on.
func TestSpansComeFromTheTopDownOnePerRow(t *testing.T) {
	d := newDice(9, 40, 30, Outlines...)
	for range 5000 {
		s := d.vary(d.any(), 9)
		last := int32(-1)
		for _, p := range d.spans(nil, &s) {
			if p.y <= last {
				t.Fatalf("%v: row %d after %d", s, p.y, last)
			}
			last = p.y
		}
	}
}
