package loop

import (
	"fmt"
	"image"
	"image/color"

	"gioui.org/io/pointer"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/widget"

	"gvpie/app/studio/loop"
	"gvpie/app/ui/kit"
)

// scriptList lists the scripts with their switches.
type scriptList struct {
	*Window
	scroll kit.Scroll
	rows   kit.States[scriptState]
}

type scriptState struct {
	click widget.Clickable
	on    kit.Switch
}

func (l *scriptList) update(gtx layout.Context) {
	a := l.Agent
	all := a.Scripts()
	for i, last := l.scroll.Visible(len(all)); i < last; i++ {
		s := l.rows.At(i)
		if s.on.Clicked(gtx) {
			a.SetEnabled(all[i].ID, !all[i].Enabled)
		}
		if s.click.Clicked(gtx) {
			a.ShowScript(all[i].ID)
		}
	}
}

func (l *scriptList) layout(gtx layout.Context) layout.Dimensions {
	a := l.Agent
	all := a.Scripts()
	if len(all) == 0 {
		return kit.Empty(gtx, l.Theme, kit.IconFile, "No scripts", "Save a program as NAME.pxl in the data folder's scripts")
	}
	return l.scroll.Layout(gtx, l.Theme, len(all), func(gtx layout.Context, i int) layout.Dimensions {
		return l.layoutScript(gtx, l.rows.At(i), &all[i])
	})
}

// layoutScript draws a script: its switch, its name over what it is for, its
// durations, its success rate over when it runs next.
func (l *scriptList) layoutScript(gtx layout.Context, s *scriptState, r *loop.ScriptRow) layout.Dimensions {
	a := l.Agent
	th := l.Theme
	size := image.Pt(gtx.Constraints.Max.X, gtx.Dp(44))
	gtx.Constraints = layout.Exact(size)
	_, shown := a.Shown()
	chosen := shown == r.ID
	ground := image.Rect(gtx.Dp(4), gtx.Dp(1), size.X-gtx.Dp(4), size.Y-gtx.Dp(1))
	switch {
	case chosen:
		kit.FillRound(gtx, ground, kit.Corner, th.Selected)
	case s.click.Hovered():
		kit.FillRound(gtx, ground, kit.Corner, kit.Alpha(th.Selected, 150))
	}
	if gtx.Focused(&s.click) {
		kit.Outline(gtx, ground, kit.Corner, 2, th.Accent)
	}
	verb := "enable "
	if r.Enabled {
		verb = "disable "
	}
	layout.Flex{Alignment: layout.Middle}.Layout(gtx, kit.Gap(8),
		layout.Rigid(kit.Middle(func(gtx layout.Context) layout.Dimensions {
			return s.on.Layout(gtx, th, verb+r.Name, r.Enabled, !a.MayWrite())
		})), kit.Gap(4),
		layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
			return s.click.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
				semantic.Button.Add(gtx.Ops)
				semantic.LabelOp("script " + r.Name).Add(gtx.Ops)
				semantic.SelectedOp(chosen).Add(gtx.Ops)
				pointer.CursorPointer.Add(gtx.Ops)
				return l.layoutText(gtx, r)
			})
		}))
	return layout.Dimensions{Size: size}
}

func (l *scriptList) layoutText(gtx layout.Context, r *loop.ScriptRow) layout.Dimensions {
	th, size := l.Theme, gtx.Constraints.Max
	gtx.Constraints = layout.Exact(size)
	ink := th.Text
	if !r.Enabled {
		ink = th.Faint
	}
	best := l.Agent.Main(r)
	about := r.Lang
	if best.Median > 0 {
		about += " · " + kit.Duration(best.Median)
	}
	if r.Purpose != "" {
		about += " · " + r.Purpose
	}
	rate, tint := "–", th.Faint
	if v, ok := r.Rate(); ok {
		rate, tint = kit.Percent(v), rateInk(th, v)
	}
	note, noteInk := l.note(r)
	two := func(top, bottom kit.Label, right bool) layout.Widget {
		return kit.Middle(func(gtx layout.Context) layout.Dimensions {
			at := layout.Start
			if right {
				at = layout.End
			}
			gtx.Constraints.Min.X = 0
			return layout.Flex{Axis: layout.Vertical, Alignment: at}.Layout(gtx, layout.Rigid(top.Layout), kit.Gap(2), layout.Rigid(bottom.Layout))
		})
	}
	row := []layout.FlexChild{layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
		d := two(th.Body(r.Name).Tint(ink), th.Small(about, th.Dim), false)(gtx)
		d.Size.X = gtx.Constraints.Max.X
		return d
	}), kit.Gap(8)}
	if size.X > gtx.Dp(240) {
		line := kit.Alpha(th.Accent, 200)
		if !r.Enabled {
			line = th.Faint
		}
		row = append(row, layout.Rigid(kit.Middle(kit.Sparkline{Values: best.Durations, Color: line, Width: 64, Height: 20}.Layout)), kit.Gap(4))
	}
	row = append(row, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
		width := gtx.Dp(86)
		gtx.Constraints.Max.X = width
		d := two(th.Body(rate).Tint(tint), th.Small(note, noteInk), true)
		m := op.Record(gtx.Ops)
		dims := d(gtx)
		call := m.Stop()
		defer op.Offset(image.Pt(width-dims.Size.X, 0)).Push(gtx.Ops).Pop()
		call.Add(gtx.Ops)
		return layout.Dimensions{Size: image.Pt(width, dims.Size.Y)}
	}), kit.Gap(16))
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
}

// note is when a script runs next, in a word or two.
func (l *scriptList) note(r *loop.ScriptRow) (string, color.NRGBA) {
	a := l.Agent
	th := l.Theme
	switch wait := r.Wait(a.Now()); {
	case !r.Enabled:
		return "off", th.Faint
	case wait > 0:
		return "retry in " + kit.Span(wait), th.Error
	case r.RunCount == 0:
		return "not run yet", th.Faint
	case r.Fresh():
		return "changed", th.Warning
	}
	return fmt.Sprintf("%s runs", kit.Thousands(r.RunCount)), th.Faint
}
