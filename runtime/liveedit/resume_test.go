package liveedit

import (
	"slices"
	"strings"
	"testing"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/pxl/pxltest"
)

// TestWhereAnEditGoesOn: what a machine logs in the frame after an edit; in those
// that cannot go on, what the program logs from its top.
func TestWhereAnEditGoesOn(t *testing.T) {
	const inside = `
SET n = 3
JMP first
back:
FRAME
JMP inside
first:
FOR i = 1 TO n * 2
inside:
LOG {i}
IF i == 2 && frame == 0 JMP back
END
`
	const called = `
JMP main
wait:
FRAME
RET
other:
RET
main:
LOG first
CALL wait
LOG second
CALL wait
LOG third
CALL wait
`
	const counted = `
JMP main
wait:
FRAME
RET
main:
SET n = 2
FOR i = 1 TO n * 2
CALL wait
LOG {i}
END
`
	const insideCalled = `
JMP main
wait:
FRAME
RET
main:
SET n = 3
FOR i = 1 TO n * 2
inside:
LOG {i}
IF i == 2 && frame == 0 JMP back
END
HALT
back:
CALL wait
JMP inside
`
	replace := func(src string, pairs ...string) string { return strings.NewReplacer(pairs...).Replace(src) }
	for _, c := range []struct {
		name     string
		from, to string
		frames   int
		resumed  bool
		log      string
	}{
		{"the FRAME is gone", "LOG top\nloop:\nFRAME\nLOG on\nJMP loop\n", "LOG top\nloop:\nLOG on\n", 1, false, "top\non"},
		{"the second FRAME of two", "loop:\nLOG a\nFRAME\nLOG b\nFRAME\nJMP loop\n", "loop:\nLOG A\nFRAME\nLOG B\nFRAME\nJMP loop\n", 2, true, "A"},
		{"the loop begins later", "LOG top\nloop:\nSET y = 1\nFRAME\nLOG on\nJMP loop\n", "LOG top\nSET y = 1\nloop:\nFRAME\nLOG on\nJMP loop\n", 1, false, "top"},
		{"the loop is no loop any more", "LOG top\nloop:\nFRAME\nLOG on\nJMP loop\n", "LOG top\nloop:\nFRAME\nLOG on\n", 1, false, "top"},
		{"an outer loop comes", "LOG top\nloop:\nFRAME\nLOG on\nJMP loop\n", "outer:\nLOG top\nloop:\nFRAME\nLOG on\nIF frame < 9 JMP loop\nJMP outer\n", 1, false, "top"},

		{"a FOR comes around", "loop:\nLOG top\nFRAME\nLOG on\nJMP loop\n", "loop:\nLOG top\nFOR i = 0 TO 2\nFRAME\nLOG {i}\nEND\nJMP loop\n", 1, false, "top"},
		{"a FOR goes from around", "loop:\nLOG top\nFOR i = 0 TO 2\nFRAME\nLOG {i}\nEND\nJMP loop\n", "loop:\nLOG top\nFRAME\nLOG on\nJMP loop\n", 1, false, "top"},
		{"a number as limit is computed now", "SET n = 1\nloop:\nLOG top\nFOR i = 0 TO 200\nFRAME\nLOG {i}\nEND\nJMP loop\n", "SET n = 1\nloop:\nLOG top\nFOR i = 0 TO n * 2\nFRAME\nLOG {i}\nEND\nJMP loop\n", 1, false, "top"},
		{"a computed limit is a number now", "SET n = 1\nloop:\nLOG top\nFOR i = 0 TO n * 2\nFRAME\nLOG {i}\nEND\nJMP loop\n", "SET n = 1\nloop:\nLOG top\nFOR i = 0 TO 3\nFRAME\nLOG {i}\nEND\nJMP loop\n", 3, true, "2"},
		{"the limit is another number", "loop:\nLOG top\nFOR i = 0 TO 200\nFRAME\nLOG {i}\nEND\nJMP loop\n", "loop:\nLOG top\nFOR i = 0 TO 3\nFRAME\nLOG {i}\nEND\nLOG done\nJMP loop\n", 4, true, "3\ndone\ntop"},
		{"the limit is computed otherwise, and kept until the loop begins anew", "SET n = 1\nloop:\nLOG top\nFOR i = 0 TO n * 3\nFRAME\nLOG {i}\nEND\nJMP loop\n", "SET n = 1\nloop:\nLOG top\nFOR i = 0 TO n + 9\nFRAME\nLOG {i}\nEND\nJMP loop\n", 4, true, "3\ntop"},
		{"the limit is the canvas's other side", ".canvas 9 2\nloop:\nLOG top\nFOR i = 0 TO W\nFRAME\nLOG {i}\nEND\nJMP loop\n", ".canvas 9 2\nloop:\nLOG top\nFOR i = 0 TO H\nFRAME\nLOG {i}\nEND\nJMP loop\n", 2, false, "top"},
		{"the step is the canvas's other side", ".canvas 9 2\nloop:\nLOG top\nFOR i = 0 TO 99 STEP W\nFRAME\nLOG {i}\nEND\nJMP loop\n", ".canvas 9 2\nloop:\nLOG top\nFOR i = 0 TO 99 STEP H\nFRAME\nLOG {i}\nEND\nJMP loop\n", 2, false, "top"},
		{"two loops, one inside the other", "SET n = 1\nSET m = 2\nloop:\nLOG top\nFOR i = 0 TO n * 1\nFOR j = 0 TO m * 2\nFRAME\nLOG {i} {j}\nEND\nEND\nJMP loop\n", "SET n = 1\nSET m = 2\nloop:\nLOG top\nFOR i = 0 TO n * 1\nFOR j = 0 TO m * 2\nFRAME\nLOG now {i} {j}\nEND\nEND\nJMP loop\n", 3, true, "now 0 2"},

		{"a jump into a loop, the same program", inside, inside, 1, true, "2\n3\n4\n5\n6"},
		{"a jump into a loop, an edit behind its limit", inside, replace(inside, "LOG {i}", "LOG at {i}"), 1, true, "at 2\nat 3\nat 4\nat 5\nat 6"},
		{"a jump into a loop, an edit before its limit", inside, replace(inside, "first:\n", "first:\nSET more = 1\n"), 1, true, "2\n3\n4\n5\n6"},
		{"a jump into a loop whose limit is nowhere", inside, replace(inside, "n * 2", "n + 1", "LOG {i}", "LOG at {i}"), 1, false, "at 1\nat 2\nat 3\nat 4"},

		{"back to the second of three calls", called, replace(called, "third", "THIRD"), 2, true, "THIRD"},
		{"the call is gone", called, replace(called, "CALL wait\nLOG second\nCALL wait\nLOG third\n", "LOG third\n"), 2, false, "first\nthird"},
		{"the call is to another label", called, replace(called, "LOG second\nCALL wait", "LOG second\nCALL other"), 2, false, "first"},
		{"a call inside a loop", counted, replace(counted, "LOG {i}", "LOG at {i}"), 2, true, "at 2"},
		{"a call, then a jump into a loop whose limit is nowhere", insideCalled, replace(insideCalled, "n * 2", "n + 1", "LOG {i}", "LOG at {i}"), 1, false, "at 1\nat 2\nat 3\nat 4"},
		{"a call, then a jump into a loop", insideCalled, replace(insideCalled, "LOG {i}", "LOG at {i}"), 1, true, "at 2\nat 3\nat 4\nat 5\nat 6"},
		{"a loop that is over comes", "loop:\nLOG top\nFRAME\nLOG on\nJMP loop\n", "loop:\nLOG top\nFOR i = 0 TO 2\nNOP\nEND\nFRAME\nLOG now\nJMP loop\n", 1, true, "now\ntop"},
		{"a procedure before the loop, called from it", "JMP main\nsub:\nLOG sub\nRET\nmain:\nLOG top\nloop:\nFRAME\nCALL sub\nLOG on\nJMP loop\n", "JMP main\nsub:\nLOG SUB\nRET\nmain:\nLOG top\nloop:\nFRAME\nCALL sub\nLOG on\nJMP loop\n", 1, false, "top"},
		{"a call from a loop that is gone", counted, replace(counted, "FOR i = 1 TO n * 2\n", "SET i = 7\n", "END\n", ""), 2, false, ""},
		{"a call from a loop whose limit is computed now", replace(counted, "n * 2", "200"), counted, 2, false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, b := pxltest.Assemble(t, c.from), pxltest.Assemble(t, c.to)
			s, resumed := Reload(a, ran(t, a, c.frames), b)
			if got := logAfter(t, s); resumed != c.resumed || got != c.log {
				t.Errorf("resumed %v, logs %q; not %v and %q", resumed, got, c.resumed, c.log)
			}
		})
	}
}

