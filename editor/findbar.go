package editor

import (
	"image"

	"gioui.org/io/event"
	"gioui.org/io/key"
	"gioui.org/io/pointer"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/op/clip"
	"gioui.org/unit"
	"gioui.org/widget"
)

// updateFind handles the bar's keys and buttons.
func (e *finder) updateFind(gtx layout.Context) {
	f := &e.find
	if !f.open {
		return
	}
	f.had = f.focused(gtx)
	for {
		ev, ok := gtx.Event(
			key.Filter{Focus: &f.needle, Name: key.NameReturn, Optional: key.ModShift},
			key.Filter{Focus: &f.needle, Name: key.NameEnter, Optional: key.ModShift},
			key.Filter{Focus: &f.needle, Name: key.NameEscape},
			key.Filter{Focus: &f.needle, Name: key.NameTab},
			key.Filter{Focus: &f.needle, Name: key.NameF3, Optional: key.ModShift},
			key.Filter{Focus: &f.needle, Name: "F", Required: key.ModShortcut},
			key.Filter{Focus: &f.needle, Name: "H", Required: key.ModShortcut},
			key.Filter{Focus: &f.with, Name: key.NameReturn},
			key.Filter{Focus: &f.with, Name: key.NameEnter},
			key.Filter{Focus: &f.with, Name: key.NameEscape},
			key.Filter{Focus: &f.with, Name: key.NameTab, Optional: key.ModShift},
			key.Filter{Focus: &f.with, Name: key.NameF3, Optional: key.ModShift},
		)
		if !ok {
			break
		}
		k, ok := ev.(key.Event)
		if !ok || k.State != key.Press {
			continue
		}
		inWith := gtx.Focused(&f.with)
		switch k.Name {
		case key.NameReturn, key.NameEnter, key.NameF3:
			switch {
			case inWith && k.Name != key.NameF3:
				e.replaceOne()
			case k.Modifiers.Contain(key.ModShift):
				e.FindPrev()
			default:
				e.FindNext()
			}
		case key.NameEscape:
			e.CloseFind()
		case key.NameTab:
			if f.replacing && !inWith {
				gtx.Execute(key.FocusCmd{Tag: &f.with})
			} else {
				gtx.Execute(key.FocusCmd{Tag: &f.needle})
			}
		case "F":
			f.needle.SetCaret(f.needle.Len(), 0)
		case "H":
			f.replacing = !e.readOnly
		}
	}
	for {
		ev, ok := f.needle.Update(gtx)
		if !ok {
			break
		}
		if _, ok := ev.(widget.ChangeEvent); ok {
			e.findHere()
		}
	}
	for {
		if _, ok := f.with.Update(gtx); !ok {
			break
		}
	}
	for _, b := range []struct {
		click *widget.Clickable
		do    func()
	}{
		{&f.next, e.FindNext},
		{&f.prev, e.FindPrev},
		{&f.one, e.replaceOne},
		{&f.all, e.replaceAll},
		{&f.shut, e.CloseFind},
		{&f.fold, func() { f.matchCase = !f.matchCase; e.findHere() }},
		{&f.more, func() { f.replacing = !f.replacing && !e.readOnly }},
	} {
		for b.click.Clicked(gtx) {
			b.do()
		}
	}
}

// barHeight gives how much of the editor's top the bar takes.
func (f *findBar) barHeight(gtx layout.Context) int {
	switch {
	case !f.open:
		return 0
	case f.replacing:
		return gtx.Dp(2*24 + 3*6)
	}
	return gtx.Dp(24 + 2*6)
}

// layoutFind draws the bar across the editor's top.
func (e *finder) layoutFind(gtx layout.Context, st *Style) {
	f := &e.find
	if !f.open {
		return
	}
	if f.wantFocus {
		f.wantFocus = false
		gtx.Execute(key.FocusCmd{Tag: &f.needle})
	}
	f.refresh(&e.buf)
	size := image.Pt(gtx.Constraints.Max.X, f.barHeight(gtx))
	area := image.Rectangle{Max: size}
	defer clip.Rect(area).Push(gtx.Ops).Pop()
	event.Op(gtx.Ops, f)
	pointer.CursorDefault.Add(gtx.Ops)
	fill(gtx, st.Colors.Panel, area)
	fill(gtx, st.Colors.Rule, image.Rect(0, size.Y-gtx.Dp(1), size.X, size.Y))

	ui := &look{st: st, gtx: gtx}
	pad, high := gtx.Dp(6), gtx.Dp(24)
	gtx.Constraints = layout.Exact(image.Pt(max(0, size.X-2*pad), high))
	row := func(y int, children ...layout.FlexChild) {
		defer op.Offset(image.Pt(pad, y)).Push(gtx.Ops).Pop()
		layout.Flex{Alignment: layout.Middle}.Layout(gtx, children...)
	}
	gap := layout.Rigid(layout.Spacer{Width: unit.Dp(4)}.Layout)
	row(pad,
		layout.Rigid(ui.button(&f.more, pick(f.replacing, "▾", "▸"), false)), gap,
		layout.Flexed(1, ui.field(&f.needle, "Find", f.count(e.sel), len(f.matches) == 0 && f.key.needle != "")), gap,
		layout.Rigid(ui.button(&f.fold, "Aa", f.matchCase)),
		layout.Rigid(ui.button(&f.prev, "↑", false)),
		layout.Rigid(ui.button(&f.next, "↓", false)),
		layout.Rigid(ui.button(&f.shut, "×", false)),
	)
	if f.replacing {
		row(2*pad+high,
			layout.Rigid(layout.Spacer{Width: unit.Dp(26)}.Layout), gap,
			layout.Flexed(1, ui.field(&f.with, "Replace with", "", false)), gap,
			layout.Rigid(ui.button(&f.one, "Replace", false)),
			layout.Rigid(ui.button(&f.all, "All", false)),
		)
	}
}
