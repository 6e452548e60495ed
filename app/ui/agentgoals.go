package ui

import (
	"fmt"
	"image"
	"os"
	"path/filepath"

	"gioui.org/io/pointer"
	"gioui.org/io/semantic"
	"gioui.org/layout"

	"gvpie/app/studio/loop"
	"gvpie/app/ui/kit"
	"gvpie/runtime/store"
)

func (w *Workbench) updateGoals(gtx layout.Context, a *loop.Monitor) {
	p := &w.agent
	_, entered := p.goal.Update(gtx)
	if p.less.Clicked(gtx) {
		p.priority = max(1, p.priority-1)
	}
	if p.more.Clicked(gtx) {
		p.priority = min(10, p.priority+1)
	}
	if (p.add.Clicked(gtx) || entered) && a.MayWrite() && p.goal.Text() != "" {
		a.AddGoal(p.goal.Text(), p.priority)
		p.goal.SetText("")
	}
	goals := a.Goals()
	first, last := p.goals.Visible(len(goals))
	for i, g := range goals[first:last] {
		if p.goalRow.At(first+i).done.Clicked(gtx) && !g.Completed {
			a.DoneGoal(g.ID)
			return // the goals stand in another order from here
		}
	}
}

func (w *Workbench) layoutGoals(gtx layout.Context, a *loop.Monitor) layout.Dimensions {
	th, p, size, goals := w.th, &w.agent, gtx.Constraints.Max, a.Goals()
	top := 0
	if a.MayWrite() {
		top = gtx.Dp(44)
		kit.Boxed(gtx, image.Rect(0, 0, size.X, top), w.layoutNewGoal)
	}
	kit.Boxed(gtx, image.Rect(0, top, size.X, size.Y), func(gtx layout.Context) layout.Dimensions {
		if len(goals) == 0 {
			return kit.Empty(gtx, th, kit.IconInfo, "No goals", "Goals are for whoever writes the programs")
		}
		return p.goals.Layout(gtx, th, len(goals), func(gtx layout.Context, i int) layout.Dimensions {
			return w.layoutGoal(gtx, a, &p.goalRow.At(i).done, &goals[i])
		})
	})
	return layout.Dimensions{Size: size}
}

func (w *Workbench) layoutNewGoal(gtx layout.Context) layout.Dimensions {
	th, p := w.th, &w.agent
	gtx.Constraints.Min = gtx.Constraints.Max
	step := func(b *kit.Button, name, label string) layout.FlexChild {
		return layout.Rigid(kit.Middle(kit.ButtonStyle{Theme: th, Button: b, Name: name, Hint: name, Label: label, Height: 24}.Layout))
	}
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx, kit.Gap(12),
		layout.Flexed(1, kit.Middle(kit.FieldStyle{Theme: th, Field: &p.goal, Name: "new goal", Empty: "A new goal…"}.Layout)), kit.Gap(6),
		step(&p.less, "less important", "–"),
		kit.Cell(18, true, th.Body(fmt.Sprint(p.priority))), kit.Gap(2),
		step(&p.more, "more important", "+"), kit.Gap(6),
		layout.Rigid(kit.Middle(kit.ButtonStyle{Theme: th, Button: &p.add, Name: "add the goal", Label: "Add", Look: kit.Framed, Height: 28, Disabled: p.goal.Text() == ""}.Layout)), kit.Gap(12))
}

