package agent

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gvpie/runtime/agent/sandbox"
	"gvpie/runtime/cartridge"
	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/pxl"
	"gvpie/runtime/store"
)

// makeCartridge writes a cartridge of a program into the data folder.
func makeCartridge(t *testing.T, r *rig, name, source string) string {
	t.Helper()
	asm := pxl.Assemble(name, source)
	e := engine.NewCPU()
	defer e.Close()
	if _, err := engine.Run(t.Context(), e, engine.RunOptions{Program: asm.Program, Seed: 5}); err != nil {
		t.Fatal(err)
	}
	c := &cartridge.Cartridge{Source: source, Metadata: cartridge.Metadata{Kind: cartridge.Pixel, Name: name, CreatedAt: epoch, Seed: 5}}
	var err error
	if c.Machine, err = e.Snapshot(t.Context()); err != nil {
		t.Fatal(err)
	}
	if c.Picture, err = e.Human(t.Context()); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(CartridgeFolder(r.dir), name+".png")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := c.Write(f); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCartridgeIsVerifiedRunAndCounted(t *testing.T) {
	r := newRig(t)
	path := makeCartridge(t, r, "dice", "LOG {rnd(1000)} of {seed}\nHALT\n")
	r.only("by_name", "cartridge", "dice.png")
	r.add("by_api_id", "cartridge", "dice")
	r.add("by_path", "cartridge", path+"\n")
	r.add("by_id", "cartridge", "1")
	r.run(3)
	said := ""
	for _, name := range []string{"by_name", "by_api_id", "by_path", "by_id"} {
		for _, run := range r.runs(name) {
			if said == "" {
				said = run.Stdout
			}
			if !run.Success || run.CartridgePath != path || run.Stdout != said || !strings.HasSuffix(said, " of 5") {
				t.Errorf("%s: %+v", name, run)
			}
		}
	}
	row, err := r.store.CartridgeByIDOrPath(t.Context(), path)
	if err != nil || row.ID != 1 || row.ExecutedCount != 9 || row.Kind != "pixel" || row.Width != 128 || len(row.Checksum) != 64 {
		t.Errorf("registered: %+v, %v", row, err)
	}
	if res := r.rows()[0].Result; !strings.Contains(res, `"lang":"cartridge"`) || !strings.Contains(res, `"checksum":"`+row.Checksum) || !strings.Contains(res, `"seed":5`) {
		t.Errorf("result %s", res)
	}
}

func TestCartridgeThatIsNotWhatItWasIsNotRun(t *testing.T) {
	r := newRig(t)
	path := makeCartridge(t, r, "good", "HALT\n")
	r.only("it", "cartridge", "good.png")
	r.run(1)
	makeCartridge(t, r, "good", "LOG another\n") // sound, and not the registered one
	r.run(1)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	write(t, path, string(b))
	r.add("gone", "cartridge", "missing.png")
	r.add("out", "cartridge", "../db/daemon.db")
	r.add("nothing", "cartridge", " ")
	r.exec(`UPDATE settings SET value = '9' WHERE key = 'scripts_per_cycle'`)
	r.clock.jump(time.Hour)
	r.run(1)
	runs := r.runs("it")
	if len(runs) != 3 || !runs[0].Success || runs[1].Success || !strings.Contains(runs[1].Stderr, "is another cartridge than the one that was taken in") ||
		runs[2].Success || !strings.Contains(runs[2].Stderr, "damaged cartridge") {
		t.Errorf("runs %+v", runs)
	}
	for name, why := range map[string]string{"gone": "there is no file ", "out": "leads out of the cartridge folder", "nothing": "nothing is named"} {
		if run := r.runs(name)[0]; run.Success || !strings.Contains(run.Stderr, why) {
			t.Errorf("%s: %+v", name, run)
		}
	}
	if row, err := r.store.CartridgeByIDOrPath(t.Context(), path); err != nil || row.ExecutedCount != 1 {
		t.Errorf("counted %+v, %v", row, err)
	}
}

func TestPythonRunsConfinedWithItsOutputKept(t *testing.T) {
	if res, err := sandbox.Run(t.Context(), sandbox.Spec{Code: "pass\n"}); err != nil || res.ExitCode != 0 {
		t.Skipf("python cannot be confined here: %v %s", err, res.Stderr)
	}
	r := newRig(t)
	r.only("good", "python", "import sys\nprint('out')\nprint('err', file=sys.stderr)\n")
	r.add("bad", "python", "raise ValueError('seven')\n")
	r.add("loop", "python", "while True: pass\n")
	r.exec(`UPDATE settings SET value = '4s' WHERE key = 'python_wall_clock'`)
	r.run(1)
	good, bad, loop := r.runs("good")[0], r.runs("bad")[0], r.runs("loop")[0]
	if !good.Success || good.Stdout != "out\n" || good.Stderr != "err\n" || good.Backend != "python" || good.Duration <= 0 {
		t.Errorf("good: %+v", good)
	}
	if bad.Success || !strings.Contains(bad.Stderr, "ValueError: seven") {
		t.Errorf("bad: %+v", bad)
	}
	if !strings.Contains(good.Confined, "seccomp") || bad.Confined != good.Confined {
		t.Errorf("held by %q and %q", good.Confined, bad.Confined)
	}
	if loop.Success || !strings.Contains(loop.Stderr, "was not done after 4s and was ended") {
		t.Errorf("loop: %+v", loop)
	}
	r.sound()
}

func TestPythonThatCannotBeConfinedSaysWhatToDo(t *testing.T) {
	r := newRig(t)
	r.cfg.Python.Python = filepath.Join(r.dir, "no-python-here")
	r.only("py", "python", "pass\n")
	r.run(1)
	if run := r.runs("py")[0]; run.Success || run.Stderr == "" {
		t.Errorf("run %+v", run)
	}
}

func TestReplayAgreesAndFindsWhatDiffers(t *testing.T) {
	r := newRig(t)
	makeCartridge(t, r, "cart", "again:\nTXT rnd(50) 3 {seed}\nFRAME\nJMP again\n")
	r.only("px", "pixel", "again:\nPLOT rnd(W) rnd(H) 0xFF0000\nFRAME\nJMP again\n")
	r.add("cart", "cartridge", "cart.png")
	r.add("slip", "pixel", "TXTT\n")
	r.exec(`INSERT INTO settings (key, value) VALUES ('script_frames', '4') ON CONFLICT (key) DO UPDATE SET value = '4'`)
	r.run(1)
	e := engine.NewCPU()
	defer e.Close()
	rows := r.rows()
	for _, row := range rows[:2] {
		got, err := Replay(t.Context(), r.store, r.dir, e, row)
		if err != nil || !got.Agrees() || got.Now != got.Was || got.Now.Frames != 4 || got.Engine != "CPU" {
			t.Errorf("row %d: %+v, %v", row.ID, got, err)
		}
		row.Result = strings.Replace(row.Result, got.Was.Machine, strings.Repeat("0", 64), 1)
		got, err = Replay(t.Context(), r.store, r.dir, e, row)
		if err != nil || got.Agrees() || len(got.Divergences) != 1 || !strings.HasPrefix(got.Divergences[0], "machine_sha256: ") {
			t.Errorf("row %d with another hash: %+v, %v", row.ID, got, err)
		}
	}
	for _, row := range []store.MapRow{rows[2], {Result: "by hand"}, {Result: `{"lang":"python","status":"exited"}`}} {
		if _, err := Replay(t.Context(), r.store, r.dir, e, row); !errors.Is(err, ErrNoReplay) {
			t.Errorf("%+v: %v", row, err)
		}
	}
}

func TestAutoMovesAScriptToTheFasterEngine(t *testing.T) {
	r := newRig(t)
	losses, closed := 0, 0
	r.cfg.Engine = func() engine.Engine { return lostEngine{engine.NewCPU(), &losses, nil, &closed} }
	r.cfg.CPU = func() engine.Engine { return lateEngine{engine.NewCPU(), 50 * time.Millisecond} }
	r.run(10)
	var on []string
	for _, run := range r.runs("hello_gpu") {
		on = append(on, run.Backend)
	}
	if got := strings.Join(on, " "); got != "CPU CPU CPU GPU GPU GPU GPU GPU GPU GPU" {
		t.Errorf("ran on %s", got)
	}
	r.run(1) // what was measured is remembered
	if runs := r.runs("hello_gpu"); runs[10].Backend != "GPU" {
		t.Errorf("after a restart on the %s", runs[10].Backend)
	}
}

// A lateEngine takes its time to load.
type lateEngine struct {
	engine.Engine
	by time.Duration
}

func (e lateEngine) Load(ctx context.Context, p isa.Program, seed int32) error {
	for began := time.Now(); time.Since(began) < e.by; {
	}
	return e.Engine.Load(ctx, p, seed)
}
