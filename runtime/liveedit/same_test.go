package liveedit

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"gvpie/runtime/generate"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/pxl/include"
	"gvpie/runtime/pxl/syntax"
)

// TestAnEditThatChangesNothingIsNotSeen: a machine that goes on in a program
// with a statement more, or one fewer, that does nothing, shows and logs what it
// would have without the edit. Random programs, at random frames.
func TestAnEditThatChangesNothingIsNotSeen(t *testing.T) {
	resumed, again := 0, 0
	for seed := range int64(600) {
		r := rand.New(rand.NewPCG(uint64(seed), 4))
		source := generate.New(seed, true).Source
		edited := nothingMore(r, source)
		from, to := source, edited
		switch r.IntN(3) {
		case 0:
			from, to = edited, source
		case 1:
			to = source
		}
		a, b := pxl.AssembleBundle("", from), pxl.AssembleBundle("", to)
		if !a.OK() || !b.OK() {
			t.Fatalf("seed %d: %v %v", seed, a.Diagnostics, b.Diagnostics)
		}
		snap := ranWithin(t, a, 1+r.IntN(4))
		if isa.Status(snap.State[isa.StStatus]) != isa.Framed {
			continue
		}
		s, ok := Reload(a, snap, b)
		switch {
		case ok:
			resumed++
		case from == to:
			t.Fatalf("seed %d: the same program did not go on:\n%s", seed, source)
		default:
			again++
			continue
		}
		was, is := goesOn(t, a, snap), goesOn(t, b, s)
		if was != is && !strings.Contains(was+is, isa.CycleLimit.String()) {
			t.Fatalf("seed %d:\n%s\nand without the edit\n%s\nfrom\n%s\nto\n%s", seed, is, was, from, to)
		}
	}
	t.Log(resumed, again)
	if resumed < 150 || again < 20 {
		t.Errorf("only %d machines went on, %d started over", resumed, again)
	}
}

// nothingMore puts a statement that does nothing before one of a program's.
func nothingMore(r *rand.Rand, source string) string {
	program, _ := include.Unbundle(source)
	files := source[len(program):]
	lines := strings.SplitAfter(program, "\n")
	first := 0
	for i, l := range lines {
		goesOn := i > 0 && strings.HasSuffix(lines[i-1], ",\n") // a directive's list
		if strings.HasPrefix(l, ".") || syntax.IsRow(strings.TrimSpace(l)) || goesOn {
			first = i + 1
		}
	}
	at := first + r.IntN(len(lines)-first)
	more := []string{"NOP\n", "SET unused = 1\n", "SET unused = unused + (u << 2)\n", "\n"}[r.IntN(4)]
	return strings.Join(lines[:at], "") + more + strings.Join(lines[at:], "") + files
}

// ranWithin is a machine after so many frames, none of them long.
func ranWithin(t *testing.T, a *pxl.Assembly, frames int) *machine.Snapshot {
	t.Helper()
	m, err := machine.New(a.Program, 5)
	if err != nil {
		t.Fatal(err)
	}
	for range frames {
		if _, err := m.Frame(context.Background(), machine.Input{}, generate.Budget); err != nil {
			t.Fatal(err)
		}
	}
	return m.Snapshot()
}

// goesOn runs a few frames more and tells what they show, log and leave in names.
func goesOn(t *testing.T, a *pxl.Assembly, s *machine.Snapshot) string {
	t.Helper()
	m, err := machine.FromSnapshot(s)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for range 4 {
		r, err := m.Frame(context.Background(), machine.Input{}, generate.Budget)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%v frame %d, %d commands, display %x\n", r.Status, r.Frame, r.Commands, m.Page(machine.DisplayPage))
		for _, l := range r.Log {
			fmt.Fprintln(&b, l.Text)
		}
		if r.Fault != nil {
			fmt.Fprintln(&b, r.Fault.Code, r.Fault.X, r.Fault.Y)
		}
	}
	for _, sym := range a.Symbols {
		if (sym.Kind == pxl.VarSymbol || sym.Kind == pxl.ArraySymbol) && sym.Name != "unused" {
			fmt.Fprintln(&b, sym.Name, m.Page(machine.DataPage)[sym.Addr:sym.Addr+sym.Len])
		}
	}
	return b.String()
}
