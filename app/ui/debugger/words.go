package debugger

import (
	"image"
	"image/color"
	"strconv"

	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/text"
	"gioui.org/widget"

	"gvpie/app/studio/debugger"
	"gvpie/app/ui/kit"
)

// cellWidth is the width, in dp, of a word of a list that is shown word by word.
const cellWidth = 52

// inRow is how many words of an open list stand in a row: a row of its own, where that
// fits or is of colours, which take little room.
func (v *values) inRow(x *debugger.Variable) int {
	if x.Cols > 0 && (x.Colors || x.Cols <= v.wide) {
		return x.Cols
	}
	return max(1, v.wide)
}

// layoutWords draws a row of an open list: the number of its first word, and the words.
func (v *values) layoutWords(gtx layout.Context, i int, x *debugger.Variable, from int) layout.Dimensions {
	th := v.Theme
	words := x.Words[from:min(from+v.inRow(x), len(x.Words))]
	row := []layout.FlexChild{kit.Gap(14), kit.Cell(36, true, th.Mono(strconv.Itoa(from)).Tint(th.Faint)), kit.Gap(8)}
	if x.Colors {
		row = append(row, layout.Flexed(1, func(gtx layout.Context) layout.Dimensions { return swatches(gtx, th, words, len(words)) }))
		return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
	}
	for k, w := range words {
		ink := th.Dim
		if w == 0 {
			ink = kit.Mix(th.Faint, th.Dim, 120)
		}
		if was := x.Before; k+from < len(was) && was[k+from] != w {
			ink = th.Accent
		}
		row = append(row, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints = layout.Exact(image.Pt(gtx.Dp(cellWidth-6), gtx.Dp(valueHeight)))
			if v.change.on && x.Word >= 0 && v.change.word == x.Word+from+k {
				return v.change.layout(gtx, th, x.Name)
			}
			if x.Word < 0 {
				gtx = gtx.Disabled()
			}
			return v.cell(i, k).Layout(gtx, func(gtx layout.Context) layout.Dimensions {
				semantic.LabelOp(x.Name + "[" + strconv.Itoa(from+k) + "]").Add(gtx.Ops)
				label := th.Mono(strconv.Itoa(int(w))).Tint(ink)
				label.Align = text.End
				return kit.Middle(label.Layout)(gtx)
			})
		}), kit.Gap(6))
	}
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
}

// cell is the state of a word of a row. Rows that are never in sight together share it.
func (v *values) cell(row, k int) *widget.Clickable {
	const rows, words = 128, 64
	return v.cells.At(row%rows*words + k%words)
}

// mostSwatches is how many colours are drawn in a line.
const mostSwatches = 1024

// swatches draws colours in rows of so many, as far as there is room for them.
func swatches(gtx layout.Context, th *kit.Theme, words []int32, cols int) layout.Dimensions {
	size := gtx.Constraints.Max
	words, cols = words[:min(len(words), mostSwatches)], max(1, cols)
	rows := (len(words) + cols - 1) / cols
	height := min(size.Y, gtx.Dp(18))
	side := max(1, min(height/max(1, rows), size.X/cols))
	for i, w := range words {
		at := image.Pt(i%cols, i/cols).Mul(side)
		box := image.Rectangle{Min: at, Max: at.Add(image.Pt(side, side))}
		switch {
		case box.Max.X > size.X || box.Max.Y > height:
		case w < 0 && side < 4:
		case w < 0:
			kit.Outline(gtx, box, 0, 1, kit.Alpha(th.Text, 20))
		default:
			kit.Fill(gtx, box, color.NRGBA{R: uint8(w >> 16), G: uint8(w >> 8), B: uint8(w), A: 255})
		}
	}
	return layout.Dimensions{Size: image.Pt(size.X, min(height, rows*side))}
}
