package pxl

import "gvpie/runtime/isa"

func (c *compiler) ifCode(s *stmt, i int32) {
	var no []int
	if s.arg < s.argEnd {
		c.branch(c.args[s.arg], false, &no)
	}
	if s.inline {
		c.oneLine = append(c.oneLine, no...)
		return
	}
	c.nest = append(c.nest, openBlock{stmt: i, next: no})
}

func (c *compiler) elseCode(s *stmt) {
	b := c.innermost()
	if b == nil {
		return
	}
	b.exits = append(b.exits, c.jump(isa.JMP))
	c.land(b.next)
	b.next = nil
	if s.kind == elseIfStmt && s.arg < s.argEnd {
		c.branch(c.args[s.arg], false, &b.next)
	}
}

func (c *compiler) whileCode(s *stmt, i int32) {
	b := openBlock{stmt: i, start: len(c.code)}
	if s.arg < s.argEnd {
		c.branch(c.args[s.arg], false, &b.exits)
	}
	c.nest = append(c.nest, b)
}

// forCode evaluates limit and step, which are held in hidden words, then gives
// the name its first value.
func (c *compiler) forCode(s *stmt, i int32) {
	b := openBlock{stmt: i, step: value(1)}
	e, ok := c.names[c.src[s.name:s.nameEnd]]
	if ok && e.kind == VarSymbol && s.argEnd-s.arg >= 2 {
		args := c.args[s.arg:s.argEnd]
		limit := c.hold(args[1], &b)
		if len(args) == 3 {
			b.step = c.hold(args[2], &b)
		}
		b.i = c.word(e.val)
		c.into(args[0], b.i, false)
		b.start = len(c.code)
		b.exits = append(b.exits, c.jump(isa.LOOP, operand{b.i, true}, limit, b.step))
	}
	c.nest = append(c.nest, b)
}

// hold keeps the value of node n for the whole of a loop: as it is when nothing
// can change it, else in a word of its own.
func (c *compiler) hold(n int32, b *openBlock) operand {
	switch x := &c.nodes[n]; {
	case x.kind == numNode:
		return value(x.val)
	case x.kind == varNode && (x.val == isa.SysW || x.val == isa.SysH || x.val == isa.SysSeed):
		return c.value(n)
	}
	var w uint32
	if c.each != nil {
		w = c.each.hold()
		b.held++
	} else {
		w = c.hide()
	}
	c.into(n, w, true)
	return operand{w, true}
}

func (c *compiler) leaveCode(s *stmt) {
	for i := len(c.nest) - 1; i >= 0; i-- {
		b := &c.nest[i]
		kind := c.stmts[b.stmt].kind
		if kind != forStmt && kind != whileStmt {
			continue
		}
		at := c.jump(isa.JMP)
		switch {
		case s.kind == breakStmt:
			b.exits = append(b.exits, at)
		case kind == whileStmt:
			c.code[at] = uint32(b.start)
		default:
			b.next = append(b.next, at)
		}
		return
	}
}

func (c *compiler) endCode() {
	b := c.innermost()
	if b == nil {
		return
	}
	switch s := &c.stmts[b.stmt]; s.kind {
	case whileStmt:
		c.code[c.jump(isa.JMP)] = uint32(b.start)
	case forStmt:
		c.land(b.next)
		c.emit(isa.ADD, operand{word: b.i}, operand{b.i, true}, b.step)
		c.code[c.jump(isa.JMP)] = uint32(b.start)
		if c.each != nil {
			c.each.release(b.held)
		}
	case ifStmt:
		c.land(b.next)
	default:
		if c.each != nil && c.each.most > isa.MaxLanes {
			c.errorf(CodeEachTooBig, s.off, s.end, "this EACH uses %d names and intermediate values; a texel has room for %d", c.each.most-2, isa.MaxLanes-2)
		}
		c.each = nil
	}
	c.land(b.exits)
	c.nest = c.nest[:len(c.nest)-1]
}

func (c *compiler) innermost() *openBlock {
	if n := len(c.nest); n > 0 {
		return &c.nest[n-1]
	}
	return nil
}
