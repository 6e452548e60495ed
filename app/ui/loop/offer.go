package loop

import (
	"fmt"
	"image"
	"image/color"
	"strings"
	"time"

	"gioui.org/layout"
	"gioui.org/op"

	"gvpie/app/studio/loop"
	"gvpie/app/studio/textdiff"
	"gvpie/app/ui/kit"
	"gvpie/runtime/store"
)

// offerDetail shows an offer in full: what it claims and how that is known, what both
// programs cost and show, and what differs in their text.
type offerDetail struct {
	*Window
	approve, reject, back, try, blink kit.Button
	scroll                            kit.Scroll
	of                                *loop.OfferDetail
	blinking                          bool
}

func (p *offerDetail) update(gtx layout.Context) {
	a := p.Agent
	d := a.OfferDetail()
	if d == nil {
		return
	}
	if p.approve.Clicked(gtx) {
		a.Approve(d.Offer.ID)
	}
	if p.reject.Clicked(gtx) {
		a.Reject(d.Offer.ID)
	}
	if p.back.Clicked(gtx) {
		a.RollBack(d.Offer.ID)
	}
	if p.try.Clicked(gtx) {
		a.OpenOffer()
	}
	if p.blink.Clicked(gtx) {
		p.blinking = !p.blinking
	}
}

func (p *offerDetail) layout(gtx layout.Context) layout.Dimensions {
	th, a, size := p.Theme, p.Agent, gtx.Constraints.Max
	d := a.OfferDetail()
	if d == nil {
		if a.ShownOffer() != 0 {
			return layout.Dimensions{Size: size}
		}
		return kit.Empty(gtx, th, kit.IconInfo, "Choose an offer", "Its programs, their costs and the evidence are shown here")
	}
	if p.of == nil || p.of.Offer.ID != d.Offer.ID {
		p.blinking = false
		p.scroll.ToStart()
	}
	p.of = d
	head := gtx.Dp(40)
	kit.Boxed(gtx, image.Rect(0, 0, size.X, head), func(gtx layout.Context) layout.Dimensions { return p.layoutHead(gtx, d) })
	kit.Boxed(gtx, image.Rect(0, head, size.X, size.Y), func(gtx layout.Context) layout.Dimensions {
		return p.scroll.Layout(gtx, th, len(d.Diff)+3, func(gtx layout.Context, i int) layout.Dimensions {
			switch i {
			case 0:
				return p.layoutFacts(gtx, d)
			case 1:
				return p.layoutPictures(gtx, d)
			case 2:
				added, removed := textdiff.Count(d.Diff)
				return layout.Inset{Left: 14, Top: 8, Bottom: 6}.Layout(gtx, th.Small(fmt.Sprintf("%s added, %d removed", kit.Count(added, "line"), removed), th.Dim).Layout)
			}
			return layoutDiffLine(gtx, th, d.Diff[i-3], true)
		})
	})
	return layout.Dimensions{Size: size}
}

// layoutHead names the offer and says what can be done with it.
func (p *offerDetail) layoutHead(gtx layout.Context, d *loop.OfferDetail) layout.Dimensions {
	th, a, o := p.Theme, p.Agent, &d.Offer
	kit.Hairline(gtx, layout.S, th.Line)
	button := func(b *kit.Button, label, name, hint string, icon kit.Icon, look kit.Look, off bool) []layout.FlexChild {
		s := kit.ButtonStyle{Theme: th, Button: b, Label: label, Name: name, Hint: hint, Icon: icon, Look: look, Height: 24, Disabled: off}
		if gtx.Constraints.Max.X < gtx.Dp(470) {
			s.Label = ""
		}
		return []layout.FlexChild{kit.Gap(6), layout.Rigid(kit.Middle(s.Layout))}
	}
	row := []layout.FlexChild{kit.Gap(14), layout.Flexed(1, kit.Middle(th.Strong(fmt.Sprintf("%s · offer %d", named(o), o.ID)).Layout))}
	row = append(row, button(&p.try, "Try", "try it in the editor", "Open the program in the editor; the script stays as it is", kit.IconFile, kit.Framed, o.Source == "")...)
	switch o.State {
	case store.OfferOffered:
		off := !a.MayWrite() || o.Fault != ""
		row = append(row, button(&p.reject, "Reject", "reject the offer", "Put it aside for good", kit.IconClose, kit.Framed, off)...)
		row = append(row, button(&p.approve, "Approve", "approve the offer", "Make it the script's next version", kit.IconCheck, kit.Primary, off)...)
	case store.OfferApproved:
		row = append(row, button(&p.back, "Roll back", "roll the script back", "Give the script the code that it had before", kit.IconReset, kit.Framed, !a.MayWrite() || o.Fault != "")...)
	default:
		row = append(row, kit.Gap(10), layout.Rigid(kit.Middle(th.Dimmed(stateWords[o.State]).Layout)))
	}
	row = append(row, kit.Gap(12))
	gtx.Constraints.Min = gtx.Constraints.Max
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
}

