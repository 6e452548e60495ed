package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"gvpie/runtime/pxl/include"
	"gvpie/runtime/store/chain"
)

// library is a file that many programs include, of more than a page.
var library = strings.Repeat("; shared words ÄÖ\n", 500)

// withFiles is the n-th of programs that come with the same two files.
func withFiles(n int) string {
	return include.Bundle(fmt.Sprintf("INCLUDE \"lib/shared.pxl\"\nINCLUDE \"s.pxl\"\nLOG %d\nHALT\n", n),
		include.Files{Texts: map[string]string{"lib/shared.pxl": library, "lib/empty.pxl": ""}, Links: map[string]string{"s.pxl": "lib/empty.pxl"}})
}

// including is a store with three scripts that come with the same files, each run once.
func including(t *testing.T) (s *Store, scripts []Script, rows []int64) {
	t.Helper()
	ctx := t.Context()
	s = fresh(t)
	for i := range 3 {
		code := withFiles(i)
		id, _, err := s.UpsertScript(ctx, Script{Name: fmt.Sprint("with ", i), Lang: "pixel", Code: code, Enabled: true})
		must(t, err)
		f := hello()
		f.Code = code
		_, row := run(t, s, id, start, f)
		one, err := s.ScriptByID(ctx, id)
		must(t, err)
		scripts, rows = append(scripts, one), append(rows, row)
	}
	return s, scripts, rows
}

func one[T any](t *testing.T, db *sql.DB, query string, args ...any) (v T) {
	t.Helper()
	must(t, db.QueryRow(query, args...).Scan(&v))
	return v
}

func TestIncludedFilesAreKeptOnce(t *testing.T) {
	ctx := t.Context()
	s, scripts, rows := including(t)
	db := beside(t, s)
	for i, one := range scripts {
		if one.Code != withFiles(i) || one.CodeHash != chain.HashText(one.Code) || one.CodeBytes != int64(len(one.Code)) || one.Fault != "" || one.Fresh() {
			t.Errorf("script %d: %.80q %d bytes, %q", i, one.Code, one.CodeBytes, one.Fault)
		}
		m, err := s.MapRow(ctx, rows[i])
		must(t, err)
		if m.Code != one.Code || m.Lost != "" {
			t.Errorf("row %d: %.80q %q", i, m.Code, m.Lost)
		}
	}
	// What a person reads with sqlite3.
	var full, code, body string
	must(t, db.QueryRow("SELECT code FROM infinite_map_full WHERE id = ?", rows[1]).Scan(&full))
	must(t, db.QueryRow("SELECT code FROM improvement_scripts WHERE id = ?", scripts[1].ID).Scan(&code))
	must(t, db.QueryRow("SELECT c.body FROM contents c JOIN map_texts t ON c.hash = lower(hex(t.code)) WHERE map_id = ?", rows[1]).Scan(&body))
	if full != withFiles(1) || code != body || !strings.HasPrefix(code, "INCLUDE \"lib/shared.pxl\"\nINCLUDE \"s.pxl\"\nLOG 1\nHALT\n;= KEPT "+chain.HashText("")+" lib/empty.pxl\n;= KEPT "+chain.HashText(library)+" lib/shared.pxl\n") {
		t.Errorf("%.200q\n%q\n%q", full, code, body)
	}
	if n := one[int](t, db, "SELECT (SELECT count(*) FROM contents WHERE body LIKE '%shared words%') + (SELECT count(*) FROM improvement_scripts WHERE code LIKE '%shared words%')"); n != 1 {
		t.Errorf("the file is kept %d times", n)
	}
	// Lists tell how long the whole is, and have it where it is as short as they ask.
	for _, most := range []int{0, 1000, len(withFiles(0)) - 1, len(withFiles(0))} {
		page, err := s.ScriptPage(ctx, Page{Code: most})
		must(t, err)
		points, err := s.MapList(ctx, Page{Code: most})
		must(t, err)
		for i := range 3 {
			want := ""
			if most == len(withFiles(0)) {
				want = withFiles(2 - i)
			}
			if page[i].Code != want || page[i].CodeBytes != int64(len(withFiles(0))) || page[i].Fault != "" {
				t.Errorf("listed up to %d: %.80q %d %q", most, page[i].Code, page[i].CodeBytes, page[i].Fault)
			}
			if points[i].Code != want || points[i].CodeBytes != int64(len(withFiles(0))) {
				t.Errorf("row listed up to %d: %.80q %d", most, points[i].Code, points[i].CodeBytes)
			}
		}
	}
	// The same again is no change; another library leaves the versions of before.
	_, changed, err := s.UpsertScript(ctx, Script{Name: "with 1", Lang: "pixel", Code: withFiles(1)})
	if err != nil || changed {
		t.Error(changed, err)
	}
	other := strings.Replace(withFiles(1), "shared words", "other words", 1)
	must(t, s.EditScript(ctx, scripts[1].ID, ScriptEdit{Code: &other}))
	now, err := s.ScriptByID(ctx, scripts[1].ID)
	if err != nil || now.Code != other || !now.Fresh() {
		t.Errorf("%.80q %v", now.Code, err)
	}
	m, err := s.MapRow(ctx, rows[1])
	if err != nil || m.Code != withFiles(1) {
		t.Errorf("%.80q %v", m.Code, err)
	}
	rep, err := s.Verify(ctx)
	if err != nil || !rep.OK() || rep.Rows != 3 {
		t.Errorf("%+v %v", rep, err)
	}
}

