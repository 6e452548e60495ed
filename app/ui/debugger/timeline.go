package debugger

import (
	"fmt"
	"image"
	"image/color"

	"gioui.org/io/semantic"
	"gioui.org/layout"

	"gvpie/app/studio/debugger"
	"gvpie/app/ui/kit"
)

// timeline is the column of time: a slider through the commands of a frame, one through
// the frames of the run, and the moves.
type timeline struct {
	*Window
	draws  scrub
	frames scrub
	moves  [len(moveButtons)]kit.Button
	save   kit.Button
	cancel kit.Button
	more   kit.Menu
}

// moveButtons are the moves that have a button, those backwards first.
var moveButtons = [...]struct {
	action string
	icon   kit.Icon
}{
	{"debug.back.continue", kit.IconBreakBack},
	{"debug.back.frame", kit.IconFrameBack},
	{"debug.back.over", kit.IconOverBack},
	{"debug.back", kit.IconBack},
	{"debug.step", kit.IconForward},
	{"debug.over", kit.IconOver},
	{"debug.out", kit.IconOut},
	{"run.step", kit.IconStep},
	{"debug.continue", kit.IconBreak},
}

// moreMoves are the moves that a menu lists, and what is done at a moment; "" is a divider.
var moreMoves = []string{
	"debug.cursor", "debug.back.cursor", "debug.texel", "debug.back.texel", "debug.variable", "debug.back.variable", "",
	"debug.note", "debug.find", "debug.compare", branchAction, "debug.branch.input",
}

func (t *timeline) moreItems() []kit.MenuItem {
	items := make([]kit.MenuItem, len(moreMoves))
	for i, id := range moreMoves {
		if id != "" {
			a := t.Action(id)
			items[i] = kit.MenuItem{Label: a.Title, Note: a.Keys, Disabled: !a.On()}
		}
	}
	return items
}

func (t *timeline) update(gtx layout.Context) {
	for i := range t.moves {
		if t.moves[i].Clicked(gtx) {
			t.Action(moveButtons[i].action).Invoke()
		}
	}
	if t.cancel.Clicked(gtx) {
		t.Action("debug.cancel").Invoke()
	}
	if i, ok := t.more.Chosen(gtx, t.moreItems()); ok {
		t.Action(moreMoves[i]).Invoke()
	}
	if t.save.Clicked(gtx) {
		t.Action("debug.save").Invoke()
	}
	now := t.Model.Now()
	if now == nil {
		return
	}
	if to, ok := t.draws.update(gtx, now.Made); ok {
		t.Model.Draw(to)
	}
	if to, ok := t.frames.update(gtx, now.At.Frame-now.First); ok {
		t.Model.Frame(now.First + to)
	}
}

func (t *timeline) layout(gtx layout.Context, now *debugger.Moment) layout.Dimensions {
	size := gtx.Constraints.Max
	left, right := gtx.Dp(16), size.X-gtx.Dp(16)
	y := gtx.Dp(4)
	head := func(row layout.Widget) {
		kit.Boxed(gtx, image.Rect(left, y, right, y+gtx.Dp(32)), row)
		y += gtx.Dp(32)
	}
	if right-left >= gtx.Dp(oneRow) {
		head(func(gtx layout.Context) layout.Dimensions {
			return t.layoutRow(gtx, append(t.place(now), t.steps()...))
		})
	} else {
		head(func(gtx layout.Context) layout.Dimensions { return t.layoutRow(gtx, t.place(now)) })
		head(func(gtx layout.Context) layout.Dimensions { return t.layoutRow(gtx, t.steps()) })
	}
	y += gtx.Dp(4)
	strip := image.Rect(left, y, right, y+gtx.Dp(36))
	t.layoutDraws(gtx, now, strip)
	y = strip.Max.Y + gtx.Dp(4)
	kit.Boxed(gtx, image.Rect(left, y, right, y+gtx.Dp(18)), func(gtx layout.Context) layout.Dimensions { return t.layoutLegend(gtx, now) })
	y += gtx.Dp(26)
	kit.Boxed(gtx, image.Rect(left, y, right+gtx.Dp(8), y+gtx.Dp(22)), func(gtx layout.Context) layout.Dimensions { return t.layoutFramesHead(gtx, now) })
	y += gtx.Dp(24)
	if thumbs := gtx.Dp(thumbHeight); y+thumbs+gtx.Dp(28) <= size.Y {
		t.layoutThumbnails(gtx, now, image.Rect(left, y, right, y+thumbs))
		y += thumbs + gtx.Dp(2)
	}
	t.layoutFrames(gtx, now, image.Rect(left, y, right, y+gtx.Dp(24)))
	return layout.Dimensions{Size: size}
}

// oneRow is the width from which on where one is and the moves share a row.
const oneRow = 400

func (t *timeline) layoutRow(gtx layout.Context, row []layout.FlexChild) layout.Dimensions {
	gtx.Constraints.Min = gtx.Constraints.Max
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
}

