package kit

import (
	"image"

	"gioui.org/f32"
	"gioui.org/io/event"
	"gioui.org/io/key"
	"gioui.org/io/pointer"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/unit"
	"gioui.org/widget"
)

// MenuItem is one line of a menu. An item without a Label is a divider.
type MenuItem struct {
	Label    string
	Note     string // dim, at the right: a key, a remark
	Checked  bool
	Disabled bool
}

// Menu is a button that drops a list of items.
type Menu struct {
	Button Button
	open   bool
	had    bool // the menu has had the keyboard since it opened
	cursor int
	scroll Scroll
	press  f32.Point // where in the window the pointer was pressed to open it
	items  States[widget.Clickable]
}

// MenuStyle draws a Menu.
type MenuStyle struct {
	Theme *Theme
	Menu  *Menu
	Items []MenuItem
	Right bool // the list is aligned with the button's right edge
	Width unit.Dp
}

// Open says whether the list is down.
func (m *Menu) Open() bool { return m.open }

// Chosen takes in input and gives the index of an item just chosen.
func (m *Menu) Chosen(gtx layout.Context, items []MenuItem) (int, bool) {
	if m.Button.Clicked(gtx) {
		m.setOpen(gtx, !m.open)
		m.cursor = max(0, checked(items))
		m.scroll.ToStart()
	}
	if !gtx.Enabled() {
		m.open = false // a dialog stands over it, and the pointer belongs to that
	}
	if !m.open {
		return 0, false
	}
	for i := range items {
		if m.items.At(i).Clicked(gtx) && !items[i].Disabled {
			m.setOpen(gtx, false)
			return i, true
		}
	}
	for {
		e, ok := gtx.Event(
			pointer.Filter{Target: &m.open, Kinds: pointer.Press | pointer.Scroll, ScrollY: pointer.ScrollRange{Min: -1, Max: 1}},
			key.FocusFilter{Target: m},
			key.Filter{Focus: m, Name: key.NameEscape},
			key.Filter{Focus: m, Name: key.NameUpArrow},
			key.Filter{Focus: m, Name: key.NameDownArrow},
			key.Filter{Focus: m, Name: key.NameReturn},
			key.Filter{Focus: m, Name: key.NameSpace},
		)
		if !ok {
			return 0, false
		}
		switch e := e.(type) {
		case pointer.Event:
			if e.Kind == pointer.Press {
				m.setOpen(gtx, false)
				return 0, false
			}
		case key.FocusEvent:
			if !e.Focus && m.had {
				m.open = false
			}
			m.had = e.Focus
		case key.Event:
			if e.State != key.Press {
				break
			}
			switch e.Name {
			case key.NameEscape:
				m.setOpen(gtx, false)
			case key.NameUpArrow:
				m.move(items, -1)
			case key.NameDownArrow:
				m.move(items, 1)
			default:
				if m.cursor < len(items) && items[m.cursor].Label != "" && !items[m.cursor].Disabled {
					m.setOpen(gtx, false)
					return m.cursor, true
				}
			}
		}
	}
}

func (m *Menu) setOpen(gtx layout.Context, open bool) {
	m.open, m.had = open, false
	if open {
		gtx.Execute(key.FocusCmd{Tag: m})
	} else {
		gtx.Execute(key.FocusCmd{})
	}
}

// move takes the cursor to the next item that can be chosen.
func (m *Menu) move(items []MenuItem, by int) {
	for range items {
		m.cursor = (m.cursor + by + len(items)) % len(items)
		if items[m.cursor].Label != "" && !items[m.cursor].Disabled {
			return
		}
	}
}

func checked(items []MenuItem) int {
	for i := range items {
		if items[i].Checked {
			return i
		}
	}
	return -1
}

// Layout draws the button as given and, when open, the list over the window.
func (s MenuStyle) Layout(gtx layout.Context, button ButtonStyle) layout.Dimensions {
	button.Theme, button.Button = s.Theme, &s.Menu.Button
	button.Selected = button.Selected || s.Menu.open
	if !s.Menu.open {
		s.Menu.press = s.Theme.Tip.pressed
	}
	if s.Menu.open {
		button.Hint = ""
	}
	dims := button.Layout(gtx)
	if !s.Menu.open {
		return dims
	}
	m := op.Record(gtx.Ops)
	s.list(gtx, dims.Size)
	op.Defer(gtx.Ops, m.Stop())
	return dims
}

