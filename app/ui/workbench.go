package ui

import (
	"image"
	"os"
	"path/filepath"

	"gioui.org/io/event"
	"gioui.org/io/pointer"
	"gioui.org/layout"
	"gioui.org/op/clip"
	"gioui.org/unit"

	"gvpie/app/studio"
	"gvpie/app/ui/kit"
	"gvpie/assets/theme"
)

// The heights of the bars along the window's edges.
const (
	topHeight   unit.Dp = 40 // tabs and toolbar
	stateHeight unit.Dp = 28 // the status line
)

// Workbench is everything inside the window: the panels, what stands over them,
// and the actions. It needs no window of its own, so a test can lay it out.
type Workbench struct {
	model   *studio.Model
	th      *kit.Theme
	wake    func()
	actions []*studio.Action
	chords  map[string]kit.Chord

	tabs     kit.Tabs
	add      kit.Button
	tools    toolbar
	side     *sidebar
	code     *codePane
	canvases *canvasPane
	bottom   bottomPanel
	agent    agentPanel
	infinite mapPanel
	pictures kit.Pictures
	status   statusBar
	hello    welcome

	modal      kit.Modal
	layer      kit.ModalLayer
	noticeKeys map[int]*kit.Button
	bannerKeys bannerButtons
	recovered  []studio.Recovered
	opening    []string      // paths of files being opened, in the order of their tabs
	gpuNotice  int           // that the GPU worker has stopped; 0 while it has not
	gpuTold    bool          // that there is no GPU
	native     nativeDialogs // nil without a desktop's own

	sideSplit, workSplit, panelSplit kit.Split
	showSide, showPanel              bool // where there is room for them
	narrowSide, lowPanel             bool // where there is none: they cover the rest
	menuOpen, editorHad              bool // a menu is down; the editor had the keyboard before
	small, low                       bool // the window is too narrow for a sidebar, too low for a panel

	quit func() // closes the window, whatever is unsaved
}

// NewWorkbench makes the window's content. wake asks for a frame, from any
// goroutine.
func NewWorkbench(m *studio.Model, th *kit.Theme, wake func()) *Workbench {
	w := &Workbench{
		model: m, th: th, wake: wake,
		side: newSidebar(wake), code: newCodePane(m), canvases: newCanvasPane(m),
		noticeKeys: make(map[int]*kit.Button),
		sideSplit:  kit.Split{Axis: layout.Horizontal, Size: 208, Min: 140, MinOther: 320},
		workSplit:  kit.Split{Axis: layout.Horizontal, Ratio: .45, Min: 180, MinOther: 180},
		panelSplit: kit.Split{Axis: layout.Vertical, Size: 152, Last: true, Min: 160, MinOther: 80},
		agent:      newAgentPanel(),
		infinite:   newMapPanel(),
		showSide:   true, showPanel: true,
		quit: func() {},
	}
	w.actions = withRest(w.makeActions(), m.Actions())
	w.chords = bindKeys(w.actions)
	w.canvases.reveal = w.code.showLine
	if dir, err := os.Getwd(); err == nil {
		w.side.files.open(dir)
	}
	return w
}

// Frame takes in news and input and lays the window out once.
func (w *Workbench) Frame(gtx layout.Context) {
	w.model.Pump()
	w.pictures.Sweep()
	w.arrange()
	if w.native != nil {
		w.native.Pump()
	}
	size := gtx.Constraints.Max
	w.th.Bounds = size
	defer clip.Rect{Max: size}.Push(gtx.Ops).Pop()
	event.Op(gtx.Ops, w)
	w.followPointer(gtx)
	w.updateKeys(gtx)

	w.small = size.X < gtx.Dp(760)
	under := gtx
	if w.modal != nil {
		under = gtx.Disabled()
	}
	w.update(under)
	kit.Fill(gtx, image.Rectangle{Max: size}, w.th.Window)
	top, foot := gtx.Dp(topHeight), gtx.Dp(stateHeight)
	kit.Boxed(under, image.Rect(0, top, size.X, size.Y-foot), w.layoutBody)
	kit.Boxed(under, image.Rect(0, size.Y-foot, size.X, size.Y), w.layoutStatus)
	kit.Boxed(under, image.Rect(0, 0, size.X, top), w.layoutTop)
	w.layoutNotices(gtx, foot)
	if m := w.modal; m != nil {
		if w.layer.Layout(gtx, w.th, m) && w.modal == m {
			w.modal = nil
			w.code.wantFocus = true
			w.wake()
		}
	}
	w.th.Tip.Layout(gtx, w.th)
}

