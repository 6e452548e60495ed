package editor

import (
	"image"
	"image/color"

	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/op/paint"
	"gioui.org/widget"
)

// look draws the small interface parts an editor shows: panels, labels,
// buttons, fields. It lives for one frame.
type look struct {
	st  *Style
	gtx layout.Context
}

func material(gtx layout.Context, c color.NRGBA) op.CallOp {
	m := op.Record(gtx.Ops)
	paint.ColorOp{Color: c}.Add(gtx.Ops)
	return m.Stop()
}

func fill(gtx layout.Context, c color.NRGBA, r image.Rectangle) {
	if !r.Empty() {
		paint.FillShape(gtx.Ops, c, clip.Rect(r).Op())
	}
}

// panel draws a raised panel with a soft shadow and a border.
func (l *look) panel(r image.Rectangle, radius int) {
	gtx := l.gtx
	for i := 3; i >= 1; i-- {
		s := image.Rectangle{Min: r.Min.Add(image.Pt(-i, 1)), Max: r.Max.Add(image.Pt(i, 2*i))}
		paint.FillShape(gtx.Ops, color.NRGBA{A: 28}, clip.UniformRRect(s, radius+i).Op(gtx.Ops))
	}
	paint.FillShape(gtx.Ops, l.st.Colors.Rule, clip.UniformRRect(r, radius).Op(gtx.Ops))
	w := max(1, gtx.Dp(1))
	paint.FillShape(gtx.Ops, l.st.Colors.Raised, clip.UniformRRect(r.Inset(w), radius-w).Op(gtx.Ops))
}

// label draws a line or more of interface text; lines 0 is as many as it takes.
func (l *look) label(gtx layout.Context, s string, c color.NRGBA, lines int) layout.Dimensions {
	gtx.Constraints.Min = image.Point{}
	return widget.Label{MaxLines: lines}.Layout(gtx, l.st.Shaper, l.st.UIFont, l.st.UISize, s, material(gtx, c))
}

// button is a flat button; on draws it as switched on.
func (l *look) button(b *widget.Clickable, s string, on bool) layout.Widget {
	return func(gtx layout.Context) layout.Dimensions {
		gtx.Constraints.Min = image.Point{}
		return b.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
			semantic.Button.Add(gtx.Ops)
			semantic.SelectedOp(on).Add(gtx.Ops)
			m := op.Record(gtx.Ops)
			c := l.st.Colors.Dim
			if on {
				c = l.st.Colors.Accent
			} else if b.Hovered() {
				c = l.st.Colors.Text
			}
			dims := l.label(gtx, s, c, 1)
			text := m.Stop()
			size := image.Pt(max(dims.Size.X+gtx.Dp(12), gtx.Dp(26)), gtx.Dp(24))
			if on || b.Hovered() || gtx.Focused(b) {
				paint.FillShape(gtx.Ops, l.st.Colors.Rule, clip.UniformRRect(image.Rectangle{Max: size}, gtx.Dp(4)).Op(gtx.Ops))
			}
			defer op.Offset(size.Sub(dims.Size).Div(2)).Push(gtx.Ops).Pop()
			text.Add(gtx.Ops)
			return layout.Dimensions{Size: size}
		})
	}
}

// field is a line to type in, with a hint when empty and a note at its right.
func (l *look) field(ed *widget.Editor, hint, note string, bad bool) layout.Widget {
	return func(gtx layout.Context) layout.Dimensions {
		c := &l.st.Colors
		size := image.Pt(gtx.Constraints.Max.X, gtx.Dp(24))
		r := image.Rectangle{Max: size}
		border := c.Rule
		if gtx.Focused(ed) {
			border = c.Accent
		}
		if bad {
			border = c.Error
		}
		paint.FillShape(gtx.Ops, border, clip.UniformRRect(r, gtx.Dp(4)).Op(gtx.Ops))
		paint.FillShape(gtx.Ops, c.Background, clip.UniformRRect(r.Inset(1), gtx.Dp(4)-1).Op(gtx.Ops))

		pad := gtx.Dp(8)
		right := size.X - pad
		if note != "" {
			m := op.Record(gtx.Ops)
			gtx := gtx
			gtx.Constraints = layout.Constraints{Max: image.Pt(size.X/2, size.Y)}
			dims := l.label(gtx, note, pick(bad, c.Error, c.Dim), 1)
			call := m.Stop()
			right -= dims.Size.X
			off := op.Offset(image.Pt(right, (size.Y-dims.Size.Y)/2)).Push(gtx.Ops)
			call.Add(gtx.Ops)
			off.Pop()
			right -= pad
		}
		inner := gtx
		inner.Constraints = layout.Constraints{Min: image.Pt(max(0, right-pad), 0), Max: image.Pt(max(0, right-pad), size.Y)}
		m := op.Record(gtx.Ops)
		dims := ed.Layout(inner, l.st.Shaper, l.st.Font, l.st.UISize, material(gtx, c.Text), material(gtx, c.Selection))
		call := m.Stop()
		off := op.Offset(image.Pt(pad, (size.Y-dims.Size.Y)/2)).Push(gtx.Ops)
		call.Add(gtx.Ops)
		if ed.Len() == 0 {
			l.label(inner, hint, c.Faint, 1)
		}
		off.Pop()
		return layout.Dimensions{Size: size}
	}
}

func pick[T any](first bool, a, b T) T {
	if first {
		return a
	}
	return b
}

// measured records a label and gives its size.
func (l *look) measured(gtx layout.Context, s string, c color.NRGBA, lines, width int) (op.CallOp, image.Point) {
	m := op.Record(gtx.Ops)
	gtx.Constraints = layout.Constraints{Max: image.Pt(width, 1<<20)}
	dims := l.label(gtx, s, c, lines)
	return m.Stop(), dims.Size
}
