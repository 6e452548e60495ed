package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"gvpie/runtime/store/bundle"
	"gvpie/runtime/store/chain"
	"gvpie/runtime/store/sqlquery"
)

// MapRow is a row of the infinite map, its texts whole.
type MapRow struct {
	ID, Iteration                int64
	Task, Code, Result, Analysis string
	Timestamp                    time.Time
	Parent                       int64  // the iteration it came from; 0: none
	Hash                         string // its link of the chain, hexadecimal; "" for a row put in by hand
	RunID                        int64  // the run that it tells of; 0: none is known

	TaskBytes, CodeBytes, ResultBytes, AnalysisBytes int64 // of the whole texts, of which a list has the beginning

	Lost string // which of the files that Code came with is not there or was altered, in words; "": none, or the row was read with others
}

// mapRun is an SQL expression for the run that a row of the map tells of.
const mapRun = "coalesce((SELECT d.run_id FROM run_details d WHERE d.map_id = m.id LIMIT 1), 0)"

var mapColumns = sqlquery.Columns("m.id", sqlquery.Integer("m.iteration"), sqlquery.Text("m.task_description"), sqlquery.Text("m.code"), sqlquery.Text("m.result"), sqlquery.Text("m.analysis"),
	"CAST(m.timestamp AS TEXT)", sqlquery.Integer("m.parent_iteration"), sqlquery.Text("m.hash"), mapRun, "0", "0", "0", "0")

const mapFrom = "\n\tFROM infinite_map_full m "

var mapQuery = "SELECT " + mapColumns + mapFrom

// mapRowQuery also has what is kept of code that refers to files.
var mapRowQuery = "SELECT " + mapColumns + `, coalesce((SELECT c.body FROM map_texts t JOIN bundles b ON b.hash = lower(hex(t.code))
	JOIN contents c ON c.hash = b.hash WHERE t.map_id = m.id), '')` + mapFrom

func scanMap(scan func(...any) error) (m MapRow, err error) {
	var at sql.NullString
	err = scan(&m.ID, &m.Iteration, &m.Task, &m.Code, &m.Result, &m.Analysis, &at, &m.Parent, &m.Hash, &m.RunID,
		&m.TaskBytes, &m.CodeBytes, &m.ResultBytes, &m.AnalysisBytes)
	m.Timestamp = sqlquery.ParseTime(at)
	for _, t := range []struct {
		bytes *int64
		text  string
	}{{&m.TaskBytes, m.Task}, {&m.CodeBytes, m.Code}, {&m.ResultBytes, m.Result}, {&m.AnalysisBytes, m.Analysis}} {
		*t.bytes = max(*t.bytes, int64(len(t.text)))
	}
	return m, err
}

// Map is a page of the infinite map.
func (s *mapTable) Map(ctx context.Context, p Page) (all []MapRow, err error) {
	err = s.read(ctx, "read the infinite map", func(ctx context.Context, q querier) (err error) {
		all, err = sqlquery.Collect(ctx, q, scanMap, mapQuery+"WHERE m.id < ? ORDER BY m.id DESC LIMIT ?", p.args()...)
		return err
	})
	return all, err
}

// MapRow is the row with that id; ErrNotFound.
func (s *mapTable) MapRow(ctx context.Context, id int64) (MapRow, error) {
	return s.mapRow(ctx, fmt.Sprintf("map row %d", id), "WHERE m.id = ?", id)
}

// MapIteration is the newest row of that iteration, the one a Parent means; ErrNotFound.
func (s *mapTable) MapIteration(ctx context.Context, iteration int64) (MapRow, error) {
	return s.mapRow(ctx, fmt.Sprintf("map iteration %d", iteration), "WHERE m.iteration = ? ORDER BY m.id DESC LIMIT 1", iteration)
}

// lastMapOf is an SQL expression for the row that tells of the latest finished run of the
// script ?1, or of what was decided since about an offer for it.
const lastMapOf = `(SELECT max(id) FROM (SELECT id FROM (SELECT d.map_id AS id FROM improvement_runs r
		JOIN run_details d ON d.run_id = r.id WHERE r.script_id = ?1 AND d.map_id IS NOT NULL ORDER BY r.id DESC LIMIT 1)
	UNION ALL SELECT max(p.id) FROM improve_offers o JOIN infinite_map p ON p.id = o.map_id WHERE o.script_id = ?1))`