func (w *Workbench) layoutGoal(gtx layout.Context, a *loop.Monitor, done *kit.Button, g *store.Goal) layout.Dimensions {
	th := w.th
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

// What the buttons under the cartridges do.
const (
	cartOpen = iota
	cartRun
	cartVerify
	cartExport
)

func (w *Workbench) updateCartridges(gtx layout.Context, a *loop.Monitor) {
	p := &w.agent
	all := a.Cartridges()
	for i, c := range all {
		if e, ok := p.cart.At(i).Update(gtx); ok {
			p.chosen = c.ID
			if e.NumClicks > 1 {
				a.OpenCartridge(c)
			}
		}
	}
	c, ok := chosenCartridge(all, p.chosen)
	for i := range p.cartDo {
		if !p.cartDo[i].Clicked(gtx) || !ok {
			continue
		}
		switch i {
		case cartOpen:
			a.OpenCartridge(c)
		case cartRun:
			a.RunCartridge(c)
		case cartVerify:
			a.VerifyCartridge(c)
		case cartExport:
			start := filepath.Base(c.Path)
			if home, err := os.UserHomeDir(); err == nil {
				start = filepath.Join(home, start)
			}
			w.modal = newPathDialog("Export "+filepath.Base(c.Path), "Export", start, true, w.wake, func(path string) { a.ExportCartridge(c, path) })
		}
	}
}

func chosenCartridge(all []store.Cartridge, id int64) (store.Cartridge, bool) {
	for _, c := range all {
		if c.ID == id {
			return c, true
		}
	}
	return store.Cartridge{}, false
}

func (w *Workbench) layoutCartridges(gtx layout.Context, a *loop.Monitor) layout.Dimensions {
	th, p, size, all := w.th, &w.agent, gtx.Constraints.Max, a.Cartridges()
	if len(all) == 0 {
		return kit.Empty(gtx, th, kit.IconFile, "No cartridges", "gvpie cartridge make FILE makes one")
	}
	foot := gtx.Dp(40)
	across := max(1, (size.X-gtx.Dp(16))/gtx.Dp(124))
	rows := (len(all) + across - 1) / across
	kit.Boxed(gtx, image.Rect(0, 0, size.X, size.Y-foot), func(gtx layout.Context) layout.Dimensions {
		return p.carts.Layout(gtx, th, rows, func(gtx layout.Context, row int) layout.Dimensions {
			width := (gtx.Constraints.Max.X - gtx.Dp(16)) / across
			height := gtx.Dp(24) + width*2/3
			for i := row * across; i < min(len(all), (row+1)*across); i++ {
				x := gtx.Dp(8) + (i%across)*width
				kit.Boxed(gtx, image.Rect(x, 0, x+width, height), func(gtx layout.Context) layout.Dimensions {
					return w.layoutCartridge(gtx, a, i, &all[i])
				})
			}
			return layout.Dimensions{Size: image.Pt(gtx.Constraints.Max.X, height)}
		})
	})
	kit.Boxed(gtx, image.Rect(0, size.Y-foot, size.X, size.Y), func(gtx layout.Context) layout.Dimensions {
		kit.Hairline(gtx, layout.N, th.Line)
		c, ok := chosenCartridge(all, p.chosen)
		row := []layout.FlexChild{kit.Gap(8)}
		for i, name := range []string{"Open", "Run", "Verify", "Export…"} {
			row = append(row, layout.Rigid(kit.Middle(kit.ButtonStyle{Theme: th, Button: &p.cartDo[i], Name: kit.LowerFirst(name) + " the cartridge", Label: name, Look: kit.Framed, Height: 24, Disabled: !ok}.Layout)), kit.Gap(4))
		}
		if ok {
			row = append(row, kit.Gap(4), layout.Flexed(1, kit.Middle(th.Caption(fmt.Sprintf("run %s", kit.Count(c.ExecutedCount, "time")), th.Faint).Layout)))
		}
		gtx.Constraints.Min = gtx.Constraints.Max
		return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
	})
	return layout.Dimensions{Size: size}
}

// layoutCartridge draws a thumbnail with its name.
func (w *Workbench) layoutCartridge(gtx layout.Context, a *loop.Monitor, i int, c *store.Cartridge) layout.Dimensions {
	th, p, size := w.th, &w.agent, gtx.Constraints.Max
	click := p.cart.At(i)
	name := filepath.Base(c.Path)
	name = name[:len(name)-len(filepath.Ext(name))]
	return click.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		semantic.Button.Add(gtx.Ops)
		semantic.LabelOp("cartridge " + name).Add(gtx.Ops)
		semantic.SelectedOp(p.chosen == c.ID).Add(gtx.Ops)
		pointer.CursorPointer.Add(gtx.Ops)
		in := gtx.Dp(4)
		box := image.Rect(in, in, size.X-in, size.Y-gtx.Dp(22))
		kit.FillRound(gtx, box, 4, th.Window)
		img, err := a.Picture(loop.PictureKey{Path: c.Path, Small: true})
		kit.Boxed(gtx, box.Inset(gtx.Dp(1)), func(gtx layout.Context) layout.Dimensions {
			return w.pictures.Layout(gtx, th, img, err)
		})
		edge := th.Line
		if p.chosen == c.ID {
			edge = th.Accent
		} else if click.Hovered() {
			edge = th.Faint
			th.Tip.Offer(gtx, click, c.Path, "")
		}
		kit.Outline(gtx, box, 4, 1, edge)
		if gtx.Focused(click) {
			kit.Outline(gtx, image.Rectangle{Max: size}.Inset(gtx.Dp(1)), 4, 2, th.Accent)
		}
		kit.Boxed(gtx, image.Rect(in, size.Y-gtx.Dp(21), size.X-in, size.Y), func(gtx layout.Context) layout.Dimensions {
			return layout.Flex{Alignment: layout.Middle}.Layout(gtx, kit.Gap(2), layout.Flexed(1, kit.Middle(th.Small(name, th.Text).Layout)),
				layout.Rigid(kit.Middle(th.Caption(c.Kind, th.Faint).Layout)), kit.Gap(2))
		})
		return layout.Dimensions{Size: size}
	})
}
