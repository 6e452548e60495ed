package lanes

import (
	"math/rand/v2"
	"testing"

	"gvpie/runtime/isa"
)

// odd are the words at which instructions turn.
var odd = []uint32{0, 1, 2, 31, 32, 33, 63, 0x7FFFFFFF, 0x80000000, 0x80000001, 0xFFFFFFFF, 0xFFFFFFE0, 0x12345678, 0xFFFFFF, 0x1000000}

// drawn is a vector of words, odd ones and those of a among them.
func drawn(r *rand.Rand, a *Vector) (v Vector) {
	for i := range v {
		switch r.IntN(4) {
		case 0:
			v[i] = odd[r.IntN(len(odd))]
		case 1:
			v[i] = a[i]
		default:
			v[i] = r.Uint32()
		}
	}
	return v
}

// TestDoesIsAlu: by the processor's vectors and by loops, into another vector or one of
// the operands.
func TestDoesIsAlu(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	known := 0
	for name, does := range map[string]*[256]func(d, a, b *Vector){"Does": &Does, "loops": &loops} {
		for op, do := range does {
			if do == nil {
				continue
			}
			known++
			for turn := range 40 {
				a := drawn(r, &Vector{})
				b := drawn(r, &a)
				was, with, d := a, b, new(Vector)
				x, y := &a, &b
				switch turn % 4 {
				case 1:
					d = x
				case 2:
					d = y
				case 3:
					d, y, with = x, x, a
				}
				do(d, x, y)
				for i := range d {
					want, fault, ok := isa.Alu(isa.Op(op), int32(was[i]), int32(with[i]), 0)
					if !ok || fault != 0 || d[i] != uint32(want) {
						t.Fatalf("%s of op %#x: %#x and %#x make %#x, not %#x", name, op, was[i], with[i], d[i], uint32(want))
					}
				}
			}
		}
	}
	if known != 2*24 {
		t.Errorf("%d instructions are known", known)
	}
}

func TestFillAndPixels(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 20 {
		a := drawn(r, &Vector{})
		want := a
		for i, c := range want {
			want[i] = c>>16&0xFF | c>>8&0xFF<<8 | c&0xFF<<16 | 0xFF<<24
		}
		for name, pixels := range map[string]func(d, a *Vector){"Pixels": Pixels, "pixelsLoop": pixelsLoop} {
			got := a
			if pixels(&got, &got); got != want {
				t.Fatalf("%s: %#x, not %#x", name, got, want)
			}
		}
		for i := range want {
			want[i] = a[5]
		}
		for name, fill := range map[string]func(d *Vector, word uint32){"Fill": Fill, "fillLoop": fillLoop} {
			got := a
			if fill(&got, a[5]); got != want {
				t.Fatalf("%s: %#x, not %#x", name, got, want)
			}
		}
	}
}

func BenchmarkAdd(b *testing.B) {
	var d, x, y Vector
	for name, does := range map[string]*[256]func(d, a, b *Vector){"Does": &Does, "loops": &loops} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				does[isa.ADD](&d, &x, &y)
			}
		})
	}
}
