package debugger

import (
	"image"
	"slices"
	"strconv"
	"time"

	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/widget"

	"gvpie/app/studio/debugger"
	"gvpie/app/ui/kit"
)

// watchRows are the rows of what is watched, and the one in which more is written.
func (v *values) watchRows() []valueRow {
	rows := []valueRow{{head: "watch", call: -1}}
	for i := range len(v.Model.Watches().List()) + 1 {
		rows = append(rows, valueRow{watch: i + 1, call: -1})
	}
	return rows
}

// updateWatch begins to write an expression whose row is clicked.
func (v *values) updateWatch(gtx layout.Context, i, watch int) {
	if !v.names.At(i).Clicked(gtx) {
		return
	}
	text := ""
	if list := v.Model.Watches().List(); watch < len(list) {
		text = list[watch].Text
	}
	v.watching.begin(watch, text)
}

// layoutWatch draws an expression with its value, and what it was as a line.
func (v *values) layoutWatch(gtx layout.Context, watch int, click *widget.Clickable) layout.Dimensions {
	th, list := v.Theme, v.Model.Watches().List()
	if v.watching.on && v.watching.word == watch {
		return layout.Flex{Alignment: layout.Middle}.Layout(gtx, kit.Gap(14),
			layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
				return v.watching.layout(gtx, th, "an expression to watch")
			}), kit.Gap(12))
	}
	return click.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		if click.Hovered() {
			kit.Fill(gtx, image.Rectangle{Max: gtx.Constraints.Max}, kit.Alpha(th.Selected, 120))
		}
		if watch >= len(list) {
			semantic.LabelOp("watch an expression").Add(gtx.Ops)
			return layout.Flex{Alignment: layout.Middle}.Layout(gtx, kit.Gap(14),
				layout.Flexed(1, kit.Middle(th.Mono("an expression…").Tint(th.Faint).Layout)))
		}
		x := list[watch]
		says := strconv.Itoa(int(x.Value))
		semantic.LabelOp(x.Text + " is " + says).Add(gtx.Ops)
		row := []layout.FlexChild{kit.Gap(14), kit.Cell(96, false, th.Mono(x.Text)), kit.Gap(8)}
		if x.Problem != "" {
			row = append(row, layout.Flexed(1, kit.Middle(th.Body(x.Problem).Tint(th.Warning).Layout)), kit.Gap(12))
			return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
		}
		row = append(row, kit.Cell(64, false, th.Mono(says).Tint(th.Text)), kit.Gap(8),
			layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
				return kit.Sparkline{Values: line(x), Color: th.Accent, Width: gtx.Metric.PxToDp(gtx.Constraints.Max.X), Height: valueHeight - 6}.Layout(gtx)
			}), kit.Gap(20))
		return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
	})
}

// line is what an expression was and is, over the least of it.
func line(x *debugger.Watch) []time.Duration {
	all := append(slices.Clone(x.Past), x.Value)
	least := slices.Min(all)
	out := make([]time.Duration, len(all))
	for i, v := range all {
		out[i] = time.Duration(int64(v) - int64(least))
	}
	return out
}
