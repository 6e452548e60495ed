package debugger

import (
	"cmp"
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
	scroll   kit.Scroll
	calls    kit.States[widget.Clickable]
	names    kit.States[widget.Clickable] // by row, of what can be opened or changed
	cells    kit.States[widget.Clickable] // see cell
	leave    kit.Button
	open     map[string]bool // lists that are shown word by word
	change   change
	watching change     // of an expression
	rows     []valueRow // as last drawn
	of       *debugger.Moment
	wide     int // words of a list in a row, as last drawn
}

// valueRow is a line of the column.
type valueRow struct {
	head     string
	variable *debugger.Variable
	deep     bool // it is a local of an outer call
	from     int  // the first word of an open list that the row shows; -1: the row is its name
	call     int  // of the stack, from 0; -1: none
	watch    int  // the place of what is watched, from 1; 0: none
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
	if v.leave.Clicked(gtx) {
		v.Model.Leave()
	}
	for i, last := v.scroll.Visible(len(v.rows)); i < last; i++ {
		switch r := &v.rows[i]; {
		case r.variable != nil:
			v.updateRow(gtx, i, r.variable, r.from)
		case r.watch > 0:
			v.updateWatch(gtx, i, r.watch-1)
		}
	}
	if watch, text, ok := v.watching.update(gtx); ok {
		v.Model.Watches().Set(watch, strings.TrimSpace(text))
		v.of = nil
	}
	v.Model.Watches().Update()
	if word, text, ok := v.change.update(gtx); ok {
		v.Model.Set(word, text)
	}
}

// updateRow opens a list whose name is clicked, or begins to change a value.
func (v *values) updateRow(gtx layout.Context, i int, x *debugger.Variable, from int) {
	switch {
	case from < 0 && v.names.At(i).Clicked(gtx):
		if x.Words == nil {
			v.change.begin(x.Word, Written(x))
			return
		}
		v.open[x.Name] = !v.open[x.Name]
		v.of = nil
	case from >= 0 && x.Word >= 0:
		for k, w := range x.Words[from:min(from+v.inRow(x), len(x.Words))] {
			if v.cell(i, k).Clicked(gtx) {
				v.change.begin(x.Word+from+k, strconv.Itoa(int(w)))
			}
		}
	}
}

// list lists what is shown: the locals of the innermost call first, for they are what is
// being worked with.
func (v *values) list(now *debugger.Moment) []valueRow {
	var out []valueRow
	list := func(head string, deep bool, all []debugger.Variable) {
		if len(all) == 0 {
			return
		}
		if head != "" {
			out = append(out, valueRow{head: head, call: -1})
		}
		for i := range all {
			x := &all[i]
			out = append(out, valueRow{variable: x, deep: deep, from: -1, call: -1})
			for at := 0; v.open[x.Name] && at < len(x.Words); at += v.inRow(x) {
				out = append(out, valueRow{variable: x, from: at, call: -1})
			}
		}
	}
	first := 0
	for first < len(now.Calls)-1 && len(now.Calls[first].Locals) == 0 {
		first++
	}
	head := ""
	if len(now.Calls) > 0 && len(now.Calls[first].Locals) > 0 {
		list(now.Calls[first].Name, false, now.Calls[first].Locals)
		head = "program"
	}
	out = append(v.watchRows(), out...)
	list(head, false, now.Globals)
	list("tables and sprites", false, now.Tables)
	if len(now.Calls) > 0 {
		out = append(out, valueRow{head: "call stack", call: -1})
	}
	for i := range now.Calls {
		out = append(out, valueRow{call: i})
		if i != first {
			list("", true, now.Calls[i].Locals)
		}
	}
	return out
}

