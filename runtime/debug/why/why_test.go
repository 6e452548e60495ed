package why

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"gvpie/runtime/generate"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/pxl/pxltest"
)

func asker(t testing.TB, a *pxl.Assembly, inputs func(int) machine.Input, budget uint32) *Asker {
	t.Helper()
	past, err := NewRerun(a.Program, 1, func(frame int) (machine.Input, uint32) { return inputs(frame), budget })
	if err != nil {
		t.Fatal(err)
	}
	k := New(a, past)
	k.index.size = 2 // so that a few frames are several spans
	return k
}

func idle(int) machine.Input { return machine.Input{} }

func ask1(t testing.TB, source string) *Asker {
	t.Helper()
	return asker(t, pxltest.Assemble(t, source), idle, 0)
}

// tell is a value and where it came from, to a depth, for comparing.
func tell(t testing.TB, a *Asker, v Value, depth int) string {
	t.Helper()
	line := fmt.Sprintf("%s %s = %d", v.Kind, v.Name, v.Value)
	o, ok, err := a.Why(context.Background(), v)
	if err != nil {
		t.Fatal(err)
	}
	if !ok || depth == 0 {
		return line
	}
	switch {
	case o.Start:
		return line + " from the start"
	case o.Patch:
		return fmt.Sprintf("%s by hand <%d:%d>", line, o.At.Frame, o.At.Cycle)
	}
	var from []string
	for _, in := range o.Inputs {
		from = append(from, tell(t, a, in, depth-1))
	}
	return fmt.Sprintf("%s <%d:%d> %d %s {%s}", line, o.At.Frame, o.At.Cycle, o.Line, o.Statement, strings.Join(from, "; "))
}

// top is the last touch of a texel, with its operands followed.
func top(t testing.TB, a *Asker, frame, x, y, depth int) string {
	t.Helper()
	d, err := a.Who(context.Background(), frame, x, y)
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Touches) == 0 {
		return "nothing"
	}
	last := d.Touches[len(d.Touches)-1]
	out := []string{fmt.Sprintf("<%d:%d> %d %s", last.At.Frame, last.At.Cycle, last.Line, last.Statement)}
	for _, o := range last.Operands {
		if len(o.Inputs) == 0 {
			continue
		}
		var from []string
		for _, in := range o.Inputs {
			from = append(from, tell(t, a, in, depth))
		}
		out = append(out, fmt.Sprintf("%s %d: %s", o.Name, o.Value, strings.Join(from, "; ")))
	}
	return strings.Join(out, "\n")
}

