package gpu

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gvpie/runtime/difftest"
	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/pxl/pxltest"
)

func TestRandomProgramsWithBlocks(t *testing.T) {
	difftest.Random(t, open, atLength(t, 300), 1, true)
}

func TestBrokenProgramsWithBlocks(t *testing.T) {
	difftest.Broken(t, open, atLength(t, 300), 1, true)
}

// blocksOf runs a program's frames here and on the reference, and says how many the
// reference had to run again.
func blocksOf(t *testing.T, source string, frames int) (again int) {
	t.Helper()
	p := pxltest.Assemble(t, source).Program
	e := load(t, p).(*Machine)
	cpu := engine.NewCPU()
	must(t, cpu.Load(t.Context(), p, isa.DefaultSeed))
	for i := range frames {
		in := machine.Input{MouseX: int32(i), MouseY: 2, Buttons: 1, Wheel: int32(i - 1)}
		in.Keys[2] = uint32(i&1) << 1 // 'A'
		want, err := cpu.Frame(t.Context(), in, 0)
		must(t, err)
		got, err := e.Frame(t.Context(), in, 0)
		must(t, err)
		compareReports(t, got, want)
		compare(t, e, cpu)
		if t.Failed() {
			t.Fatalf("after frame %d of\n%s", i, source)
		}
		if e.again.ran {
			again++
		}
	}
	return again
}

// TestBlocksRunOnTheDevice: the reference runs no frame of these again.
func TestBlocksRunOnTheDevice(t *testing.T) {
	for name, source := range map[string]string{
		"plasma":              ".canvas 100 70 pixel\n.table pal 0 0x3366FF 0xFF6633 0xFFFFFF\na:\nEACH\nPUT pal[(((px*px + py*py) >> 4) + (px ^ py) + 3*frame) & 3]\nEND\nFRAME\nJMP a",
		"cells":               ".canvas 70 9\nTXT 0 0 a word on top\na:\nEACH\nPUT px * 9 + frame\nEND\nFRAME\nJMP a",
		"some texels":         ".canvas 70 9\na:\nEACH\nIF px > frame * 4 PUT px * 9\nEND\nFRAME\nJMP a",
		"between draws":       ".canvas 70 20\na:\nCLS\nRECT 3 3 20 4 red\nEACH 5 frame 40 9\nPUT px * 9\nEND\nTXT 4 5 over it\nEACH 8 4 3 3\nPUT green\nEND\nRECT 9 5 1 1 blue\nTXT 7 6 over\nFRAME\nJMP a",
		"between pixel draws": ".canvas 70 20 pixel\na:\nCIRC 20 10 9 red\nEACH 5 frame 40 9\nIF px & 1 PUT px * 9\nEND\nTXT 4 5 over it\nEACH 8 4 30 3\nIF py & 1 PUT green\nEND\nBLIT 0 0 5 5 10 10\nFRAME\nJMP a",
		"only the last seen":  ".canvas 70 20 pixel\na:\nCLS\nEACH\nPUT red\nEND\nRECT 1 1 9 9\nEACH\nPUT px + frame\nEND\nTXT 4 5 over it\nFRAME\nJMP a",
		"clip and camera":     ".canvas 70 20\na:\nCLIP 5 5 30 9\nCAMERA 3 frame\nEACH 10 10 40 20\nPUT px * 99\nEND\nFRAME\nJMP a",
		"life":                ".canvas 40 30 pixel\nEACH\nIF hash(px + 99 * py) & 3 PUT white\nEND\nFRAME\na:\nEACH\nSET n = 0\nFOR dy = -1 TO 1\nFOR dx = -1 TO 1\nIF (dx != 0 || dy != 0) && peek((px + dx + W) % W, (py + dy + H) % H) != 0 SET n = n + 1\nEND\nEND\nIF n == 3 || (n == 2 && peek(px, py) != 0)\nPUT white\nELSE\nPUT black\nEND\nEND\nFRAME\nJMP a",
		"input":               ".canvas 20 9\na:\nEACH\nPUT mx * 1000 + my + mw + mbp + key('A') * px + keyp('A') * py + key(999) + key(-1)\nEND\nFRAME\nJMP a",
		"arrays as they were": ".canvas 20 9 pixel\n.array a 20\n.array b 5 4\nloop:\nSET a[frame] = 99\nEACH\nPUT a[px] + b[px % 5, 3 & py]\nEND\nSET a[3] = a[3] + 1000\nSET b[2, 2] = 77\nEACH 0 0 10 9\nPUT a[px] * 3 + b[px % 5, 3 & py]\nEND\nSET a[3] = a[3] + 1000\nEACH 0 0 5 9\nIF py & 1 PUT a[px] + 5\nEND\nFRAME\nJMP loop",
		"loops of loops":      ".canvas 20 9\na:\nEACH\nSET n = 0\nFOR i = 0 TO px\nSET k = 0\nWHILE k < 9\nSET k = k + 1\nIF k == i CONTINUE\nSET m = 0\nWHILE 1\nSET m = m + 1\nIF m > py + k BREAK\nIF m & i CONTINUE\nSET n = n + m * k\nEND\nIF n > 3000 BREAK\nEND\nEND\nPUT n\nEND\nFRAME\nJMP a",
		"out of all loops":    ".canvas 20 9\nDEF find(n)\nFOR i = 0 TO 9\nFOR j = 0 TO 9\nIF i * j == n RETURN i * 100 + j\nIF i > 5 && j < 3\nSET n = n + 1\nELSE IF i == 2 || j == 4\nSET n = n - 1\nEND\nEND\nEND\nRETURN 7\nEND\na:\nEACH\nPUT find(px + py * frame)\nEND\nFRAME\nJMP a",
	} {
		t.Run(name, func(t *testing.T) {
			if again := blocksOf(t, source, 4); again > 0 {
				t.Errorf("the reference ran %d frames again", again)
			}
		})
	}
}

