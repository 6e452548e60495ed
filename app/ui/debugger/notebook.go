package debugger

import (
	"fmt"
	"image"

	"gioui.org/layout"

	"gvpie/app/studio/debugger"
	"gvpie/app/ui/kit"
)

// notebook lists the moments that were looked at, the last first, with a name and a
// remark for the one that is.
type notebook struct {
	*Window
	list         kit.RowList
	notes        []*debugger.Note // as last drawn
	of           *debugger.Note   // whose name and remark the fields have
	name, remark kit.Field
	mark, remove kit.Button
}

func (n *notebook) cursor() int {
	now := n.Model.Now()
	for i := range n.notes {
		if now != nil && n.notes[i].At == now.At && n.notes[i].Branch == now.Branch {
			return i
		}
	}
	return -1
}

func (n *notebook) update(gtx layout.Context) {
	book := n.Model.Notebook()
	if book == nil || n.Model.Now() == nil {
		return
	}
	n.notes = book.Notes()
	at := n.cursor()
	if c, ok := n.list.Update(gtx, at); ok && c.Row < len(n.notes) && c.Row != at {
		book.Go(n.notes[c.Row])
	}
	if n.mark.Clicked(gtx) {
		n.Action("debug.note").Invoke()
	}
	if now := book.Current(); now != n.of {
		if n.of = now; now != nil {
			n.name.SetText(now.Name)
			n.remark.SetText(now.Remark)
		}
	}
	if n.of == nil {
		return
	}
	if changed, _ := n.name.Update(gtx); changed {
		n.of.Name = n.name.Text()
	}
	if changed, _ := n.remark.Update(gtx); changed {
		n.of.Remark = n.remark.Text()
	}
	if n.remove.Clicked(gtx) {
		book.Remove(n.of)
	}
}

func (n *notebook) layout(gtx layout.Context) layout.Dimensions {
	th, size := n.Theme, gtx.Constraints.Max
	foot := size.Y - gtx.Dp(38)
	if len(n.notes) == 0 {
		kit.Boxed(gtx, image.Rect(0, 0, size.X, foot), func(gtx layout.Context) layout.Dimensions {
			return kit.Empty(gtx, th, kit.IconInfo, "No moments yet", "Each that you go to is a line here, and can be gone back to")
		})
	} else {
		kit.Boxed(gtx, image.Rect(0, 0, size.X, foot), func(gtx layout.Context) layout.Dimensions {
			return kit.RowListStyle{
				Theme: th, List: &n.list, Name: "notebook", N: len(n.notes), Cursor: n.cursor(), Second: -1, Height: thumbHeight + 6, Row: n.row,
				Label: func(i int) string { return noteTitle(n.notes[i]) },
			}.Layout(gtx)
		})
	}
	kit.Boxed(gtx, image.Rect(gtx.Dp(14), foot+gtx.Dp(3), size.X-gtx.Dp(12), size.Y-gtx.Dp(3)), func(gtx layout.Context) layout.Dimensions {
		gtx.Constraints.Min = gtx.Constraints.Max
		mark := kit.ButtonStyle{Theme: th, Button: &n.mark, Label: "Note this moment", Icon: kit.IconPlus, Keys: n.Action("debug.note").Keys, Height: 28, Look: kit.Framed}
		if n.of == nil {
			return layout.Flex{Alignment: layout.Middle}.Layout(gtx, layout.Rigid(mark.Layout))
		}
		return layout.Flex{Alignment: layout.Middle}.Layout(gtx,
			layout.Flexed(.4, kit.FieldStyle{Theme: th, Field: &n.name, Name: "name of the moment", Empty: "Name"}.Layout), kit.Gap(6),
			layout.Flexed(.6, kit.FieldStyle{Theme: th, Field: &n.remark, Name: "note on the moment", Empty: "Note"}.Layout), kit.Gap(4),
			layout.Rigid(kit.ButtonStyle{Theme: th, Button: &n.remove, Name: "remove the moment from the notebook", Icon: kit.IconClose, Height: 28}.Layout))
	})
	return layout.Dimensions{Size: size}
}

// noteTitle is what a line of the notebook begins with.
func noteTitle(n *debugger.Note) string {
	switch {
	case n.Name != "":
		return n.Name
	case n.Asked != "":
		return n.Asked
	case n.Text != "":
		return n.Text
	}
	return "moment"
}

func (n *notebook) row(gtx layout.Context, i int, chosen bool) {
	th, note := n.Theme, n.notes[i]
	ink := th.Dim
	if chosen || note.Name != "" {
		ink = th.Text
	}
	place := fmt.Sprintf("frame %s", kit.Thousands(note.At.Frame))
	if note.Branch != "" {
		place = note.Branch + " · " + place
	}
	if note.Place.Line > 0 {
		place += fmt.Sprintf(" · line %d", note.Place.Line)
	}
	under := note.Text
	switch {
	case note.Remark != "":
		under = note.Remark
	case noteTitle(note) == note.Text:
		under = ""
	}
	gtx.Constraints.Min = gtx.Constraints.Max
	layout.Flex{Alignment: layout.Middle}.Layout(gtx, kit.Gap(14),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			size := image.Pt(gtx.Dp(thumbWidth), gtx.Dp(thumbHeight))
			kit.FillRound(gtx, image.Rectangle{Max: size}, 2, th.Window)
			kit.Boxed(gtx, image.Rectangle{Max: size}, func(gtx layout.Context) layout.Dimensions { return n.Pictures.Layout(gtx, th, note.Picture, nil) })
			return layout.Dimensions{Size: size}
		}), kit.Gap(10),
		layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Min.Y = 0
			lines := []layout.FlexChild{layout.Rigid(th.Body(noteTitle(note)).Tint(ink).Layout)}
			if under != "" {
				lines = append(lines, layout.Rigid(th.Small(under, th.Dim).Layout))
			}
			return layout.Flex{Axis: layout.Vertical}.Layout(gtx, lines...)
		}), kit.Gap(8),
		layout.Rigid(kit.Middle(th.Small(place, ink).Layout)), kit.Gap(14))
}
