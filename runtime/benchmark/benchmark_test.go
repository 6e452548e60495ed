package benchmark

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gvpie/assets/bench"
	"gvpie/runtime/cputime"
	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
)

// The yardsticks paint what the programs paint, frame by frame.
func TestYardsticksPaintWhatTheProgramsPaint(t *testing.T) {
	compiler := newCompiler()
	t.Cleanup(compiler.close)
	for _, c := range []struct {
		name    string
		w, h    int
		numbers []uint32
	}{
		{"plasma", 37, 19, nil}, {"mandel", 130, 70, nil}, {"life", 40, 30, nil}, {"rects", 64, 48, []uint32{60, 9, 5}},
	} {
		t.Run(c.name, func(t *testing.T) {
			source := resized(bench.Program(c.name), c.w, c.h)
			for i, name := range []string{"COUNT", "WIDE", "HIGH"} {
				if c.numbers != nil {
					source = constant(source, name, c.numbers[i])
				}
			}
			p, err := assemble(source)
			if err != nil {
				t.Fatal(err)
			}
			e := engine.NewCPU()
			defer e.Close()
			if err := e.Load(t.Context(), p, isa.DefaultSeed); err != nil {
				t.Fatal(err)
			}
			loop := bench.NewLoop(c.name, c.w, c.h, c.numbers...)
			program, err := compiler.start(t.Context(), c.name, c.w, c.h, c.numbers...)
			if err != nil && !errors.Is(err, errNoCompiler) {
				t.Fatal(err)
			}
			if program != nil {
				defer program.stop()
			}
			for n := range uint32(3) {
				if r, err := e.Frame(t.Context(), machine.Input{}, 0); err != nil || r.Status != isa.Framed {
					t.Fatal(r.Fault, err)
				}
				ours, err := e.Read(t.Context(), machine.DisplayPage)
				if err != nil {
					t.Fatal(err)
				}
				if loop.Frame(n); !slices.Equal(ours, loop.Display) {
					t.Errorf("frame %d of the loop in Go is another", n)
				}
				if program == nil {
					continue
				}
				if _, err := program.run(1); err != nil {
					t.Fatal(err)
				}
				if got, err := program.hash(); err != nil || got != hash(ours) {
					t.Errorf("frame %d of the program in C has the hash %d, not %d (%v)", n, got, hash(ours), err)
				}
			}
		})
	}
}

// hash is what the programs in C answer of the same page.
func hash(page []uint32) uint64 {
	h := uint64(14695981039346656037)
	for _, word := range page {
		h = (h ^ uint64(word)) * 1099511628211
	}
	return h
}

// The loop of the core counts the instructions that the machine executes.
func TestTheCoreLoopIsTheProgram(t *testing.T) {
	p, err := assemble(bench.Program("core"))
	if err != nil {
		t.Fatal(err)
	}
	loop := bench.NewLoop("core", 3, 1, 5000)
	loop.Frame(0)
	e := engine.NewCPU()
	defer e.Close()
	if err := e.Load(t.Context(), p, isa.DefaultSeed); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Frame(t.Context(), machine.Input{}, loop.Display[2]); err != nil {
		t.Fatal(err)
	}
	data, err := e.Read(t.Context(), machine.DataPage)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(data, loop.Display[0]) || !slices.Contains(data, loop.Display[1]) {
		t.Errorf("after %d instructions the loop has x = %d and y = %d, the machine %v", loop.Display[2], loop.Display[0], loop.Display[1], data)
	}
	compiler := newCompiler()
	defer compiler.close()
	program, err := compiler.start(t.Context(), "core", 3, 1, 5000)
	if errors.Is(err, errNoCompiler) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer program.stop()
	if _, err := program.run(1); err != nil {
		t.Fatal(err)
	}
	if got, err := program.hash(); err != nil || got != hash(loop.Display) {
		t.Errorf("the program in C comes to other numbers than the loop in Go (%v)", err)
	}
}

