package pxl

import "gvpie/runtime/isa"

// lanes gives out the lane words of one EACH block: px, py, a word for each
// scalar the block reads or sets, which starts as the scalar's value, then the
// words its loops hold and its statements' temporaries.
type lanes struct {
	of   map[int32]uint32 // data index → lane
	held int              // lanes of captures and open loops
	most int
}

func (l *lanes) lane(index int32) uint32 {
	switch index {
	case laneX:
		return isa.LaneFlag
	case laneY:
		return isa.LaneFlag | 1
	}
	return isa.LaneFlag | l.of[index]
}

func (l *lanes) temp(k int) uint32 {
	l.most = max(l.most, l.held+k+1)
	return isa.LaneFlag | uint32(l.held+k)
}

func (l *lanes) hold() uint32 {
	l.held++
	l.most = max(l.most, l.held)
	return isa.LaneFlag | uint32(l.held-1)
}

func (l *lanes) release(n int) { l.held -= n }

// eachCode emits EACH with the captures of its block, and makes lanes of the
// block's names until the END.
func (c *compiler) eachCode(s *stmt, i int32) {
	args := []operand{value(0), value(0), {isa.SysW, true}, {isa.SysH, true}}
	if s.argEnd-s.arg == 4 {
		for k, n := range c.args[s.arg:s.argEnd] {
			args[k] = c.value(n)
		}
	}
	l := &lanes{of: make(map[int32]uint32), held: 2}
	var captures []uint32
	end := int(s.match)
	if s.match == none {
		end = len(c.stmts)
	}
	capture := func(index int32) {
		if _, ok := l.of[index]; !ok && index >= 0 {
			l.of[index] = uint32(l.held)
			l.held++
			captures = append(captures, uint32(index))
		}
	}
	for k := int(i) + 1; k < end; k++ {
		b := &c.stmts[k]
		for n := b.node; n < b.nodeEnd; n++ {
			if c.nodes[n].kind == varNode {
				capture(c.nodes[n].val)
			}
		}
		if b.kind == setStmt && b.index == none || b.kind == forStmt {
			if e, ok := c.names[c.src[b.name:b.nameEnd]]; ok && e.kind == VarSymbol {
				capture(e.val)
			}
		}
	}
	l.most = l.held
	past := c.jump(isa.EACH, args...)
	c.code = append(c.code, uint32(len(captures)))
	c.code = append(c.code, captures...)
	c.nest = append(c.nest, openBlock{stmt: i, exits: []int{past}})
	c.each = l
}
