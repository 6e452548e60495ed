package difftest

import (
	"slices"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// invoke calls a procedure, word by word.
func (s *slow) invoke(in isa.Instr, back uint32) (next uint32, fault *machine.Fault) {
	proc, act, words, save, stride := in.Args[0], int(in.Args[1]), int(in.Args[2]), int(in.Args[3]), int(in.Args[4])
	var args []uint32
	for i := 0; i < len(in.Tail); i += 2 {
		v := in.Tail[i+1]
		if in.Tail[i] == 1 {
			if v >= uint32(s.h.DataWords) {
				return 0, outOfRange(v, s.h.DataWords)
			}
			v = s.data[v]
		}
		args = append(args, v)
	}
	depth := s.state[isa.StSP]
	if depth == isa.StackDepth {
		return 0, &machine.Fault{Code: isa.StackOverflow, A: isa.StackDepth}
	}
	if proc < isa.HeaderWords || proc > uint32(s.h.CodeEnd) {
		return 0, outOfRange(proc, s.h.CodeEnd)
	}
	kept := save + int(depth)*stride
	if fault := s.activation(act, words, save, kept); fault != nil {
		return 0, fault
	}
	if save != 0 {
		for i, w := range slices.Clone(s.data[act : act+words]) {
			s.data[kept+i] = w
		}
	}
	for i := range words {
		s.data[act+i] = 0
		if i < len(args) {
			s.data[act+i] = args[i]
		}
	}
	s.state[isa.StStack+depth] = back + isa.StackProc
	s.state[isa.StSP]++
	return proc, nil
}

// leave goes back from a procedure, word by word.
func (s *slow) leave(in isa.Instr, args []uint32) (next uint32, fault *machine.Fault) {
	act, words, save, stride := int(in.Args[2]), int(in.Args[3]), int(in.Args[4]), int(in.Args[5])
	depth := int(s.state[isa.StSP]) - 1
	for depth >= 0 && s.state[isa.StStack+depth] < isa.StackProc {
		depth--
	}
	if depth < 0 {
		return 0, &machine.Fault{Code: isa.StackUnderflow}
	}
	kept := save + depth*stride
	if fault := s.activation(act, words, save, kept); fault != nil {
		return 0, fault
	}
	if save != 0 {
		for i, w := range slices.Clone(s.data[kept : kept+words]) {
			s.data[act+i] = w
		}
	}
	s.data[args[0]] = args[1]
	s.state[isa.StSP] = uint32(depth)
	return s.state[isa.StStack+depth] - isa.StackProc, nil
}

// activation says what is wrong with the words of an activation, or those that keep it.
func (s *slow) activation(act, words, save, kept int) *machine.Fault {
	most := int(^uint32(0))
	if words > isa.MaxActivation || act+words > s.h.DataWords {
		return outOfRange(uint32(min(act+words, most)), s.h.DataWords)
	}
	if save != 0 && kept+words > s.h.DataWords {
		return outOfRange(uint32(min(kept+words, most)), s.h.DataWords)
	}
	return nil
}
