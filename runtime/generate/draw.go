package generate

import (
	"fmt"
	"strings"
)

// drawSprites declares sprites, some with a palette of their own.
func (g *generator) drawSprites() {
	digits := 16
	for i := range g.IntN(3) {
		if g.in100(30) {
			digits = 1 + g.IntN(16)
			colors := make([]string, digits)
			for k := range colors {
				colors[k] = fmt.Sprintf("0x%06X", g.IntN(1<<24))
			}
			g.line(".palette %s", strings.Join(colors, " "))
		}
		w, h := 1+g.IntN(7), 1+g.IntN(5)
		l := list{name: fmt.Sprintf("s%d", i), len: 1 + g.IntN(3)}
		sized := g.in100(70)
		if sized {
			g.line(".sprite %s %d %d", l.name, w, h)
		} else {
			g.line(".sprite %s", l.name)
			l.len = 1
		}
		for range h * l.len {
			row := make([]byte, 1+g.IntN(w))
			if !sized {
				row = make([]byte, w)
			}
			for k := range row {
				if row[k] = '.'; g.in100(70) {
					row[k] = one(g, "0123456789ABCDEF", "0123456789abcdef")[g.IntN(digits)]
				}
			}
			g.line("  %s%s", row, one(g, "", "", "", "  ; a row", "\n  ; between rows"))
		}
		g.sprites = append(g.sprites, l)
	}
}

// sprite draws one; a few of its frames are not there, so that the fault is tried too.
func (g *generator) sprite() {
	if len(g.sprites) == 0 {
		g.line("NOP")
		return
	}
	s := one(g, g.sprites...)
	frame, flags := "", ""
	if g.in100(60) {
		frame = "[" + g.index(s) + "]"
	}
	switch g.IntN(4) {
	case 0:
		flags = fmt.Sprintf(" %d", g.IntN(8))
	case 1:
		flags = fmt.Sprintf(" %d", g.IntN(4096))
	case 2:
		flags = " " + g.operand()
	}
	g.line("SPR %s%s %s %s%s", s.name, frame, g.operand(), g.operand(), flags)
}

// moved is a CLIP or CAMERA: alone, near, or anywhere.
func (g *generator) moved(kind string) {
	n := map[string]int{"CLIP": 4, "CAMERA": 2}[kind]
	if g.in100(30) {
		n = 0
	}
	words := []string{kind}
	for range n {
		w := g.operand()
		if g.in100(8) {
			w = one(g, "0x7FFFFFFF", "0x80000000", "8191", "-8192", "9000")
		}
		words = append(words, w)
	}
	g.line("%s", strings.Join(words, " "))
}

// far is a LINE or TRI with places that may be far away.
func (g *generator) far(kind string) {
	words := []string{kind}
	for range map[string]int{"LINE": 4, "TRI": 6}[kind] {
		w := g.operand()
		switch g.IntN(4) {
		case 0:
			w = fmt.Sprint(g.IntN(1<<19) - 1<<18)
		case 1:
			w = one(g, "-262144", "262143", "262144", "0x7FFFFFFF", "0x80000000", "-8192", "8192")
		}
		words = append(words, w)
	}
	g.line("%s", strings.Join(append(words, g.operand()), " "))
}