// LastMapOf is the row that tells of a script's latest finished run, or of what was decided
// since about an offer for it: the parent of the next one. ErrNotFound when there is none.
func (s *mapTable) LastMapOf(ctx context.Context, scriptID int64) (MapRow, error) {
	return s.mapRow(ctx, fmt.Sprintf("map of script %d", scriptID), "WHERE m.id = "+lastMapOf, scriptID)
}

func (s *mapTable) mapRow(ctx context.Context, op, where string, arg any) (m MapRow, err error) {
	err = s.read(ctx, op, func(ctx context.Context, q querier) (err error) {
		refers := ""
		m, err = scanMap(func(to ...any) error {
			return q.QueryRowContext(ctx, mapRowQuery+where, arg).Scan(append(to, &refers)...)
		})
		if err == nil && refers != "" {
			m.Code, m.Lost, err = wholeCode(ctx, &bundle.Reader{Q: q}, refers)
		}
		return err
	})
	return m, err
}

// AddMap adds a row that tells of no run: an idea, a goal reached. Iteration 0 means
// the one after the latest. ID, Hash and RunID are not read; a zero Timestamp is now.
func (s *mapTable) AddMap(ctx context.Context, m MapRow) (id int64, err error) {
	err = s.write(ctx, "add to the infinite map", func(ctx context.Context, q querier) (err error) {
		id, err = s.addMap(ctx, q, m)
		return err
	})
	return id, err
}

func (s *core) addMap(ctx context.Context, q querier, m MapRow) (id int64, err error) {
	if m.Iteration == 0 {
		// A text is greater than any number; and a number at the end of all others was
		// put there by hand.
		if err := q.QueryRowContext(ctx, "SELECT max("+sqlquery.Integer("max(iteration)")+", 0) + 1 FROM infinite_map WHERE iteration < ?", sqlquery.LastID).Scan(&m.Iteration); err != nil {
			return 0, err
		}
	}
	if m.Timestamp.IsZero() {
		m.Timestamp = s.o.Now()
	}
	hashes := [4]any{}
	shortened := false
	for i, text := range []*string{&m.Task, &m.Code, &m.Result, &m.Analysis} {
		switch text {
		case &m.Code:
			*text, hashes[i], err = keepCode(ctx, q, *text)
		case &m.Result:
			*text, hashes[i], err = keep(ctx, q, *text, tellResult)
		default:
			*text, hashes[i], err = keep(ctx, q, *text, tellOpening)
		}
		if err != nil {
			return 0, err
		}
		shortened = shortened || hashes[i] != nil
	}
	free, ok, err := chain.NextID(ctx, q)
	if err == nil && !ok {
		free, err = sqlquery.FreeID(ctx, q, "infinite_map")
	}
	if err != nil {
		return 0, err
	}
	res, err := q.ExecContext(ctx, `INSERT INTO infinite_map (id, iteration, task_description, code, result, analysis, timestamp, parent_iteration)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, free, m.Iteration, m.Task, m.Code, m.Result, m.Analysis, sqlquery.FormatTime(m.Timestamp), nullID(m.Parent))
	if err != nil {
		return 0, err
	}
	if id, err = res.LastInsertId(); err != nil {
		return 0, err
	}
	if shortened {
		_, err = q.ExecContext(ctx, "INSERT OR REPLACE INTO map_texts (map_id, task_description, code, result, analysis) VALUES (?, ?, ?, ?, ?)", append([]any{id}, hashes[:]...)...)
	} else { // a hand may have put something there
		_, err = q.ExecContext(ctx, "DELETE FROM map_texts WHERE map_id = ?", id)
	}
	if err != nil {
		return 0, err
	}
	return id, chain.Append(ctx, q, id)
}

// nullID is what is bound for a reference that may be absent.
func nullID(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}
