package loop

import (
	"fmt"
	"image"
	"image/color"

	"gioui.org/layout"
	"gioui.org/unit"

	"gvpie/app/studio/loop"
	"gvpie/app/studio/textdiff"
	"gvpie/app/ui/kit"
	"gvpie/runtime/store"
)

// comparison shows a point of the map, or what two of them differ in.
type comparison struct {
	*Window
	open, again [2]kit.Button
	debug       [2]kit.Button
	parent      kit.Button
	swap        kit.Button
	scroll      kit.Scroll
	of          *loop.Comparison
	single      []textdiff.Line // the code of one point, as lines
}

func (p *comparison) update(gtx layout.Context) {
	a := p.Agent
	c := a.Comparison()
	if c == nil {
		return
	}
	for i, point := range []*loop.Point{&c.A, &c.B} {
		if p.open[i].Clicked(gtx) {
			a.OpenRow(point.Row.ID)
		}
		if p.debug[i].Clicked(gtx) {
			loop.DebugRow(a, point.Row.ID)
		}
		if p.again[i].Clicked(gtx) {
			a.Replay(point.Row)
		}
	}
	if p.swap.Clicked(gtx) && c.B.Row.ID != 0 {
		a.Compare(c.B.Row.ID, c.A.Row.ID)
	}
	if p.parent.Clicked(gtx) {
		if id, ok := parentOf(a, &c.A.Row); ok {
			a.Compare(id, c.A.Row.ID)
		}
	}
}

// parentOf is the id of the row that a row came from.
func parentOf(a *loop.Monitor, r *store.MapRow) (int64, bool) {
	l := a.Lineage()
	if i, ok := l.Find(r.Parent); r.Parent != 0 && ok {
		return l.Nodes[i].ID, true
	}
	return 0, false
}

func (p *comparison) layout(gtx layout.Context) layout.Dimensions {
	th, a, size := p.Theme, p.Agent, gtx.Constraints.Max
	c := a.Comparison()
	if c == nil {
		if x, _ := a.Compared(); x != 0 {
			return layout.Dimensions{Size: size}
		}
		return kit.Empty(gtx, th, kit.IconInfo, "Choose a point", "Then another with Ctrl held: code and pictures are compared")
	}
	if p.of != c {
		p.of, p.single = c, nil
		if c.B.Row.ID == 0 {
			p.single = textdiff.Lines(c.A.Row.Code, c.A.Row.Code)
		}
		p.scroll.ToStart()
	}
	heads := []layout.Widget{func(gtx layout.Context) layout.Dimensions { return p.layoutPointHead(gtx, 0, c) }}
	if c.B.Row.ID != 0 {
		heads = append(heads, func(gtx layout.Context) layout.Dimensions { return p.layoutPointHead(gtx, 1, c) })
	}
	y := 0
	for _, h := range heads {
		row := gtx.Dp(34)
		kit.Boxed(gtx, image.Rect(0, y, size.X, y+row), h)
		y += row
	}
	lines := c.Diff
	if c.B.Row.ID == 0 {
		lines = p.single
	}
	kit.Boxed(gtx, image.Rect(0, y, size.X, size.Y), func(gtx layout.Context) layout.Dimensions {
		return p.scroll.Layout(gtx, th, len(lines)+2, func(gtx layout.Context, i int) layout.Dimensions {
			switch i {
			case 0:
				return p.layoutPictures(gtx, c)
			case 1:
				return p.layoutDiffHead(gtx, c)
			}
			return layoutDiffLine(gtx, th, lines[i-2], c.B.Row.ID != 0)
		})
	})
	return layout.Dimensions{Size: size}
}

// layoutPointHead names a point and says what can be done with it.
func (p *comparison) layoutPointHead(gtx layout.Context, i int, c *loop.Comparison) layout.Dimensions {
	th, a := p.Theme, p.Agent
	point, two := &c.A, c.B.Row.ID != 0
	if i == 1 {
		point = &c.B
	}
	name := fmt.Sprintf("iteration %s", kit.Thousands(point.Row.Iteration))
	open := kit.ButtonStyle{Theme: th, Button: &p.open[i], Name: "open " + name + " in the editor", Icon: kit.IconFile, Hint: "Open the code in the editor", Height: 24, Look: kit.Framed, Disabled: point.Row.Code == "" || loop.ReadLang(point.Row.Result) == "python"}
	again := kit.ButtonStyle{Theme: th, Button: &p.again[i], Name: "run " + name + " again", Icon: kit.IconRun, Hint: "Run it again and hold it to what is recorded", Height: 24, Look: kit.Framed}
	debug := kit.ButtonStyle{Theme: th, Button: &p.debug[i], Name: "debug " + name, Icon: kit.IconBreakBack, Hint: "Go through this run, from where it ended", Height: 24, Look: kit.Framed, Disabled: open.Disabled}
	row := []layout.FlexChild{kit.Gap(12)}
	if two {
		row = append(row, layout.Rigid(kit.Middle(func(gtx layout.Context) layout.Dimensions { return badge(gtx, th, i) })), kit.Gap(8))
	}
	row = append(row, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
		gtx.Constraints.Max.X = min(gtx.Constraints.Max.X, gtx.Dp(150))
		return kit.Middle(th.Strong(loop.TaskScript(point.Row.Task)).Layout)(gtx)
	}), kit.Gap(8),
		layout.Flexed(1, kit.Middle(th.Dimmed(name+" · "+kit.ClockTime(point.Row.Timestamp, a.Now())).Layout)))
	if !two {
		if _, ok := parentOf(a, &point.Row); ok {
			row = append(row, layout.Rigid(kit.Middle(kit.ButtonStyle{Theme: th, Button: &p.parent, Name: "compare with its parent", Label: "Compare with parent", Height: 24, Look: kit.Framed}.Layout)), kit.Gap(6))
		}
	} else if i == 0 {
		row = append(row, layout.Rigid(kit.Middle(kit.ButtonStyle{Theme: th, Button: &p.swap, Name: "swap the two points", Label: "Swap", Height: 24}.Layout)), kit.Gap(6))
	}
	row = append(row, layout.Rigid(kit.Middle(debug.Layout)), kit.Gap(6), layout.Rigid(kit.Middle(open.Layout)), kit.Gap(6), layout.Rigid(kit.Middle(again.Layout)), kit.Gap(12))
	gtx.Constraints.Min = gtx.Constraints.Max
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
}

