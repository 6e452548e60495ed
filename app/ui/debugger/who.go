package debugger

import (
	"fmt"
	"image"
	"image/color"

	"gioui.org/layout"
	"gioui.org/unit"

	"gvpie/app/studio/debugger"
	"gvpie/app/ui/kit"
)

// who is the right column: the commands that drew a texel, and where what they were given
// came from.
type who struct {
	*Window
	list kit.RowList
	rows []whoRow // as last drawn
}

// whoRow is a node with how deep it is under its command.
type whoRow struct {
	*debugger.Node
	depth int
}

// flat lists the nodes that are shown.
func flat(all []*debugger.Node, depth int, out []whoRow) []whoRow {
	for _, n := range all {
		out = append(out, whoRow{n, depth})
		if n.Open {
			out = flat(n.Under, depth+1, out)
		}
	}
	return out
}

func (w *who) cursor() int {
	d := w.Model.Who()
	for i := range w.rows {
		if d != nil && w.rows[i].Node == d.Chosen {
			return i
		}
	}
	return -1
}

func (w *who) update(gtx layout.Context) {
	d := w.Model.Who()
	w.rows = w.rows[:0]
	if d == nil {
		return
	}
	w.rows = flat(d.Touches, 0, w.rows)
	at := w.cursor()
	if c, ok := w.list.Update(gtx, at); ok && c.Row < len(w.rows) && (c.Row != at || c.Double || w.rows[c.Row].Opens()) {
		w.Model.Choose(w.rows[c.Row].Node)
		w.rows = flat(d.Touches, 0, w.rows[:0])
	}
}

func (w *who) layout(gtx layout.Context) layout.Dimensions {
	th, size, d := w.Theme, gtx.Constraints.Max, w.Model.Who()
	head := gtx.Dp(36)
	kit.Boxed(gtx, image.Rect(gtx.Dp(14), gtx.Dp(4), size.X-gtx.Dp(8), head), func(gtx layout.Context) layout.Dimensions {
		return layout.Flex{Alignment: layout.Middle}.Layout(gtx,
			layout.Rigid(kit.Middle(th.Strong(fmt.Sprintf("Who drew %d, %d", d.X, d.Y)).Layout)), kit.Gap(8),
			layout.Flexed(1, kit.Middle(th.Dimmed(w.found(d)).Layout)))
	})
	kit.Boxed(gtx, image.Rect(0, head, size.X, size.Y), func(gtx layout.Context) layout.Dimensions {
		return kit.RowListStyle{
			Theme: th, List: &w.list, Name: "who drew the texel", N: len(w.rows), Cursor: w.cursor(), Second: -1, Height: 22, Row: w.row,
			Label: func(i int) string { return w.rows[i].Text + " " + w.rows[i].Value },
		}.Layout(gtx)
	})
	return layout.Dimensions{Size: size}
}

// found says in a few words what was found.
func (w *who) found(d *debugger.Drawing) string {
	switch {
	case d.Frame < 0:
		return "looking…"
	case len(d.Touches) == 0:
		return "nothing ever drew there"
	}
	return kit.Count(len(d.Touches), "command") + fmt.Sprintf(" · frame %d", d.Frame)
}

func (w *who) row(gtx layout.Context, i int, chosen bool) {
	th, r := w.Theme, w.rows[i]
	ink := th.Dim
	switch {
	case chosen:
		ink = th.Text
	case r.Covered:
		ink = kit.Mix(th.Faint, th.Dim, 120)
	case r.Skipped:
		ink = kit.Mix(th.Faint, th.Dim, 60)
	case r.depth == 0 || r.Ran:
		ink = th.Text
	}
	row := []layout.FlexChild{kit.Gap(14)}
	if r.Command > 0 {
		row = append(row, kit.Cell(44, false, th.Mono(kit.Thousands(r.Command)).Tint(kit.Mix(th.Faint, ink, 120))))
	} else {
		row = append(row, kit.Gap(unit.Dp(14+14*r.depth)), layout.Rigid(w.opener(r, ink)), kit.Gap(6))
	}
	if r.Value != "" {
		row = append(row, layout.Rigid(kit.Middle(th.Mono(r.Text+" ").Tint(ink).Layout)))
		if r.Color != nil {
			row = append(row, layout.Rigid(swatch(th, *r.Color)), kit.Gap(4))
		}
		row = append(row, layout.Flexed(1, kit.Middle(th.Mono(r.Value).Tint(th.Number).Layout)))
	} else {
		row = append(row, layout.Flexed(1, kit.Middle(th.Mono(r.Text).Tint(ink).Layout)))
	}
	note := r.Note
	if r.Place.Line > 0 {
		note = fmt.Sprintf("line %d", r.Place.Line)
		if d := w.Model.Who(); r.At.Frame != d.Frame {
			note = fmt.Sprintf("frame %d · %s", r.At.Frame, note)
		}
	}
	row = append(row, kit.Gap(8), layout.Rigid(kit.Middle(th.Mono(note).Tint(ink).Layout)), kit.Gap(14))
	layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
}

// swatch is a small square of a colour, 0xRRGGBB.
func swatch(th *kit.Theme, rgb uint32) layout.Widget {
	return func(gtx layout.Context) layout.Dimensions {
		box := image.Rectangle{Max: image.Pt(gtx.Dp(9), gtx.Dp(9))}
		kit.FillRound(gtx, box, 2, color.NRGBA{R: uint8(rgb >> 16), G: uint8(rgb >> 8), B: uint8(rgb), A: 255})
		kit.Outline(gtx, box, 2, 1, kit.Alpha(th.Text, 70))
		return layout.Dimensions{Size: box.Max}
	}
}

// opener is the sign before a value that says whether there is more to be known of it.
func (w *who) opener(r whoRow, ink color.NRGBA) layout.Widget {
	icon := kit.IconNone
	switch {
	case r.Open && r.Opens():
		icon = kit.IconDown
	case r.Opens():
		icon = kit.IconForward
	}
	return func(gtx layout.Context) layout.Dimensions { return icon.Layout(gtx, 10, ink) }
}
