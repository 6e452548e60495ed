package sqlquery

import (
	"context"
	"fmt"
	"strings"
)

// Whatever a person can write with sqlite3 is input: a column may hold a value of any
// type, whatever it was declared as. The queries therefore take what lies there for
// what it should be, so that reading one odd row never fails for all.

// Integer is an SQL expression for a column as an integer: 0 for NULL and for a text
// that is no number. 2⁶³ and more are the largest there is.
func Integer(column string) string { return "CAST(coalesce(" + column + ", 0) AS INTEGER)" }

// Decimal is the same for a number with a fraction.
func Decimal(column string) string { return "CAST(coalesce(" + column + ", 0) AS REAL)" }

// Text is one for a column as text, ” for NULL.
func Text(column string) string { return "CAST(coalesce(" + column + ", '') AS TEXT)" }

// Truth is one for a column as 0 or 1: any number but 0 is 1.
func Truth(column string) string { return "(" + Decimal(column) + " <> 0)" }

// Columns joins the expressions of a SELECT.
func Columns(all ...string) string { return strings.Join(all, ", ") }

// LastID is where the ids that a table gives out end. Rows beyond were put there by
// hand, and must not be the last that ever could be.
const LastID = 1 << 62

// FreeID is the id of a table's next row: the one after the last that was given, as
// AUTOINCREMENT has it, or another where a row or a sequence at the end of all numbers
// leaves none. It is never left to SQLite, which tells triggers of −1, and that may be
// the id of a row.
func FreeID(ctx context.Context, q Querier, table string) (int64, error) {
	greatest := func(below int64) (id int64, err error) {
		err = q.QueryRowContext(ctx, "SELECT coalesce(max(id), 0) FROM "+table+" WHERE id < ?", below).Scan(&id)
		return max(id, 0), err
	}
	var top, sequence int64
	if err := q.QueryRowContext(ctx, "SELECT coalesce(max(id), 0) FROM "+table).Scan(&top); err != nil {
		return 0, err
	}
	// An earlier program's tables may have no sequences at all, which is no error.
	_ = q.QueryRowContext(ctx, "SELECT "+Integer("max("+Integer("seq")+")")+" FROM sqlite_sequence WHERE name = ?", table).Scan(&sequence)
	if last := max(top, sequence, 0); last < LastID {
		return last + 1, nil
	}
	for below := int64(LastID); below > 1; below /= 2 {
		id, err := greatest(below)
		if err != nil {
			return 0, err
		}
		if id+1 < below {
			return id + 1, nil
		}
	}
	return 0, fmt.Errorf("%s has no free id left", table)
}
