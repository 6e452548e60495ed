package ui

import (
	"fmt"
	"image"
	"image/color"
	"time"

	"gioui.org/layout"
	"gioui.org/op"
	"gioui.org/unit"

	"gvpie/app/studio"
	"gvpie/app/ui/kit"
)

// canvasNote is what the canvas says over its picture: that a frame takes long, that the
// picture is of the last good program, why the program is paused.
type canvasNote struct {
	model       *studio.Model
	problem     func()          // goes to the next problem
	act         func(id string) // does one of the window's actions
	stop        kit.Button
	problems    kit.Button
	debug, save kit.Button
	branch      kit.Button
}

func (n *canvasNote) update(gtx layout.Context) {
	if n.stop.Clicked(gtx) {
		n.model.Stop()
	}
	if n.problems.Clicked(gtx) {
		n.problem()
	}
	if n.debug.Clicked(gtx) {
		n.act("window.debugger")
	}
	if n.branch.Clicked(gtx) {
		n.act("debug.branch.text")
	}
	if n.save.Clicked(gtx) {
		n.act("debug.save.error")
	}
}

// layout draws the note on a canvas that fills the constraints.
func (n *canvasNote) layout(gtx layout.Context, th *kit.Theme) {
	run := n.model.RunState()
	if run.Heavy {
		n.card(gtx, th, func(gtx layout.Context) layout.Dimensions { return n.layoutHeavy(gtx, th, run.Busy) })
		gtx.Execute(op.InvalidateCmd{At: gtx.Now.Add(heavyTick)})
		return
	}
	if run.Recorded > 0 {
		n.card(gtx, th, func(gtx layout.Context) layout.Dimensions { return n.layoutReplay(gtx, th, run) })
		return
	}
	if doc, now := n.model.Program(), n.model.Debugger().Now(); n.model.Deferred() && doc.Current() && now != nil && !now.Of(doc.Live()) {
		n.badge(gtx, th, func(gtx layout.Context) layout.Dimensions {
			return layout.Flex{Alignment: layout.Middle}.Layout(gtx, kit.Gap(8),
				layout.Rigid(th.Dimmed("Of the text before the edit").Tint(th.Warning).Layout), kit.Gap(8),
				layout.Rigid(kit.ButtonStyle{Theme: th, Button: &n.branch, Label: "Branch with the edited text", Height: noteHeight, Hint: "Run on from here as a branch with the edited text; Run takes it into the present", Keys: "Ctrl-Shift-F6"}.Layout))
		})
		return
	}
	if n.model.LastGood() {
		errors, _ := count(n.model.Diagnostics(n.model.Active()))
		n.badge(gtx, th, func(gtx layout.Context) layout.Dimensions {
			return kit.ButtonStyle{Theme: th, Button: &n.problems, Name: "last good program", Label: "Last good program · " + kit.Count(errors, "error"),
				Icon: kit.IconWarning, Color: th.Warning, Height: noteHeight, Hint: "The text has errors; the last program without any runs on. Go to the next problem", Keys: "F8"}.Layout(gtx)
		})
		return
	}
	if run.Phase == studio.Failed {
		n.badge(gtx, th, func(gtx layout.Context) layout.Dimensions {
			return layout.Flex{Alignment: layout.Middle}.Layout(gtx, kit.Gap(8),
				layout.Rigid(th.Dimmed(noteOf(run)).Tint(th.Error).Layout), kit.Gap(8),
				layout.Rigid(kit.ButtonStyle{Theme: th, Button: &n.debug, Label: "Debug", Height: noteHeight, Hint: "Look at the error in the debugger, and at what led to it"}.Layout),
				layout.Rigid(kit.ButtonStyle{Theme: th, Button: &n.save, Label: "Save what led here", Height: noteHeight, Hint: "Write all frames up to the error to a recording beside the program"}.Layout))
		})
		return
	}
	if why := noteOf(run); why != "" {
		if program := n.model.Program(); program != n.model.Active() {
			why += " · " + program.Name
		}
		n.badge(gtx, th, func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Min = image.Pt(0, gtx.Dp(noteHeight))
			return layout.Inset{Left: 8, Right: 8}.Layout(gtx, kit.Middle(th.Dimmed(why).Layout))
		})
	}
}

// noteHeight is that of a badge on the canvas.
const noteHeight unit.Dp = 26

// heavyTick is how often the sign of a heavy frame moves.
const heavyTick = 50 * time.Millisecond

// noteOf is what is to be read on the canvas of a program that does not go on: nothing of
// one that has come to its end, whose picture is what it is for.
func noteOf(run studio.RunState) string {
	if run.Phase == studio.Empty || run.Phase == studio.Halted {
		return ""
	}
	return kit.UpperFirst(run.Paused())
}

