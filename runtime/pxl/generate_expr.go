package pxl

import (
	"strconv"

	"gvpie/runtime/isa"
)

func itoa(v int) string { return strconv.Itoa(v) }

// word gives the operand index of a data word, or, inside EACH, of the lane that
// captured it.
func (c *compiler) word(index int32) uint32 {
	if c.each == nil {
		return uint32(index)
	}
	return c.each.lane(index)
}

// temp takes a temporary for the rest of the statement, or until the caller
// lowers c.top again.
func (c *compiler) temp() uint32 {
	k := c.top
	c.top++
	if c.each != nil {
		return c.each.temp(k)
	}
	if k == len(c.pool) {
		c.pool = append(c.pool, c.hide())
	}
	return c.pool[k]
}

// hide takes a data word behind the variables for good.
func (c *compiler) hide() uint32 {
	c.hidden++
	return uint32(isa.SysWords + len(c.vars) + c.hidden - 1)
}

// value gives node n as an operand: a number and a variable as they are, the
// rest computed into a temporary.
func (c *compiler) value(n int32) operand {
	switch x := &c.nodes[n]; x.kind {
	case numNode:
		return value(x.val)
	case varNode:
		return operand{c.word(x.val), true}
	}
	t := c.temp()
	c.into(n, t, true)
	return operand{t, true}
}

// into emits code that leaves the value of node n in the word dst. scratch says
// that dst is a temporary, which n does not read, so that parts of n may be
// computed in it.
func (c *compiler) into(n int32, dst uint32, scratch bool) {
	x := &c.nodes[n]
	top := c.top
	out := operand{word: dst}
	switch x.kind {
	case numNode, varNode:
		c.emit(isa.SET, out, c.value(n))
	case unaryNode:
		c.emit(x.op, out, c.part(x.a, dst, &scratch))
	case binNode:
		a := c.part(x.a, dst, &scratch)
		b := c.part(x.b, dst, &scratch)
		c.emit(x.op, out, a, b)
	case callNode:
		var buf [4]operand
		args := append(buf[:0], out, c.part(x.a, dst, &scratch))
		for _, k := range [...]int32{x.b, x.c} {
			if k != none {
				args = append(args, c.part(k, dst, &scratch))
			}
		}
		c.emit(x.op, args...)
	case arrayNode, tableNode:
		i := c.part(x.a, dst, &scratch)
		if x.kind == arrayNode {
			c.emit(isa.LD, out, operand{}, value(int32(c.arrays[x.val].size)), i)
			c.arrayRefs = append(c.arrayRefs, ref{len(c.code) - 3, x.val})
		} else {
			c.emit(isa.LDT, out, operand{}, value(int32(c.tables[x.val].size)), i)
			c.tableRefs = append(c.tableRefs, ref{len(c.code) - 3, x.val})
		}
	case andNode, orNode:
		var no []int
		c.branch(n, false, &no)
		c.top = top
		c.emit(isa.SET, out, value(1))
		end := c.jump(isa.JMP)
		c.land(no)
		c.emit(isa.SET, out, value(0))
		c.land([]int{end})
	}
	c.top = top
}

// part gives an operand of what will be computed into dst. While dst is free the
// operand may be computed there, which takes it.
func (c *compiler) part(n int32, dst uint32, free *bool) operand {
	if k := c.nodes[n].kind; k == numNode || k == varNode || !*free {
		return c.value(n)
	}
	*free = false
	c.into(n, dst, true)
	return operand{dst, true}
}

// branch emits code that jumps if whether n is true equals want, and goes on
// with the next instruction if not. The jumps, to be patched, are added to out.
func (c *compiler) branch(n int32, want bool, out *[]int) {
	x := &c.nodes[n]
	top := c.top
	switch {
	case x.kind == numNode:
		if (x.val != 0) == want {
			*out = append(*out, c.jump(isa.JMP))
		}
	case x.kind == unaryNode && x.op == isa.ISZ:
		c.branch(x.a, !want, out)
	case x.kind == binNode && (x.op == isa.EQ || x.op == isa.NE) && c.isZero(x.b):
		c.branch(x.a, want == (x.op == isa.NE), out)
	case (x.kind == andNode || x.kind == orNode) && want == (x.kind == orNode):
		// Either side alone decides.
		c.branch(x.a, want, out)
		c.branch(x.b, want, out)
	case x.kind == andNode || x.kind == orNode:
		var past []int
		c.branch(x.a, !want, &past)
		c.branch(x.b, want, out)
		c.land(past)
	default:
		op := isa.JZ
		if want {
			op = isa.JNZ
		}
		*out = append(*out, c.jump(op, c.value(n)))
	}
	c.top = top
}

func (c *compiler) isZero(n int32) bool {
	return c.nodes[n].kind == numNode && c.nodes[n].val == 0
}