// What was drawn is followed to where it came from.
func TestWhyEndsAtTheBeginning(t *testing.T) {
	for _, c := range []struct {
		name, source string
		frame, x, y  int
		depth        int
		want         string
	}{
		{"through statements", "a = 2\nb = a + 3\nc = b * a - 1\nRECT 0 0 c 4 red", 0, 1, 1, 9, `
<0:4> 4 RECT 0 0 c 4 red
w 9: variable c = 9 <0:3> 3 c = b * a - 1 {variable b = 5 <0:1> 2 b = a + 3 {variable a = 2 <0:0> 1 a = 2 {}}; variable a = 2 <0:0> 1 a = 2 {}}`},
		{"through frames", "loop:\nx += 2\nCLS\nPLOT x 0 red\nFRAME\nJMP loop", 2, 6, 0, 9, `
<2:3> 4 PLOT x 0 red
x 6: variable x = 6 <2:1> 2 x += 2 {variable x = 4 <1:1> 2 x += 2 {variable x = 2 <0:0> 2 x += 2 {variable x = 0 from the start}}}`},
		{"through frames that leave it", "x = 5\nloop:\nCLS\nPLOT x frame red\nFRAME\nJMP loop", 30, 5, 30, 9, `
<30:2> 4 PLOT x frame red
x 5: variable x = 5 <0:0> 1 x = 5 {}
y 30: frame frame = 30`},
		{"to a texel of a frame before", "PLOT 3 3 red\nloop:\nFRAME\nJMP loop", 20, 3, 3, 9, "\n<0:0> 1 PLOT 3 3 red"},
		{"to nothing", "FRAME\nFRAME", 1, 3, 3, 9, "\nnothing"},
		{"to an element", ".array a 4\nFOR i = 0 TO 3\na[i] = i * 10\nEND\nPLOT a[1 + 1] 0 red", 0, 20, 0, 1, `
<0:23> 5 PLOT a[1 + 1] 0 red
x 20: variable a[2] = 20 <0:13> 3 a[i] = i * 10 {variable i = 2}`},
		{"to an element of two indices", ".array a 4 4\na[2, 1] = 7\nPLOT a[2, 1] 0 red", 0, 7, 0, 1, `
<0:2> 3 PLOT a[2, 1] 0 red
x 7: variable a[2, 1] = 7 <0:0> 2 a[2, 1] = 7 {}`},
		{"to a table", ".table t 5 6 7\nPLOT t[1] 0 red", 0, 6, 0, 1, "\n<0:1> 2 PLOT t[1] 0 red\nx 6: table t[1] = 6"},
		{"to input and chance", "x = mx + key('A') * 8 + rnd(1)\nPLOT x 0 red", 0, 0, 0, 2, `
<0:5> 2 PLOT x 0 red
x 0: variable x = 0 <0:4> 1 x = mx + key('A') * 8 + rnd(1) {mouse mx = 0; key key('A') = 0; random rnd(1) = 0}`},
		{"through a procedure", "DEF half(n)\nRETURN n / 2\nEND\na = 9\nPLOT half(a + 1) 0 red", 0, 5, 0, 9, `
<0:6> 5 PLOT half(a + 1) 0 red
x 5: variable half() = 5 <0:5> 2 RETURN n / 2 {variable half.n = 10 <0:3> 5 PLOT half(a + 1) 0 red {variable a = 9 <0:1> 4 a = 9 {}}}`},
		{"past calls of itself", "DEF f(n)\nIF n > 1\nk = f(n - 1)\nPLOT n 0 red\nEND\nRETURN n\nEND\nk = f(3)", 0, 3, 0, 1, `
<0:17> 4 PLOT n 0 red
x 3: variable f.n = 3 <0:1> 8 k = f(3) {}`},
		{"in words that procedures share", "DEF f(x)\nPLOT (x + 1) 0 red\nEND\nDEF g(far)\nLOCAL best\nbest = far\nPLOT best 1 red\nEND\ng 7\nf 2", 0, 3, 0, 9, `
<0:8> 2 PLOT (x + 1) 0 red
x 3: variable f.x = 2 <0:6> 10 f 2 {}`},
		{"to the ink", "COLOR 0xFF0000\nTXT 0 0 A", 0, 0, 0, 1, "\n<0:1> 2 TXT 0 0 A\ncolor -65536: setting ink = -65536 <0:0> 1 COLOR 0xFF0000 {}"},
		{"to a value in a text", "n = 7\nTXT 0 0 n{n}", 0, 1, 0, 1, "\n<0:1> 2 TXT 0 0 n{n}\ntext 7: variable n = 7 <0:0> 1 n = 7 {}\ncolor 0: setting ink = 0 from the start"},
		{"to an element that an earlier frame gave", ".array g 4 4\nloop:\nIF frame == 3 g[1, 2] = 5\nCLS\nPLOT g[1, 2] 0 red\nFRAME\nJMP loop", 30, 5, 0, 1, `
<30:5> 5 PLOT g[1, 2] 0 red
x 5: variable g[1, 2] = 5 <3:3> 3 g[1, 2] = 5 {}`},
		{"to the call that goes on", "DEF run(n)\nloop:\nPLOT n 0 red\nFRAME\nJMP loop\nEND\nrun(4)", 30, 4, 0, 1, `
<30:1> 3 PLOT n 0 red
x 4: variable run.n = 4 <0:1> 7 run(4) {}`},
		{"past calls that went through frames", "DEF f(n)\nIF n > 0 f(n - 1)\nFRAME\nPLOT n 3 red\nRETURN 0\nEND\nf(2)", 2, 1, 3, 2, `
<2:0> 4 PLOT n 3 red
x 1: variable f.n = 1 <0:5> 2 f(n - 1) {variable f.n = 2 <0:1> 7 f(2) {}}`},
		{"through peek", ".canvas 8 8 pixel\nPLOT 1 1 0x0A0B0C\nFRAME\nc = peek(1, 1)\nPLOT 2 2 c", 1, 2, 2, 3, `
<1:1> 5 PLOT 2 2 c
color 658188: variable c = 658188 <1:0> 4 c = peek(1, 1) {texel peek(1, 1) = 658188 <0:0> 2 PLOT 1 1 0x0A0B0C {}}`},
		{"through BLIT", ".canvas 8 8\nx = 1\nRECT x 1 2 2 red\nFRAME\nBLIT 0 0 4 4 4 4", 1, 5, 5, 3, `
<1:0> 5 BLIT 0 0 4 4 4 4
from -4915200: texel texel 1, 1 = -4915200 <0:1> 3 RECT x 1 2 2 red {variable x = 1 <0:0> 2 x = 1 {}}`},
		{"into a block", ".canvas 8 8\nk = 3\nEACH\nv = px * k\nIF v > 9\nv = 9\nEND\nPUT v + 1\nEND", 0, 5, 2, 9, `
<0:1> 8 PUT v + 1
color 10: own copy v = 9 <0:1> 6 v = 9 {}`},
		{"out of a block", ".canvas 8 8\nk = 3\nEACH\nv = px * k\nPUT v + 1\nEND", 0, 5, 2, 9, `
<0:1> 5 PUT v + 1
color 16: own copy v = 15 <0:1> 4 v = px * k {px px = 5; variable k = 3 <0:0> 2 k = 3 {}}`},
	} {
		if got := "\n" + top(t, ask1(t, c.source), c.frame, c.x, c.y, c.depth); got != strings.TrimRight(c.want, "\n") {
			t.Errorf("%s: %s\nwant %s", c.name, got, c.want)
		}
	}
}

