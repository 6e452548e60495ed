package ui

import (
	"image"
	"image/color"
	"path/filepath"

	"gioui.org/layout"
	"gioui.org/unit"
	"gioui.org/widget"

	"gvpie/assets"
)

// sidebar lists the examples, the programs of a folder, and what the loop has.
type sidebar struct {
	examples []assets.Example
	clicks   states[widget.Clickable]
	files    *folder
	scroll   Scroll
	followed string // path of the document whose folder is listed
	rows     []sideRow
}

// sideRow is one line of the sidebar.
type sideRow struct {
	heading string // a section's name; the rest is then empty
	label   string
	hint    string
	note    string // at the right
	ink     color.NRGBA
	icon    Icon
	active  bool
	do      func()
}

func newSidebar(wake func()) *sidebar {
	return &sidebar{examples: assets.Examples(), files: newFolder(wake)}
}

// build lists the rows as they are now.
func (s *sidebar) build(w *Workbench) {
	m := w.model
	front := m.Active()
	if front != nil && front.Path != "" && front.Path != s.followed {
		s.followed = front.Path
		if dir := filepath.Dir(front.Path); dir != s.files.dir {
			s.files.open(dir)
		}
	}
	s.files.pump()
	rows := append(s.rows[:0], sideRow{heading: "EXAMPLES"})
	for _, e := range s.examples {
		rows = append(rows, sideRow{
			label: e.Name, hint: e.Description, active: front != nil && front.Path == "" && front.Example == e.Name,
			do: func() { m.OpenExample(e.Name, e.Source) },
		})
	}
	rows = append(rows, sideRow{heading: "FILES"})
	if s.files.dir != "" {
		rows = append(rows, sideRow{label: filepath.Base(s.files.dir), hint: "Go up from " + s.files.dir, icon: iconUp,
			do: func() { s.files.open(filepath.Dir(s.files.dir)) }})
	}
	for _, e := range s.files.entries {
		path := filepath.Join(s.files.dir, e.Name)
		r := sideRow{label: e.Name, hint: path, icon: iconFile, active: front != nil && front.Path == path, do: func() { m.Open(path) }}
		if e.Dir {
			r.icon, r.do = iconFolder, func() { s.files.open(path) }
		}
		rows = append(rows, r)
	}
	switch {
	case s.files.loading && len(s.files.entries) == 0:
		rows = append(rows, sideRow{label: "reading the folder…"})
	case s.files.err != nil:
		rows = append(rows, sideRow{label: "this folder cannot be read", hint: s.files.err.Error()})
	case len(s.files.entries) == 0:
		rows = append(rows, sideRow{label: "no programs here"})
	}
	s.rows = w.agentRows(rows)
}

func (s *sidebar) update(gtx layout.Context, w *Workbench) {
	s.build(w)
	for i := range s.rows {
		if s.rows[i].do != nil && s.clicks.at(i).Clicked(gtx) {
			s.rows[i].do()
			s.build(w)
			return
		}
	}
}

func (s *sidebar) layout(gtx layout.Context, th *Theme) layout.Dimensions {
	size := gtx.Constraints.Max
	fill(gtx, image.Rectangle{Max: size}, th.Panel)
	return s.scroll.Layout(gtx, th, len(s.rows)+1, func(gtx layout.Context, i int) layout.Dimensions {
		if i == len(s.rows) {
			return layout.Spacer{Height: 12}.Layout(gtx)
		}
		r := s.rows[i]
		switch {
		case r.heading != "":
			return sectionHead(gtx, th, r.heading, i == 0)
		case r.do == nil:
			if s.clicks.at(i).Hovered() {
				th.Tip.Offer(gtx, s.clicks.at(i), r.hint, "")
			}
			return s.clicks.at(i).Layout(gtx, func(gtx layout.Context) layout.Dimensions {
				return layout.Inset{Left: 16, Right: 12, Top: 6, Bottom: 6}.Layout(gtx, th.Dimmed(r.label).Tint(th.Faint).Layout)
			})
		}
		return RowStyle{Theme: th, Click: s.clicks.at(i), Label: r.label, Note: r.note, NoteInk: r.ink, Icon: r.icon, Hint: r.hint, Selected: r.active, Inset: 16, Height: 26}.Layout(gtx)
	})
}

// sectionHead is a small spaced heading over a group of rows.
func sectionHead(gtx layout.Context, th *Theme, s string, first bool) layout.Dimensions {
	top := unit.Dp(20)
	if first {
		top = 16
	}
	return layout.Inset{Left: 16, Right: 12, Top: top, Bottom: 6}.Layout(gtx, th.Caption(s, th.Dim).Layout)
}
