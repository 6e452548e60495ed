package ui

import (
	"image"

	"gioui.org/io/pointer"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/unit"
	"gioui.org/widget"

	"gvpie/app/ui/debugger"
	"gvpie/app/ui/kit"
	"gvpie/app/ui/loop"
)

// bottomPanel is the panel under the editor and the canvas.
type bottomPanel struct {
	*shell
	tab   int // panelProblems…
	tabs  [len(panelNames)]widget.Clickable
	hide  kit.Button
	split kit.Split                  // from what is over it
	sizes [len(panelHeights)]unit.Dp // as last dragged

	low      bool // the window has no room for it: it covers the rest
	shown    bool // where there is room
	shownLow bool // where there is none

	problems problemList
	log      logList
	agent    *loop.Panel
	infinite *loop.Map
	improve  *loop.Improve
	debugger *debugger.Panel
}

// The bottom panel's tabs.
const (
	panelProblems = iota
	panelDebugger
	panelLog
	panelAgent
	panelMap
	panelImprove
)

var panelNames = [...]string{"Problems", "Debugger", "Log", "Agent", "Infinite map", "Improve"}

// panelHeights are what the problems and the log, the loop's panels, and the debugger
// begin with.
var panelHeights = [...]unit.Dp{152, 408, 264}

func newBottomPanel(s *shell) bottomPanel {
	w := &loop.Window{
		Theme: s.th, Agent: s.model.Agent(), Pictures: &s.pictures, Action: s.action,
		AskPath: s.askPath,
	}
	return bottomPanel{
		shell:    s,
		sizes:    panelHeights,
		split:    kit.Split{Axis: layout.Vertical, Size: panelHeights[0], Last: true, Min: 160, MinOther: 80},
		problems: problemList{shell: s}, log: logList{shell: s},
		agent: loop.NewPanel(w), infinite: loop.NewMap(w), improve: loop.NewImprove(w),
		debugger: debugger.NewPanel(&debugger.Window{Theme: s.th, Model: s.model.Debugger(), Pictures: &s.pictures, Action: s.action, Reveal: s.code.show}),
	}
}

// visible is whether the panel is on screen, in a window of this height.
func (p *bottomPanel) visible() *bool {
	if p.low {
		return &p.shownLow
	}
	return &p.shown
}

func (p *bottomPanel) update(gtx layout.Context) {
	for i := range p.tabs {
		if p.tabs[i].Clicked(gtx) {
			p.turn(i)
		}
	}
	if p.hide.Clicked(gtx) {
		p.action("window.panel").Invoke()
	}
	if *p.visible() {
		switch p.tab {
		case panelDebugger:
			p.debugger.Update(gtx)
		case panelAgent:
			p.agent.Update(gtx)
		case panelMap:
			p.infinite.Update(gtx)
		case panelImprove:
			p.improve.Update(gtx)
		}
	}
	p.problems.update(gtx)
	p.log.update(gtx)
}

// open shows the panel at one of its tabs.
func (p *bottomPanel) open(tab int) {
	*p.visible() = true
	p.turn(tab)
}

// turn turns to a tab. The loop's panels have a height of their own, and so has the
// debugger.
func (p *bottomPanel) turn(tab int) {
	if was, is := size(p.tab), size(tab); was != is {
		p.sizes[was] = p.split.Size
		p.split.Size = p.sizes[is]
	}
	p.tab = tab
}

// size is which of the panel's heights a tab has.
func size(tab int) int {
	switch {
	case tab >= panelAgent:
		return 1
	case tab == panelDebugger:
		return 2
	}
	return 0
}

func (p *bottomPanel) layout(gtx layout.Context) layout.Dimensions {
	size := gtx.Constraints.Max
	kit.Fill(gtx, image.Rectangle{Max: size}, p.th.Panel)
	head := gtx.Dp(kit.HeadHeight)
	kit.Boxed(gtx, image.Rect(0, 0, size.X, head), p.layoutHead)
	kit.Boxed(gtx, image.Rect(0, head, size.X, size.Y), func(gtx layout.Context) layout.Dimensions {
		switch p.tab {
		case panelDebugger:
			return p.debugger.Layout(gtx)
		case panelLog:
			return p.log.layout(gtx)
		case panelAgent:
			return p.agent.Layout(gtx)
		case panelMap:
			return p.infinite.Layout(gtx)
		case panelImprove:
			return p.improve.Layout(gtx)
		}
		return p.problems.layout(gtx)
	})
	return layout.Dimensions{Size: size}
}

func (p *bottomPanel) layoutHead(gtx layout.Context) layout.Dimensions {
	th := p.th
	kit.Hairline(gtx, layout.S, th.Line)
	counts := [len(panelNames)]int{panelProblems: len(p.model.Problems()), panelLog: len(p.model.Log()), panelImprove: p.model.Agent().Waiting()}
	narrow := gtx.Constraints.Max.X < gtx.Dp(narrowTabs)
	row := []layout.FlexChild{kit.Gap(4)}
	for i := range p.tabs {
		row = append(row, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return p.layoutTab(gtx, i, counts[i], narrow)
		}))
	}
	row = append(row, layout.Flexed(1, layout.Spacer{}.Layout))
	if gtx.Constraints.Max.X > gtx.Dp(480) {
		row = append(row, layout.Rigid(kit.Middle(th.Caption(p.action("help.palette").Keys+"  all actions", th.Faint).Layout)), kit.Gap(8))
	}
	row = append(row, layout.Rigid(kit.ButtonStyle{Theme: th, Button: &p.hide, Name: "hide the panel", Icon: kit.IconClose, Height: 24, Keys: p.action("window.panel").Keys}.Layout), kit.Gap(8))
	gtx.Constraints.Min = gtx.Constraints.Max
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
}

// narrowTabs is a width that not all tabs have room in.
const narrowTabs unit.Dp = 560

func (p *bottomPanel) layoutTab(gtx layout.Context, i, n int, narrow bool) layout.Dimensions {
	th, click := p.th, &p.tabs[i]
	name, side := panelNames[i], unit.Dp(12)
	if narrow {
		side = 5
		if i == panelMap {
			name = "Map"
		}
	}
	height := gtx.Constraints.Max.Y
	return click.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		semantic.Button.Add(gtx.Ops)
		semantic.LabelOp("panel " + panelNames[i]).Add(gtx.Ops)
		semantic.SelectedOp(p.tab == i).Add(gtx.Ops)
		pointer.CursorPointer.Add(gtx.Ops)
		ink := th.Dim
		if p.tab == i || click.Hovered() {
			ink = th.Text
		}
		gtx.Constraints.Min = image.Pt(0, height)
		d := layout.Flex{Alignment: layout.Middle}.Layout(gtx, kit.Gap(side),
			layout.Rigid(kit.Middle(th.Body(name).Tint(ink).Layout)),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				if n == 0 {
					return layout.Dimensions{}
				}
				return layout.Flex{}.Layout(gtx, kit.Gap(6), layout.Rigid(kit.Middle(th.Caption(kit.Thousands(n), th.Dim).Layout)))
			}), kit.Gap(side))
		if p.tab == i {
			kit.Fill(gtx, image.Rect(gtx.Dp(8), height-gtx.Dp(2), d.Size.X-gtx.Dp(8), height), th.Accent)
		}
		if gtx.Focused(click) {
			kit.Outline(gtx, image.Rectangle{Max: d.Size}.Inset(gtx.Dp(2)), 4, 2, th.Accent)
		}
		return d
	})
}
