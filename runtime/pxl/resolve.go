package pxl

import (
	"slices"

	"gvpie/runtime/isa"
)

// resolve gives every name in the statements its meaning and folds what is
// known, from the left: operands stand before their operators.
func (c *compiler) resolve() {
	for i := range c.stmts {
		s := &c.stmts[i]
		switch s.kind {
		case canvasDirective, constDirective, tableDirective, arrayDirective:
			continue
		}
		if s.kind == badStmt || s.failed {
			continue
		}
		for k := s.node; k < s.nodeEnd; k++ {
			n := &c.nodes[k]
			switch n.kind {
			case nameNode:
				c.resolveName(n, s)
			case indexNode:
				c.resolveIndex(n)
			case callNode:
				if s.inEach && n.op == isa.RND {
					c.errorf(CodeNotInEach, n.off, n.end, "rnd cannot be called inside EACH: the texels run in no order; draw the number outside, into a name or an array")
					n.kind = badNode
					continue
				}
				c.fold(n)
			default:
				c.fold(n)
				if n.kind == binNode && (n.op == isa.DIV || n.op == isa.MOD) && c.isZero(n.b) {
					c.warnf(CodeDivByZero, n.off, n.end, "this divides by zero: the program ends here with div_by_zero")
				}
			}
		}
		c.checkStatement(s)
	}
}

// checkStatement reports a statement that may not stand where it does, and what
// is odd about its operands.
func (c *compiler) checkStatement(s *stmt) {
	switch s.kind {
	case setStmt:
		if s.index == none {
			return
		}
		name := c.src[s.name:s.nameEnd]
		if s.inEach {
			c.errorf(CodeNotInEach, s.name, s.end, "arrays cannot be written inside EACH: a texel writes itself alone, with PUT")
			return
		}
		c.indexed(name, s.name, s.nameEnd, s.index, true)
	case forStmt:
		if s.argEnd-s.arg == 3 {
			if n := &c.nodes[c.args[s.arg+2]]; n.kind == numNode && n.val == 0 {
				c.warnf(CodeZeroStep, n.off, n.end, "with a step of 0 this loop never ends")
			}
		}
	case opStmt:
		c.checkOp(s)
	}
}

func (c *compiler) checkOp(s *stmt) {
	spec := isa.Table[s.op]
	switch {
	case s.op == isa.PUT && !s.inEach:
		c.errorf(CodeOnlyInEach, s.off, s.end, "PUT colours the texel of an EACH block, and no EACH is open here; PLOT x y color colours any texel")
	case s.inEach && (s.op == isa.JMP || !spec.InEach):
		c.errorf(CodeNotInEach, s.off, s.end, "%s cannot stand inside EACH: %s", spec.Mnemonic, notInEach(spec))
	}
	if s.nameEnd > s.name && (s.op == isa.JMP || s.op == isa.CALL) {
		name := c.src[s.name:s.nameEnd]
		if _, ok := c.labels[name]; !ok {
			c.unknown(CodeUnknownLabel, s.name, s.nameEnd, name, c.labelNames, "no label "+quoted(name))
		}
	}
}

func notInEach(spec *isa.Spec) string {
	switch {
	case spec.Group == isa.GroupDraw:
		return "a texel draws itself alone, with PUT"
	case spec.Op == isa.JMP || spec.Op == isa.CALL || spec.Op == isa.RET:
		return "use IF, WHILE, FOR, BREAK and CONTINUE"
	case spec.Op == isa.EACH:
		return "a texel has no texels of its own"
	}
	return "the texels run in no order"
}

func (c *compiler) resolveName(n *node, s *stmt) {
	name := c.src[n.off:n.end]
	if e, ok := c.names[name]; ok {
		switch e.kind {
		case VarSymbol:
			n.kind, n.val = varNode, e.val
		case ConstSymbol:
			n.kind, n.val = numNode, e.val
		default:
			c.errorf(CodeNeedsIndex, n.off, n.end, "%s is %s: say which word, %s[i]", quoted(name), article(e.kind), name)
			n.kind = badNode
		}
		return
	}
	if b, ok := builtins[name]; ok {
		switch {
		case b.kind == ColorName:
			n.kind, n.val = numNode, b.value
			return
		case b.value < 0 && (!s.inEach || s.op == isa.EACH && s.kind == opStmt):
			c.errorf(CodeOnlyInEach, n.off, n.end, "%s is the place of a texel inside an EACH block, and no EACH is open here", name)
			n.kind = badNode
			return
		}
		n.kind, n.val = varNode, b.value
		return
	}
	n.kind = badNode
	if _, ok := c.labels[name]; ok {
		c.errorf(CodeUnknownName, n.off, n.end, "%s is a label, not a value", quoted(name))
		return
	}
	if _, ok := lookupWord(name); ok {
		c.errorf(CodeUnknownName, n.off, n.end, "a value is missing here: %s is a statement, and no SET or FOR gives a name %s a value", quoted(name), quoted(name))
		return
	}
	c.unknown(CodeUnknownName, n.off, n.end, name, c.visible, "nothing gives "+quoted(name)+" a value, and it is no constant, table, array or colour")
}

