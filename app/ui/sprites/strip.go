package sprites

import (
	"fmt"
	"image"

	"gioui.org/io/pointer"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/unit"
	"gioui.org/widget"

	"gvpie/app/studio/sprites"
	"gvpie/app/ui/kit"
)

// strip are the frames in a row, to be chosen from, and what can be done with them.
type strip struct {
	sheet    *sprites.Sheet
	pictures *kit.Pictures
	list     layout.List
	clicks   kit.States[widget.Clickable]
	front    int // the one that was brought into sight last

	add, remove, back, on kit.Button
	onion                 kit.Switch
}

// update takes in input; onion says that the onion skin was switched.
func (t *strip) update(gtx layout.Context) (onion bool) {
	s := t.sheet
	for i := range s.Frames() {
		if t.clicks.At(i).Clicked(gtx) {
			s.Show(i)
		}
	}
	for b, do := range map[*kit.Button]func(){
		&t.add: s.Add, &t.remove: s.Remove, &t.back: func() { s.Move(-1) }, &t.on: func() { s.Move(1) },
	} {
		if b.Clicked(gtx) {
			do()
		}
	}
	return t.onion.Clicked(gtx)
}

// thumbSize is how large a frame is in the strip.
const thumbSize unit.Dp = 52

func (t *strip) layout(gtx layout.Context, th *kit.Theme, onion bool) layout.Dimensions {
	s := t.sheet
	button := func(b *kit.Button, name string, icon kit.Icon, off bool) layout.FlexChild {
		return layout.Rigid(kit.ButtonStyle{Theme: th, Button: b, Name: name, Icon: icon, Disabled: off}.Layout)
	}
	if t.front != s.Front() {
		t.front = s.Front()
		if p := t.list.Position; t.front < p.First || t.front >= p.First+p.Count-1 {
			t.list.ScrollTo(t.front)
		}
	}
	height := gtx.Dp(thumbSize)
	gtx.Constraints.Min.Y, gtx.Constraints.Max.Y = height, height
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx,
		layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
			d := t.list.Layout(gtx, s.Frames(), func(gtx layout.Context, i int) layout.Dimensions { return t.thumb(gtx, th, i) })
			return layout.Dimensions{Size: image.Pt(gtx.Constraints.Max.X, d.Size.Y)}
		}), kit.Gap(12),
		button(&t.add, "Add a copy of the frame", kit.IconPlus, !s.CanAdd()),
		button(&t.remove, "Remove the frame", kit.IconMinus, s.Frames() == 1),
		button(&t.back, "Move the frame to the front", kit.IconLeft, s.Front() == 0),
		button(&t.on, "Move the frame to the back", kit.IconRight, s.Front() == s.Frames()-1), kit.Gap(8),
		layout.Rigid(kit.Middle(func(gtx layout.Context) layout.Dimensions {
			return t.onion.Layout(gtx, th, "Onion skin", onion, s.Frames() == 1)
		})), kit.Gap(4),
		layout.Rigid(kit.Middle(th.Dimmed("Onion skin").Layout)))
}

func (t *strip) thumb(gtx layout.Context, th *kit.Theme, i int) layout.Dimensions {
	click, size := t.clicks.At(i), gtx.Dp(thumbSize)
	d := click.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		front := i == t.sheet.Front()
		semantic.Button.Add(gtx.Ops)
		semantic.LabelOp(fmt.Sprintf("frame %d", i)).Add(gtx.Ops)
		semantic.SelectedOp(front).Add(gtx.Ops)
		pointer.CursorPointer.Add(gtx.Ops)
		r := image.Rectangle{Max: image.Pt(size, size)}
		kit.FillRound(gtx, r, kit.Corner, th.Window)
		show(gtx, th, t.pictures, t.sheet, i, r.Inset(gtx.Dp(4)))
		if front {
			kit.Outline(gtx, r, kit.Corner, 2, th.Accent)
		} else {
			kit.Outline(gtx, r, kit.Corner, 1, th.Line)
		}
		return layout.Dimensions{Size: r.Max}
	})
	d.Size.X += gtx.Dp(4)
	return d
}
