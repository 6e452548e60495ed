package gpu

import (
	"testing"

	"gvpie/runtime/isa"
)

// TestFaults has every way to fault; each is checked to be the fault it says.
func TestFaults(t *testing.T) {
	cases := []struct {
		name   string
		fault  isa.Fault
		budget uint32
		build  func(a *asm)
	}{
		{"no such opcode", isa.BadOpcode, 0, func(a *asm) { a.words = append(a.words, 0xEE) }},
		{"too few operands", isa.BadOpcode, 0, func(a *asm) { a.op(isa.RECT, 1, 2, 3) }},
		{"too many operands", isa.BadOpcode, 0, func(a *asm) { a.op(isa.PLOT, 1, 2, 3, 4) }},
		{"255 operands", isa.BadOpcode, 0, func(a *asm) { a.words = append(a.words, 0xFF00|uint32(isa.RECT)) }},
		{"mask on a destination", isa.BadOpcode, 0, func(a *asm) { a.op(isa.SET, v(8), 1) }},
		{"mask beyond the operands", isa.BadOpcode, 0, func(a *asm) { a.words = append(a.words, isa.InstrHeader(isa.NOP, 0, 1)) }},
		{"A is not 0", isa.BadOpcode, 0, func(a *asm) { a.words = append(a.words, isa.Word(uint8(isa.NOP), 0, 0, 9)) }},
		{"cut off", isa.BadOpcode, 0, func(a *asm) { a.words = append(a.words, isa.InstrHeader(isa.JMP, 1, 0)) }},
		{"text cut off", isa.BadOpcode, 0, func(a *asm) { a.op(isa.TXT, 1, 1, "x"); a.words[3] = 2 }},
		{"text without count", isa.BadOpcode, 0, func(a *asm) { a.words = append(a.words, isa.InstrHeader(isa.LOG, 0, 0)) }},
		{"text of 2³² characters", isa.BadOpcode, 0, func(a *asm) { a.op(isa.LOG, "xx"); a.words[1] = 0xFFFFFFFF }},
		{"PUT in the core", isa.BadOpcode, 0, func(a *asm) { a.op(isa.PUT, 1) }},
		{"division", isa.DivByZero, 0, func(a *asm) { a.op(isa.DIV, 8, -5, v(isa.SysZero)) }},
		{"remainder", isa.DivByZero, 0, func(a *asm) { a.op(isa.MOD, 8, 5, 0) }},
		{"variable", isa.AddressOutOfRange, 0, func(a *asm) { a.op(isa.ADD, 8, 1, v(64)) }},
		{"destination", isa.AddressOutOfRange, 0, func(a *asm) { a.op(isa.ADD, 64, v(99), 1) }},
		{"fifth operand", isa.AddressOutOfRange, 0, func(a *asm) { a.op(isa.RECT, 1, 1, 1, 1, v(1<<20)) }},
		{"operand of a text", isa.AddressOutOfRange, 0, func(a *asm) { a.op(isa.TXT, 1, v(64), "x") }},
		{"value in a text", isa.AddressOutOfRange, 0, func(a *asm) { a.op(isa.LOG, "x", v(8), "y", v(64)) }},
		{"jump", isa.AddressOutOfRange, 0, func(a *asm) { a.op(isa.JMP, 7) }},
		{"jump far", isa.AddressOutOfRange, 0, func(a *asm) { a.op(isa.JNZ, 1, -1) }},
		{"call", isa.AddressOutOfRange, 0, func(a *asm) { a.op(isa.CALL, 1000) }},
		{"array below", isa.AddressOutOfRange, 0, func(a *asm) { a.op(isa.LD, 8, 10, 4, -1) }},
		{"array above", isa.AddressOutOfRange, 0, func(a *asm) { a.op(isa.ST, 10, 4, 4, 1) }},
		{"array beyond data", isa.AddressOutOfRange, 0, func(a *asm) { a.op(isa.LD, 8, 62, 4, 3) }},
		{"array at 2³²", isa.AddressOutOfRange, 0, func(a *asm) { a.op(isa.LD, 8, -1, -1, 5) }},
		{"table", isa.AddressOutOfRange, 0, func(a *asm) { a.op(isa.LDT, 8, 8, 100, 99) }},
		{"calls", isa.StackOverflow, 0, func(a *asm) { a.op(isa.CALL, isa.HeaderWords) }},
		{"return", isa.StackUnderflow, 0, func(a *asm) { a.op(isa.RET) }},
		{"loop", isa.CycleLimit, 1000, func(a *asm) { a.op(isa.JMP, isa.HeaderWords) }},
		{"budget of one", isa.CycleLimit, 1, func(a *asm) { a.op(isa.NOP); a.op(isa.NOP) }},
		{"assert", isa.AssertFailed, 0, func(a *asm) { a.op(isa.ASSERT, v(8)) }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			a := cells(t, 16, 8)
			c.build(a)
			r := same(t, a.program(), 2, c.budget)
			if r.Status != isa.Faulted || r.Fault.Code != c.fault {
				t.Errorf("%v, %+v, not %v", r.Status, r.Fault, c.fault)
			}
		})
	}
}

func TestWhatWasDrawnBeforeAFaultStands(t *testing.T) {
	bothCanvases(t, 16, 8, 2, func(a *asm) {
		a.op(isa.RECT, 1, 1, 3, 3, 0xFF)
		a.op(isa.TXT, 1, 1, "drawn")
		a.op(isa.DIV, 8, 1, 0)
		a.op(isa.CLS)
	})
}
