package gpu

import (
	"context"
	"errors"
	"slices"
	"testing"

	"gvpie/runtime/difftest"
	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// odd is an EACH for which there is no shader: its block jumps into the middle of an
// instruction.
func odd(a *asm) (each uint32) {
	each = a.op(isa.EACH, 0, 0, 8, 8, 0, "")
	a.op(isa.JZ, 0, a.at()+5)
	a.op(isa.SET, isa.LaneFlag|2, int(isa.NOP))
	a.op(isa.PUT, 1)
	a.set(each, 4, a.at())
	return each
}

func TestOddBlocksAreRefused(t *testing.T) {
	a := cells(t, 8, 8)
	odd(a)
	plain := a.program()

	// The same words as the text of a LOG, entered by a jump.
	b := cells(t, 8, 8)
	b.op(isa.JMP, 0)
	b.words = append(b.words, isa.InstrHeader(isa.LOG, 0, 0), uint32(len(plain)-isa.HeaderWords))
	b.set(isa.HeaderWords, 0, b.at())
	odd(b)
	if b.program().HasEach() {
		t.Fatal("the text does not hide the EACH")
	}

	for name, p := range map[string]isa.Program{"plain": plain, "in a text": b.program()} {
		e := device(t).New()
		if err := e.Load(t.Context(), p, 1); !errors.Is(err, engine.ErrUnsupported) {
			t.Errorf("%s: error %v", name, err)
		}
		if _, err := e.Frame(t.Context(), machine.Input{}, 0); !errors.Is(err, engine.ErrNoProgram) {
			t.Errorf("%s: error %v", name, err)
		}
		must(t, e.Close())
	}
}

// TestOddBlocksAreRefusedWhereAMachineStands: no run from the start comes to the EACH
// inside the text, but a snapshot can stand there, or return there.
func TestOddBlocksAreRefusedWhereAMachineStands(t *testing.T) {
	a := cells(t, 8, 8)
	a.words = append(a.words, isa.InstrHeader(isa.LOG, 0, 0), 0)
	inside := odd(a)
	a.words[1] = a.at() - inside
	a.op(isa.HALT)
	behind := a.at()
	a.op(isa.RET)
	cpu := engine.NewCPU()
	must(t, cpu.Load(t.Context(), a.program(), 1))
	s, err := cpu.Snapshot(t.Context())
	must(t, err)
	e := device(t).New()
	defer func() { must(t, e.Close()) }()
	for name, c := range map[string]struct {
		pc     uint32
		stack  []uint32
		reason error
	}{
		"at the start":           {isa.HeaderWords, nil, nil},
		"inside":                 {inside, nil, engine.ErrUnsupported},
		"behind":                 {behind, nil, nil},
		"behind, to return":      {behind, []uint32{inside}, engine.ErrUnsupported},
		"behind, to come to RET": {behind, []uint32{behind}, nil},
	} {
		s := *s
		s.State = slices.Clone(s.State)
		s.State[isa.StPC], s.State[isa.StSP] = c.pc, uint32(len(c.stack))
		copy(s.State[isa.StStack:], c.stack)
		if err := e.Restore(t.Context(), &s); !errors.Is(err, c.reason) {
			t.Errorf("%s: error %v, not %v", name, err, c.reason)
		}
	}
}

func TestLoadRefusesWhatIsNoProgram(t *testing.T) {
	e := device(t).New()
	if err := e.Load(t.Context(), isa.Program{1, 2, 3}, 1); !errors.Is(err, isa.ErrProgram) {
		t.Errorf("error %v", err)
	}
	must(t, e.Close())
}

// TestLoadKeepsNothing loads programs into one machine, one after the other.
func TestLoadKeepsNothing(t *testing.T) {
	e := device(t).New()
	defer e.Close()
	for i, size := range [][2]int{{20, 10}, {20, 10}, {64, 64}, {20, 10}, {8, 80}} {
		a := cells(t, size[0], size[1])
		a.header.Pixel = i == 3
		a.header.DataWords = 64 + 900*i
		a.op(isa.TXT, 1, i, "program ", v(9), " ", v(isa.SysW))
		a.op(isa.SET, 9, i)
		a.op(isa.FRAME)
		a.op(isa.RECT, 2, 2, v(9), v(9))
		p := a.program()
		cpu := engine.NewCPU()
		must(t, cpu.Load(t.Context(), p, int32(i)))
		must(t, e.Load(t.Context(), p, int32(i)))
		compare(t, e, cpu)
		for range 2 {
			want, err := cpu.Frame(t.Context(), machine.Input{}, 0)
			must(t, err)
			got, err := e.Frame(t.Context(), machine.Input{}, 0)
			must(t, err)
			compareReports(t, got, want)
			compare(t, e, cpu)
		}
		must(t, cpu.Close())
	}
}

func TestSnapshotGoesOn(t *testing.T) {
	a := cells(t, 30, 12)
	call := a.op(isa.CALL, 0)
	a.op(isa.JMP, call)
	a.set(call, 0, a.at())
	a.op(isa.ADD, 8, v(8), 1)
	a.op(isa.RND, 9, 20)
	a.op(isa.TXT, v(9), v(8), "n", v(8))
	a.op(isa.FRAME)
	a.op(isa.RET)
	p := a.program()
	e, cpu := load(t, p), engine.NewCPU()
	defer cpu.Close()
	for range 3 {
		_, err := e.Frame(t.Context(), machine.Input{}, 0)
		must(t, err)
	}
	s, err := e.Snapshot(t.Context())
	must(t, err)
	must(t, cpu.Restore(t.Context(), s))
	other := device(t).New()
	defer other.Close()
	must(t, other.Restore(t.Context(), s))
	for range 3 {
		want, err := cpu.Frame(t.Context(), machine.Input{}, 0)
		must(t, err)
		got, err := other.Frame(t.Context(), machine.Input{}, 0)
		must(t, err)
		compareReports(t, got, want)
		compare(t, other, cpu)
	}
	s.Data = s.Data[1:]
	if err := other.Restore(t.Context(), s); !errors.Is(err, machine.ErrSnapshot) {
		t.Errorf("error %v", err)
	}
}

// ended is a context that ends once it has been asked a number of times.
type ended struct {
	context.Context
	asks int
}

func (c *ended) Err() error {
	if c.asks--; c.asks < 0 {
		return context.Canceled
	}
	return nil
}

func TestAnAbandonedFrameLeavesTheMachine(t *testing.T) {
	a := cells(t, 16, 8)
	a.op(isa.TXT, 1, 1, "kept ", v(8))
	a.op(isa.SET, 8, 5)
	a.op(isa.FRAME)
	a.op(isa.CLS)
	loop := a.op(isa.ADD, 8, v(8), 1)
	a.op(isa.RND, 9, 10)
	a.op(isa.JMP, loop)
	p := a.program()
	e, cpu := load(t, p), engine.NewCPU()
	defer cpu.Close()
	must(t, cpu.Load(t.Context(), p, isa.DefaultSeed))
	_, err := cpu.Frame(t.Context(), machine.Input{}, 0)
	must(t, err)
	_, err = e.Frame(t.Context(), machine.Input{}, 0)
	must(t, err)
	_, err = e.Frame(&ended{t.Context(), 3}, machine.Input{MouseX: 9}, 0)
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v", err)
	}
	compare(t, e, cpu)
}

