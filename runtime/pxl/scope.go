package pxl

import (
	"gvpie/runtime/isa"
)

// entity is what a name of the program means.
type entity struct {
	kind SymbolKind
	val  int32 // VarSymbol: data index. ConstSymbol: value. ArraySymbol, TableSymbol: number in arrays, tables
	off  int32 // where it is declared
	end  int32
}

// array is an .array or .table.
type array struct {
	name   string
	off    int32
	size   int
	values []int32 // of a table
	base   int     // data index of an array, program address of a table; known when the code is whole
}

type label struct {
	name string
	off  int32
	end  int32
	addr int32 // none until the code is there
}

// scope holds the program's names. Variables, constants, arrays and tables share
// one set of names; labels have their own.
type scope struct {
	names  map[string]entity
	vars   []entity
	arrays []array
	tables []array
	labels map[string]int32 // index in order
	order  []label
	w, h   int32
	pixel  bool
	canvas int32 // its statement, or none
}

// declare reads the directives, then finds the names that SET and FOR give a
// value, and the labels.
func (c *compiler) declare() {
	c.canvas = none
	c.w, c.h = isa.DefaultWidth, isa.DefaultHeight
	hasCanvas := false
	for i := range c.stmts {
		hasCanvas = hasCanvas || c.stmts[i].kind == canvasDirective
	}
	sized := !hasCanvas // W and H are known
	for i := range c.stmts {
		s := &c.stmts[i]
		switch s.kind {
		case canvasDirective:
			c.canvasSize(s, int32(i))
			sized = true
		case constDirective:
			v, ok := c.constant(s, 0, sized)
			c.name(s, entity{kind: ConstSymbol, val: v}, ok)
		case arrayDirective:
			size, ok := c.constant(s, 0, sized)
			if ok && (size < 1 || size > isa.MaxDataWords-isa.SysWords) {
				n := c.nodes[c.args[s.arg]]
				c.errorf(CodeArraySize, n.off, n.end, "an array has 1 to %d words, not %d", isa.MaxDataWords-isa.SysWords, size)
				size = 1
			}
			if c.name(s, entity{kind: ArraySymbol, val: int32(len(c.arrays))}, true) {
				c.arrays = append(c.arrays, array{name: c.src[s.name:s.nameEnd], off: s.name, size: max(1, int(size))})
			}
		case tableDirective:
			t := array{name: c.src[s.name:s.nameEnd], off: s.name, size: int(s.argEnd - s.arg)}
			for k := range int(s.argEnd - s.arg) {
				v, _ := c.constant(s, k, sized)
				t.values = append(t.values, v)
			}
			t.size = max(1, t.size)
			if c.name(s, entity{kind: TableSymbol, val: int32(len(c.tables))}, true) {
				c.tables = append(c.tables, t)
			}
		}
	}
	for i := range c.stmts {
		s := &c.stmts[i]
		if s.kind == labelStmt {
			c.label(s)
		}
	}
	for i := range c.stmts {
		s := &c.stmts[i]
		if (s.kind == setStmt || s.kind == forStmt) && s.nameEnd > s.name && s.index == none {
			c.variable(s)
		}
	}
}

func (c *compiler) canvasSize(s *stmt, i int32) {
	if c.canvas != none {
		c.errorf(CodeDuplicateName, s.off, s.end, "the canvas has its size from line %d; a program has one .canvas", c.lineOf(int(c.stmts[c.canvas].off)))
		return
	}
	c.canvas = i
	c.pixel = s.pixel
	if s.argEnd-s.arg < 2 {
		return
	}
	size := [2]int32{isa.DefaultWidth, isa.DefaultHeight}
	for k, what := range [...]string{"wide", "high"} {
		v, ok := c.constant(s, k, false)
		if ok && (v < 1 || v > isa.MaxCanvas) {
			n := c.nodes[c.args[int(s.arg)+k]]
			c.errorf(CodeCanvasSize, n.off, n.end, "a canvas is 1 to %d texels %s, not %d", isa.MaxCanvas, what, v)
			continue
		}
		if ok {
			size[k] = v
		}
	}
	c.w, c.h = size[0], size[1]
}

// name declares the name of a directive.
func (c *compiler) name(s *stmt, e entity, ok bool) bool {
	name := c.src[s.name:s.nameEnd]
	if name == "" {
		return false
	}
	e.off, e.end = s.name, s.nameEnd
	if b, taken := builtins[name]; taken {
		c.errorf(CodeReserved, e.off, e.end, "%s is %s; choose another name", quoted(name), what(b))
		return false
	}
	if old, taken := c.names[name]; taken {
		c.errorf(CodeDuplicateName, e.off, e.end, "%s is declared on line %d already", quoted(name), c.lineOf(int(old.off)))
		return false
	}
	if c.names == nil {
		c.names = make(map[string]entity)
	}
	c.names[name] = e
	return ok
}

