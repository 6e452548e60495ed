package sprites

import (
	"fmt"
	"image"
	"time"

	"gioui.org/io/semantic"
	"gioui.org/layout"
	"gioui.org/op"

	"gvpie/app/studio/sprites"
	"gvpie/app/ui/kit"
)

// preview shows the frames one after the other, as a game would.
type preview struct {
	sheet    *sprites.Sheet
	pictures *kit.Pictures
	playing  bool
	speed    int       // frames a second
	shown    int       // the frame in sight
	since    time.Time // it is

	play, slower, faster kit.Button
}

// speeds are the frames a second that can be chosen.
var speeds = []int{1, 2, 4, 8, 12, 15, 20, 30, 60}

func (p *preview) update(gtx layout.Context) {
	if p.play.Clicked(gtx) {
		p.playing = !p.playing
	}
	at := 0
	for i, v := range speeds {
		if v <= p.speed {
			at = i
		}
	}
	if p.slower.Clicked(gtx) {
		at--
	}
	if p.faster.Clicked(gtx) {
		at++
	}
	p.speed = speeds[max(0, min(len(speeds)-1, at))]
	p.shown = min(p.shown, p.sheet.Frames()-1)
	if !p.moves() || p.since.IsZero() {
		p.shown, p.since = p.sheet.Front(), gtx.Now
	}
	if !p.moves() {
		return
	}
	each := time.Second / time.Duration(p.speed)
	if n := gtx.Now.Sub(p.since) / each; n > 0 {
		p.shown = (p.shown + int(n)) % p.sheet.Frames()
		p.since = p.since.Add(n * each)
	}
	gtx.Execute(op.InvalidateCmd{At: p.since.Add(each)})
}

// moves says whether another frame will come.
func (p *preview) moves() bool { return p.playing && p.sheet.Frames() > 1 }

func (p *preview) layout(gtx layout.Context, th *kit.Theme) layout.Dimensions {
	size := gtx.Constraints.Max.X
	icon, name := kit.IconPause, "Stop the preview"
	if !p.playing {
		icon, name = kit.IconRun, "Play the frames"
	}
	still := p.sheet.Frames() == 1
	return layout.Flex{Axis: layout.Vertical}.Layout(gtx,
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			r := image.Rect(0, 0, size, gtx.Dp(132))
			kit.FillRound(gtx, r, kit.Corner, th.Window)
			kit.Outline(gtx, r, kit.Corner, 1, th.Line)
			semantic.LabelOp(fmt.Sprintf("preview of frame %d", p.shown)).Add(gtx.Ops)
			show(gtx, th, p.pictures, p.sheet, p.shown, r.Inset(gtx.Dp(8)))
			return layout.Dimensions{Size: r.Max}
		}), kit.Gap(4),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return layout.Flex{Alignment: layout.Middle}.Layout(gtx,
				layout.Rigid(kit.ButtonStyle{Theme: th, Button: &p.play, Name: name, Icon: icon, Disabled: still}.Layout),
				layout.Flexed(1, layout.Spacer{}.Layout),
				layout.Rigid(kit.ButtonStyle{Theme: th, Button: &p.slower, Name: "Slower", Icon: kit.IconMinus, Disabled: still || p.speed == speeds[0]}.Layout),
				layout.Rigid(th.Small(fmt.Sprintf("%d a second", p.speed), th.Dim).Layout),
				layout.Rigid(kit.ButtonStyle{Theme: th, Button: &p.faster, Name: "Faster", Icon: kit.IconPlus, Disabled: still || p.speed == speeds[len(speeds)-1]}.Layout))
		}))
}
