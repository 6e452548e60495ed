package assets_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"gvpie/assets"
	"gvpie/runtime/isa"
	"gvpie/runtime/pxl"
)

var update = flag.Bool("update", false, "remake the tables of docs/*.md")

// table is the rows of a table of the documents that follow from the source: the
// first table below a heading, or the nth.
type table struct {
	doc, heading string
	nth          int
	rows         [][]string
}

func tables() []table {
	return []table{
		{"language", "## Declarations", 0, keywords(pxl.Directives)},
		{"language", "## Functions", 0, functions()},
		{"language", "## Names to read", 0, names()},
		{"language", "## Colours", 0, colors()},
		{"language", "## Drawing", 0, statements(isa.GroupDraw)},
		{"language", "## Data", 0, statements(isa.GroupData)},
		{"language", "## Flow", 0, append(statements(isa.GroupFlow), keywords(pxl.Keywords)...)},
		{"language", "## Time", 0, statements(isa.GroupTime)},
		{"language", "## Code for every texel", 0, statements(isa.GroupTexel)},
		{"language", "## Telling", 0, statements(isa.GroupTell)},
		{"language", "### Warnings", 0, warnings()},
		{"language", "## Limits", 0, limits()},
		{"machine", "## Program page", 0, header()},
		{"machine", "## Instructions", 1, opcodes()},
		{"machine", "## System words", 0, system()},
		{"machine", "## State page", 0, fields(isa.StateFields)},
		{"machine", "## State page", 1, faults()},
		{"machine", "## Commands", 0, fields(isa.CommandFields)},
	}
}

func code(s string) string { return "`" + s + "`" }

func statements(g isa.Group) (rows [][]string) {
	for _, s := range isa.Specs {
		if s.Group == g && s.Source {
			rows = append(rows, []string{code(s.Syntax), s.Doc})
		}
	}
	return rows
}

func warnings() (rows [][]string) {
	for _, w := range pxl.Warnings {
		rows = append(rows, []string{code(w.Code), code(w.Example), w.Doc})
	}
	return rows
}

func keywords(docs []pxl.KeywordDoc) (rows [][]string) {
	for _, k := range docs {
		rows = append(rows, []string{code(k.Syntax), k.Doc})
	}
	return rows
}

func functions() (rows [][]string) {
	for _, f := range pxl.Functions {
		rows = append(rows, []string{code(f.Name + "(" + strings.Join(f.Params, ", ") + ")"), f.Doc})
	}
	return rows
}

func names() (rows [][]string) {
	for _, n := range pxl.ReadOnlyNames {
		rows = append(rows, []string{code(n.Name), n.Doc})
	}
	return rows
}

func colors() (rows [][]string) {
	for _, c := range pxl.Colors {
		rows = append(rows, []string{code(c.Name), code(fmt.Sprintf("0x%06X", c.RGB))})
	}
	return rows
}

func limits() [][]string {
	n := func(v int) string { // 65536 as 65 536
		s := fmt.Sprint(v)
		for i := len(s) - 3; i > 0; i -= 3 {
			s = s[:i] + " " + s[i:]
		}
		return s
	}
	return [][]string{
		{"canvas", fmt.Sprintf("%d × %d texels", isa.MaxCanvas, isa.MaxCanvas)},
		{"program: code, text and tables", n(isa.MaxProgramWords) + " words"},
		{"data: variables and arrays", n(isa.MaxDataWords) + " words"},
		{"instructions a frame", n(isa.DefaultBudget) + ", unless the run is given another budget"},
		{"instructions a texel, in one `EACH`", n(isa.LaneBudget)},
		{"names and intermediate values in one `EACH`", n(isa.MaxLanes - 2)},
		{"draws and log lines a frame", n(isa.MaxCommands)},
		{"resolved text and captured values a frame", n(isa.MaxPayload) + " words"},
		{"`CALL`s within one another", n(isa.StackDepth)},
		{"source text", n(pxl.MaxSource) + " bytes"},
	}
}

func header() [][]string {
	return numbered(map[int]string{
		isa.HdrMagic:     fmt.Sprintf("0x%08X: `PXL` and the version, 1", isa.HeaderMagic),
		isa.HdrSize:      "W + 65536·H",
		isa.HdrFlags:     fmt.Sprintf("%d on a pixel canvas", isa.FlagPixel),
		isa.HdrDataWords: "words of the data page",
		isa.HdrCodeEnd:   "address after the last instruction",
	})
}

