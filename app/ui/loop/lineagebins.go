package loop

import (
	"image"
	"image/color"

	"gioui.org/layout"
	"gioui.org/op/paint"

	"gvpie/app/studio/loop"
)

// binning is what is on screen of a lineage, gathered in one pass over the runs
// across: lanes out of sight are passed over, and what is kept is bounded by the
// pixels, however many runs there are. It is gathered anew only when the view or
// the runs are others.
type binning struct {
	of    binned
	top   int // row of the first lane
	lanes []laneBins
	bins  []bin         // of all lanes, lane by lane
	dense int           // lanes that are drawn as bands
	bands paint.ImageOp // of those; see lineageView.paintBands
	dots  paint.ImageOp // of what is drawn one by one; see lineageView.paintDots
}

// binned is what a binning was gathered from.
type binned struct {
	from, to, down float64
	size           image.Point
	left, laneSize int
	nodes, dropped int
	lanes          int
	newest, oldest int64
	inks           [3]color.NRGBA // that the bands are painted in
}

// laneBins is one lane on screen.
type laneBins struct {
	lane  uint16
	runs  int
	nodes []int // the runs, while each of them is drawn
	bars  []int // the runs with new code, one for each column of pixels, while each is drawn
	bins  []bin // by columns of pixels
	each  bool  // each run is drawn; false: a band stands for them
	bar   bool  // each change of code is drawn; false: a histogram stands for them
	image int   // where its band begins in the picture of the bands, in bands
}

// bin counts the runs of a lane in one column of pixels.
type bin struct{ runs, failed, changed uint32 }

// maxDots bounds the runs that are drawn one by one, and the changes of code.
const maxDots = 2000

// bin gathers what is on screen; first and last are the nodes across.
func (v *lineageView) bin(gtx layout.Context, l *loop.Lineage, room, first, last int, inks [3]color.NRGBA) (fresh bool) {
	of := binned{v.from, v.to, v.down, v.size, v.left, v.laneSize, len(l.Nodes), l.Dropped, len(l.Lanes), 0, 0, inks}
	if n := len(l.Nodes); n > 0 {
		of.newest, of.oldest = l.Nodes[n-1].ID, l.Nodes[0].ID
	}
	b := &v.binning
	if b.of == of {
		return false
	}
	columns := max(1, v.size.X-v.left)
	b.of, b.top = of, max(0, int(v.down))
	rows := max(0, min(len(v.lanes), int(v.down+float64(room)/float64(v.laneSize))+1)-b.top)
	b.reset(rows, columns)
	most := max(1, columns/gtx.Dp(dotsFrom)) // of one lane, as far apart as can be told
	for i := first; i < last; i++ {
		n := &l.Nodes[i]
		row := v.above[n.Lane] - b.top
		if row < 0 || row >= rows {
			continue
		}
		lane, c := &b.lanes[row], min(max(int(v.x(i))-v.left, 0), columns-1)
		lane.runs++
		if len(lane.nodes) <= most {
			lane.nodes = append(lane.nodes, i)
		}
		at := &lane.bins[c]
		at.runs++
		if n.Verdict == loop.Failure {
			at.failed++
		}
		if n.Version {
			if at.changed++; at.changed == 1 && len(lane.bars) <= most {
				lane.bars = append(lane.bars, i)
			}
		}
	}
	for row := range b.lanes {
		b.lanes[row].lane = v.lanes[b.top+row]
	}
	b.choose(most)
	return true
}

// reset makes room for so many lanes and columns.
func (b *binning) reset(rows, columns int) {
	if n := rows * columns; cap(b.bins) < n {
		b.bins = make([]bin, n)
	} else {
		b.bins = b.bins[:n]
		clear(b.bins)
	}
	if cap(b.lanes) < rows {
		b.lanes = make([]laneBins, rows)
	}
	b.lanes = b.lanes[:rows]
	for i := range b.lanes {
		old := &b.lanes[i]
		b.lanes[i] = laneBins{nodes: old.nodes[:0], bars: old.bars[:0], bins: b.bins[i*columns : (i+1)*columns]}
	}
}

// choose says of which lanes each run and each change is drawn: where at most so
// many are, and fewer when there are many lanes.
func (b *binning) choose(most int) {
	dots, bars := 0, 0
	for i := range b.lanes {
		if n := len(b.lanes[i].nodes); n <= most {
			dots += n
		}
		if n := len(b.lanes[i].bars); n <= most {
			bars += n
		}
	}
	few := func(all int) int {
		if all <= maxDots {
			return most
		}
		return max(1, min(most, maxDots/len(b.lanes)))
	}
	mostDots, mostBars := few(dots), few(bars)
	b.dense = 0
	for i := range b.lanes {
		lane := &b.lanes[i]
		lane.each, lane.bar = len(lane.nodes) <= mostDots, len(lane.bars) <= mostBars
		if !lane.each {
			lane.image = b.dense
			b.dense++
		}
	}
}