// TestWhatMeansTheSame: a machine goes on if what is before its loop means what it
// meant. Both ways.
func TestWhatMeansTheSame(t *testing.T) {
	const head = ".canvas 4 4\n.array a 2\n.array b 2\n.table t 1 2\n.table u 1 2\nSET x = 1\nSET y = 2\n"
	const loop = "loop:\nFRAME\nSET x = y\nSET y = t[0] + u[0] + a[0] + b[0]\nJMP loop\n"
	for _, c := range []struct {
		name, was, is string
		same          bool
	}{
		{"the same", "SET x = 3\n", "SET x = 3\n", true},
		{"another statement", "NOP\n", "CLS\n", false},
		{"another number", "SET x = 3\n", "SET x = 4\n", false},
		{"a name for a number", "SET x = 9\n", "SET x = y\n", false},
		{"another name", "SET x = y\n", "SET x = x\n", false},
		{"another name set", "SET x = 3\n", "SET y = 3\n", false},
		{"a colour more", "CLS\n", "CLS red\n", false},
		{"a system name", "SET x = W\n", "SET x = H\n", false},
		{"another array is read", "SET x = a[y]\n", "SET x = b[y]\n", false},
		{"another array is set", "SET a[0] = 1\n", "SET b[0] = 1\n", false},
		{"another place of it", "SET a[0] = 1\n", "SET a[1] = 1\n", false},
		{"another table", "SET x = t[0]\n", "SET x = u[0]\n", false},
		{"another text", "LOG a\n", "LOG b\n", false},
		{"a longer text", "LOG a\n", "LOG aa\n", false},
		{"another value in a text", "LOG {x}\n", "LOG {y}\n", false},
		{"a text for a value", "LOG {x}\n", "LOG 1\n", false},
		{"another capture", "EACH\nPUT x\nEND\n", "EACH\nPUT y\nEND\n", false},
		{"another name of a block", "EACH\nPUT px\nEND\n", "EACH\nPUT py\nEND\n", false},
		{"another name set in a block", "EACH\nPUT x + y\nSET x = 1\nEND\n", "EACH\nPUT x + y\nSET y = 1\nEND\n", false},
		{"a branch elsewhere", "IF x\nNOP\nCLS\nEND\n", "IF x\nNOP\nEND\nCLS\n", false},
		{"a longer expression in parts", "SET x = (y + 1) * (y + 2)\n", "SET x = (y + 1) * (y + 2)\n", true},
		{"parts that change places", "SET x = (y + 1) * (y + 2)\n", "SET x = (y + 2) * (y + 1)\n", false},
		{"parts that are used otherwise", "SET x = (y + 1) - (y + 1)\n", "SET x = (y + 1) - (x + 1)\n", false},
		{"a jump to the same label, behind", "IF 0 > x JMP loop\n", "IF 0 > x JMP loop\n", true},
		{"a jump to another label, behind", "IF 0 > x JMP loop\n", "IF 0 > x JMP end\n", false},
	} {
		for _, way := range [][2]string{{c.was, c.is}, {c.is, c.was}} {
			a, b := pxltest.Assemble(t, head+way[0]+loop+"end:\n"), pxltest.Assemble(t, head+way[1]+loop+"end:\n")
			if s, resumed := Reload(a, ran(t, a, 1), b); resumed != c.same || s == nil {
				t.Errorf("%s, from %q to %q: resumed %v", c.name, way[0], way[1], resumed)
			}
		}
	}
	// A table's contents are part of what a program means.
	for _, other := range []string{".table u 1 3\n", ".table u 1\n", ".table u 1 2 3\n"} {
		source := head + "SET x = u[0]\n" + loop
		a, b := pxltest.Assemble(t, source), pxltest.Assemble(t, strings.Replace(source, ".table u 1 2\n", other, 1))
		b.Program = slices.Clip(b.Program) // nothing is looked at behind it
		if _, resumed := Reload(a, ran(t, a, 1), b); resumed {
			t.Errorf("it went on with %q", other)
		}
	}
}

