package ui

import (
	"fmt"
	"image"
	"strconv"

	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op/clip"

	"gvpie/app/ui/kit"
	"gvpie/canvas/view"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// canvasView is one of the two.
type canvasView struct {
	canvas view.Canvas
	slot   int
	asked  machine.View // what the model was last asked for
	gen    uint64       // of the picture the canvas has
	shown  bool
	fit    kit.Button
	one    kit.Button
	play   kit.Button
	pages  kit.Menu
	page   machine.Page // where it was chosen
	chosen bool         // the page; else it goes by the canvas
	raw    bool         // codes as they are, not what they mean
}

// pageOf is the page that the machine view shows: on a cell canvas the codes; on a pixel
// canvas, whose display is what the eye sees, who wrote what.
func (v *canvasView) pageOf(h isa.Header) machine.Page {
	switch {
	case v.chosen:
		return v.page
	case h.Pixel:
		return machine.WriterPage
	}
	return machine.DisplayPage
}

// pageNames are the machine view's pages as the menu names them.
var pageNames = []struct{ name, legend string }{
	machine.DisplayPage: {"display", "R glyph · G ink · B paper"},
	machine.WriterPage:  {"writer", "address of the instruction that drew it"},
	machine.ProgramPage: {"program", "opcodes, operands, text"},
	machine.DataPage:    {"data", "variables and arrays"},
	machine.StatePage:   {"state", "pc, stack, counters, input"},
}

// describe tells a canvas which texture it shows and how big that is.
func (v *canvasView) describe(h isa.Header, words int) {
	if v.slot == humanSlot {
		w, ht := machine.HumanSize(h)
		v.canvas.SetTexture(machine.HumanTexture, machine.DisplayPage, w, ht)
		if h.Pixel {
			v.canvas.SetCell(1, 1)
		} else {
			v.canvas.SetCell(isa.CellWidth, isa.CellHeight)
		}
		return
	}
	v.page = v.pageOf(h)
	w, ht := pageSize(v.page, h, words)
	v.canvas.SetTexture(machine.MachineTexture, v.page, w, ht)
	v.canvas.SetMeaning(!v.raw)
}

// pageSize is the size at which a page is shown.
func pageSize(p machine.Page, h isa.Header, words int) (w, ht int) {
	switch p {
	case machine.ProgramPage:
		return machine.PageRow, max(1, (words+machine.PageRow-1)/machine.PageRow)
	case machine.DataPage:
		return machine.PageRow, max(1, (h.DataWords+machine.PageRow-1)/machine.PageRow)
	case machine.StatePage:
		return machine.PageRow, isa.StateWords / machine.PageRow
	}
	return h.W, h.H
}

// onDisplay says whether a texel of this view is one of the display.
func (v *canvasView) onDisplay() bool {
	return v.slot == humanSlot || v.page == machine.DisplayPage || v.page == machine.WriterPage
}

// texels is the rectangle of the view's texture that shows a display texel.
func (v *canvasView) texels(h isa.Header, x, y int) machine.Rect {
	if v.slot == humanSlot && !h.Pixel {
		return machine.Rect{X: x * isa.CellWidth, Y: y * isa.CellHeight, W: isa.CellWidth, H: isa.CellHeight}
	}
	return machine.Rect{X: x, Y: y, W: 1, H: 1}
}

func (v *canvasView) updateButtons(gtx layout.Context, p *canvasPane) {
	if v.fit.Clicked(gtx) {
		v.canvas.ShowAll()
	}
	if v.one.Clicked(gtx) {
		v.canvas.OneToOne()
	}
	if v.play.Clicked(gtx) {
		p.toggle()
	}
	if v.slot == machineSlot {
		if i, ok := v.pages.Chosen(gtx, v.menu()); ok {
			if i < len(pageNames) {
				v.page, v.chosen = machine.Page(i), true
			} else {
				v.raw = !v.raw
			}
		}
	}
}

// hasModes says whether the view's caption bar is the one with the menu.
func (v *canvasView) hasModes(shown Mode) bool {
	return (v.slot == humanSlot) == (shown != MachineAlone)
}

func (v *canvasView) menu() []kit.MenuItem {
	items := make([]kit.MenuItem, len(pageNames), len(pageNames)+2)
	for i, n := range pageNames {
		items[i] = kit.MenuItem{Label: n.name, Checked: v.page == machine.Page(i)}
	}
	return append(items, kit.MenuItem{}, kit.MenuItem{Label: "raw RGB", Checked: v.raw})
}

// layout draws one view: its caption bar, then the canvas.
func (v *canvasView) layout(gtx layout.Context, th *kit.Theme, p *canvasPane, shown Mode) layout.Dimensions {
	v.shown = true
	size := gtx.Constraints.Max
	head := gtx.Dp(kit.HeadHeight)
	kit.Boxed(gtx, image.Rect(0, 0, size.X, head), func(gtx layout.Context) layout.Dimensions { return v.head(gtx, th, p, shown) })
	area := image.Rect(0, head, size.X, size.Y)
	kit.Boxed(gtx, area, func(gtx layout.Context) layout.Dimensions {
		defer clip.Rect{Max: gtx.Constraints.Max}.Push(gtx.Ops).Pop()
		semantic.LabelOp(v.name() + " view").Add(gtx.Ops)
		focus := kit.Alpha(th.Dim, 120)
		if v.canvas.Playing() {
			focus = th.Accent
		}
		d := v.canvas.Layout(gtx, view.Style{Focus: focus, FocusWidth: 1})
		v.asked = v.canvas.View(gtx.Constraints.Max)
		p.model.SetView(v.slot, v.asked)
		if v.onDisplay() {
			p.overlay.Layout(gtx, v.canvas.Area(0, 0).Min, v.canvas.TexelSize())
		}
		if v.hasModes(shown) {
			p.note.layout(gtx, th)
			p.overlay.Legend(gtx, th, p.hover.X, p.hover.Y, p.hover.In)
		}
		pane := image.Rectangle{Max: p.size}.Sub(area.Min)
		if v.slot == machineSlot { // which ends where the pane does
			pane = pane.Sub(p.size.Sub(size))
			p.pages.Layout(gtx, th, &v.canvas, v.page, p.word, p.onWord && !p.menuOpen(), pane)
		}
		if v == p.over && v.onDisplay() {
			if h := p.overlay.Height(); h > 0 && v.hasModes(shown) { // the legend is not to be covered
				pane.Max.Y = gtx.Constraints.Max.Y - h
			}
			p.pointing.Layout(gtx, th, v.canvas.Area(p.hover.X, p.hover.Y), pane)
		}
		return d
	})
	return layout.Dimensions{Size: size}
}

func (v *canvasView) name() string {
	if v.slot == humanSlot {
		return "human"
	}
	return "machine"
}

func (v *canvasView) head(gtx layout.Context, th *kit.Theme, p *canvasPane, shown Mode) layout.Dimensions {
	size := gtx.Constraints.Max
	kit.Fill(gtx, image.Rectangle{Max: size}, th.Panel)
	kit.Hairline(gtx, layout.S, th.Line)
	small := func(b *kit.Button, name, label, hint string, icon kit.Icon) layout.FlexChild {
		return layout.Rigid(kit.ButtonStyle{Theme: th, Button: b, Name: name, Label: label, Icon: icon, Hint: hint, Height: 24}.Layout)
	}
	wide := size.X > gtx.Dp(340)
	row := []layout.FlexChild{kit.Gap(12)}
	if v.slot == machineSlot {
		row = append(row, layout.Rigid(kit.Middle(th.Caption("MACHINE", th.Machine).Layout)), kit.Gap(4),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return kit.MenuStyle{Theme: th, Menu: &v.pages, Items: v.menu(), Width: 160}.Layout(gtx,
					kit.ButtonStyle{Name: "machine page", Label: pageNames[v.page].name, Trailing: kit.IconDown, Height: 24, Hint: "Which page of the machine is shown"})
			}))
	} else {
		row = append(row, layout.Rigid(kit.Middle(th.Caption("HUMAN", th.Human).Layout)), kit.Gap(12))
	}
	row = append(row, kit.Gap(4), layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
		l := th.Dimmed(v.legend(p.model.Canvas())).Tint(th.Faint)
		if kit.Measure(gtx, l.Layout).Size.X >= gtx.Constraints.Max.X {
			return layout.Dimensions{Size: gtx.Constraints.Min}
		}
		return kit.Middle(l.Layout)(gtx)
	}), kit.Gap(8))
	if wide {
		row = append(row, layout.Rigid(kit.Middle(th.Dimmed(v.measure(p, p.model.Canvas())).Layout)), kit.Gap(8))
	}
	if v.slot == humanSlot {
		play := kit.ButtonStyle{Theme: th, Button: &v.play, Name: "mouse and keys to the program", Icon: kit.IconPad, Height: 24, Selected: p.playing(), Keys: "F9",
			Hint: "Mouse and keys go to the program; Escape takes them back"}
		if p.playing() {
			play.Color = th.Accent
		}
		row = append(row, layout.Rigid(play.Layout))
	}
	row = append(row, small(&v.one, v.name()+" one to one", "1:1", "One texel, one pixel", nil), small(&v.fit, v.name()+" fit", "", "Fit (double click)", kit.IconFit))
	if v.hasModes(shown) {
		row = append(row, layout.Rigid(func(gtx layout.Context) layout.Dimensions { return p.overlay.Button(gtx, th) }))
		row = append(row, layout.Rigid(func(gtx layout.Context) layout.Dimensions { return p.layoutModes(gtx, th) }))
	}
	row = append(row, kit.Gap(8))
	gtx.Constraints = layout.Exact(size)
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
}

