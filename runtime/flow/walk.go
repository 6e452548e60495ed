package flow

import (
	"slices"

	"gvpie/runtime/isa"
)

// walk follows one stretch of code: it visits every address that a run can come
// to, and then makes blocks of them.
type walk struct {
	p isa.Program
	h isa.Header
	Span
	lanes bool // the block of an EACH: its scalars are lane words

	seen    []bool // a run can come to Start+i
	leader  []bool // a block begins there
	from    []bool // the instruction before runs on to there
	todo    []uint32
	instrs  []isa.Instr // visited
	calls   returns     // of the CALLs and RETs
	invokes returns     // of the INVOKEs and RETURNs
	each    []Span      // the blocks of visited EACHs
}

// returns are where the instructions that go back may lead: one set for RET, which
// comes from a CALL, one for RETURN, which comes from an INVOKE.
type returns struct {
	to      []uint32
	entered int  // so many of them
	visited bool // an instruction that goes back
}

func newWalk(p isa.Program, h isa.Header, s Span) *walk {
	n := s.End - s.Start + 1
	return &walk{
		p: p, h: h, Span: s,
		seen: make([]bool, n), leader: make([]bool, n), from: make([]bool, n),
	}
}

// follow visits what can be reached from an entry.
func (w *walk) follow(entry uint32) *Code {
	w.enter(entry)
	for {
		for len(w.todo) > 0 {
			last := len(w.todo) - 1
			at := w.todo[last]
			w.todo = w.todo[:last]
			w.visit(at)
		}
		more := false
		for _, r := range [...]*returns{&w.calls, &w.invokes} {
			for ; r.visited && r.entered < len(r.to); r.entered++ {
				w.enter(r.to[r.entered])
				more = true
			}
		}
		if !more {
			return w.code()
		}
	}
}

// inside says whether there is code at an address, or its end.
func (w *walk) inside(addr uint32) bool { return addr >= w.Start && addr <= w.End }

// enter makes a block begin at an address, unless there is no code.
func (w *walk) enter(addr uint32) {
	if w.inside(addr) {
		w.leader[addr-w.Start] = true
		w.reach(addr)
	}
}

// runOn reaches the instruction behind another. Where two run on to the same one,
// as two that overlap can, a block begins.
func (w *walk) runOn(addr uint32) {
	i := addr - w.Start
	w.leader[i] = w.leader[i] || w.from[i]
	w.from[i] = true
	w.reach(addr)
}

func (w *walk) reach(addr uint32) {
	if i := addr - w.Start; !w.seen[i] {
		w.seen[i] = true
		w.todo = append(w.todo, addr)
	}
}

// visit takes in the instruction at an address, and reaches those after it.
func (w *walk) visit(addr uint32) {
	in, ok := w.decode(addr)
	if !ok {
		w.leader[addr-w.Start] = true
		return
	}
	w.instrs = append(w.instrs, in)
	ways, straight := w.ways(in)
	if straight {
		w.runOn(ways[0])
		return
	}
	for _, to := range ways {
		w.enter(to)
	}
	switch behind := uint32(in.Addr + in.Size); in.Spec.Op {
	case isa.RET:
		w.calls.visited = true
	case isa.RETURN:
		w.invokes.visited = true
	case isa.CALL:
		w.calls.to = append(w.calls.to, behind)
	case isa.INVOKE:
		w.invokes.to = append(w.invokes.to, behind)
	case isa.EACH:
		if len(ways) > 0 {
			w.each = append(w.each, Span{behind, ways[0]})
		}
	}
}

// ways are the addresses that may come after an instruction, but for those that a
// RET or RETURN leads to. straight says that the one behind it always does.
func (w *walk) ways(in isa.Instr) (to []uint32, straight bool) {
	behind := uint32(in.Addr + in.Size)
	target, jumps := Target(in)
	switch in.Spec.Op {
	case isa.HALT, isa.DONE, isa.RET, isa.RETURN:
		return nil, false
	case isa.JMP, isa.CALL, isa.INVOKE:
		return []uint32{target}, false
	case isa.EACH:
		if w.closed(in, target) {
			return []uint32{target}, false
		}
		return nil, false
	}
	if jumps {
		return []uint32{target, behind}, false
	}
	return []uint32{behind}, true
}

