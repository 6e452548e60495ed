package store

import (
	"context"
	"database/sql"
	"sync"
	"time"

	"gvpie/runtime/store/sqlquery"
)

// Counts are how many rows there are.
type Counts struct {
	Scripts, EnabledScripts int64
	Runs                    int64
	Map                     int64
	Outside                 int64 // rows of the map that another program wrote; Verify names them
	Goals, OpenGoals        int64
	Cartridges              int64
	Metrics                 int64
}

// Counts counts the rows, on one snapshot. It costs the same however many there are:
// see tally.
func (s *Store) Counts(ctx context.Context) (c Counts, err error) {
	err = s.read(ctx, "count the rows", func(ctx context.Context, q querier) (err error) {
		var chained int64 // rows of the map that are ours
		// Taken before the first query, with which the snapshot begins: none is older
		// than what the tally knows.
		s.tally.mu.Lock()
		defer s.tally.mu.Unlock()
		if c.Runs, err = s.tally.count(ctx, q, "improvement_runs", s.o.Now()); err != nil {
			return err
		}
		if c.Map, err = s.tally.count(ctx, q, "infinite_map", s.o.Now()); err != nil {
			return err
		}
		if c.Metrics, err = s.tally.count(ctx, q, "system_metrics", s.o.Now()); err != nil {
			return err
		}
		err = q.QueryRowContext(ctx, `SELECT
			(SELECT count(*) FROM improvement_scripts), (SELECT count(*) FROM improvement_scripts WHERE enabled),
			(SELECT count(*) FROM development_goals), (SELECT count(*) FROM development_goals WHERE NOT coalesce(completed, 0)),
			(SELECT count(*) FROM cartridge_registry), coalesce((SELECT max(seq) FROM map_head WHERE typeof(seq) = 'integer'), ?) - (SELECT CAST(total(holes) AS INTEGER) FROM imports WHERE typeof(holes) = 'integer' AND typeof(sum) = 'blob')`, c.Map).
			Scan(&c.Scripts, &c.EnabledScripts, &c.Goals, &c.OpenGoals, &c.Cartridges, &chained)
		c.Outside = max(c.Map-chained, 0)
		return err
	})
	return c, err
}

// tally remembers how many rows a table had up to some id, so that only those after it
// are counted: SQLite counts ten million rows in a tenth of a second. Rows that
// somebody deletes before that id show at the next recount, in a table of fewer than
// countedWhole at once.
type tally struct {
	mu     sync.Mutex
	tables map[string]counted
}

type counted struct {
	upTo, rows int64
	at         time.Time // of the last whole count
	unsaved    bool
}

const (
	countedWhole = 20_000
	recountEvery = 10 * time.Minute
)

// count is how many rows a table has. mu is held.
func (t *tally) count(ctx context.Context, q querier, table string, now time.Time) (rows int64, err error) {
	last := int64(0)
	if err := q.QueryRowContext(ctx, "SELECT coalesce(max(id), 0) FROM "+table).Scan(&last); err != nil {
		return 0, err
	}
	known, ok := t.tables[table]
	if !ok {
		known = remembered(ctx, q, table)
	}
	if known.rows < countedWhole || last < known.upTo {
		return t.whole(ctx, q, table, last, now)
	}
	var more int64
	if err := q.QueryRowContext(ctx, "SELECT count(*) FROM "+table+" WHERE id > ?", known.upTo).Scan(&more); err != nil {
		return 0, err
	}
	known.upTo, known.rows = last, known.rows+more
	t.set(table, known)
	return known.rows, nil
}

func (t *tally) set(table string, c counted) {
	if t.tables == nil {
		t.tables = map[string]counted{}
	}
	t.tables[table] = c
}

// remembered is what an earlier process counted: nothing, where that cannot be read.
func remembered(ctx context.Context, q querier, table string) (c counted) {
	var at sql.NullString
	err := q.QueryRowContext(ctx, `SELECT up_to, rows, CAST(at AS TEXT) FROM row_counts
		WHERE name = ? AND typeof(up_to) = 'integer' AND typeof(rows) = 'integer'`, table).Scan(&c.upTo, &c.rows, &at)
	if err != nil {
		return counted{}
	}
	c.at = sqlquery.ParseTime(at)
	return c
}

// save writes down what was counted whole since it was last called.
func (t *tally) save(ctx context.Context, q querier) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	for table, c := range t.tables {
		if !c.unsaved {
			continue
		}
		if _, err := q.ExecContext(ctx, "INSERT OR REPLACE INTO row_counts (name, up_to, rows, at) VALUES (?, ?, ?, ?)", table, c.upTo, c.rows, sqlquery.FormatTime(c.at)); err != nil {
			return err
		}
		c.unsaved = false
		t.tables[table] = c
	}
	return nil
}

// whole counts all rows of a table. mu is held.
func (t *tally) whole(ctx context.Context, q querier, table string, last int64, now time.Time) (rows int64, err error) {
	if err := q.QueryRowContext(ctx, "SELECT count(*) FROM "+table).Scan(&rows); err != nil {
		return 0, err
	}
	t.set(table, counted{last, rows, now, rows >= countedWhole})
	return rows, nil
}

// recount counts one of the tables again that was counted long ago.
func (t *tally) recount(ctx context.Context, q querier, now time.Time) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	for table, known := range t.tables {
		if age := now.Sub(known.at); known.rows < countedWhole || age >= 0 && age < recountEvery {
			continue
		}
		var last int64
		if err := q.QueryRowContext(ctx, "SELECT coalesce(max(id), 0) FROM "+table).Scan(&last); err != nil {
			return err
		}
		_, err := t.whole(ctx, q, table, last, now)
		return err
	}
	return nil
}

// recountSoon has a table counted again at the next check: rows of it were deleted.
func (t *tally) recountSoon(table string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if known, ok := t.tables[table]; ok {
		known.at = time.Time{}
		t.tables[table] = known
	}
}

// forget is called when another database has come in the place of the one counted.
func (t *tally) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.tables = nil
}
