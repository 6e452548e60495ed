package loop

import (
	"fmt"
	"image"

	"gioui.org/layout"

	"gvpie/app/ui/kit"
	"gvpie/runtime/store"
)

// goalList lists the goals, and takes new ones.
type goalList struct {
	*Window
	scroll   kit.Scroll
	reached  kit.States[kit.Button]
	text     kit.Field
	priority int64
	less     kit.Button
	more     kit.Button
	add      kit.Button
}

func (l *goalList) update(gtx layout.Context) {
	a := l.Agent
	_, entered := l.text.Update(gtx)
	if l.less.Clicked(gtx) {
		l.priority = max(1, l.priority-1)
	}
	if l.more.Clicked(gtx) {
		l.priority = min(10, l.priority+1)
	}
	if (l.add.Clicked(gtx) || entered) && a.MayWrite() && l.text.Text() != "" {
		a.AddGoal(l.text.Text(), l.priority)
		l.text.SetText("")
	}
	goals := a.Goals()
	first, last := l.scroll.Visible(len(goals))
	for i, g := range goals[first:last] {
		if l.reached.At(first+i).Clicked(gtx) && !g.Completed {
			a.DoneGoal(g.ID)
			return // the goals stand in another order from here
		}
	}
}

func (l *goalList) layout(gtx layout.Context) layout.Dimensions {
	a := l.Agent
	th, size, goals := l.Theme, gtx.Constraints.Max, a.Goals()
	top := 0
	if a.MayWrite() {
		top = gtx.Dp(44)
		kit.Boxed(gtx, image.Rect(0, 0, size.X, top), l.layoutNew)
	}
	kit.Boxed(gtx, image.Rect(0, top, size.X, size.Y), func(gtx layout.Context) layout.Dimensions {
		if len(goals) == 0 {
			return kit.Empty(gtx, th, kit.IconInfo, "No goals", "Goals are for whoever writes the programs")
		}
		return l.scroll.Layout(gtx, th, len(goals), func(gtx layout.Context, i int) layout.Dimensions {
			return l.layoutGoal(gtx, l.reached.At(i), &goals[i])
		})
	})
	return layout.Dimensions{Size: size}
}

func (l *goalList) layoutNew(gtx layout.Context) layout.Dimensions {
	th := l.Theme
	gtx.Constraints.Min = gtx.Constraints.Max
	step := func(b *kit.Button, name, label string) layout.FlexChild {
		return layout.Rigid(kit.Middle(kit.ButtonStyle{Theme: th, Button: b, Name: name, Hint: name, Label: label, Height: 24}.Layout))
	}
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx, kit.Gap(12),
		layout.Flexed(1, kit.Middle(kit.FieldStyle{Theme: th, Field: &l.text, Name: "new goal", Empty: "A new goal…"}.Layout)), kit.Gap(6),
		step(&l.less, "less important", "–"),
		kit.Cell(18, true, th.Body(fmt.Sprint(l.priority))), kit.Gap(2),
		step(&l.more, "more important", "+"), kit.Gap(6),
		layout.Rigid(kit.Middle(kit.ButtonStyle{Theme: th, Button: &l.add, Name: "add the goal", Label: "Add", Look: kit.Framed, Height: 28, Disabled: l.text.Text() == ""}.Layout)), kit.Gap(12))
}

func (l *goalList) layoutGoal(gtx layout.Context, done *kit.Button, g *store.Goal) layout.Dimensions {
	a := l.Agent
	th := l.Theme
	size := image.Pt(gtx.Constraints.Max.X, gtx.Dp(32))
	gtx.Constraints = layout.Exact(size)
	b := kit.ButtonStyle{Theme: th, Button: done, Name: "done: " + g.Goal, Hint: "This goal is reached", Icon: kit.IconRing, Height: 24, Disabled: !a.MayWrite()}
	ink, note := th.Text, fmt.Sprintf("priority %d", g.Priority)
	if g.Completed {
		b.Icon, b.Color, b.Name, b.Hint = kit.IconCheck, th.Accent, "reached: "+g.Goal, "Reached"
		ink, note = th.Faint, "reached "+kit.ClockTime(g.CompletedAt, a.Now())
	}
	layout.Flex{Alignment: layout.Middle}.Layout(gtx, kit.Gap(10),
		layout.Rigid(kit.Middle(b.Layout)), kit.Gap(4),
		layout.Flexed(1, kit.Middle(th.Body(g.Goal).Tint(ink).Layout)), kit.Gap(8),
		layout.Rigid(kit.Middle(th.Caption(note, th.Faint).Layout)), kit.Gap(14))
	return layout.Dimensions{Size: size}
}