// place says where one is.
func (t *timeline) place(now *debugger.Moment) []layout.FlexChild {
	where := t.Theme.Dimmed(within(now))
	if says := says(t.Model); says != "" {
		where = t.Theme.Dimmed(says).Tint(t.Theme.Warning)
	}
	return []layout.FlexChild{
		layout.Rigid(kit.Middle(t.Theme.Strong(fmt.Sprintf("Frame %s", kit.Thousands(now.Number))).Layout)), kit.Gap(12),
		layout.Flexed(1, kit.Middle(where.Layout)), kit.Gap(8),
	}
}

// steps are the buttons of the moves, or of one that takes long.
func (t *timeline) steps() (row []layout.FlexChild) {
	th := t.Theme
	if a := t.Action("debug.cancel"); a.On() {
		return []layout.FlexChild{layout.Rigid(kit.ButtonStyle{Theme: th, Button: &t.cancel, Label: "Stop looking", Hint: a.Title, Keys: a.Keys, Look: kit.Framed, Height: 26}.Layout)}
	}
	for i := range t.moves {
		a := t.Action(moveButtons[i].action)
		row = append(row, layout.Rigid(kit.ButtonStyle{Theme: th, Button: &t.moves[i], Name: a.Title, Icon: moveButtons[i].icon, Keys: a.Keys, Disabled: !a.On(), Height: 26}.Layout))
	}
	return append(row, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
		return kit.MenuStyle{Theme: th, Menu: &t.more, Items: t.moreItems(), Right: true, Width: 380}.Layout(gtx,
			kit.ButtonStyle{Name: "more moves", Icon: kit.IconMore, Height: 26})
	}))
}

// within says where in its frame a moment is.
func within(now *debugger.Moment) string {
	switch {
	case now.Fault != "":
		return now.Fault
	case now.Ended:
		return fmt.Sprintf("the end of the run · %s drew it", kit.Count(len(now.Draws), "command"))
	case now.Present:
		return fmt.Sprintf("the present · %s drew the frame before", kit.Count(len(now.Draws), "command"))
	}
	return fmt.Sprintf("command %s of %s · cycle %s of %s", kit.Thousands(now.Made), kit.Thousands(len(now.Draws)), kit.Thousands(now.At.Cycle), kit.Thousands(now.Cycles))
}

// hues are what the lines that draw are told apart by.
func hues(th *kit.Theme) []color.NRGBA {
	return []color.NRGBA{th.Human, th.Number, th.Mnemonic, th.Machine, th.Function, th.String, th.Directive}
}

// stretch is commands in a row that one line made.
type stretch struct {
	from, to int // of the frame's commands
	line     int
	hue      int // of hues, counted up
}

// stretches parts the commands of a frame by the lines that made them. A line has the
// same hue wherever it comes up.
func stretches(draws []debugger.Draw) []stretch {
	var out []stretch
	hue := map[int]int{}
	for i := range draws {
		line := draws[i].At.Line
		if n := len(out); n > 0 && out[n-1].line == line {
			out[n-1].to = i + 1
			continue
		}
		if _, known := hue[line]; !known {
			hue[line] = len(hue)
		}
		out = append(out, stretch{i, i + 1, line, hue[line]})
	}
	return out
}

// layoutDraws draws the commands of the frame as cells, coloured by line; those that are
// still to come are dim.
func (t *timeline) layoutDraws(gtx layout.Context, now *debugger.Moment, r image.Rectangle) {
	th := t.Theme
	kit.FillRound(gtx, r, 4, th.Raised)
	in := r.Inset(gtx.Dp(6))
	n := len(now.Draws)
	t.draws.add(gtx, th, "commands of the frame", r, in, n)
	colors := hues(th)
	gap := 0
	if n > 0 && in.Dx()/n >= gtx.Dp(4) {
		gap = gtx.Dp(1)
	}
	for _, s := range stretches(now.Draws) {
		ink := colors[s.hue%len(colors)]
		if gap == 0 {
			t.cells(gtx, now, s, in, ink)
			continue
		}
		for i := s.from; i < s.to; i++ {
			cell := image.Rect(t.draws.x(i), in.Min.Y, t.draws.x(i+1)-gap, in.Max.Y)
			kit.Fill(gtx, cell, t.tone(ink, i < now.Made))
		}
	}
	x := t.draws.x(now.Made)
	kit.Fill(gtx, image.Rect(x-gtx.Dp(1), r.Min.Y, x+gtx.Dp(1), r.Max.Y), th.Text)
}

// cells draws a stretch of commands that are too many to be told apart: at least a pixel
// for what is made, and for what is to come.
func (t *timeline) cells(gtx layout.Context, now *debugger.Moment, s stretch, in image.Rectangle, ink color.NRGBA) {
	part := func(from, to int, made bool) {
		if from < to {
			x := t.draws.x(from)
			kit.Fill(gtx, image.Rect(x, in.Min.Y, max(x+1, t.draws.x(to)), in.Max.Y), t.tone(ink, made))
		}
	}
	made := min(max(now.Made, s.from), s.to)
	part(s.from, made, true)
	part(made, s.to, false)
}

