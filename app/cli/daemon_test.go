package cli

import (
	"bufio"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"gvpie/runtime/agent"
	"gvpie/runtime/api"
	"gvpie/runtime/store"
)

// A daemon is a real process that runs gvpie daemon on the CPU.
type daemon struct {
	cmd    *exec.Cmd
	lines  chan string // of its standard output; closed at its end
	stderr *strings.Builder
}

func startDaemon(t *testing.T, args ...string) *daemon {
	t.Helper()
	d := &daemon{cmd: exec.Command(os.Args[0], append([]string{"daemon", "--backend", "cpu", "--addr", ""}, args...)...), lines: make(chan string, 10_000), stderr: &strings.Builder{}}
	d.cmd.Stderr = d.stderr
	out, err := d.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := d.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(d.lines)
		for s := bufio.NewScanner(out); s.Scan(); {
			d.lines <- s.Text()
		}
	}()
	t.Cleanup(func() { d.cmd.Process.Kill() })
	return d
}

// until reads lines until one has the prefix, and gives all that it read.
func (d *daemon) until(t *testing.T, prefix string) (read []string) {
	t.Helper()
	for line := range d.lines {
		read = append(read, line)
		if strings.HasPrefix(line, prefix) {
			return read
		}
	}
	t.Fatalf("the daemon ended before it said %q:\n%s\n%s", prefix, strings.Join(read, "\n"), d.stderr)
	return nil
}

// rest reads to the end, and waits for it.
func (d *daemon) rest() (read []string, err error) {
	for line := range d.lines {
		read = append(read, line)
	}
	return read, d.cmd.Wait()
}

