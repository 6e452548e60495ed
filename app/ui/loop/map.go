package loop

import (
	"fmt"
	"image"

	"gioui.org/io/key"
	"gioui.org/layout"

	"gvpie/app/studio/loop"
	"gvpie/app/ui/kit"
	"gvpie/runtime/store"
)

// Map is the bottom panel's Infinite map: every run there ever was, as a lineage
// or as a list, and one or two of them beside it.
type Map struct {
	*Window
	asList      bool
	graph, list kit.Button
	whole       kit.Button
	in, out     kit.Button
	columns     kit.Split
	lineage     lineageView
	rows        pagedList[store.MapRow]
	compare     comparison
}

// NewMap makes the map.
func NewMap(w *Window) *Map {
	return &Map{Window: w, columns: kit.Split{Axis: layout.Horizontal, Ratio: .6, Min: 240, MinOther: 260}, compare: comparison{Window: w}}
}

// Update takes in input while the map is on screen.
func (p *Map) Update(gtx layout.Context) {
	if p.graph.Clicked(gtx) {
		p.asList = false
	}
	if p.list.Clicked(gtx) {
		p.asList = true
		p.rows.Reveal()
	}
	if p.whole.Clicked(gtx) {
		p.lineage.showAll()
	}
	if p.in.Clicked(gtx) {
		p.lineage.zoom(.5, .5)
	}
	if p.out.Clicked(gtx) {
		p.lineage.zoom(2, .5)
	}
	if p.asList {
		p.updateList(gtx)
	} else if id, mods, ok := p.lineage.Update(gtx, p.Agent); ok {
		p.choose(id, mods)
	}
	p.compare.update(gtx)
}

func (p *Map) updateList(gtx layout.Context) {
	rows := p.Agent.Rows()
	x, _ := p.Agent.Compared()
	if c, ok := p.rows.Update(gtx, p.cursor(x)); ok {
		p.rows.want(c)
		if r := rows.At(c.Row); r != nil && c.Double {
			p.Agent.OpenRow(r.ID)
		}
	}
	if r := p.rows.chosen(rows); r != nil {
		p.choose(r.ID, p.rows.with)
	}
}

// choose takes a row of the map to look at; with Shift or Ctrl held it is
// compared with the one chosen before.
func (p *Map) choose(id int64, mods key.Modifiers) {
	a := p.Agent
	x, y := a.Compared()
	if mods&(key.ModShift|key.ModShortcut) != 0 && x != 0 && x != id {
		a.Compare(x, id)
		return
	}
	if y != 0 || x != id {
		a.Compare(id, 0)
	}
}

// cursor is where in the list a row of the map stands; -1 when that is not known.
func (p *Map) cursor(id int64) int {
	if id == 0 {
		return -1
	}
	if x, _ := p.Agent.Compared(); id == x && p.rows.wanted > 0 {
		return p.rows.wanted - 1
	}
	if i := p.rows.inSight(p.Agent.Rows(), func(r *store.MapRow) bool { return r.ID == id }); i >= 0 {
		return i
	}
	l := p.Agent.Lineage()
	if i, ok := l.FindID(id); ok {
		return len(l.Nodes) - 1 - i
	}
	return -1
}

// Layout draws the map.
func (p *Map) Layout(gtx layout.Context) layout.Dimensions {
	size, a := gtx.Constraints.Max, p.Agent
	if says, hint, icon := emptiness(a); says != "" {
		return kit.Empty(gtx, p.Theme, icon, says, hint)
	}
	head := gtx.Dp(kit.HeadHeight + 4)
	kit.Boxed(gtx, image.Rect(0, 0, size.X, head), p.layoutHead)
	kit.Boxed(gtx, image.Rect(0, head, size.X, size.Y), func(gtx layout.Context) layout.Dimensions {
		if a.Rows().Len() == 0 {
			return kit.Empty(gtx, p.Theme, kit.IconInfo, "The map is empty", "Every run becomes a point of it, and none is ever forgotten")
		}
		if gtx.Constraints.Max.X < gtx.Dp(620) {
			return p.layoutPoints(gtx)
		}
		return p.columns.Layout(gtx, p.Theme, p.layoutPoints, p.compare.layout)
	})
	return layout.Dimensions{Size: size}
}

func (p *Map) layoutHead(gtx layout.Context) layout.Dimensions {
	th, a := p.Theme, p.Agent
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
		row = append(row, kit.Gap(12), tool(&p.in, "zoom in on the map", kit.IconPlus, "+"), kit.Gap(2), tool(&p.out, "zoom out of the map", kit.IconMinus, "-"), kit.Gap(2), tool(&p.whole, "show the whole map", kit.IconFit, "0"))
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

func (p *Map) layoutPoints(gtx layout.Context) layout.Dimensions {
	if !p.asList {
		return p.lineage.Layout(gtx, p.Theme, p.Agent)
	}
	x, y := p.Agent.Compared()
	s := kit.RowListStyle{Theme: p.Theme, Name: "infinite map", Cursor: p.cursor(x), Second: p.cursor(y)}
	return p.rows.layout(gtx, p.Agent.Rows(), s, p.layoutRow, rowLabel)
}

// rowLabel is what a screen reader says of a row of the map.
func rowLabel(r *store.MapRow) string {
	return fmt.Sprintf("iteration %d of %s", r.Iteration, loop.TaskScript(r.Task))
}

// layoutRow draws a row of the list: iteration, how it came out, its script,
// what was learnt, its parent.
func (p *Map) layoutRow(gtx layout.Context, r *store.MapRow, _ bool) {
	th := p.Theme
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
		kit.Cell(92, true, th.Mono(kit.ClockTime(r.Timestamp, p.Agent.Now())).Tint(th.Faint)), kit.Gap(14))
}