// label declares a label. Directives come first: a label may not take the name
// of a constant, table or array, wherever that is declared.
func (c *compiler) label(s *stmt) {
	name := c.src[s.name:s.nameEnd]
	if s.inEach {
		c.errorf(CodeNotInEach, s.off, s.end, "a label cannot stand inside EACH: nothing can jump there")
	}
	if b, taken := builtins[name]; taken {
		c.errorf(CodeReserved, s.name, s.nameEnd, "%s is %s; choose another name for the label", quoted(name), what(b))
	} else if e, taken := c.names[name]; taken {
		c.errorf(CodeReserved, s.name, s.nameEnd, "%s is the %s of line %d; choose another name for the label", quoted(name), symbolWords[e.kind], c.lineOf(int(e.off)))
	}
	if i, taken := c.labels[name]; taken {
		c.errorf(CodeDuplicateLabel, s.name, s.nameEnd, "the label %s stands on line %d already", quoted(name), c.lineOf(int(c.order[i].off)))
		return
	}
	if c.labels == nil {
		c.labels = make(map[string]int32)
	}
	c.labels[name] = int32(len(c.order))
	c.order = append(c.order, label{name, s.name, s.nameEnd, none})
}

// variable makes the target of a SET or FOR a variable, or says why it cannot be.
func (c *compiler) variable(s *stmt) {
	name := c.src[s.name:s.nameEnd]
	if b, taken := builtins[name]; taken {
		c.errorf(CodeNotAssignable, s.name, s.nameEnd, "%s is %s and cannot be given a value", quoted(name), what(b))
		return
	}
	if e, taken := c.names[name]; taken {
		switch e.kind {
		case VarSymbol:
		case ArraySymbol:
			c.errorf(CodeNeedsIndex, s.name, s.nameEnd, "%s is an array: say which word, SET %s[i] = …", quoted(name), name)
		default:
			c.errorf(CodeNotAssignable, s.name, s.nameEnd, "%s is a %s and cannot be given a value", quoted(name), symbolWords[e.kind])
		}
		return
	}
	if c.names == nil {
		c.names = make(map[string]entity)
	}
	e := entity{VarSymbol, int32(isa.SysWords + len(c.vars)), s.name, s.nameEnd}
	c.names[name] = e
	c.vars = append(c.vars, e)
}

var symbolWords = [...]string{VarSymbol: "variable", ArraySymbol: "array", TableSymbol: "table", LabelSymbol: "label", ConstSymbol: "constant"}

// what says what a built-in name is.
func what(b builtin) string {
	switch b.kind {
	case Function:
		return "a function"
	case ColorName:
		return "a colour"
	}
	return "a read-only name"
}

// constant evaluates operand k of a directive.
func (c *compiler) constant(s *stmt, k int, sized bool) (int32, bool) {
	if int(s.argEnd-s.arg) <= k {
		return 0, false
	}
	lo := s.node
	if k > 0 {
		lo = c.args[int(s.arg)+k-1] + 1
	}
	root := c.args[int(s.arg)+k]
	for i := lo; i <= root; i++ {
		n := &c.nodes[i]
		if n.kind == nameNode {
			c.constantName(n, sized)
		} else {
			c.fold(n)
		}
	}
	n := &c.nodes[root]
	if n.kind == numNode {
		return n.val, true
	}
	for i := lo; i <= root; i++ {
		if n := &c.nodes[i]; n.kind == badNode {
			return 0, false
		}
	}
	// The innermost part that is not known is the one to show.
	for i := lo; i <= root; i++ {
		n := &c.nodes[i]
		if n.kind == numNode {
			continue
		}
		if n.kind == binNode && (n.op == isa.DIV || n.op == isa.MOD) && c.nodes[n.b].kind == numNode {
			c.errorf(CodeDivByZero, n.off, n.end, "this divides by zero")
			return 0, false
		}
		c.errorf(CodeNotConstant, n.off, n.end, "%s is known only when the program runs; a number that is known before is needed here", quoted(c.src[n.off:n.end]))
		return 0, false
	}
	return 0, false
}

func (c *compiler) constantName(n *node, sized bool) {
	name := c.src[n.off:n.end]
	if b, ok := builtins[name]; ok {
		switch {
		case b.kind == ColorName:
			n.kind, n.val = numNode, b.value
		case b.value == isa.SysW && sized:
			n.kind, n.val = numNode, c.w
		case b.value == isa.SysH && sized:
			n.kind, n.val = numNode, c.h
		case b.value == isa.SysW || b.value == isa.SysH:
			c.errorf(CodeNotConstant, n.off, n.end, "%s is known after the .canvas line: put that first", quoted(name))
			n.kind = badNode
		}
		return
	}
	if e, ok := c.names[name]; ok && e.kind == ConstSymbol {
		n.kind, n.val = numNode, e.val
		return
	}
	for i := range c.stmts {
		if c.errs > MaxDiagnostics {
			break // no one will read it
		}
		s := &c.stmts[i]
		if s.kind == constDirective && s.name > n.off && c.src[s.name:s.nameEnd] == name {
			c.errorf(CodeNotConstant, n.off, n.end, "%s is declared later, on line %d: put that line first", quoted(name), c.lineOf(int(s.off)))
			n.kind = badNode
			return
		}
	}
	c.errorf(CodeNotConstant, n.off, n.end, "%s is no constant; a number that is known before the program runs is needed here", quoted(name))
	n.kind = badNode
}
