package kit

import (
	"image"
	"image/color"

	"gioui.org/layout"
	"gioui.org/op/clip"
	"gioui.org/unit"
)

// CodeLineHeight is the height of a CodeLine.
const CodeLineHeight unit.Dp = 18

// CodeLine draws a line of text with what stands before it, on a ground.
func CodeLine(gtx layout.Context, th *Theme, number, mark, text string, ink, ground color.NRGBA) layout.Dimensions {
	size := image.Pt(gtx.Constraints.Max.X, gtx.Dp(CodeLineHeight))
	Fill(gtx, image.Rectangle{Max: size}, ground)
	defer clip.Rect{Max: size}.Push(gtx.Ops).Pop()
	gtx.Constraints = layout.Exact(size)
	row := []layout.FlexChild{Gap(14)}
	if number != "" {
		row = append(row, Cell(26, true, th.Mono(number).Tint(th.Faint)), Gap(10))
	}
	if mark != "" {
		row = append(row, Cell(10, false, th.Mono(mark).Tint(ink)), Gap(4))
	}
	row = append(row, layout.Flexed(1, Middle(th.Mono(text).Tint(ink).Layout)), Gap(12))
	layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
	return layout.Dimensions{Size: size}
}
