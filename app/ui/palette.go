package ui

import (
	"image"
	"slices"
	"strings"
	"unicode"

	"gioui.org/io/key"
	"gioui.org/layout"
	"gioui.org/unit"
	"gioui.org/widget"

	"gvpie/app/studio"
	"gvpie/app/ui/kit"
)

// commandPalette lists every action, those that match what is typed first.
type commandPalette struct {
	name, empty, none string // of the field, before anything is typed, and where nothing is found

	actions []*studio.Action
	extra   []*studio.Action // found only when searched for: examples
	field   kit.Field
	found   []*studio.Action
	clicks  kit.States[widget.Clickable]
	scroll  kit.Scroll
	cursor  int
	focused bool
}

func newPalette(actions, extra []*studio.Action) *commandPalette {
	p := &commandPalette{name: "find an action", empty: "Find an action or an example", none: "No action is called that", actions: actions, extra: extra}
	p.search()
	return p
}

func (p *commandPalette) Frame() (width, height, top unit.Dp) {
	rows := min(max(len(p.found), 3), 13)
	return 560, 58 + unit.Dp(rows)*kit.RowHeight, 72
}

// search finds the actions whose titles hold what is typed, best first.
func (p *commandPalette) search() {
	words := strings.Fields(strings.ToLower(p.field.Text()))
	p.found, p.cursor = p.found[:0], 0
	type hit struct {
		a     *studio.Action
		score int
	}
	var hits []hit
	pool := p.actions
	if len(words) > 0 {
		pool = slices.Concat(p.actions, p.extra)
	}
	for _, a := range pool {
		if s, ok := score(strings.ToLower(a.Title), words); ok {
			hits = append(hits, hit{a, s})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return b.score - a.score })
	for _, h := range hits {
		p.found = append(p.found, h.a)
	}
	p.scroll.ToStart()
}

// score says how well a title matches: every word must be in it, in the order
// of its letters at least; beginnings of words count most.
func score(title string, words []string) (int, bool) {
	total := 0
	for _, w := range words {
		switch i := strings.Index(title, w); {
		case i == 0:
			total += 8
		case i > 0 && !unicode.IsLetter(rune(title[i-1])):
			total += 6
		case i > 0:
			total += 3
		case subsequence(title, w):
			total++
		default:
			return 0, false
		}
	}
	return total, true
}

func subsequence(s, letters string) bool {
	for _, r := range letters {
		i := strings.IndexRune(s, r)
		if i < 0 {
			return false
		}
		s = s[i+1:]
	}
	return true
}

func (p *commandPalette) Update(gtx layout.Context) (done bool) {
	if !p.focused {
		p.focused = true
		p.field.Focus(gtx)
	}
	for {
		e, ok := gtx.Event(
			key.Filter{Name: key.NameUpArrow}, key.Filter{Name: key.NameDownArrow},
			key.Filter{Name: key.NamePageUp}, key.Filter{Name: key.NamePageDown},
		)
		if !ok {
			break
		}
		if e, ok := e.(key.Event); ok && e.State == key.Press {
			by := map[key.Name]int{key.NameUpArrow: -1, key.NameDownArrow: 1, key.NamePageUp: -8, key.NamePageDown: 8}[e.Name]
			p.cursor = max(0, min(len(p.found)-1, p.cursor+by))
			p.scroll.Reveal(p.cursor)
		}
	}
	changed, entered := p.field.Update(gtx)
	if changed {
		p.search()
	}
	if entered && p.cursor < len(p.found) && p.found[p.cursor].On() {
		p.found[p.cursor].Invoke()
		return true
	}
	for i, a := range p.found {
		if p.clicks.At(i).Clicked(gtx) && a.On() {
			a.Invoke()
			return true
		}
	}
	return false
}

func (p *commandPalette) Layout(gtx layout.Context, th *kit.Theme) layout.Dimensions {
	gtx.Constraints.Min = gtx.Constraints.Max
	return layout.Flex{Axis: layout.Vertical}.Layout(gtx,
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			return layout.UniformInset(6).Layout(gtx, kit.FieldStyle{Theme: th, Field: &p.field, Name: p.name, Empty: p.empty, Icon: kit.IconSearch, Bare: true}.Layout)
		}),
		layout.Rigid(func(gtx layout.Context) layout.Dimensions {
			size := image.Pt(gtx.Constraints.Max.X, max(1, gtx.Dp(1)))
			kit.Fill(gtx, image.Rectangle{Max: size}, th.Line)
			return layout.Dimensions{Size: size}
		}), kit.Gap(4),
		layout.Flexed(1, func(gtx layout.Context) layout.Dimensions {
			if len(p.found) == 0 {
				return kit.Empty(gtx, th, kit.IconSearch, p.none, "")
			}
			return p.scroll.Layout(gtx, th, len(p.found), func(gtx layout.Context, i int) layout.Dimensions {
				a := p.found[i]
				row := kit.RowStyle{Theme: th, Click: p.clicks.At(i), Label: a.Title, Note: a.Keys, Selected: i == p.cursor, Inset: 16, Name: "action " + a.Title}
				if a.Checked != nil && a.Checked() {
					row.Icon, row.Ink = kit.IconCheck, th.Accent
				} else {
					row.Icon = kit.IconNone
				}
				if !a.On() {
					gtx = gtx.Disabled()
					row.Dull = true
				}
				return row.Layout(gtx)
			})
		}),
		kit.Gap(4),
	)
}