// Title is the window's title.
func (w *Workbench) Title() string {
	d := w.model.Active()
	if d == nil {
		return "GVPIE"
	}
	if w.loses(d) {
		return d.Name + " • GVPIE"
	}
	return d.Name + " – GVPIE"
}

// followPointer keeps the tooltip's idea of where the pointer is.
func (w *Workbench) followPointer(gtx layout.Context) {
	for {
		e, ok := gtx.Event(pointer.Filter{Target: w, Kinds: pointer.Move | pointer.Drag | pointer.Enter | pointer.Press})
		if !ok {
			return
		}
		if e, ok := e.(pointer.Event); ok {
			w.th.Tip.Follow(e)
		}
	}
}

// update lets every panel take in its input.
func (w *Workbench) update(gtx layout.Context) {
	if e, ok := w.tabs.Update(gtx, len(w.model.Docs())); ok {
		if e.Close {
			w.closeTab(e.Index)
		} else {
			w.model.SetActive(e.Index)
			w.code.wantFocus = true
		}
	}
	if w.add.Clicked(gtx) {
		w.action("file.new").Invoke()
	}
	w.followMenus(gtx)
	before := w.model.ActiveIndex()
	docs := len(w.model.Docs())
	w.updateToolbar(gtx)
	w.updateWelcome(gtx)
	w.side.update(gtx, w)
	w.updatePanel(gtx)
	w.updateStatus(gtx)
	w.updateNotices(gtx)
	w.code.update(gtx)
	line, _, _ := w.code.caret()
	w.canvases.update(gtx, w.th, line)
	w.lightWriter()
	if w.model.ActiveIndex() != before || len(w.model.Docs()) != docs {
		w.narrowSide = false
		w.code.update(gtx)
	}
}

// followMenus gives the editor the keyboard back when a menu closes that took
// it away.
func (w *Workbench) followMenus(gtx layout.Context) {
	open := w.tools.backend.Open() || w.tools.more.Open() || w.canvases.modes.Open() || w.canvases.views[machineSlot].pages.Open()
	if !open {
		if w.menuOpen && w.editorHad {
			w.code.wantFocus = true
		}
		w.editorHad = w.code.typing(gtx)
	}
	w.menuOpen = open
}

// lightWriter marks the line that wrote the texel under the pointer.
func (w *Workbench) lightWriter() {
	if t, ok := w.model.Texel(); ok && t.Line > 0 {
		w.code.lightUp(t.Line)
		return
	}
	w.code.lightUp()
}

// layoutTop draws the tabs and the toolbar.
func (w *Workbench) layoutTop(gtx layout.Context) layout.Dimensions {
	th, size := w.th, gtx.Constraints.Max
	kit.Fill(gtx, image.Rectangle{Max: size}, th.Panel)
	kit.Hairline(gtx, layout.S, th.Line)
	docs := w.model.Docs()
	tabs := make([]kit.Tab, len(docs))
	for i, d := range docs {
		tabs[i] = kit.Tab{Title: d.Name, Hint: d.Path, Unsaved: d.Dirty()}
		if a := d.Assembly(); a != nil && !a.OK() {
			tabs[i].Failed = true
		}
	}
	gtx.Constraints.Min = size
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx,
		layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
			return layout.Flex{Alignment: layout.Middle}.Layout(gtx,
				layout.Rigid(func(gtx layout.Context) layout.Dimensions {
					gtx.Constraints.Max.X -= gtx.Dp(40)
					if len(tabs) == 0 {
						return layout.Dimensions{}
					}
					return w.tabs.Layout(gtx, th, tabs, w.model.ActiveIndex())
				}), kit.Gap(4),
				layout.Rigid(func(gtx layout.Context) layout.Dimensions {
					gtx.Constraints.Min = image.Point{}
					return kit.ButtonStyle{Theme: th, Button: &w.add, Name: "New program", Icon: kit.IconPlus, Keys: "Ctrl-N"}.Layout(gtx)
				}))
		}),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Min = image.Point{}
			return w.layoutToolbar(gtx, size.X < gtx.Dp(860))
		}),
	)
}

