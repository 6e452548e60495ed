package chain

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"strconv"
)

// walk is a Verify under way. An entry of the chain is made of the row and of the
// entry before it as it is written down, so each row is judged by itself, whatever
// became of those before it.
type walk struct {
	q    Querier
	rep  Report
	last Link   // the last entry of the chain
	made []byte // what the last row would have for its hash, where that is not its hash
	bare bare
	text map[string]string // by hash: what is wrong with a long text that was read, "" for nothing
}

// bare are the rows without an entry since the last entry. Whether they are from
// outside shows at the next one.
type bare struct {
	n     int64
	ids   Span
	first []Row // the first of them, at most Stretch
}

// Verify walks the whole map along its chain, on the snapshot that q reads.
func Verify(ctx context.Context, q Querier) (Report, error) {
	w := walk{q: q, text: map[string]string{}}
	if err := w.run(ctx); err != nil {
		return w.rep, err
	}
	end, err := Head(ctx, q)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		w.gap(0)
		w.rep.fault(w.last.ID, "where the map ends is not written down any more: its last rows may be missing")
		return w.rep, nil
	case err != nil:
		return w.rep, fmt.Errorf("the end of the chain: %w", err)
	}
	w.end(end)
	return w.rep, nil
}

// run goes along chain and map side by side, a Stretch at a time.
func (w *walk) run(ctx context.Context) error {
	after := int64(math.MinInt64)
	for {
		links, err := collect(ctx, w.q, func(scan func(...any) error) (l Link, err error) {
			err = scan(&l.ID, &l.Seq, &l.Hash)
			return l, err
		}, "SELECT map_id, seq, hash FROM map_chain WHERE map_id > ? ORDER BY map_id LIMIT ?", after, Stretch)
		if err != nil {
			return err
		}
		rows, err := Rows(ctx, w.q, after, math.MaxInt64, after == math.MinInt64)
		if err != nil {
			return err
		}
		// As far as both were read.
		to := int64(math.MaxInt64)
		if len(links) == Stretch {
			to = links[Stretch-1].ID
		}
		if len(rows) == Stretch {
			to = min(to, rows[Stretch-1].ID())
		}
		for len(links) > 0 && links[len(links)-1].ID > to {
			links = links[:len(links)-1]
		}
		for len(rows) > 0 && rows[len(rows)-1].ID() > to {
			rows = rows[:len(rows)-1]
		}
		if err := w.compare(ctx, links, rows); err != nil || to == math.MaxInt64 {
			return err
		}
		after = to
	}
}

// compare holds one Stretch of the chain against the same Stretch of the map.
func (w *walk) compare(ctx context.Context, links []Link, rows []Row) error {
	for len(links) > 0 || len(rows) > 0 {
		switch {
		case len(links) == 0 || len(rows) > 0 && rows[0].ID() < links[0].ID:
			w.keepBare(rows[0])
			rows = rows[1:]
		case len(rows) == 0 || links[0].ID < rows[0].ID():
			l := links[0]
			w.gap(l.Seq - w.last.Seq - 1)
			w.rep.fault(l.ID, "row %d is missing: its hash is there, the row is not", l.ID)
			w.last, w.made = l, nil
			links = links[1:]
		default:
			if err := w.row(ctx, links[0], &rows[0]); err != nil {
				return err
			}
			links, rows = links[1:], rows[1:]
		}
	}
	return nil
}

func (w *walk) keepBare(row Row) {
	if w.bare.n == 0 {
		w.bare.ids.First = row.ID()
	}
	w.bare.n++
	w.bare.ids.Last = row.ID()
	if len(w.bare.first) < Stretch {
		w.bare.first = append(w.bare.first, row)
	}
}

// row judges a row by its entry.
func (w *walk) row(ctx context.Context, l Link, row *Row) error {
	next, good := w.follows(l, row)
	seq := l.Seq
	switch {
	case good && l.Seq != next.Seq: // the hash covers the number
		w.gap(0)
		w.rep.fault(l.ID, "row %d was altered: its number in the chain is %d and was %d", l.ID, l.Seq, next.Seq)
		seq = next.Seq
	case good:
		w.gap(0)
		bad, err := w.texts(ctx, l.ID, row)
		if err != nil {
			return err
		}
		if !bad {
			w.rep.Rows++
		}
	case l.Seq <= w.last.Seq:
		w.gap(0)
		w.rep.fault(l.ID, "row %d was altered: its number in the chain, %d, is not the one after %d", l.ID, l.Seq, w.last.Seq)
		seq = next.Seq
	case l.Seq > next.Seq && w.gap(l.Seq-next.Seq): // the entry before it is known again: it was made from the row
		return w.row(ctx, l, row)
	case l.Seq == next.Seq:
		w.gap(0)
		w.rep.fault(l.ID, "row %d was altered: it is not what its hash was made of", l.ID)
	}
	w.last, w.made = Link{ID: l.ID, Seq: seq, Hash: l.Hash}, nil
	if l.Seq == next.Seq && !bytes.Equal(next.Hash, l.Hash) {
		w.made = next.Hash
	}
	return nil
}

