package machine

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"gvpie/runtime/isa"
)

// TestAViewDrawnAgainIsAsIfDrawnAnew: whatever changed in between, a little or much,
// and whatever other view was drawn.
func TestAViewDrawnAgainIsAsIfDrawnAnew(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 2))
	over := 0 // pictures of which something was kept
	for range 120 {
		w, h, pixel := 1+r.IntN(60), 1+r.IntN(60), r.IntN(2) == 0
		m := filled(t, w, h, pixel, r)
		v := anyView(r, m)
		at, bit := []int{0}, uint32(1)
		turn := func() {
			for _, i := range at {
				m.display[i] ^= bit
			}
		}
		for range 12 {
			switch r.IntN(8) {
			case 0:
				for i := range m.display {
					m.display[i] = r.Uint32() | written
				}
			case 1:
				present(t, m, anyView(r, m))
			case 2:
				m.writer[r.IntN(len(m.writer))] = r.Uint32N(9)
			case 3:
				m.state[r.IntN(isa.StateWords)]++
				m.data()[r.IntN(70)]++
			case 4, 5:
				turn() // as it was
			default:
				bit = 1 << r.IntN(32)
				at = at[:0]
				for range 1 + r.IntN(4) {
					at = append(at, r.IntN(len(m.display)))
				}
				turn()
			}
			got := present(t, m, v)
			if b := &m.presenters[v.Texture].before; b.used && b.on {
				over++
			}
			twin := load(t, m.program)
			copy(twin.display, m.display)
			copy(twin.writer, m.writer)
			copy(twin.state, m.state)
			copy(twin.data(), m.data())
			if want := present(t, twin, v); !bytes.Equal(got.Pix, want.Pix) {
				t.Fatalf("%d × %d, pixel %t, %+v", w, h, pixel, v)
			}
		}
	}
	if over < 200 {
		t.Errorf("%d pictures were drawn over the one before", over)
	}
}

// TestAViewOfAnotherProgramIsDrawnAnew: of the machine that has shown one before.
func TestAViewOfAnotherProgramIsDrawnAnew(t *testing.T) {
	m := load(t, newAsm(8, 8, true, 0).op(isa.CLS, 0xFF0000).program())
	v := View{Texture: HumanTexture, Width: 16, Height: 16, Scale: 2}
	frame(t, m)
	for range 3 {
		present(t, m, v)
	}
	if err := m.Reset(newAsm(4, 16, true, 0).op(isa.NOP).program(), 1); err != nil {
		t.Fatal(err)
	}
	if got := present(t, m, v).RGBAAt(3, 3); got.R != 0 {
		t.Errorf("it shows %v", got)
	}
}
