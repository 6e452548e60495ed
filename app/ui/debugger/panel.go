package debugger

import (
	"image"

	"gioui.org/layout"

	"gvpie/app/studio"
	"gvpie/app/studio/debugger"
	"gvpie/app/ui/kit"
	"gvpie/runtime/pxl"
)

// Window is what the panel knows of the window it stands in.
type Window struct {
	Theme    *kit.Theme
	Model    *debugger.Model
	Pictures *kit.Pictures
	// Action finds one of the window's actions.
	Action func(id string) *studio.Action
	// Reveal brings a place of the program into sight.
	Reveal func(at pxl.Position)
}

// Panel is the bottom panel's Debugger: what is true at the moment that is looked at, and
// the ways to others.
type Panel struct {
	*Window
	columns kit.Split // values beside the rest
	rest    kit.Split // time beside the right column
	values  values
	time    timeline
	right   column
}

// NewPanel makes the panel.
func NewPanel(w *Window) *Panel {
	return &Panel{
		Window:  w,
		columns: kit.Split{Axis: layout.Horizontal, Size: 320, Min: 172, MinOther: 550},
		rest:    kit.Split{Axis: layout.Horizontal, Size: 400, Last: true, Min: 296, MinOther: 254},
		values:  values{Window: w, open: map[string]bool{}},
		right:   newColumn(w),
		time:    timeline{Window: w},
	}
}

// Update takes in input while the panel is on screen.
func (p *Panel) Update(gtx layout.Context) {
	p.values.update(gtx)
	p.time.update(gtx)
	p.right.update(gtx)
}

// ShowSearch shows the search, and gives its field the keyboard.
func (p *Panel) ShowSearch() {
	p.right.open(columnSearch)
	p.right.search.focus = true
}

// ShowInput shows the branches, and gives the field of a new one's input the keyboard.
func (p *Panel) ShowInput() {
	p.right.open(columnBranches)
	p.right.branches.focus = true
}

// Layout draws the panel.
func (p *Panel) Layout(gtx layout.Context) layout.Dimensions {
	size := gtx.Constraints.Max
	now := p.Model.Now()
	if now == nil {
		says, hint := "Pause, and go through the run", "F6 pauses. Then every statement of every frame can be gone to, forwards and backwards"
		if p.Model.Open() {
			says, hint = "Going to the present…", "What was run is run again, up to where the program stands"
		}
		if err := p.Model.Problem(); err != "" {
			says, hint = "This run cannot be gone through", err
		}
		return kit.Empty(gtx, p.Theme, kit.IconInfo, says, hint)
	}
	if size.X < gtx.Dp(560) {
		kit.Boxed(gtx, image.Rectangle{Max: size}, func(gtx layout.Context) layout.Dimensions { return p.time.layout(gtx, now) })
		return layout.Dimensions{Size: size}
	}
	return p.columns.Layout(gtx, p.Theme,
		func(gtx layout.Context) layout.Dimensions { return p.values.layout(gtx, now) },
		func(gtx layout.Context) layout.Dimensions {
			if !p.right.shown && size.X < gtx.Dp(1000) {
				return p.time.layout(gtx, now)
			}
			return p.rest.Layout(gtx, p.Theme, func(gtx layout.Context) layout.Dimensions { return p.time.layout(gtx, now) }, p.right.layout)
		})
}
