package each

import (
	"fmt"
	"slices"
	"strings"

	"gvpie/runtime/isa"
)

// mostTable is how many words a table may have that becomes part of the text: a driver
// keeps such constants nearer than a buffer.
const mostTable = 64

// table is words of the program page.
type table struct{ base, words uint32 }

func (t table) name() string { return fmt.Sprintf("table_%d_%d", t.base, t.words) }

// constant declares the table.
func (t table) constant(p isa.Program) string {
	var b strings.Builder
	fmt.Fprintf(&b, "const %s = array<i32, %d>(", strings.ToUpper(t.name()), t.words)
	for i, v := range p[t.base:][:t.words] {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(strings.Trim(literal(int32(v)), "()"))
	}
	return b.String() + ");\n"
}

// element is a word of a table, as an expression.
func (w *writer) element(t table, index string) string {
	if !slices.Contains(w.tables, t) {
		w.tables = append(w.tables, t)
	}
	return fmt.Sprintf("%s[%s]", t.name(), index)
}