func TestAClosedDeviceIsLost(t *testing.T) {
	device(t)
	d, err := Open(Options{Software: true})
	if errors.Is(err, engine.ErrUnavailable) {
		difftest.SkipWithoutGPU(t, err)
	}
	must(t, err)
	a := cells(t, 8, 8)
	a.op(isa.HALT)
	e := d.New()
	must(t, e.Load(t.Context(), a.program(), 1))
	d.Close()
	d.Close()
	if _, err := e.Frame(t.Context(), machine.Input{}, 0); !errors.Is(err, engine.ErrLost) {
		t.Errorf("error %v", err)
	}
	must(t, e.Close())
}

// TestMachinesTakeTurns runs machines of one device from several goroutines.
func TestMachinesTakeTurns(t *testing.T) {
	p := animation(t)
	cpu := engine.NewCPU()
	defer cpu.Close()
	must(t, cpu.Load(t.Context(), p, 1))
	for range 5 {
		_, err := cpu.Frame(t.Context(), machine.Input{}, 0)
		must(t, err)
	}
	var machines []engine.Engine
	errs := make(chan error)
	for range 3 {
		e := load(t, p)
		machines = append(machines, e)
		go func() {
			var err error
			for i := 0; i < 5 && err == nil; i++ {
				_, err = e.Frame(t.Context(), machine.Input{}, 0)
			}
			errs <- err
		}()
	}
	for range machines {
		must(t, <-errs)
	}
	for _, e := range machines {
		compare(t, e, cpu)
	}
}
