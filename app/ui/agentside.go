package ui

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"gvpie/app/studio/loop"
	"gvpie/app/ui/kit"
)

// sideMost is how many scripts, cartridges and goals the sidebar lists of each;
// the panel has them all.
const sideMost = 6

// agentRows adds what the loop has to the sidebar's rows: a few of each.
func (w *Workbench) agentRows(rows []kit.SectionRow) []kit.SectionRow {
	a, th := w.model.Agent(), w.th
	if !a.Listed() {
		return rows
	}
	more := func(n int, tab agentList) {
		if n > sideMost {
			rows = append(rows, kit.SectionRow{Label: fmt.Sprintf("%d more…", n-sideMost), Hint: "Show all in the Agent panel", Do: func() { w.showList(tab) }})
		}
	}
	if all := a.Scripts(); len(all) > 0 {
		rows = append(rows, kit.SectionRow{Heading: "SCRIPTS"})
		front := slices.Clone(all)
		slices.SortStableFunc(front, func(x, y loop.ScriptRow) int { // those that run before those that do not
			return cmp.Compare(btoi(!x.Enabled), btoi(!y.Enabled))
		})
		_, shown := a.Shown()
		for i := range front[:min(sideMost, len(front))] {
			s := &front[i]
			r := kit.SectionRow{Label: s.Name, Hint: s.Purpose, Active: shown == s.ID && w.bottom.tab == panelAgent && *w.panelShown(), Do: func() {
				w.showList(listScripts)
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
		more(len(all), listScripts)
	}
	if all := a.Cartridges(); len(all) > 0 {
		rows = append(rows, kit.SectionRow{Heading: "CARTRIDGES"})
		for _, c := range all[:min(sideMost, len(all))] {
			name := strings.TrimSuffix(filepath.Base(c.Path), filepath.Ext(c.Path))
			rows = append(rows, kit.SectionRow{Label: name, Hint: c.Path, Note: c.Kind, Do: func() {
				w.agent.chosen = c.ID
				w.showList(listCartridges)
			}})
		}
		more(len(all), listCartridges)
	}
	open := 0
	for _, g := range a.Goals() {
		if g.Completed {
			break
		}
		if open == 0 {
			rows = append(rows, kit.SectionRow{Heading: "GOALS"})
		}
		if open++; open <= sideMost {
			rows = append(rows, kit.SectionRow{Label: g.Goal, Hint: g.Goal, Note: fmt.Sprint(g.Priority), Do: func() { w.showList(listGoals) }})
		}
	}
	more(open, listGoals)
	return rows
}

// showList opens the Agent panel with one of its lists.
func (w *Workbench) showList(l agentList) {
	w.agent.left = l
	w.openPanel(panelAgent)
}
