package ui

import (
	"math"
	"testing"
	"time"

	"gioui.org/f32"
	"gioui.org/io/pointer"
)

func TestTheLineageStaysWhereItIsHeld(t *testing.T) {
	v := lineageView{}
	v.grow(1000)
	if v.from != 0 || v.to != 1000 {
		t.Fatalf("at first %v to %v is shown of 1000", v.from, v.to)
	}
	v.grow(1100)
	if v.to != 1100 {
		t.Errorf("a view of all shows up to %v of 1100", v.to)
	}
	v.zoom(.1, .25)
	if held := v.from + .25*(v.to-v.from); math.Abs(held-275) > 1e-9 {
		t.Errorf("zooming at 275 has brought %v there", held)
	}
	from, to := v.from, v.to
	v.grow(1200)
	if v.from != from || v.to != to {
		t.Errorf("new points moved a view of old ones from %v, %v to %v, %v", from, to, v.from, v.to)
	}
	v.from, v.to = 1100, 1200
	v.grow(1210)
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
	d := newAgentDesk(t, 1440, 900, 1, 2000, false)
	d.press("Ctrl-Shift-I")
	d.wholeLineage()
	v := &d.bench.infinite.lineage
	v.from, v.to = 900, 1100
	d.frame()
	r := d.mustFind("lineage").Bounds
	at := func(x int) f32.Point { return f32.Pt(float32(r.Min.X+x), float32(r.Min.Y+40)) }
	was := v.from
	d.send(
		pointer.Event{Kind: pointer.Move, Source: pointer.Mouse, Position: at(500)},
		pointer.Event{Kind: pointer.Press, Source: pointer.Mouse, Buttons: pointer.ButtonPrimary, Position: at(500)},
		pointer.Event{Kind: pointer.Move, Source: pointer.Mouse, Buttons: pointer.ButtonPrimary, Position: at(450)},
		pointer.Event{Kind: pointer.Move, Source: pointer.Mouse, Buttons: pointer.ButtonPrimary, Position: at(400)},
		pointer.Event{Kind: pointer.Release, Source: pointer.Mouse, Position: at(400)},
	)
	if moved := (v.from - was) * v.scale(); math.Abs(moved-100) > 1 {
		t.Errorf("a drag of 100 pixels moved the map by %v", moved)
	}
	if x, _ := d.model.Agent().Compared(); x != 0 {
		t.Errorf("a drag chose row %d", x)
	}
	width := v.to - v.from
	d.send(pointer.Event{Kind: pointer.Scroll, Source: pointer.Mouse, Position: at(500), Scroll: f32.Pt(0, -30)})
	if v.to-v.from >= width {
		t.Error("the wheel does not zoom in")
	}
	d.click("show the whole map")
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
