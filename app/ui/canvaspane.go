package ui

import (
	"fmt"
	"image"
	"strconv"

	"gioui.org/io/key"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op/clip"

	"gvpie/app/studio"
	"gvpie/canvas/view"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// Mode says which views are on screen, and how.
type Mode uint8

const (
	Stacked Mode = iota // the machine's over the human's
	Beside
	MachineAlone
	HumanAlone
)

// The slots of the model's pictures.
const (
	machineSlot = 0
	humanSlot   = 1
)

// canvasPane holds the two views of the machine and ties them together.
type canvasPane struct {
	model *studio.Model
	mode  Mode
	both  Mode // Stacked or Beside: what V comes back to
	split Split
	views [studio.Slots]*canvasView
	modes Menu
	grid  bool
	lit   bool

	input     machine.Input
	hover     view.Hover
	wantFocus bool
	reveal    func(line int) // a texel was clicked that this line wrote
}

// canvasView is one of the two.
type canvasView struct {
	canvas view.Canvas
	slot   int
	asked  machine.View // what the model was last asked for
	gen    uint64       // of the picture the canvas has
	shown  bool
	fit    Button
	one    Button
	play   Button
	pages  Menu
	page   machine.Page
}

// pageNames are the machine view's pages as the menu names them.
var pageNames = []struct{ name, legend string }{
	machine.DisplayPage: {"display", "R glyph · G ink · B paper"},
	machine.WriterPage:  {"writer", "address of the instruction that drew it"},
	machine.ProgramPage: {"program", "opcodes, operands, text"},
	machine.DataPage:    {"data", "variables and arrays"},
	machine.StatePage:   {"state", "pc, stack, counters, input"},
}

// modes names the ways to show the views, as the menu does.
var modes = []struct {
	mode  Mode
	label string
	icon  Icon
	keys  string
}{
	{Stacked, "One over the other", iconStacked, "Ctrl-2"},
	{Beside, "Side by side", iconBeside, "Ctrl-1"},
	{MachineAlone, "Machine alone", iconSingle, "Ctrl-3"},
	{HumanAlone, "Human alone", iconSingle, "Ctrl-4"},
}

func newCanvasPane(m *studio.Model) *canvasPane {
	p := &canvasPane{model: m, grid: true, lit: false, split: Split{Axis: layout.Vertical, Ratio: .5, Min: 80, MinOther: 80}}
	for i := range p.views {
		p.views[i] = &canvasView{slot: i}
	}
	return p
}

func (p *canvasPane) setMode(m Mode) {
	p.mode = m
	if m == Stacked || m == Beside {
		p.both = m
	}
}

// cycle goes from both views to the machine's, to the human's, to both.
func (p *canvasPane) cycle() {
	switch p.mode {
	case MachineAlone:
		p.mode = HumanAlone
	case HumanAlone:
		p.mode = p.both
	default:
		p.mode = MachineAlone
	}
}

func (p *canvasPane) fit() {
	for _, v := range p.views {
		v.canvas.Fit()
	}
}

func (p *canvasPane) oneToOne() {
	for _, v := range p.views {
		v.canvas.OneToOne()
	}
}

func (p *canvasPane) playing() bool { return p.views[humanSlot].canvas.Playing() }

func (p *canvasPane) setPlaying(on bool) {
	for _, v := range p.views {
		v.canvas.SetPlay(on)
	}
	if !on {
		p.input.Buttons, p.input.Keys = 0, [8]uint32{}
		p.model.SetInput(p.input)
	}
}

// words is the length of the running program's page.
func (p *canvasPane) words() int {
	if d := p.model.Active(); d != nil && d.Live() != nil {
		return len(d.Live().Program)
	}
	return 0
}

// takesKeys says whether the keys go to the program.
func (p *canvasPane) takesKeys(gtx layout.Context) bool {
	return p.playing() && (gtx.Focused(&p.views[humanSlot].canvas) || gtx.Focused(&p.views[machineSlot].canvas))
}

// update takes in input, tells both canvases what to show, and hands finished
// pictures over. caret is the line whose drawing is lit.
func (p *canvasPane) update(gtx layout.Context, th *Theme, caret int) {
	h := p.model.Canvas()
	mark, marked := p.hover, p.hover.In && !p.playing()
	from, to := p.litRange(caret)
	if p.wantFocus && gtx.Enabled() {
		p.wantFocus = false
		front := humanSlot
		if !p.views[humanSlot].shown {
			front = machineSlot
		}
		gtx.Execute(key.FocusCmd{Tag: &p.views[front].canvas})
	}
	if i, ok := p.modes.Chosen(gtx, p.modeItems()); ok {
		p.setMode(modes[i].mode)
	}
	for _, v := range p.views {
		v.describe(h, p.words())
		v.canvas.SetBack(uint32(th.Window.R)<<16 | uint32(th.Window.G)<<8 | uint32(th.Window.B))
		v.canvas.SetGrid(p.grid)
		v.canvas.SetLit(from, to)
		v.canvas.SetMark(machine.Rect{})
		if marked && v.onDisplay() {
			v.canvas.SetMark(v.texels(h, mark.X, mark.Y))
		}
		if img, shown, gen := p.model.Picture(v.slot); img != nil && gen != v.gen {
			v.gen = gen
			v.canvas.SetPicture(img, shown)
		}
		v.updateButtons(gtx, p)
		for _, e := range v.canvas.Update(gtx) {
			p.take(v, e)
		}
	}
}

// litRange is the addresses of the caret's line, for lighting up what it drew.
func (p *canvasPane) litRange(line int) (from, to uint32) {
	d := p.model.Active()
	if !p.lit || d == nil || !d.Current() {
		return 0, 0
	}
	spans := d.Live().Map.Line(line)
	if len(spans) == 0 {
		return 0, 0
	}
	return uint32(spans[0].From), uint32(spans[len(spans)-1].To)
}

func (p *canvasPane) take(v *canvasView, e view.Event) {
	switch e := e.(type) {
	case view.Hover:
		if !v.onDisplay() {
			e.In = false
		}
		p.hover = e
		p.model.Probe(e.X, e.Y, e.In)
		if e.In || p.playing() {
			p.pointAt(e.X, e.Y, p.input.Buttons)
		}
	case view.Click:
		if t, ok := p.model.Texel(); ok && t.Line > 0 && p.reveal != nil && v.onDisplay() {
			p.reveal(t.Line)
		}
	case view.Press:
		p.pointAt(e.X, e.Y, e.Buttons)
	case view.Drag:
		p.pointAt(e.X, e.Y, e.Buttons)
	case view.Release:
		p.pointAt(e.X, e.Y, e.Buttons)
	case view.Key:
		word, bit := &p.input.Keys[e.Code>>5], uint32(1)<<(e.Code&31)
		if *word &^= bit; e.Down {
			*word |= bit
		}
		p.model.SetInput(p.input)
	}
}

func (p *canvasPane) pointAt(x, y int, buttons int32) {
	p.input.MouseX, p.input.MouseY, p.input.Buttons = int32(x), int32(y), buttons
	p.model.SetInput(p.input)
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
	w, ht := pageSize(v.page, h, words)
	v.canvas.SetTexture(machine.MachineTexture, v.page, w, ht)
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
		v.canvas.Fit()
	}
	if v.one.Clicked(gtx) {
		v.canvas.OneToOne()
	}
	if v.play.Clicked(gtx) {
		p.setPlaying(!p.playing())
		if p.playing() {
			gtx.Execute(key.FocusCmd{Tag: &v.canvas})
		}
	}
	if v.slot == machineSlot {
		if i, ok := v.pages.Chosen(gtx, v.menu()); ok {
			v.page = machine.Page(i)
		}
	}
}

