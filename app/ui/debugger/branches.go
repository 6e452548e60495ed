package debugger

import (
	"fmt"
	"image"
	"slices"

	"gioui.org/io/key"
	"gioui.org/layout"
	"gioui.org/unit"

	"gvpie/app/studio/debugger"
	"gvpie/app/ui/kit"
)

// branches is the tree of the courses that the run took where a value, its input or its
// program was changed, and the way to others.
type branches struct {
	*Window
	list    kit.RowList
	all     []debugger.Branch // as last drawn
	name    kit.Field
	of      string // the branch whose name the field has
	compare kit.Button
	remove  kit.Button
	goes    kit.Button
	input   kit.Field
	focus   bool // the field of the input is to have the keyboard
	feed    kit.Button
	edit    kit.Button
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
		if c.With.Contain(key.ModShortcut) {
			do.Choose(b.all[c.Row])
		} else {
			do.Switch(b.all[c.Row])
		}
	}
	if b.goes.Clicked(gtx) {
		b.Model.Search().GoToParting()
	}
	if b.focus {
		b.focus = false
		b.input.Focus(gtx)
	}
	_, fed := b.input.Update(gtx)
	if b.feed.Clicked(gtx) || fed {
		do.Feed(b.input.Text())
	}
	if b.edit.Clicked(gtx) {
		b.Action(branchAction).Invoke()
	}
	if other, ok := do.Other(); b.compare.Clicked(gtx) && ok {
		do.Compare(other, b.all[at])
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
	if b.remove.Clicked(gtx) {
		do.Delete(is)
	}
}

// second is the branch that the one that is gone through is compared with; -1 for none.
func (b *branches) second() int {
	other, ok := b.Model.Branches().Other()
	if !ok {
		return -1
	}
	return slices.Index(b.all, other)
}

func (b *branches) layout(gtx layout.Context) layout.Dimensions {
	th, size, at := b.Theme, gtx.Constraints.Max, b.here()
	foot := size.Y
	row := func(height unit.Dp, w layout.Widget) {
		foot -= gtx.Dp(height)
		kit.Boxed(gtx, image.Rect(gtx.Dp(14), foot, size.X-gtx.Dp(12), foot+gtx.Dp(height-4)), w)
	}
	row(36, b.begin)
	if len(b.all) > 1 {
		row(36, b.change)
	}
	if p := b.Model.Search().Parting(); p != nil {
		row(40, func(gtx layout.Context) layout.Dimensions { return parting(gtx, th, p, &b.goes) })
	}
	kit.Boxed(gtx, image.Rect(0, 0, size.X, max(0, foot)), func(gtx layout.Context) layout.Dimensions {
		if len(b.all) < 2 {
			return kit.Empty(gtx, th, kit.IconInfo, "No branches yet", "A value, the input or the text that is changed in the past begins one, and the run as it was stays")
		}
		return kit.RowListStyle{
			Theme: th, List: &b.list, Name: "branches", N: len(b.all), Cursor: at, Second: b.second(), Height: 24, Row: b.row,
			Label: func(i int) string { return b.all[i].Name },
		}.Layout(gtx)
	})
	return layout.Dimensions{Size: size}
}

// begin are the ways to begin a branch that stand here.
func (b *branches) begin(gtx layout.Context) layout.Dimensions {
	th, text := b.Theme, b.Action(branchAction)
	row := []layout.FlexChild{
		layout.Flexed(1, kit.FieldStyle{Theme: th, Field: &b.input, Name: "input of a branch", Empty: "mx 12 my 40 mb 1 keys A", Mono: true}.Layout), kit.Gap(6),
		layout.Rigid(kit.ButtonStyle{Theme: th, Button: &b.feed, Label: "Branch", Hint: "Begin a branch that is given this input from here on: what is not named is as it was", Look: kit.Framed, Height: 28}.Layout),
	}
	if text.On() {
		row = append(row, kit.Gap(4), layout.Rigid(kit.ButtonStyle{Theme: th, Button: &b.edit, Label: "With the edited text", Hint: text.Title, Keys: text.Keys, Look: kit.Framed, Height: 28}.Layout))
	}
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
}

// change is what can be done with the branch that is gone through.
func (b *branches) change(gtx layout.Context) layout.Dimensions {
	th, at := b.Theme, b.here()
	compare := layout.Rigid(kit.ButtonStyle{Theme: th, Button: &b.compare, Label: "Compare", Hint: "Find the first frame and texel that the two marked branches show otherwise. Ctrl-click marks another", Look: kit.Framed, Height: 28}.Layout)
	if at <= 0 {
		return layout.Flex{Alignment: layout.Middle}.Layout(gtx, layout.Flexed(1, kit.Middle(th.Dimmed("Ctrl-click marks another to compare").Layout)), kit.Gap(6), compare)
	}
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx,
		layout.Flexed(1, kit.FieldStyle{Theme: th, Field: &b.name, Name: "name of the branch", Empty: "Name, then Enter"}.Layout), kit.Gap(6),
		compare, kit.Gap(4),
		layout.Rigid(kit.ButtonStyle{Theme: th, Button: &b.remove, Label: "Delete", Hint: "Give up this branch, and those that left it", Look: kit.Framed, Height: 28}.Layout))
}

func (b *branches) row(gtx layout.Context, i int, _ bool) {
	th, is := b.Theme, b.all[i]
	ink, note := th.Dim, ""
	if is.Here {
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
	row := []layout.FlexChild{layout.Flexed(1, th.Small(kit.UpperFirst(p.With)+": "+p.Says, ink).Paragraph().Layout)}
	if p.Texel != nil {
		row = append(row, kit.Gap(8), layout.Rigid(kit.ButtonStyle{Theme: th, Button: goes, Label: "Go there", Hint: "Go behind that frame, and ask who drew the texel", Look: kit.Framed, Height: 28}.Layout))
	}
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
}
