package loop

import (
	"fmt"
	"path/filepath"
	"strings"

	"gvpie/app/studio/loop"
	"gvpie/app/ui/kit"
)

// sectionSize is how many scripts, cartridges and goals the sidebar lists of each;
// the panel has them all.
const sectionSize = 6

// Rows adds what the loop has to the sidebar's rows: a few of each. onScreen says
// whether the panel is; open brings it there.
func (p *Panel) Rows(rows []kit.SectionRow, onScreen bool, open func()) []kit.SectionRow {
	a, th := p.Agent, p.Theme
	if !a.Listed() {
		return rows
	}
	show := func(l List) {
		p.Show(l)
		open()
	}
	more := func(n int, l List) {
		if n > sectionSize {
			rows = append(rows, kit.SectionRow{Label: fmt.Sprintf("%d more…", n-sectionSize), Hint: "Show all in the Agent panel", Do: func() { show(l) }})
		}
	}
	if all := a.Scripts(); len(all) > 0 {
		rows = append(rows, kit.SectionRow{Heading: "SCRIPTS"})
		var front []*loop.ScriptRow // those that run before those that do not
		for _, enabled := range []bool{true, false} {
			for i := 0; i < len(all) && len(front) < sectionSize; i++ {
				if all[i].Enabled == enabled {
					front = append(front, &all[i])
				}
			}
		}
		_, shown := a.Shown()
		for _, s := range front {
			r := kit.SectionRow{Label: s.Name, Hint: s.Purpose, Active: onScreen && shown == s.ID, Do: func() {
				show(Scripts)
				a.ShowScript(s.ID)
			}}
			if rate, ok := s.Rate(); ok {
				r.Note, r.Ink = kit.Percent(rate), rateInk(th, rate)
			}
			if wait := s.Wait(a.Now()); wait > 0 {
				r.Note, r.Ink = "retry "+kit.Span(wait), th.Error
			} else if !s.Enabled {
				r.Note, r.Ink = "off", th.Faint
			}
			rows = append(rows, r)
		}
		more(len(all), Scripts)
	}
	if all := a.Cartridges(); len(all) > 0 {
		rows = append(rows, kit.SectionRow{Heading: "CARTRIDGES"})
		for _, c := range all[:min(sectionSize, len(all))] {
			name := strings.TrimSuffix(filepath.Base(c.Path), filepath.Ext(c.Path))
			rows = append(rows, kit.SectionRow{Label: name, Hint: c.Path, Note: c.Kind, Do: func() {
				p.cartridges.chosen = c.ID
				show(Cartridges)
			}})
		}
		more(len(all), Cartridges)
	}
	unreached := 0
	for _, g := range a.Goals() {
		if g.Completed {
			break
		}
		if unreached == 0 {
			rows = append(rows, kit.SectionRow{Heading: "GOALS"})
		}
		if unreached++; unreached <= sectionSize {
			rows = append(rows, kit.SectionRow{Label: g.Goal, Hint: g.Goal, Note: fmt.Sprint(g.Priority), Do: func() { show(Goals) }})
		}
	}
	more(unreached, Goals)
	return rows
}
