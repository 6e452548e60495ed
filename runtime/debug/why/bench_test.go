package why

import (
	"context"
	"testing"
)

// many draws 50 000 rectangles on a large canvas, from values that were passed on.
const many = `.canvas 1024 1024 pixel
.array a 16
loop:
a[0] = frame
FOR k = 1 TO 11
  a[k] = a[k - 1] + 1
END
FOR i = 0 TO 49999
  x = (i * 7919) & 1023
  y = (i * 104729) & 1023
  RECT (x + a[11]) y 9 5 (i * 131)
END
FRAME
JMP loop
`

func benchAsker(b *testing.B, frame int) *Asker {
	a := ask1(b, many)
	if _, err := a.past.Before(context.Background(), frame); err != nil {
		b.Fatal(err)
	}
	return a
}

func BenchmarkWho(b *testing.B) {
	a := benchAsker(b, 2)
	for i := 0; b.Loop(); i++ {
		a.number = -1 // as though nothing had been asked of the frame
		d, err := a.Who(context.Background(), 2, i*31&1023, i*17&1023)
		if err != nil {
			b.Fatal(err)
		}
		_ = d
	}
}

// Ten hops, in a frame that nothing was asked of.
func BenchmarkTenHops(b *testing.B) {
	a := benchAsker(b, 2)
	ctx := context.Background()
	for b.Loop() {
		a.number = -1
		v, err := a.Variable(ctx, "a[11]", Position{Frame: 2, Cycle: 600000})
		if err != nil {
			b.Fatal(err)
		}
		for range 10 {
			o, _, err := a.Why(ctx, v)
			if err != nil || len(o.Inputs) == 0 {
				b.Fatal(o, err)
			}
			v = o.Inputs[0]
		}
	}
}