func (v *values) layout(gtx layout.Context, now *debugger.Moment) layout.Dimensions {
	size, top := gtx.Constraints.Max, 0
	if text := v.Model.Problem(); text != "" || now.Branch != "" {
		top = gtx.Dp(30)
		kit.Boxed(gtx, image.Rect(gtx.Dp(14), 0, size.X-gtx.Dp(8), top), func(gtx layout.Context) layout.Dimensions { return v.layoutBranch(gtx, now, text) })
	}
	if wide := (size.X - gtx.Dp(64)) / gtx.Dp(cellWidth); v.of != now || v.wide != wide {
		v.of, v.wide = now, max(1, wide)
		v.rows = v.list(now)
	}
	kit.Boxed(gtx, image.Rect(0, top, size.X, size.Y), func(gtx layout.Context) layout.Dimensions {
		return v.scroll.Layout(gtx, v.Theme, len(v.rows), func(gtx layout.Context, i int) layout.Dimensions {
			size := image.Pt(gtx.Constraints.Max.X, gtx.Dp(valueHeight))
			var row layout.Widget
			switch r := v.rows[i]; {
			case r.variable != nil && r.from >= 0:
				row = func(gtx layout.Context) layout.Dimensions { return v.layoutWords(gtx, i, r.variable, r.from) }
			case r.variable != nil:
				row = func(gtx layout.Context) layout.Dimensions { return v.layoutVariable(gtx, r, v.names.At(i)) }
			case r.watch > 0:
				row = func(gtx layout.Context) layout.Dimensions { return v.layoutWatch(gtx, r.watch-1, v.names.At(i)) }
			case r.call >= 0:
				return v.layoutCall(gtx, now, r.call)
			default:
				row = func(gtx layout.Context) layout.Dimensions {
					return layout.Inset{Left: 14}.Layout(gtx, kit.Middle(v.Theme.Caption(r.head, v.Theme.Dim).Layout))
				}
			}
			kit.Boxed(gtx, image.Rectangle{Max: size}, row)
			return layout.Dimensions{Size: size}
		})
	})
	return layout.Dimensions{Size: size}
}

// layoutBranch says which branch is looked at, with the way back, or what went wrong.
func (v *values) layoutBranch(gtx layout.Context, now *debugger.Moment, problem string) layout.Dimensions {
	th := v.Theme
	says := th.Strong(now.Branch)
	if problem != "" {
		says = th.Body(kit.UpperFirst(problem)).Tint(th.Error)
	}
	row := []layout.FlexChild{layout.Flexed(1, kit.Middle(says.Layout)), kit.Gap(8)}
	if now.Branch != "" {
		row = append(row, layout.Rigid(kit.ButtonStyle{Theme: th, Button: &v.leave, Label: "Leave", Hint: "Back to the run as it was", Look: kit.Framed, Height: 22}.Layout))
	}
	gtx.Constraints.Min = gtx.Constraints.Max
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
}

func (v *values) layoutVariable(gtx layout.Context, r valueRow, click *widget.Clickable) layout.Dimensions {
	th, x := v.Theme, r.variable
	if x.Words == nil && x.Word < 0 {
		gtx = gtx.Disabled()
	}
	return click.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		ink := th.Dim
		if x.Changed {
			ink = th.Accent
		}
		says := Written(x)
		semantic.LabelOp(x.Name + " is " + says).Add(gtx.Ops)
		if click.Hovered() {
			kit.Fill(gtx, image.Rectangle{Max: gtx.Constraints.Max}, kit.Alpha(th.Selected, 120))
		}
		value := kit.Middle(th.Mono(says).Tint(ink).Layout)
		switch {
		case x.Words == nil && v.change.on && v.change.word == x.Word:
			value = func(gtx layout.Context) layout.Dimensions { return v.change.layout(gtx, th, x.Name) }
		case x.Colors:
			value = func(gtx layout.Context) layout.Dimensions {
				return swatches(gtx, th, x.Words, cmp.Or(x.Cols, len(x.Words)))
			}
		}
		left := kit.Gap(14)
		if r.deep {
			left = kit.Gap(28)
		}
		return layout.Flex{Alignment: layout.Middle}.Layout(gtx, left,
			kit.Cell(96, false, th.Mono(x.Name)), kit.Gap(8), layout.Flexed(1, value), kit.Gap(12))
	})
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
