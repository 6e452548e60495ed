package store

import (
	"context"
	"math"
	"math/rand/v2"
	"sync"

	"gvpie/runtime/store/sqlquery"
)

// patrol reads the rows of all tables in turn, a few at each step, and begins where
// chance will have it: together the steps of many short processes see a whole file as
// well as those of one that lasts.
type patrol struct {
	mu    sync.Mutex
	begun bool
	table int   // of the tables, in the order of their making
	after int64 // the rowid that was read last
}

// What a step reads at most: some pages of rows, and one long text more.
const (
	patrolRows  = 200
	patrolBytes = 256 << 10
)

// step reads the next few rows; ErrCorrupt when they cannot be.
func (p *patrol) step(ctx context.Context, q querier) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	// What lies in the connection's cache says nothing about the file.
	if _, err := q.ExecContext(ctx, "PRAGMA shrink_memory"); err != nil {
		return err
	}
	tables, err := sqlquery.Collect(ctx, q, sqlquery.One[string], `SELECT t.name FROM pragma_table_list t JOIN sqlite_schema s ON s.name = t.name
		WHERE t.schema = 'main' AND t.type = 'table' AND NOT t.wr AND t.name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY s.rowid`)
	if err != nil || len(tables) == 0 {
		return err
	}
	if !p.begun {
		p.begun, p.table = true, rand.IntN(len(tables))
		var last int64
		if err := q.QueryRowContext(ctx, "SELECT coalesce(max(rowid), 0) FROM "+sqlquery.Quote(tables[p.table])).Scan(&last); err != nil {
			return err
		}
		p.after = rand.Int64N(max(last, 0) + 1)
	}
	p.table %= len(tables) // some may have gone
	more, err := p.rows(ctx, q, tables[p.table])
	if !more { // a table that cannot be read for another reason than damage is passed over
		p.table, p.after = (p.table+1)%len(tables), math.MinInt64
	}
	return err
}

// rows reads on in a table, and says whether it may have more.
func (p *patrol) rows(ctx context.Context, q querier, table string) (more bool, err error) {
	rows, err := q.QueryContext(ctx, "SELECT rowid, * FROM "+sqlquery.Quote(table)+" WHERE rowid > ? ORDER BY rowid LIMIT ?", p.after, patrolRows)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return false, err
	}
	values, targets := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		targets[i] = &values[i]
	}
	n, bytes := 0, 0
	for ; bytes < patrolBytes && rows.Next(); n++ {
		if err := rows.Scan(targets...); err != nil {
			return false, err
		}
		p.after, _ = values[0].(int64)
		for _, v := range values {
			switch v := v.(type) {
			case string:
				bytes += len(v)
			case []byte:
				bytes += len(v)
			}
		}
	}
	return n == patrolRows || bytes >= patrolBytes, rows.Err()
}