// A text on a rectangle is seen beside it; what lies under both is covered.
func TestWhatIsCovered(t *testing.T) {
	a := ask1(t, "CLS red\nRECT 0 0 9 9 blue\nTXT 0 0 A\nPLOT 0 0 green\nTXT 0 0 B")
	d, err := a.Who(context.Background(), 0, 0, 0)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, touch := range d.Touches {
		got = append(got, fmt.Sprintf("%s %08X %v", touch.Op, touch.Texel, touch.Covered))
	}
	want := "CLS FFB50000 true, RECT FF060000 true, TXT FF060041 true, PLOT FF1F0041 false, TXT FF1F0042 false"
	if got := strings.Join(got, ", "); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	// Of a cell without a glyph the paper is seen alone.
	if d, err = ask1(t, "CLS red\nRECT 0 0 9 9 blue").Who(context.Background(), 0, 0, 0); err != nil || !d.Touches[0].Covered {
		t.Errorf("%+v, %v", d, err)
	}
}

// A block is told as the texel ran it, and no statement that it did not come to.
func TestABlockIsToldAsTheTexelRanIt(t *testing.T) {
	a := ask1(t, ".canvas 8 8\nEACH\nv = 0\nFOR i = 1 TO px\nv += i\nEND\nIF v > 3\nPUT v\nELSE\nPUT red\nEND\nEND")
	for x, want := range []string{
		"3 v=0, 4 i=1 jumps, 7 jumps, 10",
		"3 v=0, 4 i=1, 5 v=1, 6 i=2, 4 jumps, 7 jumps, 10",
		"3 v=0, 4 i=1, 5 v=1, 6 i=2, 4, 5 v=3, 6 i=3, 4 jumps, 7 jumps, 10",
		"3 v=0, 4 i=1, 5 v=1, 6 i=2, 4, 5 v=3, 6 i=3, 4, 5 v=6, 6 i=4, 4 jumps, 7, 8",
	} {
		d, err := a.Who(context.Background(), 0, x, 1)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range d.Touches[0].Block.Steps {
			line := fmt.Sprint(s.Line)
			if s.Set {
				line += fmt.Sprintf(" %s=%d", s.Name, s.Value)
			}
			if s.Jumps {
				line += " jumps"
			}
			got = append(got, line)
		}
		if got := strings.Join(got, ", "); got != want {
			t.Errorf("texel %d: %s\nwant %s", x, got, want)
		}
	}
}

