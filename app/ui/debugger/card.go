package debugger

import (
	"fmt"
	"image"
	"image/color"
	"strings"
	"time"

	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"

	"gvpie/app/studio"
	"gvpie/app/studio/debugger"
	"gvpie/app/ui/kit"
)

// CardDelay is how long the pointer rests on a texel of a running program before its
// card opens; that of one that is paused is there at once.
const CardDelay = 400 * time.Millisecond

// Pointing is the card beside the pointer: what the machine holds for the texel that the
// pointer is on, what a person sees of it, and what drew it.
type Pointing struct {
	Model *studio.Model
	// Keys are those of asking who drew a texel.
	Keys string

	at    image.Point
	on    bool
	since time.Time // the pointer is on that texel
}

// Update says which texel the pointer is on, where it is on one that a card is of.
func (p *Pointing) Update(gtx layout.Context, x, y int, on bool) {
	if at := image.Pt(x, y); at != p.at || on != p.on {
		p.at, p.on, p.since = at, on, gtx.Now
	}
	p.Model.Debugger().Pointer().Set(x, y, on)
}

// Layout draws the card over everything else, inside bounds, beside the pixels that show
// the texel.
func (p *Pointing) Layout(gtx layout.Context, th *kit.Theme, texel, bounds image.Rectangle) {
	t, ok := p.Model.Texel()
	if !p.on || !ok || (image.Point{t.X, t.Y}) != p.at {
		return
	}
	run := p.Model.RunState()
	if due := p.since.Add(CardDelay); run.Paused() == "" && gtx.Now.Before(due) {
		gtx.Execute(op.InvalidateCmd{At: due})
		return
	}
	c := card{Theme: th, texel: t, layers: p.Model.Debugger().Pointer().Layers(), keys: p.Keys}
	float(gtx, th, texel, bounds, "card of the texel", c.layout)
}

// float draws a card over everything else, beside a texel.
func float(gtx layout.Context, th *kit.Theme, texel, bounds image.Rectangle, label string, w layout.Widget) {
	bounds = bounds.Inset(gtx.Dp(4))
	m := op.Record(gtx.Ops)
	gtx.Constraints = layout.Constraints{Max: image.Pt(min(gtx.Dp(440), bounds.Dx()), gtx.Dp(400))}
	d := layout.Inset{Left: 10, Right: 12, Top: 7, Bottom: 8}.Layout(gtx, w)
	content := m.Stop()
	at := beside(texel, bounds, d.Size, gtx.Dp(14))
	m = op.Record(gtx.Ops)
	kit.At(gtx, at, func(gtx layout.Context) layout.Dimensions {
		kit.Card(gtx, th, d.Size)
		semantic.LabelOp(label).Add(gtx.Ops)
		content.Add(gtx.Ops)
		return d
	})
	op.Defer(gtx.Ops, m.Stop())
}

// beside is where a card of a size stands: right of the texel and below it; where there is
// no room, left of it or above, and as much of it in bounds as can be.
func beside(texel, bounds image.Rectangle, size image.Point, gap int) image.Point {
	at := texel.Max.Add(image.Pt(gap, gap))
	if end := bounds.Max.X - size.X; at.X > end {
		at.X = max(min(texel.Min.X-gap-size.X, end), bounds.Min.X)
	}
	if end := bounds.Max.Y - size.Y; at.Y > end {
		if at.Y = texel.Min.Y - gap - size.Y; at.Y < bounds.Min.Y {
			at.Y = max(end, bounds.Min.Y)
		}
	}
	return at
}

// card is what the card of a texel shows.
type card struct {
	*kit.Theme
	texel  studio.Texel
	layers []debugger.Layer
	keys   string
}

func (c card) layout(gtx layout.Context) layout.Dimensions {
	gtx.Constraints.Min = image.Point{}
	rows := []layout.FlexChild{layout.Rigid(c.seen), layout.Rigid(c.held)}
	for _, l := range c.drawn() {
		rows = append(rows, layout.Rigid(func(gtx layout.Context) layout.Dimensions { return c.drawing(gtx, l) }))
	}
	if c.texel.Written {
		rows = append(rows, kit.Gap(3), layout.Rigid(c.row(c.Body("Who drew this?").Tint(c.Accent), c.Small("  right click · "+c.keys, c.Dim))))
	}
	return layout.Flex{Axis: layout.Vertical}.Layout(gtx, rows...)
}