// TestAPersonEditsCodeThatRefersToFiles: what sqlite3 makes of the column keeps the
// files; a bundle that is written whole into it, as every one was before, is read.
func TestAPersonEditsCodeThatRefersToFiles(t *testing.T) {
	ctx := t.Context()
	s, scripts, _ := including(t)
	db := beside(t, s)
	sqlExec(t, db, "UPDATE improvement_scripts SET code = replace(code, 'LOG 0', 'LOG 77') WHERE name = 'with 0'")
	sqlExec(t, db, "INSERT INTO improvement_scripts (name, lang, code) SELECT 'a copy', lang, code FROM improvement_scripts WHERE name = 'with 1'")
	sqlExec(t, db, "UPDATE improvement_scripts SET code = ? WHERE name = 'with 2'", withFiles(9))
	for name, n := range map[string]int{"with 0": 77, "a copy": 1, "with 2": 9} {
		if got, err := s.Script(ctx, name); err != nil || got.Code != withFiles(n) || !got.Fresh() || got.Fault != "" {
			t.Errorf("%s: %.80q %q %v", name, got.Code, got.Fault, err)
		}
	}
	f := hello()
	f.Code = withFiles(77)
	run(t, s, scripts[0].ID, start, f)
	if got, err := s.Script(ctx, "with 0"); err != nil || got.Fresh() {
		t.Error("what was run counts as untried", err)
	}
}

// unlocked lets a hand do to contents what its triggers refuse.
func unlocked(t *testing.T, db *sql.DB, query string, args ...any) {
	t.Helper()
	sqlExec(t, db, "DROP TRIGGER contents_no_update; DROP TRIGGER contents_no_delete")
	sqlExec(t, db, query, args...)
}

