package improve

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gvpie/runtime/machine"
)

// pair is two programs of testdata, and what is known of them.
type pair struct {
	A, B, Why, Evidence string
	Witness             struct {
		Frame int
		What  string
	}
}

func read(t *testing.T, path ...string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(append([]string{"testdata"}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func load(t *testing.T, path ...string) *Program {
	t.Helper()
	p, err := Load(path[len(path)-1], read(t, path...))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// expected reads the expected.json of a folder.
func expected(t *testing.T, folder string) (cheats, equal []pair) {
	t.Helper()
	var all struct{ Cheats, Equal []pair }
	if err := json.Unmarshal([]byte(read(t, folder, "expected.json")), &all); err != nil {
		t.Fatal(err)
	}
	return all.Cheats, all.Equal
}

func TestCheatsAndTrapsAreToldApart(t *testing.T) {
	for _, folder := range []string{"cheats", "traps"} {
		cheats, _ := expected(t, folder)
		if len(cheats) < 7 {
			t.Fatalf("%s: %d programs", folder, len(cheats))
		}
		for _, c := range cheats {
			a, b := load(t, folder, c.A), load(t, folder, c.B)
			v, err := Prove(t.Context(), a, b, DefaultEffort)
			if err != nil {
				t.Fatal(err)
			}
			w := v.Witness
			if w == nil {
				t.Errorf("%s: %s: %s", c.A, v.Evidence, c.Why)
				continue
			}
			// Anybody can repeat the witness, and sees no difference before.
			again := &comparer{most: ^uint64(0)}
			other, _, err := again.compare(t.Context(), a, b, &trial{seed: w.Seed, frames: w.Frame + 1, inputs: w.Inputs})
			if err != nil || other == nil || other.Frame != w.Frame || other.What != w.What {
				t.Errorf("%s: the witness of frame %d (%s) shows %+v, %v when it is repeated", c.A, w.Frame, w.What, other, err)
			}
		}
	}
}

func TestEqualProgramsAreNeverToldApart(t *testing.T) {
	_, equal := expected(t, "cheats")
	for _, c := range equal {
		v, err := Prove(t.Context(), load(t, "cheats", c.A), load(t, "cheats", c.B), DefaultEffort)
		if err != nil || v.Witness != nil || (c.Evidence == "complete") != (v.Evidence == ByCompletion) {
			t.Errorf("%s: %s %s %v, want %s", c.A, v.Evidence, v.What, err, c.Evidence)
		}
	}
	var pairs map[string]struct{ Evidence string }
	if err := json.Unmarshal([]byte(read(t, "pairs", "expected.json")), &pairs); err != nil {
		t.Fatal(err)
	}
	for name, want := range pairs {
		e := DefaultEffort
		e.Cost = 200_000_000
		v, err := Prove(t.Context(), load(t, "pairs", name+".pxl"), load(t, "pairs", name+".best.pxl"), e)
		if err != nil || v.Witness != nil || (want.Evidence == "complete") != (v.Evidence == ByCompletion) {
			t.Errorf("%s: %s %s %v, want %s", name, v.Evidence, v.What, err, want.Evidence)
		}
	}
}

func TestOnlyClosedProgramsAreComplete(t *testing.T) {
	const picture = ".canvas 16 8 pixel\nPLOT 1 1 red\nloop:\n%\nFRAME\nJMP loop\n"
	for _, c := range []struct {
		line   string
		closed bool
	}{
		{"NOP", true}, {"PLOT (frame & 7) 2", false}, {"PLOT 1 seed", false}, {"PLOT rnd(3) 2", false},
		{"PLOT mx 2", false}, {"IF mb PLOT 1 2", false}, {"PLOT key(65) 2", false}, {"PLOT keyp(65) 2", false},
		{"PLOT mw 2", false}, {"PLOT mbp 2", false}, {"TXT 1 1 {my}", false}, {"EACH\n PUT mx\nEND", false},
	} {
		p, err := Load("p", strings.Replace(picture, "%", c.line, 1))
		if err != nil {
			t.Fatal(err)
		}
		v, err := Prove(t.Context(), p, p, Effort{Frames: 3, Seeds: 1, Cost: 1000})
		if err != nil || (v.Evidence == ByCompletion) != c.closed {
			t.Errorf("%s: %s, %v", c.line, v.Evidence, err)
		}
	}
}

// counted runs a program for so many frames.
func counted(t *testing.T, p *Program, frames int) Counts {
	t.Helper()
	var r run
	if err := r.start(p, 1); err != nil {
		t.Fatal(err)
	}
	for range frames {
		if !r.ended {
			if err := r.frame(t.Context(), machine.Input{}); err != nil {
				t.Fatal(err)
			}
		}
	}
	return r.counts
}

// The commands and texels are those that an independent machine gave.
func TestWorkIsCountedExactly(t *testing.T) {
	for _, c := range []struct {
		name   string
		frames int
		want   Counts
	}{
		{"01_plasma", 70, Counts{Commands: 70, Work: machine.Work{Texels: 179200}}},
		{"04_board", 2, Counts{Commands: 5185, Work: machine.Work{Texels: 10368}}},
		{"09_weave", 20, Counts{Commands: 20, Work: machine.Work{Texels: 81920}}},
		{"10_sunrise", 70, Counts{Commands: 350, Work: machine.Work{Texels: 303720}}},
	} {
		got := counted(t, load(t, "pairs", c.name+".pxl"), c.frames)
		if got.Commands != c.want.Commands || got.Texels != c.want.Texels {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
	const frame = ".canvas 100 70 pixel\nloop:\n%s\nFRAME\nJMP loop\n"
	for _, c := range []struct {
		source string
		frames int
		want   Counts
	}{
		// Three instructions a texel, and a fourth of those that take the branch.
		{".canvas 4 2 pixel\nEACH\n SET a = px + 1\n IF a > 2 PUT red\nEND\nHALT\n", 1, Counts{1, 2, 1, machine.Work{TexelCycles: 28, Scattered: 8, Blocks: 1, Texels: 4, Stretches: 2}}},
		{".canvas 100 3 pixel\nEACH\n FOR i = 1 TO px\n END\nEND\nHALT\n", 1, Counts{1, 2, 1, machine.Work{TexelCycles: 3 * (100*3 + 3*4950), Scattered: 3 * (100 + 2*4950), Blocks: 1}}},
		{".canvas 8 8\nCLS\nCLIP 0 0 4 4\nCLS red\nTXT 1 1 abcdef\nBOX 0 0 9 9\nHALT\n", 1, Counts{1, 6, 4, machine.Work{Texels: 64 + 16 + 3 + 7, Texts: 1, Stretches: 1 + 4 + 1 + 4}}},
		// Three reads of memory and a noise a texel.
		{".canvas 4 2 pixel\n.table t 1 2\nEACH\n PUT peek(px, py) + sin(px) + t[py] + noise(px, py)\nEND\nHALT\n", 1, Counts{1, 2, 1, machine.Work{TexelCycles: 8 * 8, Scattered: 3 * 8, Noise: 8, Blocks: 1, Texels: 8, Stretches: 2}}},
		// All is kept in the first frame, then the one tile that the frame before drew on,
		// which is 36 × 64; and nothing where a frame begins with all of the canvas.
		{strings.Replace(frame, "%s", "PLOT 64 3 red", 1), 3, Counts{3, 3 + 2 + 3, 3, machine.Work{Texels: 3, Stretches: 3, Kept: 7000 + 2*36*64}}},
		{strings.Replace(frame, "%s", "CLS\nPLOT 64 3 red", 1), 3, Counts{3, 3*2 + 2 + 3, 6, machine.Work{Texels: 3 * 7001, Stretches: 6}}},
	} {
		p, err := Load("p", c.source)
		if err != nil {
			t.Fatal(err)
		}
		if got := counted(t, p, c.frames); got != c.want {
			t.Errorf("%+v, want %+v of\n%s", got, c.want, c.source)
		}
	}
}