func opcodes() (rows [][]string) {
	kinds := map[isa.Kind]string{isa.In: "in", isa.Out: "out", isa.Addr: "addr", isa.Base: "base", isa.Len: "len"}
	for _, s := range isa.Specs {
		var ops []string
		for i, o := range s.Operands {
			word := o.Name
			if o.Kind != isa.In {
				word += ":" + kinds[o.Kind]
			}
			if i >= s.Min {
				word = "[" + word + "]"
			}
			ops = append(ops, word)
		}
		switch s.Tail {
		case isa.TextTail:
			ops = append(ops, "+ text")
		case isa.CaptureTail:
			ops = append(ops, "+ captures")
		}
		where := "core"
		if s.InEach {
			where = "block"
			if s.InCore {
				where = "both"
			}
		}
		rows = append(rows, []string{fmt.Sprintf("0x%02X", uint8(s.Op)), code(s.Mnemonic), strings.Join(ops, " "), where, s.Doc})
	}
	return rows
}

func system() (rows [][]string) {
	for i, n := range isa.SysNames {
		rows = append(rows, []string{fmt.Sprint(i), code(n)})
	}
	return rows
}

// fields are the rows of a page or a command that isa describes.
func fields(list []isa.Field) (rows [][]string) {
	for _, f := range list {
		at := fmt.Sprint(f.At)
		if f.Words > 1 {
			at = fmt.Sprintf("%d–%d", f.At, f.At+f.Words-1)
		}
		rows = append(rows, []string{at, f.Doc})
	}
	return rows
}

func faults() (rows [][]string) {
	detail := map[isa.Fault][2]string{
		isa.BadOpcode:         {"the header texel", ""},
		isa.DivByZero:         {"the dividend", ""},
		isa.AddressOutOfRange: {"the index", "the length"},
		isa.StackOverflow:     {"the depth", ""},
		isa.CycleLimit:        {"the budget", ""},
		isa.CommandLimit:      {"the limit", ""},
	}
	for f := isa.BadOpcode; f <= isa.AssertFailed; f++ {
		rows = append(rows, []string{fmt.Sprint(uint32(f)), code(f.String()), detail[f][0], detail[f][1]})
	}
	return rows
}

func numbered(words map[int]string) (rows [][]string) {
	for i := range isa.HeaderWords {
		if what, ok := words[i]; ok {
			rows = append(rows, []string{fmt.Sprint(i), what})
		}
	}
	return rows
}

// remade gives the document with the table's rows in place of those it has: the
// lines after the table's head and rule, up to the first that is no row.
func remade(text string, tb table) (string, error) {
	before, section, ok := strings.Cut(text, "\n"+tb.heading+"\n")
	if !ok {
		return "", fmt.Errorf("no heading %q", tb.heading)
	}
	lines := strings.Split(section, "\n")
	from, seen := -1, 0
	for i, line := range lines {
		if strings.HasPrefix(line, "## ") {
			break
		}
		if strings.HasPrefix(line, "|---") {
			if seen == tb.nth {
				from = i + 1
				break
			}
			seen++
		}
	}
	if from < 0 {
		return "", fmt.Errorf("no table %d below %q", tb.nth, tb.heading)
	}
	to := from
	for to < len(lines) && strings.HasPrefix(lines[to], "|") {
		to++
	}
	var rows []string
	for _, cells := range tb.rows {
		row := "|"
		for _, cell := range cells {
			row += " " + strings.ReplaceAll(cell, "|", `\|`) + " |"
		}
		rows = append(rows, row)
	}
	lines = slices.Concat(lines[:from], rows, lines[to:])
	return before + "\n" + tb.heading + "\n" + strings.Join(lines, "\n"), nil
}

func TestDocsFollowTheSource(t *testing.T) {
	for _, d := range assets.Docs() {
		file := "docs/" + d.Name + ".md"
		text := d.Text
		for _, tb := range tables() {
			if tb.doc != d.Name {
				continue
			}
			if len(tb.rows) == 0 {
				t.Errorf("%s, %s: the source has nothing for this table", file, tb.heading)
			}
			next, err := remade(text, tb)
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			if next != text && !*update {
				t.Errorf("%s, %s: the table differs from the source; remake it with -update", file, tb.heading)
			}
			text = next
		}
		if *update && text != d.Text {
			if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}
