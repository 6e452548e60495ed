package compiled

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"gvpie/runtime/compiled/wasm"
	"gvpie/runtime/engine"
	"gvpie/runtime/flow"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

const everyDraw = `CLIP 3 2 30 (20 + frame)
CAMERA (frame * 5) -3
FOR i = -30 TO 60
  c = hash(i)
  PLOT i c
  PLOT (i * 7) 300000 c
  RECT i (c & 63) 5 (i & 7)
  RECT i (c & 63) 5 (i & 7) c
  BOX (c >> 8) i 9 4 0x123456
  FILL i 1 c 9999999 c
  LINE i (c >> 4) c -300000 c
  TRI i 2 c 4 (c >> 9) 6 c
  CIRC i c 5
  RING 400000 i (c & 15) -1
  BLIT i 0 4 4 c (i * 2)
  IF i == 7 CLS
  IF i == 9 CLS c
  IF i == 9 CLS 0xFF8800
END
IF frame & 1
  CLIP
  CAMERA
  COLOR 0x8899AA 0x10F020
END
FRAME
JMP loop`

// loops are programs whose core loops.
var loops = map[string]string{
	"arithmetic": `again:
  x = x * 3 + 1
  y = (x >> 7) ^ y
  IF y > x y = y - x
  JMP again`,
	"everything": `loop:
FOR i = -40 TO 40
  a = min(i, 7) + max(i, -3) - abs(i) * sgn(i) + clamp(i, -9, 12)
  b = sin(i * 31) + cos(i) ^ sqrt(i * 977) | hash(i)
  c = (i << 3) - (i >> 1) + (i >>> 28) & ~i
  d = mul(i, 70000, 4) + div(i << 9, i | 1, 6) - i / 3 + i % 7
  e = atan2(i, 9) + hypot(i, i * 300) + noise(i * 99, b)
  f = rgb(i, a, b) + hsv(i * 9, 200, c) - mix(a, b, i)
  g = rnd(i) + rnd(100) + (i == 3) + (i != 4) * 2 + (i < 5) * 4 + !i
  h = h + key(i) + keyp(i) + a + b + c + d + e + f + g
  IF i == 20 seed(3)
END
FRAME
JMP loop`,
	"steps": `loop:
FOR i = 0 TO 9
  FOR j = 20 TO i STEP -3
    s = s + i * j
    FOR k = j TO i STEP frame - 1
      s = s ^ k
      IF k & 1 s = s + 1
    END
  END
END
FRAME
JMP loop`,
	"arrays": `.array a 50
.array g 9 7
.table t 3 1 4 1 5 9 2 6
.table u 3: 1 2 3 4 5 6
loop:
FOR i = 0 TO 49
  a[i] = t[i & 7] + a[49 - i] * frame
END
FOR y = 0 TO 6
  FOR x = 0 TO 8
    g[x, y] = g[8 - x, 6 - y] + u[x % 3, y & 1] + a[x * y]
  END
END
FRAME
JMP loop`,
	"sort": `.array a 64
FOR i = 0 TO 63
  a[i] = hash(i) & 1023
END
loop:
FOR i = 1 TO 63
  v = a[i]
  j = i - 1
  WHILE j >= 0
    IF a[j] <= v BREAK
    a[j + 1] = a[j]
    j = j - 1
  END
  a[j + 1] = v
END
a[frame * 7 & 63] = frame
FRAME
JMP loop`,
	"calls": `loop:
FOR i = 0 TO 99
  CALL twice
  s = s + collatz(i) - least(i, s)
END
FRAME
JMP loop
twice:
  s = s + 1
  CALL once
once:
  s = s * 3
  RET
DEF collatz(n)
  k = 0
  WHILE n > 1 && k < 60
    IF n & 1
      n = 3 * n + 1
    ELSE
      n = n / 2
    END
    k = k + 1
  END
  RETURN k
END
DEF least(a, b)
  IF a < b RETURN a
  RETURN b + least2(b, a)
END
DEF least2(a, b)
  t = a - b
  RETURN t
END`,
	"recursion": `loop:
FOR i = 0 TO 9
  s = s + fib(i)
END
FRAME
JMP loop
DEF fib(n)
  IF n < 2 RETURN n
  RETURN fib(n - 1) + fib(n - 2)
END`,
	"draws": `.canvas 40 30 pixel
loop:
FOR i = 0 TO 30
  FOR j = 0 TO 20
    s = s + i * j
  END
  RECT i (s & 15) 3 3 s
  TXT 0 i {s}
  LOG {i} {s}
END
FRAME
JMP loop`,
	"every draw":           ".canvas 40 30 pixel\nloop:\n" + everyDraw,
	"every draw, on cells": ".canvas 40 30\nloop:\n" + everyDraw,
	"blocks": `.canvas 40 30 pixel
.array a 40
loop:
FOR i = 0 TO 30
  FOR j = 0 TO 39
    a[j] = a[j] + i * j + frame
  END
  IF i % 5 == 0
    EACH
      PUT a[px] + peek(px, py)
    END
  END
END
FRAME
JMP loop`,
}

