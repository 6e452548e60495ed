package service

import (
	"strings"

	"gvpie/runtime/pxl/syntax"
)

// DirectivePlace gives the line, from 0, before which directives may be put in: a line
// itself, or the nearest above it that is in no block, no list and no sprite.
func (d *Document) DirectivePlace(line int) int {
	line = max(0, min(line, d.text.Lines()-1))
	for line > 0 && (d.around(line).inBlock || d.inSprite(line) || d.inList(line)) {
		line--
	}
	return line
}

// inSprite says whether rows of a sprite stand above and below the beginning of a line.
func (d *Document) inSprite(line int) bool {
	for line < d.text.Lines() && isRemark(d.text.Line(line)) {
		line++
	}
	_, row := d.spriteAbove(line)
	return row
}

// inList says whether a line goes on with the list of a directive above it.
func (d *Document) inList(line int) bool {
	facts := d.facts()
	for i := line - 1; i >= 0; i-- {
		if !facts[i].directive {
			continue
		}
		text := d.text.Line(i)
		name, _, _ := strings.Cut(strings.TrimSpace(text), " ")
		for k := i + 1; ; k++ {
			if !syntax.ListGoesOn(name, text) {
				return false
			}
			if k == line {
				return true
			}
			if next := d.text.Line(k); strings.TrimSpace(next) != "" && !isRemark(next) {
				text = next
			}
		}
	}
	return false
}

// PaletteBelow says whether a sprite below the beginning of a line takes its colours
// from above it, and gives the source of the .palette that it takes.
func (d *Document) PaletteBelow(line int) (source string, ok bool) {
	for i := line; ; i++ {
		if i >= d.text.Lines() || isDirective(d.text.Line(i), ".PALETTE") {
			return "", false
		}
		if isSprite(d.text.Line(i)) {
			break
		}
	}
	for i := line - 1; i >= 0; i-- {
		if !isDirective(d.text.Line(i), ".PALETTE") {
			continue
		}
		end := i + 1
		for end < line && d.inList(end) {
			end++
		}
		var b strings.Builder
		for k := i; k < end; k++ {
			b.WriteString(d.text.Line(k))
			b.WriteByte('\n')
		}
		return b.String(), true
	}
	names := make([]string, len(syntax.Colors))
	for i, c := range syntax.Colors {
		names[i] = c.Name
	}
	return ".palette " + strings.Join(names, " ") + "\n", true
}
