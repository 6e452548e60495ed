package store

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// logMost is how many bytes a run may write to the log, in frames of a page each.
const logMost = 15 << 10

// TestARunWritesLittleToTheLog counts the frames that a run leaves in the log, with the
// check of its cycle: one like those before, one that failed, and one whose texts and
// pictures are new.
func TestARunWritesLittleToTheLog(t *testing.T) {
	s := fresh(t)
	db := beside(t, s)
	sqlExec(t, db, "INSERT INTO improvement_scripts (name, lang, code) WITH c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 40) SELECT 'script ' || n, 'pixel', 'HALT' FROM c")
	fill(t, s, 2000) // trees as high as they are after hours
	must(t, db.Close())
	picture, err := s.PutPicture([]byte("a picture"))
	must(t, err)
	const runs = 60
	for _, c := range []struct {
		what string
		of   func(i int, f *Finished)
	}{
		{"like those before", func(_ int, f *Finished) { f.Code = longCode }},
		{"that failed", func(i int, f *Finished) {
			f.Success, f.Stderr, f.Confined, f.NotBefore = false, longTraceback, "landlock, seccomp", start.Add(time.Duration(i)*time.Hour)
			f.ResultJSON = `{"lang":"python","status":"exited","exit":1,"error":{"code":"exit","message":"NameError: name 'answer' is not defined. Did you mean: 'answers'?"}}`
		}},
	} {
		var bytes int64
		before := size(t, s)
		for i := range runs {
			sqlExec(t, s.h.w, "PRAGMA wal_checkpoint(TRUNCATE)")
			at := start.Add(time.Duration(i) * 10 * time.Second)
			f := hello()
			f.FinishedAt, f.HumanPNG, f.MachinePNG, f.Parent = at, picture, picture, int64(i)
			f.ResultJSON, f.Analysis = resultJSON(picture), fmt.Sprintf("succeeded as in all %d runs; %.1f ms, median 1.5 ms", i, 1.5)
			c.of(i, &f)
			must(t, s.Check(t.Context()))
			run(t, s, int64(i%3+1), at, f)
			info, err := os.Stat(s.Path() + "-wal")
			must(t, err)
			bytes += info.Size()
		}
		t.Logf("a run %s writes %.1f KB to the log, and %d bytes of rows", c.what, float64(bytes)/runs/1024, (size(t, s)-before)/runs)
		if bytes/runs > logMost {
			t.Errorf("a run %s writes %d bytes to the log", c.what, bytes/runs)
		}
	}
}

var longCode = strings.Repeat("TXT 1 1 LONG\n", 40)

// largePages makes a database of before, with pages as large as they were.
func largePages(t *testing.T, dir string) (path string) {
	t.Helper()
	asBefore(t, dir, 6)
	return filepath.Join(dir, "db", "daemon.db")
}

func pageSizeOf(t *testing.T, s *Store) (n int) {
	t.Helper()
	must(t, beside(t, s).QueryRow("PRAGMA page_size").Scan(&n))
	return n
}

func TestADatabaseOfBeforeGetsSmallPages(t *testing.T) {
	dir := t.TempDir()
	largePages(t, dir)
	s, done := open(t, dir)
	if n := pageSizeOf(t, s); n != pageSize || !strings.Contains(done.Messages[len(done.Messages)-1], "pages") {
		t.Errorf("pages of %d bytes: %+v", n, done)
	}
	var mode string
	var patience int64
	must(t, s.h.w.QueryRow("PRAGMA journal_mode").Scan(&mode))
	must(t, s.h.w.QueryRow("PRAGMA busy_timeout").Scan(&patience))
	if mode != "wal" || patience != s.o.Patience.Milliseconds() {
		t.Errorf("journal mode %s, patience %d", mode, patience)
	}
	run(t, s, 1, start, hello())
	verified(t, s, 4)
}

// Another program that reads is no reason to wait, nor to fail.
func TestADatabaseThatIsInUseKeepsItsPages(t *testing.T) {
	dir := t.TempDir()
	path := largePages(t, dir)
	db, err := sql.Open("sqlite", path)
	must(t, err)
	defer db.Close()
	db.SetMaxOpenConns(1)
	sqlExec(t, db, "PRAGMA journal_mode = WAL; BEGIN; SELECT count(*) FROM infinite_map")
	s, done := open(t, dir)
	if n := pageSizeOf(t, s); n == pageSize || !done.Migrated {
		t.Errorf("pages of %d bytes: %+v", n, done)
	}
	run(t, s, 1, start, hello())
	verified(t, s, 4)
}
