package debugger

import (
	"image"

	"gioui.org/layout"

	"gvpie/app/studio/debugger"
	"gvpie/app/ui/kit"
)

// column is the right column: who drew a texel, the notebook, and the search.
type column struct {
	*Window
	tab   int
	shown bool // where there is no room for it beside the others by itself
	tabs  [len(columnNames)]kit.Button
	asked *debugger.Drawing // that was shown last

	who      who
	notes    notebook
	search   search
	branches branches
}

// The tabs of the right column.
const (
	columnWho = iota
	columnNotes
	columnBranches
	columnSearch
)

var columnNames = [...]string{"Who drew it", "Notebook", "Branches", "Search"}

// shortNames are those of a column that has no room for the others.
var shortNames = [len(columnNames)]string{"Who", "Notes", "Branches", "Search"}

const roomForNames = 330

func newColumn(w *Window) column {
	return column{Window: w, tab: columnNotes, who: who{Window: w}, notes: notebook{Window: w}, search: search{Window: w}, branches: branches{Window: w}}
}

// open shows one of the tabs.
func (s *column) open(tab int) { s.tab, s.shown = tab, true }

func (s *column) update(gtx layout.Context) {
	if d := s.Model.Who(); d != s.asked {
		if s.asked = d; d != nil {
			s.open(columnWho)
		}
	}
	for i := range s.tabs {
		if s.tabs[i].Clicked(gtx) {
			s.open(i)
		}
	}
	switch s.tab {
	case columnWho:
		s.who.update(gtx)
	case columnNotes:
		s.notes.update(gtx)
	case columnSearch:
		s.search.update(gtx)
	case columnBranches:
		s.branches.update(gtx)
	}
}

func (s *column) layout(gtx layout.Context) layout.Dimensions {
	th, size := s.Theme, gtx.Constraints.Max
	head := gtx.Dp(36)
	kit.Boxed(gtx, image.Rect(gtx.Dp(8), gtx.Dp(4), size.X-gtx.Dp(4), head), func(gtx layout.Context) layout.Dimensions {
		row := []layout.FlexChild{}
		names := columnNames
		if size.X < gtx.Dp(roomForNames) {
			names = shortNames
		}
		for i, name := range names {
			row = append(row, layout.Rigid(kit.Middle(kit.ButtonStyle{Theme: th, Button: &s.tabs[i], Label: name, Height: 24, Selected: s.tab == i}.Layout)), kit.Gap(2))
		}
		gtx.Constraints.Min = gtx.Constraints.Max
		return layout.Flex{Alignment: layout.Middle}.Layout(gtx, row...)
	})
	kit.Boxed(gtx, image.Rect(0, head, size.X, size.Y), func(gtx layout.Context) layout.Dimensions {
		switch {
		case s.tab == columnNotes:
			return s.notes.layout(gtx)
		case s.tab == columnSearch:
			return s.search.layout(gtx)
		case s.tab == columnBranches:
			return s.branches.layout(gtx)
		case s.Model.Who() == nil:
			return kit.Empty(gtx, th, kit.IconInfo, "Who drew it?", "A right click on a picture, or Ctrl-D over it, lists what drew there")
		}
		return s.who.layout(gtx)
	})
	return layout.Dimensions{Size: size}
}