// badge draws a small sign in the canvas' lower left corner.
func (n *canvasNote) badge(gtx layout.Context, th *kit.Theme, w layout.Widget) {
	size, margin := gtx.Constraints.Max, gtx.Dp(8)
	d, call := record(gtx, size.X-2*margin, w)
	if size.Y < d.Size.Y+2*margin {
		return
	}
	kit.At(gtx, image.Pt(margin, size.Y-margin-d.Size.Y), func(gtx layout.Context) layout.Dimensions {
		return onGround(gtx, th, d, call)
	})
}

// card draws a sign in the middle of the canvas.
func (n *canvasNote) card(gtx layout.Context, th *kit.Theme, w layout.Widget) {
	size := gtx.Constraints.Max
	d, call := record(gtx, min(size.X-gtx.Dp(16), gtx.Dp(320)), w)
	kit.At(gtx, size.Sub(d.Size).Div(2), func(gtx layout.Context) layout.Dimensions {
		return onGround(gtx, th, d, call)
	})
}

// record lays a widget out, as wide as it is up to width.
func record(gtx layout.Context, width int, w layout.Widget) (layout.Dimensions, op.CallOp) {
	m := op.Record(gtx.Ops)
	gtx.Constraints = layout.Constraints{Max: image.Pt(width, gtx.Constraints.Max.Y)}
	d := w(gtx)
	return d, m.Stop()
}

func onGround(gtx layout.Context, th *kit.Theme, d layout.Dimensions, content op.CallOp) layout.Dimensions {
	r := image.Rectangle{Max: d.Size}
	kit.FillRound(gtx, r, kit.Corner, kit.Alpha(th.Panel, 235))
	kit.Outline(gtx, r, kit.Corner, 1, th.Line)
	content.Add(gtx.Ops)
	return d
}

// layoutHeavy draws a bar that moves, since when the frame is run, and Stop.
func (n *canvasNote) layoutHeavy(gtx layout.Context, th *kit.Theme, busy time.Duration) layout.Dimensions {
	return layout.UniformInset(10).Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		return layout.Flex{Axis: layout.Vertical}.Layout(gtx,
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return layout.Flex{Alignment: layout.Middle}.Layout(gtx,
					layout.Flexed(1, th.Body(fmt.Sprintf("This frame takes long: %.1f s", busy.Seconds())).Layout), kit.Gap(8),
					layout.Rigid(kit.ButtonStyle{Theme: th, Button: &n.stop, Name: "stop the frame", Label: "Stop", Icon: kit.IconClose, Look: kit.Framed, Keys: "Shift-F5",
						Hint: "Give this frame up and pause"}.Layout))
			}), kit.Gap(8),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions { return progress(gtx, th.Line, th.Accent, busy) }))
	})
}

// layoutReplay draws how far a program is on its way through a recording, and Stop.
func (n *canvasNote) layoutReplay(gtx layout.Context, th *kit.Theme, run studio.RunState) layout.Dimensions {
	return layout.UniformInset(10).Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		return layout.Flex{Axis: layout.Vertical}.Layout(gtx,
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				return layout.Flex{Alignment: layout.Middle}.Layout(gtx,
					layout.Flexed(1, th.Body(fmt.Sprintf("Recorded frame %s of %s", kit.Thousands(run.Replayed), kit.Thousands(run.Recorded))).Layout), kit.Gap(8),
					layout.Rigid(kit.ButtonStyle{Theme: th, Button: &n.stop, Name: "stop the recording", Label: "Stop", Icon: kit.IconClose, Look: kit.Framed, Keys: "Shift-F5",
						Hint: "Leave the rest of the recording out, and stay here"}.Layout))
			}), kit.Gap(8),
			layout.Rigid(func(gtx layout.Context) layout.Dimensions {
				size := image.Pt(gtx.Constraints.Max.X, gtx.Dp(3))
				kit.FillRound(gtx, image.Rectangle{Max: size}, 2, th.Line)
				kit.FillRound(gtx, image.Rect(0, 0, size.X*run.Replayed/run.Recorded, size.Y), 2, th.Accent)
				return layout.Dimensions{Size: size}
			}))
	})
}

// progress draws a bar of which a part moves to and fro, in two seconds: how long it will
// take is not known.
func progress(gtx layout.Context, ground, ink color.NRGBA, since time.Duration) layout.Dimensions {
	size := image.Pt(gtx.Constraints.Max.X, gtx.Dp(3))
	kit.FillRound(gtx, image.Rectangle{Max: size}, 2, ground)
	const period = 2 * time.Second
	at := float32(since%period) / float32(period)
	if at > .5 {
		at = 1 - at
	}
	part := size.X / 4
	from := int(2 * at * float32(size.X-part))
	kit.FillRound(gtx, image.Rect(from, 0, from+part, size.Y), 2, ink)
	return layout.Dimensions{Size: size}
}