func openTestStore(t *testing.T, dir string) *store.Store {
	t.Helper()
	s, opened, err := store.Open(t.Context(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if opened.Quarantined != "" {
		t.Fatalf("opened: %+v", opened)
	}
	return s
}

const saidSuccess = "   ✅ succeeded"

func countLines(lines []string, prefix string) (n int) {
	for _, l := range lines {
		if strings.HasPrefix(l, prefix) {
			n++
		}
	}
	return n
}

// TestKilledDaemonLosesNoRunThatItTold kills it at random moments; GVPIE_SOAK=1
// does so 200 times.
func TestKilledDaemonLosesNoRunThatItTold(t *testing.T) {
	rounds := 25
	if os.Getenv("GVPIE_SOAK") == "1" {
		rounds = 200
	}
	if testing.Short() {
		rounds = 3
	}
	dir := t.TempDir()
	s := openTestStore(t, dir) // pictures are dropped while it is killed as well
	if err := errors.Join(s.SetSetting(t.Context(), store.PicturesSetting, "0"), s.Close()); err != nil {
		t.Fatal(err)
	}
	told, unfinished := 0, map[int64]bool{} // runs that some kill left running
	for round := range rounds {
		d := startDaemon(t, "--interval", "10ms", "--data", dir)
		told += countLines(d.until(t, "✅ Health: "), saidSuccess)
		if round == 0 { // on a busy computer no other may live long enough to tell of a run
			told += countLines(d.until(t, saidSuccess), saidSuccess)
		}
		moment := time.After(time.Duration(rand.Int64N(int64(150 * time.Millisecond))))
		for alive := true; alive; {
			select {
			case line := <-d.lines:
				told += countLines([]string{line}, saidSuccess)
			case <-moment:
				alive = false
			}
		}
		if err := d.cmd.Process.Signal(syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		left, err := d.rest()
		if err == nil {
			t.Fatal("the daemon was not killed")
		}
		told += countLines(left, saidSuccess)
		s := openTestStore(t, dir)
		runs, err := s.Runs(t.Context(), store.Page{Limit: 100_000})
		if err != nil {
			t.Fatal(err)
		}
		succeeded, open := 0, 0
		for _, r := range runs {
			if r.Success {
				succeeded++
			}
			if r.Running() {
				open++
				unfinished[r.ID] = true
			}
		}
		if succeeded < told || succeeded > told+rounds {
			t.Fatalf("%d successful runs are in the database, %d were told", succeeded, told)
		}
		if open > 1 {
			t.Fatalf("%d runs are in hand", open)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	unfinished[killInARun(t, dir)] = true
	d := startDaemon(t, "--interval", "10ms", "--cycles", "1", "--data", dir)
	if _, err := d.rest(); err != nil {
		t.Fatal(err)
	}
	s = openTestStore(t, dir)
	defer s.Close()
	runs, err := s.Runs(t.Context(), store.Page{Limit: 100_000})
	if err != nil {
		t.Fatal(err)
	}
	for _, hash := range []string{runs[len(runs)-1].HumanPNG, runs[len(runs)-1].MachinePNG} { // of the one script that succeeds, always the same
		if _, _, err := agent.Picture(t.Context(), s, hash); err != nil {
			t.Error(err)
		}
	}
	interrupted, rows := 0, map[int64]int64{}
	for _, r := range runs {
		if r.Running() || r.Interrupted == r.Success || r.Interrupted != unfinished[r.ID] {
			t.Errorf("run %+v", r)
		}
		if r.Interrupted {
			interrupted++
		}
		if rows[r.MapID] != 0 || r.MapID == 0 {
			t.Errorf("run %d has the map row %d, as run %d", r.ID, r.MapID, rows[r.MapID])
		}
		rows[r.MapID] = r.ID
	}
	counts, err := s.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if interrupted != len(unfinished) || counts.Map != counts.Runs {
		t.Errorf("%d runs were running, %d are marked; %d runs, %d rows", len(unfinished), interrupted, counts.Runs, counts.Map)
	}
	if rep, err := s.Verify(t.Context()); err != nil || !rep.OK() {
		t.Errorf("%+v, %v", rep, err)
	}
	t.Logf("%d kills, %d runs told of, %d in all, %d interrupted", rounds+1, told, len(runs), interrupted)
}

// killInARun kills a daemon while it runs a script, and gives the run. The script is
// none of the loop's afterwards.
func killInARun(t *testing.T, dir string) (run int64) {
	t.Helper()
	s := openTestStore(t, dir)
	defer s.Close()
	id, _, err := s.UpsertScript(t.Context(), store.Script{Name: "endless", Lang: "pixel", Code: ".canvas 512 512\nagain:\nEACH\nPUT px + py\nEND\nJMP again\n", Enabled: true})
	if err != nil {
		t.Fatal(err)
	}
	d := startDaemon(t, "--interval", "10ms", "--data", dir)
	d.until(t, "📝 endless")
	for run == 0 { // it is in hand for ten seconds, again and again
		runs, err := s.RunListOf(t.Context(), id, store.Page{Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		if len(runs) > 0 && runs[0].Running() {
			run = runs[0].ID
		}
	}
	d.cmd.Process.Kill()
	d.rest()
	if err := s.SetEnabled(t.Context(), id, false); err != nil {
		t.Fatal(err)
	}
	return run
}

// TestDaemonEndToEnd is a fresh folder, three cycles, and the queries that people
// make with sqlite3 beside it.
func TestDaemonEndToEnd(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "fresh")
	// A cycle begins when it is asked for: what is written in between is there in time.
	const slept = "⏸️  next cycle in 1h"
	d := startDaemon(t, "--cycles", "3", "--interval", "1h", "--addr", "127.0.0.1:0", "--data", dir)
	lines := d.until(t, slept)
	db, err := sql.Open("sqlite", filepath.Join(dir, "db", "daemon.db")+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`INSERT INTO improvement_scripts (name, lang, purpose, code, enabled, created_at) VALUES ('test_rectangle', 'pixel', 'Test rectangle rendering', 'RECT 10 10 50 30
HALT', 1, datetime('now'))`); err != nil {
		t.Fatal(err)
	}
	holder, _ := agent.WhoRuns(dir)
	loop := api.NewClient(dir, holder.API)
	defer loop.Close()
	if err := loop.RunCycle(t.Context()); err != nil {
		t.Fatal(err)
	}
	lines = append(lines, d.until(t, slept)...)
	if err := loop.RunCycle(t.Context()); err != nil {
		t.Fatal(err)
	}
	more, err := d.rest()
	if err != nil {
		t.Fatalf("%v: %s", err, d.stderr)
	}
	shown := strings.Join(append(lines, more...), "\n")
	shown = regexp.MustCompile(`[\d.]+ ms`).ReplaceAllString(shown, "N ms")
	shown = regexp.MustCompile(`CPU .* · database`).ReplaceAllString(shown, "CPU · database")
	const cycle = "🤖 AUTONOMOUS CYCLE #%d\n✅ Health: CPU · database ok\n🚀 Executing %d improvement script(s)\n"
	const hello = "📝 hello_gpu (pixel): Test GPU pipeline with simple text rendering\n   ✅ succeeded · 2 cycles · CPU · N ms"
	const rectangle = "📝 test_rectangle (pixel): Test rectangle rendering\n   ✅ succeeded · 2 cycles · CPU · N ms"
	const next = "\n⏸️  next cycle in 1h\n"
	want := fmt.Sprintf(cycle, 1, 1) + hello + next + fmt.Sprintf(cycle, 2, 2) + rectangle + "\n" + hello + next + fmt.Sprintf(cycle, 3, 2) + hello + "\n" + rectangle
	want2 := fmt.Sprintf(cycle, 1, 1) + hello + next + fmt.Sprintf(cycle, 2, 2) + rectangle + "\n" + hello + next + fmt.Sprintf(cycle, 3, 2) + rectangle + "\n" + hello
	if shown != want && shown != want2 {
		t.Errorf("the console shows\n%s\nwant\n%s", shown, want)
	}
	for _, q := range []struct {
		query string
		rows  int
	}{
		{`SELECT s.name, r.success, r.duration_ms, r.backend, r.started_at FROM improvement_runs r JOIN improvement_scripts s ON s.id = r.script_id ORDER BY r.started_at DESC`, 5},
		{`SELECT name, run_count, success_count, 100.0 * success_count / run_count FROM improvement_scripts WHERE run_count > 0 AND success_count = run_count`, 2},
		{`SELECT * FROM infinite_map ORDER BY id DESC LIMIT 20`, 5},
		{`SELECT 1 FROM (SELECT count(*) AS n FROM improvement_runs WHERE success = 1 AND backend = 'CPU' AND duration_ms > 0 AND finished_at >= started_at) WHERE n = 5`, 1},
		{`SELECT metric_name, avg(metric_value) FROM system_metrics WHERE metric_name IN ('success_rate', 'cycle_ms_median') AND timestamp <= datetime('now', '+1 second') GROUP BY metric_name`, 2},
	} {
		n := 0
		rows, err := db.Query(q.query)
		if err != nil {
			t.Fatalf("%s: %v", q.query, err)
		}
		for rows.Next() {
			n++
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil || n != q.rows {
			t.Errorf("%s: %d rows, want %d, %v", q.query, n, q.rows, err)
		}
	}
	log, err := os.ReadFile(filepath.Join(dir, "logs", "daemon.log"))
	if err != nil || strings.Count(string(log), "msg=cycle ") != 3 || !strings.Contains(string(log), "hello_gpu ✅ succeeded") {
		t.Errorf("the log is %s, %v", log, err)
	}
}

func TestABusyPortIsASentenceAndTheDaemonRunsOn(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	got := world{}.run(t, "daemon", "--backend", "cpu", "--addr", l.Addr().String(), "--cycles", "1", "--data", t.TempDir())
	if got.code != exitOK || !strings.Contains(got.errout, "in use by another program") || !strings.Contains(got.out, "succeeded") {
		t.Errorf("exit %d\n%s\n%s", got.code, got.errout, got.out)
	}
}

func TestSecondDaemonIsToldWhoRunsTheFirst(t *testing.T) {
	dir := t.TempDir()
	d := startDaemon(t, "--interval", "1h", "--data", dir)
	d.until(t, "⏸️  next cycle in 1h")
	got := world{}.run(t, "daemon", "--backend", "cpu", "--addr", "", "--data", dir)
	want := fmt.Sprintf("gvpie: the loop of %s is run by gvpie daemon (process %d, since ", dir, d.cmd.Process.Pid)
	if got.code != exitFailed || got.out != "" || !strings.HasPrefix(got.errout, want) {
		t.Errorf("%+v", got)
	}
	if err := d.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	left, err := d.rest()
	if err != nil || len(left) == 0 || left[len(left)-1] != "⏹️  stopped" {
		t.Errorf("SIGTERM: %v, %q", err, left)
	}
}
