package machine

import (
	"testing"

	"gvpie/runtime/isa"
)

// TestBranchOutOfABlock: the texels that jump where there is no code fail, the
// others of their wave go on behind the jump.
func TestBranchOutOfABlock(t *testing.T) {
	a := newAsm(4, 1, true, 0)
	a.each(0, 0, 4, 1, nil, func() {
		a.op(isa.EQ, laneOut(2), laneRef(0), 2).op(isa.JNZ, laneRef(2), 7).op(isa.PUT, 0xFF0000)
	})
	m := load(t, a.program())
	r := frame(t, m)
	if r.Fault == nil || r.Fault.Code != isa.AddressOutOfRange || r.Fault.X != 2 {
		t.Errorf("the run ends with %+v", r.Fault)
	}
	if got := picture(m); got != "##.#" {
		t.Errorf("it drew %s", got)
	}
}