func ofMap(m map[string]string) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// TestLoopsRunCompiled to the same bits, frame by frame.
func TestLoopsRunCompiled(t *testing.T) {
	c, log := opened(t, Now)
	for _, name := range ofMap(loops) {
		p := assembled(t, loops[name]+"\n")
		plain, m := loaded(t, nil, p), loaded(t, c, p)
		for i := range 5 {
			in := machine.Input{MouseX: int32(i), Keys: [8]uint32{uint32(i * 0x1234567)}}
			var reports [2]machine.Report
			for k, m := range []*machine.Machine{plain, m} {
				var err error
				if reports[k], err = m.Frame(t.Context(), in, 50_000); err != nil {
					t.Fatal(err)
				}
			}
			alike(t, fmt.Sprintf("%s, frame %d", name, i), plain, m, reports)
		}
		if !m.Compiled() && name != "recursion" {
			t.Errorf("%s: nothing ran compiled; it logs %s", name, log)
		}
	}
	if log.Len() > 0 {
		t.Error(log)
	}
}

// alike holds what two machines report, and are, to each other.
func alike(t *testing.T, name string, plain, m *machine.Machine, reports [2]machine.Report) {
	t.Helper()
	if !reflect.DeepEqual(reports[0], reports[1]) {
		t.Errorf("%s: it ends with %+v %+v, not %+v %+v", name, reports[1], reports[1].Fault, reports[0], reports[0].Fault)
	}
	for page := machine.DisplayPage; page <= machine.StatePage; page++ {
		for i, want := range plain.Page(page) {
			if got := m.Page(page)[i]; got != want {
				t.Errorf("%s: word %d of the %v page is %#x, not %#x", name, i, page, got, want)
				break
			}
		}
	}
	if !slices.Equal(plain.Commands(), m.Commands()) || !slices.Equal(plain.Payload(), m.Payload()) {
		t.Errorf("%s: other commands", name)
	}
	if t.Failed() {
		t.FailNow()
	}
}

