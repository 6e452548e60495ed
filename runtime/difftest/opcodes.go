package difftest

import (
	"errors"
	"testing"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// Opcodes runs every opcode of isa's table on an engine, in the core and in a
// block, wherever it is allowed. An engine that has forgotten one is told apart
// from the reference, and if that has forgotten it too, by an opcode that is
// answered with bad_opcode or does nothing.
func Opcodes(t *testing.T, open Open) {
	e := open(t)
	for i := range isa.Specs {
		s := &isa.Specs[i]
		if s.InCore {
			t.Run(s.Mnemonic+" in the core", func(t *testing.T) { opcode(t, e, s, false) })
		}
		if s.InEach {
			t.Run(s.Mnemonic+" in a block", func(t *testing.T) { opcode(t, e, s, true) })
		}
	}
}

// before is what the word holds that an opcode under test gives another value.
const before = 0x123456

func opcode(t *testing.T, e engine.Engine, s *isa.Spec, inEach bool) {
	p := opcodeProgram(s, inEach)
	err := Compare(t.Context(), engine.NewCPU(), e, Run{Program: p})
	if errors.Is(err, engine.ErrUnsupported) && (inEach || s.Op == isa.EACH) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	_, fault := replay(t, e, Run{Program: p})
	if fault != nil && fault.Code == isa.BadOpcode {
		t.Errorf("it is answered with %s", faultText(fault))
	}
	read := func(page machine.Page) []uint32 {
		words, err := e.Read(t.Context(), page)
		if err != nil {
			t.Fatal(err)
		}
		return words
	}
	does := true
	switch {
	case s.Op == isa.CLIP:
		does = read(machine.StatePage)[isa.StClip] != 0
	case s.Op == isa.CAMERA:
		does = read(machine.StatePage)[isa.StCameraX] != 0
	case s.Op == isa.INVOKE:
		does = read(machine.StatePage)[isa.StSP] == 1
	case s.Op == isa.COLOR:
		does = read(machine.StatePage)[isa.StInk] != 0
	case s.Group == isa.GroupDraw, s.Op == isa.PUT:
		does = false
		for _, by := range read(machine.WriterPage) {
			does = does || by != 0
		}
	case len(s.Operands) > 0 && s.Operands[0].Kind == isa.Out && inEach:
		does = read(machine.DisplayPage)[0]&0xFFFFFF != before>>16|before&0xFF00|before&0xFF<<16
	case len(s.Operands) > 0 && s.Operands[0].Kind == isa.Out:
		does = read(machine.DataPage)[isa.SysWords] != before
	}
	if !does {
		t.Error("it does nothing")
	}
}

// opcodeProgram executes one instruction with all its operands, and little else.
func opcodeProgram(s *isa.Spec, inEach bool) isa.Program {
	dst, code := uint32(isa.SysWords), []uint32{}
	at := func() uint32 { return uint32(isa.HeaderWords + len(code)) }
	if inEach {
		dst = isa.LaneFlag | 2
		code = append(code, isa.InstrHeader(isa.EACH, 5, 0), 0, 0, 16, 16, 0, 0)
	}
	code = append(code, isa.InstrHeader(isa.SET, 2, 0), dst, before)
	next := at() + 1 + uint32(len(s.Operands))
	switch s.Tail {
	case isa.TextTail:
		next += 2
	case isa.CaptureTail, isa.ArgTail:
		next++
	}
	if s.Op == isa.RETURN { // of a call, to where it stands
		code = append(code, isa.InstrHeader(isa.INVOKE, 5, 0), at()+7, isa.SysWords, 8, 0, 0, 0)
	}
	operands := len(code) + 1
	code = append(code, isa.InstrHeader(s.Op, len(s.Operands), 0))
	for i, o := range s.Operands {
		code = append(code, map[isa.Kind]uint32{
			isa.In: uint32(i + 1), isa.Out: dst, isa.Addr: next, isa.Base: isa.SysWords, isa.Len: 8,
		}[o.Kind])
	}
	switch s.Tail {
	case isa.TextTail:
		code = append(code, 1, 'A')
	case isa.CaptureTail, isa.ArgTail:
		code = append(code, 0)
	}
	if inEach {
		code = append(code, isa.InstrHeader(isa.PUT, 1, 1), dst)
		code[5] = at()
	}
	behind := make([]uint32, 80)
	switch s.Op {
	case isa.TRI:
		code[operands+4], code[operands+5] = 14, 3 // else its corners are in one line
	case isa.SPR:
		code[operands], code[operands+1], code[operands+2], code[operands+3] = at(), 4|4<<16, 1, 0
		for i := range behind {
			behind[i] = isa.Word(200, 100, 50, 255)
		}
	}
	head := isa.NewHeader(isa.Header{W: 16, H: 16, Pixel: true, DataWords: isa.SysWords + 80, CodeEnd: int(at())})
	return append(append(isa.Program(head[:]), code...), behind...)
}
