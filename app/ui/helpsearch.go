package ui

import (
	"slices"
	"strings"

	"gioui.org/layout"

	"gvpie/app/ui/kit"
)

// helpHit is a place in the help that has all the words looked for.
type helpHit struct {
	page, element int
	says          string // what is there, around the first of the words
	heading       bool
}

// maxHits is how many hits are listed: more are not read.
const maxHits = 200

// searching says whether something is looked for.
func (h *helpPage) searching() bool { return strings.TrimSpace(h.field.Text()) != "" }

// updateSearch takes in what is typed in the field and clicked of what it found.
func (h *helpPage) updateSearch(gtx layout.Context) {
	changed, entered := h.field.Update(gtx)
	if changed {
		h.hits, h.hit, h.shownHit = findHelp(h.pages, h.field.Text()), 0, false
		h.found.ToStart()
	}
	for i := range h.hits {
		if h.hitRows.At(i).Clicked(gtx) {
			h.show(i)
		}
	}
	if entered && len(h.hits) > 0 {
		h.show(h.hit % len(h.hits))
	}
}

// show turns to a hit.
func (h *helpPage) show(i int) {
	hit := h.hits[i]
	h.page, h.hit, h.shownHit = hit.page, i+1, true
	h.pages[hit.page].scroll.GoTo(hit.element)
	h.found.Reveal(i)
}

// findHelp finds the places that have all words of a query, headings first, else in the
// order of the pages.
func findHelp(pages []helpDoc, query string) []helpHit {
	words := strings.Fields(strings.ToLower(query))
	if len(words) == 0 {
		return nil
	}
	var hits []helpHit
	for p := range pages {
		for i, e := range pages[p].elements {
			text := helpText(e)
			low := strings.ToLower(text)
			if slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(low, w) }) {
				continue
			}
			hits = append(hits, helpHit{page: p, element: i, says: around(text, low, words[0]), heading: e.Kind == kit.Heading})
		}
	}
	slices.SortStableFunc(hits, func(a, b helpHit) int {
		switch {
		case a.heading && !b.heading:
			return -1
		case b.heading && !a.heading:
			return 1
		}
		return 0
	})
	return hits[:min(len(hits), maxHits)]
}

// helpText is an element as plain text.
func helpText(e kit.Element) string {
	switch e.Kind {
	case kit.Listing:
		return e.Text
	case kit.TableRow:
		cells := make([]string, len(e.Cells))
		for i, c := range e.Cells {
			cells[i] = kit.PlainText(c)
		}
		return strings.Join(cells, " · ")
	}
	return kit.PlainText(e.Text)
}

// around gives the part of a text that begins shortly before a word, in one line.
func around(text, low, word string) string {
	const before = 12
	from := 0
	if at := strings.Index(low, word); len(low) == len(text) && at > before { // else their bytes do not match
		from = at - before
		if space := strings.IndexAny(text[from:at], " \n"); space >= 0 {
			from += space + 1
		}
	}
	says := strings.Join(strings.Fields(strings.ToValidUTF8(text[from:], "")), " ")
	if from > 0 {
		says = "… " + says
	}
	return says
}

// layoutHits lists what was found.
func (h *helpPage) layoutHits(gtx layout.Context, th *kit.Theme) layout.Dimensions {
	if len(h.hits) == 0 {
		return kit.Empty(gtx, th, kit.IconSearch, "Nothing is called that", "")
	}
	return layout.Inset{Top: 8, Bottom: 8}.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		return h.found.Layout(gtx, th, len(h.hits), func(gtx layout.Context, i int) layout.Dimensions {
			hit := h.hits[i]
			page := h.pages[hit.page].title
			row := kit.RowStyle{Theme: th, Click: h.hitRows.At(i), Label: hit.says, Name: "found " + hit.says, Hint: page + ": " + hit.says, Inset: 16, Height: 26, Selected: i == h.hit-1}
			if hit.heading {
				row.Icon, row.Ink = kit.IconHelp, th.Accent
			}
			return row.Layout(gtx)
		})
	})
}