func (v *canvasView) legend(h isa.Header) string {
	switch {
	case v.canvas.Playing():
		return "Esc leaves the program"
	case v.slot == humanSlot:
		return "click to play · Alt-click: its line · right-click: who drew it"
	case v.page == machine.DisplayPage && h.Pixel:
		return "R red · G green · B blue"
	case v.page == machine.DisplayPage && !v.raw:
		return "a texel a code, in its ink or paper"
	case v.page == machine.WriterPage && !v.raw:
		return "a colour for each line that drew · click: goes there"
	}
	return pageNames[v.page].legend
}

// measure says how big the texture is and how far zoomed in.
func (v *canvasView) measure(p *canvasPane, h isa.Header) string {
	w, ht := pageSize(v.page, h, p.words())
	if v.slot == humanSlot {
		w, ht = machine.HumanSize(h)
	}
	z := v.canvas.Zoom()
	if z == 0 {
		return fmt.Sprintf("%d × %d", w, ht)
	}
	return fmt.Sprintf("%d × %d · %s×", w, ht, strconv.FormatFloat(round(float64(z)), 'f', -1, 64))
}

// round keeps as many decimals of a zoom as a person reads.
func round(z float64) float64 {
	steps := 10.0
	if z < 1 {
		steps = 100
	}
	return float64(int(z*steps+.5)) / steps
}
