package check

import (
	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/syntax"
)

// lists is the checker of arrays, tables and texts.
type lists struct{ *checker }

// array evaluates the size of an .array.
func (c lists) array(s *syntax.Stmt, sized bool) Array {
	a := Array{Name: c.Text(s.Name, s.NameEnd), Pos: s.Name, Size: 1}
	const most = isa.MaxDataWords - isa.SysWords
	var sizes [2]int
	for k := range min(2, int(s.ArgEnd-s.Arg)) {
		v, ok := c.constant(s, k, sized)
		if !ok {
			return a
		}
		if n := c.Exprs[c.Args[int(s.Arg)+k]]; v < 1 || v > most {
			c.Errorf(syntax.CodeArraySize, n.Pos, n.End, "an array has 1 to %d words, not %d", most, v)
			return a
		}
		sizes[k] = int(v)
	}
	switch {
	case sizes[1] == 0:
		a.Size = max(1, sizes[0])
	case sizes[0]*sizes[1] > most:
		c.Errorf(syntax.CodeArraySize, c.Exprs[c.Args[s.Arg]].Pos, s.End, "an array has 1 to %d words, and %d × %d are %d", most, sizes[0], sizes[1], sizes[0]*sizes[1])
	default:
		a.Cols, a.Size = sizes[0], sizes[0]*sizes[1]
	}
	return a
}

// table evaluates the words of a .table.
func (c lists) table(s *syntax.Stmt, sized bool) Array {
	t := Array{Name: c.Text(s.Name, s.NameEnd), Pos: s.Name}
	first, count := 0, int(s.ArgEnd-s.Arg)
	if s.Rows && count > 0 {
		first = 1
		if w, ok := c.constant(s, 0, sized); ok {
			n := c.Exprs[c.Args[s.Arg]]
			switch rest := (count - 1) % int(max(1, w)); {
			case w < 1:
				c.Errorf(syntax.CodeArraySize, n.Pos, n.End, "a row has at least one word, not %d", w)
			case rest != 0:
				c.Errorf(syntax.CodeArraySize, n.Pos, s.End, "the last row has %s of %d: a table in rows has all their words", syntax.Plural(rest, "word"), w)
			default:
				t.Cols = int(w)
			}
		}
	}
	for k := first; k < count; k++ {
		v, _ := c.constant(s, k, sized)
		t.Values = append(t.Values, v)
	}
	t.Size = max(1, len(t.Values))
	return t
}

// texts reads the texts of a .text.
func (c lists) texts(s *syntax.Stmt) TextTable {
	t := TextTable{Name: c.Text(s.Name, s.NameEnd), Pos: s.Name}
	for _, p := range c.Parts[s.Part:s.PartEnd] {
		t.Texts = append(t.Texts, c.Unquoted(p))
	}
	return t
}

// size resolves len(name), width(name) and their like into a number.
func (c lists) size(n *syntax.Expr, def int32) {
	from, end := c.Measured(n)
	name, of := c.Text(from, end), syntax.Functions[n.Val].Name
	n.Kind = syntax.BadExpr
	what := "an array, a table or a .text"
	if of != "len" {
		what = "a sprite"
	}
	e, ok := c.Lookup(name, def)
	if !ok {
		c.unknown(syntax.CodeUnknownName, from, end, name, c.measurable, syntax.Quoted(name)+" is not declared above: "+of+" is of "+what)
		return
	}
	v := -1
	switch {
	case e.Kind == SpriteSymbol:
		s := &c.Sprites[e.Val]
		switch of {
		case "width":
			v = s.W
		case "height":
			v = s.H
		case "frames":
			v = s.Frames
		}
	case of != "len":
	case e.Kind == ArraySymbol:
		v = c.Arrays[e.Val].Size
	case e.Kind == TableSymbol:
		v = c.Tables[e.Val].Size
	case e.Kind == TextSymbol:
		v = len(c.Texts[e.Val].Texts)
	}
	if v < 0 {
		c.Errorf(syntax.CodeNotIndexable, from, end, "%s is %s: %s is of %s", syntax.Quoted(name), article(e.Kind), of, what)
		return
	}
	n.Kind, n.Val = syntax.NumExpr, int32(v)
}

// measurable lists what has a length, or a width.
func (c lists) measurable() []string {
	out := c.indexable()
	for _, s := range c.Sprites {
		out = append(out, s.Name)
	}
	return out
}