// layoutBody draws what is between the top bar and the status line.
func (w *Workbench) layoutBody(gtx layout.Context) layout.Dimensions {
	size := gtx.Constraints.Max
	banners := w.layoutBanners(gtx).Size.Y
	kit.Boxed(gtx, image.Rect(0, banners, size.X, size.Y), func(gtx layout.Context) layout.Dimensions {
		if w.showSide && !w.small {
			return w.sideSplit.Layout(gtx, w.th, w.layoutSide, w.layoutMain)
		}
		d := w.layoutMain(gtx)
		if w.narrowSide && w.small {
			over := image.Rect(0, 0, min(size.X, gtx.Dp(208)), gtx.Constraints.Max.Y)
			kit.Boxed(gtx, over, w.layoutSide)
		}
		return d
	})
	return layout.Dimensions{Size: size}
}

// sideShown is whether the sidebar is on screen, in a window of this width: one
// that is narrow remembers it apart, and shows it over the rest.
func (w *Workbench) sideShown() *bool {
	if w.small {
		return &w.narrowSide
	}
	return &w.showSide
}

// panelShown is whether the bottom panel is on screen, in a window of this
// height.
func (w *Workbench) panelShown() *bool {
	if w.low {
		return &w.lowPanel
	}
	return &w.showPanel
}

func (w *Workbench) layoutSide(gtx layout.Context) layout.Dimensions {
	area := clip.Rect{Max: gtx.Constraints.Max}.Push(gtx.Ops)
	event.Op(gtx.Ops, w.side) // presses between rows stay in the sidebar
	area.Pop()
	d := w.side.layout(gtx, w.th)
	if w.small {
		kit.Hairline(gtx, layout.E, w.th.Line)
	}
	return d
}

// layoutMain draws editor, canvas and bottom panel, or the welcome.
func (w *Workbench) layoutMain(gtx layout.Context) layout.Dimensions {
	if w.model.Active() == nil {
		w.canvases.hide()
		if w.bottom.tab >= panelAgent && *w.panelShown() && gtx.Constraints.Max.Y >= gtx.Dp(360) {
			return w.panelSplit.Layout(gtx, w.th, w.layoutWelcome, w.layoutPanel)
		}
		return w.layoutWelcome(gtx)
	}
	w.low = gtx.Constraints.Max.Y < gtx.Dp(360)
	switch {
	case !w.low && w.showPanel:
		return w.panelSplit.Layout(gtx, w.th, w.layoutWork, w.layoutPanel)
	case w.low && w.lowPanel:
		w.canvases.hide()
		return w.layoutPanel(gtx)
	}
	return w.layoutWork(gtx)
}

// layoutWork draws the editor and the canvases, side by side where that leaves
// both a readable width.
func (w *Workbench) layoutWork(gtx layout.Context) layout.Dimensions {
	w.workSplit.Axis, w.workSplit.Min, w.workSplit.MinOther = layout.Horizontal, 180, 180
	if gtx.Constraints.Max.X < gtx.Dp(unit.Dp(600)) {
		w.workSplit.Axis, w.workSplit.Min, w.workSplit.MinOther = layout.Vertical, 60, 80
	}
	return w.workSplit.Layout(gtx, w.th,
		func(gtx layout.Context) layout.Dimensions { return w.code.layout(gtx, w.th) },
		func(gtx layout.Context) layout.Dimensions { return w.canvases.layout(gtx, w.th) })
}

func (w *Workbench) toggleTheme() {
	t := &theme.Light
	if !w.th.Dark {
		t = &theme.Dark
	}
	w.th.Palette = kit.NewPalette(t)
}

func (w *Workbench) openPalette() {
	if _, open := w.modal.(*commandPalette); open {
		w.modal = nil
		w.code.wantFocus = true
		return
	}
	var examples []*studio.Action
	for _, e := range w.side.examples {
		examples = append(examples, &studio.Action{ID: "example." + e.Name, Title: "Example: " + e.Title, Do: func() {
			w.model.OpenExample(e.Name, e.Source)
		}})
	}
	w.modal = newPalette(w.actions, examples)
}

func (w *Workbench) openHelp() {
	if _, open := w.modal.(*helpPage); open {
		w.modal = nil
		w.code.wantFocus = true
		return
	}
	w.modal = newHelp(w.actions)
}

// startDir is the folder that dialogs begin in.
func (w *Workbench) startDir() string {
	if d := w.model.Active(); d != nil && d.Path != "" {
		return filepath.Dir(d.Path)
	}
	return w.side.files.dir
}
