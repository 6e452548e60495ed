package loop

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"gvpie/runtime/agent"
	"gvpie/runtime/cartridge"
	"gvpie/runtime/engine"
	"gvpie/runtime/engine/enginetest"
	"gvpie/runtime/host"
	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl/pxltest"
	"gvpie/runtime/store"
)

// newHandDesk is a window whose database is s and whose loop never begins.
func newHandDesk(t *testing.T, s *store.Store) *desk {
	d := newDesk(t, Config{Data: ""})
	d.store = s
	return d
}

// catchUp waits for what was begun in the background, and takes in what it left.
func (d *desk) catchUp() {
	d.bg.work.Wait()
	for {
		select {
		case f := <-d.calls:
			f()
		default:
			return
		}
	}
}

// told is what an action has the window say.
func (d *desk) told(f func()) string {
	d.notices = nil
	f()
	d.catchUp()
	return strings.Join(d.notices, "; ")
}

func TestWhatIsClosedHasEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, slow, closed := newBackground(nil), make(chan struct{}), false
		b.spawn(func() { <-b.ctx.Done(); <-slow })
		go func() { b.close(); closed = true }()
		synctest.Wait()
		if closed {
			t.Error("what was begun is not waited for")
		}
		close(slow)
		if synctest.Wait(); !closed {
			t.Error("it is waited for what has ended")
		}
	})
}

func TestSwitchesShowAtOnceOnTheRowTheyAreOf(t *testing.T) {
	ctx, s := context.Background(), opened(t, history(t, 20))
	d := newHandDesk(t, s)
	d.driver, d.state = ownLoop{&agent.Agent{}, s}, Running
	now, err := new(listed).reread(ctx, s, true)
	if err != nil {
		t.Fatal(err)
	}
	d.took(now, nil)
	on := func() (out []bool) {
		for _, r := range d.scripts {
			out = append(out, r.Enabled)
		}
		for _, g := range d.goals {
			out = append(out, g.Completed)
		}
		return out
	}
	was := on()
	d.SetEnabled(d.scripts[1].ID, !d.scripts[1].Enabled)
	d.DoneGoal(d.goals[1].ID)
	changed := 0
	for i, v := range on() {
		if v != was[i] {
			changed++
		}
	}
	if changed != 2 || d.scripts[1].Enabled == was[1] || !d.goals[1].Completed {
		t.Errorf("%v became %v", was, on())
	}
	taken(d.refreshes)
	d.catchUp()
	if _, ok := taken(d.refreshes); !ok {
		t.Error("the lists are not read again")
	}
	goals := len(d.goals)
	d.AddGoal(" \n", 5)
	d.AddGoal(" a goal ", 5)
	d.catchUp()
	if now, err = new(listed).reread(ctx, s, true); err != nil || len(now.goals) != goals+1 {
		t.Errorf("%d goals, %v", len(now.goals), err)
	}
	added := false
	for _, g := range now.goals {
		added = added || g.Goal == "a goal"
	}
	if !added {
		t.Errorf("%+v", now.goals)
	}
	if said := d.told(func() { d.SetEnabled(999, true) }); said == "" {
		t.Error("what goes wrong is not said")
	}
}

func TestWithoutADatabaseNothingIsRun(t *testing.T) {
	d := newHandDesk(t, nil)
	if said := d.told(func() {
		d.OpenRan("a", "pixel", "HALT")
		d.OpenScript(1)
		d.OpenRow(1)
		d.Replay(store.MapRow{ID: 1})
	}); said != "" || d.opened != nil || d.posted != 0 {
		t.Errorf("said %q, opened %q", said, d.opened)
	}
	d.store = opened(t, t.TempDir())
	if said := d.told(func() { d.Replay(store.MapRow{}) }); said != "" {
		t.Errorf("no row is replayed: %s", said)
	}
	if said := d.told(func() { d.OpenRan("a", "cartridge", "77") }); said != "there is no cartridge with the id 77" {
		t.Errorf("%q", said)
	}
	if d.Now().IsZero() {
		t.Error("there is no time")
	}
}

