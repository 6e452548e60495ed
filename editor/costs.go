package editor

import (
	"image"
	"math"
	"strconv"

	"gioui.org/f32"
	"gioui.org/layout"
	"gioui.org/op"
	"golang.org/x/image/math/fixed"
)

// The columns of costs: small digits at the right edge, where they come and go without
// moving the text.
const (
	costDigits = 4  // of a column
	costSize   = .8 // of the text's
	costGap    = 6  // between the columns, and about them, in dp
)

// costRoom is the width that the costs take of the text, beside the scrollbar. An editor
// that would be left with little text has none.
func costRoom(e *view, gtx layout.Context) int {
	room := 2*costColumn(e) + 2*gtx.Dp(costGap) + gtx.Dp(barThick)
	if e.Notes.Costs == nil || e.geometry.size.X < 4*room {
		return 0
	}
	return room
}

// costColumn is the width of a column.
func costColumn(e *view) int {
	return int(math.Ceil(costDigits * costSize * float64(e.face.cell) / 64))
}

// paintCosts writes the hits and the instructions of each line.
func (n *Notes) paintCosts(e *view, gtx layout.Context, st *Style, first, last int) {
	if costRoom(e, gtx) == 0 {
		return
	}
	column, gap := costColumn(e), gtx.Dp(costGap)
	right := e.geometry.text.Max.X + gap + column
	for line := first; line <= last; line++ {
		hits, cycles, ok := n.Costs(line + 1)
		if !ok {
			continue
		}
		paintCost(e, gtx, st, short(hits), right, line)
		paintCost(e, gtx, st, short(cycles), right+gap+column, line)
	}
}

// paintCost writes a number that ends at right.
func paintCost(e *view, gtx layout.Context, st *Style, s string, right, line int) {
	gs := e.face.scratch[:0]
	for i, r := range s {
		gs = shifted(gs, e.face.shape(r, false), e.face.cell*fixed.Int26_6(i))
	}
	width := costSize * float32(e.face.cell*fixed.Int26_6(len(s))) / 64
	at := f32.Pt(float32(right)-width, float32(e.lineTop(line)+e.geometry.baseline))
	defer op.Affine(f32.NewAffine2D(costSize, 0, at.X, 0, costSize, at.Y)).Push(gtx.Ops).Pop()
	e.face.run(gtx.Ops, gs, 0, 0, st.Colors.Faint)
	e.face.scratch = gs
}

// short writes a number with as many digits as a column has room for.
func short(n uint64) string {
	if n < 10_000 {
		return strconv.FormatUint(n, 10)
	}
	units := "kMGTPE"
	for n >= 1_000_000 {
		n /= 1000
		units = units[1:]
	}
	if n < 10_000 {
		return strconv.FormatUint(n/1000, 10) + "." + strconv.FormatUint(n/100%10, 10) + units[:1]
	}
	return strconv.FormatUint(n/1000, 10) + units[:1]
}

// costArea is where the costs of a line stand.
func costArea(e *view, gtx layout.Context, line int) image.Rectangle {
	left := e.geometry.text.Max.X
	return image.Rect(left, e.lineTop(line), max(left, e.geometry.size.X-gtx.Dp(barThick)), e.lineTop(line+1))
}

// underCost is what there is to say of the costs of a line at a point.
func (n *Notes) underCost(e *view, gtx layout.Context, at image.Point, line int) hover {
	r := costArea(e, gtx, line)
	if costRoom(e, gtx) == 0 || !at.In(r) || at.Y < e.geometry.text.Min.Y {
		return hover{}
	}
	hits, cycles, ok := n.Costs(line + 1)
	times, took := "Begun "+grouped(hits)+" times in this frame", grouped(cycles)+" instructions in all"
	if hits == 1 {
		times = "Begun once in this frame"
	}
	if cycles == 1 {
		took = "1 instruction"
	}
	return hover{on: ok, said: said{title: times, body: took}, at: r, wait: hoverProblem, cost: line + 1}
}

// grouped writes a number with its thousands apart.
func grouped(n uint64) string {
	s := strconv.FormatUint(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u2009" + s[i:]
	}
	return s
}
