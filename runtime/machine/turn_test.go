package machine_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl/pxltest"
)

// full are beginnings of frames that paint all of a canvas, or nearly so.
var full = []string{
	"CLS (frame * 3)\n",
	"RECT -1 -2 99 99 (frame * 77)\n",
	"FILL 0 0 W H (frame * 77)\n",
	"EACH\n  PUT px * 5 + py + frame * 99\nEND\n",
	"EACH\n  IF (px + py + frame) & 1 PUT 255 + frame\nEND\n",
	"LOG {frame}\nEACH\n  IF px > 5 PUT peek(px + 1, py) + frame\nEND\n",
	"EACH\n  PUT 12 / (px + frame - 7)\nEND\n", // fails in frame 1 to 7
	"EACH\n  PUT t[(px & 31) + (frame & 1)] + peek(py, px)\nEND\n",
	"EACH 1 0 W H\n  PUT frame\nEND\n",
	"CLIP 0 0 9 9\nCLS red\nCLIP\n",
	"CLS (peek(3, 3) + 1)\n",
	"BLIT 0 0 W H 0 0\n",
	"IF frame % 3 == 2 CLS (frame * 3)\n", // little was painted before
	"IF frame == 0 TXT 1 1 hi\nRECT 0 0 W H (frame * 3)\n",
	"IF frame == 0 TXT 1 1 hi\nEACH\n  PUT px + frame\nEND\n",
}

// A frame that paints everything has its pages change places with those of the frame
// before; what it shows, and what an abandoned one goes back to, are as if all had
// been copied. Each frame of the twin begins with a PEEK, which needs the copy.
func TestPagesThatChangePlacesShowTheSame(t *testing.T) {
	for _, canvas := range []string{".canvas 130 70 pixel\n", ".canvas 130 70\n"} {
		for i, begin := range full {
			rest := "PLOT frame 3 red\nFRAME\nJMP loop\n"
			head := canvas + ".table t 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34\nloop:\n"
			turning, err := machine.New(pxltest.Assemble(t, head+begin+rest).Program, 1)
			if err != nil {
				t.Fatal(err)
			}
			copying, err := machine.New(pxltest.Assemble(t, head+"looked = peek(0, 0)\n"+begin+rest).Program, 1)
			if err != nil {
				t.Fatal(err)
			}
			for n := range 12 {
				name := fmt.Sprintf("%q, %q, frame %d", canvas, full[i], n)
				if n%4 == 2 { // one is stopped at, looked at and abandoned
					before := slices.Clone(turning.Page(machine.DisplayPage))
					turning.Begin(machine.Input{}, 0)
					if _, err := turning.RunTo(t.Context(), uint32(6+n)); err != nil {
						t.Fatal(err)
					}
					if err := turning.Paint(t.Context()); err != nil {
						t.Fatal(err)
					}
					turning.Begin(machine.Input{}, 0)
					if !slices.Equal(before, turning.Page(machine.DisplayPage)) {
						t.Fatalf("%s: an abandoned frame stays on the display", name)
					}
				}
				a, err := turning.Frame(t.Context(), machine.Input{}, 0)
				if err != nil {
					t.Fatal(err)
				}
				b, err := copying.Frame(t.Context(), machine.Input{}, 0)
				if err != nil {
					t.Fatal(err)
				}
				if a.Status != b.Status || !slices.Equal(turning.Page(machine.DisplayPage), copying.Page(machine.DisplayPage)) {
					t.Fatalf("%s: another picture, or %v for %v", name, a.Status, b.Status)
				}
				if !writers(turning, copying) {
					t.Fatalf("%s: other writers", name)
				}
				if a.Status != isa.Framed {
					break
				}
			}
		}
	}
}

// TestRowsThatOnePutPaintsHaveItsAddress, frame after frame, whatever comes between.
func TestRowsThatOnePutPaintsHaveItsAddress(t *testing.T) {
	all := "EACH\n  PUT px * 5 + py + frame * 99\nEND\n"
	for _, body := range []string{
		all,
		"IF frame & 2\n" + all + "ELSE\n" + all + "END\n",
		all + "EACH (frame * 7 % 20) 2 3 4\n  PUT frame\nEND\n",
		all + "IF frame % 3 == 1\nEACH\n  IF px != 7 + py PUT frame\nEND\nEND\n",
		all + "IF frame % 5 == 3 PLOT 4 frame red\n",
		"IF frame % 4 != 2\n" + all + "END\n",
		"EACH\n  IF px + py != frame PUT 5\nEND\n",
		"a[frame & 1] = 3\n" + all + "a[0] = frame\n" + "EACH\n  PUT a[px & 1]\nEND\n",
	} {
		source := ".canvas 20 12 pixel\n.array a 2\nloop:\n" + body + "FRAME\nJMP loop\n"
		p := pxltest.Assemble(t, source).Program
		r := rand.New(rand.NewPCG(7, 7))
		compiler := &machine.FakeCompiler{Bail: func(int, int) bool { return r.IntN(100) == 0 }, Together: 5}
		var plain, m *machine.Machine
		both := func(do func(*machine.Machine)) { do(plain); do(m) }
		plain, m = made(t, p, 1), made(t, p, 1)
		m.CompileWith(compiler)
		m.SetWorkers(1, false)
		var kept [2]*machine.Snapshot
		for n := range 60 {
			switch r.IntN(8) {
			case 0:
				kept = [2]*machine.Snapshot{plain.Snapshot(), m.Snapshot()}
			case 1:
				for i, o := range []*machine.Machine{plain, m} {
					if kept[i] != nil {
						if err := o.Restore(kept[i]); err != nil {
							t.Fatal(err)
						}
					}
				}
			case 2:
				both(func(o *machine.Machine) {
					o.Begin(machine.Input{}, 0)
					if _, err := o.RunTo(t.Context(), uint32(4+n%9)); err != nil {
						t.Fatal(err)
					}
					if err := o.Paint(t.Context()); err != nil {
						t.Fatal(err)
					}
				})
			case 3:
				if n%3 == 0 {
					both(func(o *machine.Machine) {
						if err := o.Reset(p, 1); err != nil {
							t.Fatal(err)
						}
					})
				}
			}
			want, got := framed(t, plain, machine.Input{}, budget), framed(t, m, machine.Input{}, budget)
			if d := differ(plain, m); d != "" || !reflect.DeepEqual(want, got) {
				t.Fatalf("frame %d ends with %+v, not %+v, and another %s\n%s", n, got, want, d, source)
			}
		}
	}
}

// writers says whether two machines' texels were written by the same instructions,
// though those of one lie elsewhere.
func writers(a, b *machine.Machine) bool {
	moved := map[uint32]uint32{}
	for i, w := range a.Page(machine.WriterPage) {
		to := b.Page(machine.WriterPage)[i]
		if was, ok := moved[w]; ok && was != to {
			return false
		}
		moved[w] = to
	}
	return true
}