// What a texel did not run of a block stands in its place, once.
func TestAWholeBlockHasWhatATexelDidNotRun(t *testing.T) {
	ctx := context.Background()
	a := ask1(t, ".canvas 8 8\nEACH\nv = 0\nFOR i = 1 TO px\nv += i\nEND\nIF v > 3\nPUT v\nELSE\nPUT red\nEND\nEND")
	for x, want := range map[int]string{
		0: "3, 4 px=0 i=1, (5), (6), 7 v=0, (8), 10",
		2: "3, 4 px=2 i=1, 5, 6, 4 i=2, 5, 6, 4 i=3, 7 v=3, (8), 10",
		3: "3, 4 px=3 i=1, 5, 6, 4 i=2, 5, 6, 4 i=3, 5, 6, 4 i=4, 7 v=6, 8, (10)",
	} {
		d, err := a.Who(ctx, 0, x, 1)
		if err != nil {
			t.Fatal(err)
		}
		b := d.Touches[0].Block
		var got []string
		for _, s := range b.Whole() {
			line := fmt.Sprint(s.Line)
			if s.Skipped {
				line = "(" + line + ")"
			}
			for _, r := range s.Reads {
				line += fmt.Sprintf(" %s=%d", r.Name, r.Value)
			}
			got = append(got, line)
		}
		if got := strings.Join(got, ", "); got != want {
			t.Errorf("texel %d: %s\nwant %s", x, got, want)
		}
		if x != 3 {
			continue
		}
		given, err := a.Inputs(ctx, b, b.Steps[2]) // v += i
		if err != nil || len(given) != 2 || given[0].Name != "v" || given[1].Name != "i" || given[1].Value != 1 {
			t.Errorf("v += i was given %+v, %v", given, err)
			continue
		}
		if o, ok, err := a.Why(ctx, given[1]); err != nil || !ok || o.Line != 4 {
			t.Errorf("i comes from line %d, %v, %v", o.Line, ok, err)
		}
	}
}

// Who drew every texel of random programs: the last touch is what the writer page says,
// and what the touches leave is what the display page has.
func TestWhoAgreesWithTheMachine(t *testing.T) {
	ctx := context.Background()
	for seed := range int64(150) {
		p := generate.New(seed, seed%2 == 0)
		as := p.Assemble()
		a := asker(t, as, p.Input, generate.Budget)
		m, err := machine.New(as.Program, 1)
		if err != nil {
			t.Fatal(err)
		}
		h := as.Header
		for f := range p.Frames {
			r, err := m.Frame(ctx, p.Input(f), generate.Budget)
			if err != nil {
				t.Fatal(err)
			}
			for at := 0; at < h.W*h.H; at += 1 + h.W*h.H/40 {
				d, err := a.Who(ctx, f, at%h.W, at/h.W)
				if err != nil {
					t.Fatal(err)
				}
				pc := 0
				if n := len(d.Touches); n > 0 {
					pc = d.Touches[n-1].PC
				}
				if want := m.Page(machine.WriterPage)[at]; uint32(pc) != want {
					t.Errorf("seed %d, frame %d, texel %d, %d: written by %d, want %d", seed, f, at%h.W, at/h.W, pc, want)
				}
				if want := m.Page(machine.DisplayPage)[at]; d.Texel != want {
					t.Errorf("seed %d, frame %d, texel %d, %d: %08X, want %08X", seed, f, at%h.W, at/h.W, d.Texel, want)
				}
			}
			if r.Status != isa.Framed {
				break
			}
		}
	}
}

