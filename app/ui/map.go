package ui

import (
	"fmt"
	"image"

	"gioui.org/io/key"
	"gioui.org/layout"

	"gvpie/app/studio/loop"
	"gvpie/app/ui/kit"
	"gvpie/runtime/store"
)

// mapPanel is the bottom panel's Infinite map: every run there ever was, as a
// lineage or as a list, and one or two of them beside it.
type mapPanel struct {
	asList      bool
	graph, list kit.Button
	fit         kit.Button
	in, out     kit.Button
	columns     kit.Split
	lineage     lineageView
	rows        kit.RowList
	known       int
	wanted      int // a row of the list that was chosen and is being read, from 1; 0 none
	with        key.Modifiers
	compare     comparePane
}

func newMapPanel() mapPanel {
	return mapPanel{columns: kit.Split{Axis: layout.Horizontal, Ratio: .6, Min: 240, MinOther: 260}}
}

func (w *Workbench) updateMap(gtx layout.Context) {
	p, a := &w.infinite, w.model.Agent()
	if p.graph.Clicked(gtx) {
		p.asList = false
	}
	if p.list.Clicked(gtx) {
		p.asList = true
		p.rows.Reveal()
	}
	if p.fit.Clicked(gtx) {
		p.lineage.fit()
	}
	if p.in.Clicked(gtx) {
		p.lineage.zoom(.5, .5)
	}
	if p.out.Clicked(gtx) {
		p.lineage.zoom(2, .5)
	}
	if p.asList {
		x, _ := a.Compared()
		if c, ok := p.rows.Update(gtx, w.mapCursor(a, x)); ok {
			p.wanted, p.with = c.Row+1, c.With
			if r := a.Rows().At(c.Row); r != nil && c.Double {
				w.openPoint(a, r)
			}
		}
		if r := a.Rows().At(p.wanted - 1); r != nil { // at once, or when it has been read
			p.wanted = 0
			w.choosePoint(a, r.ID, p.with)
		}
	} else if id, mods, ok := p.lineage.Update(gtx, a); ok {
		w.choosePoint(a, id, mods)
	}
	w.updateCompare(gtx, a)
}

// choosePoint takes a row of the map to look at; with Shift or Ctrl held it is
// compared with the one chosen before.
func (w *Workbench) choosePoint(a *loop.Monitor, id int64, mods key.Modifiers) {
	x, y := a.Compared()
	if mods&(key.ModShift|key.ModShortcut) != 0 && x != 0 && x != id {
		a.Compare(x, id)
		return
	}
	if y != 0 || x != id {
		a.Compare(id, 0)
	}
}

// openPoint opens the code of a row in the editor.
func (w *Workbench) openPoint(a *loop.Monitor, r *store.MapRow) {
	if r.Code != "" {
		a.OpenRan(fmt.Sprintf("%s iteration %d", loop.TaskScript(r.Task), r.Iteration), loop.ReadLang(r.Result), r.Code)
	}
}

// mapCursor is where in the list a row of the map stands; -1 when that is not
// known.
func (w *Workbench) mapCursor(a *loop.Monitor, id int64) int {
	if id == 0 {
		return -1
	}
	if x, _ := a.Compared(); id == x && w.infinite.wanted > 0 {
		return w.infinite.wanted - 1
	}
	first, last := w.infinite.rows.Visible()
	for i := first - 1; i <= last; i++ {
		if r := a.Rows().At(i); r != nil && r.ID == id {
			return i
		}
	}
	l := a.Lineage()
	if i, ok := l.FindID(id); ok {
		return len(l.Nodes) - 1 - i
	}
	return -1
}

func (w *Workbench) layoutMap(gtx layout.Context) layout.Dimensions {
	size, a := gtx.Constraints.Max, w.model.Agent()
	if says, hint, icon := agentEmpty(a); says != "" {
		return kit.Empty(gtx, w.th, icon, says, hint)
	}
	head := gtx.Dp(kit.HeadHeight + 4)
	kit.Boxed(gtx, image.Rect(0, 0, size.X, head), w.layoutMapHead)
	kit.Boxed(gtx, image.Rect(0, head, size.X, size.Y), func(gtx layout.Context) layout.Dimensions {
		if a.Rows().Len() == 0 {
			return kit.Empty(gtx, w.th, kit.IconInfo, "The map is empty", "Every run becomes a point of it, and none is ever forgotten")
		}
		if gtx.Constraints.Max.X < gtx.Dp(620) {
			return w.layoutPoints(gtx)
		}
		return w.infinite.columns.Layout(gtx, w.th, w.layoutPoints, w.layoutCompare)
	})
	return layout.Dimensions{Size: size}
}

