package ui

import (
	"fmt"
	"image"
	"slices"
	"strings"

	"gioui.org/layout"
	"gioui.org/unit"
	"gioui.org/widget"

	"gvpie/app/studio"
	"gvpie/app/ui/kit"
	"gvpie/assets"
)

// helpPage is the tour, the language reference and the list of keys, read in
// the window and searched, with its programs run by a click.
type helpPage struct {
	pages  []helpDoc
	page   int
	run    func(name, source string)
	close  kit.Button
	titles kit.States[widget.Clickable]
	index  kit.Scroll

	field    kit.Field
	focused  bool
	hits     []helpHit // of what is typed in the field
	hit      int       // the one that Return goes to next
	hitRows  kit.States[widget.Clickable]
	found    kit.Scroll
	shownHit bool // narrow: the page of a hit is shown, not the hits
}

// helpDoc is one document with its headings.
type helpDoc struct {
	name     string
	title    string
	elements []kit.Element
	headings []int // of level 2, as indices into elements
	programs []int // listings that can be run
	clicks   kit.States[widget.Clickable]
	runs     kit.States[kit.Button] // of programs
	scroll   kit.Scroll
}

func newHelp(actions []*studio.Action, run func(name, source string)) *helpPage {
	h := &helpPage{run: run}
	for _, d := range assets.Docs() {
		h.add(d.Name, d.Title, kit.ParseMarkdown(d.Text))
	}
	h.add("keys", "Keys", keyTable(actions))
	return h
}

func (h *helpPage) add(name, title string, elements []kit.Element) {
	d := helpDoc{name: name, title: title, elements: elements}
	for i, b := range elements {
		switch {
		case b.Kind == kit.Heading && b.Level == 2:
			d.headings = append(d.headings, i)
		case b.Kind == kit.Listing && b.Lang == "pxl":
			d.programs = append(d.programs, i)
		}
	}
	h.pages = append(h.pages, d)
}

// keyTable lists every action that has a key.
func keyTable(actions []*studio.Action) []kit.Element {
	out := []kit.Element{{Kind: kit.Heading, Level: 1, Text: "Keys"}, {Kind: kit.TableRow, Head: true, Cells: []string{"Key", "Action"}}}
	for _, a := range actions {
		if a.Keys != "" {
			out = append(out, kit.Element{Kind: kit.TableRow, Cells: []string{"`" + a.Keys + "`", a.Title}})
		}
	}
	more := [][2]string{
		{"Click the human view", "Mouse and keys go to the program"},
		{"Alt-click a texel", "Go to the line that wrote it; on the machine view a click does"},
		{"Ctrl-Wheel", "Zoom at the pointer; the wheel alone does while nobody plays"},
		{"Middle-Drag", "Pan; with Space held, or on the machine view, the left button does"},
		{"Double click", "Fit the machine view"},
		{"Escape", "Leave the program; close a dialog, a menu, the find bar"},
	}
	for _, m := range more {
		out = append(out, kit.Element{Kind: kit.TableRow, Cells: []string{"`" + m[0] + "`", m[1]}})
	}
	return out
}

func (h *helpPage) Frame() (width, height, top unit.Dp) { return 960, 720, 40 }

func (h *helpPage) Update(gtx layout.Context) (done bool) {
	if !h.focused {
		h.focused = true
		h.field.Focus(gtx)
	}
	h.updateSearch(gtx)
	for i := range h.pages {
		if h.titles.At(i).Clicked(gtx) {
			h.page = i
		}
	}
	d := &h.pages[h.page]
	for i := range d.headings {
		if d.clicks.At(i).Clicked(gtx) {
			d.scroll.GoTo(d.headings[i])
		}
	}
	for i, at := range d.programs {
		if d.runs.At(i).Clicked(gtx) {
			h.run(fmt.Sprintf("%s %d", d.name, i+1), d.elements[at].Text+"\n")
			return true
		}
	}
	return h.close.Clicked(gtx)
}

func (h *helpPage) Layout(gtx layout.Context, th *kit.Theme) layout.Dimensions {
	size := gtx.Constraints.Max
	head, side := gtx.Dp(48), gtx.Dp(248)
	narrow := size.X < gtx.Dp(560)
	kit.Fill(gtx, image.Rectangle{Max: size}, th.Window)
	kit.Boxed(gtx, image.Rect(0, 0, size.X, head), func(gtx layout.Context) layout.Dimensions {
		kit.Fill(gtx, image.Rectangle{Max: gtx.Constraints.Max}, th.Panel)
		kit.Hairline(gtx, layout.S, th.Line)
		return layout.Dimensions{Size: gtx.Constraints.Max}
	})
	b := gtx.Dp(28)
	right := size.X - b - gtx.Dp(20)
	if !narrow {
		right = min(right, gtx.Dp(480))
	}
	kit.Boxed(gtx, image.Rect(gtx.Dp(8), gtx.Dp(8), right, gtx.Dp(40)), kit.FieldStyle{Theme: th, Field: &h.field, Name: "search the help", Empty: "Search the help", Icon: kit.IconSearch}.Layout)
	kit.At(gtx, image.Pt(size.X-b-gtx.Dp(10), gtx.Dp(10)), func(gtx layout.Context) layout.Dimensions {
		gtx.Constraints.Min = image.Point{}
		return kit.ButtonStyle{Theme: th, Button: &h.close, Name: "close the help", Icon: kit.IconClose}.Layout(gtx)
	})
	left, page := image.Rect(0, head, side, size.Y), image.Rect(side, head, size.X, size.Y)
	if narrow {
		left, page = image.Rectangle{}, image.Rect(0, head, size.X, size.Y)
		if h.searching() && !h.shownHit {
			left, page = page, image.Rectangle{}
		}
	}
	kit.Boxed(gtx, left, func(gtx layout.Context) layout.Dimensions {
		kit.Fill(gtx, image.Rectangle{Max: gtx.Constraints.Max}, th.Panel)
		kit.Hairline(gtx, layout.E, th.Line)
		if h.searching() {
			return h.layoutHits(gtx, th)
		}
		return h.layoutIndex(gtx, th)
	})
	kit.Boxed(gtx, page, func(gtx layout.Context) layout.Dimensions { return h.layoutPage(gtx, th) })
	return layout.Dimensions{Size: size}
}

