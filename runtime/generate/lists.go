package generate

import (
	"fmt"
	"strings"
)

// table writes a .table, in rows or not, on one line or on several.
func (g *generator) table(name string) {
	l := list{name: name, len: 1 + g.IntN(6)}
	head := name
	if g.in100(40) {
		l.cols = 1 + g.IntN(4)
		l.len = l.cols * (1 + g.IntN(3))
		head = fmt.Sprintf("%s %d:", name, l.cols)
	}
	words := make([]string, l.len)
	for k := range words {
		words[k] = g.number()
	}
	between := one(g, " ", ", ", ",\n  ")
	g.line(".table %s %s", head, strings.Join(words, between))
	g.tables = append(g.tables, l)
}

// array writes an .array of one dimension or two.
func (g *generator) array(name string) {
	l := list{name: name, len: 1 + g.IntN(9)}
	if g.in100(40) {
		l.cols = 1 + g.IntN(4)
		rows := 1 + g.IntN(4)
		l.len = l.cols * rows
		g.line(".array %s %d %d", l.name, l.cols, rows)
	} else {
		g.line(".array %s %d", l.name, l.len)
	}
	g.arrays = append(g.arrays, l)
}

// size is how large something is that was declared.
func (g *generator) size() string {
	var of []string
	for _, lists := range [][]list{g.arrays, g.tables, g.texts} {
		for _, l := range lists {
			of = append(of, "len("+l.name+")")
		}
	}
	for _, s := range g.sprites {
		of = append(of, "width("+s.name+")", "height("+s.name+")", "frames("+s.name+")")
	}
	if len(of) == 0 {
		return "hash(K)"
	}
	return one(g, of...)
}

// textTable writes a .text.
func (g *generator) textTable(name string) {
	texts := make([]string, 1+g.IntN(3))
	for i := range texts {
		texts[i] = one(g, `"low"`, `""`, `"a; \"b\" {x}"`, `"é\\"`, `" wide "`)
	}
	g.line(".text %s %s", name, strings.Join(texts, one(g, " ", ", ", ",\n  ")))
	g.texts = append(g.texts, list{name: name, len: len(texts)})
}

// reference is a value in a text, with a format now and then.
func (g *generator) reference() string {
	if len(g.texts) > 0 && g.in100(30) {
		t := one(g, g.texts...)
		return fmt.Sprintf("{%s[%s]%s}", t.name, g.index(list{len: t.len}), one(g, "", ":5", ":-7", ":1"))
	}
	return fmt.Sprintf("n={%s%s}", g.expr(1), one(g, "", "", ":4", ":05", ":x", ":08x", ":+", ":-6", ":c", ":+07", ":3c", ":32"))
}