// TestLoopsEndAnywhere: budgets run out at every instruction, and stops are where they
// are asked for.
func TestLoopsEndAnywhere(t *testing.T) {
	c, _ := opened(t, Now)
	r := rand.New(rand.NewPCG(1, 2))
	for _, name := range ofMap(loops) {
		p := assembled(t, loops[name]+"\n")
		plain, m := loaded(t, nil, p), loaded(t, c, p)
		for n := range 150 {
			budget := uint32(1 + n)
			if n >= 100 {
				budget = uint32(1 + r.IntN(5000))
			}
			var reports [2]machine.Report
			for k, m := range []*machine.Machine{plain, m} {
				if err := m.Reset(p, int32(n)); err != nil {
					t.Fatal(err)
				}
				var err error
				if reports[k], err = m.Frame(t.Context(), machine.Input{}, budget); err != nil {
					t.Fatal(err)
				}
			}
			alike(t, fmt.Sprintf("%s, %d instructions", name, budget), plain, m, reports)
		}
		for n := range 20 {
			for _, m := range []*machine.Machine{plain, m} {
				if err := m.Reset(p, int32(n)); err != nil {
					t.Fatal(err)
				}
				m.Begin(machine.Input{}, 0)
			}
			cycle := uint32(0)
			for range 10 {
				cycle += uint32(r.IntN(800))
				for _, m := range []*machine.Machine{plain, m} {
					if _, err := m.RunTo(t.Context(), cycle); err != nil {
						t.Fatal(err)
					}
					if err := m.Paint(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
				alike(t, fmt.Sprintf("%s, stopped at %d", name, cycle), plain, m, [2]machine.Report{})
			}
		}
	}
}

// faults are loops in which an instruction fails, sooner or later.
var faults = map[string]string{
	"a zero divisor":         "s = 1000 / (i - 700)",
	"a zero divisor of %":    "s = 1000 % (i - 700)",
	"a fixed-point quotient": "s = div(i, i - 700, 8)",
	"a constant divisor":     "IF i == 700 s = i / z",
	"an index too large":     "s = a[max(i - 611, 0)]",
	"an index below":         "s = a[min(700 - i, 89)]",
	"a store":                "a[max(i - 611, 0)] = i",
	"a row":                  "s = g[i & 3, max(i - 698, 0)]",
	"a column":               "s = g[max(i - 697, 0), i & 1]",
	"a store to a row":       "g[i & 3, max(i - 698, 0)] = i",
	"a store to a column":    "g[max(i - 697, 0), i & 1] = i",
	"a table":                "s = t[max(i - 694, 0)]",
	"a table's row":          "s = u[0, max(i - 698, 0)]",
	"ASSERT":                 "ASSERT i != 700",
	"deep calls":             "IF i > 700 CALL deep",
	"a return":               "IF i == 700 RET",
	"no return":              "IF i == 700 CALL lost",
	"an end":                 "IF i == 700 HALT",
	"a budget":               "IF i == 700 i = 0",
	"a stack that suffices":  "IF i == 700 CALL down\n  most = 127",
	"a stack that does not":  "IF i == 700 CALL down\n  most = 128",
}

// TestFaultsInLoopsAreTheInterpreters: code, place, what was true, and all pages.
func TestFaultsInLoopsAreTheInterpreters(t *testing.T) {
	c, _ := opened(t, Now)
	for _, name := range ofMap(faults) {
		p := assembled(t, ".array a 90\n.array g 4 3\n.table t 1 2 3 4 5 6 7\n.table u 2: 1 2 3 4 5 6\nz = 0\nmost = 0\nFOR i = 0 TO 2000\n  q = i * 3 + q\n  "+faults[name]+
			"\n  r = r ^ q\nEND\nHALT\ndeep:\n  CALL deep\n  RET\nlost:\n  HALT\ndown:\n  n = n + 1\n  IF n < most CALL down\n  FOR j = 0 TO 99\n    CALL leaf\n  END\n  RET\nleaf:\n  q = q * 3\n  RET\n")
		plain, m := loaded(t, nil, p), loaded(t, c, p)
		var reports [2]machine.Report
		for k, m := range []*machine.Machine{plain, m} {
			var err error
			if reports[k], err = m.Frame(t.Context(), machine.Input{}, 20_000); err != nil {
				t.Fatal(err)
			}
		}
		alike(t, name, plain, m, reports)
		if !m.Compiled() || reports[0].Cycles < 4000 {
			t.Errorf("%s: compiled %v, %d cycles", name, m.Compiled(), reports[0].Cycles)
		}
	}
}

// TestLoopsOfNoSource: programs whose words no source makes.
func TestLoopsOfNoSource(t *testing.T) {
	c, _ := opened(t, Now)
	const source = ".array a 40\nz = 5\nloop:\nFOR i = 0 TO 200\n  q = i * 3 + q / z\n  a[q & 3] = i + r\n  r = r ^ a[i & 3] + f(q)\n  CALL leaf\nEND\nFRAME\nJMP loop\nleaf:\n  q = q + 1\n  RET\nDEF f(n)\n  IF n & 1 RETURN n - 1\n  RETURN n\nEND\n"
	replaced := false
	for name, change := range map[string]func(in isa.Instr, p isa.Program){
		"an array over variables": func(in isa.Instr, p isa.Program) {
			if in.Spec.Op == isa.ST {
				p[in.Addr+1] = isa.SysWords
			} else if in.Spec.Op == isa.LD {
				p[in.Addr+2] = isa.SysWords + 1
			}
		},
		"division by a constant of 0": func(in isa.Instr, p isa.Program) {
			if in.Spec.Op == isa.DIV {
				p[in.Addr], p[in.Addr+3] = isa.InstrHeader(isa.DIV, 3, 2), 0
			}
		},
		"a RET in a procedure": func(in isa.Instr, p isa.Program) {
			if in.Spec.Op == isa.RETURN && !replaced { // the others stay, so that a run can come back
				p[in.Addr], replaced = isa.InstrHeader(isa.RET, 0, 0), true
			}
		},
		"RETURN in a subroutine": func(in isa.Instr, p isa.Program) {
			if in.Spec.Op == isa.CALL {
				p[in.Addr+1] -= 3
			}
		},
		"a jump to nowhere": func(in isa.Instr, p isa.Program) {
			if in.Spec.Op == isa.JZ {
				p[in.Addr+2] = 1 << 20
			}
		},
		"a jump into the header": func(in isa.Instr, p isa.Program) {
			if in.Spec.Op == isa.JZ {
				p[in.Addr+2] = 3
			}
		},
	} {
		p := slices.Clone(assembled(t, source))
		h, err := p.Header()
		if err != nil {
			t.Fatal(err)
		}
		for in, ok := range flow.Linear(slices.Clone(p), h) {
			if ok {
				change(in, p)
			}
		}
		plain, m := loaded(t, nil, p), loaded(t, c, p)
		for range 3 {
			var reports [2]machine.Report
			for k, m := range []*machine.Machine{plain, m} {
				var err error
				if reports[k], err = m.Frame(t.Context(), machine.Input{}, 50_000); err != nil {
					t.Fatal(err)
				}
			}
			alike(t, name, plain, m, reports)
		}
	}
}

// TestLoopsDrawAsManyCommandsAsAFrameMay, some hundred at a time.
func TestLoopsDrawAsManyCommandsAsAFrameMay(t *testing.T) {
	c, _ := opened(t, Now)
	p := assembled(t, ".canvas 20 20 pixel\nTXT 0 0 {frame}\nWHILE 1\n  i = i + 1\n  PLOT (i & 31) (i >> 6 & 15) i\nEND\n")
	plain, m := loaded(t, nil, p), loaded(t, c, p)
	var reports [2]machine.Report
	for k, m := range []*machine.Machine{plain, m} {
		reports[k] = framed(t, m)
	}
	alike(t, "the frame", plain, m, reports)
	if !m.Compiled() || reports[0].Fault == nil || reports[0].Fault.Code != isa.CommandLimit {
		t.Errorf("compiled %v, %+v", m.Compiled(), reports[0])
	}
}

// TestLoopsAreCompiledWhileTheyRun, within one frame.
func TestLoopsAreCompiledWhileTheyRun(t *testing.T) {
	c, _ := opened(t, InTime)
	c.coreWorth = 100_000
	p := assembled(t, loops["arithmetic"]+"\n")
	plain, m := loaded(t, nil, p), loaded(t, c, p)
	for _, m := range []*machine.Machine{plain, m} {
		m.Begin(machine.Input{}, 1_000_000)
		if _, err := m.RunTo(t.Context(), 50_000); err != nil {
			t.Fatal(err)
		}
	}
	if c.wait(); m.Compiled() || m.Warming() {
		t.Error("little work was compiled")
	}
	for _, m := range []*machine.Machine{plain, m} {
		if _, err := m.RunTo(t.Context(), 150_000); err != nil {
			t.Fatal(err)
		}
	}
	c.wait()
	var reports [2]machine.Report
	for k, m := range []*machine.Machine{plain, m} {
		var err error
		if reports[k], err = m.End(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	alike(t, "the frame", plain, m, reports)
	if !m.Compiled() {
		t.Error("much work was not compiled")
	}
	again := loaded(t, c, slices.Clone(p))
	if framed(t, again); !again.Compiled() {
		t.Error("a program that comes again is not compiled at once")
	}
}

// TestLoopsThatFailCostNoFrame, however they fail: it is run anew.
func TestLoopsThatFailCostNoFrame(t *testing.T) {
	// A module whose loop does what code says.
	module := func(code string) []byte {
		section := "\x01" + string(rune(len(code)+2)) + "\x00" + code + "\x0b"
		return []byte("\x00asm\x01\x00\x00\x00\x01\x07\x01\x60\x01\x7f\x02\x7f\x7f\x03\x02\x01\x00\x05\x03\x01\x00\x06" +
			"\x07\x12\x02\x06memory\x02\x00\x05loop0\x00\x00" + "\x0a" + string(rune(len(section))) + section)
	}
	for name, f := range map[string]struct {
		module []byte
		why    string
	}{
		"a trap":           {module("\x00"), "unreachable"},
		"a trap on the go": {module("\x41\x20\x41\x07\x36\x00\x00\x41\x00\x41\x07\x36\x02\x84\x80\x10\x00"), "unreachable"},
		"too many left":    {module("\x41\x08\x41\x7f"), "are left"},
		"no module":        {[]byte("hello"), "compiling the loops"},
		"another module":   {[]byte("\x00asm\x01\x00\x00\x00"), "not one of a core"},
	} {
		t.Run(name, func(t *testing.T) {
			c, log := opened(t, Now)
			c.emitCore = func(l []*flow.Loop, p isa.Program, h isa.Header) ([]byte, wasm.CoreLayout) {
				_, layout := wasm.EmitCore(l, p, h)
				return f.module, layout
			}
			p := assembled(t, ".canvas 20 20 pixel\nloop:\nRECT 1 2 3 frame\nTXT 0 0 {frame}\nLOG {frame}\nFOR i = 0 TO 50\ns = s + i + mx\nEND\nEACH\nPUT px + peek(px, py)\nEND\nFRAME\nJMP loop\n")
			plain, m := loaded(t, nil, p), loaded(t, c, p)
			for i := range 4 {
				var reports [2]machine.Report
				for k, m := range []*machine.Machine{plain, m} {
					var err error
					in := machine.Input{MouseX: int32(i), MouseY: 3, Buttons: 1, Wheel: 2, Keys: [8]uint32{5}}
					if reports[k], err = m.Frame(t.Context(), in, 1000); err != nil {
						t.Fatal(err)
					}
				}
				alike(t, fmt.Sprint("frame ", i), plain, m, reports)
			}
			framed(t, loaded(t, c, p)) // it is not tried again
			if !strings.Contains(log.String(), f.why) || strings.Count(log.String(), "\n") != 1 {
				t.Errorf("it logs %q, and should say %q once", log, f.why)
			}
		})
	}
}

// TestFewProgramsLoopsAreKept, and machines whose code was dropped go on.
func TestFewProgramsLoopsAreKept(t *testing.T) {
	c, log := opened(t, Now)
	first := assembled(t, loops["sort"]+"\n")
	plain, m := loaded(t, nil, first), loaded(t, c, first)
	same(t, plain, m)
	for i := range mostCores + 10 {
		o := loaded(t, c, assembled(t, fmt.Sprintf("FOR i = 0 TO 99\ns = s + i * %d\nEND\n", i)))
		if framed(t, o); !o.Compiled() || len(c.cores.kept) > mostCores {
			t.Fatalf("program %d: compiled %v; %d are kept", i, o.Compiled(), len(c.cores.kept))
		}
	}
	if c.findCore(first) != nil {
		t.Error("the oldest is still kept")
	}
	runtime.GC()
	for range 3 {
		same(t, plain, m)
	}
	if err := m.Reset(assembled(t, picture), 1); err != nil {
		t.Fatal(err)
	}
	if framed(t, m); log.Len() > 0 {
		t.Error(log)
	}
}

func BenchmarkCore(b *testing.B) {
	for _, name := range []string{"arithmetic", "sort", "calls", "everything", "recursion", "draws", "every draw"} {
		p := assembled(b, loops[name]+"\n")
		for _, mode := range []Mode{Off, Now} {
			b.Run(name+[...]string{Now: " compiled", Off: " interpreted"}[mode], func(b *testing.B) {
				e := New(mode, nil).NewCPU()
				n := uint64(0)
				for b.Loop() {
					if err := e.Load(b.Context(), p, isa.DefaultSeed); err != nil {
						b.Fatal(err)
					}
					r, err := engine.Run(b.Context(), e, engine.RunOptions{Program: p, Frames: 10, Budget: 1_000_000})
					if err != nil {
						b.Fatal(err)
					}
					n += uint64(r.Cycles)
				}
				b.ReportMetric(float64(n)/b.Elapsed().Seconds()/1e6, "Minstr/s")
			})
		}
	}
}
