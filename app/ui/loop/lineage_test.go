package loop

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"gioui.org/f32"
	"gioui.org/io/pointer"

	"gvpie/runtime/store"
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

func TestAMoveOverTheMapCostsAFrameOnlyAtAnotherPoint(t *testing.T) {
	d := newDesk(t, 2000, false)
	d.showMap()
	v := &d.infinite.lineage
	random := rand.New(rand.NewPCG(1, 2))
	r := d.MustFind("lineage").Bounds
	inner := r.Inset(8) // the bar beside it can be taken hold of over its edge
	at, still := r.Min, 0
	for n := range 800 {
		switch random.IntN(40) {
		case 0:
			width := leastSeen + random.Float64()*300
			v.from = random.Float64() * 1600
			v.to = v.from + width
			d.Frame()
			d.Frame() // which the pointer asks for where the area has gone from under it
			at = r.Min.Add(image.Pt(random.IntN(r.Dx()), random.IntN(r.Dy())))
		default:
			at = at.Add(image.Pt(random.IntN(9)-4, random.IntN(7)-3))
		}
		if d.FramesToMoveTo(at) == 0 {
			still++
		}
		want := -1
		l := d.model.Agent().Lineage()
		p := at.Sub(r.Min)
		if i, ok := v.near(d.Context(), &l, f32.Pt(float32(p.X), float32(p.Y))); ok && at.In(r) {
			want = i
		}
		if v.hover != want && (at.In(inner) || !at.In(r)) {
			t.Fatalf("move %d to %v: point %d is marked, and there is %d", n, p, v.hover, want)
		}
	}
	if still < 250 {
		t.Errorf("%d of 800 moves cost no frame", still)
	}
}

func TestAMoveOverTheDurationsCostsAFrameOnlyAtAnotherRun(t *testing.T) {
	d := func(ms ...int) (all []time.Duration) {
		for _, m := range ms {
			all = append(all, time.Duration(m)*time.Millisecond)
		}
		return all
	}
	plot := durationPlot{[]store.ScriptStats{{Durations: d(1, 9, 4, 4, 7, 2)}, {Durations: d(3, 8, 2)}}, image.Rect(52, 22, 388, 94), 10 * time.Millisecond}
	size := image.Pt(400, 100)
	type shown struct {
		line, index int
		on          bool
	}
	at := func(x, y int) (s shown) {
		p := f32.Pt(float32(x), float32(y))
		if s.on = plot.has(p.X); s.on {
			s.line = plot.nearest(p)
			s.index, _ = plot.at(plot.lines[s.line], p.X)
		}
		return s
	}
	areas := map[image.Rectangle]bool{}
	for y := 0; y < size.Y; y += 3 {
		for x := range size.X {
			r, want := plot.restArea(f32.Pt(float32(x), float32(y)), size), at(x, y)
			if !image.Pt(x, y).In(r) {
				t.Fatalf("the area around %d, %d is %v", x, y, r)
			}
			if areas[r] {
				continue
			}
			areas[r] = true
			for y := r.Min.Y; y < r.Max.Y; y++ {
				for x := r.Min.X; x < r.Max.X; x++ {
					if got := at(x, y); got != want {
						t.Fatalf("in %v %+v is shown at %d, %d, and %+v elsewhere", r, got, x, y, want)
					}
				}
			}
		}
	}
	if len(areas) > 40 {
		t.Errorf("the chart has %d areas", len(areas))
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
