package agent

import (
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"
	"time"

	"gvpie/runtime/store"
)

// A gauge is what must not grow while a loop runs.
type gauge struct {
	heap       uint64 // bytes, Go's
	resident   int64  // bytes of the process, SQLite's included; 0 where it is not known
	goroutines int
	files      int
	database   int64 // bytes
}

func (r *rig) measure() (g gauge) {
	r.t.Helper()
	for range 3 { // finalizers give back what the first collection found
		debug.FreeOSMemory()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	g.heap, g.goroutines = m.HeapAlloc, runtime.NumGoroutine()
	status, _ := os.ReadFile("/proc/self/status")
	if _, text, ok := strings.Cut(string(status), "VmRSS:"); ok {
		kb, _ := strconv.ParseInt(strings.Fields(text)[0], 10, 64)
		g.resident = kb << 10
	}
	open, _ := os.ReadDir("/proc/self/fd")
	g.files = len(open)
	var pages, size int64
	db := r.sql()
	defer db.Close()
	if err := db.QueryRow("PRAGMA page_count").Scan(&pages); err != nil {
		r.t.Fatal(err)
	}
	if err := db.QueryRow("PRAGMA page_size").Scan(&size); err != nil {
		r.t.Fatal(err)
	}
	g.database = pages * size
	return g
}

func folderSize(t *testing.T, dir string) (n int64) {
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			var info fs.FileInfo
			if info, err = d.Info(); err == nil {
				n += info.Size()
			}
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return n
}

// TestSoak runs a day of cycles, or, without GVPIE_SOAK=1, its first 300.
func TestSoak(t *testing.T) {
	cycles, warm := 300, 150
	if os.Getenv("GVPIE_SOAK") == "1" {
		cycles, warm = 8640, 500
	}
	if testing.Short() {
		cycles, warm = 80, 40
	}
	r := newRig(t)
	log, err := OpenLog(filepath.Join(r.dir, "logs", "daemon.log"), 1<<20, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	r.cfg.Console, r.cfg.Logger = io.Discard, slog.New(slog.NewTextHandler(log, nil))
	var warmed, last gauge
	r.clock.onSleep = func(n int) {
		switch n {
		case warm:
			warmed = r.measure()
		case cycles - 1:
			last = r.measure()
		}
	}
	began := time.Now()
	a := r.run(cycles)
	took := time.Since(began)
	s := a.Status()
	if s.Runs != cycles || s.Failures != 0 || s.LastError != "" {
		t.Errorf("status %+v", s)
	}
	runs := int64(cycles - 1 - warm)
	perRun := (last.database - warmed.database) / runs
	total := folderSize(t, filepath.Join(r.dir, "db")) + folderSize(t, filepath.Join(r.dir, "pictures"))
	t.Logf("%d cycles, %v each; heap %d to %d KB, resident %d to %d KB, goroutines %d to %d, files %d to %d; %d bytes a run, %d KB on the disk",
		cycles, (took / time.Duration(cycles)).Round(time.Microsecond), warmed.heap>>10, last.heap>>10, warmed.resident>>10, last.resident>>10,
		warmed.goroutines, last.goroutines, warmed.files, last.files, perRun, total>>10)
	if last.heap > warmed.heap+256<<10 {
		t.Errorf("the heap grew from %d to %d bytes", warmed.heap, last.heap)
	}
	// SQLite keeps some pages a connection, and at the first gauge the database is
	// not that large; this test's process is so small that they show.
	const pages = 1 << 20
	if float64(last.resident) > 1.05*float64(warmed.resident)+pages && os.Getenv("GVPIE_SOAK") == "1" {
		t.Errorf("the process grew from %d to %d bytes", warmed.resident, last.resident)
	}
	if last.goroutines > warmed.goroutines {
		t.Errorf("goroutines grew from %d to %d", warmed.goroutines, last.goroutines)
	}
	const readers = 3 // connections that the store opens when it first needs them
	if last.files > warmed.files+readers {
		t.Errorf("open files grew from %d to %d", warmed.files, last.files)
	}
	if perRun > 1024 {
		t.Errorf("%d bytes a run", perRun)
	}
	if total > 10<<20 {
		t.Errorf("%d bytes on the disk", total)
	}
	r.sound()
}

// BenchmarkCycle is a cycle with one hello script on the CPU, its two commits
// and the health check's included.
func BenchmarkCycle(b *testing.B) {
	clock := &skipClock{now: epoch}
	dir := b.TempDir()
	s, _, err := store.Open(b.Context(), dir, store.Options{Now: clock.Now})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	a := New(Config{Store: s, Data: dir, Clock: clock, Interval: 10 * time.Second, Cycles: b.N})
	b.ResetTimer()
	if err := a.Run(b.Context()); err != nil {
		b.Fatal(err)
	}
}
