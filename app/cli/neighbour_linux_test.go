package cli

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"gvpie/runtime/store"
	"gvpie/runtime/store/storetest"
)

// TestSoakBesideAHostileNeighbour runs the daemon beside a neighbour that edits the
// database at random, throws files into scripts/, kills the GPU's process, fills the
// disk and frees it, stops to read, and asks for runs and scripts over HTTP. Each good
// script must run on time all along, nothing that was acknowledged may be lost, and in
// the end the map must be as it was written and the loop ready.
//
// Time is counted in cycles. With GVPIE_SOAK=1 there is one a second, for 60 minutes,
// or as many as GVPIE_SOAK_MINUTES says; else they are few and short. GVPIE_SEED gives
// the seed of another run.
func TestSoakBesideAHostileNeighbour(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a daemon for a while")
	}
	plan := neighbourPlan{interval: 10 * time.Millisecond, cycles: 160, period: 80, flood: 60, backend: "cpu"}
	seed := uint64(1)
	if os.Getenv("GVPIE_SOAK") == "1" {
		minutes := 60
		if text := os.Getenv("GVPIE_SOAK_MINUTES"); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil {
				t.Fatal(err)
			}
			minutes = n
		}
		plan = neighbourPlan{interval: time.Second, cycles: 60 * minutes, period: 240, flood: 1000, backend: "auto", python: true}
		seed = rand.Uint64()
	}
	seed, err := storetest.Seed(seed)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("seed %d", seed)
	n := newNeighbour(t, plan, seed)
	n.trouble()
	n.settle()
	n.judge()
}

// A neighbourPlan is how long and how hard.
type neighbourPlan struct {
	interval time.Duration
	cycles   int
	period   int // cycles after which the rarer troubles come again
	flood    int // files saved at once
	backend  string
	python   bool // a python script is among the good ones
}

// A neighbour is a daemon and whoever is hostile to it.
type neighbour struct {
	neighbourPlan
	t      *testing.T
	dir    string
	disk   bool // dir is a disk of its own, which may be filled
	cmd    *exec.Cmd
	said   lockedBuffer // on its standard error
	out    io.Closer    // the reader's end of its standard output; nil: gone
	base   string       // of its API
	events chan told

	db   *sql.DB
	edit *storetest.Editor

	cycle   int            // the daemon's newest
	ranAt   map[string]int // the cycle of each good script's last run that was told of
	most    map[string]int // the most scripts that were enabled at once since then
	toldOf  map[string]int // runs of each that were told of
	acked   []string       // paths that must answer, of what the API acknowledged
	goals   []string
	killed  int // GPU processes
	fills   int
	full    bool
	asked   int64 // a script that is run only when it is asked for
	askedAt int64 // the newest run of it when that was acknowledged last
	wrong   int   // failures that were reported
}