// TestExamplesRunOnTheDevice: nor of these.
func TestExamplesRunOnTheDevice(t *testing.T) {
	files, err := filepath.Glob("../../assets/examples/*.pxl")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		must(t, err)
		if a := pxl.Assemble(file, string(source)); a.OK() && a.Program.HasEach() {
			if again := blocksOf(t, string(source), 2); again > 0 {
				t.Errorf("the reference ran %d frames of %s again", again, file)
			}
		}
	}
}

// TestManyBlocksInAFrame are 300 of them, more than are submitted together.
func TestManyBlocksInAFrame(t *testing.T) {
	for _, canvas := range []string{".canvas 60 40", ".canvas 60 40 pixel"} {
		src := canvas + "\na:\nFOR i = 0 TO 149\nEACH (i % 20) (i / 9) 30 20\nPUT i * 999 + px * (py + frame)\nEND\nRECT (i % 30) (i / 4) 5 4 (i * 777)\nEACH (i / 2) 3 4 (i % 17)\nIF (px ^ i) & 1 PUT i * 55\nEND\nEND\nFRAME\nJMP a"
		if again := blocksOf(t, src, 2); again > 0 {
			t.Errorf("the reference ran %d frames again", again)
		}
	}
}

// TestFaultsInBlocks: which texel failed, where, of what and with which values is the
// reference's word, and what was drawn stands.
func TestFaultsInBlocks(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		want isa.Fault
	}{
		"division":              {"PUT 5 / (px - 7)", isa.DivByZero},
		"remainder":             {"PUT 5 % (py - 3)", isa.DivByZero},
		"div":                   {"PUT div(9, px - 3, 4)", isa.DivByZero},
		"a constant by zero":    {"IF px == 5\nSET z = 0\nPUT 5 / z\nEND", isa.DivByZero},
		"an index":              {"PUT a[px]", isa.AddressOutOfRange},
		"an index below":        {"PUT a[5 - py]", isa.AddressOutOfRange},
		"two indices":           {"PUT b[px % 4, py]", isa.AddressOutOfRange},
		"a table":               {"PUT t[px - 1]", isa.AddressOutOfRange},
		"ASSERT":                {"PUT px\nASSERT px * py != 12", isa.AssertFailed},
		"the budget":            {"WHILE px == 9\nEND\nPUT px", isa.CycleLimit},
		"the budget, in a loop": {"FOR i = 0 TO px * 3000\nFOR k = 0 TO py\nEND\nEND\nPUT px", isa.CycleLimit},
		"a fault in a loop":     {"FOR i = -9 TO px\nSET n = n + 60 / i\nEND\nPUT n", isa.DivByZero},
	} {
		t.Run(name, func(t *testing.T) {
			a := pxltest.Assemble(t, ".canvas 20 9\n.array a 8\n.array b 4 4\n.table t 1 2 3\nTXT 1 1 before\nEACH 3 3 9 4\nPUT green\nEND\nRECT 0 0 3 3\nEACH\n"+c.body+"\nEND\nRECT 9 0 3 3 red\nEACH 0 0 9 9\n"+c.body+"\nEND\nFRAME")
			r := same(t, a.Program, 2, 0)
			if r.Fault == nil || r.Fault.Code != c.want {
				t.Errorf("fault %+v, not %v", r.Fault, c.want)
			}
		})
	}
}

