// Package sqlquery asks a database for rows, for all rooms of the store, and takes what
// people wrote there for what it should be. It knows no table, opens nothing and begins
// no transaction. Start at [Collect].
package sqlquery

import (
	"context"
	"database/sql"
	"strings"
)

// Querier is what a query needs: a connection in a transaction, or a pool.
type Querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Collect runs a query and scans every row.
func Collect[T any](ctx context.Context, q Querier, scan func(func(...any) error) (T, error), query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := scan(rows.Scan)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// One scans rows of a single column.
func One[T any](scan func(...any) error) (v T, err error) {
	err = scan(&v)
	return v, err
}

// Quote makes an SQL identifier of any name.
func Quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
