package loop

import (
	"fmt"
	"image"
	"runtime"
	"testing"

	"gioui.org/layout"
	"gioui.org/op"

	"gvpie/app/studio/loop"
	"gvpie/app/ui/kit/kittest"
)

// changing is a lineage of so many runs, round the lanes in turn, whose code is
// another each time.
func changing(runs, lanes int) *loop.Lineage {
	l := &loop.Lineage{Nodes: make([]loop.Node, runs), Ready: true}
	for i := range lanes {
		l.Lanes = append(l.Lanes, fmt.Sprintf("script_%04d", i))
	}
	for i := range l.Nodes {
		l.Nodes[i] = loop.Node{ID: int64(i + 1), Iteration: int64(i + 1), Parent: int64(max(0, i+1-lanes)), Code: uint64(i), Lane: uint16(i % lanes), Verdict: loop.Succeeded, Version: true}
		if i%97 == 0 {
			l.Nodes[i].Verdict = loop.Failure
		}
	}
	return l
}

// mapWindow is a window that shows a lineage.
func mapWindow(t testing.TB, l *loop.Lineage, width, height int) (*kittest.Window, *lineageView) {
	w, v := kittest.New(t, width, height, 1), new(lineageView)
	w.Widget = func(gtx layout.Context) { v.draw(gtx, w.Theme, l, [2]int64{}) }
	return w, v
}

