package editor

import (
	"image"
	"strings"

	"gioui.org/f32"
	"gioui.org/layout"
	"gioui.org/op/clip"
	"gioui.org/op/paint"
)

// breakRoom is the width, in dp, of the gutter's edge that breakpoints are set in.
const breakRoom = 18

// paint draws the dots of the breakpoints: one with a bar asks for something, which stands
// upright in another colour where its condition failed; a diamond writes a line, a ring
// never stops, a cross has lost its line.
func (breaks *Breaks) paint(e *view, gtx layout.Context, st *Style, first, last int) {
	for i := range breaks.list {
		b := &breaks.list[i]
		if b.Line-1 < first || b.Line-1 > last {
			continue
		}
		d := gtx.Dp(9)
		x, y := gtx.Dp(5), e.lineTop(b.Line-1)+(e.geometry.lineHeight-d)/2
		box := image.Rect(x, y, x+d, y+d)
		width := float32(gtx.Dp(1.5))
		shape := clip.Ellipse(box).Path(gtx.Ops)
		if b.Log != "" {
			shape = diamond(gtx, box)
		}
		switch {
		case b.Gone:
			for _, ends := range [2][2]f32.Point{{layout.FPt(box.Min), layout.FPt(box.Max)}, {f32.Pt(float32(box.Min.X), float32(box.Max.Y)), f32.Pt(float32(box.Max.X), float32(box.Min.Y))}} {
				var p clip.Path
				p.Begin(gtx.Ops)
				p.MoveTo(ends[0])
				p.LineTo(ends[1])
				paint.FillShape(gtx.Ops, st.Colors.Dim, clip.Stroke{Path: p.End(), Width: width}.Op())
			}
		case e.Notes.Idle[b.Line] != "":
			paint.FillShape(gtx.Ops, st.Colors.Error, clip.Stroke{Path: shape, Width: width}.Op())
		case e.Notes.Failing[b.Line] != "":
			paint.FillShape(gtx.Ops, st.Colors.Warning, clip.Outline{Path: shape}.Op())
			bar := box.Inset(gtx.Dp(2))
			bar.Min.X, bar.Max.X = x+d/2-gtx.Dp(1), x+d/2+gtx.Dp(1)
			fill(gtx, st.Colors.Background, bar)
		default:
			paint.FillShape(gtx.Ops, st.Colors.Error, clip.Outline{Path: shape}.Op())
			if b.Condition != "" || b.Hits != "" {
				bar := box.Inset(gtx.Dp(2))
				bar.Min.Y, bar.Max.Y = y+d/2-gtx.Dp(1), y+d/2+gtx.Dp(1)
				fill(gtx, st.Colors.Background, bar)
			}
		}
	}
}

func diamond(gtx layout.Context, r image.Rectangle) clip.PathSpec {
	c, half := layout.FPt(r.Min.Add(r.Max)).Mul(.5), float32(r.Dx())/2+1
	var p clip.Path
	p.Begin(gtx.Ops)
	p.MoveTo(f32.Pt(c.X, c.Y-half))
	p.LineTo(f32.Pt(c.X+half, c.Y))
	p.LineTo(f32.Pt(c.X, c.Y+half))
	p.LineTo(f32.Pt(c.X-half, c.Y))
	p.Close()
	return p.End()
}

// onBreak is where a line's breakpoint is set.
func onBreak(gtx layout.Context, e *view, at image.Point) bool {
	return at.X < gtx.Dp(breakRoom) && at.Y >= e.geometry.text.Min.Y
}

// says is what there is to say of the breakpoint of a line, with what a debugger has to.
func (breaks *Breaks) says(line int, notes *Notes) (s said, ok bool) {
	b, ok := breaks.On(line)
	switch {
	case !ok:
		return said{}, false
	case b.Gone:
		return said{title: "A breakpoint whose line is gone", body: "It stood on: " + b.was, key: "A click takes it away"}, true
	}
	var parts []string
	if b.Condition != "" {
		parts = append(parts, "where "+b.Condition)
	}
	if b.Hits != "" {
		parts = append(parts, "hits "+b.Hits)
	}
	body := notes.Idle[line]
	if why := notes.Failing[line]; body == "" && why != "" {
		body = "The condition counts as false where it fails: " + why
	}
	if body == "" && b.Hits != "" {
		body = "While the program runs, hits count from when this was set; in the debugger's moves from where the run begins."
	}
	s = said{title: "Stops " + strings.Join(parts, ", "), body: body, key: "Right click: what it asks for"}
	switch {
	case b.plain():
		s.title = "A breakpoint"
	case b.Log != "":
		s.title = strings.TrimSpace("Writes " + b.Log + " " + strings.Join(parts, ", "))
	}
	return s, true
}
