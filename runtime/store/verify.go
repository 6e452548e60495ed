package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
)

// VerifyReport is what Verify found.
type VerifyReport struct {
	Rows  int64  // rows found good, in order
	BadID int64  // the first map row that is not as it was written; 0: all are
	Why   string // a sentence about it
}

// OK says that every row is as it was written.
func (r VerifyReport) OK() bool { return r.Why == "" }

// Verify walks the whole infinite map along its chain, on one snapshot, and names the
// first row that was altered, removed or put in by hand; a long text that a row refers
// to counts as part of it. An error means that the map could not be read: ErrCorrupt
// when the file itself is damaged.
func (s *Store) Verify(ctx context.Context) (rep VerifyReport, err error) {
	err = s.read(ctx, "verify the infinite map", func(ctx context.Context, q querier) error {
		end, err := head(ctx, q)
		if err != nil {
			return fmt.Errorf("the end of the chain: %w", err)
		}
		w := walk{q: q}
		if err := w.run(ctx); err != nil {
			return err
		}
		if w.bad == nil {
			w.compareEnd(end)
		}
		rep.Rows = w.last.seq
		if w.bad != nil {
			rep.BadID, rep.Why = w.bad.id, w.bad.why
		}
		return nil
	})
	return rep, err
}

// walk is a Verify under way.
type walk struct {
	q    querier
	last link // of the last good row
	bad  *finding
}

type finding struct {
	id  int64
	why string
}

func (w *walk) found(id int64, format string, args ...any) {
	w.bad = &finding{id, fmt.Sprintf(format, args...)}
}

// run goes along chain and map side by side, a stretch at a time.
func (w *walk) run(ctx context.Context) error {
	after := int64(math.MinInt64)
	for w.bad == nil {
		links, err := collect(ctx, w.q, func(scan func(...any) error) (l link, err error) {
			err = scan(&l.id, &l.seq, &l.hash)
			return l, err
		}, "SELECT map_id, seq, hash FROM map_chain WHERE map_id > ? ORDER BY map_id LIMIT ?", after, stretch)
		if err != nil {
			return err
		}
		to := int64(math.MaxInt64)
		if len(links) == stretch {
			to = links[stretch-1].id
		}
		rows, err := rawRows(ctx, w.q, after, to, after == math.MinInt64)
		if err != nil {
			return err
		}
		if err := w.compare(ctx, links, rows); err != nil || len(links) < stretch {
			return err
		}
		after = to
	}
	return nil
}

// compare holds one stretch of the chain against the same stretch of the map.
func (w *walk) compare(ctx context.Context, links []link, rows []rawRow) error {
	for len(links) > 0 || len(rows) > 0 {
		switch {
		case len(links) == 0 || len(rows) > 0 && rows[0].id() < links[0].id:
			id := rows[0].id()
			w.found(id, "row %d has no hash: it was put in by hand, or its hash was removed", id)
			return nil
		case len(rows) == 0 || links[0].id < rows[0].id():
			w.found(links[0].id, "row %d is missing: its hash is there, the row is not", links[0].id)
			return nil
		}
		l, row := links[0], &rows[0]
		if l.seq != w.last.seq+1 {
			w.found(w.last.id+1, "%d rows after row %d are missing", l.seq-w.last.seq-1, w.last.id)
			return nil
		}
		next := w.last.next(row)
		if !bytes.Equal(next.hash, l.hash) {
			w.found(l.id, "row %d was altered: it is not what its hash was made of", l.id)
			return nil
		}
		for _, v := range row {
			if text, ok := v.(string); ok {
				if err := w.content(ctx, l.id, text); err != nil || w.bad != nil {
					return err
				}
			}
		}
		w.last = next
		links, rows = links[1:], rows[1:]
	}
	return nil
}

// content checks the long text that a row's column refers to, if it does.
func (w *walk) content(ctx context.Context, id int64, value string) error {
	hash := refOf(value)
	if hash == "" {
		return nil
	}
	var body string
	err := w.q.QueryRowContext(ctx, "SELECT body FROM contents WHERE hash = ?", hash).Scan(&body)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		w.found(id, "the text that row %d refers to (%s…) is missing", id, hash[:12])
	case err != nil:
		return err
	case hashText(body) != hash:
		w.found(id, "the text that row %d refers to (%s…) was altered", id, hash[:12])
	}
	return nil
}

// compareEnd holds the end of the walk against the end that was written down.
func (w *walk) compareEnd(end link) {
	switch {
	case end.seq > w.last.seq+1:
		w.found(w.last.id+1, "%d rows after row %d are missing, up to row %d", end.seq-w.last.seq, w.last.id, end.id)
	case end.seq > w.last.seq:
		w.found(end.id, "row %d, the last, is missing", end.id)
	case end.seq < w.last.seq || end.id != w.last.id || !bytes.Equal(end.hash, w.last.hash):
		w.found(w.last.id, "the map ends with row %d, but its end was written down as row %d (%d rows)", w.last.id, end.id, end.seq)
	}
}
