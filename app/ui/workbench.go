package ui

import (
	"image"
	"os"
	"slices"

	"gioui.org/io/system"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/unit"

	"gvpie/app/studio"
	"gvpie/app/ui/debugger"
	"gvpie/app/ui/display"
	"gvpie/app/ui/kit"
)

// The heights of the bars along the window's edges.
const (
	topHeight    unit.Dp = 40 // tabs and toolbar
	statusHeight unit.Dp = 28 // the status line
)

// Workbench is everything inside the window: it lays its parts out and hands
// each its input. It needs no window of its own, so a test can lay it out.
type Workbench struct {
	*shell
	documents documents
	top       topBar
	side      sidebar
	canvases  *canvasPane
	bottom    bottomPanel
	status    statusBar
	hello     welcome
	banners   banners
	notices   notices
	gpu       gpuWatch
	look      *appearance
	titleBar  kit.TitleBar
	memory    memory

	work      kit.Split // the editor beside the canvases
	menuOpen  bool      // a menu is down
	editorHad bool      // the editor had the keyboard before it was
}

// editorShare is the editor's part of the room beside the canvases to begin with: in a
// window of the usual 1440 pixels it leaves them 768, on which a cell canvas of 128 texels
// stands at a pixel a pixel, and one of 64 at two.
const editorShare = .39

// NewWorkbench makes the window's content. wake asks for a frame, from any
// goroutine.
func NewWorkbench(m *studio.Model, th *kit.Theme, wake func()) *Workbench {
	s := &shell{model: m, th: th, wake: wake, code: newCodePane(m)}
	s.dialogs.closed = func() {
		s.code.focus()
		wake()
	}
	w := &Workbench{
		shell: s, canvases: newCanvasPane(m), bottom: newBottomPanel(s), gpu: gpuWatch{model: m}, look: newAppearance(th), titleBar: kit.TitleBar{Perform: func(system.Action) {}, Deaf: !display.Mended},
		notices: notices{shell: s, dismiss: make(map[int]*kit.Button)},
		work:    kit.Split{Axis: layout.Horizontal, Ratio: editorShare, Min: 180, MinOther: 180},
	}
	s.code.drawSprite, s.code.pasted = w.drawSpriteOn, w.offerPicture
	s.code.askBreak = func(line int) { w.askBreakOn(line, th.Tip.Pressed().Add(image.Pt(16, 8))) }
	th.WithSystemFonts(wake)
	w.side = newSidebar(s, &w.bottom)
	w.documents = documents{shell: s, folder: w.side.files, quit: func() {}, part: w.part}
	home, _ := os.UserHomeDir() // unknown: paths are written whole
	w.top = topBar{shell: s, documents: &w.documents, tools: toolbar{shell: s, parity: debugger.Badge{Model: m, Action: s.action}}, home: home}
	w.status = statusBar{shell: s, bottom: &w.bottom}
	w.hello = welcome{shell: s, examples: w.side.examples}
	m.OnConflict(w.documents.askConflict)
	m.OnStop(func() { w.bottom.open(panelDebugger) })
	w.banners = banners{shell: s, documents: &w.documents}
	openDebugger := func() { w.bottom.open(panelDebugger) }
	s.commands = newCommands(withRest(slices.Concat(w.makeActions(), debugger.Actions(m, openDebugger, s.askPath, pointed(w)), w.look.actions()), m.Actions()))
	w.canvases.reveal, w.canvases.left = w.code.show, w.code.focus
	w.canvases.ask = func(x, y int) { debugger.AskWho(m, openDebugger, x, y) }
	w.canvases.overlay.Action = w.action
	w.canvases.pointing.Keys = w.action("debug.who").Keys
	w.canvases.note.problem = w.bottom.problems.next
	w.canvases.note.act = func(id string) { w.action(id).Invoke() }
	if dir, err := os.Getwd(); err == nil {
		w.side.files.Open(dir)
	}
	return w
}

// pointed is what the debugger's moves can go to.
func pointed(w *Workbench) debugger.Pointed {
	return debugger.Pointed{
		Line:     w.code.caretIn,
		Variable: w.code.variable,
		Texel: func() (image.Point, bool) {
			if h := w.canvases.hover; h.In {
				return image.Pt(h.X, h.Y), true
			}
			if who := w.model.Debugger().Who(); who != nil {
				return image.Pt(who.X, who.Y), true
			}
			return image.Point{}, false
		},
	}
}

