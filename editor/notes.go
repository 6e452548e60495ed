package editor

import (
	"image"
	"image/color"

	"gioui.org/f32"
	"gioui.org/layout"
	"gioui.org/op/clip"
	"gioui.org/op/paint"
	"golang.org/x/image/math/fixed"
)

// Notes are what a debugger has to say of lines, which count from 1. They are of the text
// as it is, and not moved by edits.
type Notes struct {
	Stop   int            // the line of the statement that is about to run; 0: none
	Beside map[int]string // is written behind the end of a line
	Idle   map[int]string // lines whose breakpoints never stop, with why

	// Failing are lines whose breakpoints' conditions failed, with why.
	Failing map[int]string

	// Costs says how often a line was begun, and how many instructions it took, if it ran.
	// It stands at the right edge, which has room for it unless it is nil.
	Costs func(line int) (hits, cycles uint64, ok bool)

	// Held says what a name on a line holds, if it holds anything; nil: nothing is known.
	Held func(line int, name string) (value string, ok bool)
}

// paintStop draws the ground of the line that is about to run.
func (n *Notes) paintStop(e *view, gtx layout.Context, st *Style, first, last int) {
	line := n.Stop - 1
	if line < first || line > last {
		return
	}
	y := e.lineTop(line)
	fill(gtx, st.Colors.Stop, image.Rect(0, y, e.geometry.size.X, y+e.geometry.lineHeight))
}

// paintArrow points at the line that is about to run, in the gutter.
func (n *Notes) paintArrow(e *view, gtx layout.Context, c color.NRGBA, first, last int) {
	line := n.Stop - 1
	if line < first || line > last {
		return
	}
	side := float32(gtx.Dp(9))
	x, y := float32(gtx.Dp(5)), float32(e.lineTop(line))+(float32(e.geometry.lineHeight)-side)/2
	var p clip.Path
	p.Begin(gtx.Ops)
	p.MoveTo(f32.Pt(x, y))
	p.LineTo(f32.Pt(x+side*.8, y+side/2))
	p.LineTo(f32.Pt(x, y+side))
	p.Close()
	paint.FillShape(gtx.Ops, c, clip.Outline{Path: p.End()}.Op())
}

// besideGap is how far behind a line's end its note stands, in cells.
const besideGap = 3

// paintBeside writes the notes behind the ends of their lines.
func (n *Notes) paintBeside(e *view, gtx layout.Context, st *Style, first, last int) {
	if len(n.Beside) == 0 {
		return
	}
	for line := first; line <= last; line++ {
		note := n.Beside[line+1]
		if _, says := e.markOn(line); says || note == "" {
			continue // a problem stands there
		}
		left := float32(e.originX()) + float32(e.row(line).width()+besideGap*e.face.cell)/64
		gs := e.face.scratch[:0]
		var x fixed.Int26_6
		for _, r := range note {
			if len(gs) >= runGlyphs {
				e.face.run(gtx.Ops, gs, left, e.lineTop(line)+e.geometry.baseline, st.Colors.Note)
				gs = gs[:0]
			}
			if r != ' ' {
				gs = shifted(gs, e.face.shape(r, false), x)
			}
			x += e.face.cell * fixed.Int26_6(cells(r))
		}
		e.face.run(gtx.Ops, gs, left, e.lineTop(line)+e.geometry.baseline, st.Colors.Note)
		e.face.scratch = gs
	}
}
