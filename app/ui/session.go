package ui

import (
	"image"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"gioui.org/app"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/unit"

	"gvpie/app/studio"
	"gvpie/app/studio/mailbox"
	"gvpie/app/studio/notice"
	"gvpie/app/studio/session"
	"gvpie/app/ui/kit"
	"gvpie/assets"
	"gvpie/canvas/view"
	"gvpie/editor"
)

// memory has on disk what the window is like, for the next one.
type memory struct {
	store   *session.Store // nil: nothing is remembered
	begin   session.State  // as an earlier window was
	found   bool           // there was an earlier one, whose tabs are this window's
	window  session.Window // as it is now
	opening int            // programs of the beginning that are still being read
	parted  []session.Tab  // of the tabs that were closed to close the window
	front   int            // of them
	last    session.State  // that was written
	looked  time.Time      // when the window was last compared with it
	told    mailbox.Latest[error]
}

// newMemory takes up the session at path, "" for none; fresh begins without its tabs, and
// leaves it to the next window.
func newMemory(path string, fresh bool, wake func()) (m memory, err error) {
	m.told = mailbox.New[error]()
	report := func(err error) {
		m.told.Put(err)
		wake()
	}
	switch {
	case path == "":
	case fresh:
		m.begin, _ = session.Look(path)
	default:
		m.store, m.begin, m.found, err = session.Open(path, report)
	}
	m.window = m.begin.Window
	return m, err
}

// resume gives the window what an earlier one left. err is why it could not be known.
func (w *Workbench) resume(m memory, err error) {
	w.memory = m
	if err != nil {
		w.model.Notify(notice.Warning, err.Error())
	}
	if m.begin.Theme != "" {
		w.look.choose(themeChoice(m.begin.Theme))
	}
	w.arrange(m.begin.Layout)
	for i, x := range m.begin.Watches {
		w.model.Debugger().Watches().Set(i, x)
	}
}

// OpenAll opens the tabs of the session and then files, the first of which comes to the
// front; a name that there is no file of is that of a new program. A window that begins
// with nothing opens the first example, so that there is something to see and to change
// at once.
func (w *Workbench) OpenAll(files []string) {
	list, tabs, gone := w.sessionTabs()
	front := slices.Index(tabs, w.memory.begin.Front)
	for i, f := range files {
		if abs, err := filepath.Abs(f); err == nil {
			f = abs
		}
		if i == 0 {
			front = slices.IndexFunc(list, func(o studio.Opening) bool { return o.Path == f })
			if front < 0 {
				front = len(list)
			}
		}
		list = append(list, studio.Opening{Path: f, MayBeNew: true})
	}
	if e := w.side.examples; len(list) == 0 && !w.memory.found && len(w.model.Recovered()) == 0 && len(e) > 0 {
		list = append(list, studio.Opening{Example: e[0].Name, Text: e[0].Source, Preview: true})
	}
	var why error
	w.memory.opening = len(list)
	w.model.OpenTogether(list, front, func(i int, d *studio.Document, err error) {
		switch {
		case err == nil && i < len(tabs):
			w.takePlace(d.ID, w.memory.begin.Tabs[tabs[i]])
		case err != nil && i < len(tabs):
			gone, why = append(gone, filepath.Base(list[i].Path)), err
		case err != nil:
			w.model.Tell("open "+list[i].Path, notice.Problem, err.Error())
		}
		if w.memory.opening--; w.memory.opening == 0 {
			w.tellGone(gone, why)
		}
	})
}

// sessionTabs are the programs of the session, which of its tabs they are, and the names
// of examples that there are no more.
func (w *Workbench) sessionTabs() (list []studio.Opening, tabs []int, gone []string) {
	for i, t := range w.memory.begin.Tabs {
		o := studio.Opening{Path: t.Path, Preview: t.Preview}
		if t.Path == "" {
			e := slices.IndexFunc(w.side.examples, func(e assets.Example) bool { return e.Name == t.Example })
			if e < 0 {
				gone = append(gone, t.Example)
				continue
			}
			o.Example, o.Text = t.Example, w.side.examples[e].Source
		}
		list, tabs = append(list, o), append(tabs, i)
	}
	return list, tabs, gone
}

