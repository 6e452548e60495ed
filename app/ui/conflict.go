package ui

import (
	"fmt"
	"image"
	"image/color"

	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/unit"

	"gvpie/app/studio"
	"gvpie/app/studio/textdiff"
	"gvpie/app/ui/kit"
)

// conflict shows the two texts of a document side by side, that on disk and that in
// the window, and has the person choose.
type conflict struct {
	doc     *studio.Document
	of      [2]string // the texts that rows compares
	rows    []textdiff.Row
	says    string
	choices []kit.Choice
	buttons []kit.Button
	scroll  kit.Scroll
	focused bool
}

// askConflict opens the question for a document.
func (d *documents) askConflict(doc *studio.Document) {
	at := func(do func(i int)) func() {
		return func() {
			for i, open := range d.model.Docs() {
				if open == doc {
					do(i)
				}
			}
		}
	}
	c := &conflict{doc: doc, choices: []kit.Choice{
		{Label: "Cancel", Look: kit.Quiet},
		{Label: "Take the file", Look: kit.Framed, Do: at(d.model.Revert)},
		{Label: "Save mine", Look: kit.Primary, Do: at(func(i int) {
			d.model.KeepMine(i)
			d.model.Save(i)
		})},
	}}
	c.buttons = make([]kit.Button, len(c.choices))
	c.compare()
	d.dialogs.open(c)
}

// compare lays the texts out anew where one is another.
func (c *conflict) compare() {
	of := [2]string{c.doc.Theirs(), c.doc.Text()}
	if c.rows != nil && of == c.of {
		return
	}
	lines := textdiff.Lines(of[0], of[1])
	c.of, c.rows = of, textdiff.Rows(lines)
	mine, theirs := textdiff.Count(lines)
	c.says = fmt.Sprintf("Another program wrote to the file while there were unsaved edits here: %s only in the file, %s only here.",
		kit.Count(theirs, "line"), kit.Count(mine, "line"))
	for i, r := range c.rows {
		if r.A != r.B {
			c.scroll.GoTo(max(0, i-3))
			break
		}
	}
}

func (c *conflict) Frame() (width, height, top unit.Dp) { return 1080, 640, 0 }

func (c *conflict) Update(gtx layout.Context) (done bool) {
	if !c.focused {
		c.focused = true
		c.buttons[0].Focus(gtx) // nothing is lost by a Return too many
	}
	if !c.doc.Conflict {
		return true // the file is as it was, or holds what is here
	}
	c.compare()
	for i := range c.buttons {
		if c.buttons[i].Clicked(gtx) {
			if do := c.choices[i].Do; do != nil {
				do()
			}
			return true
		}
	}
	return false
}

func (c *conflict) Layout(gtx layout.Context, th *kit.Theme) layout.Dimensions {
	title := c.doc.Name + " was changed by another program"
	semantic.DescriptionOp(title).Add(gtx.Ops)
	gtx.Constraints.Min = gtx.Constraints.Max
	return layout.Flex{Axis: layout.Vertical}.Layout(gtx,
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return layout.Inset{Left: 20, Right: 20, Top: 16, Bottom: 12}.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
				head := th.Strong(title)
				head.Size, head.Lines = 15, 2
				return layout.Flex{Axis: layout.Vertical}.Layout(gtx,
					layout.Rigid(head.Layout), kit.Gap(6), layout.Rigid(th.Dimmed(c.says).Paragraph().Layout))
			})
		}),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions { return c.layoutHeads(gtx, th) }),
		layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
			kit.Fill(gtx, image.Rectangle{Max: gtx.Constraints.Max}, th.Window)
			return c.scroll.Layout(gtx, th, len(c.rows), func(gtx layout.Context, i int) layout.Dimensions { return c.layoutRow(gtx, th, c.rows[i]) })
		}),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions { return c.layoutChoices(gtx, th) }),
	)
}

func (c *conflict) layoutHeads(gtx layout.Context, th *kit.Theme) layout.Dimensions {
	size := image.Pt(gtx.Constraints.Max.X, gtx.Dp(28))
	kit.Fill(gtx, image.Rectangle{Max: size}, th.Panel)
	left, right := halves(size)
	for text, r := range map[string]image.Rectangle{"On disk": left, "Here": right} {
		kit.Boxed(gtx, r, func(gtx layout.Context) layout.Dimensions {
			return layout.Inset{Left: 14, Right: 8}.Layout(gtx, kit.Middle(th.Small(text, th.Dim).Layout))
		})
	}
	return layout.Dimensions{Size: size}
}

func (c *conflict) layoutRow(gtx layout.Context, th *kit.Theme, r textdiff.Row) layout.Dimensions {
	size := image.Pt(gtx.Constraints.Max.X, gtx.Dp(kit.CodeLineHeight))
	left, right := halves(size)
	side := func(box image.Rectangle, l *textdiff.Line, number func(*textdiff.Line) int, mark string, tint color.NRGBA) {
		kit.Boxed(gtx, box, func(gtx layout.Context) layout.Dimensions {
			switch {
			case l == nil:
				kit.Fill(gtx, image.Rectangle{Max: gtx.Constraints.Max}, kit.Alpha(th.Line, 70))
				return layout.Dimensions{Size: gtx.Constraints.Max}
			case l.Op == textdiff.Same:
				return kit.CodeLine(gtx, th, fmt.Sprint(number(l)), " ", l.Text, th.Dim, color.NRGBA{})
			}
			return kit.CodeLine(gtx, th, fmt.Sprint(number(l)), mark, l.Text, th.Text, kit.Alpha(tint, 34))
		})
	}
	side(left, r.A, func(l *textdiff.Line) int { return l.A }, "-", th.Error)
	side(right, r.B, func(l *textdiff.Line) int { return l.B }, "+", th.Accent)
	return layout.Dimensions{Size: size}
}

// halves are the left and the right side, a line's width apart.
func halves(size image.Point) (left, right image.Rectangle) {
	middle := size.X / 2
	return image.Rect(0, 0, middle-1, size.Y), image.Rect(middle+1, 0, size.X, size.Y)
}

func (c *conflict) layoutChoices(gtx layout.Context, th *kit.Theme) layout.Dimensions {
	return layout.UniformInset(14).Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		gtx.Constraints.Min.Y = 0
		row := []layout.FlexChild{layout.Flexed(1, layout.Spacer{}.Layout)}
		for i, ch := range c.choices {
			row = append(row, kit.Gap(8), layout.Rigid(kit.ButtonStyle{Theme: th, Button: &c.buttons[i], Label: ch.Label, Look: ch.Look, Height: 32}.Layout))
		}
		return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
	})
}
