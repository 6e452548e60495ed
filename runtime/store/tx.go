package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gvpie/runtime/store/sqlquery"
)

// querier is what a query needs: a connection in a transaction, or a pool.
type querier = sqlquery.Querier

// write runs fn in one transaction that begins with the right to write. ctx counts
// until it has begun; from there it runs to its end.
func (s *core) write(ctx context.Context, op string, fn func(ctx context.Context, q querier) error) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.h == nil {
		return &Error{op, s.Path(), ErrClosed, nil}
	}
	return s.noted(wrap(op, s.Path(), transact(ctx, s.h.w, "BEGIN IMMEDIATE", fn)))
}

// read runs fn on one snapshot of the database.
func (s *core) read(ctx context.Context, op string, fn func(ctx context.Context, q querier) error) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.h == nil {
		return &Error{op, s.Path(), ErrClosed, nil}
	}
	conn, err := s.h.r.Conn(ctx)
	if err != nil {
		return wrap(op, s.Path(), err)
	}
	defer conn.Close()
	if _, err = conn.ExecContext(ctx, "BEGIN"); err == nil {
		err = fn(ctx, conn)
	}
	_, _ = conn.ExecContext(context.Background(), "ROLLBACK") // nothing was written
	return s.noted(wrap(op, s.Path(), err))
}

// noted remembers that damage was met, for Check.
func (s *core) noted(err error) error {
	if errors.Is(err, ErrCorrupt) {
		s.damaged.Store(true)
	}
	return err
}

// transact runs fn between begin and COMMIT on one connection of db. The transaction
// is rolled back when fn or the commit fails.
func transact(ctx context.Context, db *sql.DB, begin string, fn func(context.Context, querier) error) (err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return waited(ctx, err)
	}
	defer conn.Close()
	whole := context.WithoutCancel(ctx)
	committed := false
	defer func() {
		if !committed { // also when BEGIN took effect as ctx ended, or fn panicked
			_, _ = conn.ExecContext(whole, "ROLLBACK")
		}
	}()
	if _, err = conn.ExecContext(ctx, begin); err != nil {
		return waited(ctx, err)
	}
	if err = fn(whole, conn); err != nil {
		return err
	}
	if _, err = conn.ExecContext(whole, "COMMIT"); err != nil {
		return err
	}
	committed = true
	return nil
}

// nested runs fn in a transaction within one: what it wrote is taken back when it fails.
func nested(ctx context.Context, q querier, fn func() error) error {
	if _, err := q.ExecContext(ctx, "SAVEPOINT nested"); err != nil {
		return err
	}
	err := fn()
	if err != nil {
		if _, back := q.ExecContext(ctx, "ROLLBACK TO nested"); back != nil {
			return errors.Join(err, back)
		}
	}
	_, done := q.ExecContext(ctx, "RELEASE nested")
	return errors.Join(err, done)
}

// waited tells a deadline that passed in waiting for the right to write, which can
// only mean that somebody else has it, from other errors.
func waited(ctx context.Context, err error) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("%w (%w)", ErrLocked, ctx.Err())
	}
	return err
}

// Page asks for rows newest first: those with an id below Before (0: from the newest),
// at most Limit of them (0: 100). The next page's Before is the last row's id.
type Page struct {
	Before int64
	Limit  int

	Text int // characters that a list has of a text (0: 300)
	Code int // bytes up to which a list has a code; of longer ones it has none
}

// args are the two parameters of "WHERE id < ? ORDER BY id DESC LIMIT ?".
func (p Page) args() []any {
	if p.Before <= 0 {
		p.Before = 1<<63 - 1
	}
	if p.Limit <= 0 {
		p.Limit = 100
	}
	return []any{p.Before, p.Limit}
}

// now is the clock's time as it is written.
func (s *core) now() string { return sqlquery.FormatTime(s.o.Now()) }

// nullTime is what is bound for a time that may be absent.
func nullTime(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return sqlquery.FormatTime(t)
}
