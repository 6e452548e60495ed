package format

import (
	"fmt"
	"strings"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/codegen"
	"gvpie/runtime/pxl/syntax"
)

// listingWords is how many words stand on one row of a listing.
const listingWords = 4

// Listing shows an assembled program for a person: address, words, instruction
// with the program's names, and the source line each statement came from. Of a
// source with errors it lists those.
func Listing(a *codegen.Assembly) string {
	var b strings.Builder
	if !a.OK() {
		for _, d := range a.Diagnostics {
			fmt.Fprintln(&b, d)
		}
		return b.String()
	}
	fmt.Fprintf(&b, "; %s: %d words of program, %d of data\n", a.File, len(a.Program), a.Header.DataWords)
	n, _ := namesOf(a)
	texts := map[string][]string{a.File: linesOf(a.Source)}
	for _, f := range a.Included {
		texts[f.Name] = linesOf(f.Text)
	}
	var shown syntax.Position
	for _, l := range Disassemble(a.Program, a) {
		if name, ok := n.labels[l.Addr]; ok && l.Addr >= isa.HeaderWords {
			fmt.Fprintf(&b, "%s:\n", name)
		}
		if p := n.bodies[l.Addr]; p != nil {
			fmt.Fprintf(&b, "%s\n", cost(p))
		}
		text := l.Text
		if at, ok := a.Map.At(l.Addr); ok && l.Addr >= isa.HeaderWords && (at.Pos.Line != shown.Line || at.Pos.File != shown.File) {
			place := fmt.Sprintf("%4d", at.Pos.Line)
			if path := a.Path(at.Pos.File); path != "" {
				place = path + ":" + strings.TrimSpace(place)
			}
			shown = at.Pos
			text = fmt.Sprintf("%-36s %s  %s", text, place, strings.TrimSpace(texts[shown.File][shown.Line-1]))
		}
		for row := 0; row < len(l.Words); row += listingWords {
			words := l.Words[row:min(len(l.Words), row+listingWords)]
			hex := fmt.Sprintf("%08X", words)
			line := fmt.Sprintf("%6d  %-35s  ", l.Addr+row, hex[1:len(hex)-1])
			if row == 0 {
				line += text
			}
			b.WriteString(strings.TrimRight(line, " "))
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// linesOf gives the lines of a source.
func linesOf(source string) []string {
	return strings.Split(strings.TrimPrefix(source, "\uFEFF"), "\n")
}

// cost says what a procedure takes: its name and parameters, the words of its code, and
// those of its activation, 128 times more if it can be called while it runs. A call
// itself is two cycles, INVOKE and RETURN, behind what computes its arguments.
func cost(p *codegen.Procedure) string {
	s := fmt.Sprintf("%s(%s): ; %s of code, %s of data from %d on", p.Name, strings.Join(p.Params, ", "), syntax.Plural(p.To-p.From, "word"), syntax.Plural(p.Words, "word"), p.Act)
	if p.Recursive {
		s += fmt.Sprintf(", kept up to %d times", isa.StackDepth)
	}
	return s
}