func TestAFolderInTheScriptsPlaceIsNotOpened(t *testing.T) {
	d := newHandDesk(t, nil)
	d.cfg.Data = t.TempDir()
	path := filepath.Join(agent.ScriptFolder(d.cfg.Data), "sky.pxl")
	if err := os.MkdirAll(path, 0o755); err != nil {
		t.Fatal(err)
	}
	if openScript(d.Monitor, store.Script{ID: 1, Name: "sky", Lang: "pixel"}); len(d.opened) != 1 || !strings.HasPrefix(d.opened[0], "text ") {
		t.Errorf("%q", d.opened)
	}
}

func TestARowReplayedIsComparedWithWhatIsRecorded(t *testing.T) {
	dir := t.TempDir()
	d := newDesk(t, Config{Data: dir, Run: true, Clock: newHandClock()})
	d.until("the first cycle is over", func() bool { return d.Status().Phase == agent.Sleeping })
	row, err := d.store.MapRow(context.Background(), 1)
	if err != nil {
		t.Fatal(err)
	}
	replayed := func(row store.MapRow) string {
		t.Helper()
		d.notices = nil
		d.Replay(row)
		d.until("it is replayed", func() bool { return len(d.notices) > 0 })
		return d.notices[0]
	}
	DebugRow(d.Monitor, row.ID)
	d.until("it is opened", func() bool { return len(d.opened) > 0 })
	if got, want := d.opened[0], fmt.Sprintf("run hello_gpu iteration %d.pxl of 1 frames with seed %d", row.Iteration, isa.DefaultSeed); got != want {
		t.Errorf("it opens the %s; want the %s", got, want)
	}
	if said := replayed(row); !strings.Contains(said, "bit for bit") {
		t.Error(said)
	}
	other := row
	other.Code = "NOP\n" + row.Code
	if said := replayed(other); !strings.Contains(said, "differs") {
		t.Error(said)
	}
	other.Result = "?"
	if said := replayed(other); !strings.Contains(said, "cannot be replayed") {
		t.Error(said)
	}
	d.Close()
	for range len(d.calls) {
		(<-d.calls)()
	}
}

// cartridgeOf writes a cartridge and registers it.
func cartridgeOf(t *testing.T, s *store.Store, name string, c *cartridge.Cartridge) store.Cartridge {
	t.Helper()
	c.Name = name
	var b bytes.Buffer
	if err := c.Write(&b); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name+".png")
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	id, err := s.AddCartridge(context.Background(), store.Cartridge{Path: path, Kind: string(c.Kind)})
	if err != nil {
		t.Fatal(err)
	}
	return store.Cartridge{ID: id, Path: path}
}

// programmed is a cartridge with a program's machine.
func programmed(t *testing.T, source string, seed int32) *cartridge.Cartridge {
	t.Helper()
	m, err := machine.New(pxltest.Assemble(t, source).Program, seed)
	if err != nil {
		t.Fatal(err)
	}
	c := &cartridge.Cartridge{Machine: m.Snapshot(), Picture: m.Human()}
	c.Kind, c.Seed = cartridge.Pixel, seed
	return c
}