// TestHiddenWordsAreNotMixedUp: intermediate values of one program must be the
// same words throughout the other.
func TestHiddenWordsAreNotMixedUp(t *testing.T) {
	m := newMatch(&version{}, &version{})
	for _, p := range []struct {
		a, b uint32
		ok   bool
	}{{20, 30, true}, {20, 30, true}, {21, 30, false}, {20, 31, false}, {21, 31, true}, {22, isa.SysFrame, false}} {
		if got := m.word(p.a, p.b); got != p.ok {
			t.Errorf("%d and %d: %v", p.a, p.b, got)
		}
	}
	add := func(dst, a, b uint32) isa.Instr {
		return isa.Instr{Spec: isa.Table[isa.ADD], Mask: 0b110, Args: []uint32{dst, a, b}}
	}
	if m.instr(add(40, 20, 21), add(50, 30, 32), 0) {
		t.Error("two that differ in their last operand are the same")
	}
	if m.to[40] != 0 || m.from[50] != 0 {
		t.Error("a pair was learnt from two instructions that differ")
	}
	if !m.word(40, 51) {
		t.Error("a word is bound to one it was paired with in vain")
	}
	value, digit := isa.Instr{Spec: isa.Table[isa.LOG], Tail: []uint32{isa.TextValue | 60}}, isa.Instr{Spec: isa.Table[isa.LOG], Tail: []uint32{'1'}}
	if m.instr(value, digit, 0) || m.instr(digit, value, 0) {
		t.Error("a value and a character are the same")
	}
}

