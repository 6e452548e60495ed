package loop

import (
	"fmt"
	"image"
	"image/color"
	"strings"
	"time"

	"gioui.org/layout"
	"gioui.org/op"

	"gvpie/app/ui/kit"
	"gvpie/runtime/agent/idle"
	"gvpie/runtime/store"
)

// Improve is the bottom panel's Improve: on top what is being searched and what the
// last day brought, under it the offers and one of them in full.
type Improve struct {
	*Window
	on      kit.Switch
	columns kit.Split // offers beside the one
	rows    kit.RowList
	detail  offerDetail
}

// NewImprove makes the panel.
func NewImprove(w *Window) *Improve {
	return &Improve{Window: w, columns: kit.Split{Axis: layout.Horizontal, Ratio: .36, Min: 240, MinOther: 240}, detail: offerDetail{Window: w}}
}

// Update takes in input while the panel is on screen.
func (p *Improve) Update(gtx layout.Context) {
	a := p.Agent
	if p.on.Clicked(gtx) {
		a.SetImproving(!a.Improving())
	}
	all := a.Offers()
	if c, ok := p.rows.Update(gtx, p.cursor()); ok && c.Row < len(all) {
		a.ShowOffer(all[c.Row].ID)
	}
	p.detail.update(gtx)
}

// cursor is the row of the offer that is shown; -1 when none is.
func (p *Improve) cursor() int {
	for i, o := range p.Agent.Offers() {
		if o.ID == p.Agent.ShownOffer() {
			return i
		}
	}
	return -1
}

// Layout draws the panel.
func (p *Improve) Layout(gtx layout.Context) layout.Dimensions {
	size, a := gtx.Constraints.Max, p.Agent
	if says, hint, icon := emptiness(a); says != "" {
		return kit.Empty(gtx, p.Theme, icon, says, hint)
	}
	all := a.Offers()
	if a.ShownOffer() == 0 && len(all) > 0 {
		a.ShowOffer(all[0].ID)
	}
	head, report := gtx.Dp(40), gtx.Dp(26)
	kit.Boxed(gtx, image.Rect(0, 0, size.X, head), p.layoutHead)
	kit.Boxed(gtx, image.Rect(gtx.Dp(12), head, size.X-gtx.Dp(12), head+report), func(gtx layout.Context) layout.Dimensions {
		gtx.Constraints.Min = gtx.Constraints.Max
		return layout.W.Layout(gtx, p.Theme.Body(morning(a.Report())).Layout)
	})
	kit.Boxed(gtx, image.Rect(0, head+report, size.X, size.Y), func(gtx layout.Context) layout.Dimensions {
		kit.Hairline(gtx, layout.N, p.Theme.Line)
		if len(all) == 0 || gtx.Constraints.Max.X < gtx.Dp(narrow) {
			return p.layoutOffers(gtx)
		}
		return p.columns.Layout(gtx, p.Theme, p.layoutOffers, p.detail.layout)
	})
	return layout.Dimensions{Size: size}
}

// searching is how often the head is drawn again while something is searched.
const searching = time.Second

// layoutHead draws what is being searched, and the switch.
func (p *Improve) layoutHead(gtx layout.Context) layout.Dimensions {
	th, a, width := p.Theme, p.Agent, gtx.Constraints.Max.X
	kit.Hairline(gtx, layout.S, th.Line)
	s := a.Search()
	says, ink := searched(th, s, a.Improving())
	dot := func(gtx layout.Context) layout.Dimensions { return kit.IconDot.Layout(gtx, 16, ink) }
	row := []layout.FlexChild{kit.Gap(12)}
	if own := a.OwnLoop(); own {
		row = append(row, layout.Rigid(kit.Middle(func(gtx layout.Context) layout.Dimensions {
			return p.on.Layout(gtx, th, "improve scripts in idle time", a.Improving(), false)
		})), kit.Gap(6))
	}
	row = append(row, layout.Rigid(kit.Middle(dot)), kit.Gap(6), layout.Rigid(kit.Middle(th.Strong(says).Layout)))
	if s.Script != "" && width >= gtx.Dp(narrow) {
		facts := []string{kit.Count(s.Candidates, "candidate")}
		if s.Rate >= 1 {
			facts = append(facts, kit.Thousands(int(s.Rate))+" a second")
		}
		if s.Cost < s.Before {
			facts = append(facts, fmt.Sprintf("cost %s → %s", kit.Thousands(s.Before), kit.Thousands(s.Cost)))
		}
		facts = append(facts, yields(s)...)
		row = append(row, kit.Gap(12), layout.Flexed(1, kit.Middle(th.Dimmed(strings.Join(facts, " · ")).Layout)), kit.Gap(12))
	}
	if s.Works {
		gtx.Execute(op.InvalidateCmd{At: gtx.Now.Add(searching)})
	}
	gtx.Constraints.Min = gtx.Constraints.Max
	return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
}

