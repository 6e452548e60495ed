package pages

import (
	"testing"

	"gvpie/assets"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

func TestWordsAreNamed(t *testing.T) {
	a := pxl.Assemble("p.pxl", ".array trace 5\n.table light 3 4 5\nSET x = 7\nRECT x 2 3 4 red\nTXT 1 1 hi {x}\nx = light[1]\nHALT\n")
	if !a.OK() {
		t.Fatal(a.Diagnostics)
	}
	n := Of(a)
	addr := func(name string) int {
		for _, s := range a.Symbols {
			if s.Name == name {
				return s.Addr
			}
		}
		t.Fatalf("there is no %s", name)
		return 0
	}
	rect := 0
	for pc, p := range n.code {
		if p.pc == pc && p.name == "RECT" {
			rect = pc
		}
	}
	for _, tt := range []struct {
		page  machine.Page
		i     int
		v     uint32
		name  string
		short string
		value string
		pc    int
	}{
		{machine.DataPage, addr("trace") + 3, 0xFFFFFFFF, "trace[3]", "trace[3]", "-1", -1},
		{machine.DataPage, addr("x"), 7, "x", "x", "7", -1},
		{machine.DataPage, isa.SysMouseX, 5, "mx", "mx", "5", -1},
		{machine.DataPage, isa.SysZero, 0, "zero", "zero", "0", -1},
		{machine.DataPage, 60000, 1, "", "", "1", -1},
		{machine.ProgramPage, 0, 9, "header 0", "header 0", "0x9", -1},
		{machine.ProgramPage, rect, a.Program[rect], "RECT", "RECT", "", rect},
		{machine.ProgramPage, rect + 1, a.Program[rect+1], "RECT: x", "x", "x", rect},
		{machine.ProgramPage, rect + 2, a.Program[rect+2], "RECT: y", "y", "2", rect},
		{machine.ProgramPage, addr("light") + 2, 5, "light[2]", "light[2]", "5", -1},
		{machine.StatePage, isa.StStatus, 1, "status", "status", "framed", -1},
		{machine.StatePage, isa.StFaultPC, 33, "fault pc", "fault pc", "33", -1},
		{machine.StatePage, isa.StKeys + 2, 0x10, "keys[2]", "keys[2]", "0x00000010", -1},
		{machine.StatePage, isa.StStack + 1, 99, "stack[1]", "stack[1]", "99", -1},
	} {
		w := n.Word(tt.page, tt.i, tt.v)
		if tt.value == "" {
			tt.value = w.Value
		}
		if w != (Word{tt.name, tt.short, tt.value, tt.pc}) {
			t.Errorf("%v word %d: %+v", tt.page, tt.i, w)
		}
	}
}

// TestALineDrawsByOneInstruction: a colour for each writer is one for each line.
func TestALineDrawsByOneInstruction(t *testing.T) {
	lines := 0
	for _, e := range assets.Examples() {
		a := pxl.Assemble(e.Name, e.Source)
		by := map[int]int{}
		for pc := isa.HeaderWords; pc < a.Header.CodeEnd; {
			in, ok := isa.Decode(a.Program, pc, a.Header.CodeEnd)
			if !ok {
				t.Fatalf("%s: no instruction at %d", e.Name, pc)
			}
			switch op := in.Spec.Op; {
			case op == isa.COLOR, op == isa.CLIP, op == isa.CAMERA:
			case in.Spec.Group == isa.GroupDraw, op == isa.PUT:
				at, _ := a.Map.At(pc)
				if before, known := by[at.Pos.Line]; known {
					t.Errorf("%s: line %d draws at %d and at %d", e.Name, at.Pos.Line, before, pc)
				}
				by[at.Pos.Line] = pc
			}
			pc += in.Size
		}
		lines += len(by)
	}
	if lines < 100 {
		t.Errorf("only %d lines draw", lines)
	}
}