// told is what an event tells.
type told struct {
	Kind string
	Run  struct {
		Source  string
		Success bool
	}
	Loop   struct{ Cycle int }
	Missed int
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func newNeighbour(t *testing.T, plan neighbourPlan, seed uint64) *neighbour {
	n := &neighbour{neighbourPlan: plan, t: t, dir: t.TempDir(), ranAt: map[string]int{}, most: map[string]int{}, toldOf: map[string]int{}, events: make(chan told)}
	size := "size=32m"
	if plan.flood >= 1000 {
		size = "size=1g"
	}
	if err := unix.Mount("tmpfs", n.dir, "tmpfs", 0, size); err != nil {
		t.Logf("no file system can be mounted here, so the disk is not filled: %v", err)
	} else {
		n.disk = true
		t.Cleanup(func() {
			if err := unix.Unmount(n.dir, unix.MNT_DETACH); err != nil {
				t.Error(err)
			}
		})
	}
	n.goodScripts()
	n.start()
	t.Cleanup(func() { n.cmd.Process.Kill() })
	db, err := sql.Open("sqlite", "file:"+filepath.Join(n.dir, "db", "daemon.db")+"?_pragma=busy_timeout(60000)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(1)
	n.db = db
	// Whoever edits the chain alters the map: that is a fault, and verify says so.
	n.edit, err = storetest.NewEditor(db, seed, []string{"good", "acked"}, "map_chain", "map_head", "imports", "imported_rows", "chain_gaps", "map_texts", "earlier_texts")
	if err != nil {
		t.Fatal(err)
	}
	n.asked = n.post("/api/scripts", map[string]any{"name": "acked_asked", "code": "TXT 1 1 ASKED\nHALT", "enabled": false})
	if n.asked == 0 {
		t.Fatalf("a script was not taken: %s", &n.said)
	}
	return n
}

// goodScripts are what must always be on time.
func (n *neighbour) goodScripts() {
	t := n.t
	s := openTestStore(t, n.dir)
	defer s.Close()
	program := filepath.Join(t.TempDir(), "good_card.pxl")
	for _, err := range []error{
		os.MkdirAll(filepath.Join(n.dir, "scripts"), 0o755),
		os.WriteFile(program, []byte("TXT 1 1 CARD\nHALT"), 0o644),
		os.WriteFile(filepath.Join(n.dir, "scripts", "good_file.pxl"), []byte("TXT 1 1 FILE\nHALT"), 0o644),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if got := (world{}).run(t, "cartridge", "make", program, "--backend", "cpu", "--data", n.dir); got.code != exitOK {
		t.Fatalf("%+v", got)
	}
	all := []store.Script{{Name: "good_pixel", Lang: "pixel", Code: "TXT 1 1 GOOD\nHALT"}, {Name: "good_card", Lang: "cartridge", Code: "good_card"}}
	if n.python {
		all = append(all, store.Script{Name: "good_python", Lang: "python", Code: "print('good')"})
	}
	if err := s.SetSetting(t.Context(), store.PicturesSetting, "3"); err != nil { // pictures are dropped all along
		t.Fatal(err)
	}
	n.ranAt["good_file"] = 0
	for _, script := range all {
		script.Enabled = true
		if _, _, err := s.UpsertScript(t.Context(), script); err != nil {
			t.Fatal(err)
		}
		n.ranAt[script.Name] = 0
	}
}

// start starts the daemon, on a port that nobody has, and listens to what it tells.
func (n *neighbour) start() {
	t := n.t
	for range 10 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		addr := l.Addr().String()
		l.Close()
		in, out, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		n.cmd = exec.Command(os.Args[0], "daemon", "--backend", n.backend, "--addr", addr, "--interval", n.interval.String(), "--data", n.dir)
		n.cmd.Stdout, n.cmd.Stderr = out, &n.said
		if err := n.cmd.Start(); err != nil {
			t.Fatal(err)
		}
		out.Close()
		n.out, n.base = in, "http://"+addr
		lines := bufio.NewScanner(in)
		for lines.Scan() && !strings.HasPrefix(lines.Text(), "🤖") {
		}
		if r, err := n.client().Get(n.base + "/health"); err == nil {
			r.Body.Close()
			ctx, stop := context.WithCancel(t.Context())
			t.Cleanup(stop)
			go n.listen(ctx)
			return
		}
		n.cmd.Process.Kill() // another program was faster: once more
		n.cmd.Wait()
		in.Close()
	}
	t.Fatalf("the daemon does not answer: %s", &n.said)
}

// listen passes on what the daemon tells, until it is gone.
func (n *neighbour) listen(ctx context.Context) {
	defer close(n.events)
	last := ""
	for ctx.Err() == nil {
		req, err := http.NewRequestWithContext(ctx, "GET", n.base+"/api/events?kinds=cycle,run", nil)
		if err != nil {
			return
		}
		if last != "" {
			req.Header.Set("Last-Event-ID", last)
		}
		r, err := n.client().Do(req)
		if err != nil {
			return
		}
		for lines := bufio.NewScanner(r.Body); lines.Scan(); {
			if id, ok := strings.CutPrefix(lines.Text(), "id: "); ok {
				last = id
			}
			data, ok := strings.CutPrefix(lines.Text(), "data: ")
			var e told
			if ok && json.Unmarshal([]byte(data), &e) == nil {
				select {
				case n.events <- e:
				case <-ctx.Done():
				}
			}
		}
		r.Body.Close()
	}
}

// next waits until a cycle is finished.
func (n *neighbour) next() {
	for e := range n.events {
		n.cycle = max(n.cycle, e.Loop.Cycle)
		switch e.Kind {
		case "missed": // what ran in these cycles is not known
			n.pardon()
		case "run_finished":
			if _, good := n.ranAt[e.Run.Source]; good {
				n.ranAt[e.Run.Source], n.most[e.Run.Source] = n.cycle, 0
				n.toldOf[e.Run.Source]++
			}
		case "cycle_finished":
			return
		}
	}
	n.t.Fatalf("the daemon is gone: %s", &n.said)
}

// pardon counts what comes from now on.
func (n *neighbour) pardon() {
	for name := range n.ranAt {
		n.ranAt[name] = n.cycle
	}
}

// trouble is all that the neighbour does, and what must hold meanwhile.
func (n *neighbour) trouble() {
	for step := 1; step <= n.cycles; step++ {
		n.next()
		for range 3 {
			if err := n.edit.Edit(); err != nil && !n.full {
				n.t.Errorf("the neighbour cannot edit: %v", err)
			}
		}
		n.ask(step)
		switch step % 10 {
		case 5:
			n.throw(step)
		case 9:
			n.takeBack("thrown")
		}
		switch step % n.period {
		case n.period / 8:
			n.stopReading()
		case n.period / 4:
			n.fill()
		case n.period * 3 / 8:
			n.free()
		case n.period / 2:
			for i := range n.flood {
				n.file(fmt.Sprintf("flood%04d.pxl", i), "TXT 1 1 FLOOD\nHALT")
			}
		case n.period * 5 / 8:
			n.takeBack("flood")
		}
		if step%60 == 30 {
			if pid := workerOf(n.cmd.Process.Pid); pid != 0 {
				n.killed++
				_ = syscall.Kill(pid, syscall.SIGKILL)
			}
		}
		n.onTime()
	}
	n.t.Logf("%d cycles, %d edits, %d GPU processes killed, the disk filled %d times, %d things acknowledged", n.cycle, n.edit.Made, n.killed, n.fills, len(n.acked)+len(n.goals))
}

// onTime holds each good script to its turn: with so many scripts enabled, of which one
// a cycle may run, and the three kinds of them taking turns.
func (n *neighbour) onTime() {
	if n.full {
		n.pardon()
		return
	}
	var enabled int
	if err := n.db.QueryRow("SELECT count(*) FROM improvement_scripts WHERE enabled").Scan(&enabled); err != nil {
		n.t.Errorf("the neighbour cannot count: %v", err)
		return
	}
	for name, at := range n.ranAt {
		n.most[name] = max(n.most[name], enabled)
		if late := n.cycle - at; late > 20+4*n.most[name] {
			n.ranAt[name] = n.cycle
			n.wrongly("%s has not run for %d cycles, with %d scripts", name, late, n.most[name])
		}
	}
}

// wrongly reports what does not hold, with what came before the first of it.
func (n *neighbour) wrongly(format string, args ...any) {
	n.t.Helper()
	n.t.Errorf("cycle %d: "+format, append([]any{n.cycle}, args...)...)
	if n.wrong++; n.wrong == 1 {
		n.t.Logf("status %s\nthe last edits:\n%s", n.get("/status"), n.edit.Last())
	}
}

// ask has something done over the API, and remembers what was acknowledged.
func (n *neighbour) ask(step int) {
	switch step % 4 {
	case 0:
		if id := n.post("/api/scripts", map[string]any{"name": fmt.Sprintf("acked%05d", step), "code": "HALT", "enabled": false}); id != 0 {
			n.acked = append(n.acked, fmt.Sprintf("/api/scripts/%d", id))
		}
	case 1:
		goal := fmt.Sprintf("acked %05d", step)
		if n.post("/api/goals", map[string]any{"goal": goal}) != 0 {
			n.goals = append(n.goals, goal)
		}
	case 2:
		newest := n.number("SELECT map_id FROM map_head")
		if n.post(fmt.Sprintf("/api/scripts/%d/run", n.asked), nil) != 0 {
			n.askedAt = newest
		}
	case 3:
		id := fmt.Sprintf("acked%05d", step)
		if step%40 == 3 && n.post("/api/cartridges", map[string]any{"id": id, "name": id, "code": "HALT"}) != 0 {
			n.acked = append(n.acked, "/api/cartridges/"+id)
		}
	}
}

// client shows the token once there is one: an edit of a setting may demand it.
func (n *neighbour) client() *http.Client { return &http.Client{Transport: tokenShower(n.dir)} }

type tokenShower string // the data folder

func (dir tokenShower) RoundTrip(r *http.Request) (*http.Response, error) {
	if token, err := os.ReadFile(filepath.Join(string(dir), "token")); err == nil {
		r = r.Clone(r.Context())
		r.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(token)))
	}
	return http.DefaultTransport.RoundTrip(r)
}