// closed says whether an EACH's block ends behind its beginning and inside the
// code, and whether its captures are words, and not too many.
func (w *walk) closed(each isa.Instr, end uint32) bool {
	outside := func(index uint32) bool { return index >= uint32(w.h.DataWords) }
	return end >= uint32(each.Addr+each.Size) && end <= w.End &&
		len(each.Tail) <= isa.MaxLanes-2 && !slices.ContainsFunc(each.Tail, outside)
}

// decode reads the instruction at an address; ok is false where executing it is
// an error whatever the machine's state.
func (w *walk) decode(addr uint32) (in isa.Instr, ok bool) {
	in, ok = isa.Decode(w.p, int(addr), int(w.End))
	if !ok || w.lanes && !in.Spec.InEach || !w.lanes && !in.Spec.InCore {
		return in, false
	}
	for i, arg := range in.Args {
		if names(in, i) && !w.scalar(arg) {
			return in, false
		}
	}
	if in.Spec.Tail == isa.ArgTail {
		for i := 0; i < len(in.Tail); i += 2 {
			if in.Tail[i] == 1 && !w.scalar(in.Tail[i+1]) {
				return in, false
			}
		}
	}
	return in, true
}

// names says whether an operand is the index of a word, to read or to write.
func names(in isa.Instr, operand int) bool {
	return in.Spec.Operands[operand].Kind == isa.Out || in.Mask>>operand&1 == 1
}

// scalar says whether there is a word with an operand's index.
func (w *walk) scalar(index uint32) bool {
	if w.lanes {
		return index&isa.LaneFlag != 0 && index&(isa.LaneFlag-1) < isa.MaxLanes
	}
	return index < uint32(w.h.DataWords)
}

// code makes blocks of what was visited.
func (w *walk) code() *Code {
	c := &Code{Span: w.Span, at: make([]int32, len(w.seen))}
	instrAt := make([]int32, len(w.seen)) // 0: none
	for i, in := range w.instrs {
		instrAt[uint32(in.Addr)-w.Start] = int32(i) + 1
	}
	for i := range c.at {
		c.at[i] = -1
	}
	for i, leader := range w.leader {
		if !leader {
			continue
		}
		b := Block{Start: w.Start + uint32(i)}
		c.at[i] = int32(len(c.Blocks))
		for at := i; instrAt[at] > 0; {
			c.at[at] = int32(len(c.Blocks))
			in := w.instrs[instrAt[at]-1]
			b.Instrs = append(b.Instrs, in)
			at += in.Size
			if _, straight := w.ways(in); !straight || w.leader[at] {
				break
			}
		}
		c.Blocks = append(c.Blocks, b)
	}
	w.link(c)
	return c
}

// link gives every block those that may run after it.
func (w *walk) link(c *Code) {
	blocks := func(addrs []uint32) []int {
		var out []int
		for _, addr := range addrs {
			if b := c.BlockAt(addr); b >= 0 {
				out = append(out, b)
			}
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
	var rets, returns []int
	if w.calls.visited {
		rets = blocks(w.calls.to)
	}
	if w.invokes.visited {
		returns = blocks(w.invokes.to)
	}
	for i := range c.Blocks {
		b := &c.Blocks[i]
		if len(b.Instrs) == 0 {
			continue
		}
		last := b.Instrs[len(b.Instrs)-1]
		switch last.Spec.Op {
		case isa.RET:
			b.Next = rets
			continue
		case isa.RETURN:
			b.Next = returns
			continue
		}
		ways, _ := w.ways(last)
		b.Next = blocks(ways)
	}
}
