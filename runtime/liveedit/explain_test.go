package liveedit

import (
	"context"
	"testing"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

func TestExplainSaysWhatWasTrue(t *testing.T) {
	for _, tt := range []struct{ source, want string }{
		{"SET z = 0\nSET q = 10 / z", "10 is divided by zero"},
		{"SET z = 0\nSET q = 7 % z", "the remainder of 7 by zero"},
		{".array a 4\nSET i = 4\nSET a[i] = 1", "index 4 is outside array a, which has 4 words (0 to 3)"},
		{".table t 1\nSET i = -1\nSET q = t[i]", "index -1 is outside table t, which has 1 word (0)"},
		{".sprite s 1 1\n1\n2\nSET i = 2\nSPR s[i] 0 0", "frame 2 of sprite s, which has 2 frames (0 to 1)"},
		{".sprite s\n1\nSET i = -1\nSPR s[i] 0 0", "frame -1 of sprite s, which has 1 frame (0)"},
		{"deep:\nCALL deep", "CALL inside CALL, 128 deep: the call stack is full"},
		{"RET", "RET without a CALL to go back to"},
		{"a:\nJMP a", "the frame was not over after 10 000 000 cycles: a loop needs a FRAME or a way out"},
		{"a:\nPLOT 1 1\nJMP a", "more than 65 536 draws and logs in one frame"},
		{"ASSERT 2 + 2 == 5", "this does not hold: ASSERT 2 + 2 == 5"},
		{"EACH 3 4 1 1\nPUT 5 / (px - 3)\nEND", "5 is divided by zero (at texel 3, 4)"},
		{"EACH 0 0 1 1\nWHILE 1\nEND\nEND", "the block was not done after 65 536 instructions (at texel 0, 0)"},
	} {
		a := pxl.Assemble("test.pxl", tt.source)
		if !a.OK() {
			t.Errorf("%q: %v", tt.source, a.Diagnostics)
			continue
		}
		m, err := machine.New(a.Program, isa.DefaultSeed)
		if err != nil {
			t.Fatal(err)
		}
		r, err := m.Frame(context.Background(), machine.Input{}, 0)
		if err != nil || r.Fault == nil {
			t.Errorf("%q ended %v, %v", tt.source, r.Status, err)
			continue
		}
		if got := Explain(r.Fault, a); got != tt.want {
			t.Errorf("%q\n got %s\nwant %s", tt.source, got, tt.want)
		}
	}
}

func TestExplainWithoutSource(t *testing.T) {
	f := &machine.Fault{Code: isa.AddressOutOfRange, PC: 8, A: 300, B: 256, X: -1, Y: -1}
	if got, want := Explain(f, nil), "address 300, where there are 256 words"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
