// Package glyph is the 5 × 7 bitmap face of the machine: what a glyph code of
// the display page looks like on the human texture. Both engines and the expand
// shader draw from [ROM], so it is part of what a program means, and a change to
// it changes every picture with text on it.
//
// The drawings are in glyphs.txt, to be read and edited as they look.
package glyph

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
)

// The size of a glyph in pixels. A cell is one column and one row larger.
const (
	Width  = 5
	Height = 7
)

// ROM holds a glyph for every code: rows from the top, bit 4 the leftmost of
// five columns. 0 and 32 are blank, 33…126 are ASCII; every other code is the
// box that stands for a character the face does not have.
var ROM = mustParse(drawings)

//go:embed glyphs.txt
var drawings string

// The codes that glyphs.txt draws.
const (
	first   = 32
	unknown = 127
)

func mustParse(text string) [256][Height]uint8 {
	rom, err := parse(text)
	if err != nil {
		panic("glyphs.txt: " + err.Error())
	}
	return rom
}

// parse reads the drawings: blocks separated by blank lines, the first of which
// is a note to the reader.
func parse(text string) (rom [256][Height]uint8, err error) {
	blocks := strings.Split(strings.TrimSpace(text), "\n\n")[1:]
	if want := unknown - first + 1; len(blocks) != want {
		return rom, fmt.Errorf("%d glyphs, not %d", len(blocks), want)
	}
	for i, block := range blocks {
		head, body, _ := strings.Cut(block, "\n")
		number, _, _ := strings.Cut(head, " ")
		if code, err := strconv.Atoi(number); err != nil || code != first+i {
			return rom, fmt.Errorf("%q where glyph %d should begin", head, first+i)
		}
		if rom[first+i], err = parseGlyph(body); err != nil {
			return rom, fmt.Errorf("glyph %q: %w", head, err)
		}
	}
	for code := range rom {
		if code != 0 && code < first || code > unknown {
			rom[code] = rom[unknown]
		}
	}
	return rom, nil
}

func parseGlyph(body string) (rows [Height]uint8, err error) {
	lines := strings.Split(body, "\n")
	if len(lines) != Height {
		return rows, fmt.Errorf("%d rows, not %d", len(lines), Height)
	}
	for y, line := range lines {
		if len(line) != Width || strings.Trim(line, "#.") != "" {
			return rows, fmt.Errorf("row %q is not %d of # or ., one a column", line, Width)
		}
		for _, c := range line {
			rows[y] <<= 1
			if c == '#' {
				rows[y] |= 1
			}
		}
	}
	return rows, nil
}
