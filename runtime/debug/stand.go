package debug

import (
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

// stand is a core between two instructions of its program.
type stand struct {
	assembly *pxl.Assembly
	core     *machine.Core
}

// pc is the address of the next instruction.
func (s stand) pc() int { return int(s.core.Page(machine.StatePage)[isa.StPC]) }