// tone is a hue on the strip.
func (t *timeline) tone(ink color.NRGBA, made bool) color.NRGBA {
	if made {
		return kit.Mix(t.Theme.Raised, ink, 150)
	}
	return kit.Mix(t.Theme.Raised, ink, 46)
}

// layoutLegend names what the stretches of the strip over it drew, where there is room.
func (t *timeline) layoutLegend(gtx layout.Context, now *debugger.Moment) layout.Dimensions {
	th, size := t.Theme, gtx.Constraints.Max
	if len(now.Draws) == 0 {
		return th.Small("This frame draws nothing", th.Dim).Layout(gtx)
	}
	free, named, colors := 0, 0, hues(th)
	off := t.draws.box.Min.X - gtx.Dp(6) // this row's left end
	for _, s := range stretches(now.Draws) {
		if s.hue < named {
			continue // its line has a name already
		}
		named++
		l := th.Small(fmt.Sprintf("%v %d", now.Draws[s.from].Op, s.line), kit.Mix(th.Dim, colors[s.hue%len(colors)], 120))
		gtx := gtx
		gtx.Constraints.Min = image.Point{}
		width := kit.Measure(gtx, l.Layout).Size.X
		at := t.draws.x(s.from) - off
		x := max(at, free)
		if x-at > gtx.Dp(120) || x+width > size.X {
			continue
		}
		kit.At(gtx, image.Pt(x, 0), l.Layout)
		free = x + width + gtx.Dp(10)
	}
	return layout.Dimensions{Size: size}
}

func (t *timeline) layoutFramesHead(gtx layout.Context, now *debugger.Moment) layout.Dimensions {
	th := t.Theme
	gtx.Constraints.Min = gtx.Constraints.Max
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx,
		layout.Rigid(kit.Middle(th.Small("Frames", th.Text).Layout)), kit.Gap(8),
		layout.Rigid(kit.Middle(th.Small(kept(now), th.Dim).Layout)), kit.Gap(8),
		layout.Flexed(1, kit.Middle(func(gtx layout.Context) layout.Dimensions { return memory(gtx, th, now) })),
		layout.Rigid(kit.ButtonStyle{Theme: th, Button: &t.save, Label: "Save the run…", Height: 22, Hint: "Save these frames as a recording that comes out the same on any computer"}.Layout))
}

// kept is how much of the run there is, for a person.
func kept(now *debugger.Moment) string {
	n := now.Frames - now.First
	return fmt.Sprintf("%s · %.1f s kept · %s of %s", kit.Count(n, "frame"), float64(n)/60, megabytes(now.Bytes), megabytes(now.Most))
}

// memory is a bar of what the timeline holds of what it may, where there is room for one.
func memory(gtx layout.Context, th *kit.Theme, now *debugger.Moment) layout.Dimensions {
	bar := image.Rectangle{Max: image.Pt(min(gtx.Constraints.Max.X-gtx.Dp(8), gtx.Dp(96)), gtx.Dp(6))}
	if bar.Max.X < gtx.Dp(24) {
		return layout.Dimensions{}
	}
	semantic.LabelOp("memory of the timeline: " + megabytes(now.Bytes) + " of " + megabytes(now.Most)).Add(gtx.Ops)
	kit.FillRound(gtx, bar, 3, th.Raised)
	full := bar
	full.Max.X = max(gtx.Dp(2), int(int64(bar.Max.X)*int64(now.Bytes)/int64(max(1, now.Most))))
	ink := th.Accent
	if now.Bytes > now.Most/10*9 {
		ink = th.Warning
	}
	kit.FillRound(gtx, full.Intersect(bar), 3, ink)
	return layout.Dimensions{Size: bar.Max}
}

func megabytes(n int) string {
	if n < 10<<20 {
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%d MB", n>>20)
}

// layoutFrames draws the slider through the frames of the run.
func (t *timeline) layoutFrames(gtx layout.Context, now *debugger.Moment, r image.Rectangle) {
	th := t.Theme
	in := image.Rect(r.Min.X+gtx.Dp(4), r.Min.Y, r.Max.X-gtx.Dp(4), r.Max.Y)
	t.frames.add(gtx, th, "frames of the run", r, in, now.Last-now.First)
	mid := (r.Min.Y + r.Max.Y) / 2
	track := image.Rect(r.Min.X, mid-gtx.Dp(4), r.Max.X, mid+gtx.Dp(4))
	x := t.frames.x(now.At.Frame - now.First)
	kit.FillRound(gtx, track, 4, kit.Mix(th.Raised, th.Mnemonic, 46))
	kit.FillRound(gtx, image.Rect(track.Min.X, track.Min.Y, max(track.Min.X+gtx.Dp(6), x), track.Max.Y), 4, kit.Mix(th.Raised, th.Mnemonic, 110))
	knob := image.Rect(x-gtx.Dp(3), mid-gtx.Dp(8), x+gtx.Dp(3), mid+gtx.Dp(8))
	t.layoutMarks(gtx, now, image.Rect(r.Min.X, r.Min.Y, r.Max.X, r.Max.Y))
	kit.FillRound(gtx, knob, 3, th.Text)
}
