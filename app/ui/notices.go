package ui

import (
	"image"
	"image/color"
	"slices"
	"time"

	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/unit"

	"gvpie/app/studio/notice"
	"gvpie/app/ui/kit"
)

// doneShown is how long a notice that something was done stays.
const doneShown = 4 * time.Second

// notices are the cards over the lower right corner that say what has happened.
type notices struct {
	*shell
	dismiss map[int]*kit.Button // by the notice's ID
}

// update dismisses what has been read or has been shown long enough.
func (v *notices) update(gtx layout.Context) {
	var next time.Time
	for _, n := range slices.Clone(v.model.Notices()) {
		due := n.At.Add(doneShown)
		switch {
		case v.button(n.ID).Clicked(gtx), n.Kind == notice.Done && !gtx.Now.Before(due):
			v.model.Dismiss(n.ID)
			delete(v.dismiss, n.ID)
		case n.Kind == notice.Done && (next.IsZero() || due.Before(next)):
			next = due
		}
	}
	if !next.IsZero() {
		gtx.Execute(op.InvalidateCmd{At: next})
	}
}

// button is what dismisses a notice.
func (v *notices) button(id int) *kit.Button {
	b := v.dismiss[id]
	if b == nil {
		b = new(kit.Button)
		v.dismiss[id] = b
	}
	return b
}

// layout draws the newest notices over the lower right corner.
func (v *notices) layout(gtx layout.Context, bottom int) {
	notices := v.model.Notices()
	if n := len(notices); n > 3 {
		notices = notices[n-3:]
	}
	size := gtx.Constraints.Max
	y := size.Y - bottom - gtx.Dp(12)
	for i := len(notices) - 1; i >= 0; i-- {
		n := notices[i]
		gtx := gtx
		gtx.Constraints = layout.Constraints{Max: image.Pt(min(gtx.Dp(420), size.X-gtx.Dp(24)), size.Y)}
		m := op.Record(gtx.Ops)
		d := v.layoutNotice(gtx, n)
		call := m.Stop()
		y -= d.Size.Y
		kit.At(gtx, image.Pt(size.X-d.Size.X-gtx.Dp(12), y), func(gtx layout.Context) layout.Dimensions {
			kit.Card(gtx, v.th, d.Size)
			call.Add(gtx.Ops)
			return d
		})
		y -= gtx.Dp(8)
	}
}

func (v *notices) layoutNotice(gtx layout.Context, n notice.Notice) layout.Dimensions {
	th := v.th
	icon, ink := kindLook(th, n.Kind)
	return layout.Inset{Left: 12, Right: 6, Top: 6, Bottom: 6}.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		return layout.Flex{Alignment: layout.Middle}.Layout(gtx,
			layout.Rigid(func(gtx layout.Context) layout.Dimensions { return icon.Layout(gtx, 16, ink) }), kit.Gap(8),
			layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
				gtx.Constraints.Min.X = 0
				l := th.Body(n.Text).Paragraph()
				l.Lines = 5
				return l.Layout(gtx)
			}), kit.Gap(8),
			layout.Rigid(kit.ButtonStyle{Theme: th, Button: v.button(n.ID), Name: "dismiss", Icon: kit.IconClose, Height: unit.Dp(24)}.Layout),
		)
	})
}

// kindLook is a notice's icon and colour.
func kindLook(th *kit.Theme, k notice.Kind) (kit.Icon, color.NRGBA) {
	switch k {
	case notice.Warning:
		return kit.IconWarning, th.Warning
	case notice.Problem:
		return kit.IconError, th.Error
	}
	return kit.IconCheck, th.Accent
}
