package chain

import (
	"context"
	"database/sql"
	"errors"
)

// imports are what the walk knows of rows that were brought in from elsewhere.
type imports struct {
	any    bool       // the tables are there
	open   *Link      // the entry up to which rows are still being brought in; nil: none are
	sealed int64      // rows that got a hash then
	lost   int64      // rows that are known to be lost
	gaps   [][2]int64 // numbers whose rows were lost, from and to
}

func (m *imports) read(ctx context.Context, q Querier) error {
	err := q.QueryRowContext(ctx, "SELECT count(*) = 3 FROM sqlite_schema WHERE name IN ('imports', 'imported_rows', 'chain_gaps')").Scan(&m.any)
	if err != nil || !m.any {
		return err
	}
	if err := q.QueryRowContext(ctx, "SELECT CAST(total(sealed) AS INTEGER), CAST(total(lost) AS INTEGER) FROM imports").Scan(&m.sealed, &m.lost); err != nil {
		return err
	}
	m.gaps, err = collect(ctx, q, func(scan func(...any) error) (g [2]int64, err error) {
		err = scan(&g[0], &g[1])
		return g, err
	}, "SELECT first_seq, last_seq FROM chain_gaps WHERE typeof(first_seq) = 'integer' AND typeof(last_seq) = 'integer' ORDER BY first_seq")
	if err != nil {
		return err
	}
	var open Link
	err = q.QueryRowContext(ctx, `SELECT map_id, seq, hash FROM map_chain
		WHERE map_id = (SELECT max(map_end) FROM imports WHERE finished_at IS NULL AND typeof(map_end) = 'integer')
		AND typeof(seq) = 'integer' AND typeof(hash) = 'blob'`).Scan(&open.ID, &open.Seq, &open.Hash)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	m.open = &open
	return err
}

// excused is how many of the numbers from first to last are of rows that were lost.
func (m *imports) excused(first, last int64) (n int64) {
	for _, g := range m.gaps {
		if from, to := max(first, g[0]), min(last, g[1]); from <= to {
			n += to - from + 1
			first = to + 1
		}
	}
	return n
}