// Frame takes in news and input and lays the window out once.
func (w *Workbench) Frame(gtx layout.Context) {
	w.model.Pump()
	w.pictures.Sweep()
	w.look.pump()
	w.th.TakeFonts()
	w.updateThumbnails(gtx)
	if w.documents.native != nil {
		w.documents.native.Pump()
	}
	gtx, done := w.layoutTitle(gtx)
	defer done()
	size := gtx.Constraints.Max
	w.th.Bounds = size
	defer clip.Rect{Max: size}.Push(gtx.Ops).Pop()
	w.th.Tip.Update(gtx)
	w.updateText(gtx)
	later := w.commands.update(gtx, w.typing(gtx), w.dialogs.front != nil)

	w.side.narrow = size.X < gtx.Dp(760)
	under := gtx
	if w.dialogs.front != nil {
		under = gtx.Disabled()
	}
	w.update(under)
	kit.Fill(gtx, image.Rectangle{Max: size}, w.th.Window)
	top, foot := gtx.Dp(topHeight), gtx.Dp(statusHeight)
	kit.Boxed(under, image.Rect(0, top, size.X, size.Y-foot), w.layoutBody)
	kit.Boxed(under, image.Rect(0, size.Y-foot, size.X, size.Y), w.status.layout)
	kit.Boxed(under, image.Rect(0, 0, size.X, top), w.top.layout)
	w.notices.layout(gtx, foot)
	w.dialogs.layout(gtx, w.th)
	for _, a := range later {
		if w.dialogs.front == nil {
			a.Invoke()
		}
	}
	w.th.Tip.Layout(gtx, w.th)
	w.remember(gtx)
}

// layoutTitle draws the window's own title bar, if it has one, and gives the room
// that is left until done.
func (w *Workbench) layoutTitle(gtx layout.Context) (rest layout.Context, done func()) {
	if !w.titleBar.Shown {
		return gtx, func() {}
	}
	size, height := gtx.Constraints.Max, min(w.titleBar.Height(gtx.Metric), gtx.Constraints.Max.Y)
	w.titleBar.Update(gtx)
	kit.Boxed(gtx, image.Rect(0, 0, size.X, height), func(gtx layout.Context) layout.Dimensions {
		return w.titleBar.Layout(gtx, w.th, w.Title())
	})
	below := op.Offset(image.Pt(0, height)).Push(gtx.Ops)
	gtx.Constraints = layout.Exact(size.Sub(image.Pt(0, height)))
	return gtx, below.Pop
}

// updateText lets the editor have what was typed, and does actions when their keys
// come up in it: Ctrl-S saves what was typed before it, though both came in one
// frame.
func (w *Workbench) updateText(gtx layout.Context) {
	for w.dialogs.front == nil && w.code.typing(gtx) {
		k, ok := w.code.update(gtx, w.commands.keys...)
		if !ok {
			return
		}
		w.commands.do(k)
	}
}

// Title is the window's title.
func (w *Workbench) Title() string {
	d := w.model.Active()
	if d == nil {
		return "GVPIE"
	}
	if losesText(d) {
		return d.Name + " • GVPIE"
	}
	return d.Name + " – GVPIE"
}

// typing says whether plain keys belong to something else: text that is being
// edited, or the program in play.
func (w *Workbench) typing(gtx layout.Context) bool {
	return w.dialogs.front != nil || w.code.typing(gtx) || w.canvases.takesKeys(gtx)
}

// update lets every part take in its input.
func (w *Workbench) update(gtx layout.Context) {
	w.top.updateTabs(gtx)
	w.followMenus(gtx)
	before := w.model.Active()
	w.top.tools.update(gtx)
	w.hello.update(gtx)
	w.side.update(gtx)
	w.bottom.update(gtx)
	w.status.update(gtx)
	w.gpu.update()
	w.notices.update(gtx)
	w.code.update(gtx)
	line, _, _ := w.code.caret()
	w.canvases.free = !w.typing(gtx)
	w.canvases.update(gtx, w.th, line)
	w.lightWriter()
	w.followDebugger()
	if w.model.Active() != before {
		w.side.shownNarrow = false
		w.code.update(gtx)
	}
}

