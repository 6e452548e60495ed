package host

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"gvpie/runtime/agent"
	"gvpie/runtime/api"
	"gvpie/runtime/engine"
	"gvpie/runtime/engine/enginetest"
	"gvpie/runtime/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// stillClock stands still: who waits by it waits for beat.
type stillClock struct{ beat chan time.Time }

func (stillClock) Now() time.Time                         { return time.Date(2026, 11, 22, 20, 0, 0, 0, time.UTC) }
func (c stillClock) After(time.Duration) <-chan time.Time { return c.beat }

// notices keeps what a Host has to say.
type notices struct {
	mu  sync.Mutex
	all []error
}

func (n *notices) add(err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.all = append(n.all, err)
}

// running is a Host whose loop has slept once, or been awaited to.
type running struct {
	*Host
	t     *testing.T
	loop  *agent.Agent
	stop  context.CancelFunc
	ended chan error
}

// start opens and runs a Host until its loop sleeps after the first cycle.
func start(t *testing.T, c Config) *running {
	t.Helper()
	if c.Clock == nil {
		c.Clock = stillClock{}
	}
	h, err := Open(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	return run(t, h)
}

func run(t *testing.T, h *Host) *running {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	r := &running{Host: h, t: t, stop: stop, ended: make(chan error, 1)}
	asleep := make(chan *agent.Agent, 1)
	go func() {
		r.ended <- h.Run(ctx, func(loop *agent.Agent) {
			events, cancel := loop.Watch()
			go func() {
				defer cancel()
				for e := range events {
					if e.Status.Phase == agent.Sleeping {
						asleep <- loop
						return
					}
				}
			}()
		})
	}()
	select {
	case r.loop = <-asleep:
	case err := <-r.ended:
		t.Fatalf("the loop ended: %v", err)
	}
	return r
}

// end ends it, and finds the folder as it must be left.
func (r *running) end() {
	r.t.Helper()
	r.stop()
	if err := <-r.ended; err != nil {
		r.t.Errorf("running: %v", err)
	}
	if err := r.Close(); err != nil {
		r.t.Errorf("closing: %v", err)
	}
	if who, held := agent.WhoRuns(r.config.Data); held {
		r.t.Errorf("the lock is still held by %v", who)
	}
	if _, err := r.Store().Runs(context.Background(), store.Page{Limit: 1}); !errors.Is(err, store.ErrClosed) {
		r.t.Errorf("the database is still open: %v", err)
	}
}

func TestTheServicesStartAndEnd(t *testing.T) {
	dir, addr := t.TempDir(), port(t)
	for range 2 { // what the first left serves the second
		r := start(t, Config{Data: dir, Name: "a test", Version: "v9", Addr: addr})
		if code, text := get(t, addr, "/health", ""); code != 200 || text != "✅ AI Runtime Healthy" {
			t.Errorf("%d %q", code, text)
		}
		if code, text := get(t, addr, "/status", ""); code != 200 || !strings.Contains(text, `"v9"`) {
			t.Errorf("%d %q", code, text)
		}
		if who, held := agent.WhoRuns(dir); !held || who.What != "a test" || who.API != addr {
			t.Errorf("held %v by %+v", held, who)
		}
		r.end()
	}
	log, err := os.ReadFile(filepath.Join(dir, "logs", "daemon.log"))
	if err != nil || strings.Count(string(log), "hello_gpu ✅ succeeded") != 2 || strings.Count(string(log), "the API listens") != 2 {
		t.Errorf("the log is %s, %v", log, err)
	}
}

func TestTheCyclesEndTheServices(t *testing.T) {
	h, err := Open(context.Background(), Config{Data: t.TempDir(), Name: "a test", Cycles: 1, Addr: port(t)})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(h.Run(context.Background(), nil), h.Close()); err != nil {
		t.Error(err)
	}
}

func TestAHeldLockIsReported(t *testing.T) {
	dir := t.TempDir()
	first := start(t, Config{Data: dir, Name: "the first"})
	_, err := Open(context.Background(), Config{Data: dir, Name: "the second"})
	var held *agent.HeldError
	if !errors.As(err, &held) || held.Holder.What != "the first" || held.Holder.PID != os.Getpid() {
		t.Errorf("the second is told %v", err)
	}
	for _, mode := range []Mode{RunOrWait, Read} {
		h, err := Open(context.Background(), Config{Data: dir, Name: "the second", Mode: mode})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(h.Holder().Name(), "the first (process ") {
			t.Errorf("mode %d: held by %v", mode, h.Holder())
		}
		if runs, err := h.Store().Runs(context.Background(), store.Page{Limit: 9}); err != nil || len(runs) != 1 {
			t.Errorf("mode %d: %d runs, %v", mode, len(runs), err)
		}
		if err := h.Run(context.Background(), nil); !errors.Is(err, errNotHeld) {
			t.Errorf("mode %d: it runs beside the first: %v", mode, err)
		}
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	}
	first.end()
}

func TestTheLoopIsGoneOnWithWhenTheOtherProcessEnds(t *testing.T) {
	dir := t.TempDir()
	first := start(t, Config{Data: dir, Name: "the first"})
	clock := stillClock{make(chan time.Time)}
	h, err := Open(context.Background(), Config{Data: dir, Name: "the second", Mode: RunOrWait, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	looks := make(chan agent.Holder, 1)
	awaited := make(chan error, 1)
	go func() { awaited <- h.Await(context.Background(), func(holder agent.Holder) { looks <- holder }) }()
	clock.beat <- time.Time{}
	if holder := <-looks; holder.What != "the first" {
		t.Errorf("after a look it is held by %v", holder)
	}
	first.end()
	clock.beat <- time.Time{}
	if holder := <-looks; !holder.Nobody() {
		t.Errorf("after the first has ended it is held by %v", holder)
	}
	if err := <-awaited; err != nil {
		t.Fatal(err)
	}
	second := run(t, h)
	if who, held := agent.WhoRuns(dir); !held || who.What != "the second" {
		t.Errorf("held %v by %v", held, who)
	}
	if log, err := os.ReadFile(filepath.Join(dir, "logs", "daemon.log")); err != nil || strings.Count(string(log), "hello_gpu ✅ succeeded") != 2 {
		t.Errorf("the log is %s, %v", log, err)
	}
	second.end()
}

func TestWaitingEndsWithItsContext(t *testing.T) {
	h, err := Open(context.Background(), Config{Data: t.TempDir(), Name: "a reader", Mode: Read, Clock: stillClock{}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if err := h.Await(ctx, func(agent.Holder) { t.Error("it looked") }); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := h.Close(); err != nil {
		t.Error(err)
	}
}

// What a reader of the folder, or a caller of the API, sees of the services is the
// same whichever process runs them.
func TestTheWindowAndTheDaemonGiveTheSameServices(t *testing.T) {
	shows := func(c Config) (seen []string) {
		c.Data, c.Name, c.Addr = t.TempDir(), "a test", port(t)
		gpu := newFakeGPU()
		c.GPU = func(context.Context, engine.Backend, *slog.Logger) (engine.Source, error) { return gpu, nil }
		r := start(t, c)
		defer r.end()
		seen = append(seen, r.loop.Status().Health)
		for _, path := range []string{"/health", "/ready", "/api/pixel/backends", "/api/openapi.json", "/api/goals"} {
			code, text := get(t, c.Addr, path, "")
			seen = append(seen, path, text, string(rune('0'+code/100)))
		}
		runs, err := r.Store().Runs(context.Background(), store.Page{Limit: 9})
		if err != nil {
			t.Fatal(err)
		}
		for _, run := range runs {
			seen = append(seen, run.Script, run.Backend, run.Stderr, run.HumanPNG)
		}
		return seen
	}
	daemon := shows(Config{Console: new(bytes.Buffer)})
	window := shows(Config{
		Mode:   RunOrWait,
		Canvas: func(context.Context) (c api.Canvas, ok bool, err error) { return c, false, nil },
		Frames: make(chan uint32),
	})
	if !slices.Equal(daemon, window) {
		t.Errorf("the daemon's services are\n%q\nthe window's\n%q", daemon, window)
	}
	if !strings.HasPrefix(daemon[0], "GPU Paper · ") {
		t.Errorf("health is %q", daemon[0])
	}
}

func TestWithoutItsLogTheLoopRuns(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "logs"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	var said notices
	start(t, Config{Data: dir, Name: "a test", Notice: said.add}).end()
	if len(said.all) != 1 || !strings.HasPrefix(said.all[0].Error(), "the loop runs without its log: ") {
		t.Errorf("said: %v", said.all)
	}
}

func TestAFolderThatCannotBeOpenedIsLeftAsItWas(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "db"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(context.Background(), Config{Data: dir, Name: "a test"}); err == nil {
		t.Error("a file in place of the database's folder is no error")
	}
	if who, held := agent.WhoRuns(dir); held {
		t.Errorf("the lock is still held by %v", who)
	}
}

// fakeGPU is a GPU that is the CPU in disguise.
type fakeGPU struct {
	engine.Source
	statuses chan engine.Status
	mu       sync.Mutex
	status   engine.Status
}

func newFakeGPU() *fakeGPU {
	return &fakeGPU{Source: engine.NoGPU("it is a fake"), statuses: make(chan engine.Status), status: engine.Status{State: engine.Ready, Adapter: "Paper (1 sheet)"}}
}

func (g *fakeGPU) Watch() (<-chan engine.Status, func()) { return g.statuses, func() {} }
func (g *fakeGPU) Status() engine.Status {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.status
}

func TestTheBackendIsTheOneAskedForOrTheSettings(t *testing.T) {
	auto, gpu, cpu := engine.Auto, engine.OnGPU, engine.OnCPU
	for _, c := range []struct {
		config  *engine.Backend
		setting string
		asked   []engine.Backend // of the GPU
	}{
		{nil, "auto", []engine.Backend{auto}},
		{nil, "gpu", []engine.Backend{gpu}},
		{nil, "cpu", nil},
		{&auto, "cpu", []engine.Backend{auto}},
		{&cpu, "gpu", nil},
	} {
		var asked []engine.Backend
		source := func(_ context.Context, b engine.Backend, _ *slog.Logger) (engine.Source, error) {
			asked = append(asked, b)
			return newFakeGPU(), nil
		}
		h, err := Open(context.Background(), Config{Data: t.TempDir(), Name: "a test", Backend: c.config, GPU: source, Cycles: 1})
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Store().SetSetting(context.Background(), "backend", c.setting); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(h.Run(context.Background(), nil), h.Close()); err != nil {
			t.Error(err)
		}
		if !reflect.DeepEqual(asked, c.asked) {
			t.Errorf("asked for %v, with %q set: the GPU is asked for %v", c.config, c.setting, asked)
		}
	}
}

func TestWhatCannotRunIsAnError(t *testing.T) {
	none := errors.New("no GPU at all")
	h, err := Open(context.Background(), Config{Data: t.TempDir(), Name: "a test", Cycles: 1,
		GPU: func(context.Context, engine.Backend, *slog.Logger) (engine.Source, error) { return nil, none }})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Run(context.Background(), func(*agent.Agent) { t.Error("the loop starts") }); !errors.Is(err, none) {
		t.Error(err)
	}
	if err := h.Close(); err != nil {
		t.Error(err)
	}
}

// beats has a clock wake the loop after each cycle, once something is done.
type beats struct {
	now   time.Time
	slept int
	do    func(slept int)
}

func (b *beats) Now() time.Time { return b.now }
func (b *beats) After(d time.Duration) <-chan time.Time {
	b.slept++
	b.do(b.slept)
	b.now = b.now.Add(d)
	woken := make(chan time.Time, 1)
	woken <- b.now
	return woken
}

func TestTheBackendChangesWhileTheLoopRuns(t *testing.T) {
	cpu := engine.OnCPU
	for _, c := range []struct {
		flag *engine.Backend
		want []string // what the runs ran on
		gpus int      // GPUs that were started
	}{
		{nil, []string{"CPU", "GPU", "CPU", "GPU"}, 1},
		{&cpu, []string{"CPU", "CPU", "CPU", "CPU"}, 0}, // a flag beats its setting
	} {
		var h *Host
		set := func(value string) {
			if err := h.Store().SetSetting(context.Background(), "backend", value); err != nil {
				t.Error(err)
			}
		}
		gpus := 0
		clock := &beats{now: time.Now(), do: func(slept int) { set([]string{"gpu", "cpu", "gpu"}[slept-1]) }}
		h, err := Open(context.Background(), Config{Data: t.TempDir(), Name: "a test", Clock: clock, Cycles: 4, Backend: c.flag,
			GPU: func(context.Context, engine.Backend, *slog.Logger) (engine.Source, error) {
				gpus++
				return enginetest.NewGPU(), nil
			}})
		if err != nil {
			t.Fatal(err)
		}
		set("cpu")
		var loop *agent.Agent
		if err := h.Run(context.Background(), func(l *agent.Agent) { loop = l }); err != nil {
			t.Error(err)
		}
		// The last cycle began when the setting was cpu.
		if s := loop.Status(); !strings.HasPrefix(s.Health, "CPU ") {
			t.Errorf("health %q", s.Health)
		}
		runs, err := h.Store().Runs(context.Background(), store.Page{})
		var got []string
		for _, r := range slices.Backward(runs) {
			got = append(got, r.Backend)
		}
		if err != nil || !slices.Equal(got, c.want) || gpus != c.gpus {
			t.Errorf("runs on %v, want %v; %d GPUs; %v", got, c.want, gpus, err)
		}
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	}
}

// A hand may write anything: it is told of, and the loop runs.
func TestABackendThatMakesNoSenseIsAWarning(t *testing.T) {
	h, err := Open(context.Background(), Config{Data: t.TempDir(), Name: "a test", Clock: stillClock{}})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Store().SetSetting(context.Background(), "backend", "abacus"); err != nil {
		t.Fatal(err)
	}
	r := run(t, h)
	if s := r.loop.Status(); s.Runs != 1 || len(s.Warnings()) != 1 || s.Warnings()[0] != `the setting backend is "abacus": it is gpu, cpu or auto; it counts as auto` || s.Unready != "" {
		t.Errorf("%+v", s)
	}
	r.end()
}

func TestHealthSaysWhatRunsProgramsAndWhy(t *testing.T) {
	for want, s := range map[string]engine.Status{
		"GPU llvmpipe":                 {State: engine.Ready, Adapter: "llvmpipe (LLVM 19.1, 256 bits)"},
		"CPU (GPU starting)":           {State: engine.Starting},
		"CPU (GPU off: --backend cpu)": {State: engine.Off, Reason: "--backend cpu"},
	} {
		if got := health(s); got != want {
			t.Errorf("%+v: %q, want %q", s, got, want)
		}
	}
}