// visible lists every name a value may have.
func (c *compiler) visible() []string {
	var out []string
	for name := range c.names {
		out = append(out, name)
	}
	slices.Sort(out) // so that of two equally near names it is always the same one
	for _, n := range ReadOnlyNames {
		out = append(out, n.Name)
	}
	for _, n := range Colors {
		out = append(out, n.Name)
	}
	return out
}

// indexable lists the arrays and tables.
func (c *compiler) indexable() []string {
	var out []string
	for _, a := range c.arrays {
		out = append(out, a.name)
	}
	for _, t := range c.tables {
		out = append(out, t.name)
	}
	return out
}

func (c *compiler) labelNames() []string {
	var out []string
	for _, l := range c.order {
		out = append(out, l.name)
	}
	return out
}

// maxCandidates bounds what a suggestion may cost.
const maxCandidates = 5000

// unknown reports a name that means nothing, with the nearest of the candidates.
func (c *compiler) unknown(code string, off, end int32, name string, candidates func() []string, message string) {
	if c.errs <= MaxDiagnostics && len(c.names)+len(c.order) < maxCandidates {
		if near := nearest(name, candidates(), false); near != "" {
			c.report(Error, code, int(off), int(end), replacing(off, end, near), "%s: did you mean %s?", message, quoted(near))
			return
		}
	}
	c.errorf(code, off, end, "%s", message)
}

func (c *compiler) resolveIndex(n *node) {
	name := c.src[n.off:n.nameEnd]
	kind, number, ok := c.indexed(name, n.off, n.nameEnd, n.a, false)
	if !ok {
		n.kind = badNode
		return
	}
	n.kind, n.val = arrayNode, number
	if kind == TableSymbol {
		n.kind = tableNode
	}
}

// indexed finds the array or table that name[index] is a word of.
func (c *compiler) indexed(name string, off, end, index int32, write bool) (SymbolKind, int32, bool) {
	e, ok := c.names[name]
	if !ok {
		if b, ok := builtins[name]; ok {
			c.errorf(CodeNotIndexable, off, end, "%s is %s, not an array or a table", quoted(name), what(b))
			return 0, 0, false
		}
		c.unknown(CodeUnknownName, off, end, name, c.indexable, "no array or table "+quoted(name)+" is declared")
		return 0, 0, false
	}
	switch {
	case e.kind == TableSymbol && write:
		c.errorf(CodeNotAssignable, off, end, "%s is a table and cannot be written; an .array can", quoted(name))
		return 0, 0, false
	case e.kind != ArraySymbol && e.kind != TableSymbol:
		c.errorf(CodeNotIndexable, off, end, "%s is a %s, not an array or a table", quoted(name), symbolWords[e.kind])
		return 0, 0, false
	}
	size := 0
	if e.kind == ArraySymbol {
		size = c.arrays[e.val].size
	} else {
		size = c.tables[e.val].size
	}
	if i := c.nodes[index]; i.kind == numNode && (i.val < 0 || int(i.val) >= size) {
		c.warnf(CodeIndexRange, i.off, i.end, "%s has words 0 to %d, and this is %d: the program ends here with address_out_of_range", quoted(name), size-1, i.val)
	}
	return e.kind, e.val, true
}

func article(k SymbolKind) string {
	if k == ArraySymbol {
		return "an array"
	}
	return "a table"
}

// fold replaces a node whose operands are known by its value. A division by
// zero stays: it faults when, and if, it is reached.
func (c *compiler) fold(n *node) {
	num := func(i int32) (int32, bool) {
		if i == none {
			return 0, true
		}
		return c.nodes[i].val, c.nodes[i].kind == numNode
	}
	switch n.kind {
	case unaryNode, binNode, callNode:
		a, aok := num(n.a)
		b, bok := num(n.b)
		d, dok := num(n.c)
		if n.kind == binNode && bok && b == 0 && (n.op == isa.DIV || n.op == isa.MOD) {
			return
		}
		if !aok || !bok || !dok {
			return
		}
		if v, fault, ok := isa.Alu(n.op, a, b, d); ok && fault == isa.FaultNone {
			n.kind, n.val = numNode, v
		}
	case andNode, orNode:
		a, ok := num(n.a)
		if !ok {
			return
		}
		if (a != 0) == (n.kind == orNode) {
			// What decides already stands; the other side is not looked at.
			n.val = 0
			if n.kind == orNode {
				n.val = 1
			}
			n.kind = numNode
			return
		}
		b, ok := num(n.b)
		if ok {
			n.kind, n.val = numNode, 0
			if b != 0 {
				n.val = 1
			}
			return
		}
		// 1 && x and 0 || x are whether x is not 0.
		n.kind, n.op, n.a, n.b = binNode, isa.NE, n.b, zeroNode
	}
}