// TestBudgetOfATexel has loops that end near the budget, on either side of it.
func TestBudgetOfATexel(t *testing.T) {
	for _, turns := range []int{4090, 9000, 13106, 13107, 13108, 20000} {
		a := pxltest.Assemble(t, fmt.Sprintf(".canvas 9 3\na:\nEACH\nSET n = 0\nWHILE n < %d + px - 4\nSET n = n + 1\nEND\nPUT n\nEND\nFRAME\nJMP a", turns))
		same(t, a.Program, 3, 0)
	}
}

// TestLoopsOfNeighboursThatDiffer: eight texels that a software driver runs together
// take turns, and come to more turns than it allows a shader's loops together.
func TestLoopsOfNeighboursThatDiffer(t *testing.T) {
	a := pxltest.Assemble(t, ".canvas 16 2\nEACH\nSET n = 0\nFOR i = 0 TO 15\nIF i == px\nSET k = 0\nWHILE k < 3900\nSET k = k + 1\nEND\nSET n = n + k\nEND\nEND\nPUT n\nEND\nFRAME")
	same(t, a.Program, 1, 0)
	a = pxltest.Assemble(t, ".canvas 16 2\nEACH\nSET n = 0\nFOR i = 0 TO 15\nIF i == px\nSET k = 0\nWHILE k < 12000\nSET k = k + 1\nEND\nSET n = n + k\nEND\nEND\nPUT n\nEND\nFRAME")
	same(t, a.Program, 1, 0)
}

// TestLinesOfBlocks: the lines of a block stand where its texels are.
func TestLinesOfBlocks(t *testing.T) {
	a := pxltest.Assemble(t, ".canvas 20 9\na:\nLOG before\nEACH\nIF px == py LOG {px} at frame {frame}\nPUT px\nEND\nLOG after\nFRAME\nJMP a")
	same(t, a.Program, mostStrikes+3, 0)
}