func (w *Workbench) layoutMapHead(gtx layout.Context) layout.Dimensions {
	th, p, a := w.th, &w.infinite, w.model.Agent()
	kit.Hairline(gtx, layout.S, th.Line)
	choice := func(b *kit.Button, name, hint string, on bool) layout.FlexChild {
		return layout.Rigid(kit.Middle(kit.ButtonStyle{Theme: th, Button: b, Name: "show as " + kit.LowerFirst(name), Label: name, Hint: hint, Selected: on, Height: 24}.Layout))
	}
	row := []layout.FlexChild{kit.Gap(8),
		choice(&p.graph, "Lineage", "Every run as a point, on a lane for each script", !p.asList), kit.Gap(2),
		choice(&p.list, "List", "Every run as a line, newest first", p.asList)}
	if !p.asList {
		tool := func(b *kit.Button, name string, icon kit.Icon, keys string) layout.FlexChild {
			return layout.Rigid(kit.Middle(kit.ButtonStyle{Theme: th, Button: b, Name: name, Icon: icon, Height: 24, Keys: keys}.Layout))
		}
		row = append(row, kit.Gap(12), tool(&p.in, "zoom in on the map", kit.IconPlus, "+"), kit.Gap(2), tool(&p.out, "zoom out of the map", kit.IconMinus, "-"), kit.Gap(2), tool(&p.fit, "show the whole map", kit.IconFit, "0"))
	}
	l := a.Lineage()
	says := kit.Count(a.Rows().Len(), "point")
	if n := len(l.Lanes); n > 0 {
		says += " · " + kit.Count(n, "script")
	}
	if l.Older {
		says += fmt.Sprintf(" · the newest %s drawn", kit.Thousands(len(l.Nodes)))
	} else if !l.Ready {
		says += " · reading the past…"
	}
	row = append(row, kit.Gap(14), layout.Flexed(1, kit.Middle(th.Dimmed(says).Layout)))
	if gtx.Constraints.Max.X > gtx.Dp(900) {
		row = append(row, layout.Rigid(kit.Middle(th.Caption("Ctrl-click compares a second point with the first", th.Faint).Layout)))
	}
	row = append(row, kit.Gap(14))
	gtx.Constraints.Min = gtx.Constraints.Max
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
}

func (w *Workbench) layoutPoints(gtx layout.Context) layout.Dimensions {
	p, a := &w.infinite, w.model.Agent()
	if !p.asList {
		return p.lineage.Layout(gtx, w.th, a)
	}
	rows := a.Rows()
	n := rows.Len()
	grown := n - p.known
	if p.known == 0 {
		grown = 0
	}
	p.known = n
	x, y := a.Compared()
	d := kit.RowListStyle{
		Theme: w.th, List: &p.rows, Name: "infinite map", N: n, Cursor: w.mapCursor(a, x), Second: w.mapCursor(a, y), Height: 26, Grown: grown,
		Row: func(gtx layout.Context, i int, chosen bool) { w.layoutPoint(gtx, a, rows.At(i), chosen) },
		Label: func(i int) string {
			if r := rows.At(i); r != nil {
				return fmt.Sprintf("iteration %d of %s", r.Iteration, loop.TaskScript(r.Task))
			}
			return "row, being read"
		},
	}.Layout(gtx)
	first, last := p.rows.Visible()
	rows.Show(first-20, last+20)
	return d
}

// layoutPoint draws a row of the list: iteration, how it came out, its script,
// what was learnt, its parent.
func (w *Workbench) layoutPoint(gtx layout.Context, a *loop.Monitor, r *store.MapRow, chosen bool) {
	th, size := w.th, gtx.Constraints.Max
	if r == nil {
		y := size.Y / 2
		kit.FillRound(gtx, image.Rect(gtx.Dp(12), y-gtx.Dp(3), min(size.X-gtx.Dp(12), gtx.Dp(200)), y+gtx.Dp(3)), 3, kit.Alpha(th.Line, 160))
		return
	}
	ink := verdictInk(th, loop.ReadVerdict(r.Result))
	parent := "no parent"
	if r.Parent != 0 {
		parent = "from " + kit.Thousands(r.Parent)
	}
	layout.Flex{Alignment: layout.Middle}.Layout(gtx, kit.Gap(8),
		kit.Cell(58, true, th.Mono(kit.Thousands(r.Iteration)).Tint(th.Dim)), kit.Gap(4),
		layout.Rigid(kit.Middle(func(gtx layout.Context) layout.Dimensions { return kit.IconDot.Layout(gtx, 14, ink) })), kit.Gap(6),
		kit.Cell(120, false, th.Body(loop.TaskScript(r.Task))), kit.Gap(8),
		layout.Flexed(1, kit.Middle(th.Small(r.Analysis, th.Dim).Layout)), kit.Gap(8),
		kit.Cell(84, true, th.Caption(parent, th.Faint)), kit.Gap(8),
		kit.Cell(92, true, th.Mono(kit.ClockTime(r.Timestamp, a.Now())).Tint(th.Faint)), kit.Gap(14))
}
