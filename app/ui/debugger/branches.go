package debugger

import (
	"fmt"
	"image"

	"gioui.org/layout"
	"gioui.org/unit"

	"gvpie/app/studio/debugger"
	"gvpie/app/ui/kit"
)

// branches is the tree of the courses that the run took where a value was changed.
type branches struct {
	*Window
	list    kit.RowList
	all     []debugger.Branch // as last drawn
	name    kit.Field
	of      string // the branch whose name the field has
	compare kit.Button
	remove  kit.Button
	goes    kit.Button
}

func (b *branches) here() int {
	for i := range b.all {
		if b.all[i].Here {
			return i
		}
	}
	return -1
}

func (b *branches) update(gtx layout.Context) {
	now := b.Model.Now()
	if now == nil {
		return
	}
	b.all = now.Branches
	do, at := b.Model.Branches(), b.here()
	if c, ok := b.list.Update(gtx, at); ok && c.Row < len(b.all) && c.Row != at {
		do.Switch(b.all[c.Row])
	}
	if b.goes.Clicked(gtx) {
		b.Model.Search().GoToParting()
	}
	if at < 0 || b.all[at].Depth == 0 {
		return
	}
	is := b.all[at]
	if b.of != is.Name {
		b.of = is.Name
		b.name.SetText(is.Name)
	}
	if _, entered := b.name.Update(gtx); entered {
		do.Rename(is, b.name.Text())
	}
	if b.compare.Clicked(gtx) {
		do.Compare(b.left(at), is)
	}
	if b.remove.Clicked(gtx) {
		do.Delete(is)
	}
}

// left is the branch that one comes from.
func (b *branches) left(i int) debugger.Branch {
	from := i
	for from > 0 && b.all[from].Depth >= b.all[i].Depth {
		from--
	}
	return b.all[from]
}

func (b *branches) layout(gtx layout.Context) layout.Dimensions {
	th, size, at := b.Theme, gtx.Constraints.Max, b.here()
	if len(b.all) < 2 {
		return kit.Empty(gtx, th, kit.IconInfo, "No branches yet", "A value that is changed begins one, and the run as it was stays")
	}
	foot := size.Y
	if at > 0 {
		foot -= gtx.Dp(38)
	}
	says := size.Y
	if p := b.Model.Search().Parting(); p != nil {
		foot -= gtx.Dp(40)
		says = foot
		kit.Boxed(gtx, image.Rect(gtx.Dp(14), foot, size.X-gtx.Dp(12), foot+gtx.Dp(38)), func(gtx layout.Context) layout.Dimensions { return parting(gtx, th, p, &b.goes) })
	}
	kit.Boxed(gtx, image.Rect(0, 0, size.X, min(foot, says)), func(gtx layout.Context) layout.Dimensions {
		return kit.RowListStyle{
			Theme: th, List: &b.list, Name: "branches", N: len(b.all), Cursor: at, Second: -1, Height: 24, Row: b.row,
			Label: func(i int) string { return b.all[i].Name },
		}.Layout(gtx)
	})
	if at <= 0 {
		return layout.Dimensions{Size: size}
	}
	kit.Boxed(gtx, image.Rect(gtx.Dp(14), size.Y-gtx.Dp(35), size.X-gtx.Dp(12), size.Y-gtx.Dp(3)), func(gtx layout.Context) layout.Dimensions {
		return layout.Flex{Alignment: layout.Middle}.Layout(gtx,
			layout.Flexed(1, kit.FieldStyle{Theme: th, Field: &b.name, Name: "name of the branch", Empty: "Name, then Enter"}.Layout), kit.Gap(6),
			layout.Rigid(kit.ButtonStyle{Theme: th, Button: &b.compare, Label: "Compare", Hint: "Find the first frame and texel that it shows otherwise than the one that it left", Look: kit.Framed, Height: 28}.Layout), kit.Gap(4),
			layout.Rigid(kit.ButtonStyle{Theme: th, Button: &b.remove, Label: "Delete", Hint: "Give up this branch, and those that left it", Look: kit.Framed, Height: 28}.Layout))
	})
	return layout.Dimensions{Size: size}
}

func (b *branches) row(gtx layout.Context, i int, chosen bool) {
	th, is := b.Theme, b.all[i]
	ink, note := th.Dim, ""
	if chosen {
		ink = th.Text
	}
	if is.Depth > 0 {
		note = fmt.Sprintf("from frame %s", kit.Thousands(is.At.Frame))
	}
	layout.Flex{Alignment: layout.Middle}.Layout(gtx, kit.Gap(unit.Dp(14+16*is.Depth)),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			icon := kit.IconRing
			if is.Here {
				icon = kit.IconDot
			}
			return icon.Layout(gtx, 12, ink)
		}), kit.Gap(8),
		layout.Flexed(1, kit.Middle(th.Body(kit.UpperFirst(is.Name)).Tint(ink).Layout)), kit.Gap(8),
		layout.Rigid(kit.Middle(th.Small(note, ink).Layout)), kit.Gap(14))
}

// parting says where two runs part, and leads there.
func parting(gtx layout.Context, th *kit.Theme, p *debugger.Parting, goes *kit.Button) layout.Dimensions {
	ink := th.Warning
	if p.Equal {
		ink = th.Accent
	}
	row := []layout.FlexChild{layout.Flexed(1, th.Small(p.With+": "+p.Says, ink).Paragraph().Layout)}
	if p.Texel != nil {
		row = append(row, kit.Gap(8), layout.Rigid(kit.ButtonStyle{Theme: th, Button: goes, Label: "Go there", Hint: "Go behind that frame, and ask who drew the texel", Look: kit.Framed, Height: 28}.Layout))
	}
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
}
