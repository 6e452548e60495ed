package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"gvpie/runtime/store/sqlitefile"
)

// An intake brings the rows of a damaged database in, a few pages to a transaction, in
// which it writes down how far it is: who goes on later begins there.
type intake struct {
	s      *core
	id     int64 // of its row in imports
	end    int64 // the map's last id of before
	page   int   // how far it is, of pages: it goes through the file several times
	pages  int
	f      *sqlitefile.File
	tables []form // of the damaged file's tables
	place  *placer
	report ImportReport
}

// begin learns what the tables on both sides look like. Tables of other programs are
// made here, where that can be done as they were made there.
func (in *intake) begin(ctx context.Context, q querier) (err error) {
	if in.place, err = newPlacer(ctx, q, false); err != nil {
		return err
	}
	in.tables = make([]form, len(in.f.Tables()))
	for i, t := range in.f.Tables() {
		if in.tables[i], err = formOfSQL(ctx, t); err != nil {
			return err
		}
		if why := "table " + t.Name + ": how it was made cannot be read, nor its rows"; in.tables[i].columns == nil && !strings.HasPrefix(t.Name, "sqlite_") && !slices.Contains(in.report.Why, why) {
			in.report.Why = append(in.report.Why, why)
		}
		if _, have := in.place.forms[t.Name]; have {
			continue
		}
		if in.place.forms[t.Name], err = makeTable(ctx, q, t); err != nil {
			return err
		}
	}
	return nil
}

// formOfSQL is what a table looked like that was made so; without columns when that is
// not one statement which makes it, and nothing else.
func formOfSQL(ctx context.Context, t sqlitefile.Table) (f form, err error) {
	if !strings.HasPrefix(strings.ToUpper(t.SQL), "CREATE TABLE") || !oneStatement(t.SQL) || strings.HasPrefix(t.Name, "sqlite_") {
		return f, nil
	}
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return f, err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, t.SQL); err != nil {
		return f, ctx.Err()
	}
	return formOfTable(ctx, db, t.Name)
}

// oneStatement says that no semicolon ends a statement within an SQL text.
func oneStatement(sql string) bool {
	for sql != "" {
		end := ""
		switch {
		case strings.HasPrefix(sql, "--"):
			end = "\n"
		case strings.HasPrefix(sql, "/*"):
			end = "*/"
		case sql[0] == '[':
			end = "]"
		case strings.ContainsRune("'\"`", rune(sql[0])):
			end = sql[:1] // doubled within it begins another
		case sql[0] == ';':
			return false
		}
		sql = sql[1:]
		if end != "" {
			_, sql, _ = strings.Cut(sql, end)
		}
	}
	return true
}

// makeTable makes a table of another program's as it was made there, and says what it
// looks like; without columns when that cannot be done.
func makeTable(ctx context.Context, q querier, t sqlitefile.Table) (f form, err error) {
	if f, err = formOfSQL(ctx, t); err != nil || f.columns == nil {
		return f, err
	}
	err = nested(ctx, q, func() error { _, err := q.ExecContext(ctx, t.SQL); return err })
	if err != nil && !Whole(err) {
		return form{}, nil
	}
	return f, err
}

// few brings in all rows of a table of which there are few, in the order of their ids.
func (in *intake) few(ctx context.Context, q querier, table string) error {
	for i, t := range in.f.Tables() {
		if t.Name != table {
			continue
		}
		var rows []sqlitefile.Row
		lost := in.f.Read(i, func(r sqlitefile.Row) { rows = append(rows, r) })
		in.report.lose(table, int64(lost))
		slices.SortFunc(rows, func(a, b sqlitefile.Row) int { return int(min(1, max(-1, a.ID-b.ID))) })
		for _, r := range rows {
			if err := in.row(ctx, q, table, in.tables[i], r); err != nil {
				return err
			}
		}
	}
	return nil
}

// row puts one row in.
func (in *intake) row(ctx context.Context, q querier, table string, f form, r sqlitefile.Row) error {
	values := r.Values
	if at := slices.Index(f.columns, f.id); at >= 0 && at < len(values) {
		values = slices.Clone(values)
		values[at] = r.ID
	}
	if table == "map_chain" && r.ID >= in.end { // where the map went on after it
		return nil
	}
	err := nested(ctx, q, func() error {
		isNew, err := in.place.place(ctx, table, f.columns, values)
		if err != nil {
			return err
		}
		in.report.count(table, isNew)
		if table == "improvement_runs" && isNew {
			return in.endRun(ctx, q, r.ID, f, values)
		}
		return nil
	})
	if err == nil || Whole(err) {
		return err
	}
	in.report.refuse(table, fmt.Sprintf("row %d of %s", r.ID, table), err)
	return nil
}

// endRun marks a run that was in hand: its process has ended.
func (in *intake) endRun(ctx context.Context, q querier, id int64, f form, values []any) error {
	at := slices.Index(f.columns, "finished_at")
	if at < 0 || at >= len(values) || values[at] != nil {
		return nil
	}
	if now, moved := in.place.moved["improvement_runs"][id]; moved {
		id = now
	}
	_, err := q.ExecContext(ctx, "INSERT OR IGNORE INTO run_details (run_id, outcome, slow) VALUES (?, ?, 0)", id, interrupted)
	return err
}

// note writes down that a row got another id.
func (in *intake) note(ctx context.Context, q querier, table string, was, now int64) error {
	_, err := q.ExecContext(ctx, "INSERT INTO imported_ids VALUES (?, ?, ?, ?)", in.id, table, was, now)
	return err
}

// save writes down how far it is.
func (in *intake) save(ctx context.Context, q querier) error {
	b, err := json.Marshal(in.report)
	if err != nil {
		return err
	}
	_, err = q.ExecContext(ctx, "UPDATE imports SET page = ?, pages = ?, report = ? WHERE id = ?", in.page, in.pages, string(b), in.id)
	return err
}
