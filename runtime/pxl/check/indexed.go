package check

import (
	"gvpie/runtime/pxl/syntax"
)

// part gives the part of a statement's text that an expression is the whole of, or
// nil.
func (c lists) part(s *syntax.Stmt, expr int32) *syntax.TextPart {
	for i := s.Part; i < s.PartEnd; i++ {
		if c.Parts[i].Expr == expr {
			return &c.Parts[i]
		}
	}
	return nil
}

// resolveIndex finds what name[i] or name[x, y] is a word of. part is the part of a
// text that it is the whole of, or nil: a table of texts stands nowhere else.
func (c *checker) resolveIndex(n *syntax.Expr, s *syntax.Stmt, part *syntax.TextPart) {
	name := c.Text(n.Pos, n.NameEnd)
	if e, ok := c.Lookup(name, s.Def); ok && e.Kind == TextSymbol {
		lists{c}.resolveText(n, e, part)
		return
	}
	kind, number, ok := c.indexed(name, s, n.Pos, n.NameEnd, n.A, n.B, false)
	if !ok {
		n.Kind = syntax.BadExpr
		return
	}
	n.Kind, n.Val = syntax.ArrayExpr, number
	if kind == TableSymbol {
		n.Kind = syntax.TableExpr
	}
}

// indexed finds the array or table that name[a] or name[a, b] is a word of; b is
// None of one index.
func (c *checker) indexed(name string, s *syntax.Stmt, from, end syntax.Pos, a, b int32, write bool) (SymbolKind, int32, bool) {
	e, ok := c.Lookup(name, s.Def)
	if !ok {
		if b, ok := syntax.LookupBuiltin(name); ok {
			c.Errorf(syntax.CodeNotIndexable, from, end, "%s is %s, not an array or a table", syntax.Quoted(name), whatIs(b))
			return 0, 0, false
		}
		c.unknown(syntax.CodeUnknownName, from, end, name, c.indexable, "no array or table "+syntax.Quoted(name)+" is declared")
		return 0, 0, false
	}
	switch {
	case e.Kind == SpriteSymbol:
		c.Errorf(syntax.CodeNotIndexable, from, end, "%s is a sprite and no value: SPR %s[i] x y draws its frame i", syntax.Quoted(name), name)
		return 0, 0, false
	case (e.Kind == TableSymbol || e.Kind == TextSymbol) && write:
		c.Errorf(syntax.CodeNotAssignable, from, end, "%s is a %s and cannot be written; an .array can", syntax.Quoted(name), kindNames[e.Kind])
		return 0, 0, false
	case e.Kind != ArraySymbol && e.Kind != TableSymbol:
		c.Errorf(syntax.CodeNotIndexable, from, end, "%s is a %s, not an array or a table", syntax.Quoted(name), kindNames[e.Kind])
		return 0, 0, false
	}
	words := &c.Tables
	if e.Kind == ArraySymbol {
		words = &c.Arrays
	}
	of := &(*words)[e.Val]
	if b == syntax.None {
		c.within(a, "%s has words", name, of.Size)
		return e.Kind, e.Val, true
	}
	if of.Cols == 0 {
		how := "declare .array " + name + " width height"
		if e.Kind == TableSymbol {
			how = "declare .table " + name + " width: value…"
		}
		c.Errorf(syntax.CodeNotIndexable, from, c.Exprs[b].End, "%s has one dimension, and here are two indices: %s", syntax.Quoted(name), how)
		return 0, 0, false
	}
	c.within(a, "a row of %s has words", name, of.Cols)
	c.within(b, "%s has rows", name, of.Rows())
	return e.Kind, e.Val, true
}

// within warns of an index that is known to be out of range; has says of what, with
// a place for the name.
func (c *checker) within(index int32, has, name string, size int) {
	if i := c.Exprs[index]; i.Kind == syntax.NumExpr && (i.Val < 0 || int(i.Val) >= size) {
		c.Warnf(syntax.CodeIndexRange, i.Pos, i.End, has+" 0 to %d, and this is %d: the program ends here with address_out_of_range", syntax.Quoted(name), size-1, i.Val)
	}
}

func article(k SymbolKind) string {
	if k == ArraySymbol {
		return "an array"
	}
	return "a " + kindNames[k]
}