// follows makes the entry of a row after the last, and says whether it is the one that
// is written down. Where the last entry is not its row's, it may be the entry that was
// altered.
func (w *walk) follows(l Link, row *Row) (next Link, good bool) {
	next = w.last.Next(row)
	if bytes.Equal(next.Hash, l.Hash) || w.made == nil {
		return next, bytes.Equal(next.Hash, l.Hash)
	}
	other := Link{ID: w.last.ID, Seq: w.last.Seq, Hash: w.made}.Next(row)
	if bytes.Equal(other.Hash, l.Hash) {
		return other, true
	}
	return next, false
}

// gap says what became of the rows without an entry, where n entries are missing. It is
// true when the rows account for all of them, and last is then the entry of the last.
func (w *walk) gap(n int64) (closed bool) {
	b := w.bare
	w.bare = bare{}
	switch {
	case n <= 0:
		if b.n > 0 {
			w.rep.Outside += b.n
			w.rep.OutsideIDs = append(w.rep.OutsideIDs, b.ids)
		}
		return true
	case b.n == n && int64(len(b.first)) == n:
		for i := range b.first {
			id := b.first[i].ID()
			w.rep.fault(id, "row %d has no hash any more: it was removed", id)
			w.last = w.last.Next(&b.first[i])
		}
		w.made = nil
		return true
	case b.n > n:
		for i := range b.first {
			id := b.first[i].ID()
			w.rep.fault(id, "row %d has no hash where %d are missing: its hash was removed, or it is from outside", id, n)
		}
		if more := b.n - int64(len(b.first)); more > 0 {
			w.rep.fault(b.ids.Last, "so have %d rows more, up to row %d", more, b.ids.Last)
		}
		return false
	}
	for i := range b.first {
		id := b.first[i].ID()
		w.rep.fault(id, "row %d has no hash any more: it was removed", id)
	}
	switch n -= b.n; n {
	case 1:
		w.rep.fault(w.last.ID+1, "a row after row %d is missing", w.last.ID)
	default:
		w.rep.fault(w.last.ID+1, "%d rows after row %d are missing", n, w.last.ID)
	}
	return false
}

// end holds the end of the walk against the end that was written down.
func (w *walk) end(end Link) {
	last := w.last
	if closed := w.gap(end.Seq - last.Seq); end.Seq > last.Seq {
		if !closed {
			w.rep.Faults[len(w.rep.Faults)-1].Why += ", at the end: the map ended with row " + strconv.FormatInt(end.ID, 10)
		}
		return
	}
	if end.Seq == last.Seq && end.ID == last.ID && (bytes.Equal(end.Hash, last.Hash) || bytes.Equal(end.Hash, w.made)) {
		return
	}
	w.rep.fault(last.ID, "the map ends with row %d, but its end was written down as row %d (%d rows)", last.ID, end.ID, end.Seq)
}

// texts checks the long texts that a row's columns refer to.
func (w *walk) texts(ctx context.Context, id int64, row *Row) (bad bool, err error) {
	for _, v := range row {
		text, _ := v.(string)
		hash := RefOf(text)
		if hash == "" {
			continue
		}
		why, known := w.text[hash]
		if !known {
			var body string
			err := w.q.QueryRowContext(ctx, "SELECT body FROM contents WHERE hash = ?", hash).Scan(&body)
			switch {
			case errors.Is(err, sql.ErrNoRows):
				why = "missing"
			case err != nil:
				return false, err
			case HashText(body) != hash:
				why = "altered"
			}
			if len(w.text) >= textsKnown {
				clear(w.text)
			}
			w.text[hash] = why
		}
		if why != "" {
			w.rep.fault(id, "row %d: the text that it refers to (%s…) is %s", id, hash[:12], why)
			bad = true
		}
	}
	return bad, nil
}

// textsKnown is how many long texts a walk remembers, to read each once.
const textsKnown = 50_000
