package ui

import (
	"image"
	"path/filepath"

	"gioui.org/io/event"
	"gioui.org/layout"
	"gioui.org/op/clip"

	"gvpie/app/studio"
	"gvpie/app/studio/files"
	"gvpie/app/ui/kit"
	"gvpie/assets"
)

// sidebar lists the examples, the programs of a folder, and what the loop has.
type sidebar struct {
	*shell
	bottom *bottomPanel

	examples []assets.Example
	files    *files.Folder
	list     kit.SectionList
	followed string // path of the document whose folder is listed
	rows     []kit.SectionRow
	split    kit.Split // from the rest

	narrow      bool // the window has no room beside it: it covers the rest
	shown       bool // where there is room
	shownNarrow bool // where there is none
}

func newSidebar(s *shell, bottom *bottomPanel) sidebar {
	folder := files.NewFolder(s.wake)
	folder.Exts = append(folder.Exts, studio.RecordingExt)
	return sidebar{
		shell: s, bottom: bottom, examples: assets.Examples(), files: folder, shown: true,
		split: kit.Split{Axis: layout.Horizontal, Size: 176, Min: 140, MinOther: 320, Before: true}, // beside it is the editor's gutter
	}
}

// visible is whether the sidebar is on screen, in a window of this width.
func (s *sidebar) visible() *bool {
	if s.narrow {
		return &s.shownNarrow
	}
	return &s.shown
}

// build lists the rows as they are now.
func (s *sidebar) build() {
	m := s.model
	front := m.Active()
	if front != nil && front.Path != "" && front.Path != s.followed {
		s.followed = front.Path
		if dir := filepath.Dir(front.Path); dir != s.files.Dir {
			s.files.Open(dir)
		}
	}
	s.files.Pump()
	rows := append(s.rows[:0], kit.SectionRow{Heading: "EXAMPLES"})
	for _, e := range s.examples {
		rows = append(rows, kit.SectionRow{
			Label: e.Name, Hint: e.Description, Active: front != nil && front.Path == "" && front.Example == e.Name,
			Do: func() { m.OpenExample(e.Name, e.Source) }, Lead: s.thumbnail(rowThumbnail, e),
		})
	}
	rows = append(rows, kit.SectionRow{Heading: "FILES"})
	if s.files.Dir != "" {
		rows = append(rows, kit.SectionRow{Label: filepath.Base(s.files.Dir), Hint: "Go up from " + s.files.Dir, Icon: kit.IconUp,
			Do: func() { s.files.Open(filepath.Dir(s.files.Dir)) }})
	}
	for _, e := range s.files.Entries {
		path := filepath.Join(s.files.Dir, e.Name)
		r := kit.SectionRow{Label: e.Name, Hint: path, Icon: kit.IconFile, Active: front != nil && front.Path == path, Do: func() { m.Open(path) }}
		if e.Dir {
			r.Icon, r.Do = kit.IconFolder, func() { s.files.Open(path) }
		}
		rows = append(rows, r)
	}
	switch {
	case s.files.Loading && len(s.files.Entries) == 0:
		rows = append(rows, kit.SectionRow{Label: "reading the folder…"})
	case s.files.Err != nil:
		rows = append(rows, kit.SectionRow{Label: "this folder cannot be read", Hint: s.files.Err.Error()})
	case len(s.files.Entries) == 0:
		rows = append(rows, kit.SectionRow{Label: "no programs here"})
	}
	s.rows = s.bottom.agent.Rows(rows, s.bottom.tab == panelAgent && *s.bottom.visible(), func() { s.bottom.open(panelAgent) })
}

// hovered is the example that the pointer is over.
func (s *sidebar) hovered() (e assets.Example, ok bool) {
	if i := s.list.Hovered(s.rows) - 1; *s.visible() && 0 <= i && i < len(s.examples) { // below the heading
		return s.examples[i], true
	}
	return e, false
}

func (s *sidebar) update(gtx layout.Context) {
	s.build()
	if i, ok := s.list.Update(gtx, s.rows); ok {
		s.rows[i].Do()
		s.build()
	}
}

func (s *sidebar) layout(gtx layout.Context) layout.Dimensions {
	area := clip.Rect{Max: gtx.Constraints.Max}.Push(gtx.Ops)
	event.Op(gtx.Ops, s) // presses between rows stay in the sidebar
	area.Pop()
	kit.Fill(gtx, image.Rectangle{Max: gtx.Constraints.Max}, s.th.Panel)
	d := s.list.Layout(gtx, s.th, s.rows)
	if s.narrow {
		kit.Hairline(gtx, layout.E, s.th.Line)
	}
	return d
}
