package kit

import (
	"image"
	"strings"

	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/unit"
)

// Layout draws the element; first says that it begins its document.
func (e Element) Layout(gtx layout.Context, th *Theme, first bool) layout.Dimensions {
	text := prose{th: th, size: TextSize, ink: Mix(th.Dim, th.Text, 150), spans: parseInline(e.Text)}
	inset := layout.Inset{Bottom: 8}
	switch e.Kind {
	case Heading:
		text.bold, text.ink = true, th.Text
		switch e.Level {
		case 1:
			text.size, inset = 22, layout.Inset{Top: 24, Bottom: 12}
		case 2:
			text.size, inset = 17, layout.Inset{Top: 20, Bottom: 8}
		default:
			text.size, inset = 14, layout.Inset{Top: 12, Bottom: 4}
		}
		if first {
			inset.Top = 20
		}
	case Item:
		return layout.Inset{Bottom: 4, Left: unit.Dp(16 * e.Level)}.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
			return layout.Flex{}.Layout(gtx,
				layout.Rigid(func(gtx layout.Context) layout.Dimensions {
					gtx.Constraints.Min.X = gtx.Dp(20)
					mark := prose{th: th, size: TextSize, ink: th.Accent, spans: []span{{text: e.Mark}}}
					d := mark.layout(gtx)
					d.Size.X = max(d.Size.X, gtx.Dp(20))
					return d
				}),
				layout.Flexed(1, text.layout))
		})
	case Listing:
		return layout.Inset{Top: 4, Bottom: 12}.Layout(gtx, func(gtx layout.Context) layout.Dimensions { return layoutCode(gtx, th, e.Text) })
	case TableRow:
		return layoutTableRow(gtx, th, e)
	case Rule:
		size := image.Pt(gtx.Constraints.Max.X, gtx.Dp(17))
		Fill(gtx, image.Rect(0, size.Y/2, size.X, size.Y/2+max(1, gtx.Dp(1))), th.Line)
		return layout.Dimensions{Size: size}
	case Quote:
		inset.Left = 12
		text.ink = th.Dim
	}
	return inset.Layout(gtx, text.layout)
}

// layoutCode draws a piece of program on a ground of its own.
func layoutCode(gtx layout.Context, th *Theme, src string) layout.Dimensions {
	m := op.Record(gtx.Ops)
	d := layout.Inset{Left: 12, Right: 12, Top: 8, Bottom: 8}.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		l := th.Mono(src)
		l.Lines, l.Line = 0, 18
		return l.Layout(gtx)
	})
	call := m.Stop()
	d.Size.X = gtx.Constraints.Max.X
	r := image.Rectangle{Max: d.Size}
	FillRound(gtx, r, Corner, th.Panel)
	Outline(gtx, r, Corner, 1, th.Line)
	call.Add(gtx.Ops)
	return d
}

// layoutTableRow draws the cells of a row in columns; the first is narrower
// where there are two, as in a list of names and what they mean.
func layoutTableRow(gtx layout.Context, th *Theme, e Element) layout.Dimensions {
	var row []layout.FlexChild
	for i, c := range e.Cells {
		weight := float32(1)
		if len(e.Cells) == 2 {
			weight = []float32{.36, .64}[i]
		}
		p := prose{th: th, size: 12, ink: Mix(th.Dim, th.Text, 150), spans: parseInline(c), bold: e.Head}
		row = append(row, layout.Flexed(weight, func(gtx layout.Context) layout.Dimensions {
			return layout.Inset{Right: 12, Top: 3, Bottom: 3}.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
				width := gtx.Constraints.Max.X
				d := p.layout(gtx)
				d.Size.X = width
				return d
			})
		}))
	}
	d := layout.Flex{}.Layout(gtx, row...)
	Fill(gtx, image.Rect(0, d.Size.Y, d.Size.X, d.Size.Y+max(1, gtx.Dp(1))), th.Line)
	d.Size.Y += max(1, gtx.Dp(1))
	return d
}

// PlainText is a text without its inline marks.
func PlainText(s string) string {
	var b strings.Builder
	for _, sp := range parseInline(s) {
		b.WriteString(sp.text)
	}
	return b.String()
}