func TestAFileThatIsLostIsSaid(t *testing.T) {
	ctx := t.Context()
	digits := chain.HashText(library)
	for what, c := range map[string]struct{ query, why string }{
		"missing": {"DELETE FROM contents WHERE hash = ?", "its file lib/shared.pxl (" + digits[:12] + "…) is not in the database"},
		"altered": {"UPDATE contents SET body = 'CLS red' WHERE hash = ?", "its file lib/shared.pxl (" + digits[:12] + "…) is in the database otherwise than it was"},
	} {
		s, scripts, rows := including(t)
		db := beside(t, s)
		unlocked(t, db, c.query, digits)
		one, err := s.ScriptByID(ctx, scripts[0].ID)
		if err != nil || one.Fault != c.why {
			t.Errorf("%s: %q %v", what, one.Fault, err)
		}
		due, skipped, err := s.DueScripts(ctx, start, 5)
		must(t, err)
		if len(due) != 1 || len(skipped) != 3 || skipped[0] != (Skipped{"improvement_scripts", scripts[0].ID, "with 0", c.why}) {
			t.Errorf("%s: due %d, skipped %v", what, len(due), skipped)
		}
		m, err := s.MapRow(ctx, rows[0])
		if err != nil || m.Lost != c.why {
			t.Errorf("%s: %q %v", what, m.Lost, err)
		}
		page, err := s.ScriptPage(ctx, Page{})
		if err != nil || what == "missing" && page[0].Fault != c.why {
			t.Errorf("%s: %+v %v", what, page, err)
		}
		rep, err := s.Verify(ctx)
		must(t, err)
		said := fmt.Sprint(rep.Faults)
		if len(rep.Faults) != 6 || !strings.Contains(said, fmt.Sprintf("script %d (with 2): %s", scripts[2].ID, c.why)) || !strings.Contains(said, "is not whole any more: "+c.why) {
			t.Errorf("%s: %s", what, said)
		}
		folder, err := VerifyFolder(ctx, s.Dir(), nil)
		if err != nil || len(folder.Faults) != 6 {
			t.Errorf("%s: %+v %v", what, folder, err)
		}
		// It is kept again with the next script that comes with it; where a hand has put
		// another text in its place, the code has it itself.
		_, _, err = s.UpsertScript(ctx, Script{Name: "later", Lang: "pixel", Code: withFiles(5)})
		must(t, err)
		if later, err := s.Script(ctx, "later"); err != nil || later.Code != withFiles(5) || later.Fault != "" {
			t.Errorf("%s: %.80q %q %v", what, later.Code, later.Fault, err)
		}
		if one, err = s.ScriptByID(ctx, scripts[0].ID); err != nil || (one.Fault == "") != (what == "missing") {
			t.Errorf("%s: %q %v", what, one.Fault, err)
		}
	}
}

// TestCodeAndItsFilesAreWrittenTogetherOrNotAtAll: a transaction that fails leaves
// neither.
func TestCodeAndItsFilesAreWrittenTogetherOrNotAtAll(t *testing.T) {
	s := fresh(t)
	refused := errors.New("the disk is full")
	err := s.write(t.Context(), "save", func(ctx context.Context, q querier) error {
		if _, _, err := s.upsertScript(ctx, q, Script{Name: "x", Lang: "pixel", Code: withFiles(0)}); err != nil {
			return err
		}
		return refused
	})
	isErr(t, err, refused)
	db := beside(t, s)
	if n := one[int](t, db, "SELECT (SELECT count(*) FROM contents) + (SELECT count(*) FROM improvement_scripts WHERE name = 'x')"); n != 0 {
		t.Errorf("%d rows are left", n)
	}
}

// TestARunThatWasInterruptedHasItsFiles: its row of the map is as whole as others.
func TestARunThatWasInterruptedHasItsFiles(t *testing.T) {
	ctx := t.Context()
	s, scripts, _ := including(t)
	_, err := s.BeginRun(ctx, scripts[0].ID, start, "CPU")
	must(t, err)
	must(t, s.Close())
	s, _ = open(t, s.Dir())
	n, err := s.Interrupted(ctx)
	if err != nil || n != 1 {
		t.Fatal(n, err)
	}
	m, err := s.LastMapOf(ctx, scripts[0].ID)
	if err != nil || m.Code != withFiles(0) || !strings.Contains(m.Result, "interrupted") {
		t.Errorf("%.80q %q %v", m.Code, m.Result, err)
	}
}

// TestAnOutputMayBeSomeProgramToTheByte: it shares the entry of contents, and is read whole.
func TestAnOutputMayBeSomeProgramToTheByte(t *testing.T) {
	ctx := t.Context()
	s, scripts, _ := including(t)
	f := hello()
	f.Stdout = withFiles(0)
	id, _ := run(t, s, scripts[1].ID, start, f)
	r, err := s.Run(ctx, id)
	if err != nil || r.Stdout != withFiles(0) {
		t.Errorf("%.80q %v", r.Stdout, err)
	}
	if full := one[string](t, beside(t, s), "SELECT stdout FROM improvement_runs_full WHERE id = ?", id); full != withFiles(0) {
		t.Errorf("%.80q", full)
	}
}

