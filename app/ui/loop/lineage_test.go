package loop

import (
	"image"
	"math"
	"testing"
	"time"

	"gioui.org/f32"
	"gioui.org/io/pointer"
)

func TestTheLineageStaysWhereItIsHeld(t *testing.T) {
	v := lineageView{}
	v.grow(1000, 0)
	if v.from != 0 || v.to != 1000 {
		t.Fatalf("at first %v to %v is shown of 1000", v.from, v.to)
	}
	v.grow(1100, 0)
	if v.to != 1100 {
		t.Errorf("a view of all shows up to %v of 1100", v.to)
	}
	v.zoom(.1, .25)
	if held := v.from + .25*(v.to-v.from); math.Abs(held-275) > 1e-9 {
		t.Errorf("zooming at 275 has brought %v there", held)
	}
	from, to := v.from, v.to
	v.grow(1200, 0)
	if v.from != from || v.to != to {
		t.Errorf("new points moved a view of old ones from %v, %v to %v, %v", from, to, v.from, v.to)
	}
	v.from, v.to = 1100, 1200
	v.grow(1210, 0)
	if v.from != 1110 || v.to != 1210 {
		t.Errorf("a view of the newest shows %v to %v of 1210", v.from, v.to)
	}
	v.zoom(1e-9, .5)
	if width := v.to - v.from; width != leastSeen {
		t.Errorf("at the closest %v points are across", width)
	}
	v.zoom(1e9, .5)
	if v.from != 0 || v.to != 1210 {
		t.Errorf("at the farthest %v to %v is shown", v.from, v.to)
	}
}

func TestTheLineageIsDraggedAndZoomed(t *testing.T) {
	d := newDesk(t, 2000, false)
	d.showMap()
	v := &d.infinite.lineage
	v.from, v.to = 900, 1100
	d.Frame()
	r := d.MustFind("lineage").Bounds
	at := func(x int) image.Point { return r.Min.Add(image.Pt(x, 40)) }
	was := v.from
	d.Drag(at(500), at(450), at(400))
	if moved := (v.from - was) * v.scale(); math.Abs(moved-100) > 1 {
		t.Errorf("a drag of 100 pixels moved the map by %v", moved)
	}
	if x, _ := d.model.Agent().Compared(); x != 0 {
		t.Errorf("a drag chose row %d", x)
	}
	width := v.to - v.from
	p := at(500)
	d.Send(pointer.Event{Kind: pointer.Scroll, Source: pointer.Mouse, Position: f32.Pt(float32(p.X), float32(p.Y)), Scroll: f32.Pt(0, -30)})
	if v.to-v.from >= width {
		t.Error("the wheel does not zoom in")
	}
	d.Click("show the whole map")
	if v.from != 0 || v.to != 2000 {
		t.Errorf("the whole map is %v to %v", v.from, v.to)
	}
}

func TestAxesHaveRoundNumbers(t *testing.T) {
	for least, want := range map[float64]float64{.2: 1, 1: 1, 3: 5, 6: 10, 11: 20, 300: 500} {
		if got := niceStep(least); got != want {
			t.Errorf("ticks at least %v apart are %v apart, want %v", least, got, want)
		}
	}
	for d, want := range map[time.Duration]time.Duration{0: time.Millisecond, 1100: 1500, 25 * time.Millisecond: 30 * time.Millisecond, 100: 100} {
		if got := niceTop(d); got != want {
			t.Errorf("an axis for %v ends at %v, want %v", d, got, want)
		}
	}
}
