package gpu

import (
	"context"
	"errors"
	"image"
	"slices"
	"sync"
	"testing"

	"gvpie/runtime/difftest"
	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

var shared = sync.OnceValues(func() (*Device, error) { return Open(Options{}) })

// device is one device for all tests. Where there is no driver there is nothing
// to test; a driver that cannot run the shaders is a failure.
func device(t testing.TB) *Device {
	t.Helper()
	d, err := shared()
	if errors.Is(err, engine.ErrUnavailable) && !errors.Is(err, engine.ErrLost) {
		difftest.SkipWithoutGPU(t, err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// load makes a machine that is closed with the test.
func load(t testing.TB, p isa.Program) engine.Engine {
	t.Helper()
	e := device(t).New()
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	must(t, e.Load(t.Context(), p, isa.DefaultSeed))
	return e
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// same runs a program for some frames here and on the reference, and compares
// everything that can be seen of the two after each.
func same(t *testing.T, p isa.Program, frames int, budget uint32) machine.Report {
	t.Helper()
	e := load(t, p)
	cpu := engine.NewCPU()
	defer cpu.Close()
	must(t, cpu.Load(t.Context(), p, isa.DefaultSeed))
	var last machine.Report
	for i := range frames {
		in := machine.Input{MouseX: int32(i), MouseY: -3, Buttons: 1}
		in.Keys[2] = 1 << 1 // 'A'
		want, err := cpu.Frame(t.Context(), in, budget)
		must(t, err)
		last, err = e.Frame(t.Context(), in, budget)
		must(t, err)
		compareReports(t, last, want)
		compare(t, e, cpu)
		if t.Failed() {
			t.Fatalf("after frame %d", i)
		}
	}
	return last
}

func compareReports(t *testing.T, got, want machine.Report) {
	t.Helper()
	gf, wf := got.Fault, want.Fault
	if (gf == nil) != (wf == nil) || gf != nil && *gf != *wf {
		t.Errorf("fault %+v, not %+v", gf, wf)
	}
	if !slices.Equal(got.Log, want.Log) {
		t.Errorf("log %v, not %v", got.Log, want.Log)
	}
	got.Fault, want.Fault, got.Log, want.Log = nil, nil, nil, nil
	if got.Status != want.Status || got.Cycles != want.Cycles || got.Frame != want.Frame || got.Commands != want.Commands {
		t.Errorf("report %+v, not %+v", got, want)
	}
}

// compare compares pages, commands and the human texture.
func compare(t *testing.T, got, want engine.Engine) {
	t.Helper()
	ctx := t.Context()
	for page := machine.DisplayPage; page <= machine.StatePage; page++ {
		g, err := got.Read(ctx, page)
		must(t, err)
		w, err := want.Read(ctx, page)
		must(t, err)
		if len(g) != len(w) {
			t.Errorf("%v page of %d words, not %d", page, len(g), len(w))
			continue
		}
		for i := range w {
			if g[i] != w[i] {
				t.Errorf("%v page: word %d is %08X, not %08X", page, i, g[i], w[i])
				break
			}
		}
	}
	gc, gp, err := got.Commands(ctx)
	must(t, err)
	wc, wp, err := want.Commands(ctx)
	must(t, err)
	if !slices.Equal(gc, wc) {
		t.Errorf("commands %v, not %v", head(gc), head(wc))
	}
	if !slices.Equal(gp, wp) {
		t.Errorf("payload %v, not %v", head(gp), head(wp))
	}
	gh, err := got.Human(ctx)
	must(t, err)
	wh, err := want.Human(ctx)
	must(t, err)
	comparePictures(t, gh, wh, 0)
}

func head[T any](s []T) []T { return s[:min(len(s), 8)] }

// comparePictures allows a channel to be off by so much.
func comparePictures(t *testing.T, got, want *image.RGBA, off int) {
	t.Helper()
	if got.Rect != want.Rect {
		t.Errorf("a picture of %v, not %v", got.Rect, want.Rect)
		return
	}
	for i, w := range want.Pix {
		if d := int(got.Pix[i]) - int(w); d > off || d < -off {
			at := i / 4
			t.Errorf("pixel %d, %d is %v, not %v", at%want.Rect.Dx(), at/want.Rect.Dx(), got.Pix[4*at:][:4], want.Pix[4*at:][:4])
			return
		}
	}
}

func TestHello(t *testing.T) {
	a := cells(t, 128, 64)
	a.op(isa.TXT, 10, 10, "HELLO GPU")
	a.op(isa.HALT)
	r := same(t, a.program(), 2, 0)
	if r.Status != isa.Halted {
		t.Errorf("status %v", r.Status)
	}
}

func TestCanceledBeforeStart(t *testing.T) {
	a := cells(t, 8, 8)
	a.op(isa.FRAME)
	e := load(t, a.program())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.Frame(ctx, machine.Input{}, 0); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
