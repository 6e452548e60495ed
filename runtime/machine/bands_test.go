package machine

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"

	"gvpie/runtime/isa"
)

// TestBandsPaintWhatPaintingInOrderDoes: frames that are abandoned on the way leave the
// machine as it was, too.
func TestBandsPaintWhatPaintingInOrderDoes(t *testing.T) {
	for _, size := range [][2]int{{7, 5}, {200, 65}, {300, 200}} {
		for _, pixel := range []bool{false, true} {
			t.Run(fmt.Sprintf("%dx%d/%t", size[0], size[1], pixel), func(t *testing.T) {
				abandoned := 0
				for seed := range int32(12) {
					p := scribble(size[0], size[1], pixel, seed%3 == 0, false, false, 4, 4)
					plain, banded := load(t, p), load(t, p)
					plain.coverTimes, banded.coverTimes, banded.bandTexels = neverCover, neverCover, 0
					for n := range 4 {
						before := banded.Snapshot()
						looks := 1000
						if (seed+int32(n))%2 == 1 {
							looks = 2 + int(seed)/2
						}
						_, err := banded.Frame(&endsAfter{Context: context.Background(), looks: looks}, Input{}, 0)
						if errors.Is(err, context.Canceled) {
							abandoned++
							if !reflect.DeepEqual(banded.Snapshot(), before) {
								t.Fatalf("seed %d, frame %d: an abandoned frame leaves something", seed, n)
							}
							_, err = banded.Frame(context.Background(), Input{}, 0)
						}
						if err != nil {
							t.Fatal(err)
						}
						frame(t, plain)
						if !reflect.DeepEqual(banded.Snapshot(), plain.Snapshot()) {
							t.Fatalf("seed %d, frame %d: the pages differ", seed, n)
						}
						if !banded.inBands(banded.commands) {
							t.Fatal("it was not painted in bands")
						}
					}
				}
				if size[0]*size[1] > 1<<14 && abandoned == 0 {
					t.Error("no frame was abandoned")
				}
			})
		}
	}
}

func TestBandsAreForLargeCanvases(t *testing.T) {
	for _, c := range []struct {
		w, h, draws int
		each, bands bool
	}{{512, 256, 4, false, true}, {512, 256, 3, false, false}, {512, 255, 4, false, false}, {512, 256, 4, true, false}} {
		a := newAsm(c.w, c.h, true, 0)
		for range c.draws {
			a.op(isa.RECT, 1, 1, 9, 99)
		}
		if c.each {
			a.each(0, 0, 1, 1, nil, func() { a.op(isa.PUT, 1) })
		}
		m := load(t, a.op(isa.HALT).program())
		frame(t, m)
		if got := m.inBands(m.commands); got != c.bands {
			t.Errorf("%+v: in bands: %t", c, got)
		}
	}
}

// TestABandMayLookAtThoseBehindIt: a BLIT sees them as the frame began.
func TestABandMayLookAtThoseBehindIt(t *testing.T) {
	a := newAsm(40, 200, true, 0)
	for i := range 4 {
		a.op(isa.RECT, 0, 190, 9-i, 9, 0xFF0000)
	}
	a.op(isa.FRAME).op(isa.BLIT, 0, 190, 9, 9, 0, 0)
	for range 4 {
		a.op(isa.RECT, 0, 190, 9, 9, 0x00FF00)
	}
	m := load(t, a.op(isa.HALT).program())
	m.coverTimes, m.bandTexels = neverCover, 0
	frame(t, m)
	frame(t, m)
	if got := m.display[0]; got != pixelTexel(0xFF0000) || !m.inBands(m.commands) {
		t.Errorf("it sees %08x", got)
	}
}

// TestBandsOfRectanglesLookAtTheContext, the more the larger they are.
func TestBandsOfRectanglesLookAtTheContext(t *testing.T) {
	looks := func(high int) int {
		a := newAsm(512, 256, true, 0)
		for range 8 {
			a.op(isa.RECT, 0, 0, 512, high)
		}
		m := load(t, a.op(isa.HALT).program())
		ctx := &endsAfter{context.Background(), 1000}
		if _, err := m.Frame(ctx, Input{}, 0); err != nil || !m.inBands(m.commands) {
			t.Fatal("it was not painted in bands: ", err)
		}
		return 1000 - ctx.looks
	}
	if low, high := looks(1), looks(80); high < low+4 {
		t.Errorf("%d looks for small ones, %d for large ones", low, high)
	}
}