func (s MenuStyle) list(gtx layout.Context, button image.Point) {
	const everywhere = 1 << 14
	outside := clip.Rect(image.Rect(-everywhere, -everywhere, everywhere, everywhere)).Push(gtx.Ops)
	event.Op(gtx.Ops, &s.Menu.open)
	pointer.CursorDefault.Add(gtx.Ops)
	outside.Pop()

	width := s.Width
	if width == 0 {
		width = 200
	}
	th, pad := s.Theme, gtx.Dp(4)
	height, up := s.room(gtx, button.Y)
	size := image.Pt(min(gtx.Dp(width), th.Bounds.X-2*pad), height)
	gtx.Constraints = layout.Exact(size)
	m := op.Record(gtx.Ops)
	dims := layout.UniformInset(4).Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		return s.Menu.scroll.Layout(gtx, th, len(s.Items), s.row)
	})
	call := m.Stop()
	p := image.Pt(0, button.Y+pad)
	if up {
		p.Y = -pad - size.Y
	}
	if s.Right {
		p.X = button.X - dims.Size.X
	}
	defer op.Offset(p).Push(gtx.Ops).Pop()
	Card(gtx, s.Theme, dims.Size)
	defer clip.Rect{Max: dims.Size}.Push(gtx.Ops).Pop()
	event.Op(gtx.Ops, s.Menu)
	call.Add(gtx.Ops)
}

// room is how high the list may be, and whether it stands over the button
// because there is more room there. The button was near the pointer when it
// was pressed; nothing else tells where in the window it is.
func (s MenuStyle) room(gtx layout.Context, button int) (height int, up bool) {
	height = gtx.Dp(8)
	for _, item := range s.Items {
		if item.Label == "" {
			height += gtx.Dp(dividerHeight)
		} else {
			height += gtx.Dp(RowHeight)
		}
	}
	above := int(s.Menu.press.Y) - button
	below := s.Theme.Bounds.Y - int(s.Menu.press.Y) - button
	if height > below && above > below {
		return min(height, above), true
	}
	return min(height, max(below, gtx.Dp(3*RowHeight))), false
}

// dividerHeight is the height of a line between two groups of items.
const dividerHeight unit.Dp = 9

func (s MenuStyle) row(gtx layout.Context, i int) layout.Dimensions {
	th, item, click := s.Theme, s.Items[i], s.Menu.items.At(i)
	if item.Label == "" {
		size := image.Pt(gtx.Constraints.Max.X, gtx.Dp(dividerHeight))
		Fill(gtx, image.Rect(0, size.Y/2, size.X, size.Y/2+max(1, gtx.Dp(1))), th.Line)
		return layout.Dimensions{Size: size}
	}
	if item.Disabled {
		gtx = gtx.Disabled()
	}
	if click.Hovered() {
		s.Menu.cursor = i
	}
	return click.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		semantic.Button.Add(gtx.Ops)
		semantic.LabelOp(item.Label).Add(gtx.Ops)
		semantic.SelectedOp(item.Checked).Add(gtx.Ops)
		pointer.CursorPointer.Add(gtx.Ops)
		size := image.Pt(gtx.Constraints.Max.X, gtx.Dp(RowHeight))
		ink := th.Text
		if item.Disabled {
			ink = th.Faint
		} else if s.Menu.cursor == i {
			FillRound(gtx, image.Rectangle{Max: size}, 4, th.Selected)
		}
		gtx.Constraints = layout.Exact(size)
		return layout.Flex{Alignment: layout.Middle}.Layout(gtx,
			Gap(8),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				if item.Checked {
					return IconCheck.Layout(gtx, 14, th.Accent)
				}
				return layout.Dimensions{Size: image.Pt(gtx.Dp(14), gtx.Dp(14))}
			}),
			Gap(8),
			layout.Flexed(1, Middle(th.Body(item.Label).Tint(ink).Layout)),
			Gap(8),
			layout.Rigid(Middle(th.Caption(item.Note, th.Faint).Layout)),
			Gap(8),
		)
	})
}
