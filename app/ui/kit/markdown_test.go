package kit

import (
	"reflect"
	"strings"
	"testing"

	"gvpie/assets"
)

func TestMarkdownIsRead(t *testing.T) {
	src := "# Title\n\nOne line\nand the next.\n\n- first\n  goes on\n- second\n1. third\n\n```pxl\nRECT 1 2\n  TXT | x\n```\n\n| Key | What |\n|---|---|\n| `a \\| b` | c |\n\n---\n> said\n"
	want := []Element{
		{Kind: Heading, Level: 1, Text: "Title"},
		{Kind: Paragraph, Text: "One line and the next."},
		{Kind: Item, Mark: "•", Text: "first goes on"},
		{Kind: Item, Mark: "•", Text: "second"},
		{Kind: Item, Mark: "1.", Text: "third"},
		{Kind: Listing, Text: "RECT 1 2\n  TXT | x", Lang: "pxl"},
		{Kind: TableRow, Head: true, Cells: []string{"Key", "What"}},
		{Kind: TableRow, Cells: []string{"`a | b`", "c"}},
		{Kind: Rule},
		{Kind: Quote, Text: "said"},
	}
	got := ParseMarkdown(src)
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || !reflect.DeepEqual(got[i], want[i]) {
			t.Fatalf("element %d of\n%+v\nis not that of\n%+v", i, got, want)
		}
	}
}

func TestInlineMarksAreRead(t *testing.T) {
	want := []span{{text: "a "}, {text: "b c", bold: true}, {text: " "}, {text: "x*y", code: true}, {text: ", "}, {text: "d", italic: true}, {text: " and 2 * 3, "}, {text: "see the page"}, {text: " [0]"}}
	got := parseInline("a **b c** `x*y`, *d* and 2 * 3, [see the page](x.md) [0]")
	join := func(s []span) string {
		var b strings.Builder
		for _, p := range s {
			b.WriteString(p.text)
		}
		return b.String()
	}
	if join(got) != join(want) {
		t.Fatalf("the text is %q, want %q", join(got), join(want))
	}
	for _, w := range want {
		if !w.bold && !w.code && !w.italic {
			continue
		}
		found := false
		for _, g := range got {
			found = found || g == w
		}
		if !found {
			t.Errorf("%+v is not in %+v", w, got)
		}
	}
}

func TestTheDocumentsAreReadWhole(t *testing.T) {
	for _, d := range assets.Docs() {
		for _, b := range ParseMarkdown(d.Text) {
			for _, s := range append(b.Cells, b.Text) {
				if b.Kind != Listing && strings.Contains(PlainText(s), "**") {
					t.Errorf("%s: a mark is left in %q", d.Name, s)
				}
			}
		}
	}
}
