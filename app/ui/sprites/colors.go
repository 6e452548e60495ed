package sprites

import (
	"fmt"
	"image"
	"image/color"

	"gioui.org/io/pointer"
	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/unit"
	"gioui.org/widget"

	"gvpie/app/studio/sprites"
	"gvpie/app/ui/kit"
)

// colors are the palette's colours, and none, to be chosen from.
type colors struct {
	sheet  *sprites.Sheet
	clicks kit.States[widget.Clickable]
}

// letters are those of the colours, in order, and that of none.
func (c *colors) letters() []byte {
	out := make([]byte, len(c.sheet.Palette), len(c.sheet.Palette)+1)
	for i := range out {
		out[i] = c.sheet.Digit(i)
	}
	return append(out, sprites.Clear)
}

// update gives the letter that was chosen.
func (c *colors) update(gtx layout.Context) (letter byte, ok bool) {
	for i, l := range c.letters() {
		if c.clicks.At(i).Clicked(gtx) {
			letter, ok = l, true
		}
	}
	return letter, ok
}

// The size of a colour, and how many stand in a row.
const (
	swatchSize    unit.Dp = 40
	swatchesInRow int     = 4
)

func (c *colors) layout(gtx layout.Context, th *kit.Theme, chosen byte) layout.Dimensions {
	letters, step := c.letters(), gtx.Dp(swatchSize+4)
	for i, l := range letters {
		at := image.Pt(i%swatchesInRow*step, i/swatchesInRow*step)
		kit.At(gtx, at, func(gtx layout.Context) layout.Dimensions { return c.swatch(gtx, th, i, l, sameColor(l, chosen)) })
	}
	rows := (len(letters) + swatchesInRow - 1) / swatchesInRow
	return layout.Dimensions{Size: image.Pt(swatchesInRow*step, rows*step)}
}

// sameColor says whether two letters are of one colour.
func sameColor(a, b byte) bool { return a == b || a|0x20 == b|0x20 && a > '@' }

func (c *colors) swatch(gtx layout.Context, th *kit.Theme, i int, letter byte, chosen bool) layout.Dimensions {
	click := c.clicks.At(i)
	name, keys := "no colour", "."
	rgb, opaque := c.sheet.Color(letter)
	if opaque {
		keys = string(c.sheet.Digit(i))
		name = fmt.Sprintf("colour %s, 0x%06X", keys, rgb)
	}
	if click.Hovered() {
		th.Tip.Offer(gtx, click, name, keys)
	}
	return click.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		semantic.Button.Add(gtx.Ops)
		semantic.LabelOp(name).Add(gtx.Ops)
		semantic.SelectedOp(chosen).Add(gtx.Ops)
		pointer.CursorPointer.Add(gtx.Ops)
		r := image.Rectangle{Max: image.Pt(gtx.Dp(swatchSize), gtx.Dp(swatchSize))}
		ground, ink := color.NRGBA{R: uint8(rgb >> 16), G: uint8(rgb >> 8), B: uint8(rgb), A: 255}, color.NRGBA{A: 170}
		if !opaque {
			ground = kit.Mix(th.Window, th.Text, 36)
		}
		if 2*int(ground.R)+5*int(ground.G)+int(ground.B) < 8*128 {
			ink = color.NRGBA{R: 255, G: 255, B: 255, A: 170}
		}
		kit.FillRound(gtx, r, kit.Corner, ground)
		kit.Outline(gtx, r, kit.Corner, 1, th.Line)
		if chosen {
			kit.Outline(gtx, r, kit.Corner, 4, th.Raised)
			kit.Outline(gtx, r, kit.Corner, 2, th.Accent)
		}
		m := op.Record(gtx.Ops)
		gtx.Constraints.Min = image.Point{}
		d := th.Mono(keys).Tint(ink).Layout(gtx)
		call := m.Stop()
		off := op.Offset(r.Max.Sub(d.Size).Div(2)).Push(gtx.Ops)
		call.Add(gtx.Ops)
		off.Pop()
		return layout.Dimensions{Size: r.Max}
	})
}