// TestCodeThatRefersToAFileTooOftenIsSaid: a hand may write what would fill the memory.
func TestCodeThatRefersToAFileTooOftenIsSaid(t *testing.T) {
	s, scripts, _ := including(t)
	line := ";= KEPT " + chain.HashText(library) + " lib/shared.pxl\n"
	sqlExec(t, beside(t, s), "UPDATE improvement_scripts SET code = ? WHERE id = ?", "HALT\n"+strings.Repeat(line, 65<<20/len(library)), scripts[0].ID)
	one, err := s.ScriptByID(t.Context(), scripts[0].ID)
	if err != nil || !strings.Contains(one.Fault, "makes it larger than 64 MB") {
		t.Errorf("%q %v", one.Fault, err)
	}
	if listed, err := s.ScriptPage(t.Context(), Page{}); err != nil || !strings.Contains(listed[2].Fault, " MB, and a script may have 16") {
		t.Errorf("%q %v", listed[2].Fault, err)
	}
}

// TestWhatIsKnownOfALostTextIsNoHindrance: of a damaged database the one row may be left
// and the other not.
func TestWhatIsKnownOfALostTextIsNoHindrance(t *testing.T) {
	s := fresh(t)
	sqlExec(t, beside(t, s), "INSERT INTO bundles (hash, bytes) VALUES (?, 1)", chain.HashText(withFiles(0)))
	id, err := s.AddMap(t.Context(), MapRow{Code: withFiles(0)})
	must(t, err)
	if m, err := s.MapRow(t.Context(), id); err != nil || m.Code != withFiles(0) {
		t.Errorf("%.80q %v", m.Code, err)
	}
}

// TestScriptsOfBeforeStayWhole: a database of the version before has bundles whole in
// both tables.
func TestScriptsOfBeforeStayWhole(t *testing.T) {
	ctx := t.Context()
	s, scripts, rows := including(t)
	dir := s.Dir()
	db := beside(t, s)
	unlocked(t, db, "UPDATE contents SET body = (SELECT f.body FROM contents_full f WHERE f.id = contents.id)")
	for i, one := range scripts {
		sqlExec(t, db, "UPDATE improvement_scripts SET code = ? WHERE id = ?", withFiles(i), one.ID)
	}
	sqlExec(t, db, "DROP VIEW infinite_map_full; DROP VIEW improvement_runs_full; DROP VIEW contents_full; DROP TABLE bundles; UPDATE schema_version SET version = 13")
	must(t, db.Close())
	must(t, s.Close())
	s, done, err := Open(ctx, dir, Options{})
	must(t, err)
	defer s.Close()
	if !done.Migrated {
		t.Fatalf("%+v", done)
	}
	for i, one := range scripts {
		got, err := s.ScriptByID(ctx, one.ID)
		if err != nil || got.Code != withFiles(i) {
			t.Errorf("%.80q %v", got.Code, err)
		}
		m, err := s.MapRow(ctx, rows[i])
		if err != nil || m.Code != withFiles(i) {
			t.Errorf("%.80q %v", m.Code, err)
		}
	}
	if rep, err := s.Verify(ctx); err != nil || !rep.OK() {
		t.Errorf("%+v %v", rep, err)
	}
}

// TestAnExportBringsTheFilesAlong: into a new folder, and into one that has some of them.
func TestAnExportBringsTheFilesAlong(t *testing.T) {
	ctx := t.Context()
	s, _, _ := including(t)
	must(t, s.Close())
	folder := exported(t, s.Dir())
	other := fresh(t)
	_, _, err := other.UpsertScript(ctx, Script{Name: "own", Lang: "pixel", Code: withFiles(1)})
	must(t, err)
	must(t, other.Close())
	for _, dir := range []string{filepath.Join(t.TempDir(), "data"), other.Dir()} {
		if r, err := Import(ctx, dir, folder, Options{}); err != nil || len(r.Why) > 0 {
			t.Fatalf("%+v %v", r, err)
		}
		to, _ := open(t, dir)
		for i := range 3 {
			if got, err := to.Script(ctx, fmt.Sprint("with ", i)); err != nil || got.Code != withFiles(i) {
				t.Errorf("%.80q %q %v", got.Code, got.Fault, err)
			}
		}
		all, err := to.Map(ctx, Page{})
		if err != nil || len(all) != 3 || all[2].Code != withFiles(0) {
			t.Errorf("%d rows %v", len(all), err)
		}
		if rep, err := to.Verify(ctx); err != nil || !rep.OK() {
			t.Errorf("%+v %v", rep, err)
		}
	}
}
