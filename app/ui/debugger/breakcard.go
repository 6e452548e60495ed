package debugger

import (
	"fmt"
	"image"
	"strings"

	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/unit"

	"gvpie/app/studio/debugger"
	"gvpie/app/ui/kit"
)

// BreakCard asks for what a breakpoint asks for: a condition, a number of hits, and what
// it writes in place of stopping. It is a kit.Modal.
type BreakCard struct {
	is     debugger.Breakpoint
	code   string
	at     image.Point
	check  func(debugger.Breakpoint) (problem string)
	set    func(debugger.Breakpoint)
	remove func()

	fields    [3]kit.Field // condition, hits, text
	take, out kit.Button
	begun     bool
	says      string // what is wrong with what is written
}

// NewBreakCard makes the card of the breakpoint of a line, whose text is code, beside a
// point of the window. check says what is wrong with one.
func NewBreakCard(is debugger.Breakpoint, code string, at image.Point, check func(debugger.Breakpoint) string, set func(debugger.Breakpoint), remove func()) *BreakCard {
	c := &BreakCard{is: is, code: strings.TrimSpace(code), at: at, check: check, set: set, remove: remove}
	for i, text := range [...]string{is.Condition, is.Hits, is.Log} {
		c.fields[i].SetText(text)
	}
	return c
}

// Frame is the size of a Modal.
func (c *BreakCard) Frame() (width, height, top unit.Dp) { return 380, 340, 0 }

// Anchor is where it stands: see kit.Anchored.
func (c *BreakCard) Anchor() image.Point { return c.at }

// asked is what is written.
func (c *BreakCard) asked() debugger.Breakpoint {
	b := debugger.Breakpoint{Line: c.is.Line}
	for i, to := range [...]*string{&b.Condition, &b.Hits, &b.Log} {
		*to = strings.TrimSpace(c.fields[i].Text())
	}
	return b
}

// Update takes in input.
func (c *BreakCard) Update(gtx layout.Context) (done bool) {
	if !c.begun {
		c.begun = true
		c.fields[0].Focus(gtx)
	}
	take := c.take.Clicked(gtx)
	for i := range c.fields {
		changed, entered := c.fields[i].Update(gtx)
		if changed {
			c.says = c.check(c.asked())
		}
		take = take || entered
	}
	if c.out.Clicked(gtx) {
		c.remove()
		return true
	}
	if !take {
		return false
	}
	if c.says = c.check(c.asked()); c.says != "" {
		return false
	}
	c.set(c.asked())
	return true
}

// Layout draws the card.
func (c *BreakCard) Layout(gtx layout.Context, th *kit.Theme) layout.Dimensions {
	semantic.DescriptionOp("breakpoint").Add(gtx.Ops)
	rows := []layout.FlexChild{
		layout.Rigid(th.Strong(fmt.Sprintf("Breakpoint on line %d", c.is.Line)).Layout), kit.Gap(2),
		layout.Rigid(th.Mono(c.code).Tint(th.Dim).Layout), kit.Gap(12),
	}
	for i, f := range [...]struct{ name, empty string }{
		{"Stops where", "an expression: x > 60 && frame % 10 == 0"},
		{"Hits", "5, >= 5 or % 3 of them; empty is each"},
		{"Writes, in place of stopping", "a line for the log: x is {x}"},
	} {
		rows = append(rows,
			layout.Rigid(th.Caption(f.name, th.Dim).Layout), kit.Gap(4),
			layout.Rigid(kit.FieldStyle{Theme: th, Field: &c.fields[i], Name: f.name, Empty: f.empty, Mono: true}.Layout), kit.Gap(10))
	}
	if c.says != "" {
		says := th.Body(kit.UpperFirst(c.says)).Tint(th.Error)
		says.Lines = 2
		rows = append(rows, layout.Rigid(says.Layout), kit.Gap(10))
	}
	rows = append(rows, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
		return layout.Flex{Alignment: layout.Middle}.Layout(gtx, layout.Flexed(1, layout.Spacer{}.Layout),
			layout.Rigid(kit.ButtonStyle{Theme: th, Button: &c.out, Label: "Remove", Look: kit.Framed, Height: 30}.Layout), kit.Gap(8),
			layout.Rigid(kit.ButtonStyle{Theme: th, Button: &c.take, Label: "Set", Look: kit.Primary, Height: 30}.Layout))
	}))
	return layout.UniformInset(16).Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		return layout.Flex{Axis: layout.Vertical}.Layout(gtx, rows...)
	})
}