// layoutFacts says what the offer claims, how that is known, and what was done.
func (p *offerDetail) layoutFacts(gtx layout.Context, d *loop.OfferDetail) layout.Dimensions {
	th, a, o := p.Theme, p.Agent, &d.Offer
	var rows []layout.FlexChild
	add := func(text string, ink color.NRGBA) {
		if text != "" {
			l := th.Body(text).Tint(ink).Paragraph()
			l.Lines = 6
			rows = append(rows, layout.Rigid(l.Layout), kit.Gap(4))
		}
	}
	add(d.Err, th.Error)
	add(o.Fault, th.Error)
	claim, _, _ := strings.Cut(o.Words(), ";")
	add(sentence(claim), th.Text)
	add(sentence(o.Proof()), th.Text)
	if d.Goal != "" {
		add("For the goal: "+d.Goal, th.Dim)
	}
	rows = append(rows, layout.Rigid(func(gtx layout.Context) layout.Dimensions { return p.layoutCosts(gtx, o) }))
	found := fmt.Sprintf("Found by %s among %s, %s", o.Proposer, kit.Count(o.Candidates, "candidate"), kit.ClockTime(o.FoundAt, a.Now()))
	if !o.DecidedAt.IsZero() && o.State != store.OfferOffered {
		found += fmt.Sprintf("; %s %s", stateWords[o.State], kit.ClockTime(o.DecidedAt, a.Now()))
	}
	rows = append(rows, layout.Rigid(th.Small(found, th.Dim).Layout), kit.Gap(4))
	add(o.Note, th.Warning)
	for i, s := range o.Steps {
		l := th.Small(fmt.Sprintf("%d. %s", i+1, s), th.Dim).Paragraph()
		l.Lines = 3
		rows = append(rows, layout.Rigid(l.Layout))
	}
	return layout.Inset{Left: 14, Right: 14, Top: 8}.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		return layout.Flex{Axis: layout.Vertical}.Layout(gtx, rows...)
	})
}

// sentence begins with a capital and ends with a full stop.
func sentence(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

// layoutCosts draws a bar for each cost.
func (p *offerDetail) layoutCosts(gtx layout.Context, o *store.Offer) layout.Dimensions {
	th := p.Theme
	most := max(o.CostBefore, o.CostAfter, 1)
	bar := func(says string, cost uint64, ink color.NRGBA) layout.FlexChild {
		return layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			size := image.Pt(gtx.Constraints.Max.X, gtx.Dp(18))
			from, wide := gtx.Dp(56), max(1, size.X-gtx.Dp(56)-gtx.Dp(120))
			kit.Boxed(gtx, image.Rect(0, 0, from, size.Y), th.Caption(says, th.Dim).Layout)
			to := from + max(1, int(float64(wide)*float64(cost)/float64(most)))
			kit.FillRound(gtx, image.Rect(from, gtx.Dp(3), to, gtx.Dp(13)), 3, ink)
			kit.Boxed(gtx, image.Rect(to+gtx.Dp(8), 0, size.X, size.Y), th.Caption(kit.Thousands(cost), th.Dim).Layout)
			return layout.Dimensions{Size: size}
		})
	}
	rows := []layout.FlexChild{kit.Gap(2)}
	if o.CostBefore > 0 {
		rows = append(rows, bar("before", o.CostBefore, th.Faint))
	}
	return layout.Flex{Axis: layout.Vertical}.Layout(gtx, append(rows, bar("after", o.CostAfter, th.Accent), kit.Gap(4))...)
}

// blinkEvery is how long each of two pictures is shown in the place of the other.
const blinkEvery = 600 * time.Millisecond

// layoutPictures draws what both programs show, and where that differs.
func (p *offerDetail) layoutPictures(gtx layout.Context, d *loop.OfferDetail) layout.Dimensions {
	th, size := p.Theme, gtx.Constraints.Max
	after := captioned{d.After, fmt.Sprintf("after, frame %d", d.Frames), th.Dim}
	if p.blinking {
		after.caption = "after ↔ before"
		if gtx.Now.UnixNano()/int64(blinkEvery)%2 == 0 {
			after.img = d.Before
		}
		gtx.Execute(op.InvalidateCmd{At: gtx.Now.Truncate(blinkEvery).Add(blinkEvery)})
	}
	all := []captioned{after}
	if d.Offer.Before != "" {
		says := "one of them cannot be shown"
		switch {
		case d.Picture != nil && d.Different == 0:
			says = "the same to the last pixel"
		case d.Picture != nil:
			says = kit.Count(d.Different, "pixel") + " differ"
		}
		all = []captioned{{d.Before, fmt.Sprintf("before, frame %d", d.Frames), th.Dim}, after, {d.Picture, says, th.Dim}}
	}
	bottom := p.Window.layoutPictures(gtx, all, 14, 8, 220)
	foot := gtx.Dp(32)
	if d.Before != nil && d.After != nil {
		label := "Blink"
		if p.blinking {
			label = "Stop blinking"
		}
		kit.At(gtx, image.Pt(gtx.Dp(14), bottom+gtx.Dp(22)), kit.ButtonStyle{Theme: th, Button: &p.blink, Name: "blink between the pictures", Label: label, Look: kit.Framed, Height: 22, Selected: p.blinking}.Layout)
		foot += gtx.Dp(22)
	}
	return layout.Dimensions{Size: image.Pt(size.X, bottom+foot)}
}
