package codegen

import (
	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/syntax"
)

// lanes gives out the lane words of one EACH block: px, py, a word for each
// scalar the block reads or sets, which starts as the scalar's value, then the
// words its loops keep and its statements' temporaries.
type lanes struct {
	of       map[int32]uint32 // data index → lane
	reserved int              // lanes of captures and open loops
	most     int
}

func (l *lanes) lane(index int32) uint32 {
	switch index {
	case syntax.LaneX:
		return isa.LaneFlag
	case syntax.LaneY:
		return isa.LaneFlag | 1
	}
	return isa.LaneFlag | l.of[index]
}

func (l *lanes) temp(k int) uint32 {
	l.most = max(l.most, l.reserved+k+1)
	return isa.LaneFlag | uint32(l.reserved+k)
}

func (l *lanes) reserve() uint32 {
	l.reserved++
	l.most = max(l.most, l.reserved)
	return isa.LaneFlag | uint32(l.reserved-1)
}

func (l *lanes) release(n int) { l.reserved -= n }

// eachCode emits EACH with the captures of its block, and makes lanes of the
// block's names until the END.
func (g *generator) eachCode(s *syntax.Stmt, i int32) {
	args := []operand{value(0), value(0), {isa.SysW, true}, {isa.SysH, true}}
	if s.ArgEnd-s.Arg == 4 {
		for k, n := range g.Args[s.Arg:s.ArgEnd] {
			args[k] = g.before(n, g.Args[s.ArgEnd-1])
		}
	}
	l := &lanes{of: make(map[int32]uint32), reserved: 2}
	var captures []uint32
	for index := range g.blockWords(i) {
		l.of[index] = uint32(l.reserved)
		l.reserved++
		captures = append(captures, uint32(index))
	}
	l.most = l.reserved
	past := g.jump(isa.EACH, args...)
	if s.ArgEnd == s.Arg && g.moves {
		g.code[past-len(args)-1] = isa.InstrHeader(isa.EACH, len(args)+2, uint8(g.code[past-len(args)-1]>>16))
		g.code = append(g.code, 1) // still: the whole canvas, wherever the camera is
	}
	g.code = append(g.code, uint32(len(captures)))
	g.code = append(g.code, captures...)
	g.nest = append(g.nest, openBlock{stmt: i, exits: []int{past}})
	g.each = l
}
