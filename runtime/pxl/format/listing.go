package format

import (
	"fmt"
	"strings"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/codegen"
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
	source := strings.Split(strings.TrimPrefix(a.Source, "\uFEFF"), "\n")
	shown := 0
	for _, l := range Disassemble(a.Program, a) {
		if name, ok := n.labels[l.Addr]; ok && l.Addr >= isa.HeaderWords {
			fmt.Fprintf(&b, "%s:\n", name)
		}
		text := l.Text
		if at, ok := a.Map.At(l.Addr); ok && l.Addr >= isa.HeaderWords && at.Pos.Line != shown {
			shown = at.Pos.Line
			text = fmt.Sprintf("%-36s %4d  %s", text, shown, strings.TrimSpace(source[shown-1]))
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