// TestReloadOfWhatIsNoMachineStartsFresh: whatever is not a machine between two
// frames of the old program is not looked at.
func TestReloadOfWhatIsNoMachineStartsFresh(t *testing.T) {
	a := pxltest.Assemble(t, counter)
	good := ran(t, a, 3)
	if _, resumed := Reload(a, good, a); !resumed {
		t.Fatal("the same program did not go on")
	}
	change := func(f func(s *machine.Snapshot)) *machine.Snapshot {
		s := ran(t, a, 3)
		f(s)
		return s
	}
	fresh := ran(t, a, 0)
	for name, c := range map[string]struct {
		old  *pxl.Assembly
		snap *machine.Snapshot
		seed uint32
	}{
		"no program":         {nil, good, 5},
		"no machine":         {a, nil, isa.DefaultSeed},
		"errors":             {pxl.Assemble("", "TXTT\n"), good, 5},
		"another program":    {pxltest.Assemble(t, counter+"NOP\n"), good, 5},
		"no state":           {a, change(func(s *machine.Snapshot) { s.State = nil }), isa.DefaultSeed},
		"a short data page":  {a, change(func(s *machine.Snapshot) { s.Data = s.Data[:3] }), 5},
		"a display too long": {a, change(func(s *machine.Snapshot) { s.Display = append(s.Display, 0) }), 5},
		"not begun":          {a, change(func(s *machine.Snapshot) { s.State[isa.StStatus] = uint32(isa.Running) }), 5},
		"halted":             {a, change(func(s *machine.Snapshot) { s.State[isa.StStatus] = uint32(isa.Halted) }), 5},
		"faulted":            {a, change(func(s *machine.Snapshot) { s.State[isa.StStatus] = uint32(isa.Faulted) }), 5},
	} {
		s, resumed := Reload(c.old, c.snap, a)
		if resumed || s == nil {
			t.Errorf("%s: resumed %v", name, resumed)
			continue
		}
		if s.State[isa.StSeed] != c.seed {
			t.Errorf("%s: the seed is %d", name, s.State[isa.StSeed])
		}
		s.State[isa.StSeed], s.State[isa.StRandom], s.Data[isa.SysSeed] = fresh.State[isa.StSeed], fresh.State[isa.StRandom], fresh.Data[isa.SysSeed]
		if !slices.Equal(s.Data, fresh.Data) || !slices.Equal(s.State, fresh.State) || !slices.Equal(s.Display, fresh.Display) {
			t.Errorf("%s: it is not at its start", name)
		}
	}
}

// A machine that stands where no FRAME or CALL ends, as only a made one does,
// keeps its values and starts over.
func TestReloadFromTheMiddleOfAFrameStartsOver(t *testing.T) {
	a := pxltest.Assemble(t, "CALL wait\nloop:\nFRAME\nSET x = x + 1\nJMP loop\nwait:\nFRAME\nRET\n")
	b := pxltest.Assemble(t, "loop:\nFRAME\nSET x = x + 1\nJMP loop\n")
	for name, c := range map[string]struct {
		a      *pxl.Assembly
		frames int
		change func(state []uint32)
	}{
		"behind a CALL":       {a, 4, func(state []uint32) { state[isa.StPC] = isa.HeaderWords + 2 }},
		"before a FRAME":      {b, 4, func(state []uint32) { state[isa.StPC]-- }},
		"a return to a CALL":  {a, 1, func(state []uint32) { state[isa.StStack] = isa.HeaderWords }},
		"a return to a FRAME": {b, 4, func(state []uint32) { state[isa.StSP], state[isa.StStack] = 1, isa.HeaderWords }},
	} {
		snap := ran(t, c.a, c.frames)
		if s, resumed := Reload(c.a, snap, c.a); !resumed || s.State[isa.StPC] != snap.State[isa.StPC] {
			t.Errorf("%s: the machine as it was did not go on", name)
		}
		c.change(snap.State)
		s, resumed := Reload(c.a, snap, c.a)
		if x := value(t, c.a, snap, "x"); resumed || value(t, c.a, s, "x") != x {
			t.Errorf("%s: resumed %v, x is %d, and was %d", name, resumed, value(t, c.a, s, "x"), x)
		}
	}
}

