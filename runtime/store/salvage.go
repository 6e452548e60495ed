package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"gvpie/runtime/store/chain"
	"gvpie/runtime/store/sqlitefile"
	"gvpie/runtime/store/sqlquery"
)

// A damaged database is put aside, and what can still be read of it is brought into the
// new one. What few rows there are of (scripts, goals, settings) comes as the new one is
// made, so that the loop goes on with them; the rest in the background, beside the loop,
// which a process that ends only interrupts. The map goes on after the rows that it had,
// under the numbers and hashes that they had.

// ImportReport says what an import brought in. It is kept in the table imports.
type ImportReport struct {
	Rows    map[string]int64 `json:"rows,omitempty" doc:"rows brought in, by table"`
	Known   int64            `json:"known" doc:"rows that were there before"`
	Lost    map[string]int64 `json:"lost,omitempty" doc:"rows and pages that could not be read, by table"`
	Refused map[string]int64 `json:"refused,omitempty" doc:"rows that could be read and are no rows of the new database, by table"`
	Why     []string         `json:"why,omitempty" doc:"the first of those, and what else went wrong, in words"`
	Orphans int64            `json:"orphans" doc:"rows of no table that is known"`
	Proven  int64            `json:"map_proven" doc:"rows of the map that the chain proves to be as they were written"`
	Sealed  int64            `json:"map_unproven" doc:"rows of the map of which it does not"`
	Missing int64            `json:"map_lost" doc:"rows of the map that are known to be lost"`
	NoEnd   bool             `json:"map_end_lost" doc:"where the map ended is lost: more of its rows may be"`
}

// whyMost is how many rows that are refused are named.
const whyMost = 50

func (r *ImportReport) refuse(table, what string, err error) {
	if r.Refused == nil {
		r.Refused = map[string]int64{}
	}
	r.Refused[table]++
	if len(r.Why) < whyMost {
		r.Why = append(r.Why, what+": "+err.Error())
	}
}

func (r *ImportReport) count(table string, isNew bool) {
	if !isNew {
		r.Known++
		return
	}
	if r.Rows == nil {
		r.Rows = map[string]int64{}
	}
	r.Rows[table]++
}

func (r *ImportReport) lose(table string, n int64) {
	if n == 0 {
		return
	}
	if r.Lost == nil {
		r.Lost = map[string]int64{}
	}
	r.Lost[table] += n
}

// String says it for a person.
func (r *ImportReport) String() string {
	var rows, lost int64
	text := ""
	for _, t := range slices.Sorted(maps.Keys(r.Rows)) {
		rows += r.Rows[t]
		text += fmt.Sprintf(", %s %d", t, r.Rows[t])
	}
	text = fmt.Sprintf("%d rows%s", rows, text)
	for _, t := range slices.Sorted(maps.Keys(r.Lost)) {
		lost += r.Lost[t]
	}
	for _, n := range r.Refused {
		lost += n
	}
	lost += r.Orphans
	if lost > 0 {
		text += fmt.Sprintf("; %d rows or pages could not be read or placed", lost)
	}
	if r.Missing > 0 {
		text += fmt.Sprintf("; %d rows of the map are lost", r.Missing)
	}
	if r.NoEnd {
		text += "; where the map ended is lost as well"
	}
	return text
}

// Salvage is how far bringing in the rows of a damaged database has come.
type Salvage struct {
	Path       string // of the damaged file
	BeganAt    time.Time
	FinishedAt time.Time // zero: it is under way
	Done       int       // of a hundred
	Report     ImportReport
}

