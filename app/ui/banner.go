package ui

import (
	"image"
	"image/color"
	"time"

	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/unit"

	"gvpie/app/studio"
	"gvpie/app/studio/notice"
	"gvpie/app/ui/kit"
	"gvpie/runtime/engine"
)

// doneShown is how long a notice that something was done stays.
const doneShown = 4 * time.Second

// banner is a sentence over the panels, with what can be done about it.
type banner struct {
	kind    notice.Kind
	text    string
	choices []kit.Choice
}

// banners are the lasting states worth a line: the GPU gone, a file changed
// elsewhere, text left by an earlier run.
func (w *Workbench) banners() []banner {
	var out []banner
	if text, ok := w.gpuBanner(); ok {
		out = append(out, banner{kind: notice.Warning, text: text})
	}
	if n := len(w.recovered); n > 0 {
		text := "Unsaved text of " + w.recovered[0].Name + " was left by an earlier run."
		if n > 1 {
			text = "Unsaved text of " + kit.Count(n, "program") + " was left by an earlier run."
		}
		out = append(out, banner{kind: notice.Warning, text: text, choices: []kit.Choice{
			{Label: "Open it", Look: kit.Framed, Do: w.recoverAll}, {Label: "Discard", Look: kit.Quiet, Do: w.discardRecovered}}})
	}
	m, i := w.model, w.model.ActiveIndex()
	d := m.Active()
	switch {
	case d == nil:
	case d.Conflict:
		out = append(out, banner{kind: notice.Warning, text: d.Name + " was changed by another program, and has unsaved edits here.", choices: []kit.Choice{
			{Label: "Take the file", Look: kit.Framed, Do: func() { m.Revert(i) }}, {Label: "Keep mine", Look: kit.Quiet, Do: func() { m.KeepMine(i) }}}})
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

// gpuBanner says why there is no GPU to somebody who asked for it.
func (w *Workbench) gpuBanner() (string, bool) {
	st := w.model.GPU()
	if w.model.Backend() != engine.OnGPU {
		return "", false
	}
	switch st.State {
	case engine.Unavailable:
		return "There is no GPU to be had, so programs run on the CPU: " + st.Reason, true
	case engine.Off:
		return "The GPU is off, so programs run on the CPU: " + st.Reason, true
	}
	return "", false
}

// followGPU tells when the GPU worker stops, and when it is back.
func (w *Workbench) followGPU() {
	st := w.model.GPU()
	down := st.State == engine.Lost || st.State == engine.Starting && st.Reason != ""
	if st.State == engine.Unavailable && !w.gpuTold {
		w.gpuTold = true
		w.model.Notify(notice.Warning, "There is no GPU to be had, so programs run on the CPU: "+st.Reason)
	}
	switch {
	case down && w.gpuNotice == 0:
		w.model.Notify(notice.Warning, "The GPU worker stopped. Running on the CPU while it restarts…")
		n := w.model.Notices()
		w.gpuNotice = n[len(n)-1].ID
	case !down && w.gpuNotice != 0:
		w.model.Dismiss(w.gpuNotice)
		w.gpuNotice = 0
		if st.State == engine.Ready {
			w.model.Notify(notice.Done, "The GPU worker stopped and is running again")
		}
	}
}

// gpuTrouble is why there is no GPU, in a few words.
func (w *Workbench) gpuTrouble() (string, bool) {
	switch w.model.GPU().State {
	case engine.Off:
		return "off", true
	case engine.Unavailable:
		return "not available", true
	case engine.Lost:
		return "restarting", true
	case engine.Starting:
		return "starting", true
	}
	return "", false
}

func kindLook(th *kit.Theme, k notice.Kind) (kit.Icon, color.NRGBA) {
	switch k {
	case notice.Warning:
		return kit.IconWarning, th.Warning
	case notice.Problem:
		return kit.IconError, th.Error
	}
	return kit.IconCheck, th.Accent
}

// bannerButtons are the buttons of the banners on screen.
type bannerButtons [4]struct{ choices [2]kit.Button }

// layoutBanners draws the lines one under the other and gives their height.
func (w *Workbench) layoutBanners(gtx layout.Context) layout.Dimensions {
	var rows []layout.FlexChild
	for i, b := range w.banners() {
		if i == len(w.bannerKeys) {
			break
		}
		keys := &w.bannerKeys[i]
		for j := range b.choices {
			if keys.choices[j].Clicked(gtx) {
				b.choices[j].Do()
				gtx.Execute(op.InvalidateCmd{})
			}
		}
		rows = append(rows, layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return w.layoutBanner(gtx, b, keys.choices[:])
		}))
	}
	gtx.Constraints.Min = image.Point{}
	return layout.Flex{Axis: layout.Vertical}.Layout(gtx, rows...)
}

