package engine

import (
	"slices"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

// Carry takes a running machine over to an edited program, so that an edit is
// seen at once and nothing starts over that need not. snap is the machine
// between two frames of old.
//
// Variables and arrays keep their values by name, the frame counter and the
// random state go on, and the picture stays if the canvas has the same size and
// kind. If the program stood at a FRAME, and everything before the loop around
// that FRAME means what it meant, it goes on after the same FRAME of the new
// program (resumed); otherwise it starts from the top with the values kept. A
// machine that has halted, faulted, or not begun starts fresh.
//
// The result is nil if new has errors; otherwise it is a machine that can run.
func Carry(old *pxl.Assembly, snap *machine.Snapshot, new *pxl.Assembly) (s *machine.Snapshot, resumed bool) {
	if !new.OK() {
		return nil, false
	}
	if old == nil || snap == nil || !old.OK() || len(snap.State) != isa.StateWords ||
		isa.Status(snap.State[isa.StStatus]) != isa.Framed || !slices.Equal(old.Program, snap.Program) {
		return fresh(new, snap), false
	}
	if _, err := machine.FromSnapshot(snap); err != nil {
		return fresh(new, snap), false
	}
	c := carrier{
		old: newStream(old), new: newStream(new), snap: snap,
		sameCanvas: old.Header.W == new.Header.W && old.Header.H == new.Header.H && old.Header.Pixel == new.Header.Pixel,
	}
	c.match = newMatch(c.old, c.new)
	resumed = c.sameCanvas && c.resume()
	if s = c.build(new, resumed); s == nil {
		return fresh(new, snap), false
	}
	return s, resumed
}

// fresh is the program at its start, with the seed of the machine before it.
func fresh(a *pxl.Assembly, before *machine.Snapshot) *machine.Snapshot {
	seed := int32(isa.DefaultSeed)
	if before != nil && len(before.State) == isa.StateWords {
		seed = int32(before.State[isa.StSeed])
	}
	m, err := machine.New(a.Program, seed)
	if err != nil {
		return nil
	}
	return m.Snapshot()
}

type carrier struct {
	old, new   *stream
	match      *match
	snap       *machine.Snapshot
	sameCanvas bool
	pc         uint32   // resumed: address in the new program
	stack      []uint32 // resumed: return addresses in the new program
}

// resume finds where the new program goes on, and says whether it can.
func (c *carrier) resume() bool {
	state := c.snap.State
	was, n, ok := c.old.before(isa.FRAME, state[isa.StPC])
	if !ok {
		return false
	}
	is := c.new.nth(isa.FRAME, n)
	if is < 0 {
		return false
	}
	head := c.old.head(was)
	if head != c.new.head(is) {
		return false
	}
	for i := range head {
		if !c.match.instr(c.old.list[i], c.new.list[i], head) {
			return false
		}
	}
	if !c.loops(was, is) {
		return false
	}
	c.pc = uint32(c.new.list[is].Addr + c.new.list[is].Size)
	for _, addr := range state[isa.StStack : isa.StStack+state[isa.StSP]] {
		was, n, ok := c.old.before(isa.CALL, addr)
		if !ok {
			return false
		}
		is := c.new.nth(isa.CALL, n)
		if is < 0 {
			return false
		}
		a, b := c.old.list[was], c.new.list[is]
		if c.old.labels[a.Args[0]] != c.new.labels[b.Args[0]] || !c.loops(was, is) {
			return false
		}
		c.stack = append(c.stack, uint32(b.Addr+b.Size))
	}
	return true
}

// loops pairs the FOR loops that two instructions stand in: the machine goes on
// inside them, so it needs their limits and steps.
func (c *carrier) loops(was, is int) bool {
	a, b := c.old.loops(was), c.new.loops(is)
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		for arg := 1; arg <= 2; arg++ {
			if b[i].Mask>>arg&1 == 0 {
				continue // a number that the code holds itself
			}
			if a[i].Mask>>arg&1 == 0 || !c.match.word(a[i].Args[arg], b[i].Args[arg]) {
				return false
			}
		}
	}
	return true
}

// build makes the new machine, nil if that cannot run.
func (c *carrier) build(a *pxl.Assembly, resumed bool) *machine.Snapshot {
	s := fresh(a, c.snap)
	if s == nil {
		return nil
	}
	c.values(s.Data)
	state := c.snap.State
	for _, word := range []int{isa.StFrame, isa.StRandom, isa.StMouseX, isa.StMouseY, isa.StMouseB} {
		s.State[word] = state[word]
	}
	copy(s.State[isa.StKeys:isa.StKeys+8], state[isa.StKeys:])
	copy(s.Data[:isa.SysWords], c.snap.Data)
	s.Data[isa.SysW], s.Data[isa.SysH] = uint32(a.Header.W), uint32(a.Header.H)
	if resumed {
		s.State[isa.StStatus] = uint32(isa.Framed)
		s.State[isa.StPC] = c.pc
		s.State[isa.StSP] = uint32(len(c.stack))
		copy(s.State[isa.StStack:], c.stack)
		s.State[isa.StInk], s.State[isa.StPaper] = state[isa.StInk], state[isa.StPaper]
		for from, to := range c.match.to {
			if from < uint32(len(c.snap.Data)) && to < uint32(len(s.Data)) {
				s.Data[to] = c.snap.Data[from]
			}
		}
	}
	if c.sameCanvas {
		copy(s.Display, c.snap.Display)
		moved := addresses(c.old, c.new)
		for i, by := range c.snap.Writer {
			s.Writer[i] = moved[by]
		}
	}
	if _, err := machine.FromSnapshot(s); err != nil {
		return nil
	}
	return s
}

// values copies variables and arrays that the old program had under the same
// name; of an array as many words as both have.
func (c *carrier) values(data []uint32) {
	had := map[string]pxl.Symbol{}
	for _, sym := range c.old.words {
		had[sym.Name] = sym
	}
	for _, sym := range c.new.words {
		was, ok := had[sym.Name]
		if !ok || was.Kind != sym.Kind {
			continue
		}
		n := min(sym.Len, was.Len)
		copy(data[sym.Addr:sym.Addr+n], c.snap.Data[was.Addr:was.Addr+n])
	}
}
