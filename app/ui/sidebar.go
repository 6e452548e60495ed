package ui

import (
	"image"
	"path/filepath"

	"gioui.org/layout"

	"gvpie/app/ui/kit"
	"gvpie/assets"
)

// sidebar lists the examples, the programs of a folder, and what the loop has.
type sidebar struct {
	examples []assets.Example
	files    *folder
	list     kit.SectionList
	followed string // path of the document whose folder is listed
	rows     []kit.SectionRow
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
	rows := append(s.rows[:0], kit.SectionRow{Heading: "EXAMPLES"})
	for _, e := range s.examples {
		rows = append(rows, kit.SectionRow{
			Label: e.Name, Hint: e.Description, Active: front != nil && front.Path == "" && front.Example == e.Name,
			Do: func() { m.OpenExample(e.Name, e.Source) },
		})
	}
	rows = append(rows, kit.SectionRow{Heading: "FILES"})
	if s.files.dir != "" {
		rows = append(rows, kit.SectionRow{Label: filepath.Base(s.files.dir), Hint: "Go up from " + s.files.dir, Icon: kit.IconUp,
			Do: func() { s.files.open(filepath.Dir(s.files.dir)) }})
	}
	for _, e := range s.files.entries {
		path := filepath.Join(s.files.dir, e.Name)
		r := kit.SectionRow{Label: e.Name, Hint: path, Icon: kit.IconFile, Active: front != nil && front.Path == path, Do: func() { m.Open(path) }}
		if e.Dir {
			r.Icon, r.Do = kit.IconFolder, func() { s.files.open(path) }
		}
		rows = append(rows, r)
	}
	switch {
	case s.files.loading && len(s.files.entries) == 0:
		rows = append(rows, kit.SectionRow{Label: "reading the folder…"})
	case s.files.err != nil:
		rows = append(rows, kit.SectionRow{Label: "this folder cannot be read", Hint: s.files.err.Error()})
	case len(s.files.entries) == 0:
		rows = append(rows, kit.SectionRow{Label: "no programs here"})
	}
	s.rows = w.agentRows(rows)
}

func (s *sidebar) update(gtx layout.Context, w *Workbench) {
	s.build(w)
	if i, ok := s.list.Update(gtx, s.rows); ok {
		s.rows[i].Do()
		s.build(w)
	}
}

func (s *sidebar) layout(gtx layout.Context, th *kit.Theme) layout.Dimensions {
	kit.Fill(gtx, image.Rectangle{Max: gtx.Constraints.Max}, th.Panel)
	return s.list.Layout(gtx, th, s.rows)
}
