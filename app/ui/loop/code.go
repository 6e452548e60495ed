package loop

import (
	"image"
	"image/color"

	"gioui.org/layout"
	"gioui.org/op/clip"
	"gioui.org/unit"

	"gvpie/app/ui/kit"
)

// codeLine draws a line of text with what stands before it, on a ground.
func codeLine(gtx layout.Context, th *kit.Theme, number, mark, text string, ink, ground color.NRGBA) layout.Dimensions {
	size := image.Pt(gtx.Constraints.Max.X, gtx.Dp(unit.Dp(18)))
	kit.Fill(gtx, image.Rectangle{Max: size}, ground)
	defer clip.Rect{Max: size}.Push(gtx.Ops).Pop()
	gtx.Constraints = layout.Exact(size)
	row := []layout.FlexChild{kit.Gap(14)}
	if number != "" {
		row = append(row, kit.Cell(26, true, th.Mono(number).Tint(th.Faint)), kit.Gap(10))
	}
	if mark != "" {
		row = append(row, kit.Cell(10, false, th.Mono(mark).Tint(ink)), kit.Gap(4))
	}
	row = append(row, layout.Flexed(1, kit.Middle(th.Mono(text).Tint(ink).Layout)), kit.Gap(12))
	layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
	return layout.Dimensions{Size: size}
}