// TestAFrameWithBlocksIsAbandonedSoon ends the context of a frame whose blocks take
// long: the machine is then as it was.
func TestAFrameWithBlocksIsAbandonedSoon(t *testing.T) {
	for _, source := range []string{
		".canvas 300 200 pixel\nEACH\nPUT px\nEND\nFRAME\nEACH\nSET n = px\nFOR i = 0 TO 3000\nSET n = n * 7 + i\nEND\nPUT n\nEND\nFRAME",
		".canvas 300 200\nEACH\nPUT px\nEND\nFRAME\nRECT 1 1 9 9\nEACH\nSET n = px\nFOR i = 0 TO 3000\nSET n = n * 7 + i\nEND\nPUT n\nEND\nTXT 1 1 top\nFRAME",
	} {
		e := load(t, pxltest.Assemble(t, source).Program)
		_, err := e.Frame(t.Context(), machine.Input{}, 0)
		must(t, err)
		before, err := e.Snapshot(t.Context())
		must(t, err)
		if _, err := e.Frame(&ended{t.Context(), 6}, machine.Input{}, 0); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		after, err := e.Snapshot(t.Context())
		must(t, err)
		if !slices.Equal(before.Display, after.Display) || !slices.Equal(before.Writer, after.Writer) || !slices.Equal(before.State, after.State) {
			t.Errorf("the machine is not as it was:\n%s", source)
		}
	}
}

// TestPipelinesAreBounded loads more programs than a device keeps pipelines for.
func TestPipelinesAreBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("it makes many pipelines")
	}
	e := load(t, pxltest.Assemble(t, "CLS").Program).(*Machine)
	for i := range mostBlockPipelines + 3 {
		must(t, e.Load(t.Context(), pxltest.Assemble(t, fmt.Sprintf(".canvas 8 8\nEACH\nPUT px * %d\nEND", i+1000)).Program, 1))
		_, err := e.Frame(t.Context(), machine.Input{}, 0)
		must(t, err)
	}
	if n := len(e.d.ofBlocks); n > mostBlockPipelines {
		t.Errorf("%d pipelines are kept", n)
	}
}

// hard are operands at the edges of what instructions do.
var hard = []int32{
	0, 1, -1, 2, -2, 3, 7, -7, 31, 32, 33, 63, 64, 100, 255, 256, -256, 257, 1023, 1024, 32767, 32768, -32768, 46340, 46341,
	65535, 65536, -65537, 1 << 24, 1<<24 + 1, 261120, 16777215, 1<<30 - 1, 1 << 30, 1<<31 - 1, -1 << 31, -1<<31 + 1, 0x12345678, -0x12345678,
}

// TestArithmeticInBlocks computes each data instruction over pairs of hard operands, and
// shows all 32 bits of what it gives.
func TestArithmeticInBlocks(t *testing.T) {
	table := ".table h"
	for i, v := range hard {
		if i > 0 {
			table += ","
		}
		table += fmt.Sprintf(" %d", v)
	}
	for _, f := range []string{
		"a + b", "a - b", "a * b", "a / (b | (b == 0))", "a % (b | (b == 0))", "a & b", "a | b", "a ^ b", "a << b", "a >> b", "a >>> b",
		"(a == b) + 2 * (a != b) + 4 * (a < b) + 8 * (a <= b) + 16 * (a > b) + 32 * (a >= b)", "-a ^ ~b ^ !a", "min(a, b)", "max(a, b)",
		"abs(a)", "sgn(a)", "clamp(a, b, c)", "sin(a)", "cos(a)", "sqrt(a)", "mul(a, b, c)", "div(a, b | (b == 0), c)", "div(b, a | (a == 0), 16)", "hash(a)",
		"atan2(a, b)", "hypot(a, b)", "noise(a, b)", "rgb(a, b, c)", "hsv(a, b, c)", "hsv(a, 200, 255)", "mix(a, b, c)",
	} {
		t.Run(f, func(t *testing.T) {
			blocksOf(t, strings.NewReplacer("#", fmt.Sprint(len(hard)), "$", table, "@", f).Replace(
				".canvas # # pixel\n$\nx:\nEACH\nSET a = h[px]\nSET b = h[py]\nSET c = h[(px * 7 + py * 5) % #]\nSET r = @\nIF frame & 1\nPUT r >>> 8\nELSE\nPUT r\nEND\nEND\nFRAME\nJMP x"), 2)
		})
	}
}
