package ui

import (
	"image"

	"gioui.org/io/key"
	"gioui.org/layout"

	"gvpie/app/studio"
	"gvpie/app/ui/debugger"
	"gvpie/app/ui/kit"
	"gvpie/canvas/view"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

// Mode says which views are on screen, and how.
type Mode uint8

const (
	Stacked Mode = iota // the human's over the machine's
	Beside              // the human's left of the machine's
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
	model     *studio.Model
	mode      Mode
	both      Mode // Stacked or Beside: what V comes back to
	split     kit.Split
	views     [studio.Slots]*canvasView
	places    places
	modes     kit.Menu
	note      canvasNote
	grid      bool // over the machine's view
	humanGrid bool
	lit       bool

	input     machine.Input
	hover     view.Hover
	over      *canvasView // the view that the pointer is on, or was last
	pointing  debugger.Pointing
	overlay   debugger.Overlay
	pages     debugger.Pages
	word      image.Point // of the machine view, that the pointer is on
	onWord    bool
	size      image.Point // of the pane
	wantFocus bool
	reveal    func(at pxl.Position) // a texel was clicked that was written there
	ask       func(x, y int)        // who drew a texel
	left      func()                // Escape was pressed in play: the keyboard goes elsewhere
	free      bool                  // no text has the keyboard
}

// modes names the ways to show the views, as the menu does.
var modes = []struct {
	mode  Mode
	label string
	icon  kit.Icon
	keys  string
}{
	{Stacked, "Human over machine", kit.IconStacked, "Ctrl-2"},
	{Beside, "Human beside machine", kit.IconBeside, "Ctrl-1"},
	{MachineAlone, "Machine alone", kit.IconSingle, "Ctrl-3"},
	{HumanAlone, "Human alone", kit.IconSingle, "Ctrl-4"},
}

// humanShare is the part of the pane that the human view begins with: it is the picture,
// the machine's shows what is behind it.
const humanShare = .68

func newCanvasPane(m *studio.Model) *canvasPane {
	p := &canvasPane{model: m, grid: true, lit: false, note: canvasNote{model: m}, pointing: debugger.Pointing{Model: m}, overlay: debugger.Overlay{Model: m}, pages: debugger.Pages{Model: m}, split: kit.Split{Axis: layout.Vertical, Ratio: humanShare, Min: kit.HeadHeight, MinOther: kit.HeadHeight}}
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

func (p *canvasPane) zoomToFit() {
	for _, v := range p.views {
		v.canvas.ShowAll()
	}
}

func (p *canvasPane) oneToOne() {
	for _, v := range p.views {
		v.canvas.OneToOne()
	}
}

// playing says whether the program has mouse and keys: one of the canvases is in play,
// and has the keyboard or is about to.
func (p *canvasPane) playing() bool { return p.player() != nil }

// player is the view that is in play; nil for none.
func (p *canvasPane) player() *canvasView {
	for _, v := range p.views {
		if v.canvas.Playing() {
			return v
		}
	}
	return nil
}

// play gives the program mouse and keys: those of the human view, where it is shown.
func (p *canvasPane) play() {
	p.leave()
	front := p.views[humanSlot]
	if !front.shown {
		front = p.views[machineSlot]
	}
	front.canvas.SetPlay(true)
	p.wantFocus = true
}

// toggle is play, or leave and back to the text.
func (p *canvasPane) toggle() {
	if p.playing() {
		p.leave()
		p.left()
		return
	}
	p.play()
}

// leave takes mouse and keys back: for the program all of them are up.
func (p *canvasPane) leave() {
	for _, v := range p.views {
		v.canvas.SetPlay(false)
	}
	p.wantFocus = false
	p.input.Buttons, p.input.Keys = 0, [8]uint32{}
	p.model.SetInput(p.input)
}

// words is the length of the running program's page.
func (p *canvasPane) words() int {
	if d := p.model.Program(); d != nil && d.Live() != nil {
		return len(d.Live().Program)
	}
	return 0
}

// takesKeys says whether the keys go to the program.
func (p *canvasPane) takesKeys(gtx layout.Context) bool {
	v := p.player()
	return v != nil && (p.wantFocus || gtx.Focused(&v.canvas))
}

// update takes in input, tells both canvases what to show, and hands finished
// pictures over. caret is the line whose drawing is lit.
func (p *canvasPane) update(gtx layout.Context, th *kit.Theme, caret int) {
	h := p.model.Canvas()
	mark, marked := p.hover, p.hover.In && !p.playing()
	if who := p.model.Debugger().Who(); who != nil && !p.hover.In {
		mark.X, mark.Y, marked = who.X, who.Y, true
	}
	from, to := p.litRange(caret)
	switch v := p.player(); {
	case v == nil:
	case p.wantFocus && gtx.Enabled():
		p.wantFocus = false
		gtx.Execute(key.FocusCmd{Tag: &v.canvas})
	case !p.wantFocus && !gtx.Focused(&v.canvas) || !v.shown:
		p.leave() // something else has the keyboard, or nobody sees it
	}
	if i, ok := p.modes.Chosen(gtx, p.modeItems()); ok {
		p.setMode(modes[i].mode)
	}
	p.note.update(gtx)
	path, line := p.markLine(caret)
	p.overlay.Update(gtx, path, line)
	for _, v := range p.views {
		v.describe(h, p.words())
	}
	p.turn()
	for _, v := range p.views {
		v.canvas.SetBack(uint32(th.Window.R)<<16 | uint32(th.Window.G)<<8 | uint32(th.Window.B))
		v.canvas.SetGrid(p.grid && v.slot == machineSlot || p.humanGrid && v.slot == humanSlot)
		v.canvas.SetPlays(v.slot == humanSlot)
		v.canvas.SetFree(p.free)
		v.canvas.SetLit(from, to)
		v.canvas.SetMark(machine.Rect{})
		if marked && v.onDisplay() {
			v.canvas.SetMark(v.texels(h, mark.X, mark.Y))
		}
		if pic := p.model.Picture(v.slot); pic.Gen != v.gen {
			v.gen = pic.Gen
			v.canvas.SetPicture(pic.Image, pic.View, pic.Texels)
		}
		v.updateButtons(gtx, p)
		for _, e := range v.canvas.Update(gtx) {
			p.take(v, e)
		}
	}
	p.pointing.Update(gtx, p.hover.X, p.hover.Y, p.hover.In && !p.playing() && !p.menuOpen())
}

// markLine is the caret's line, and the path by which the program that runs knows its file.
// The line is 0 where it is lit already, or is not of that program.
func (p *canvasPane) markLine(line int) (path string, _ int) {
	d, now := p.model.Active(), p.model.Debugger().Now()
	if p.lit || d == nil || now != nil && !now.Of(p.model.Program().Live()) {
		return "", 0
	}
	path, current := p.model.Program().PathOf(d)
	if !current {
		return "", 0
	}
	return path, line
}

// litRange is the addresses of the caret's line, for lighting up what it drew.
func (p *canvasPane) litRange(line int) (from, to uint32) {
	d, program := p.model.Active(), p.model.Program()
	if !p.lit || d == nil {
		return 0, 0
	}
	path, current := program.PathOf(d)
	if !current {
		return 0, 0
	}
	spans := program.Live().Map.Line(path, line)
	if len(spans) == 0 {
		return 0, 0
	}
	return uint32(spans[0].From), uint32(spans[len(spans)-1].To)
}

func (p *canvasPane) take(v *canvasView, e view.Event) {
	switch e := e.(type) {
	case view.Hover:
		if v != p.over && !e.In {
			return // it went from this view to the other
		}
		p.word, p.onWord = image.Pt(e.X, e.Y), e.In && v.slot == machineSlot
		if !v.onDisplay() {
			e.In = false
		}
		p.hover, p.over = e, v
		p.model.Probe(e.X, e.Y, e.In)
		if e.In || p.playing() {
			p.pointAt(e.X, e.Y, p.input.Buttons)
		}
	case view.Play:
		if other := p.player(); other != v {
			p.leave()
		}
		v.canvas.SetPlay(true)
	case view.Leave:
		p.leave()
		p.left()
	case view.Click:
		if t, ok := p.model.Texel(); ok && t.Line > 0 && p.reveal != nil && v.onDisplay() {
			p.reveal(t.At)
		}
	case view.Ask:
		if v.onDisplay() {
			p.ask(e.X, e.Y)
		}
	case view.Press:
		p.pointAt(e.X, e.Y, e.Buttons)
	case view.Drag:
		p.pointAt(e.X, e.Y, e.Buttons)
	case view.Release:
		p.pointAt(e.X, e.Y, e.Buttons)
	case view.Wheel:
		p.model.TurnWheel(int32(e.Notches))
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

func (p *canvasPane) modeItems() []kit.MenuItem {
	items := make([]kit.MenuItem, len(modes))
	for i, m := range modes {
		items[i] = kit.MenuItem{Label: m.label, Note: m.keys, Checked: p.mode == m.mode}
	}
	return items
}

// layoutModes draws the menu that switches between the modes; it stands in the
// caption bar at the pane's upper right.
func (p *canvasPane) layoutModes(gtx layout.Context, th *kit.Theme) layout.Dimensions {
	icon := kit.IconSingle
	for _, m := range modes {
		if m.mode == p.mode {
			icon = m.icon
		}
	}
	return kit.MenuStyle{Theme: th, Menu: &p.modes, Items: p.modeItems(), Right: true, Width: 236}.Layout(gtx,
		kit.ButtonStyle{Name: "views", Icon: icon, Height: 24, Hint: "Which views are shown, and how", Keys: "V"})
}

// menuOpen says whether one of the pane's menus is down.
func (p *canvasPane) menuOpen() bool {
	return p.modes.Open() || p.overlay.Open() || p.views[machineSlot].pages.Open()
}

// layout draws the views that the mode shows, as far as there is room.
func (p *canvasPane) layout(gtx layout.Context, th *kit.Theme) layout.Dimensions {
	size := gtx.Constraints.Max
	p.size = size
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
		kit.Boxed(gtx, image.Rectangle{Max: size}, one(machineSlot))
	case HumanAlone:
		kit.Boxed(gtx, image.Rectangle{Max: size}, one(humanSlot))
	default:
		p.split.Axis = layout.Vertical
		if mode == Beside {
			p.split.Axis = layout.Horizontal
		}
		p.split.Layout(gtx, th, one(humanSlot), one(machineSlot))
	}
	for _, v := range p.views {
		if !v.shown {
			p.hideView(v)
		}
	}
	return layout.Dimensions{Size: size}
}

// hideView has nothing rendered or read for a view.
func (p *canvasPane) hideView(v *canvasView) {
	p.model.SetView(v.slot, machine.View{})
	if v.slot == machineSlot {
		p.model.ShowWords(studio.WordsOf{})
	}
}

// hide takes both views off the screen, so that nobody renders them, nor plays.
func (p *canvasPane) hide() {
	for _, v := range p.views {
		v.shown = false
		p.hideView(v)
	}
	if p.playing() {
		p.leave()
	}
}
