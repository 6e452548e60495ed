package difftest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"gvpie/runtime/engine"
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

// wrong is an engine with one bit wrong.
type wrong struct {
	engine.Engine
	page machine.Page
}

func (w wrong) Snapshot(ctx context.Context) (*machine.Snapshot, error) {
	s, err := w.Engine.Snapshot(ctx)
	if err == nil {
		pages := map[machine.Page]*[]uint32{machine.DisplayPage: &s.Display, machine.WriterPage: &s.Writer, machine.DataPage: &s.Data, machine.StatePage: &s.State}
		page := pages[w.page]
		*page = slices.Clone(*page)
		(*page)[5] ^= 1
	}
	return s, err
}

func TestCompareSeesOneWrongBit(t *testing.T) {
	p := pxl.Assemble("", "TXT 0 0 hello\n").Program
	for _, page := range []machine.Page{machine.DisplayPage, machine.WriterPage, machine.DataPage, machine.StatePage} {
		err := Compare(t.Context(), engine.NewCPU(), wrong{engine.NewCPU(), page}, Run{Program: p})
		if !errors.Is(err, ErrDiffer) || !strings.Contains(err.Error(), page.String()) {
			t.Errorf("a wrong bit in the %v page: %v", page, err)
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