// written is what a machine did to its words, found out by looking at all of them after
// every cycle.
type written struct {
	changed []Position // behind the last cycle that changed the word
	ever    []bool
}

// Where the variables of random programs came from: no later than they last changed,
// and with the value that they have.
func TestWhyAgreesWithTheMachine(t *testing.T) {
	ctx := context.Background()
	opened := 0
	for seed := range int64(60) {
		p := generate.New(seed, seed%3 == 0)
		as := p.Assemble()
		m, err := machine.New(as.Program, 1)
		if err != nil {
			t.Fatal(err)
		}
		data := slices.Clone(m.Page(machine.DataPage))
		w := written{make([]Position, len(data)), make([]bool, len(data))}
		at := Position{}
		for f := range p.Frames {
			m.Begin(p.Input(f), generate.Budget)
			copy(data, m.Page(machine.DataPage))
			for cycle, stands := uint32(1), true; stands; cycle++ {
				if stands, err = m.RunTo(ctx, cycle); err != nil {
					t.Fatal(err)
				}
				for i, v := range m.Page(machine.DataPage) {
					if v != data[i] {
						data[i], w.changed[i], w.ever[i] = v, Position{Frame: f, Cycle: cycle}, true
					}
				}
				at = Position{Frame: f, Cycle: m.Page(machine.StatePage)[isa.StCycles]}
			}
			if r, err := m.End(ctx); err != nil || r.Status != isa.Framed {
				break
			}
		}
		a := asker(t, as, p.Input, generate.Budget)
		for _, s := range as.Symbols {
			if s.Kind != pxl.VarSymbol || strings.Contains(s.Name, ".") {
				continue
			}
			v, err := a.Variable(ctx, s.Name, at)
			if err != nil {
				t.Fatalf("seed %d: %s: %v", seed, s.Name, err)
			}
			if want := int32(data[s.Addr]); v.Value != want {
				t.Fatalf("seed %d: %s is %d, want %d", seed, s.Name, v.Value, want)
			}
			o, _, err := a.Why(ctx, v)
			if err != nil {
				t.Fatal(err)
			}
			changed := w.changed[s.Addr]
			switch {
			case o.Start && w.ever[s.Addr]:
				t.Errorf("seed %d: %s is said to be as in the start, and changed at %v", seed, s.Name, changed)
			case !o.Start:
				opened++
				if o.At.Frame < changed.Frame || o.At.Frame == changed.Frame && o.At.Cycle+1 < changed.Cycle {
					t.Errorf("seed %d: %s came from %v, and changed at %v", seed, s.Name, o.At, changed)
				}
				was, err := a.Variable(ctx, s.Name, Position{Frame: o.At.Frame, Cycle: o.At.Cycle + 1})
				if err != nil || was.Value != v.Value {
					t.Errorf("seed %d: %s is %d, and %d behind %v: %v", seed, s.Name, v.Value, was.Value, o.At, err)
				}
			}
		}
	}
	if opened < 100 {
		t.Errorf("only %d values came from a statement", opened)
	}
}

// counting is a past that counts the frames that were asked for.
type counting struct {
	Past
	asked map[int]bool
}

func (c counting) Before(ctx context.Context, frame int) (*machine.Snapshot, error) {
	c.asked[frame] = true
	return c.Past.Before(ctx, frame)
}

