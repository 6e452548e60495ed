package debugger

import (
	"strconv"
	"strings"

	"gvpie/runtime/pxl"
	"gvpie/runtime/pxl/syntax"
)

// besideLines is how many lines have what their variables hold written behind them: that
// of the statement that is about to run, and those before it.
const besideLines = 8

// beside writes what the variables of a moment's lines hold, by line of the file that it
// is in. Lines of other procedures are left out: their names are other variables.
func beside(n *Moment) map[int]string {
	a, file, stop := n.program, n.Next.At.File, n.Next.At.Line
	if stop == 0 {
		return nil
	}
	held := map[string]int32{}
	for _, v := range n.Globals {
		if v.Words == nil {
			held[v.Name] = v.Value
		}
	}
	for _, v := range n.Calls[0].Locals {
		held[v.Name] = v.Value
	}
	out, here := map[int]string{}, procedureOn(a, file, stop)
	line := 0
	for text := range strings.Lines(a.Text(file)) {
		if line++; line > stop {
			break
		}
		if line <= stop-besideLines || procedureOn(a, file, line) != here {
			continue
		}
		if says := named(text, held); says != "" {
			out[line] = says
		}
	}
	return out
}

// named writes the variables that a line names with what they hold, each once.
func named(text string, held map[string]int32) string {
	var says []string
	seen := map[string]bool{}
	for _, t := range pxl.Lex(text) {
		name := text[t.Offset:t.End]
		if v, ok := held[name]; ok && t.Kind == syntax.Name && !seen[name] {
			seen[name] = true
			says = append(says, name+" = "+strconv.Itoa(int(v)))
		}
	}
	return strings.Join(says, "  ")
}

// procedureOn is the place among the program's procedures of the one whose body is on a
// line of a file, as positions spell it; -1 for none.
func procedureOn(a *pxl.Assembly, file string, line int) int {
	for i := range a.Procedures {
		p := &a.Procedures[i]
		from, ok := a.Map.At(p.From)
		to, ends := a.Map.At(p.To - 1)
		if ok && ends && from.Pos.File == file && line >= from.Pos.Line && line <= to.Pos.Line {
			return i
		}
	}
	return -1
}