// row draws labels beside one another; the last is cut where there is no room.
func (c card) row(labels ...kit.Label) layout.Widget {
	return func(gtx layout.Context) layout.Dimensions {
		all := make([]layout.FlexChild, len(labels))
		for i, l := range labels {
			all[i] = layout.Rigid(l.Layout)
		}
		return c.line(gtx, all...)
	}
}

func (c card) line(gtx layout.Context, all ...layout.FlexChild) layout.Dimensions {
	gtx.Constraints.Min = image.Pt(0, gtx.Dp(18))
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx, all...)
}

// seen is the texel as a person sees it.
func (c card) seen(gtx layout.Context) layout.Dimensions {
	t := c.texel
	strong := c.Strong
	switch {
	case !t.Written:
		return c.row(strong("untouched"), c.Dimmed("  nothing drew there"))(gtx)
	case t.Pixel:
		return c.line(gtx, c.color("", t.Color)...)
	case t.HasGlyph():
		return c.line(gtx, append(append([]layout.FlexChild{layout.Rigid(strong(t.Letter()).Layout)}, c.color("  ink ", t.Ink)...), c.color("  paper ", t.Paper)...)...)
	}
	return c.line(gtx, append([]layout.FlexChild{layout.Rigid(strong(t.Letter()).Layout)}, c.color("  paper ", t.Paper)...)...)
}

// color is a swatch with the colour's name.
func (c card) color(what string, rgb uint32) []layout.FlexChild {
	name := studio.ColorName(rgb)
	if number := fmt.Sprintf("0x%06X", rgb); name != number {
		name += " " + number
	}
	return []layout.FlexChild{layout.Rigid(c.Dimmed(what).Layout), layout.Rigid(swatch(c.Theme, rgb)), kit.Gap(5), layout.Rigid(c.Body(name).Layout)}
}

// held is the texel as the machine holds it.
func (c card) held(gtx layout.Context) layout.Dimensions {
	t := c.texel
	what := "cell"
	if t.Pixel {
		what = "texel"
	}
	return c.row(c.Small("machine ", c.Machine), c.Small(fmt.Sprintf("%s %d, %d · ", what, t.X, t.Y), c.Dim),
		c.Mono(fmt.Sprintf("%02X %02X %02X", t.Word&0xFF, t.Word>>8&0xFF, t.Word>>16&0xFF)))(gtx)
}

// drawn is what drew the texel: where the debugger does not look, or has not found it
// yet, the statement that the machine itself keeps.
func (c card) drawn() []debugger.Layer {
	if c.layers != nil || c.texel.Line == 0 {
		return c.layers
	}
	return []debugger.Layer{{Drawn: debugger.Statement{At: c.texel.At, Text: c.texel.Statement}, Include: c.texel.Included}}
}

// drawing is a statement that drew the texel, and when.
func (c card) drawing(gtx layout.Context, l debugger.Layer) layout.Dimensions {
	where := fmt.Sprintf("line %d", l.Drawn.At.Line)
	if l.Include {
		where += " of " + l.Drawn.At.File
	}
	op, rest, _ := strings.Cut(strings.Join(strings.Fields(l.Drawn.Text), " "), " ")
	code := func(s string, ink color.NRGBA) kit.Label { return c.Mono(s).Tint(ink) }
	var labels []kit.Label
	if l.Part != "" {
		labels = append(labels, c.Small(l.Part+"  ", c.Dim))
	}
	labels = append(labels, c.Small(where+"  ", c.Text), code(op+" ", c.Mnemonic), code(rest, c.Text))
	if l.Command == 0 {
		return c.row(labels...)(gtx)
	}
	when := fmt.Sprintf("frame %d · cycle %s · command %s", l.At.Frame, kit.Thousands(int(l.At.Cycle)), kit.Thousands(l.Command))
	return layout.Flex{Axis: layout.Vertical}.Layout(gtx, layout.Rigid(c.row(labels...)), layout.Rigid(c.row(c.Small(when, c.Dim))))
}