// post gives the id that was acknowledged, −1 for one without a number, and 0 for what
// was not taken.
func (n *neighbour) post(path string, body any) int64 {
	n.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		n.t.Fatal(err)
	}
	r, err := n.client().Post(n.base+path, "application/json", bytes.NewReader(text))
	if err != nil {
		n.t.Errorf("%s: %v", path, err)
		return 0
	}
	defer r.Body.Close()
	answer, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode >= 300 {
		if !n.full && r.StatusCode != http.StatusServiceUnavailable && r.StatusCode != http.StatusTooManyRequests {
			n.wrongly("%s: %s %s", path, r.Status, answer)
		}
		return 0
	}
	var got struct {
		ID json.Number `json:"id"`
	}
	_ = json.Unmarshal(answer, &got)
	if id, err := got.ID.Int64(); err == nil && id != 0 {
		return id
	}
	return -1
}

func (n *neighbour) get(path string) string {
	r, err := n.client().Get(n.base + path)
	if err != nil {
		return err.Error()
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK {
		return fmt.Sprint(r.Status, " ", string(text), err)
	}
	return string(text)
}

func (n *neighbour) number(query string, args ...any) (value int64) {
	n.t.Helper()
	if err := n.db.QueryRow(query, args...).Scan(&value); err != nil {
		n.t.Errorf("%s: %v", query, err)
	}
	return value
}

// stopReading leaves the daemon alone with its standard output.
func (n *neighbour) stopReading() {
	if n.out != nil {
		n.out.Close()
		n.out = nil
	}
}

func (n *neighbour) path(name string) string { return filepath.Join(n.dir, "scripts", name) }

// file writes into scripts/ what a person would save; a full disk takes none.
func (n *neighbour) file(name, text string) {
	if err := os.WriteFile(n.path(name), []byte(text), 0o644); err != nil && !n.full {
		n.t.Error(err)
	}
}

// throw puts into scripts/ what is no script, or only just.
func (n *neighbour) throw(step int) {
	name := func(rest string) string { return fmt.Sprintf("thrown%d%s.pxl", step, rest) }
	_ = unix.Mkfifo(n.path(name("pipe")), 0o644)
	_ = os.Symlink("/etc/passwd", n.path(name("out")))
	_ = os.Symlink("/dev/zero", n.path(name("zero")))
	_ = os.Symlink(name("loop"), n.path(name("loop")))
	_ = os.Mkdir(n.path(name("folder")), 0o755)
	n.file(name("empty"), "")
	n.file(name("wrong"), "THIS IS NO PROGRAM")
	n.file(name("bytes"), "\xff\xfe\x00HALT")
	n.file(name("\x1b[2J\nline"), "TXT 1 1 NAME\nHALT")
	n.file(name("endless"), "loop:\n  JMP loop")
	n.file(name("fails"), "SET a = 0\nSET b = 7 / a\nHALT")
	n.file(name("huge"), "")
	_ = os.Truncate(n.path(name("huge")), 1<<30)
}

// takeBack removes the files whose names begin so.
func (n *neighbour) takeBack(prefix string) {
	all, err := filepath.Glob(n.path(prefix + "*"))
	if err != nil {
		n.t.Error(err)
	}
	for _, path := range all {
		_ = os.RemoveAll(path)
	}
}

// fill fills the disk to its last page.
func (n *neighbour) fill() {
	if !n.disk {
		return
	}
	f, err := os.Create(filepath.Join(n.dir, "filler"))
	if err != nil {
		n.t.Error(err)
		return
	}
	defer f.Close()
	for size := 1 << 20; size > 0; size /= 2 {
		for err = nil; err == nil; {
			_, err = f.Write(make([]byte, size))
		}
	}
	n.full = true
	n.fills++
}

func (n *neighbour) free() {
	if !n.full {
		return
	}
	if err := os.Remove(filepath.Join(n.dir, "filler")); err != nil {
		n.t.Error(err)
	}
	n.full = false
	n.pardon()
}

// settle ends the trouble: what the neighbour left that would keep others from their
// turn is taken away, as a person would, and the loop has some cycles for itself.
func (n *neighbour) settle() {
	n.free()
	n.takeBack("thrown")
	n.takeBack("flood")
	for range 3 { // until removed files are seen to be gone
		n.next()
	}
	for _, statement := range []string{
		"DELETE FROM improvement_scripts WHERE name NOT LIKE 'good%' AND name NOT LIKE 'acked%'",
		"DELETE FROM settings WHERE key NOT LIKE 'script_file:good%'",
	} {
		if _, err := n.db.Exec(statement); err != nil {
			n.t.Errorf("%s: %v", statement, err)
		}
	}
	newest := n.number("SELECT map_id FROM map_head")
	const cycles = 30
	for begin := n.cycle; n.cycle < begin+cycles; {
		n.next()
	}
	for name := range n.ranAt {
		if ran := n.ran(name, newest); ran < cycles/2 {
			n.wrongly("in %d quiet cycles %s ran %d times", cycles, name, ran)
		}
	}
	if n.askedAt != 0 && n.ran("acked_asked", n.askedAt) == 0 {
		n.wrongly("the script that was asked for has not run since")
	}
}

// ran is how many runs of a script the map tells of, after a row.
func (n *neighbour) ran(name string, after int64) int64 {
	return n.number("SELECT count(*) FROM infinite_map WHERE id > ? AND (task_description = ? OR task_description LIKE ? || ': %')", after, name, name)
}

// judge holds what is left against what was said.
func (n *neighbour) judge() {
	for _, path := range n.acked {
		if got := n.get(path); !strings.HasPrefix(got, "{") {
			n.wrongly("%s was acknowledged: %s", path, got)
		}
	}
	for _, goal := range n.goals {
		if n.number("SELECT count(*) FROM development_goals WHERE goal = ?", goal) != 1 {
			n.wrongly("the goal %q was acknowledged and is not there", goal)
		}
	}
	letters, _ := os.ReadFile(filepath.Join(n.dir, "dead_letters.jsonl"))
	for name, told := range n.toldOf {
		kept := n.ran(name, 0) + int64(bytes.Count(letters, []byte(`"`+name+`"`)))
		if kept < int64(told) {
			n.wrongly("%d runs of %s were told of, %d are kept", told, name, kept)
		}
		n.t.Logf("%s ran %d times", name, kept)
	}
	if ready := n.get("/ready"); !strings.Contains(ready, `"ready":true`) {
		n.wrongly("not ready: %s", ready)
	}
	n.db.Close()
	if err := n.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		n.t.Error(err)
	}
	for range n.events { // to the end
	}
	if err := n.cmd.Wait(); err != nil {
		n.wrongly("the daemon ended with %v: %s", err, &n.said)
	}
	if got := (world{}).run(n.t, "verify", "--data", n.dir); got.code != exitOK {
		n.wrongly("%s%s", got.out, got.errout)
	} else {
		n.t.Logf("%s", got.out)
	}
	n.t.Logf("%d dead letters, %d MB", bytes.Count(letters, []byte("\n")), n.size()>>20)
}

func (n *neighbour) size() (bytes int64) {
	for _, suffix := range []string{"", "-wal"} {
		if info, err := os.Stat(filepath.Join(n.dir, "db", "daemon.db") + suffix); err == nil {
			bytes += info.Size()
		}
	}
	return bytes
}
