package machine

import "gvpie/runtime/isa"

// What every engine writes to the state and data pages outside the core.

// InitState makes a state page that of a machine before its first frame.
func InitState(state []uint32, seed int32) {
	clear(state)
	state[isa.StPC] = isa.HeaderWords
	state[isa.StRandom] = uint32(seed)
	state[isa.StSeed] = uint32(seed)
	WriteFault(state, nil)
}

// BeginState makes a state page that of a machine that begins a frame of so many
// cycles (0: isa.DefaultBudget).
func BeginState(state []uint32, in Input, budget uint32) {
	if budget == 0 {
		budget = isa.DefaultBudget
	}
	state[isa.StStatus] = uint32(isa.Running)
	state[isa.StCycles] = 0
	state[isa.StBudget] = budget
	state[isa.StCommands] = 0
	state[isa.StPayload] = 0
	state[isa.StButtonsBefore] = state[isa.StMouseB]
	copy(state[isa.StKeysBefore:isa.StKeysBefore+8], state[isa.StKeys:])
	state[isa.StMouseX] = uint32(in.MouseX)
	state[isa.StMouseY] = uint32(in.MouseY)
	state[isa.StMouseB] = uint32(in.Buttons)
	state[isa.StWheel] = uint32(in.Wheel)
	copy(state[isa.StKeys:isa.StKeys+8], in.Keys[:])
}

// SystemWords brings the data page's read-only names up to the state page.
func SystemWords(data, state []uint32, h isa.Header) {
	data[isa.SysFrame] = state[isa.StFrame]
	data[isa.SysW] = uint32(h.W)
	data[isa.SysH] = uint32(h.H)
	data[isa.SysMouseX] = state[isa.StMouseX]
	data[isa.SysMouseY] = state[isa.StMouseY]
	data[isa.SysMouseB] = state[isa.StMouseB]
	data[isa.SysSeed] = state[isa.StSeed]
	data[isa.SysZero] = 0
}

// WriteFault writes what a state page says of a fault, nil for none.
func WriteFault(state []uint32, f *Fault) {
	if f == nil {
		f = &Fault{X: -1, Y: -1}
	}
	state[isa.StFault], state[isa.StFaultPC] = uint32(f.Code), uint32(f.PC)
	state[isa.StFaultA], state[isa.StFaultB] = uint32(f.A), uint32(f.B)
	state[isa.StFaultX], state[isa.StFaultY] = uint32(int32(f.X)), uint32(int32(f.Y))
}

// StateReport is what a state page at a frame's end tells of the frame, which took
// so many cycles and made so many commands: all but its log.
func StateReport(state []uint32, cycles uint32, commands int) Report {
	r := Report{
		Status:   isa.Status(state[isa.StStatus]),
		Cycles:   cycles,
		Frame:    state[isa.StFrame],
		Commands: commands,
	}
	if r.Status == isa.Faulted {
		r.Fault = &Fault{
			Code: isa.Fault(state[isa.StFault]),
			PC:   int(state[isa.StFaultPC]),
			A:    int32(state[isa.StFaultA]), B: int32(state[isa.StFaultB]),
			X: int(int32(state[isa.StFaultX])), Y: int(int32(state[isa.StFaultY])),
		}
	}
	return r
}