func (h *helpPage) layoutIndex(gtx layout.Context, th *kit.Theme) layout.Dimensions {
	d := &h.pages[h.page]
	type line struct{ page, heading int }
	var lines []line
	for i := range h.pages {
		lines = append(lines, line{i, -1})
		if i == h.page {
			for j := range d.headings {
				lines = append(lines, line{i, j})
			}
		}
	}
	return layout.Inset{Top: 12, Bottom: 8}.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
		return h.index.Layout(gtx, th, len(lines), func(gtx layout.Context, i int) layout.Dimensions {
			l := lines[i]
			if l.heading < 0 {
				return kit.RowStyle{Theme: th, Click: h.titles.At(l.page), Label: h.pages[l.page].title, Selected: l.page == h.page, Inset: 16, Name: "help " + h.pages[l.page].title}.Layout(gtx)
			}
			text := kit.PlainText(d.elements[d.headings[l.heading]].Text)
			return kit.RowStyle{Theme: th, Click: d.clicks.At(l.heading), Label: text, Inset: 32, Height: 24}.Layout(gtx)
		})
	})
}

func (h *helpPage) layoutPage(gtx layout.Context, th *kit.Theme) layout.Dimensions {
	d := &h.pages[h.page]
	margin := unit.Dp(32)
	if gtx.Constraints.Max.X < gtx.Dp(480) {
		margin = 16
	}
	return d.scroll.Layout(gtx, th, len(d.elements)+1, func(gtx layout.Context, i int) layout.Dimensions {
		return layout.Inset{Left: margin, Right: margin}.Layout(gtx, func(gtx layout.Context) layout.Dimensions {
			gtx.Constraints.Min = image.Point{}
			gtx.Constraints.Max.X = min(gtx.Constraints.Max.X, gtx.Dp(640))
			if i == len(d.elements) {
				return layout.Spacer{Height: 32}.Layout(gtx)
			}
			dims := d.elements[i].Layout(gtx, th, i == 0)
			if n, ok := slices.BinarySearch(d.programs, i); ok {
				h.layoutRun(gtx, th, d, n)
			}
			if d.elements[i].Kind == kit.TableRow && i+1 < len(d.elements) && d.elements[i+1].Kind != kit.TableRow {
				dims.Size.Y += gtx.Dp(12)
			}
			dims.Size.X = gtx.Constraints.Max.X
			return dims
		})
	})
}

// layoutRun draws the button that runs a page's program over its listing.
func (h *helpPage) layoutRun(gtx layout.Context, th *kit.Theme, d *helpDoc, n int) {
	button, call := record(gtx, gtx.Constraints.Max.X, kit.ButtonStyle{Theme: th, Button: d.runs.At(n), Name: fmt.Sprintf("run %s %d", d.name, n+1), Label: "Run",
		Icon: kit.IconRun, Look: kit.Framed, Height: 24, Hint: "Open it in a tab and run it"}.Layout)
	kit.At(gtx, image.Pt(gtx.Constraints.Max.X-button.Size.X-gtx.Dp(8), gtx.Dp(10)), func(gtx layout.Context) layout.Dimensions {
		call.Add(gtx.Ops)
		return button
	})
}

// helpHit is a place in the help that has all the words looked for.
type helpHit struct {
	page, element int
	says          string // what is there, around the first of the words
	rank          int    // where it stands among the hits; 0: a heading
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

// findHelp finds the places that have all words of a query: headings first, then those
// that have the words next to each other, else in the order of the pages.
func findHelp(pages []helpDoc, query string) []helpHit {
	words := strings.Fields(strings.ToLower(query))
	phrase := strings.Join(words, " ")
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
			hits = append(hits, helpHit{page: p, element: i, says: around(text, low, words[0]), rank: rank(e.Kind == kit.Heading, strings.Contains(low, phrase))})
		}
	}
	slices.SortStableFunc(hits, func(a, b helpHit) int { return a.rank - b.rank })
	return hits[:min(len(hits), maxHits)]
}

// rank is where a hit stands, the smaller the sooner.
func rank(heading, phrase bool) int {
	switch {
	case heading:
		return 0
	case phrase:
		return 1
	}
	return 2
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
			if hit.rank == 0 {
				row.Icon, row.Ink = kit.IconHelp, th.Accent
			}
			return row.Layout(gtx)
		})
	})
}