// Of what no later frame can have written, only the keyframes are looked at.
func TestWhatWasDoneOnceIsFoundAtOnce(t *testing.T) {
	a := ask1(t, `.array a 4
DEF once()
  k = 7
  PLOT 9 9 red
END
c = 7
once()
loop:
  x = c + frame
  a[2 & frame] = x
  PLOT x 1
  FRAME
  JMP loop`)
	past := counting{a.past, map[int]bool{}}
	a.past = past
	ctx := context.Background()
	if got := top(t, a, 700, 9, 9, 0); got != "<0:4> 4 PLOT 9 9 red" {
		t.Error(got)
	}
	if n := len(past.asked); n > 700/firstSpacing+firstSpacing+2 {
		t.Errorf("%d frames were looked at", n)
	}
	clear(past.asked)
	v, err := a.Variable(ctx, "a[2]", Position{Frame: 700, Cycle: 0})
	if err != nil {
		t.Fatal(err)
	}
	want := "variable a[2] = 706 <699:3> 10 a[2 & frame] = x {frame frame = 699; variable x = 706}"
	if got := tell(t, a, v, 1); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	want = "variable c = 7 <0:1> 6 c = 7 {}"
	if v, err = a.Variable(ctx, "c", Position{Frame: 700, Cycle: 0}); err != nil {
		t.Fatal(err)
	}
	if got := tell(t, a, v, 1); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if n := len(past.asked); n > 700/firstSpacing+firstSpacing+4 {
		t.Errorf("%d frames were looked at", n)
	}
}

// How often statements run, and for how many instructions in all, the blocks' too.
func TestLinesAreCounted(t *testing.T) {
	a := ask1(t, `.canvas 8 4
FOR i = 1 TO 3
  x = x + i * 2
END
loop:
EACH
  v = px
  IF v > 5
    v = v * 2
  END
  PUT v
END
FRAME
JMP loop`)
	ctx := context.Background()
	var cycles uint64
	for frame, want := range []string{
		"2 1, 3 3, 4 3, 6 1, 7 32, 8 32, 9 8, 11 32, 13 1",
		"6 1, 7 32, 8 32, 9 8, 11 32, 13 1, 14 1",
	} {
		lines, err := a.Lines(ctx, frame)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		cycles = 0
		for _, l := range lines {
			got = append(got, fmt.Sprint(l.Line, " ", l.Hits))
			if l.Line < 7 || l.Line > 12 {
				cycles += l.Cycles
			}
		}
		if got := strings.Join(got, ", "); got != want {
			t.Errorf("frame %d: %s\nwant %s", frame, got, want)
		}
	}
	if cycles != 3 { // the jump, EACH and FRAME
		t.Errorf("%d cycles", cycles)
	}
}

// A frame is traced in windows: what lies in one before the last is found too, and what
// comes at their border.
func TestLongFramesAreSearchedInWindows(t *testing.T) {
	a := asker(t, pxltest.Assemble(t, `.array a 4
x = 5
a[1] = x
FOR i = 1 TO 1060000
  y = i
END
x = x + a[1]`), idle, 20e6)
	ctx := context.Background()
	at := Position{Frame: 0, Cycle: 20e6}
	v, err := a.Variable(ctx, "x", at)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := tell(t, a, v, 2), "variable x = 10 <0:4240005> 7 x = x + a[1] {variable x = 5 <0:0> 2 x = 5 {}; variable a[1] = 5 <0:1> 3 a[1] = x {variable x = 5}}"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	for _, cycle := range []uint32{window - 2, window - 1, window, window + 1, window + 4} {
		v, err := a.Variable(ctx, "y", Position{Frame: 0, Cycle: cycle})
		if err != nil {
			t.Fatal(err)
		}
		o, _, err := a.Why(ctx, v)
		if err != nil || o.Line != 5 || o.At.Cycle >= cycle || o.At.Cycle+4 < cycle {
			t.Errorf("at %d: %+v, %v", cycle, o, err)
		}
	}
}