// clock is a processor that needs a millisecond for whatever it is asked.
func clock() func() time.Duration {
	var t time.Duration
	return func() time.Duration {
		t += time.Millisecond
		return t
	}
}

func config(rows ...string) Config {
	return Config{ProcessorTime: clock(), Engine: engine.NewCPU, Rounds: 1, Only: rows}
}

func TestARowHasItsFigures(t *testing.T) {
	t.Setenv("CC", "/nowhere")
	t.Setenv("PATH", "")
	var done []string
	c := config("mandel", "keystroke_ms")
	c.Done = func(r Row) { done = append(done, r.Name) }
	r, err := Run(t.Context(), c)
	if err != nil || len(r.Rows) != 2 || !slices.Equal(done, c.Only) {
		t.Fatalf("%+v, %v; done %v", r, err, done)
	}
	m := r.Rows[0]
	// Each side needed a millisecond for its turn of 25 runs.
	if m.Ratio == nil || *m.Ratio != 1 || !*m.Reached || *m.Ours != *m.Yardstick || m.Against != "Go loop" || !strings.Contains(m.Note, "no C compiler") {
		t.Errorf("%+v", m)
	}
	k := r.Rows[1]
	if k.Ratio != nil || k.Yardstick != nil || k.Ours == nil || !*k.Reached || k.Note != "" {
		t.Errorf("%+v", k)
	}
	text, err := json.Marshal(k)
	if want := `"yardstick":null,"unit":"ms","ratio":null,"to_reach":16.666666666666668,"reached":true}`; err != nil || !strings.HasSuffix(string(text), want) {
		t.Errorf("%s, not …%s (%v)", text, want, err)
	}
}

