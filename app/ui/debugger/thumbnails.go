package debugger

import (
	"image"
	"slices"

	"gioui.org/layout"

	"gvpie/app/studio/debugger"
	"gvpie/app/ui/kit"
)

// The small pictures: along the timeline, and in the notebook.
const (
	thumbWidth  = 64
	thumbHeight = 36
)

// stops are the frames along the timeline that there are pictures of, where so many fit:
// they stay the same while the run grows, until it has a third or a half more of them.
func stops(now *debugger.Moment, fit int) (frames []int) {
	n := now.Last - now.First
	step, next := 1, 2
	for n/step >= max(1, fit) {
		step, next = next, max(3, 2*step) // 1, 2, 3, 4, 6, 8, 12, …
	}
	for f := 0; f <= n; f += step {
		frames = append(frames, now.First+f)
	}
	return frames
}

// leftAt is the frame from which on the branch that is gone through, or the one that it
// comes from, is not the run as it was; not ok where that is gone through.
func leftAt(now *debugger.Moment) (frame int, ok bool) {
	for _, b := range now.Branches {
		if b.Depth <= 1 {
			frame = b.At.Frame
		}
		if b.Here {
			return frame, b.Depth > 0
		}
	}
	return 0, false
}

// layoutThumbnails draws pictures of the run over the slider through its frames: each
// begins where its frame is. There are none of what only a branch has.
func (t *timeline) layoutThumbnails(gtx layout.Context, now *debugger.Moment, r image.Rectangle) {
	th, p := t.Theme, t.Model.Pictures()
	width, left := gtx.Dp(thumbWidth), r.Min.X+gtx.Dp(4)
	room := r.Dx() - gtx.Dp(8)
	frames := stops(now, room/(width+gtx.Dp(4)))
	if left, ok := leftAt(now); ok {
		frames = slices.DeleteFunc(frames, func(f int) bool { return f > left })
	}
	p.Want(frames, image.Pt(width, r.Dy()))
	for _, f := range frames {
		x := left + room*(f-now.First)/max(1, now.Last-now.First)
		x = min(x, r.Max.X-gtx.Dp(4)-width)
		if len(frames) > 1 && f == frames[len(frames)-1] && f != now.First && x < left+room*(frames[len(frames)-2]-now.First)/(now.Last-now.First)+width {
			continue // there is no room for the last
		}
		box := image.Rect(x, r.Min.Y, x+width, r.Max.Y)
		kit.FillRound(gtx, box, 2, th.Window)
		kit.Boxed(gtx, box, func(gtx layout.Context) layout.Dimensions { return t.Pictures.Layout(gtx, th, p.Of(f), nil) })
	}
}

// layoutMarks draws where on the slider the notes are, and the error that the run ended
// with.
func (t *timeline) layoutMarks(gtx layout.Context, now *debugger.Moment, r image.Rectangle) {
	th := t.Theme
	tick := func(frame int, long bool) image.Rectangle {
		x := t.frames.x(frame - now.First)
		top := r.Max.Y - gtx.Dp(6)
		if long {
			top = r.Min.Y
		}
		return image.Rect(x-gtx.Dp(1), top, x+gtx.Dp(1), r.Max.Y)
	}
	for _, n := range t.Model.Notebook().Notes() {
		if n.At.Frame >= now.First && n.Branch == now.Branch {
			kit.Fill(gtx, tick(n.At.Frame, n.Name != ""), th.Accent)
		}
	}
	if now.Failed {
		kit.Fill(gtx, tick(now.Last, true), th.Error)
	}
}