func TestCartridgesOfEveryKind(t *testing.T) {
	ctx, s := context.Background(), opened(t, t.TempDir())
	d := newHandDesk(t, s)
	text := &cartridge.Cartridge{Source: "a poem", Picture: image.NewRGBA(image.Rect(0, 0, 400, 10))}
	text.Kind = cartridge.Prompt
	poem := cartridgeOf(t, s, "poem", text)
	if said := d.told(func() { d.RunCartridge(poem) }); !strings.Contains(said, "holds text") {
		t.Error(said)
	}
	const random = "SET n = rnd(1000)\nl:\nSET n = n - 1\nIF n > 0\nJMP l\nEND\nHALT\n"
	random7 := programmed(t, random, 7)
	e := engine.NewCPU()
	defer e.Close()
	want, err := engine.Run(ctx, e, engine.RunOptions{Program: random7.Machine.Program, Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	dice := cartridgeOf(t, s, "dice", random7)
	if said := d.told(func() { d.OpenCartridge(dice) }); !strings.Contains(said, "no source") || d.opened != nil {
		t.Errorf("%q, opened %q", said, d.opened)
	}
	executed := func() int64 {
		c, err := s.CartridgeByIDOrPath(ctx, fmt.Sprint(dice.ID))
		if err != nil {
			t.Fatal(err)
		}
		return c.ExecutedCount
	}
	if said := d.told(func() { d.RunCartridge(dice) }); !strings.Contains(said, fmt.Sprintf("after %d cycles", want.Cycles)) || executed() != 0 {
		t.Errorf("%s, want %d cycles; it counts %d times", said, want.Cycles, executed())
	}
	d.driver, d.state = ownLoop{&agent.Agent{}, s}, Running
	if d.told(func() { d.RunCartridge(dice) }); executed() != 1 {
		t.Errorf("it counts %d times", executed())
	}
	if said := d.told(func() { d.RunCartridge(store.Cartridge{ID: 999, Path: dice.Path}) }); strings.Contains(said, "cycles") || said == "" {
		t.Errorf("a run that cannot be counted: %q", said)
	}
	faulty := cartridgeOf(t, s, "faulty", programmed(t, "SET a = 0\nSET b = 1 / a\nHALT\n", 1))
	if said := d.told(func() { d.RunCartridge(faulty) }); !strings.Contains(said, "division by zero") && !strings.Contains(said, "divided") {
		t.Error(said)
	}
	for small, width := range map[bool]int{true: ThumbSide, false: 400} {
		if img, err := readPicture(t.Context(), nil, PictureKey{Path: poem.Path, Small: small}); err != nil || img.Rect.Dx() != width {
			t.Errorf("small %v: %v", small, err)
		}
	}
}

func TestTheHostIsAskedForWhatTheWindowHas(t *testing.T) {
	m := &Monitor{}
	if c := m.host(); c.Mode != host.Read || c.GPU != nil {
		t.Errorf("%+v", c)
	}
	gpu := enginetest.NewGPU()
	m.cfg.Run, m.cfg.GPU = true, gpu
	c := m.host()
	if got, err := c.GPU(context.Background(), engine.Auto, nil); c.Mode != host.RunOrWait || got != engine.Source(gpu) || err != nil {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestWhatKeepsTheLoopFromRunningIsShown(t *testing.T) {
	dir := t.TempDir()
	s := opened(t, dir)
	if err := s.SetSetting(context.Background(), "backend", "abacus"); err != nil {
		t.Fatal(err)
	}
	d := newDesk(t, Config{Data: dir, Run: true, GPU: enginetest.NewGPU(), Clock: newHandClock()})
	d.until("it is said", func() bool { return strings.Contains(d.LastError(), "abacus") })
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	d = newDesk(t, Config{Data: file})
	d.until("it is said", func() bool { return d.State() == Failed && d.LastError() != "" })
}

// noted is a driver that notes what it is asked for, each once the test lets it.
type noted struct {
	driver
	asked []string
	let   chan struct{}
}

func (n *noted) note(what string) error {
	<-n.let
	n.asked = append(n.asked, what)
	return nil
}

func (n *noted) Pause(context.Context) error  { return n.note("pause") }
func (n *noted) Resume(context.Context) error { return n.note("resume") }

func TestOrdersAreDoneOneAfterTheOther(t *testing.T) {
	d, n := newHandDesk(t, nil), &noted{let: make(chan struct{})}
	d.driver = n
	var want []string
	for range 8 {
		d.Pause()
		d.Resume()
		want = append(want, "pause", "resume")
	}
	close(n.let)
	if d.catchUp(); !slices.Equal(n.asked, want) {
		t.Errorf("%q", n.asked)
	}
}