// tellGone says which programs of the session have no tab any more; why is the reason
// of the last.
func (w *Workbench) tellGone(names []string, why error) {
	switch {
	case len(names) == 1 && why != nil:
		w.model.Notify(notice.Warning, "A program of the last session is not opened again: "+why.Error())
	case len(names) > 0:
		w.model.Notify(notice.Warning, kit.Count(len(names), "program")+" of the last session cannot be opened again: "+strings.Join(names, ", "))
	}
}

// takePlace puts caret, selection and pictures of a document where they were.
func (w *Workbench) takePlace(doc int, t session.Tab) {
	w.code.places[doc] = editor.Place{Anchor: t.Anchor, Caret: t.Caret, Top: t.Top}
	w.code.breaks[doc] = t.Breaks
	var at [studio.Slots]view.Place
	for i, v := range t.Views {
		at[i] = view.Place(v)
	}
	w.canvases.setPlace(doc, at)
}

// remember has the window as it is on disk a moment after it changed.
func (w *Workbench) remember(gtx layout.Context) {
	m := &w.memory
	const about = "session"
	select {
	case err := <-m.told.C:
		if w.model.Over(about); err != nil {
			w.model.Tell(about, notice.Warning, "the window's session is not remembered: "+err.Error())
		}
	default:
	}
	if len(w.model.Docs()) > 0 {
		m.parted = nil
	}
	if m.store == nil || m.opening > 0 {
		return
	}
	if due := m.looked.Add(session.Delay); gtx.Now.Before(due) {
		if !reflect.DeepEqual(w.snapshot(), m.last) { // no frame for nothing
			gtx.Execute(op.InvalidateCmd{At: due})
		}
		return
	}
	m.looked = gtx.Now
	w.write()
}

// write hands the window as it is to the store.
func (w *Workbench) write() {
	m := &w.memory
	if s := w.snapshot(); m.store != nil && m.opening == 0 && !reflect.DeepEqual(s, m.last) {
		m.last = s
		m.store.Put(s)
	}
}

// part remembers the tabs, which are about to be closed because the window is.
func (w *Workbench) part() {
	s := w.snapshot()
	w.memory.parted, w.memory.front = s.Tabs, s.Front
}

// leave writes the session for the last time, and lets the next window have it.
func (w *Workbench) leave() {
	w.memory.last = session.State{} // a write of it may have failed
	w.write()
	w.memory.store.Close()
}

// snapshot is what the window is like.
func (w *Workbench) snapshot() session.State {
	s := session.State{Window: w.memory.window, Layout: w.arrangement()}
	if w.look.chosen != themeSystem {
		s.Theme = string(w.look.chosen)
	}
	for _, x := range w.model.Debugger().Watches().List() {
		s.Watches = append(s.Watches, x.Text)
	}
	front := w.model.Active()
	for _, d := range w.model.Docs() {
		path := d.Path
		if r := d.Recorded; r != nil && path == "" && !d.Dirty() {
			path = r.Path
		}
		if d.New || path == "" && (d.Example == "" || d.Dirty()) {
			continue // there is no file yet, and recovery has the text
		}
		p := w.code.place(d.ID)
		t := session.Tab{Path: path, Preview: d.Preview, Anchor: p.Anchor, Caret: p.Caret, Top: max(p.Top, 1)}
		if path == "" {
			t.Example = d.Example
		}
		t.Breaks = w.code.breakpoints(d.ID)
		for i, v := range w.canvases.place(d.ID) {
			t.Views[i] = session.Place(v)
		}
		if d == front {
			s.Front = len(s.Tabs)
		}
		s.Tabs = append(s.Tabs, t)
	}
	if len(w.model.Docs()) == 0 && w.memory.parted != nil {
		s.Tabs, s.Front = w.memory.parted, w.memory.front
	}
	return s
}

