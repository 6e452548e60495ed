package loop

import (
	"fmt"
	"image"
	"image/color"
	"strings"

	"gioui.org/layout"
	"gioui.org/op"

	"gvpie/app/studio/loop"
	"gvpie/app/ui/kit"
	"gvpie/runtime/store"
)

// runDetail shows one run in full: what became of it, its picture, how long the
// script's runs took, what it wrote, and its code.
type runDetail struct {
	*Window
	open, again kit.Button
	debug       kit.Button
	chart       durationChart
	scroll      kit.Scroll
	lines       []detailLine
	of          *loop.Detail
}

// detailLine is one line of the texts under the picture.
type detailLine struct {
	heading string // a part's name; the rest is then empty
	text    string
	number  int
	ink     int // 0 as text, 1 an error
}

func (d *runDetail) update(gtx layout.Context) {
	a := d.Agent
	d.chart.Update(gtx)
	if d.open.Clicked(gtx) {
		d.openShown()
	}
	if det := a.Detail(); d.debug.Clicked(gtx) && det != nil {
		loop.DebugRow(a, det.Row.ID)
	}
	if det := a.Detail(); d.again.Clicked(gtx) && det != nil && det.Script.ID != 0 {
		a.RunScript(det.Script.ID)
	}
}

// build lists the lines of a detail once.
func (d *runDetail) build(det *loop.Detail) {
	if d.of == det {
		return
	}
	if d.of == nil || d.of.Run.Script != det.Run.Script || !det.ByScript() {
		d.scroll.ToStart()
	}
	d.of, d.lines = det, d.lines[:0]
	add := func(heading, text string, ink int, numbered bool) {
		if strings.TrimSpace(text) == "" {
			return
		}
		d.lines = append(d.lines, detailLine{heading: heading})
		n := 0
		for l := range strings.Lines(text) {
			n++
			line := detailLine{text: strings.ReplaceAll(strings.TrimRight(l, "\r\n"), "\t", "  "), ink: ink}
			if numbered {
				line.number = n
			}
			d.lines = append(d.lines, line)
		}
	}
	add("ERROR", det.Run.Stderr, 1, false)
	add("LOG", det.Run.Stdout, 0, false)
	add("CODE", det.Code, 0, true)
}

func (d *runDetail) layout(gtx layout.Context) layout.Dimensions {
	th, a, size := d.Theme, d.Agent, gtx.Constraints.Max
	det := a.Detail()
	if det == nil {
		run, script := a.Shown()
		if run == 0 && script == 0 {
			return kit.Empty(gtx, th, kit.IconInfo, "Choose a script or a run", "Its picture, log, errors and code are shown here")
		}
		return layout.Dimensions{Size: size}
	}
	if det.Err != "" {
		return kit.Empty(gtx, th, kit.IconError, "It cannot be read", det.Err)
	}
	d.build(det)
	head := gtx.Dp(kit.HeadHeight)
	kit.Boxed(gtx, image.Rect(0, 0, size.X, head), func(gtx layout.Context) layout.Dimensions { return d.layoutHead(gtx, det) })
	row, _ := a.Script(det.Script.ID)
	kit.Boxed(gtx, image.Rect(0, head, size.X, size.Y), func(gtx layout.Context) layout.Dimensions {
		return d.scroll.Layout(gtx, th, len(d.lines)+2, func(gtx layout.Context, i int) layout.Dimensions {
			switch i {
			case 0:
				return d.layoutSummary(gtx, det)
			case 1:
				if det.Script.ID == 0 || !det.ByScript() {
					return layout.Dimensions{}
				}
				return layout.Inset{Left: 8, Right: 12, Top: 8}.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
					gtx.Constraints = layout.Exact(image.Pt(gtx.Constraints.Max.X, gtx.Dp(112)))
					return d.chart.Layout(gtx, th, a.Figures(&row))
				})
			}
			return d.layoutLine(gtx, d.lines[i-2])
		})
	})
	return layout.Dimensions{Size: size}
}

func (d *runDetail) layoutHead(gtx layout.Context, det *loop.Detail) layout.Dimensions {
	th := d.Theme
	title, note := det.Script.Name, "latest run "+kit.Thousands(det.Run.ID)
	if title == "" {
		title = "a script that is no more"
	}
	switch {
	case det.Run.ID == 0:
		note = "not run yet"
	case !det.ByScript():
		note = "run " + kit.Thousands(det.Run.ID)
	}
	python := det.Lang() == "python"
	open := kit.ButtonStyle{Theme: th, Button: &d.open, Name: "open the code in the editor", Label: "Open", Icon: kit.IconFile, Height: 24, Look: kit.Framed, Disabled: det.Code == "" || python}
	again := kit.ButtonStyle{Theme: th, Button: &d.again, Name: "run " + det.Script.Name + " now", Label: "Run now", Icon: kit.IconRun, Height: 24, Look: kit.Framed, Disabled: !d.Agent.MayWrite() || det.Script.ID == 0}
	debug := kit.ButtonStyle{Theme: th, Button: &d.debug, Name: "debug this run", Label: "Debug", Icon: kit.IconBreakBack, Hint: "Go through this run, from where it ended", Height: 24, Look: kit.Framed, Disabled: det.Row.ID == 0 || python}
	if gtx.Constraints.Max.X < gtx.Dp(420) {
		open.Label, again.Label, debug.Label = "", "", ""
	}
	gtx.Constraints.Min = gtx.Constraints.Max
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx, kit.Gap(14),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Max.X = min(gtx.Constraints.Max.X, gtx.Dp(180))
			return kit.Middle(th.Strong(title).Layout)(gtx)
		}), kit.Gap(8),
		layout.Flexed(1, kit.Middle(th.Dimmed(note).Layout)),
		layout.Rigid(kit.Middle(debug.Layout)), kit.Gap(6),
		layout.Rigid(kit.Middle(open.Layout)), kit.Gap(6),
		layout.Rigid(kit.Middle(again.Layout)), kit.Gap(12))
}

