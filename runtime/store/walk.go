package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"math"
	"strconv"
)

// walk is a Verify under way. An entry of the chain is made of the row and of the
// entry before it as it is written down, so each row is judged by itself, whatever
// became of those before it.
type walk struct {
	q    querier
	rep  VerifyReport
	last link   // the last entry of the chain
	made []byte // what the last row would have for its hash, where that is not its hash
	bare bare
	text map[string]string // by hash: what is wrong with a long text that was read, "" for nothing
}

// bare are the rows without an entry since the last entry. Whether they are from
// outside shows at the next one.
type bare struct {
	n     int64
	ids   Span
	first []rawRow // the first of them, at most stretch
}

// run goes along chain and map side by side, a stretch at a time.
func (w *walk) run(ctx context.Context) error {
	after := int64(math.MinInt64)
	for {
		links, err := collect(ctx, w.q, func(scan func(...any) error) (l link, err error) {
			err = scan(&l.id, &l.seq, &l.hash)
			return l, err
		}, "SELECT map_id, seq, hash FROM map_chain WHERE map_id > ? ORDER BY map_id LIMIT ?", after, stretch)
		if err != nil {
			return err
		}
		rows, err := rawRows(ctx, w.q, after, math.MaxInt64, after == math.MinInt64)
		if err != nil {
			return err
		}
		// As far as both were read.
		to := int64(math.MaxInt64)
		if len(links) == stretch {
			to = links[stretch-1].id
		}
		if len(rows) == stretch {
			to = min(to, rows[stretch-1].id())
		}
		for len(links) > 0 && links[len(links)-1].id > to {
			links = links[:len(links)-1]
		}
		for len(rows) > 0 && rows[len(rows)-1].id() > to {
			rows = rows[:len(rows)-1]
		}
		if err := w.compare(ctx, links, rows); err != nil || to == math.MaxInt64 {
			return err
		}
		after = to
	}
}

// compare holds one stretch of the chain against the same stretch of the map.
func (w *walk) compare(ctx context.Context, links []link, rows []rawRow) error {
	for len(links) > 0 || len(rows) > 0 {
		switch {
		case len(links) == 0 || len(rows) > 0 && rows[0].id() < links[0].id:
			w.keepBare(rows[0])
			rows = rows[1:]
		case len(rows) == 0 || links[0].id < rows[0].id():
			l := links[0]
			w.gap(l.seq - w.last.seq - 1)
			w.rep.fault(l.id, "row %d is missing: its hash is there, the row is not", l.id)
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

func (w *walk) keepBare(row rawRow) {
	if w.bare.n == 0 {
		w.bare.ids.First = row.id()
	}
	w.bare.n++
	w.bare.ids.Last = row.id()
	if len(w.bare.first) < stretch {
		w.bare.first = append(w.bare.first, row)
	}
}

// row judges a row by its entry.
func (w *walk) row(ctx context.Context, l link, row *rawRow) error {
	next, good := w.follows(l, row)
	seq := l.seq
	switch {
	case good && l.seq != next.seq: // the hash covers the number
		w.gap(0)
		w.rep.fault(l.id, "row %d was altered: its number in the chain is %d and was %d", l.id, l.seq, next.seq)
		seq = next.seq
	case good:
		w.gap(0)
		bad, err := w.texts(ctx, l.id, row)
		if err != nil {
			return err
		}
		if !bad {
			w.rep.Rows++
		}
	case l.seq <= w.last.seq:
		w.gap(0)
		w.rep.fault(l.id, "row %d was altered: its number in the chain, %d, is not the one after %d", l.id, l.seq, w.last.seq)
		seq = next.seq
	case l.seq > next.seq && w.gap(l.seq-next.seq): // the entry before it is known again: it was made from the row
		return w.row(ctx, l, row)
	case l.seq == next.seq:
		w.gap(0)
		w.rep.fault(l.id, "row %d was altered: it is not what its hash was made of", l.id)
	}
	w.last, w.made = link{id: l.id, seq: seq, hash: l.hash}, nil
	if l.seq == next.seq && !bytes.Equal(next.hash, l.hash) {
		w.made = next.hash
	}
	return nil
}

// follows makes the entry of a row after the last, and says whether it is the one that
// is written down. Where the last entry is not its row's, it may be the entry that was
// altered.
func (w *walk) follows(l link, row *rawRow) (next link, good bool) {
	next = w.last.next(row)
	if bytes.Equal(next.hash, l.hash) || w.made == nil {
		return next, bytes.Equal(next.hash, l.hash)
	}
	other := link{id: w.last.id, seq: w.last.seq, hash: w.made}.next(row)
	if bytes.Equal(other.hash, l.hash) {
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
			id := b.first[i].id()
			w.rep.fault(id, "row %d has no hash any more: it was removed", id)
			w.last = w.last.next(&b.first[i])
		}
		w.made = nil
		return true
	case b.n > n:
		for i := range b.first {
			id := b.first[i].id()
			w.rep.fault(id, "row %d has no hash where %d are missing: its hash was removed, or it is from outside", id, n)
		}
		if more := b.n - int64(len(b.first)); more > 0 {
			w.rep.fault(b.ids.Last, "so have %d rows more, up to row %d", more, b.ids.Last)
		}
		return false
	}
	for i := range b.first {
		id := b.first[i].id()
		w.rep.fault(id, "row %d has no hash any more: it was removed", id)
	}
	switch n -= b.n; n {
	case 1:
		w.rep.fault(w.last.id+1, "a row after row %d is missing", w.last.id)
	default:
		w.rep.fault(w.last.id+1, "%d rows after row %d are missing", n, w.last.id)
	}
	return false
}

// end holds the end of the walk against the end that was written down.
func (w *walk) end(end link) {
	last := w.last
	if closed := w.gap(end.seq - last.seq); end.seq > last.seq {
		if !closed {
			w.rep.Faults[len(w.rep.Faults)-1].Why += ", at the end: the map ended with row " + strconv.FormatInt(end.id, 10)
		}
		return
	}
	if end.seq == last.seq && end.id == last.id && (bytes.Equal(end.hash, last.hash) || bytes.Equal(end.hash, w.made)) {
		return
	}
	w.rep.fault(last.id, "the map ends with row %d, but its end was written down as row %d (%d rows)", last.id, end.id, end.seq)
}

// texts checks the long texts that a row's columns refer to.
func (w *walk) texts(ctx context.Context, id int64, row *rawRow) (bad bool, err error) {
	for _, v := range row {
		text, _ := v.(string)
		hash := refOf(text)
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
			case hashText(body) != hash:
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
