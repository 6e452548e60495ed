package machine

import "gvpie/runtime/isa"

// A procedure has one activation in the data page: its parameters, its locals, and
// what its statements need meanwhile. Of one that can be called while a call of it
// goes on, INVOKE keeps the words of that call and RETURN brings them back, so that
// the code of its body need not know how deep it is.

// invoke gives the activation of a procedure, called at depth sp, its arguments, which
// are read before anything changes.
func (m *Core) invoke(sp uint32, in *instr, tail []uint32) *Fault {
	mem := m.code.mem
	var args [isa.MaxActivation]uint32
	n := 0
	for i := 0; i < len(tail); i += 2 {
		args[n] = tail[i+1]
		if tail[i] == 1 {
			args[n] = mem[tail[i+1]]
		}
		n++
	}
	if sp == isa.StackDepth {
		return &Fault{Code: isa.StackOverflow, A: isa.StackDepth}
	}
	if to := in.x[0]; to < isa.HeaderWords || to >= uint32(len(m.code.at)) {
		return m.outOfCode(to)
	}
	act, kept, fault := m.activation(sp, in.x[1:5])
	if fault != nil {
		return fault
	}
	copy(kept, act)
	clear(act[copy(act, args[:n]):])
	return nil
}

// leave gives the depth of the procedure's call and brings back what INVOKE kept there.
func (m *Core) leave(sp uint32, in *instr) (uint32, *Fault) {
	mem := m.code.mem
	value := mem[in.x[1]]
	at := sp
	for at > 0 && m.state[isa.StStack+at-1]&isa.StackProc == 0 {
		at--
	}
	if at == 0 {
		return sp, &Fault{Code: isa.StackUnderflow}
	}
	at--
	act, kept, fault := m.activation(at, in.x[2:6])
	if fault != nil {
		return sp, fault
	}
	copy(act, kept)
	mem[in.x[0]] = value
	return at, nil
}

// activation gives the words of an activation and those that keep it at depth sp, none
// if nothing does. x are the operands act, len, save and stride.
func (m *Core) activation(sp uint32, x []uint32) (act, kept []uint32, fault *Fault) {
	words := uint64(m.header.DataWords)
	end := uint64(x[0]) + uint64(x[1])
	if x[1] > isa.MaxActivation || end > words {
		return nil, nil, m.outOfData(uint32(min(end, 1<<32-1)))
	}
	act = m.code.mem[x[0]:end]
	if x[2] == 0 {
		return act, nil, nil
	}
	from := uint64(x[2]) + uint64(sp)*uint64(x[3])
	if from+uint64(x[1]) > words {
		return nil, nil, m.outOfData(uint32(min(from+uint64(x[1]), 1<<32-1)))
	}
	return act, m.code.mem[from : from+uint64(x[1])], nil
}