func (w *Workbench) layoutBanner(gtx layout.Context, b banner, keys []kit.Button) layout.Dimensions {
	th := w.th
	icon, ink := kindLook(th, b.kind)
	size := image.Pt(gtx.Constraints.Max.X, gtx.Dp(36))
	kit.Fill(gtx, image.Rectangle{Max: size}, kit.Mix(th.Panel, ink, 24))
	gtx.Constraints = layout.Exact(size)
	kit.Hairline(gtx, layout.S, th.Line)
	row := []layout.FlexChild{kit.Gap(12),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions { return icon.Layout(gtx, 16, ink) }), kit.Gap(8),
		layout.Flexed(1, kit.Middle(th.Body(b.text).Layout)), kit.Gap(8)}
	for j, c := range b.choices {
		row = append(row, layout.Rigid(kit.ButtonStyle{Theme: th, Button: &keys[j], Label: c.Label, Look: c.Look, Height: 26}.Layout), kit.Gap(6))
	}
	row = append(row, kit.Gap(6))
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
}

// updateNotices dismisses what has been read or has been shown long enough.
func (w *Workbench) updateNotices(gtx layout.Context) {
	w.followGPU()
	var next time.Time
	for _, n := range append([]notice.Notice(nil), w.model.Notices()...) {
		b := w.noticeKey(n.ID)
		due := n.At.Add(doneShown)
		switch {
		case b.Clicked(gtx), n.Kind == notice.Done && !gtx.Now.Before(due):
			w.model.Dismiss(n.ID)
			delete(w.noticeKeys, n.ID)
		case n.Kind == notice.Done && (next.IsZero() || due.Before(next)):
			next = due
		}
	}
	if !next.IsZero() {
		gtx.Execute(op.InvalidateCmd{At: next})
	}
}

// noticeKey is the button that dismisses a notice.
func (w *Workbench) noticeKey(id int) *kit.Button {
	b := w.noticeKeys[id]
	if b == nil {
		b = new(kit.Button)
		w.noticeKeys[id] = b
	}
	return b
}

// layoutNotices draws the newest notices over the lower right corner.
func (w *Workbench) layoutNotices(gtx layout.Context, bottom int) {
	notices := w.model.Notices()
	if n := len(notices); n > 3 {
		notices = notices[n-3:]
	}
	size := gtx.Constraints.Max
	y := size.Y - bottom - gtx.Dp(12)
	for i := len(notices) - 1; i >= 0; i-- {
		n := notices[i]
		gtx := gtx
		gtx.Constraints = layout.Constraints{Max: image.Pt(min(gtx.Dp(420), size.X-gtx.Dp(24)), size.Y)}
		m := op.Record(gtx.Ops)
		d := w.layoutNotice(gtx, n)
		call := m.Stop()
		y -= d.Size.Y
		kit.At(gtx, image.Pt(size.X-d.Size.X-gtx.Dp(12), y), func(gtx layout.Context) layout.Dimensions {
			kit.Card(gtx, w.th, d.Size)
			call.Add(gtx.Ops)
			return d
		})
		y -= gtx.Dp(8)
	}
}

func (w *Workbench) layoutNotice(gtx layout.Context, n notice.Notice) layout.Dimensions {
	th := w.th
	icon, ink := kindLook(th, n.Kind)
	return layout.Inset{Left: 12, Right: 6, Top: 6, Bottom: 6}.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		return layout.Flex{Alignment: layout.Middle}.Layout(gtx,
			layout.Rigid(func(gtx layout.Context) layout.Dimensions { return icon.Layout(gtx, 16, ink) }), kit.Gap(8),
			layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
				gtx.Constraints.Min.X = 0
				l := th.Body(n.Text).Paragraph()
				l.Lines = 5
				return l.Layout(gtx)
			}), kit.Gap(8),
			layout.Rigid(kit.ButtonStyle{Theme: th, Button: w.noticeKey(n.ID), Name: "dismiss", Icon: kit.IconClose, Height: unit.Dp(24)}.Layout),
		)
	})
}
