package worker

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"testing"

	"go.uber.org/goleak"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl/pxltest"
)

// The test binary is its own worker: with standInEnv set it serves a stand-in
// for the GPU, which is the CPU engine with accidents on demand.
const (
	standInEnv = "GVPIE_TEST_STAND_IN"
	parentEnv  = "GVPIE_TEST_PARENT"
)

func TestMain(m *testing.M) {
	switch mode := os.Getenv(standInEnv); mode {
	case "":
	case "die":
		fmt.Fprintln(os.Stderr, "thread 'main' panicked at 'no adapter, says the driver'")
		os.Exit(101)
	case "garbage":
		fmt.Println("Hello, I am a driver and I print where I like.")
		io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	case "silent":
		io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	case "real":
		os.Exit(Main(nil))
	default:
		os.Exit(serveStandIn(mode))
	}
	if os.Getenv(parentEnv) != "" {
		os.Exit(parentMain())
	}
	goleak.VerifyTestMain(m)
}

// parentMain is a parent that has a worker, names it, and waits to be killed.
func parentMain() int {
	s := Start(Config{Command: []string{os.Args[0]}, Env: []string{parentEnv + "=", standInEnv + "=cpu"}})
	if err := s.WaitReady(context.Background()); err != nil {
		return 1
	}
	fmt.Println(workerProcess(s).Pid)
	io.Copy(io.Discard, os.Stdin)
	return 0
}

// workerProcess is the worker that runs now.
func workerProcess(s *Supervisor) *os.Process {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.process.cmd.Process
}

// start starts a supervisor of stand-ins whose clock stands still.
func start(t testing.TB, mode string, edit func(*Config)) (*Supervisor, *fakeClock) {
	t.Helper()
	clock := newFakeClock()
	c := Config{
		Command: []string{os.Args[0]}, Env: []string{standInEnv + "=" + mode, "GORACE=atexit_sleep_ms=0"}, Clock: clock,
		Logger: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if edit != nil {
		edit(&c)
	}
	s := Start(c)
	t.Cleanup(func() { s.Close() })
	return s, clock
}

// started is start, and waits until the worker is ready.
func started(t testing.TB, mode string, edit func(*Config)) (*Supervisor, *fakeClock) {
	t.Helper()
	s, clock := start(t, mode, edit)
	if err := s.WaitReady(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s, clock
}

// until waits for a status.
func until(t testing.TB, s *Supervisor, want func(engine.Status) bool) engine.Status {
	t.Helper()
	statuses, cancel := s.Watch()
	defer cancel()
	for {
		select {
		case st := <-statuses:
			if want(st) {
				return st
			}
		case <-t.Context().Done():
			t.Fatal("the test ended")
		}
	}
}

func readyAgain(restarts int) func(engine.Status) bool {
	return func(st engine.Status) bool { return st.State == engine.Ready && st.Restarts >= restarts }
}

func assemble(t testing.TB, source string) isa.Program {
	t.Helper()
	return pxltest.Assemble(t, source).Program
}

// bounce animates for ever, and keeps state in data, display and random state.
const bounce = `
.array trail 64
SET x = 3
SET y = 5
SET dx = 2
SET dy = 1
loop:
  RECT x y 8 4 (rnd(0x1000000))
  TXT (x + 1) (y + 1) f{frame}
  SET trail[frame & 63] = trail[(frame - 1) & 63] * 3 + x + mx
  PLOT (peek(x, y) & 127) (trail[frame & 63] & 63) red
  LOG at {x} {y}
  SET x = x + dx
  SET y = y + dy
  IF x < 0 || x > W - 8 SET dx = -dx
  IF y < 0 || y > H - 4 SET dy = -dy
  FRAME
  JMP loop
`

// print is everything a machine shows, hashed: what engines must agree on.
func print(t testing.TB, e engine.Engine) string {
	t.Helper()
	h := sha256.New()
	for page := machine.DisplayPage; page < machine.StatePage; page++ {
		words, err := e.Read(t.Context(), page)
		if err != nil {
			t.Fatal(err)
		}
		h.Write(wordBytes(words))
	}
	list, payload, err := e.Commands(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	h.Write(commandBytes(list))
	h.Write(wordBytes(payload))
	img, err := e.Human(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	h.Write(img.Pix)
	return fmt.Sprintf("%x", h.Sum(nil)[:8])
}

// run runs frames n frames, from the frame numbered first, each with an input of
// its own.
func run(t testing.TB, e engine.Engine, first, n int) (reports []machine.Report) {
	t.Helper()
	for i := first; i < first+n; i++ {
		r, err := e.Frame(t.Context(), input(i), 0)
		if err != nil {
			t.Fatalf("frame %d: %v", i, err)
		}
		reports = append(reports, r)
	}
	return reports
}

func input(i int) machine.Input {
	return machine.Input{MouseX: int32(i), MouseY: int32(-i), Buttons: int32(i & 7), Keys: [8]uint32{uint32(i)}}
}

func load(t testing.TB, e engine.Engine, source string, seed int32) engine.Engine {
	t.Helper()
	t.Cleanup(func() { e.Close() })
	if err := e.Load(t.Context(), assemble(t, source), seed); err != nil {
		t.Fatal(err)
	}
	return e
}

// failover is a machine that prefers s's worker, with the same clock.
func failover(s *Supervisor) *engine.Failover {
	return engine.New(engine.Options{Backend: engine.OnGPU, GPU: s, Now: s.config.Clock.Now, Logger: s.config.Logger}).(*engine.Failover)
}

// live is that for a machine that somebody watches.
func live(s *Supervisor) *engine.Failover {
	return engine.New(engine.Options{Backend: engine.OnGPU, GPU: s, Live: true, Now: s.config.Clock.Now, Logger: s.config.Logger}).(*engine.Failover)
}

// reference is a machine that no accident ever meets.
func reference(t testing.TB, source string, seed int32) engine.Engine {
	return load(t, engine.NewCPU(), source, seed)
}

func wantKind(t testing.TB, e engine.Engine, want engine.Kind) {
	t.Helper()
	if got := e.Kind(); got != want {
		t.Fatalf("ran on the %v, want %v; adapter %q", got, want, e.Adapter())
	}
}

func wantSame(t testing.TB, got, want engine.Engine) {
	t.Helper()
	if g, w := print(t, got), print(t, want); g != w {
		t.Fatalf("the machine is %s, the reference %s", g, w)
	}
}

func wantReports(t testing.TB, got, want []machine.Report) {
	t.Helper()
	for i := range want {
		g, w := got[i], want[i]
		if g.Status != w.Status || g.Cycles != w.Cycles || g.Frame != w.Frame || g.Commands != w.Commands || !slices.Equal(g.Log, w.Log) {
			t.Fatalf("report %d is %+v, want %+v", i, g, w)
		}
	}
}

func wantError(t testing.TB, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("error %v, want %v", err, want)
	}
}
