package kit

import (
	"image"

	"gioui.org/font"
	"gioui.org/io/key"
	"gioui.org/io/pointer"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/op/paint"
	"gioui.org/widget"
)

// Field is a one-line text entry.
type Field struct{ edit widget.Editor }

// FieldStyle draws a Field.
type FieldStyle struct {
	Theme *Theme
	Field *Field
	Name  string // for a screen reader
	Empty string // what to write here, shown while it is empty
	Icon  Icon
	Mono  bool
	Bare  bool // no frame
}

// Text is what has been typed.
func (f *Field) Text() string { return f.edit.Text() }

// SetText replaces the text and puts the caret at its end.
func (f *Field) SetText(s string) {
	f.edit.SetText(s)
	f.edit.SetCaret(f.edit.Len(), f.edit.Len())
}

// Select marks the runes from a to b.
func (f *Field) Select(a, b int) { f.edit.SetCaret(b, a) }

// Focused says whether the field has the keyboard.
func (f *Field) Focused(gtx layout.Context) bool { return gtx.Focused(&f.edit) }

// Focus gives the field the keyboard.
func (f *Field) Focus(gtx layout.Context) { gtx.Execute(key.FocusCmd{Tag: &f.edit}) }

// Update takes in input: whether the text changed, whether Return was pressed.
func (f *Field) Update(gtx layout.Context) (changed, entered bool) {
	f.edit.SingleLine, f.edit.Submit = true, true
	for {
		e, ok := f.edit.Update(gtx)
		if !ok {
			return changed, entered
		}
		switch e.(type) {
		case widget.ChangeEvent:
			changed = true
		case widget.SubmitEvent:
			entered = true
		}
	}
}

// Layout draws the field as wide as it may be.
func (s FieldStyle) Layout(gtx layout.Context) layout.Dimensions {
	th := s.Theme
	size := image.Pt(gtx.Constraints.Max.X, gtx.Dp(32))
	r := image.Rectangle{Max: size}
	if !s.Bare {
		FillRound(gtx, r, Corner, th.Window)
		edge := th.Line
		if gtx.Focused(&s.Field.edit) {
			edge = th.Accent
		}
		Outline(gtx, r, Corner, 1, edge)
	}
	defer clip.Rect(r).Push(gtx.Ops).Pop()
	semantic.Editor.Add(gtx.Ops)
	semantic.LabelOp(s.Name).Add(gtx.Ops)
	pointer.CursorText.Add(gtx.Ops)
	gtx.Constraints = layout.Exact(size)
	row := []layout.FlexChild{Gap(10)}
	if s.Icon != nil {
		row = append(row, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return s.Icon.Layout(gtx, 16, th.Faint)
		}), Gap(8))
	}
	row = append(row, layout.Flexed(1, Middle(s.text)), Gap(10))
	layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
	return layout.Dimensions{Size: size}
}

func (s FieldStyle) text(gtx layout.Context) layout.Dimensions {
	th := s.Theme
	var face font.Font
	if face = th.UI; s.Mono {
		face = th.Code
	}
	material := func(l Label) op.CallOp {
		m := op.Record(gtx.Ops)
		paint.ColorOp{Color: l.Color}.Add(gtx.Ops)
		return m.Stop()
	}
	if s.Field.edit.Len() == 0 {
		l := th.Body(s.Empty).Tint(th.Faint)
		l.Layout(gtx)
	}
	th.CoverAll(s.Field.edit.Text())
	return s.Field.edit.Layout(gtx, th.Shaper, face, TextSize,
		material(Label{Color: th.Text}), material(Label{Color: Alpha(th.Accent, 80)}))
}