func TestARowThatCannotBeMeasuredSaysWhy(t *testing.T) {
	c := config("hello")
	c.Engine = func() engine.Engine { return engine.NoGPU("the shop is closed").NewMachine() }
	r, err := Run(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if row := r.Rows[0]; row.Ours != nil || row.Ratio != nil || row.Reached != nil || row.Note != "not measured: the shop is closed" || row.ToReach == 0 {
		t.Errorf("%+v", row)
	}
}

// What the debugger answers is there, however long it took.
func TestTheDebuggerIsMeasured(t *testing.T) {
	c := config()
	c.Table = Debugging
	r, err := Run(t.Context(), c)
	if err != nil || len(r.Rows) != len(Debugging.Rows()) {
		t.Fatalf("%+v, %v", r, err)
	}
	for _, row := range r.Rows {
		if row.Ours == nil || row.Reached == nil || row.Note != "" || row.Unit != "ms" || !row.Less {
			t.Errorf("%+v", row)
		}
	}
}

// A painter that says what primitive -v says stands in for it.
func TestImprovingIsMeasured(t *testing.T) {
	dir := t.TempDir()
	painter := "#!/bin/sh\ncase \"$*\" in *'-m 2 -n 50 -a 255 -v') echo '1: t=0.1, score=0.4, n=3'; echo '2: t=0.2, score=0.25, n=3';; esac\n"
	if err := os.WriteFile(filepath.Join(dir, "primitive"), []byte(painter), 0o755); err != nil {
		t.Fatal(err)
	}
	names := strings.Fields("pair_board small_candidates paint_poster paint_rings")
	if runtime.GOOS != "windows" {
		t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
		names = append(names, "primitive_poster")
	}
	c := config(names...)
	c.Table, c.Search = Improving, 50*time.Millisecond
	r, err := Run(t.Context(), c)
	if err != nil || len(r.Rows) != len(names) {
		t.Fatalf("%+v, %v", r, err)
	}
	for i, row := range r.Rows {
		beside := strings.HasPrefix(row.Name, "p")
		if row.Name != names[i] || row.Ours == nil || *row.Ours <= 0 || row.Reached == nil || (row.Ratio != nil) != beside {
			t.Errorf("%+v", row)
		}
		if row.Name == "primitive_poster" && (*row.Yardstick != 0.25 || *row.Ratio != 0.25 / *row.Ours || !strings.Contains(row.Note, "primitive ")) {
			t.Errorf("%+v", row)
		}
		if strings.HasPrefix(row.Name, "paint") && *row.Ratio < 0.5 {
			t.Errorf("%+v", row)
		}
	}
}

func TestRunStops(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Run(ended, config("hello")); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestTheWindowIsMeasuredAtSixtyFrames(t *testing.T) {
	c := config("window_cpu", "compile_ms")
	r, err := Run(t.Context(), c)
	if err != nil || r.Rows[0].Note == "" || r.Rows[0].Ours != nil {
		t.Errorf("there was no window, and no compiler: %+v, %v", r, err)
	}
	c.Window = func(_ context.Context, _, source string, frames int) (processor, wall time.Duration, err error) {
		if frames < 1 || !strings.Contains(source, "EACH") {
			t.Errorf("%d frames of\n%s", frames, source)
		}
		return 10 * time.Millisecond, 20 * time.Millisecond, nil
	}
	r, err = Run(t.Context(), c)
	if err != nil || r.Rows[1].Ours == nil || math.Round(*r.Rows[1].Ours) != 60 || math.Round(*r.Rows[1].Wall) != 120 || !*r.Rows[1].Reached {
		t.Errorf("10 ms a frame are 60 %% of a core: %+v, %v", r, err)
	}
	if compile := r.Rows[0]; compile.Ours != nil || !strings.Contains(compile.Note, "interpreted") {
		t.Errorf("%+v", compile)
	}
}

// Less time is better in ms, more work in all other units; against a yardstick the
// ratio counts.
func TestReachedGoesByTheRatioOrTheUnit(t *testing.T) {
	ms := func(d time.Duration) cost { return cost{d, d} }
	for _, c := range []struct {
		unit    unit
		toReach float64
		m       measured
		ours    float64
		reached bool
	}{
		{milliseconds, 2, measured{ours: ms(time.Millisecond)}, 1, true},
		{milliseconds, 2, measured{ours: ms(3 * time.Millisecond)}, 3, false},
		{texels, 2, measured{work: 3e6, ours: ms(time.Second)}, 3, true},
		{texels, 4, measured{work: 3e6, ours: ms(time.Second)}, 3, false},
		{milliseconds, 0.5, measured{ours: ms(3 * time.Millisecond), yardstick: ms(2 * time.Millisecond), ratio: 2. / 3, against: "C"}, 3, true},
		{milliseconds, 0.8, measured{ours: ms(3 * time.Millisecond), yardstick: ms(2 * time.Millisecond), ratio: 2. / 3, against: "C"}, 3, false},
	} {
		r := Row{ToReach: c.toReach}
		r.fill(c.unit, c.m)
		if *r.Ours != c.ours || *r.Reached != c.reached {
			t.Errorf("%v to reach %v: %v, reached %v", c.m, c.toReach, *r.Ours, *r.Reached)
		}
	}
}

// The names are what tools go by.
func TestTheRowsHaveTheirNames(t *testing.T) {
	want := strings.Fields("plasma plasma_1024 mandel mandel_1024 life_1024 core hello raster_10 raster_1000 raster_50000 raster_edge_free present_nearest present_two_tap present_general batch batch_each example_plasma example_life example_fire example_julia raymarch voronoi keystroke_ms compile_ms window_cpu gpu_plasma_1024 gpu_mandel_1024 gpu_batch")
	want = append(want, strings.Fields("who why_10_hops block lines step_back step_back_far last_write slide_frames slide_cycles record_frame")...)
	want = append(want, strings.Fields("pair_plasma pair_skyline pair_status pair_board pair_starfall pair_bars pair_life pair_gauge pair_weave pair_sunrise pair_ember pair_shutter pairs_median pairs_proved bit_tricks small_candidates")...)
	want = append(want, strings.Fields("paint_sunset paint_poster paint_hills paint_rings paint_notice primitive_sunset primitive_poster primitive_hills primitive_rings primitive_notice")...)
	var got []string
	for _, r := range slices.Concat(Programs.Rows(), Debugging.Rows(), Improving.Rows()) {
		got = append(got, r.Name)
		if r.ToReach <= 0 || r.Unit == "" || r.About == "" || r.Group == "" {
			t.Errorf("%+v", r)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("the rows are %v, not %v", got, want)
	}
}

// On a GPU the clock counts; on one that is the processor, how long it was busy.
func TestAGPUIsMeasuredByItsClock(t *testing.T) {
	for _, software := range []bool{true, false} {
		c := config("gpu_plasma_1024")
		c.GPU = func(_ context.Context, p isa.Program, kernel string, rounds int) (*Comparison, error) {
			if len(p) == 0 || !strings.Contains(kernel, "@compute") || rounds != 1 {
				t.Errorf("%d words, %d rounds, the kernel\n%s", len(p), rounds, kernel)
			}
			return &Comparison{
				Adapter: "a board", Software: software, Dispatches: 10,
				Ours:      []cputime.Cost{{Processor: 40 * time.Millisecond, Wall: 10 * time.Millisecond}},
				Yardstick: []cputime.Cost{{Processor: 20 * time.Millisecond, Wall: 10 * time.Millisecond}},
			}, nil
		}
		r, err := Run(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		row, want := r.Rows[0], map[bool]float64{true: 0.5, false: 1}[software]
		if row.Ratio == nil || *row.Ratio != want || *row.Reached == software || row.Note != "on a board" || row.Against != "WGSL" {
			t.Errorf("%+v", row)
		}
		if perSecond := 1024 * 1024 * 10 / 0.01 / 1e6; math.Abs(*row.Wall-perSecond) > 1 {
			t.Errorf("%v Mtexel/s by the clock, not %v", *row.Wall, perSecond)
		}
	}
}

// hash is what the program makes of its display page.
func (p *cProgram) hash() (uint64, error) {
	answer, err := p.order("hash")
	if err != nil {
		return 0, err
	}
	return strconv.ParseUint(answer, 10, 64)
}

// batcher is the CPU as if it were a GPU.
type batcher struct{ leaves bool }

func (b batcher) RunMany(ctx context.Context, runs []engine.RunOptions) ([]engine.Tried, error) {
	tried := make([]engine.Tried, len(runs))
	if b.leaves {
		return tried, nil
	}
	_, err := engine.Batch(ctx, nil, len(runs), func(i int) engine.RunOptions { return runs[i] }, func(i int, m *machine.Machine, r engine.Result) bool {
		r.Kind = engine.GPU
		tried[i] = engine.Tried{Ran: true, Result: r, Pages: engine.Pages{Display: slices.Clone(m.Page(machine.DisplayPage))}}
		return true
	})
	return tried, err
}

func TestABatchOnTheGPUIsMeasured(t *testing.T) {
	c := config("gpu_batch")
	r, err := Run(t.Context(), c)
	if err != nil || r.Rows[0].Ours != nil || r.Rows[0].Note != "not measured: there is no GPU here" {
		t.Errorf("%+v, %v", r, err)
	}
	c.Batcher = func(context.Context) (engine.Batcher, string, func(), error) {
		return batcher{}, "a lamp", func() { c.Only = nil }, nil
	}
	r, err = Run(t.Context(), c)
	if err != nil || r.Rows[0].Ours == nil || r.Rows[0].Note != "on a lamp" || c.Only != nil {
		t.Errorf("%+v, %v", r, err)
	}
	c.Only = []string{"gpu_batch"}
	c.Batcher = func(context.Context) (engine.Batcher, string, func(), error) {
		return batcher{leaves: true}, "a lamp", func() {}, nil
	}
	r, err = Run(t.Context(), c)
	if err != nil || r.Rows[0].Ours != nil || !strings.Contains(r.Rows[0].Note, "left to the CPU") {
		t.Errorf("%+v, %v", r, err)
	}
}
