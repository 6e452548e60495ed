package kit

import (
	"image"
	"image/color"

	"gioui.org/font"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/paint"
	"gioui.org/text"
	"gioui.org/unit"
	"gioui.org/widget"
)

// Label is text in one style. It never wraps unless Lines says how often it
// may; what does not fit ends in an ellipsis.
type Label struct {
	Theme *Theme
	Text  string
	Font  font.Font
	Size  unit.Sp
	Color color.NRGBA
	Lines int // 0: any number
	Align text.Alignment
	Line  unit.Sp // line height; 0: the font's
}

// Body is a line of the interface's text.
func (th *Theme) Body(s string) Label {
	return Label{Theme: th, Text: s, Font: th.UI, Size: TextSize, Color: th.Text, Lines: 1}
}

// Dimmed is a line of secondary text.
func (th *Theme) Dimmed(s string) Label {
	l := th.Body(s)
	l.Color = th.Dim
	return l
}

// Strong is a line of emphasised text.
func (th *Theme) Strong(s string) Label {
	l := th.Body(s)
	l.Font.Weight = font.SemiBold
	return l
}

// Caption is a small, spaced heading.
func (th *Theme) Caption(s string, c color.NRGBA) Label {
	return Label{Theme: th, Text: s, Font: font.Font{Typeface: th.UI.Typeface, Weight: font.SemiBold}, Size: SmallSize, Color: c, Lines: 1}
}

// Mono is a line of code or values.
func (th *Theme) Mono(s string) Label {
	l := th.Body(s)
	l.Font, l.Size = th.Code, 12
	return l
}

// Tint gives the label in another colour.
func (l Label) Tint(c color.NRGBA) Label {
	l.Color = c
	return l
}

// Paragraph lets the label wrap.
func (l Label) Paragraph() Label {
	l.Lines = 0
	l.Line = l.Size * 3 / 2
	return l
}

// Layout draws the label within the constraints.
func (l Label) Layout(gtx layout.Context) layout.Dimensions {
	l.Theme.CoverAll(l.Text)
	m := op.Record(gtx.Ops)
	paint.ColorOp{Color: l.Color}.Add(gtx.Ops)
	material := m.Stop()
	return widget.Label{MaxLines: l.Lines, Alignment: l.Align, LineHeight: l.Line, LineHeightScale: 1}.
		Layout(gtx, l.Theme.Shaper, l.Font, l.Size, l.Text, material)
}

// Measure is how big a widget would be with all the room it wants, without
// drawing it.
func Measure(gtx layout.Context, w layout.Widget) layout.Dimensions {
	m := op.Record(gtx.Ops)
	gtx.Constraints = layout.Constraints{Max: image.Pt(1<<20, 1<<20)}
	d := w(gtx.Disabled())
	m.Stop()
	return d
}

// Cell draws text in a column of its own width, at the left or the right of it.
func Cell(width unit.Dp, right bool, l Label) layout.FlexChild {
	return layout.Rigid(func(gtx layout.Context) layout.Dimensions {
		w := gtx.Dp(width)
		gtx.Constraints.Max.X, gtx.Constraints.Min.X = w, 0
		d := Middle(func(gtx layout.Context) layout.Dimensions {
			if !right {
				return l.Layout(gtx)
			}
			gtx.Constraints.Min.X = w
			return layout.E.Layout(gtx, l.Layout)
		})(gtx)
		d.Size.X = w
		return d
	})
}

// Small is a line of small text.
func (th *Theme) Small(s string, c color.NRGBA) Label {
	l := th.Body(s).Tint(c)
	l.Size = 12
	return l
}
