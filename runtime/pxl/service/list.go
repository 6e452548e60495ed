package service

import (
	"strings"

	"gvpie/runtime/pxl/syntax"
)

// maxList is how many lines a list is followed up.
const maxList = 4096

// ListAbove gives the line of the directive whose list goes on over a line.
func (d *Document) ListAbove(line int) (directive string, ok bool) {
	if startsDirective(d.line(line)) {
		return "", false
	}
	for i := line - 1; i >= max(0, line-maxList); i-- {
		text := d.line(i)
		switch {
		case strings.TrimSpace(text) == "" || isRemark(text):
		case !strings.ContainsAny(text, ",:"):
			return "", false
		case startsDirective(text):
			name, _, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(text, "\uFEFF")), " ")
			return text, syntax.ListGoesOn(name, text)
		case !syntax.ListGoesOn(".table", text):
			return "", false
		}
	}
	return "", false
}

func startsDirective(line string) bool {
	line = strings.TrimLeft(strings.TrimPrefix(line, "\uFEFF"), " \t")
	return len(line) > 1 && line[0] == '.' && syntax.IsLetter(line[1])
}
