package kit

import (
	"image"

	"gioui.org/f32"
	"gioui.org/io/event"
	"gioui.org/io/pointer"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/unit"
	"gioui.org/widget"
)

// Tab is one tab as it should look.
type Tab struct {
	Title   string
	Hint    string // the tooltip: a file's whole path
	Unsaved bool
	Failed  bool // its text does not assemble
	Preview bool // it makes way for the next: the title leans
}

// Tabs is a row of tabs with a close mark on each, which scrolls sideways when
// it is too narrow for all.
type Tabs struct {
	list   layout.List
	tabs   States[tabState]
	active int
}

type tabState struct {
	click widget.Clickable
	close Button
	hover bool
}

// TabEvent is what was asked of a tab.
type TabEvent struct {
	Index int
	Close bool
	Keep  bool // it was clicked twice
}

// Update takes in input for n tabs.
func (t *Tabs) Update(gtx layout.Context, n int) (TabEvent, bool) {
	for i := range n {
		s := t.tabs.At(i)
		if s.close.Clicked(gtx) {
			return TabEvent{Index: i, Close: true}, true
		}
		if c, ok := s.click.Update(gtx); ok {
			return TabEvent{Index: i, Keep: c.NumClicks > 1}, true
		}
		if s.middleClicked(gtx) {
			return TabEvent{Index: i, Close: true}, true
		}
	}
	return TabEvent{}, false
}

func (s *tabState) middleClicked(gtx layout.Context) bool {
	clicked := false
	for {
		e, ok := gtx.Event(pointer.Filter{Target: s, Kinds: pointer.Press | pointer.Enter | pointer.Leave | pointer.Cancel})
		if !ok {
			return clicked
		}
		if e, ok := e.(pointer.Event); ok {
			switch e.Kind {
			case pointer.Press:
				clicked = clicked || e.Buttons == pointer.ButtonTertiary
			case pointer.Enter:
				s.hover = true
			default:
				s.hover = false
			}
		}
	}
}

// Layout draws the tabs; the active one is kept in sight.
func (t *Tabs) Layout(gtx layout.Context, th *Theme, tabs []Tab, active int) layout.Dimensions {
	t.list.Axis = layout.Horizontal
	t.list.Alignment = layout.End
	if active != t.active {
		t.active = active
		p := t.list.Position
		if active < p.First || active >= p.First+p.Count-1 {
			t.list.ScrollTo(max(0, active-max(0, p.Count-2)))
		}
	}
	width := t.width(gtx, len(tabs))
	gtx.Constraints.Min = image.Point{}
	return t.list.Layout(gtx, len(tabs), func(gtx layout.Context, i int) layout.Dimensions {
		return t.tabs.At(i).layout(gtx, th, tabs[i], i == active, width)
	})
}

// width is the widest a tab may be: narrower as there are more.
func (t *Tabs) width(gtx layout.Context, n int) int {
	return min(gtx.Dp(180), max(gtx.Dp(108), gtx.Constraints.Max.X/max(1, n)))
}

func (s *tabState) layout(gtx layout.Context, th *Theme, tab Tab, active bool, width int) layout.Dimensions {
	height := gtx.Constraints.Max.Y
	if s.click.Hovered() {
		th.Tip.Offer(gtx, &s.click, tab.Hint, "")
	}
	gtx.Constraints = layout.Constraints{Min: image.Pt(0, height), Max: image.Pt(width, height)}
	m := op.Record(gtx.Ops)
	dims := s.click.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		semantic.Button.Add(gtx.Ops)
		semantic.LabelOp("tab " + tab.Title).Add(gtx.Ops)
		semantic.SelectedOp(active).Add(gtx.Ops)
		pointer.CursorPointer.Add(gtx.Ops)
		ink := th.Dim
		if active || s.hover {
			ink = th.Text
		}
		if tab.Failed {
			ink = th.Error
		}
		return layout.Flex{Alignment: layout.Middle}.Layout(gtx,
			Gap(14),
			layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
				gtx.Constraints.Min.X = 0
				title := th.Body(tab.Title).Tint(ink).Layout
				if tab.Preview {
					title = leaning(title)
				}
				return Middle(title)(gtx)
			}),
			Gap(4+20+4),
		)
	})
	call := m.Stop()
	dims.Size.Y = height
	r := image.Rectangle{Max: dims.Size}
	if active {
		Fill(gtx, r, th.Window)
		Fill(gtx, image.Rect(0, 0, r.Max.X, max(1, gtx.Dp(2))), th.Accent)
	} else if s.hover {
		Fill(gtx, r, Alpha(th.Selected, 120))
	}
	edge := gtx
	edge.Constraints.Max = dims.Size
	Hairline(edge, layout.E, th.Line)
	defer clip.Rect(r).Push(gtx.Ops).Pop()
	event.Op(gtx.Ops, s)
	call.Add(gtx.Ops)
	if gtx.Focused(&s.click) {
		Outline(gtx, r.Inset(gtx.Dp(2)), 4, 2, th.Accent)
	}
	side := gtx.Dp(20)
	At(gtx, image.Pt(dims.Size.X-side-gtx.Dp(6), (height-side)/2), func(gtx layout.Context) layout.Dimensions {
		return s.mark(gtx, th, tab, active, unit.Dp(20))
	})
	return dims
}

// leaning draws a title slanted to the right. Inter has no italic here.
func leaning(w layout.Widget) layout.Widget {
	return func(gtx layout.Context) layout.Dimensions {
		m := op.Record(gtx.Ops)
		d := w(gtx)
		call := m.Stop()
		foot := f32.Pt(0, float32(d.Size.Y-d.Baseline))
		defer op.Affine(f32.AffineId().Shear(foot, -.2, 0)).Push(gtx.Ops).Pop()
		call.Add(gtx.Ops)
		return d
	}
}

// Mark draws the close mark, or the dot of unsaved text where nothing is
// hovered.
func (s *tabState) mark(gtx layout.Context, th *Theme, tab Tab, active bool, side unit.Dp) layout.Dimensions {
	b := ButtonStyle{Theme: th, Button: &s.close, Name: "close " + tab.Title, Hint: "Close", Icon: IconClose, Height: side}
	over := s.hover || s.close.click.Hovered()
	switch {
	case tab.Unsaved && !s.close.click.Hovered():
		b.Icon, b.Color = IconDot, th.Warning
	case !active && !over:
		b.Icon = IconNone
	}
	gtx.Constraints = layout.Exact(image.Pt(gtx.Dp(side), gtx.Dp(side)))
	return b.Layout(gtx)
}