// pointInk is the colour of the first and the second point.
func pointInk(th *kit.Theme, i int) color.NRGBA {
	if i == 0 {
		return th.Mnemonic
	}
	return th.Number
}

// badge is the letter of a point on its colour.
func badge(gtx layout.Context, th *kit.Theme, i int) layout.Dimensions {
	size := image.Pt(gtx.Dp(18), gtx.Dp(18))
	kit.FillRound(gtx, image.Rectangle{Max: size}, 4, kit.Alpha(pointInk(th, i), 50))
	gtx.Constraints = layout.Exact(size)
	layout.Center.Layout(gtx, th.Caption(string(rune('A'+i)), pointInk(th, i)).Layout)
	return layout.Dimensions{Size: size}
}

// layoutPictures draws the pictures side by side, and where they differ.
func (p *comparison) layoutPictures(gtx layout.Context, c *loop.Comparison) layout.Dimensions {
	th, size := p.Theme, gtx.Constraints.Max
	all := []captioned{{c.PictureA, "A", pointInk(th, 0)}}
	if c.B.Row.ID != 0 {
		says := "no difference to show"
		switch {
		case c.Picture != nil && c.Different == 0:
			says = "the same to the last pixel"
		case c.Picture != nil:
			says = fmt.Sprintf("%s differ (%s)", kit.Count(c.Different, "pixel"), kit.Percent(float64(c.Different)/float64(max(1, c.Pixels))))
		}
		all = append(all, captioned{c.PictureB, "B", pointInk(th, 1)}, captioned{c.Picture, says, th.Dim})
	} else if c.PictureA == nil {
		return layout.Dimensions{Size: image.Pt(size.X, 0)}
	}
	widest := unit.Dp(1 << 12)
	if len(all) == 1 {
		widest, all[0].caption = 240, ""
	}
	bottom := p.Window.layoutPictures(gtx, all, 12, 4, widest)
	foot := gtx.Dp(8)
	if len(all) > 1 {
		foot = gtx.Dp(20)
	}
	return layout.Dimensions{Size: image.Pt(size.X, bottom+foot)}
}

// layoutDiffHead says how much of the code differs, and what was learnt.
func (p *comparison) layoutDiffHead(gtx layout.Context, c *loop.Comparison) layout.Dimensions {
	th := p.Theme
	says := c.A.Row.Analysis
	if c.B.Row.ID != 0 {
		added, removed := textdiff.Count(c.Diff)
		says = fmt.Sprintf("%s added, %d removed", kit.Count(added, "line"), removed)
		if added+removed == 0 {
			says = "the same code"
		}
		if c.B.Row.Analysis != "" {
			says += " · B: " + c.B.Row.Analysis
		}
	}
	if c.Err != "" {
		says = c.Err
	}
	return layout.Inset{Left: 14, Right: 12, Top: 2, Bottom: 8}.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		l := th.Small(says, th.Dim).Paragraph()
		l.Lines, l.Line = 3, 17
		return l.Layout(gtx)
	})
}

// layoutDiffLine draws a line of the code, marked by where it comes from.
func layoutDiffLine(gtx layout.Context, th *kit.Theme, l textdiff.Line, two bool) layout.Dimensions {
	number, mark := fmt.Sprint(max(l.A, l.B)), ""
	ink, ground := th.Text, color.NRGBA{}
	if two {
		mark = " "
		if l.Op == textdiff.Same {
			ink = th.Dim
		}
	}
	switch l.Op {
	case textdiff.Added:
		number, mark, ground = fmt.Sprint(l.B), "+", kit.Alpha(th.Accent, 34)
	case textdiff.Removed:
		number, mark, ground = fmt.Sprint(l.A), "-", kit.Alpha(th.Error, 34)
	}
	return kit.CodeLine(gtx, th, number, mark, l.Text, ink, ground)
}