// frameBytes is what a frame allocates that draws into nothing yet.
func frameBytes(w *kittest.Window) uint64 {
	w.Frame() // what is made once
	w.Ops = op.Ops{}
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	w.Frame()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestAFrameOfTheMapIsBoundedWhateverHappened(t *testing.T) {
	const most = 4 << 20
	for _, c := range []struct{ runs, lanes int }{{100_000, 1}, {100_000, 7}, {100_000, 300}, {200_000, 5000}} {
		w, v := mapWindow(t, changing(c.runs, c.lanes), 1440, 400)
		for _, across := range []float64{float64(c.runs), 5000, 300, 8} {
			w.Frame()
			v.from, v.to = 0, across
			if got := frameBytes(w); got > most {
				t.Errorf("%d runs of %d scripts, %v across: a frame takes %d bytes, want at most %d", c.runs, c.lanes, across, got, most)
			}
		}
	}
}

func TestOnlyLanesOnScreenAreGathered(t *testing.T) {
	w, v := mapWindow(t, changing(20_000, 5000), 1440, 400)
	w.Frame()
	if got := len(v.binning.lanes); got > 400/26+2 {
		t.Errorf("%d lanes are gathered of a map 400 pixels high", got)
	}
	v.down = 4000
	w.Frame()
	lane := v.binning.lanes[1]
	if want := v.lanes[v.binning.top+1]; lane.lane != want || v.binning.top != 4000 || lane.runs != 4 || len(lane.nodes) != 4 {
		t.Errorf("the second lane from 4000 on is %d with %d runs, want %d with 4", lane.lane, lane.runs, want)
	}
	for _, n := range lane.nodes {
		if got := n % 5000; got != int(lane.lane) {
			t.Errorf("run %d of lane %d is drawn on lane %d", n, got, lane.lane)
		}
	}
}

func TestTheMapIsGatheredOnlyWhenSomethingIsAnother(t *testing.T) {
	l := changing(50_000, 3)
	w, v := mapWindow(t, l, 1440, 400)
	w.Frame()
	v.binning.lanes[0].runs = -1
	w.Frame()
	if v.binning.lanes[0].runs != -1 {
		t.Error("a frame of the same view gathers it again")
	}
	v.zoom(.5, .5)
	w.Frame()
	if v.binning.lanes[0].runs == -1 {
		t.Error("another view is not gathered")
	}
	v.binning.lanes[0].runs = -1
	more := *l
	more.Nodes = append(more.Nodes, loop.Node{ID: 50_001, Iteration: 50_001})
	w.Widget = func(gtx layout.Context) { v.draw(gtx, w.Theme, &more, [2]int64{}) }
	w.Frame()
	if v.binning.lanes[0].runs == -1 {
		t.Error("a new run is not gathered")
	}
}

func TestBandsTellHowMuchChanged(t *testing.T) {
	l := changing(100_000, 2)
	for i := range l.Nodes { // the second lane changes in its second half alone
		n := &l.Nodes[i]
		n.Version = n.Lane == 0 || i > 50_000
		n.Verdict = loop.Succeeded
		if i == 30_000 {
			n.Verdict = loop.Failure
		}
	}
	w, v := mapWindow(t, l, 1140, 120)
	w.Frame()
	img := w.Shoot("map_bands")
	column := func(lane int, run int) (bars, red int) {
		x, y := int(v.x(run)), int(v.y(uint16(lane)))
		for dy := -v.laneSize / 2; dy < -4; dy++ {
			if c := img.RGBAAt(x, y+dy); c.R > 60 && c.G > 60 && c.B > 60 {
				bars++
			}
		}
		if c := img.RGBAAt(x, y); int(c.R) > 2*int(c.G) {
			red++
		}
		return bars, red
	}
	if always, _ := column(0, 20_000); always < 8 {
		t.Errorf("where every run has new code the histogram is %d pixels high", always)
	}
	if never, _ := column(1, 20_000); never != 0 {
		t.Errorf("where none has, the histogram is %d pixels high", never)
	}
	if later, _ := column(1, 80_000); later < 8 {
		t.Errorf("in the second half of the second lane the histogram is %d pixels high", later)
	}
	if _, red := column(0, 30_000); red == 0 {
		t.Error("one failure of 500 runs does not keep its colour")
	}
}

func TestAFewChangesKeepTheirBars(t *testing.T) {
	l := changing(100_000, 1)
	for i := range l.Nodes {
		l.Nodes[i].Version = i%25_000 == 24_999
	}
	w, v := mapWindow(t, l, 1140, 120)
	w.Frame()
	if lane := &v.binning.lanes[0]; lane.each || !lane.bar || len(lane.bars) != 4 {
		t.Errorf("4 changes of 100,000 runs: each run drawn %v, each change %v, %d of them", lane.each, lane.bar, len(lane.bars))
	}
}

func TestAMapOfEveryShapeIsDrawn(t *testing.T) {
	for _, size := range []image.Point{{1, 1}, {200, 30}, {7680, 1200}} {
		for _, lanes := range []int{1, 40, 3000} {
			w, v := mapWindow(t, changing(30_000, lanes), size.X, size.Y)
			for _, across := range []float64{30_000, 900, 8} {
				w.Frame()
				v.from, v.to, v.down = 100, 100+across, 1e9
				w.Frame()
				for i := range v.binning.lanes {
					if lane := &v.binning.lanes[i]; len(lane.nodes) > size.X || len(lane.bars) > size.X {
						t.Fatalf("%v, %d lanes: %d runs and %d changes are kept of a lane", size, lanes, len(lane.nodes), len(lane.bars))
					}
				}
			}
		}
	}
}

func TestTheViewStaysWhereItIsAsTheOldestAreDropped(t *testing.T) {
	v := lineageView{}
	v.grow(1000, 0)
	v.from, v.to = 500, 600
	v.grow(910, 100)
	if v.from != 400 || v.to != 500 {
		t.Errorf("with 100 nodes dropped the view is of %v to %v, want 400 to 500", v.from, v.to)
	}
	v.showAll()
	v.grow(910, 100)
	v.grow(820, 200)
	if v.from != 0 || v.to != 820 {
		t.Errorf("a view of all is of %v to %v of 820", v.from, v.to)
	}
}

func BenchmarkMapFrame(b *testing.B) {
	for _, c := range []struct{ runs, lanes int }{{100_000, 1}, {200_000, 5000}} {
		b.Run(fmt.Sprintf("%d runs of %d scripts", c.runs, c.lanes), func(b *testing.B) {
			w, _ := mapWindow(b, changing(c.runs, c.lanes), 1440, 400)
			b.ReportAllocs()
			for b.Loop() {
				w.Frame()
			}
			b.ReportMetric(float64(frameBytes(w)), "fresh-B/op")
		})
	}
}
