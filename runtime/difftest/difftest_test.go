package difftest

import (
	"context"
	"errors"
	"image"
	"slices"
	"strings"
	"testing"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

func openCPU(testing.TB) engine.Engine { return engine.NewCPU() }

func TestCPUGivesTheCorpusHashes(t *testing.T) { Corpus(t, openCPU, nil) }

func TestCPUHasEveryOpcode(t *testing.T) { Opcodes(t, openCPU) }

func TestTheSlowMachineHasEveryOpcode(t *testing.T) { Opcodes(t, openSlow) }

func TestCPUDoesWhatTheTableClaims(t *testing.T) { Cases(t, openCPU) }

func TestShrinkKeepsWhatFails(t *testing.T) {
	src := strings.Repeat("SET a = 1\n", 40) + "PLOT 1 1\n" + strings.Repeat("NOP\n", 30) + "HALT\n"
	got := Shrink(src, func(s string) bool { return strings.Contains(s, "PLOT") && strings.Contains(s, "HALT") })
	if got != "PLOT 1 1\nHALT\n" {
		t.Errorf("shrunk to %q", got)
	}
}

// wrong is an engine with one thing wrong in one frame.
type wrong struct {
	engine.Engine
	frame  int // counts down to the frame that is wrong
	page   machine.Page
	report func(*machine.Report)
	list   func([]isa.Command, []uint32) ([]isa.Command, []uint32)
	human  func(*image.RGBA)
}

func (w *wrong) Frame(ctx context.Context, in machine.Input, budget uint32) (machine.Report, error) {
	r, err := w.Engine.Frame(ctx, in, budget)
	if w.frame--; w.frame == 0 && w.report != nil {
		w.report(&r)
	}
	return r, err
}

func (w *wrong) Snapshot(ctx context.Context) (*machine.Snapshot, error) {
	s, err := w.Engine.Snapshot(ctx)
	pages := map[machine.Page]*[]uint32{machine.DisplayPage: &s.Display, machine.WriterPage: &s.Writer, machine.DataPage: &s.Data, machine.StatePage: &s.State}
	if page := pages[w.page]; page != nil && w.frame == 0 {
		*page = slices.Clone(*page)
		(*page)[5] ^= 1
	}
	return s, err
}

func (w *wrong) Commands(ctx context.Context) ([]isa.Command, []uint32, error) {
	c, p, err := w.Engine.Commands(ctx)
	if w.frame == 0 && w.list != nil {
		c, p = w.list(slices.Clone(c), slices.Clone(p))
	}
	return c, p, err
}

func (w *wrong) Human(ctx context.Context) (*image.RGBA, error) {
	img, err := w.Engine.Human(ctx)
	if w.human != nil {
		w.human(img)
	}
	return img, err
}

// TestCompareSeesOneWrongBit, in whatever frame it is, the one behind the end of
// the run included.
func TestCompareSeesOneWrongBit(t *testing.T) {
	p := pxl.Assemble("", "SET x = 4\nTXT 0 0 hello {x}\nLOG {x}\nFRAME\nTXT 0 1 hello {x}\nLOG {x}\nSET x = 1 / (x - 4)\n").Program
	const none = machine.ProgramPage
	list := func(change func(c []isa.Command, p []uint32) ([]isa.Command, []uint32)) *wrong {
		return &wrong{page: none, list: change}
	}
	for want, w := range map[string]*wrong{
		"display page":   {page: machine.DisplayPage},
		"writer page":    {page: machine.WriterPage},
		"data page":      {page: machine.DataPage},
		"state page":     {page: machine.StatePage},
		"status":         {page: none, report: func(r *machine.Report) { r.Status ^= 1 }},
		"fault":          {page: none, report: func(r *machine.Report) { r.Fault = &machine.Fault{X: 1} }},
		"cycles, and":    {page: none, report: func(r *machine.Report) { r.Cycles++ }},
		"counter":        {page: none, report: func(r *machine.Report) { r.Frame++ }},
		"commands, and":  {page: none, report: func(r *machine.Report) { r.Commands++ }},
		"log":            {page: none, report: func(r *machine.Report) { r.Log = append(r.Log, machine.LogLine{}) }},
		"commands, and ": list(func(c []isa.Command, p []uint32) ([]isa.Command, []uint32) { return append(c, isa.Command{}), p }),
		"command 0":      list(func(c []isa.Command, p []uint32) ([]isa.Command, []uint32) { c[0][11] ^= 1; return c, p }),
		"payload word":   list(func(c []isa.Command, p []uint32) ([]isa.Command, []uint32) { p[2] ^= 1; return c, p }),
		"payload of":     list(func(c []isa.Command, p []uint32) ([]isa.Command, []uint32) { return c, p[1:] }),
	} {
		for frame := 1; frame <= 3; frame++ {
			w.Engine, w.frame = engine.NewCPU(), frame
			err := Compare(t.Context(), engine.NewCPU(), w, Run{Program: p, Frames: 2})
			if !errors.Is(err, ErrDiffer) || !strings.Contains(err.Error(), want) {
				t.Errorf("%s wrong in frame %d: %v", want, frame, err)
			}
		}
	}
	for want, change := range map[string]func(*image.RGBA){
		"human pixel 2,1":    func(img *image.RGBA) { img.Pix[img.PixOffset(2, 1)+3] ^= 1 },
		"a human texture of": func(img *image.RGBA) { img.Rect.Max.Y-- },
	} {
		w := &wrong{Engine: engine.NewCPU(), page: none, human: change}
		if err := Compare(t.Context(), engine.NewCPU(), w, Run{Program: p}); !errors.Is(err, ErrDiffer) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func openSlow(testing.TB) engine.Engine { return &slow{} }

// TestASecondMachineAgrees holds the reference itself to a machine that was
// written another way, over the corpus, the table and random programs.
func TestASecondMachineAgrees(t *testing.T) {
	t.Run("corpus", func(t *testing.T) {
		Corpus(t, openSlow, func(name string) bool { return testing.Short() && strings.HasPrefix(name, "09") })
	})
	t.Run("table", func(t *testing.T) { Cases(t, openSlow) })
	t.Run("random", func(t *testing.T) { Random(t, openSlow, randomPrograms()/4, 1, true) })
}

func TestBrokenProgramsAgree(t *testing.T) { Broken(t, openSlow, randomPrograms()/3, 1, true) }

// randomPrograms is how many programs a test compares.
func randomPrograms() int {
	if testing.Short() {
		return 500
	}
	return 10000
}

// FuzzEngines looks for a program that the reference and the second machine run
// differently; the fuzzer turns the generator's seed.
func FuzzEngines(f *testing.F) {
	f.Add(int64(0), true)
	f.Add(int64(77), false)
	f.Fuzz(func(t *testing.T, seed int64, withEach bool) { Random(t, openSlow, 1, seed, withEach) })
}