// The names that ways to show the views, and the bottom panel's tabs, have on disk.
var (
	viewWords  = [...]string{Stacked: "stacked", Beside: "beside", MachineAlone: "machine", HumanAlone: "human"}
	panelWords = [...]string{panelProblems: "problems", panelDebugger: "debugger", panelLog: "log", panelAgent: "agent", panelMap: "map", panelImprove: "improve"}
)

// arrangement is how the window's parts are arranged.
func (w *Workbench) arrangement() session.Layout {
	b, c, over := &w.bottom, w.canvases, w.model.Debugger().Overlays()
	heights := b.sizes
	heights[size(b.tab)] = b.split.Size
	return session.Layout{
		NoSidebar: !w.side.shown, SidebarWidth: float64(w.side.split.Size),
		Panel: b.shown, PanelTab: panelWords[b.tab], PanelHeights: [len(heights)]float64{float64(heights[0]), float64(heights[1]), float64(heights[2])},
		EditorShare: float64(w.work.Ratio), HumanShare: float64(c.split.Ratio),
		Views: viewWords[c.mode], BothViews: viewWords[c.both],
		NoGrid: !c.grid, HumanGrid: c.humanGrid, Lit: c.lit, NoCaretMark: !over.Caret().Shown(), NoCosts: !over.Costs().Shown(),
	}
}

// arrange arranges the window's parts. What is 0 or unknown stays as it is.
func (w *Workbench) arrange(l session.Layout) {
	b, c := &w.bottom, w.canvases
	w.side.shown = !l.NoSidebar
	if l.SidebarWidth > 0 {
		w.side.split.Size = unit.Dp(l.SidebarWidth)
	}
	b.shown = l.Panel
	for i, usual := range panelHeights {
		if b.sizes[i] = unit.Dp(l.PanelHeights[i]); b.sizes[i] == 0 {
			b.sizes[i] = usual
		}
	}
	b.tab = max(slices.Index(panelWords[:], l.PanelTab), 0)
	b.split.Size = b.sizes[size(b.tab)]
	if l.EditorShare > 0 {
		w.work.Ratio = float32(l.EditorShare)
	}
	if l.HumanShare > 0 {
		c.split.Ratio = float32(l.HumanShare)
	}
	for _, name := range []string{l.BothViews, l.Views} {
		if mode := slices.Index(viewWords[:], name); mode >= 0 {
			c.setMode(Mode(mode))
		}
	}
	c.grid, c.humanGrid, c.lit = !l.NoGrid, l.HumanGrid, l.Lit
	over := w.model.Debugger().Overlays()
	over.Caret().Show(!l.NoCaretMark)
	over.Costs().Show(!l.NoCosts)
}

// size is the window's beginning size.
func (m *memory) size() app.Option {
	width, height := unit.Dp(1440), unit.Dp(900)
	if m.window.Width > 0 {
		width, height = unit.Dp(m.window.Width), unit.Dp(m.window.Height)
	}
	return app.Size(width, height)
}

// mode is how the window is to fill the screen once it is there: the toolkit gives one
// that begins so no size on Wayland, and without one nothing can be drawn.
func (m *memory) mode() app.WindowMode {
	for mode, name := range windowModes {
		if name == m.window.Mode {
			return mode
		}
	}
	return app.Windowed
}

// windowModes are those that are remembered, as they are named on disk.
var windowModes = map[app.WindowMode]string{app.Maximized: "maximized", app.Fullscreen: "fullscreen"}

// sized takes in the window's size. While it fills the screen, the size before is the one
// to remember; a minimised window will not be.
func (m *memory) sized(mode app.WindowMode, metric unit.Metric, size image.Point) {
	if mode == app.Minimized {
		return
	}
	m.window.Mode = windowModes[mode]
	if mode == app.Windowed {
		m.window.Width, m.window.Height = int(metric.PxToDp(size.X)+.5), int(metric.PxToDp(size.Y)+.5)
	}
}
