package ui

import (
	"fmt"
	"strings"
	"testing"

	"gvpie/app/studio"
	"gvpie/app/ui/kit"
)

func TestTheHelpIsSearched(t *testing.T) {
	for _, size := range []struct{ w, h int }{{1440, 900}, {400, 300}} {
		d := newDesk(t, size.w, size.h, 1)
		d.openExample("hello")
		d.Press("F1")
		h := d.bench.dialogs.front.(*helpPage)
		d.Write("shift counts")
		if len(h.hits) == 0 || !strings.Contains(strings.ToLower(h.hits[0].says), "shift") {
			t.Fatalf("%v: found %+v", size, h.hits)
		}
		d.Click("found " + h.hits[0].says)
		if h.pages[h.page].name != "language" {
			t.Errorf("%v: the hit leads to %s", size, h.pages[h.page].name)
		}
		page := h.pages[h.page]
		if first, last := page.scroll.Visible(len(page.elements)); h.hits[0].element < first || h.hits[0].element >= last {
			t.Errorf("%v: element %d is not in sight, %d to %d are", size, h.hits[0].element, first, last)
		}
		d.Press("Ctrl-A")
		d.Write("xyzzy")
		d.MustFind("Nothing is called that")
		d.Press("Ctrl-A")
		d.Write("f10")
		d.Press("⏎")
		if got := h.pages[h.hits[0].page].name; h.page != h.hits[0].page {
			t.Errorf("%v: Return leads to page %d, the first hit is in %s", size, h.page, got)
		}
		d.Press("Ctrl-A")
		d.Press("⌫")
		if h.searching() || len(h.hits) > 0 {
			t.Errorf("%v: %d hits of nothing", size, len(h.hits))
		}
	}
}

func TestHeadingsAreFoundFirst(t *testing.T) {
	pages := []helpDoc{
		{elements: []kit.Element{{Text: "a loop of **many** words that go on and on before the Colour comes"}, {Kind: kit.Listing, Text: "LOOP:\n  colour"}}},
		{elements: []kit.Element{{Kind: kit.TableRow, Cells: []string{"`x`", "loops"}}, {Kind: kit.Heading, Text: "Loop"}}},
	}
	said := func(query string) string {
		var out []string
		for _, h := range findHelp(pages, query) {
			out = append(out, fmt.Sprintf("%d.%d %s", h.page, h.element, h.says))
		}
		return strings.Join(out, "\n")
	}
	for query, want := range map[string]string{
		"LOOP":        "1.1 Loop\n0.0 a loop of many words that go on and on before the Colour comes\n0.1 LOOP: colour\n1.0 x · loops",
		"colour loop": "0.0 … before the Colour comes\n0.1 LOOP: colour",
		"loop nobody": "",
		" ":           "",
	} {
		if got := said(query); got != want {
			t.Errorf("%q finds\n%s\nwant\n%s", query, got, want)
		}
	}
}

// TestAMenuGoesWhenADialogComes: else it would keep the pointer under it.
func TestAMenuGoesWhenADialogComes(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.openExample("bounce")
	d.awaitPictures()
	d.Click("processor")
	if !d.bench.top.tools.menuOpen() {
		t.Fatal("the menu is not down")
	}
	d.Press("F1")
	d.Frame()
	if d.bench.dialogs.front == nil || d.bench.top.tools.menuOpen() {
		t.Fatalf("the help is %T, the menu down: %v", d.bench.dialogs.front, d.bench.top.tools.menuOpen())
	}
	d.Click("close the help")
	if d.bench.dialogs.front != nil {
		t.Error("the help cannot be closed")
	}
}

func TestEveryProgramOfTheHelpRunsByAClick(t *testing.T) {
	d := newDesk(t, 1440, 900, 1)
	d.openExample("bounce")
	d.awaitPictures() // the badge of a program that runs is wider
	d.Click("Pause")
	n := 0
	for page := range newHelp(nil, nil).pages {
		for i := range newHelp(nil, nil).pages[page].programs {
			d.Press("F1")
			h := d.bench.dialogs.front.(*helpPage)
			h.page = page
			doc := &h.pages[page]
			doc.scroll.GoTo(doc.programs[i])
			d.Frame()
			d.Click(fmt.Sprintf("run %s %d", doc.name, i+1))
			if d.bench.dialogs.front != nil {
				t.Fatalf("the help stays at program %d of %s", i+1, doc.name)
			}
			if got := d.model.Active(); got.Text() != doc.elements[doc.programs[i]].Text+"\n" {
				t.Fatalf("the tab holds %q", got.Text())
			}
			d.Until("it runs", func() bool { return d.model.RunState().Frames > 0 })
			if s := d.model.RunState(); s.Phase != studio.Running && s.Phase != studio.Halted || d.model.Wrong(d.model.Active()) {
				t.Errorf("program %d of %s: phase %v, %v", i+1, doc.name, s.Phase, d.model.Problems())
			}
			n++
		}
	}
	if n < 6 {
		t.Errorf("the help has %d programs", n)
	}
}
