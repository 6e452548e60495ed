package why

import (
	"slices"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// reach is the addresses that a run may come to from where a machine stands, in its
// frame and all later ones. What none of them writes has not changed since.
type reach []bool

// reachOf finds the reach of a machine. Those that stand alike share one.
func (p *program) reachOf(s *machine.Snapshot) reach {
	sp := s.State[isa.StSP]
	from := append([]uint32{s.State[isa.StPC]}, s.State[isa.StStack:isa.StStack+sp]...)
	for i := range from {
		from[i] &= isa.StackAddr
	}
	slices.Sort(from[1:])
	from = append(from[:1], slices.Compact(from[1:])...)
	for _, k := range p.reached {
		if slices.Equal(k.from, from) {
			return k.reach
		}
	}
	if len(p.reached) > 256 {
		p.reached = nil
	}
	r := p.follow(from)
	p.reached = append(p.reached, reached{from, r})
	return r
}

type reached struct {
	from  []uint32
	reach reach
}

// follow finds what may be come to from some addresses. A call comes back behind it.
func (p *program) follow(from []uint32) reach {
	r := make(reach, len(p.a.Program)+1)
	open := slices.Clone(from)
	for len(open) > 0 {
		at := open[len(open)-1]
		open = open[:len(open)-1]
		if int(at) >= len(r) || r[at] {
			continue
		}
		r[at] = true
		in, ok := p.decode(int(at))
		if !ok {
			continue
		}
		next := at + uint32(in.Size)
		for i, o := range in.Spec.Operands[:len(in.Args)] {
			if o.Kind == isa.Addr {
				open = append(open, in.Args[i])
			}
		}
		switch in.Spec.Op {
		case isa.HALT, isa.JMP, isa.RET, isa.RETURN:
		default: // of an EACH its block
			open = append(open, next)
		}
	}
	return r
}

// writes says whether an instruction in reach may write a word.
func (p *program) writes(r reach, word uint32) bool {
	for pc, is := range r[:len(p.a.Program)] {
		if is && p.mayWrite(pc, word) {
			return true
		}
	}
	return false
}

// mayWrite says whether the instruction at an address may write a word, or move what
// it held.
func (p *program) mayWrite(pc int, word uint32) bool {
	e := p.effectOf(pc)
	if e.kind == nothing || e.kind == one {
		return e.kind == one && e.word == word
	}
	in, _ := p.decode(pc)
	switch a := in.Args; in.Spec.Op {
	case isa.ST:
		return word-a[0] < a[1] // unsigned: it is in there
	case isa.ST2:
		return word-a[0] < a[1]*a[2]
	case isa.INVOKE:
		return mayMove(a[1:], word)
	case isa.RETURN:
		return word == a[0] || mayMove(a[2:], word)
	case isa.RND:
		return word == a[0] || word == stateWord|isa.StRandom
	}
	return word&stateWord != 0
}

func mayMove(act []uint32, word uint32) bool {
	return word-act[0] < act[1] || act[2] != 0 && word-act[2] < act[3]*isa.StackDepth
}