// Salvaged is the latest salvage; ErrNotFound when there was none.
func (s *Store) Salvaged(ctx context.Context) (v Salvage, err error) {
	err = s.read(ctx, "read how far the salvage is", func(ctx context.Context, q querier) error {
		var began, finished sql.NullString
		var report string
		err := q.QueryRowContext(ctx, "SELECT "+sqlquery.Columns(sqlquery.Text("path"), "CAST(began_at AS TEXT)", "CAST(finished_at AS TEXT)", sqlquery.Integer("page")+" * 100 / max("+sqlquery.Integer("pages")+", 1)", sqlquery.Text("report"))+
			" FROM imports WHERE damaged AND typeof(sum) = 'blob' ORDER BY id DESC LIMIT 1").Scan(&v.Path, &began, &finished, &v.Done, &report)
		if err != nil {
			return err
		}
		v.BeganAt, v.FinishedAt = sqlquery.ParseTime(began), sqlquery.ParseTime(finished)
		_ = json.Unmarshal([]byte(report), &v.Report) // as far as it is one
		return nil
	})
	return v, err
}

// ahead are the tables whose rows come before all others, as the loop needs them, in
// this order.
var ahead = []string{"imports", "improvement_scripts", "removed_scripts", "cartridge_registry", "development_goals", "settings", "script_state", "chain_gaps", "imported_ids"}

// numbered are the tables that give each row a number of its own for ever.
var numbered = []string{"improvement_scripts", "improvement_runs", "development_goals", "infinite_map", "cartridge_registry", "system_metrics", "improve_offers"}

// notBroughtIn are tables that say something of one database or one process alone.
var notBroughtIn = []string{"schema_version", "heartbeat", "runs_in_hand", "row_counts", "map_head", "earlier_texts", "rolled_up", "script_edits"}

// beginSalvage prepares a database that is being made for the rows of a damaged one: new
// rows come after all that it had, and the map goes on where it ended. It is part of the
// transaction that makes the database: a process that ends leaves none, or one that will
// be filled. It says whether there are scripts now.
func (s *core) beginSalvage(ctx context.Context, q querier, path string) (scripts bool, err error) {
	f, err := sqlitefile.Open(path)
	if err != nil {
		return false, nil // a folder, or what may not be read: nothing of it can be salvaged
	}
	defer f.Close()
	if err := f.Load(ctx); err != nil {
		return false, err
	}
	end, lasts := mapEnd(f), map[string]int64{}
	for _, table := range numbered {
		last, whole := lastOf(f, table)
		if !whole { // a row takes ten bytes at least: there cannot have been more
			last = max(last, int64(f.Pages())*int64(f.PageSize())/10)
		}
		if table == "infinite_map" {
			if end.Hash == nil {
				end = chain.UnknownEnd(last + 1)
			}
			last = max(last, end.ID)
		}
		lasts[table] = last
		if _, err := q.ExecContext(ctx, "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", table, last); err != nil {
			return false, err
		}
	}
	mapTexts, runTexts := earlierTexts(f, lasts["infinite_map"], lasts["improvement_runs"])
	if _, err := q.ExecContext(ctx, "INSERT OR REPLACE INTO earlier_texts VALUES (1, ?, ?)", mapTexts, runTexts); err != nil {
		return false, err
	}
	if end.ID > 0 {
		if err := chain.SetHead(ctx, q, end); err != nil {
			return false, err
		}
		if _, err := q.ExecContext(ctx, "INSERT INTO map_chain VALUES (?, ?, ?)", end.ID, end.Seq, end.Hash); err != nil {
			return false, err
		}
	}
	in := &intake{s: s, f: f, report: ImportReport{}}
	if err := in.begin(ctx, q); err != nil {
		return false, err
	}
	for _, table := range ahead {
		if err := in.few(ctx, q, table); err != nil {
			return false, err
		}
	}
	err = q.QueryRowContext(ctx, "INSERT INTO imports (path, damaged, began_at, map_end) VALUES (?, 1, ?, ?) RETURNING id", path, s.now(), end.ID).Scan(&in.id)
	if err != nil {
		return false, err
	}
	for table, ids := range in.place.moved {
		for was, now := range ids {
			if err := in.note(ctx, q, table, was, now); err != nil {
				return false, err
			}
		}
	}
	if err := in.save(ctx, q); err != nil {
		return false, err
	}
	if err := chain.Resum(ctx, q, in.id); err != nil {
		return false, err
	}
	return in.report.Rows["improvement_scripts"] > 0, nil
}

