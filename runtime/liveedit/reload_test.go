package liveedit

import (
	"context"
	"strings"
	"testing"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/pxl/pxltest"
)

// ran is the machine of a program after so many frames.
func ran(t testing.TB, a *pxl.Assembly, frames int) *machine.Snapshot {
	t.Helper()
	m, err := machine.New(a.Program, 5)
	if err != nil {
		t.Fatal(err)
	}
	for range frames {
		if _, err := m.Frame(context.Background(), machine.Input{}, 0); err != nil {
			t.Fatal(err)
		}
	}
	return m.Snapshot()
}

// value reads a variable of a snapshot.
func value(t testing.TB, a *pxl.Assembly, s *machine.Snapshot, name string) int32 {
	t.Helper()
	for _, sym := range a.Symbols {
		if sym.Name == name {
			return int32(s.Data[sym.Addr])
		}
	}
	t.Fatalf("no name %s", name)
	return 0
}

// logAfter runs one frame of a snapshot and gives what it logs.
func logAfter(t testing.TB, s *machine.Snapshot) string {
	t.Helper()
	m, err := machine.FromSnapshot(s)
	if err != nil {
		t.Fatal(err)
	}
	r, err := m.Frame(context.Background(), machine.Input{}, 0)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, l := range r.Log {
		lines = append(lines, l.Text)
	}
	return strings.Join(lines, "\n")
}

const counter = `
.canvas 16 4
SET speed = 2
SET x = 0
loop:
  SET x = x + speed
  TXT 0 0 x {x}
  LOG {x}
  FRAME
  JMP loop
`

func TestEditInsideTheLoopGoesOn(t *testing.T) {
	a := pxltest.Assemble(t, counter)
	snap := ran(t, a, 5)
	b := pxltest.Assemble(t, strings.Replace(counter, "TXT 0 0 x {x}", "SET before = 1\n  TXT 0 0 now {x}\n  RECT 0 0 2 2 red", 1))
	s, resumed := Reload(a, snap, b)
	if !resumed {
		t.Fatal("it started over")
	}
	if got := logAfter(t, s); got != "12" {
		t.Errorf("the next frame logs %q, not 12", got)
	}
	if s.State[isa.StFrame] != 5 {
		t.Errorf("the frame counter is %d", s.State[isa.StFrame])
	}
}

func TestEditBeforeTheLoopStartsOverWithTheValues(t *testing.T) {
	a := pxltest.Assemble(t, counter)
	snap := ran(t, a, 5)
	b := pxltest.Assemble(t, strings.Replace(counter, "SET x = 0", "SET other = 0", 1))
	s, resumed := Reload(a, snap, b)
	if resumed {
		t.Fatal("it went on")
	}
	if got := logAfter(t, s); got != "12" {
		t.Errorf("x was not kept: the next frame logs %q", got)
	}
	if s.State[isa.StFrame] != 5 || s.Data[isa.SysFrame] != 5 {
		t.Errorf("the frame counter is %d", s.State[isa.StFrame])
	}
	if s.Display[0]&0xFF != 'x' {
		t.Error("the picture is gone")
	}
}

func TestEditOfAnInitialValueTakesEffect(t *testing.T) {
	a := pxltest.Assemble(t, counter)
	b := pxltest.Assemble(t, strings.Replace(counter, "speed = 2", "speed = 3", 1))
	s, resumed := Reload(a, ran(t, a, 5), b)
	if resumed || logAfter(t, s) != "3" {
		t.Error("the new speed was not taken")
	}
}

func TestANewNameBeforeOthersMovesThem(t *testing.T) {
	a := pxltest.Assemble(t, ".array a 3\nSET x = 0\nloop:\nSET x = x + 1\nSET a[1] = x * 10\nLOG {x} {a[1]}\nFRAME\nJMP loop\n")
	b := pxltest.Assemble(t, ".array z 9\n.array a 5\nSET x = 0\nloop:\nSET y = 7\nSET x = x + 1\nLOG {x} {a[1]} {y}\nFRAME\nJMP loop\n")
	s, resumed := Reload(a, ran(t, a, 3), b)
	if got := logAfter(t, s); !resumed || got != "4 30 7" {
		t.Errorf("resumed %v, logs %q", resumed, got)
	}
}

func TestAFrameInsideForKeepsTheLoopsLimit(t *testing.T) {
	src := "SET n = 3\nSET n = n * 2\nFOR i = 1 TO n\nLOG {i}\nFRAME\nEND\nLOG done\n"
	a := pxltest.Assemble(t, src)
	b := pxltest.Assemble(t, strings.Replace(src, "LOG {i}", "SET q = n + i * 2\nLOG at {i}", 1))
	s, resumed := Reload(a, ran(t, a, 5), b)
	if got := logAfter(t, s); !resumed || got != "at 6" {
		t.Errorf("resumed %v, logs %q", resumed, got)
	}
}

