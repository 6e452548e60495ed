package sqlitefile

import (
	"bytes"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// made is a database of two tables, with more than one page of each, texts that need
// pages of their own, and values of all types; some of it is in its log alone.
func made(t testing.TB, pragmas string) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "a.db")
	db, err := sql.Open("sqlite", path)
	must(t, err)
	db.SetMaxOpenConns(1)
	run := func(query string, args ...any) {
		t.Helper()
		_, err := db.Exec(query, args...)
		must(t, err)
	}
	run(pragmas + "; PRAGMA synchronous=OFF; PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; CREATE TABLE a (id INTEGER PRIMARY KEY, n, t TEXT); CREATE TABLE b (t TEXT PRIMARY KEY, r REAL, x BLOB)")
	for i := range rows {
		run("INSERT INTO a VALUES (?, ?, ?)", i*i-3, int64(1)<<(i%63)-9, text(i))
		run("INSERT INTO b VALUES (?, ?, ?)", fmt.Sprint("key ", i), float64(i)/4, []byte(text(i)))
		if i == rows/2 {
			run("PRAGMA wal_checkpoint(TRUNCATE)")
		}
	}
	b, err := os.ReadFile(path)
	must(t, err)
	wal, err := os.ReadFile(path + "-wal")
	must(t, err)
	must(t, db.Close())
	must(t, os.WriteFile(path, b, 0o600)) // as a killed process leaves them
	must(t, os.WriteFile(path+"-wal", wal, 0o600))
	return path
}

const rows = 300

func text(i int) string { return strings.Repeat(fmt.Sprint("ä", i, " "), i%7*i) }

// read gives the rows of all pages, by table, and what was said to be lost.
func read(t testing.TB, path string) (byTable map[string]map[int64][]any, lost int) {
	t.Helper()
	d, err := Open(path)
	must(t, err)
	defer d.Close()
	must(t, d.Load(t.Context()))
	byTable = map[string]map[int64][]any{}
	for n := uint32(1); n <= d.Pages(); n++ {
		table, ok := d.Owner(n)
		if !ok {
			continue
		}
		name := ""
		if table >= 0 {
			name = d.Tables()[table].Name
		}
		if byTable[name] == nil {
			byTable[name] = map[int64][]any{}
		}
		less, _ := d.Rows(n, func(r Row) { byTable[name][r.ID] = r.Values })
		lost += less
	}
	for i := range d.Tables() {
		lost += d.Broken(i)
	}
	return byTable, lost
}

func whole(t *testing.T, got map[string]map[int64][]any) {
	t.Helper()
	if len(got["a"]) != rows || len(got["b"]) != rows {
		t.Fatalf("%d and %d rows", len(got["a"]), len(got["b"]))
	}
	for i := range rows {
		a := got["a"][int64(i*i-3)]
		if len(a) != 3 || a[0] != nil || a[1] != int64(1)<<(i%63)-9 || a[2] != text(i) {
			t.Errorf("row %d of a: %.100v", i, a)
		}
		b := got["b"][int64(i+1)]
		real, _ := b[1].(float64)
		if n, ok := b[1].(int64); ok { // SQLite writes whole numbers so
			real = float64(n)
		}
		if len(b) != 3 || b[0] != fmt.Sprint("key ", i) || real != float64(i)/4 || !bytes.Equal(b[2].([]byte), []byte(text(i))) {
			t.Errorf("row %d of b: %.100v", i, b)
		}
	}
}

func TestEveryRowIsRead(t *testing.T) {
	for _, pragmas := range []string{"PRAGMA page_size=4096", "PRAGMA page_size=512", "PRAGMA page_size=65536", "PRAGMA encoding='UTF-16le'", "PRAGMA encoding='UTF-16be'"} {
		path := made(t, pragmas)
		got, lost := read(t, path)
		whole(t, got)
		if lost != 0 {
			t.Errorf("%s: %d are lost", pragmas, lost)
		}
		for i, table := range []string{"a", "b"} {
			d, err := Open(path)
			must(t, err)
			must(t, d.Load(t.Context()))
			if last, ok := d.Last(d.Tables()[i]); !ok || last != []int64{(rows-1)*(rows-1) - 3, rows}[i] {
				t.Errorf("%s: the last of %s is %d, %v", pragmas, table, last, ok)
			}
			must(t, d.Close())
		}
	}
}

// spoil changes the bytes of the file, without its log.
func spoil(t *testing.T, path string, change func([]byte) []byte) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	must(t, err)
	_, err = db.Exec("PRAGMA wal_checkpoint(TRUNCATE)")
	must(t, err)
	must(t, db.Close())
	b, err := os.ReadFile(path)
	must(t, err)
	must(t, os.WriteFile(path, change(b), 0o600))
}

func TestALostHeaderLosesNoRow(t *testing.T) {
	for _, size := range []int{512, 1024, 4096, 32768} {
		path := made(t, fmt.Sprint("PRAGMA page_size = ", size))
		spoil(t, path, func(b []byte) []byte { return append(make([]byte, 100), b[100:]...) })
		if d, err := Open(path); err != nil || d.PageSize() != size {
			t.Errorf("pages of %d bytes are taken for pages of %d, %v", size, d.PageSize(), err)
		} else {
			must(t, d.Close())
		}
		got, _ := read(t, path)
		whole(t, got)
	}
}

// Without the root of its tree a table's pages are those of none, and all there.
func TestALostRootLosesNoRow(t *testing.T) {
	path := made(t, "")
	spoil(t, path, func(b []byte) []byte {
		d, err := Open(path)
		must(t, err)
		defer d.Close()
		must(t, d.Load(t.Context()))
		copy(b[int(d.Tables()[0].root-1)*4096:], strings.Repeat("?", 4096))
		return b
	})
	got, lost := read(t, path)
	if lost != 1 || len(got[""]) != rows || len(got["b"]) != rows {
		t.Errorf("%d rows of none, %d of b, %d pages lost", len(got[""]), len(got["b"]), lost)
	}
}

// Whatever lies in a file, reading it ends, and no row is one that was never written.
func TestNoDamageStopsReading(t *testing.T) {
	path := made(t, "PRAGMA page_size=1024")
	spoil(t, path, func(b []byte) []byte { return b })
	whole, err := os.ReadFile(path)
	must(t, err)
	random := rand.New(rand.NewPCG(1, 2))
	for range 60 {
		b := bytes.Clone(whole)
		switch random.IntN(3) {
		case 0:
			b = b[:random.IntN(len(b))]
		case 1:
			at := random.IntN(len(b) / 1024)
			for i := range 1024 {
				b[at*1024+i] = byte(random.Uint32())
			}
		case 2:
			for range 200 {
				b[random.IntN(len(b))] = byte(random.Uint32())
			}
		}
		must(t, os.WriteFile(path, b, 0o600))
		read(t, path)
	}
}

func FuzzRead(f *testing.F) {
	b, err := os.ReadFile(made(f, "PRAGMA page_size=512"))
	must(f, err)
	f.Add(b)
	f.Fuzz(func(t *testing.T, b []byte) {
		path := filepath.Join(t.TempDir(), "a.db")
		must(t, os.WriteFile(path, b, 0o600))
		read(t, path)
	})
}