func (p *canvasPane) modeItems() []MenuItem {
	items := make([]MenuItem, len(modes))
	for i, m := range modes {
		items[i] = MenuItem{Label: m.label, Note: m.keys, Checked: p.mode == m.mode}
	}
	return items
}

// layoutModes draws the menu that switches between the modes; it stands in the
// caption bar at the pane's upper right.
func (p *canvasPane) layoutModes(gtx layout.Context, th *Theme) layout.Dimensions {
	icon := iconSingle
	for _, m := range modes {
		if m.mode == p.mode {
			icon = m.icon
		}
	}
	return MenuStyle{Theme: th, Menu: &p.modes, Items: p.modeItems(), Right: true, Width: 200}.Layout(gtx,
		ButtonStyle{Name: "views", Icon: icon, Height: 24, Hint: "Which views are shown, and how", Keys: "V"})
}

// holdsModes says whether the view's caption bar is the one with the menu.
func (v *canvasView) holdsModes(shown Mode) bool {
	return (v.slot == machineSlot) == (shown == Stacked || shown == MachineAlone)
}

func (v *canvasView) menu() []MenuItem {
	items := make([]MenuItem, len(pageNames))
	for i, n := range pageNames {
		items[i] = MenuItem{Label: n.name, Checked: v.page == machine.Page(i)}
	}
	return items
}

// layout draws the views that the mode shows, as far as there is room.
func (p *canvasPane) layout(gtx layout.Context, th *Theme) layout.Dimensions {
	size := gtx.Constraints.Max
	for _, v := range p.views {
		v.shown = false
	}
	mode := p.mode
	if mode == Stacked && size.Y < gtx.Dp(220) || mode == Beside && size.X < gtx.Dp(300) {
		mode = HumanAlone
	}
	one := func(slot int) layout.Widget {
		return func(gtx layout.Context) layout.Dimensions { return p.views[slot].layout(gtx, th, p, mode) }
	}
	switch mode {
	case MachineAlone:
		boxed(gtx, image.Rectangle{Max: size}, one(machineSlot))
	case HumanAlone:
		boxed(gtx, image.Rectangle{Max: size}, one(humanSlot))
	default:
		p.split.Axis = layout.Vertical
		if mode == Beside {
			p.split.Axis = layout.Horizontal
		}
		p.split.Layout(gtx, th, one(machineSlot), one(humanSlot))
	}
	for _, v := range p.views {
		if !v.shown {
			p.model.SetView(v.slot, machine.View{})
		}
	}
	return layout.Dimensions{Size: size}
}