func TestReturnAddressesAreMapped(t *testing.T) {
	src := "CALL wait\nSET x = 1\nLOG back {x}\nHALT\nwait:\nFRAME\nRET\n"
	a := pxltest.Assemble(t, src)
	// The call is before the FRAME without a loop, so what follows the FRAME may change.
	b := pxltest.Assemble(t, strings.Replace(src, "FRAME\nRET", "FRAME\nSET y = 2\nLOG {y}\nRET", 1))
	s, resumed := Reload(a, ran(t, a, 1), b)
	if got := logAfter(t, s); !resumed || got != "2\nback 1" {
		t.Errorf("resumed %v, logs %q", resumed, got)
	}
}

func TestAProgramThatEndedStartsFresh(t *testing.T) {
	a := pxltest.Assemble(t, "SET x = x + 1\nTXT 0 0 a\nLOG {x}\n")
	b := pxltest.Assemble(t, "SET x = x + 1\nLOG {x} {frame}\n")
	s, resumed := Reload(a, ran(t, a, 2), b)
	if got := logAfter(t, s); resumed || got != "1 0" || s.Display[0] != 0 {
		t.Errorf("resumed %v, logs %q", resumed, got)
	}
	if s.State[isa.StSeed] != 5 {
		t.Errorf("the seed is %d", s.State[isa.StSeed])
	}
}

func TestAnotherCanvasStartsOverClear(t *testing.T) {
	a := pxltest.Assemble(t, counter)
	b := pxltest.Assemble(t, strings.Replace(counter, "16 4", "20 4", 1))
	s, resumed := Reload(a, ran(t, a, 2), b)
	if resumed || len(s.Display) != 80 || s.Display[0] != 0 || s.Data[isa.SysW] != 20 {
		t.Errorf("resumed %v, %d texels", resumed, len(s.Display))
	}
	if value(t, b, s, "speed") != 2 {
		t.Error("speed was not kept")
	}
}

func TestErrorsGiveNoMachine(t *testing.T) {
	a := pxltest.Assemble(t, counter)
	if s, _ := Reload(a, ran(t, a, 1), pxl.Assemble("", "TXTT 1\n")); s != nil {
		t.Error("a machine for a program with errors")
	}
}

func TestWritersFollowTheirInstructions(t *testing.T) {
	a := pxltest.Assemble(t, counter)
	b := pxltest.Assemble(t, strings.Replace(counter, "SET x = x + speed", "SET x = x + speed * 3", 1))
	s, _ := Reload(a, ran(t, a, 2), b)
	by, ok := b.Map.At(int(s.Writer[0]))
	if !ok || by.Pos.Line != 7 {
		t.Errorf("the text at 0,0 was written by line %d of the edited program, not 7", by.Pos.Line)
	}
}

// Of instructions that are all alike, those before an edit are the first ones.
func TestWritersOfRepeatedStatements(t *testing.T) {
	const source = "RECT 0 0 4 4 red\nRECT 0 0 4 4 red\nloop:\nFRAME\nJMP loop\n"
	a, b := pxltest.Assemble(t, source), pxltest.Assemble(t, "RECT 0 0 4 4 red\n"+source)
	s, _ := Reload(a, ran(t, a, 1), b)
	if by, ok := b.Map.At(int(s.Writer[0])); !ok || by.Pos.Line != 2 {
		t.Errorf("written by line %d, not 2", by.Pos.Line)
	}
}

// TestReloadBetweenAnyTwoPrograms: whatever the two are, the result can run.
func TestReloadBetweenAnyTwoPrograms(t *testing.T) {
	programs := []string{
		counter, "", "HALT\n", "loop:\nFRAME\nJMP loop\n", "RET\n",
		".canvas 3 3 pixel\nEACH\n PUT px\nEND\nFRAME\nEACH\nPUT py\nEND\n",
		"CALL a\na:\nFRAME\nCALL b\nRET\nb:\nFRAME\nRET\n", "CALL b\nFRAME\nb:\nCALL a\nRET\na:\nFRAME\nRET\n",
		"FOR i = 0 TO 9\nFOR j = i TO i + 3\nFRAME\nEND\nEND\n", ".array a 8\nFOR i = 0 TO 9\nSET a[i] = 1\nFRAME\nEND\n",
		".table t 1 2\nWHILE t[0]\nFRAME\nEND\n", ".table t 0 2\nWHILE t[0]\nFRAME\nEND\nFRAME\n",
	}
	for _, p := range programs {
		a := pxltest.Assemble(t, p)
		for frames := range 4 {
			snap := ran(t, a, frames)
			for _, q := range programs {
				b := pxltest.Assemble(t, q)
				s, resumed := Reload(a, snap, b)
				m, err := machine.FromSnapshot(s)
				if err != nil {
					t.Fatalf("%v\nfrom\n%s\nto\n%s", err, p, q)
				}
				if _, err := m.Frame(context.Background(), machine.Input{}, 1000); err != nil {
					t.Fatal(err)
				}
				if p == q && isa.Status(snap.State[isa.StStatus]) == isa.Framed && !resumed {
					t.Errorf("the same program after %d frames did not go on:\n%s", frames, p)
				}
			}
		}
	}
}
