package flow_test

import (
	"fmt"
	"strings"
	"testing"

	"gvpie/runtime/flow"
	"gvpie/runtime/isa"
	"gvpie/runtime/pxl"
	"gvpie/runtime/pxl/pxltest"
)

// TestLiveNames: the names that are live before each statement, by its line.
func TestLiveNames(t *testing.T) {
	for _, c := range []struct{ name, source, want string }{
		{"read, then written", "LOG {x}\nSET x = 1\n", "1 x, 2"},
		{"written, then read", "SET x = 1\nLOG {x}\nSET x = 2\n", "1, 2 x, 3"},
		{"read by what writes it", "SET x = x + 1\nLOG {x}\n", "1 x, 2 x"},
		{"on one of two ways", "IF y\nSET x = 1\nEND\nLOG {x}\nSET y = 1\n", "1 x y, 2, 4 x, 5"},
		{"written on every way between", "IF y\nNOP\nEND\nSET x = 1\nIF y\nNOP\nEND\nLOG {x}\nSET y = 1\n", "1 y, 2 y, 4 y, 5 x y, 6 x, 8 x, 9"},
		{"written, then read, behind a branch", "IF y\nNOP\nEND\nSET x = 1\nLOG {x}\nSET y = 1\n", "1 y, 2, 4, 5 x, 6"},
		{"around a loop", "SET x = 1\nloop:\nLOG {x}\nSET x = 2\nFRAME\nJMP loop\n", "1, 3 x, 4, 5 x, 6 x"},
		{"in a text", "SET x = 1\nSET y = 1\nTXT 0 0 a{x}b\n", "1, 2 x, 3 x"},
		{"captured by EACH", "SET x = 1\nEACH\nSET x = x + 1\nPUT x\nEND\n", "1, 2 x, 3, 4"},
		{"only the block's own copy is set", "SET x = 1\nEACH\nSET x = 1\nPUT 1\nEND\nLOG {x}\n", "1, 2 x, 3, 4, 6 x"},
		{"after what a call does", "SET x = 1\nSET y = 1\nCALL a\nLOG {x}\nHALT\na:\nLOG {y}\nRET\n", "1, 2 x, 3 x y, 4 x, 5, 7 x y, 8 x"},
		{"back from two calls", "SET x = 1\nCALL a\nLOG {x}\nCALL a\nHALT\na:\nRET\n", "1, 2 x, 3 x, 4 x, 5, 7 x"},
		{"before an end", "SET x = 1\nHALT\nLOG {x}\n", "1, 2, 3"},
		{"as an index", ".array a 2\nSET x = 1\nSET a[x] = 2\n", "2, 3 x"},
	} {
		a := pxltest.Assemble(t, c.source)
		if got := liveNames(a); got != c.want {
			t.Errorf("%s: %q, not %q", c.name, got, c.want)
		}
	}
}

func liveNames(a *pxl.Assembly) string {
	l := flow.Analyze(a.Program, a.Header, isa.HeaderWords).Live()
	var lines []string
	seen := map[int]bool{}
	for in := range flow.Linear(a.Program, a.Header) {
		at, ok := a.Map.At(in.Addr)
		if !ok || seen[at.Pos.Line] {
			continue
		}
		seen[at.Pos.Line] = true
		text := fmt.Sprint(at.Pos.Line)
		live := l.At(uint32(in.Addr))
		for _, s := range a.Symbols {
			if s.Kind == pxl.VarSymbol && live(uint32(s.Addr)) {
				text += " " + s.Name
			}
		}
		lines = append(lines, text)
	}
	return strings.Join(lines, ", ")
}

// An array that the core or a block reads is live everywhere, one that is only
// written nowhere.
func TestLiveArrays(t *testing.T) {
	a := pxltest.Assemble(t, ".array a 2\n.array b 2\n.array c 2\nLOG {a[frame]}\nEACH\nPUT b[px & 1]\nEND\nSET c[frame] = 1\nHALT\n")
	g := flow.Analyze(a.Program, a.Header, isa.HeaderWords)
	l := g.Live()
	for _, b := range g.Core.Blocks {
		for _, in := range b.Instrs {
			live := l.At(uint32(in.Addr))
			for _, s := range a.Symbols {
				for i := range s.Len {
					if got := live(uint32(s.Addr + i)); s.Kind == pxl.ArraySymbol && got != (s.Name != "c") {
						t.Errorf("%s[%d] before %s: live %v", s.Name, i, in.Spec.Mnemonic, got)
					}
				}
			}
		}
	}
}

func TestNothingIsLiveWhereARunCannotCome(t *testing.T) {
	a := pxltest.Assemble(t, ".array a 2\nSET x = 1\nLOG {x} {a[x]}\n")
	l := flow.Analyze(a.Program, a.Header, isa.HeaderWords).Live()
	for _, addr := range []uint32{0, isa.HeaderWords + 1, uint32(a.Header.CodeEnd), 1 << 31} {
		for w := range uint32(a.Header.DataWords + 2) {
			if l.At(addr)(w) {
				t.Errorf("word %d is live at %d", w, addr)
			}
		}
	}
}
