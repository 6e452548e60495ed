package ui

import (
	"image"

	"gioui.org/layout"
	"gioui.org/op"

	"gvpie/app/studio"
	"gvpie/app/studio/notice"
	"gvpie/app/ui/kit"
	"gvpie/runtime/engine"
)

// banner is a sentence over the panels, with what can be done about it.
type banner struct {
	kind    notice.Kind
	text    string
	choices []kit.Choice
}

// banners are the lines over the panels about lasting states: the GPU gone, a
// file changed elsewhere, text left by an earlier run.
type banners struct {
	*shell
	documents *documents
	buttons   [4][2]kit.Button // of the lines on screen
}

// now lists the states worth a line.
func (b *banners) now() []banner {
	var out []banner
	if text, ok := gpuMissing(b.model); ok {
		out = append(out, banner{kind: notice.Warning, text: text})
	}
	switch left := b.model.Recovered(); len(left) {
	case 0:
	case 1:
		out = append(out, banner{kind: notice.Warning, text: "Unsaved text of " + left[0].Name + " was left by an earlier window.", choices: []kit.Choice{
			{Label: "Open it", Look: kit.Framed, Do: func() { b.documents.recover(left[0]) }}, {Label: "Drop it", Look: kit.Quiet, Do: func() { b.model.Discard(left[0]) }}}})
	default:
		out = append(out, banner{kind: notice.Warning, text: "Unsaved text of " + kit.Count(len(left), "program") + " was left by an earlier window.", choices: []kit.Choice{
			{Label: "Choose…", Look: kit.Framed, Do: b.documents.chooseRecovered}}})
	}
	m, i := b.model, b.model.ActiveIndex()
	d := m.Active()
	switch {
	case d == nil:
	case d.Conflict:
		out = append(out, banner{kind: notice.Warning, text: d.Name + " was changed by another program, and has unsaved edits here.", choices: []kit.Choice{
			{Label: "Compare…", Look: kit.Framed, Do: func() { b.documents.askConflict(d) }}, {Label: "Take the file", Look: kit.Quiet, Do: func() { m.Revert(i) }}}})
	case d.Missing:
		out = append(out, banner{kind: notice.Warning, text: d.Name + " is gone from the disk. Its text is still here.", choices: []kit.Choice{
			{Label: "Save again", Look: kit.Framed, Do: func() { m.Save(i) }}}})
	case d.ReadError != "":
		out = append(out, banner{kind: notice.Problem, text: d.ReadError})
	}
	if run := m.RunState(); run.Phase == studio.Broken && run.Notice != "" {
		out = append(out, banner{kind: notice.Problem, text: run.Notice, choices: []kit.Choice{
			{Label: "Run on the CPU", Look: kit.Framed, Do: func() { m.SetBackend(engine.OnCPU) }}}})
	}
	return out
}

// layout draws the lines one under the other and gives their height.
func (b *banners) layout(gtx layout.Context) layout.Dimensions {
	var rows []layout.FlexChild
	for i, line := range b.now() {
		if i == len(b.buttons) {
			break
		}
		buttons := b.buttons[i][:]
		for j, c := range line.choices {
			if buttons[j].Clicked(gtx) {
				c.Do()
				gtx.Execute(op.InvalidateCmd{})
			}
		}
		rows = append(rows, layout.Rigid(func(gtx layout.Context) layout.Dimensions { return line.layout(gtx, b.th, buttons) }))
	}
	gtx.Constraints.Min = image.Point{}
	return layout.Flex{Axis: layout.Vertical}.Layout(gtx, rows...)
}

func (b banner) layout(gtx layout.Context, th *kit.Theme, buttons []kit.Button) layout.Dimensions {
	icon, ink := kindLook(th, b.kind)
	size := image.Pt(gtx.Constraints.Max.X, gtx.Dp(36))
	kit.Fill(gtx, image.Rectangle{Max: size}, kit.Mix(th.Panel, ink, 24))
	gtx.Constraints = layout.Exact(size)
	kit.Hairline(gtx, layout.S, th.Line)
	row := []layout.FlexChild{kit.Gap(12),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions { return icon.Layout(gtx, 16, ink) }), kit.Gap(8),
		layout.Flexed(1, kit.Middle(th.Body(b.text).Layout)), kit.Gap(8)}
	for j, c := range b.choices {
		row = append(row, layout.Rigid(kit.ButtonStyle{Theme: th, Button: &buttons[j], Label: c.Label, Look: c.Look, Height: 26}.Layout), kit.Gap(6))
	}
	row = append(row, kit.Gap(6))
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
}