// searched says what the search is doing, in words and in colour.
func searched(th *kit.Theme, s idle.Status, on bool) (says string, ink color.NRGBA) {
	switch {
	case !on:
		return "Scripts are not improved in idle time", th.Faint
	case s.Battery:
		return "Waits: on battery", th.Warning
	case s.Input:
		return "Waits while you are at it", th.Dim
	case s.Script == "":
		return "Looks for something to improve", th.Dim
	case s.Works:
		return "Improving " + s.Script, th.Accent
	}
	return "Waits for idle time, last at " + s.Script, th.Dim
}

// yields says what each proposer's candidates came to.
func yields(s idle.Status) (all []string) {
	for _, y := range s.Yields {
		if y.Candidates > 0 {
			all = append(all, fmt.Sprintf("%s %s of %s", y.Proposer, kit.Percent(float64(y.Gain)/1e6), kit.Thousands(y.Candidates)))
		}
	}
	return all
}

// morning is the morning report, in a sentence.
func morning(f store.ImproveFigures) string {
	if f.Candidates == 0 && f.Offers == 0 && f.Goals == 0 {
		return "Nothing was looked for in the last day"
	}
	parts := []string{kit.Count(f.Candidates, "candidate"), kit.Count(f.Offers, "offer")}
	if f.Approved > 0 {
		parts = append(parts, fmt.Sprintf("%s approved", kit.Thousands(f.Approved)))
	}
	if f.Goals > 0 {
		parts = append(parts, kit.Count(f.Goals, "goal")+" reached")
	}
	if len(f.Best) > 0 && f.Best[0].Gain() > 0 {
		parts = append(parts, fmt.Sprintf("%s less cost on %s", kit.Percent(f.Best[0].Gain()), f.Best[0].Script))
	}
	return "In the last day: " + strings.Join(parts, ", ")
}

// layoutOffers draws the offers, those that wait first.
func (p *Improve) layoutOffers(gtx layout.Context) layout.Dimensions {
	all := p.Agent.Offers()
	if len(all) == 0 {
		hint := "What idle time finds for your scripts waits here for your word"
		if !p.Agent.Improving() {
			hint = "Switched on, idle time looks for better programs for your scripts; what it finds waits here for your word"
		}
		return kit.Empty(gtx, p.Theme, kit.IconInfo, "No offers yet", hint)
	}
	return kit.RowListStyle{
		Theme: p.Theme, List: &p.rows, Name: "offers", N: len(all), Cursor: p.cursor(), Second: -1, Height: 28,
		Row: func(gtx layout.Context, i int, chosen bool) { p.layoutOffer(gtx, &all[i], chosen) },
		Label: func(i int) string {
			return fmt.Sprintf("offer %d for %s, %s", all[i].ID, named(&all[i]), stateWords[all[i].State])
		},
	}.Layout(gtx)
}

// named is the script that an offer is of.
func named(o *store.Offer) string {
	if o.Script == "" {
		return "a new script"
	}
	return o.Script
}

// stateWords say what has become of an offer.
var stateWords = map[store.OfferState]string{
	store.OfferFound: "found", store.OfferChecked: "checked", store.OfferOffered: "waits", store.OfferApproved: "approved",
	store.OfferRejected: "rejected", store.OfferSuperseded: "superseded", store.OfferRolledBack: "rolled back",
}

// stateLook is the icon and colour of a state.
func stateLook(th *kit.Theme, s store.OfferState) (kit.Icon, color.NRGBA) {
	switch s {
	case store.OfferOffered:
		return kit.IconDot, th.Accent
	case store.OfferApproved:
		return kit.IconCheck, th.Accent
	case store.OfferRejected:
		return kit.IconClose, th.Dim
	case store.OfferRolledBack:
		return kit.IconReset, th.Warning
	}
	return kit.IconMinus, th.Faint
}

// gains says what an offer brings, in a word.
func gains(o *store.Offer) string {
	switch o.Claim {
	case "closer":
		return fmt.Sprintf("nearer, %.4f", o.DistanceAfter)
	case "passes":
		return "passes"
	}
	return kit.Percent(o.Gain()) + " less"
}

func (p *Improve) layoutOffer(gtx layout.Context, o *store.Offer, chosen bool) {
	th, size := p.Theme, gtx.Constraints.Max
	icon, ink := stateLook(th, o.State)
	name := th.Body(named(o))
	if !chosen && o.State != store.OfferOffered {
		name.Color = th.Dim
	}
	row := []layout.FlexChild{kit.Gap(10),
		layout.Rigid(kit.Middle(func(gtx layout.Context) layout.Dimensions { return icon.Layout(gtx, 16, ink) })), kit.Gap(8),
		layout.Flexed(1, kit.Middle(name.Layout)), kit.Gap(8),
		kit.Cell(96, true, th.Body(gains(o)).Tint(th.Dim)), kit.Gap(10)}
	if size.X >= gtx.Dp(330) {
		row = append(row, kit.Cell(76, false, th.Caption(o.Evidence, th.Faint)))
	}
	if size.X >= gtx.Dp(430) {
		row = append(row, kit.Cell(80, false, th.Caption(stateWords[o.State], th.Faint)))
	}
	row = append(row, kit.Gap(8))
	gtx.Constraints.Min = size
	layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
}
