package worker

import (
	"image"
	"reflect"
	"testing"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// both runs a test with payloads in shared memory and in the frames.
func both(t *testing.T, test func(t *testing.T, edit func(*Config))) {
	t.Run("shared", func(t *testing.T) { test(t, nil) })
	t.Run("piped", func(t *testing.T) { test(t, func(c *Config) { c.noShared = true }) })
}

func TestEveryCallCrossesThePipe(t *testing.T) {
	both(t, func(t *testing.T, edit func(*Config)) {
		s, _ := started(t, "cpu", edit)
		if got := s.Status(); got != (engine.Status{State: engine.Ready, Adapter: "stand-in"}) {
			t.Fatalf("status %+v", got)
		}
		e, ref := load(t, s.NewMachine(), bounce, 7), reference(t, bounce, 7)
		wantReports(t, run(t, e, 0, 20), run(t, ref, 0, 20))
		wantSame(t, e, ref)
		wantKind(t, e, engine.GPU)

		v := machine.View{Texture: machine.HumanTexture, Width: 301, Height: 200, X: -3.5, Y: 2.25, Scale: 1.75, Back: 0x112233, Grid: true,
			Mark: machine.Rect{X: 1, Y: 2, W: 3, H: 4}}
		got, want := image.NewRGBA(image.Rect(0, 0, 301, 200)), image.NewRGBA(image.Rect(0, 0, 301, 200))
		if err := e.Render(t.Context(), v, got); err != nil {
			t.Fatal(err)
		}
		if err := ref.Render(t.Context(), v, want); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatal("the view differs")
		}

		snap, err := e.Snapshot(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		run(t, e, 20, 5)
		if err := e.Restore(t.Context(), snap); err != nil {
			t.Fatal(err)
		}
		wantReports(t, run(t, e, 20, 5), run(t, ref, 20, 5))
		wantSame(t, e, ref)
	})
}

func TestErrorsKeepTheirMeaning(t *testing.T) {
	s, _ := started(t, "cpu", nil)
	e := s.NewMachine()
	defer e.Close()
	_, err := e.Frame(t.Context(), machine.Input{}, 0)
	wantError(t, err, engine.ErrNoProgram)
	wantError(t, e.Load(t.Context(), isa.Program{1, 2, 3}, 1), isa.ErrProgram)
	wantError(t, e.Load(t.Context(), assemble(t, "EACH\nPUT px\nEND"), 1), engine.ErrUnsupported)
	load(t, e, "SET x = 1 / zero\nSET zero = 0", 1)
	r, err := e.Frame(t.Context(), machine.Input{}, 0)
	if err != nil || r.Status != isa.Faulted || r.Fault == nil || r.Fault.Code != isa.DivByZero || r.Fault.A != 1 || r.Fault.X != -1 {
		t.Fatalf("report %+v, %v", r, err)
	}
	_, err = e.Read(t.Context(), 99)
	wantError(t, err, engine.ErrPage)
	dst := image.NewRGBA(image.Rect(0, 0, 9, 9))
	for _, v := range []machine.View{{Width: 9, Height: 9}, {Width: 8, Height: 9, Scale: 1}, {Width: maxView + 1, Height: 9, Scale: 1}} {
		wantError(t, e.Render(t.Context(), v, dst), machine.ErrView)
	}
	snap, err := e.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	snap.State[isa.StStatus] = 99
	wantError(t, e.Restore(t.Context(), snap), machine.ErrSnapshot)
	snap.Data = make([]uint32, isa.MaxDataWords+1)
	wantError(t, e.Restore(t.Context(), snap), machine.ErrSnapshot)
}

// A worker holds so many machines and no more: those that were closed do not
// count.
func TestClosedMachinesAreForgotten(t *testing.T) {
	s, _ := started(t, "cpu", nil)
	p := assemble(t, "HALT")
	for i := range maxMachines + 1 {
		m := s.NewMachine()
		if err := m.Load(t.Context(), p, 1); err != nil {
			t.Fatalf("machine %d: %v", i, err)
		}
		if err := m.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
