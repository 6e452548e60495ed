package liveedit

import (
	"slices"

	"gvpie/runtime/flow"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

// Reload takes a running machine over to an edited program, so that an edit is
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
func Reload(old *pxl.Assembly, snap *machine.Snapshot, new *pxl.Assembly) (s *machine.Snapshot, resumed bool) {
	if s = fresh(new, snap); s == nil {
		return nil, false
	}
	if old == nil || snap == nil || len(snap.State) != isa.StateWords ||
		isa.Status(snap.State[isa.StStatus]) != isa.Framed || !slices.Equal(old.Program, snap.Program) {
		return s, false
	}
	if _, err := snap.Check(); err != nil {
		return s, false
	}
	r := reload{
		old: newVersion(old), new: newVersion(new), snap: snap,
		sameCanvas: old.Header.W == new.Header.W && old.Header.H == new.Header.H && old.Header.Pixel == new.Header.Pixel,
	}
	r.match = newMatch(r.old, r.new)
	resumed = r.sameCanvas && r.resume()
	r.fill(s, resumed)
	return s, resumed
}

// fresh is the program at its start, with the seed of the machine before it; nil
// for a program with errors.
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

type reload struct {
	old, new   *version
	match      *match
	snap       *machine.Snapshot
	sameCanvas bool
	pc         uint32   // resumed: address in the new program
	stack      []uint32 // resumed: return addresses in the new program
}

// resume finds where the new program goes on, and says whether it can.
func (r *reload) resume() bool {
	state := r.snap.State
	was, n, ok := r.old.before(isa.FRAME, state[isa.StPC])
	if !ok {
		return false
	}
	is := r.new.nth(isa.FRAME, n)
	if is < 0 {
		return false
	}
	head := r.old.head(was)
	if head != r.new.head(is) {
		return false
	}
	for i := range head {
		if !r.match.instr(r.old.list[i], r.new.list[i], head) {
			return false
		}
	}
	if !r.loops(was, is) {
		return false
	}
	r.pc = uint32(r.new.list[is].Addr + r.new.list[is].Size)
	for _, entry := range state[isa.StStack : isa.StStack+state[isa.StSP]] {
		call := isa.CALL
		if entry&isa.StackProc != 0 {
			call = isa.INVOKE
		}
		was, n, ok := r.old.before(call, entry&isa.StackAddr)
		if !ok {
			return false
		}
		is := r.new.nth(call, n)
		if is < 0 {
			return false
		}
		a, b := r.old.list[was], r.new.list[is]
		if r.old.labels[a.Args[0]] != r.new.labels[b.Args[0]] || !r.loops(was, is) {
			return false
		}
		if call == isa.INVOKE && !r.match.instr(a, b, 0) {
			return false
		}
		r.stack = append(r.stack, uint32(b.Addr+b.Size)|entry&isa.StackProc)
	}
	r.match.learn()
	return r.known()
}

// known says whether every nameless word that the new program may read before it
// writes it, from where it goes on, has a word of the old one to take its value
// from. One has not if the program can jump into a loop whose limit was computed
// before an edit.
func (r *reload) known() bool {
	from, words := r.new.kept()
	if _, n := r.old.kept(); n != words {
		return false
	}
	live := flow.Analyze(r.new.program, r.new.header, r.pc, r.stack...).Live().At(r.pc)
	for word := uint32(isa.SysWords); word < uint32(r.new.header.DataWords); word++ {
		if _, _, named := r.new.name(word); named || !live(word) || word-from < words {
			continue
		}
		if _, ok := r.match.from[word]; !ok {
			return false
		}
	}
	return true
}

// loops pairs the FOR loops that two instructions stand in: the machine goes on
// inside them, so it needs their limits and steps.
func (r *reload) loops(was, is int) bool {
	a, b := r.old.loops(was), r.new.loops(is)
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		for arg := 1; arg <= 2; arg++ {
			if b[i].Mask>>arg&1 == 0 {
				continue // a number that the code holds itself
			}
			if a[i].Mask>>arg&1 == 0 || !r.match.word(a[i].Args[arg], b[i].Args[arg]) {
				return false
			}
		}
	}
	return true
}

// fill gives a machine at its start what it has from the one before.
func (r *reload) fill(s *machine.Snapshot, resumed bool) {
	r.values(s.Data)
	state := r.snap.State
	for _, word := range []int{isa.StFrame, isa.StRandom, isa.StMouseX, isa.StMouseY, isa.StMouseB, isa.StWheel, isa.StButtonsBefore} {
		s.State[word] = state[word]
	}
	copy(s.State[isa.StKeys:isa.StKeysBefore+8], state[isa.StKeys:])
	copy(s.Data[:isa.SysWords], r.snap.Data)
	s.Data[isa.SysW], s.Data[isa.SysH] = uint32(r.new.header.W), uint32(r.new.header.H)
	if resumed {
		s.State[isa.StStatus] = uint32(isa.Framed)
		s.State[isa.StPC] = r.pc
		s.State[isa.StSP] = uint32(len(r.stack))
		copy(s.State[isa.StStack:], r.stack)
		s.State[isa.StInk], s.State[isa.StPaper] = state[isa.StInk], state[isa.StPaper]
		if r.sameCanvas && r.new.nth(isa.CLIP, 0) >= 0 {
			copy(s.State[isa.StClip:], state[isa.StClip:isa.StClipEnd+1])
		}
		if r.new.nth(isa.CAMERA, 0) >= 0 {
			copy(s.State[isa.StCameraX:], state[isa.StCameraX:isa.StCameraY+1])
		}
		for from, to := range r.match.to {
			s.Data[to] = r.snap.Data[from]
		}
		was, words := r.old.kept()
		is, _ := r.new.kept()
		copy(s.Data[is:is+words], r.snap.Data[was:was+words])
	}
	if r.sameCanvas {
		copy(s.Display, r.snap.Display)
		moved := addresses(r.old, r.new)
		for i, by := range r.snap.Writer {
			s.Writer[i] = moved[by]
		}
	}
}

// values copies variables and arrays that the old program had under the same
// name; of an array as many words as both have.
func (r *reload) values(data []uint32) {
	had := map[string]pxl.Symbol{}
	for _, sym := range r.old.words {
		had[sym.Name] = sym
	}
	for _, sym := range r.new.words {
		was, ok := had[sym.Name]
		if !ok || was.Kind != sym.Kind {
			continue
		}
		n := min(sym.Len, was.Len)
		copy(data[sym.Addr:sym.Addr+n], r.snap.Data[was.Addr:was.Addr+n])
	}
}