func TestEachPartOfTheCanvasCounts(t *testing.T) {
	a := pxltest.Assemble(t, counter)
	for _, canvas := range []string{".canvas 17 4", ".canvas 16 5", ".canvas 8 8", ".canvas 16 4 pixel"} {
		b := pxltest.Assemble(t, strings.Replace(counter, ".canvas 16 4", canvas, 1))
		s, resumed := Reload(a, ran(t, a, 2), b)
		if resumed || slices.ContainsFunc(s.Display, func(w uint32) bool { return w != 0 }) || slices.ContainsFunc(s.Writer, func(w uint32) bool { return w != 0 }) {
			t.Errorf("%s: resumed %v", canvas, resumed)
		}
		if s.Data[isa.SysW] != uint32(b.Header.W) || s.Data[isa.SysH] != uint32(b.Header.H) {
			t.Errorf("%s: W and H are %d and %d", canvas, s.Data[isa.SysW], s.Data[isa.SysH])
		}
	}
}

// TestWhatGoesOn: all that a machine has beside its program.
func TestWhatGoesOn(t *testing.T) {
	const source = "COLOR red blue\nCLIP 1 2 3 4\nCAMERA 5 -6\nSET r = rnd(1000)\nloop:\nTXT 0 0 a\nSET r = rnd(1000)\nFRAME\nJMP loop\n"
	a := pxltest.Assemble(t, source)
	m, err := machine.New(a.Program, 5)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := m.Frame(t.Context(), machine.Input{MouseX: 3, MouseY: 4, Buttons: 1, Keys: [8]uint32{1, 0, 0, 0, 0, 0, 0, 9}}, 0); err != nil {
			t.Fatal(err)
		}
	}
	snap := m.Snapshot()
	s, resumed := Reload(a, snap, a)
	if !resumed {
		t.Fatal("it started over")
	}
	state := slices.Clone(snap.State)
	for _, i := range []int{isa.StCycles, isa.StBudget, isa.StCommands, isa.StPayload} { // of the frame that ended
		state[i], s.State[i] = 0, 0
	}
	if !slices.Equal(s.State, state) {
		t.Errorf("the state is\n%v, not\n%v", s.State, state)
	}
	if !slices.Equal(s.Data, snap.Data) || !slices.Equal(s.Display, snap.Display) || !slices.Equal(s.Writer, snap.Writer) {
		t.Error("a page has changed")
	}
	// From the top, the colours are what they are at the start.
	s, resumed = Reload(a, snap, pxltest.Assemble(t, "NOP\n"+source))
	if resumed || s.State[isa.StInk] != 0 || s.State[isa.StPaper] != 0 || s.State[isa.StClip] != 0 || s.State[isa.StCameraX] != 0 || s.State[isa.StRandom] != snap.State[isa.StRandom] {
		t.Errorf("resumed %v, ink %x, paper %x", resumed, s.State[isa.StInk], s.State[isa.StPaper])
	}
}

// The words are the variables, one for intermediate values, then the arrays.
func TestANameOfAnotherKindStartsAtZero(t *testing.T) {
	a := pxltest.Assemble(t, ".array a 3\nSET b = 5\nSET a[0] = 7\nSET a[1] = 8\nloop:\nFRAME\nJMP loop\n")
	for source, want := range map[string][]uint32{
		".array b 2\nloop:\nSET b[0] = b[1]\nSET a = a + 1\nFRAME\nJMP loop\n":  {0, 0, 0, 0},
		".array a 2\nloop:\nSET a[0] = a[1]\nSET b = b\nFRAME\nJMP loop\n":      {5, 0, 7, 8},
		".array a 4\nloop:\nSET a[0] = a[1]\nSET other = b\nSET b = 1\nFRAME\n": {0, 5, 0, 7, 8, 0, 0},
	} {
		b := pxltest.Assemble(t, source)
		s, _ := Reload(a, ran(t, a, 1), b)
		if got := s.Data[isa.SysWords:]; !slices.Equal(got, want) {
			t.Errorf("%q: the data are %v, not %v", source, got, want)
		}
	}
}