// followMenus gives the editor the keyboard back when a menu closes that took
// it away.
func (w *Workbench) followMenus(gtx layout.Context) {
	open := w.top.tools.menuOpen() || w.canvases.menuOpen()
	if !open {
		if w.menuOpen && w.editorHad {
			w.code.focus()
		}
		w.editorHad = w.code.typing(gtx)
	}
	w.menuOpen = open
}

// lightWriter marks the line that wrote the texel under the pointer.
func (w *Workbench) lightWriter() {
	if t, ok := w.model.Texel(); ok && t.Line > 0 && w.code.file(t.At) == "" {
		w.code.lightUp(t.Line)
		return
	}
	w.code.lightUp()
}

// followDebugger has the debugger look at the program while its panel is on screen, and
// the editor show where it looks.
func (w *Workbench) followDebugger() {
	m := w.model
	if d := m.Active(); d != nil && d.Recorded.Show() {
		w.bottom.open(panelDebugger)
	}
	m.SetDebugging(*w.bottom.visible() && w.bottom.tab == panelDebugger)
	w.code.follow(m.Debugger())
}

// layoutBody draws what is between the top bar and the status line.
func (w *Workbench) layoutBody(gtx layout.Context) layout.Dimensions {
	size := gtx.Constraints.Max
	banners := w.banners.layout(gtx).Size.Y
	kit.Boxed(gtx, image.Rect(0, banners, size.X, size.Y), func(gtx layout.Context) layout.Dimensions {
		if w.side.shown && !w.side.narrow {
			return w.side.split.Layout(gtx, w.th, w.side.layout, w.layoutMain)
		}
		d := w.layoutMain(gtx)
		if w.side.shownNarrow && w.side.narrow {
			over := image.Rect(0, 0, min(size.X, gtx.Dp(208)), gtx.Constraints.Max.Y)
			kit.Boxed(gtx, over, w.side.layout)
		}
		return d
	})
	return layout.Dimensions{Size: size}
}

// layoutMain draws editor, canvas and bottom panel, or the welcome.
func (w *Workbench) layoutMain(gtx layout.Context) layout.Dimensions {
	b, low := &w.bottom, gtx.Constraints.Max.Y < gtx.Dp(360)
	if w.model.Active() == nil {
		w.canvases.hide()
		if b.tab >= panelAgent && *b.visible() && !low {
			return b.split.Layout(gtx, w.th, w.hello.layout, b.layout)
		}
		return w.hello.layout(gtx)
	}
	b.low = low
	switch {
	case !low && b.shown:
		return b.split.Layout(gtx, w.th, w.layoutWork, b.layout)
	case low && b.shownLow:
		w.canvases.hide()
		return b.layout(gtx)
	}
	return w.layoutWork(gtx)
}

// layoutWork draws the editor and the canvases, side by side where that leaves
// both a readable width.
func (w *Workbench) layoutWork(gtx layout.Context) layout.Dimensions {
	w.work.Axis, w.work.Min, w.work.MinOther = layout.Horizontal, 180, 180
	if gtx.Constraints.Max.X < gtx.Dp(unit.Dp(600)) {
		w.work.Axis, w.work.Min, w.work.MinOther = layout.Vertical, 60, 80
	}
	return w.work.Layout(gtx, w.th,
		func(gtx layout.Context) layout.Dimensions { return w.code.layout(gtx, w.th) },
		func(gtx layout.Context) layout.Dimensions { return w.canvases.layout(gtx, w.th) })
}

func (w *Workbench) openPalette() {
	toggle(&w.dialogs, func() *commandPalette {
		var examples []*studio.Action
		for _, e := range w.side.examples {
			examples = append(examples, &studio.Action{ID: "example." + e.Name, Title: "Example: " + e.Title, Do: func() {
				w.model.OpenExample(e.Name, e.Source)
			}})
		}
		return newPalette(w.commands.list, examples)
	})
}

func (w *Workbench) openHelp() {
	toggle(&w.dialogs, func() *helpPage { return newHelp(w.commands.list, w.runHelp) })
}

// runHelp opens a program of the help as an example is opened, and runs it.
func (w *Workbench) runHelp(name, source string) {
	w.model.OpenExample(name, source)
	w.model.Run()
}
