package debugger

import (
	"fmt"
	"image"
	"strconv"
	"strings"

	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/widget"

	"gvpie/app/studio/debugger"
	"gvpie/app/ui/kit"
)

// values is the left column: what the names hold, and the call stack.
type values struct {
	*Window
	scroll kit.Scroll
	calls  kit.States[widget.Clickable]
}

// valueRow is a line of the column.
type valueRow struct {
	head     string
	variable *debugger.Variable
	call     int // of the stack, from 0; -1: none
}

const valueHeight = 24

func (v *values) update(gtx layout.Context) {
	now := v.Model.Now()
	if now == nil {
		return
	}
	for i := range now.Calls {
		if v.calls.At(i).Clicked(gtx) && now.Calls[i].At.Line > 0 {
			v.Reveal(now.Calls[i].At)
		}
	}
}

// rows lists what is shown: the locals of the innermost call first, for they are what is
// being worked with.
func rows(now *debugger.Moment) []valueRow {
	var out []valueRow
	list := func(head string, all []debugger.Variable) {
		if len(all) == 0 {
			return
		}
		if head != "" {
			out = append(out, valueRow{head: head, call: -1})
		}
		for i := range all {
			out = append(out, valueRow{variable: &all[i], call: -1})
		}
	}
	inCall := false
	for _, c := range now.Calls {
		if len(c.Locals) > 0 {
			list(c.Name, c.Locals)
			inCall = true
			break
		}
	}
	if inCall {
		list("program", now.Globals)
	} else {
		list("", now.Globals)
	}
	if len(now.Calls) > 0 {
		out = append(out, valueRow{head: "call stack", call: -1})
	}
	for i := range now.Calls {
		out = append(out, valueRow{call: i})
	}
	return out
}

func (v *values) layout(gtx layout.Context, now *debugger.Moment) layout.Dimensions {
	all := rows(now)
	return v.scroll.Layout(gtx, v.Theme, len(all), func(gtx layout.Context, i int) layout.Dimensions {
		size := image.Pt(gtx.Constraints.Max.X, gtx.Dp(valueHeight))
		switch r := all[i]; {
		case r.variable != nil:
			kit.Boxed(gtx, image.Rectangle{Max: size}, func(gtx layout.Context) layout.Dimensions { return v.layoutVariable(gtx, r.variable) })
		case r.call >= 0:
			return v.layoutCall(gtx, now, r.call)
		default:
			kit.Boxed(gtx, image.Rectangle{Max: size}, func(gtx layout.Context) layout.Dimensions {
				return layout.Inset{Left: 14}.Layout(gtx, kit.Middle(v.Theme.Caption(r.head, v.Theme.Dim).Layout))
			})
		}
		return layout.Dimensions{Size: size}
	})
}

func (v *values) layoutVariable(gtx layout.Context, x *debugger.Variable) layout.Dimensions {
	th := v.Theme
	ink := th.Dim
	if x.Changed {
		ink = th.Accent
	}
	says := Written(x)
	semantic.LabelOp(x.Name + " is " + says).Add(gtx.Ops)
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx, kit.Gap(14),
		kit.Cell(96, false, th.Mono(x.Name)), kit.Gap(8),
		layout.Flexed(1, kit.Middle(th.Mono(says).Tint(ink).Layout)), kit.Gap(12))
}

func (v *values) layoutCall(gtx layout.Context, now *debugger.Moment, i int) layout.Dimensions {
	c := &now.Calls[i]
	name := c.Name
	if name == "" {
		name = "program"
	}
	note, spoken := fmt.Sprintf("line %d", c.At.Line), fmt.Sprintf("%s at line %d", name, c.At.Line)
	if c.At.Line == 0 { // it ran off the end of the program
		note, spoken = "ended", name+" ended"
	}
	return kit.RowStyle{Theme: v.Theme, Click: v.calls.At(i), Label: name, Note: note, NoteInk: v.Theme.Dim,
		Name: spoken, Mono: true, Height: valueHeight, Inset: 14}.Layout(gtx)
}

// mostWords is how many words of an array are written in a line.
const mostWords = 40

// Written is what a variable holds, on one line.
func Written(x *debugger.Variable) string {
	if x.Words == nil {
		return strconv.Itoa(int(x.Value))
	}
	var s strings.Builder
	s.WriteByte('[')
	for i, w := range x.Words {
		if i == mostWords {
			fmt.Fprintf(&s, ", … %d", len(x.Words))
			break
		}
		if i > 0 {
			s.WriteString(", ")
		}
		s.WriteString(strconv.Itoa(int(w)))
	}
	s.WriteByte(']')
	return s.String()
}
