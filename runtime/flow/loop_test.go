package flow_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"gvpie/runtime/flow"
	"gvpie/runtime/generate"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl/pxltest"
)

// everything is taken into loops that can be.
func everything(isa.Instr) bool { return true }

func loopsOf(t *testing.T, p isa.Program, takes func(isa.Instr) bool) []*flow.Loop {
	t.Helper()
	h, err := p.Header()
	if err != nil {
		t.Fatal(err)
	}
	return flow.Analyze(p, h, isa.HeaderWords).Loops(takes)
}

// TestLoopsAreFound: how many there are, with how many nodes, and how deep.
func TestLoopsAreFound(t *testing.T) {
	draws := func(in isa.Instr) bool { return in.Spec.Group != isa.GroupDraw }
	for _, c := range []struct {
		name, source string
		takes        func(isa.Instr) bool
		nodes, depth []int
	}{
		{"none", "x = 1\nIF x x = 2\nHALT\n", everything, nil, nil},
		{"of one instruction", "loop:\nJMP loop\n", everything, []int{1}, []int{0}},
		{"a WHILE", "WHILE x < 9\nx = x + 1\nEND\n", everything, []int{2}, []int{0}},
		{"one in another", "FOR i = 0 TO 9\nFOR j = 0 TO 9\nx = x + 1\nEND\nEND\n", everything, []int{5, 2}, []int{0, 0}},
		{"ended by FRAME", "loop:\nx = x + 1\nFRAME\nJMP loop\n", everything, nil, nil},
		{"that FRAME may leave", "loop:\nx = x + 1\nIF x & 1 FRAME\nJMP loop\n", everything, []int{2}, []int{0}},
		{"with what is not taken", "loop:\nCLS\nx = x + 1\nJMP loop\n", draws, nil, nil},
		{"that calls", "loop:\nCALL a\nCALL a\nJMP loop\na:\nCALL b\nRET\nb:\nx = x + 1\nRET\n", everything, []int{9}, []int{2}},
		{"of a procedure", "loop:\nx = f(x)\nJMP loop\nDEF f(a)\nRETURN a + 1\nEND\n", everything, []int{3}, []int{1}},
		{"of a procedure that calls itself", "loop:\nx = f(x)\nJMP loop\nDEF f(a)\nIF a RETURN f(a - 1)\nRETURN a + 1\nEND\n", everything, nil, nil},
		{"of calls without an end", "loop:\nCALL a\nJMP loop\na:\nCALL a\nRET\n", everything, nil, nil},
		{"that is entered in two places", "IF mx JMP in\nloop:\nx = x + 1\nin:\nx = x * 3\nJMP loop\n", everything, []int{1}, []int{0}},
		{"with two entries of one cycle", "loop:\nIF mx JMP b\na:\nx = x + 1\nIF x & 1 JMP out\nb:\nx = x * 3\nIF x & 2 JMP a\nout:\nJMP loop\n", everything, []int{4}, []int{0}},
	} {
		var nodes, depth []int
		for _, l := range loopsOf(t, pxltest.Assemble(t, c.source).Program, c.takes) {
			nodes, depth = append(nodes, len(l.Nodes)), append(depth, l.Depth)
		}
		if !slices.Equal(nodes, c.nodes) || !slices.Equal(depth, c.depth) {
			t.Errorf("%s: %v nodes, %v deep, not %v and %v", c.name, nodes, depth, c.nodes, c.depth)
		}
	}
}

// TestRunsFollowLoops: of random programs, each run that is at the head of a loop goes
// along its nodes until it leaves it, as deep in calls as they say, and is at a head or
// outside after no more instructions than they say.
func TestRunsFollowLoops(t *testing.T) {
	n, seen, called := int64(900), 0, 0
	if testing.Short() {
		n = 300
	}
	runs(t, n, func(r *rand.Rand, p isa.Program, g generate.Program) {
		loops := loopsOf(t, p, everything)
		m, err := machine.New(p, 1)
		if err != nil {
			t.Fatal(err)
		}
		m.Begin(machine.Input{}, 400)
		var l *flow.Loop
		node, at, budget := 0, 0, uint32(0)
		for cycle := uint32(0); ; cycle++ {
			stands, err := m.RunTo(t.Context(), cycle)
			if err != nil {
				t.Fatal(err)
			}
			state := m.Page(machine.StatePage)
			pc, sp := state[isa.StPC], state[isa.StSP]
			if !stands {
				return
			}
			if l != nil && at == len(l.Nodes[node].Instrs) {
				from := l.Nodes[node]
				k := slices.IndexFunc(from.Next, func(e flow.Edge) bool { return e.Addr == pc })
				if k < 0 {
					t.Errorf("behind %d it goes to %d; the loop at %d knows %v", from.Instrs[at-1].Addr, pc, l.Head, from.Next)
					return
				}
				if node, at = from.Next[k].Node, 0; node < 0 {
					l = nil
				} else if l.Nodes[node].Head {
					budget = l.Nodes[node].Steps
				}
				if from.Next[k].Depth > 0 {
					called++
				}
			}
			if l == nil {
				i := slices.IndexFunc(loops, func(l *flow.Loop) bool { return l.Head == pc })
				if i < 0 {
					continue
				}
				l, node, at = loops[i], 0, 0
				budget, seen = l.Nodes[0].Steps, seen+1
			}
			if in := l.Nodes[node].Instrs[at]; uint32(in.Addr) != pc || budget == 0 {
				t.Errorf("at %d it is, of the loop at %d, at %d, with %d instructions left; %d calls", pc, l.Head, in.Addr, budget, sp)
				return
			}
			at, budget = at+1, budget-1
		}
	})
	if seen < 100 || called < 20 {
		t.Errorf("only %d loops were run, and in %d calls", seen, called)
	}
}
