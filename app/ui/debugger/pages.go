package debugger

import (
	"fmt"
	"image"
	"image/color"

	"gioui.org/layout"
	"gioui.org/op/clip"
	"gioui.org/unit"

	"gvpie/app/studio"
	"gvpie/app/studio/pages"
	"gvpie/app/ui/kit"
	"gvpie/canvas/view"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

// numbersFrom is how large a texel is from which on what it holds stands on it.
const numbersFrom unit.Dp = 44

// Pages says what the words of the machine's view are: all of those in sight where they
// are large, else that under the pointer.
type Pages struct {
	Model *studio.Model
	of    *pxl.Assembly // that names are of
	names *pages.Names
}

// Layout draws over a canvas that shows a page, with the pointer on texel at, if on is set,
// and a card inside bounds.
func (p *Pages) Layout(gtx layout.Context, th *kit.Theme, c *view.Canvas, page machine.Page, at image.Point, on bool, bounds image.Rectangle) {
	d := p.Model.Active()
	if d == nil || d.Live() == nil {
		return
	}
	if a := d.Live(); a != p.of {
		p.of, p.names = a, pages.Of(a)
	}
	canvas := page == machine.DisplayPage || page == machine.WriterPage
	large := c.TexelSize().X >= float32(gtx.Dp(numbersFrom))
	var area image.Rectangle
	switch {
	case large:
		area = c.Visible()
	case on && !canvas:
		area = image.Rectangle{Min: at, Max: at.Add(image.Pt(1, 1))}
	}
	p.Model.ShowWords(studio.WordsOf{Page: page, Area: area})
	words := p.Model.Words()
	if words == nil || words.Page != page {
		return
	}
	if large {
		p.numbers(gtx, th, c, words)
	}
	if i, v, ok := words.At(at.X, at.Y); on && !canvas && ok {
		float(gtx, th, c.Area(at.X, at.Y), bounds, "card of the word", func(gtx layout.Context) layout.Dimensions {
			return p.card(gtx, th, page, i, v)
		})
	}
}

// numbers writes onto each texel what it holds.
func (p *Pages) numbers(gtx layout.Context, th *kit.Theme, c *view.Canvas, words *studio.Words) {
	white, dim := color.NRGBA{255, 255, 255, 255}, color.NRGBA{255, 255, 255, 190}
	for y := words.Area.Min.Y; y < words.Area.Max.Y; y++ {
		for x := words.Area.Min.X; x < words.Area.Max.X; x++ {
			i, v, ok := words.At(x, y)
			if !ok {
				continue
			}
			box := c.Area(x, y).Inset(gtx.Dp(3))
			kit.FillRound(gtx, box, 3, color.NRGBA{A: 150})
			kit.Boxed(gtx, box, func(gtx layout.Context) layout.Dimensions {
				defer clip.Rect{Max: gtx.Constraints.Max}.Push(gtx.Ops).Pop()
				var rows []layout.FlexChild
				for k, text := range p.lines(words.Page, i, v) {
					l := th.Mono(text).Tint(white)
					if l.Size = 9; k > 0 {
						l = l.Tint(dim)
					}
					rows = append(rows, layout.Rigid(l.Layout))
				}
				gtx.Constraints.Min = image.Point{}
				return layout.UniformInset(2).Layout(gtx, func(gtx layout.Context) layout.Dimensions {
					return layout.Flex{Axis: layout.Vertical}.Layout(gtx, rows...)
				})
			})
		}
	}
}

// lines is what stands on a texel.
func (p *Pages) lines(page machine.Page, i int, v uint32) []string {
	switch page {
	case machine.DisplayPage:
		return []string{fmt.Sprintf("R %02X", v&0xFF), fmt.Sprintf("G %02X", v>>8&0xFF), fmt.Sprintf("B %02X", v>>16&0xFF)}
	case machine.WriterPage:
		if at, ok := p.of.Map.At(int(v)); ok && v != 0 {
			return []string{fmt.Sprintf("line %d", at.Pos.Line), fmt.Sprint(v)}
		}
		return []string{"nobody"}
	}
	w := p.names.Word(page, i, v)
	if w.Short == "" {
		return []string{w.Value}
	}
	return []string{w.Short, w.Value}
}

// card says what the word under the pointer is.
func (p *Pages) card(gtx layout.Context, th *kit.Theme, page machine.Page, i int, v uint32) layout.Dimensions {
	w := p.names.Word(page, i, v)
	name := w.Name
	if name == "" {
		name = "a word of the assembler's own"
	}
	c := card{Theme: th}
	rows := []layout.FlexChild{
		layout.Rigid(c.row(th.Strong(name+"  "), th.Mono(w.Value).Tint(th.Number))),
		layout.Rigid(c.row(th.Small("machine ", th.Machine), th.Small(fmt.Sprintf("%s word %d · ", page, i), th.Dim), th.Mono(fmt.Sprintf("0x%08X", v)))),
	}
	if at, ok := p.of.Map.At(w.PC); ok && w.PC >= 0 {
		rows = append(rows, layout.Rigid(c.row(th.Small(fmt.Sprintf("line %d  ", at.Pos.Line), th.Text), th.Mono(p.of.Map.Text(w.PC)))))
	}
	gtx.Constraints.Min = image.Point{}
	return layout.Flex{Axis: layout.Vertical}.Layout(gtx, rows...)
}