// layout draws one view: its caption bar, then the canvas.
func (v *canvasView) layout(gtx layout.Context, th *Theme, p *canvasPane, shown Mode) layout.Dimensions {
	v.shown = true
	size := gtx.Constraints.Max
	head := gtx.Dp(headHeight)
	boxed(gtx, image.Rect(0, 0, size.X, head), func(gtx layout.Context) layout.Dimensions { return v.head(gtx, th, p, shown) })
	area := image.Rect(0, head, size.X, size.Y)
	boxed(gtx, area, func(gtx layout.Context) layout.Dimensions {
		defer clip.Rect{Max: gtx.Constraints.Max}.Push(gtx.Ops).Pop()
		semantic.LabelOp(v.name() + " view").Add(gtx.Ops)
		focus := alpha(th.Dim, 120)
		if p.playing() {
			focus = th.Accent
		}
		d := v.canvas.Layout(gtx, view.Style{Focus: focus, FocusWidth: 1})
		v.asked = v.canvas.View(gtx.Constraints.Max)
		p.model.SetView(v.slot, v.asked)
		return d
	})
	return layout.Dimensions{Size: size}
}

// hide takes both views off the screen, so that nobody renders them.
func (p *canvasPane) hide() {
	for _, v := range p.views {
		p.model.SetView(v.slot, machine.View{})
	}
}

func (v *canvasView) name() string {
	if v.slot == humanSlot {
		return "human"
	}
	return "machine"
}

func (v *canvasView) head(gtx layout.Context, th *Theme, p *canvasPane, shown Mode) layout.Dimensions {
	size := gtx.Constraints.Max
	fill(gtx, image.Rectangle{Max: size}, th.Panel)
	hairline(gtx, layout.S, th.Line)
	small := func(b *Button, name, label, hint string, icon Icon) layout.FlexChild {
		return layout.Rigid(ButtonStyle{Theme: th, Button: b, Name: name, Label: label, Icon: icon, Hint: hint, Height: 24}.Layout)
	}
	wide := size.X > gtx.Dp(340)
	row := []layout.FlexChild{gap(12)}
	if v.slot == machineSlot {
		row = append(row, layout.Rigid(middle(th.Caption("MACHINE", th.Machine).Layout)), gap(4),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return MenuStyle{Theme: th, Menu: &v.pages, Items: v.menu(), Width: 160}.Layout(gtx,
					ButtonStyle{Name: "machine page", Label: pageNames[v.page].name, Trailing: iconDown, Height: 24, Hint: "Which page of the machine is shown"})
			}))
	} else {
		row = append(row, layout.Rigid(middle(th.Caption("HUMAN", th.Human).Layout)), gap(12))
	}
	row = append(row, gap(4), layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
		l := th.Dimmed(v.legend(p.model.Canvas())).Tint(th.Faint)
		if measure(gtx, l.Layout).Size.X >= gtx.Constraints.Max.X {
			return layout.Dimensions{Size: gtx.Constraints.Min}
		}
		return middle(l.Layout)(gtx)
	}), gap(8))
	if wide {
		row = append(row, layout.Rigid(middle(th.Dimmed(v.measure(p, p.model.Canvas())).Layout)), gap(8))
	}
	if v.slot == humanSlot {
		play := ButtonStyle{Theme: th, Button: &v.play, Name: "mouse and keys to the program", Icon: iconPad, Height: 24, Selected: p.playing(), Keys: "F9",
			Hint: "Mouse and keys go to the program"}
		if p.playing() {
			play.Color = th.Accent
		}
		row = append(row, layout.Rigid(play.Layout))
	}
	row = append(row, small(&v.one, v.name()+" one to one", "1:1", "One texel, one pixel", nil), small(&v.fit, v.name()+" fit", "", "Fit (double click)", iconFit))
	if v.holdsModes(shown) {
		row = append(row, layout.Rigid(func(gtx layout.Context) layout.Dimensions { return p.layoutModes(gtx, th) }))
	}
	row = append(row, gap(8))
	gtx.Constraints = layout.Exact(size)
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
}

func (v *canvasView) legend(h isa.Header) string {
	switch {
	case v.slot == humanSlot:
		return "what the eye sees"
	case v.page == machine.DisplayPage && h.Pixel:
		return "R red · G green · B blue"
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