// layoutSummary draws the picture with the facts beside it.
func (d *runDetail) layoutSummary(gtx layout.Context, det *loop.Detail) layout.Dimensions {
	th, a := d.Theme, d.Agent
	img, err := a.Picture(loop.PictureKey{Hash: det.Run.HumanPNG})
	full := gtx.Constraints.Max.X
	left, width := gtx.Dp(14), min(gtx.Dp(216), (full-gtx.Dp(40))*2/5)
	height := width * 2 / 3
	if det.Run.HumanPNG == "" {
		width, height = 0, gtx.Dp(84)
	}
	if width > 0 {
		box := image.Rect(left, gtx.Dp(6), left+width, gtx.Dp(6)+height)
		kit.FillRound(gtx, box, 4, th.Window)
		kit.Boxed(gtx, box, func(gtx layout.Context) layout.Dimensions { return d.Pictures.Layout(gtx, th, img, err) })
		kit.Outline(gtx, box, 4, 1, th.Line)
		left += width + gtx.Dp(14)
	}
	m := op.Record(gtx.Ops)
	facts := gtx
	facts.Constraints = layout.Constraints{Max: image.Pt(max(0, full-left-gtx.Dp(12)), 1<<16)}
	beside := d.layoutFacts(facts, det)
	call := m.Stop()
	kit.At(gtx, image.Pt(left, gtx.Dp(6)), func(gtx layout.Context) layout.Dimensions { call.Add(gtx.Ops); return beside })
	return layout.Dimensions{Size: image.Pt(full, max(height, beside.Size.Y)+gtx.Dp(12))}
}

func (d *runDetail) layoutFacts(gtx layout.Context, det *loop.Detail) layout.Dimensions {
	th, a := d.Theme, d.Agent
	var rows []layout.FlexChild
	add := func(l kit.Label) { rows = append(rows, layout.Rigid(l.Layout), kit.Gap(4)) }
	r := &det.Run
	if r.ID != 0 {
		says, icon, ink := outcome(th, r)
		if r.Duration > 0 {
			says += " in " + kit.Duration(r.Duration)
		}
		if r.Backend != "" {
			says += " on " + r.Backend
		}
		rows = append(rows, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return layout.Flex{Alignment: layout.Middle}.Layout(gtx,
				layout.Rigid(func(gtx layout.Context) layout.Dimensions { return icon.Layout(gtx, 16, ink) }), kit.Gap(6),
				layout.Flexed(1, th.Body(says).Layout))
		}), kit.Gap(4))
		if r.Slow {
			add(th.Small("much slower than usual", th.Warning))
		}
		switch r.Confined {
		case "":
		case store.Unconfined:
			add(th.Small("confined by nothing", th.Warning))
		default:
			add(th.Small("confined by "+r.Confined, th.Dim))
		}
		add(th.Small(kit.ClockTime(r.StartedAt, a.Now())+", "+kit.Since(r.StartedAt, a.Now()), th.Dim))
	}
	if det.Row.Analysis != "" {
		l := th.Small(det.Row.Analysis, th.Dim).Paragraph()
		l.Lines, l.Line = 4, 17
		add(l)
	}
	if det.Script.Purpose != "" {
		l := th.Small(det.Script.Purpose, th.Faint).Paragraph()
		l.Lines, l.Line = 3, 17
		add(l)
	}
	return layout.Flex{Axis: layout.Vertical}.Layout(gtx, rows...)
}

func (d *runDetail) layoutLine(gtx layout.Context, l detailLine) layout.Dimensions {
	th := d.Theme
	if l.heading != "" {
		return layout.Inset{Left: 14, Right: 12, Top: 10, Bottom: 4}.Layout(gtx, th.Caption(l.heading, th.Dim).Layout)
	}
	ink := th.Text
	if l.ink == 1 {
		ink = th.Error
	}
	number := ""
	if l.number > 0 {
		number = fmt.Sprint(l.number)
	}
	return kit.CodeLine(gtx, th, number, "", l.text, ink, color.NRGBA{})
}