// mapEnd is the end of the map's chain as it is written down; without a hash when that
// cannot be read.
func mapEnd(f *sqlitefile.File) (end chain.Link) {
	for i, t := range f.Tables() {
		if t.Name != "map_head" {
			continue
		}
		f.Read(i, func(r sqlitefile.Row) {
			if len(r.Values) != 4 {
				return
			}
			id, _ := r.Values[1].(int64)
			seq, _ := r.Values[2].(int64)
			hash, _ := r.Values[3].([]byte)
			if id >= 0 && id < sqlquery.LastID && seq >= 0 && seq < sqlquery.LastID && (len(hash) == 32 || id == 0) {
				end = chain.Link{ID: id, Seq: seq, Hash: append([]byte{}, hash...)}
			}
		})
	}
	return end
}

// earlierTexts is up to which ids rows refer to long texts in their columns: as it is
// written down, or all that there are, where it is not.
func earlierTexts(f *sqlitefile.File, lastMap, lastRun int64) (mapID, runID int64) {
	for i, t := range f.Tables() {
		if t.Name != "earlier_texts" {
			continue
		}
		f.Read(i, func(r sqlitefile.Row) {
			if len(r.Values) != 3 {
				return
			}
			m, isMap := r.Values[1].(int64)
			n, isRun := r.Values[2].(int64)
			if isMap && isRun {
				lastMap, lastRun = m, n
			}
		})
	}
	return lastMap, lastRun
}

// lastOf is the last id that a table gave out, as far as that can be read.
func lastOf(f *sqlitefile.File, table string) (last int64, whole bool) {
	for i, t := range f.Tables() {
		switch t.Name {
		case table:
			id, read := f.Last(t)
			last, whole = max(last, id), whole || read
		case "sqlite_sequence":
			f.Read(i, func(r sqlitefile.Row) {
				if len(r.Values) == 2 && r.Values[0] == table {
					id, number := r.Values[1].(int64)
					last, whole = max(last, id), whole || number
				}
			})
		}
	}
	if last >= sqlquery.LastID { // a hand put it there
		return 0, false
	}
	return last, whole
}

// keepSalvaging goes on with what is to be salvaged, if anything is, and returns at once.
func (s *core) keepSalvaging() {
	if s.salvaged.Load() {
		return
	}
	s.salvaging.begin(func(ctx context.Context) {
		err := s.salvageAll(ctx)
		if err != nil && ctx.Err() == nil {
			s.o.Logger.Warn("the rows of a damaged database could not all be brought in; it is tried again", "error", s.noted(err))
		}
		s.salvaged.Store(err == nil)
	})
}

// salvageAll brings in what is left of each damaged database, the latest first: an
// earlier one whose salvage was interrupted by damage is part of it.
func (s *core) salvageAll(ctx context.Context) error {
	for {
		in := &intake{s: s}
		path, report := "", ""
		err := s.read(ctx, "look for what is to be salvaged", func(ctx context.Context, q querier) error {
			all, _, err := chain.Imports(ctx, q)
			if err != nil {
				return err
			}
			for _, i := range all { // the last is the latest
				if i.Damaged && !i.Finished {
					in.id, in.end, path = i.ID, i.MapEnd, i.Path
				}
			}
			if path == "" {
				return nil
			}
			return q.QueryRowContext(ctx, "SELECT "+sqlquery.Columns(sqlquery.Integer("page"), sqlquery.Text("report"))+" FROM imports WHERE id = ?", in.id).Scan(&in.page, &report)
		})
		if err != nil || path == "" {
			return err
		}
		_ = json.Unmarshal([]byte(report), &in.report) // a hand may have been at it: only the counts are lost
		if err := in.salvage(ctx, path); err != nil {
			return err
		}
	}
}
