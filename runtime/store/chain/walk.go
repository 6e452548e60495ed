package chain

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"strconv"

	"gvpie/runtime/store/bundle"
	"gvpie/runtime/store/sqlquery"
)

// walk is a Verify under way. An entry of the chain is made of the row and of the
// entry before it as it is written down, so each row is judged by itself, whatever
// became of those before it.
type walk struct {
	q       sqlquery.Querier
	rep     Report
	imports imports
	last    Link   // the last entry of the chain
	made    []byte // what the last row would have for its hash, where that is not its hash
	bare    bare
	files   *bundle.Reader // of texts that refer to files
	good    idSet          // long texts that are what their hash was made of
	altered map[int64]bool // those that are not
	earlier int64          // rows up to this id refer to long texts in their columns
}

// bare are the rows without an entry since the last entry. Whether they are from
// outside shows at the next one.
type bare struct {
	n     int64
	ids   Span
	first []Row // the first of them, at most Stretch
}

// Verify walks the whole map along its chain, on the snapshot that q reads. progress,
// where it is not nil, is told how many rows were read.
func Verify(ctx context.Context, q sqlquery.Querier, progress func(rows int64)) (Report, error) {
	if progress == nil {
		progress = func(int64) {}
	}
	w := walk{q: q, files: &bundle.Reader{Q: q}, good: idSet{}, altered: map[int64]bool{}, earlier: math.MaxInt64}
	there, err := hasTexts(ctx, q)
	if err == nil && there {
		err = q.QueryRowContext(ctx, "SELECT CAST(coalesce(max(map_id), 0) AS INTEGER) FROM earlier_texts").Scan(&w.earlier)
	}
	if err == nil {
		err = w.imports.read(ctx, q)
	}
	after := int64(math.MinInt64)
	if open := w.imports.open; err == nil && open != nil {
		w.rep.Unsettled = true
		w.last, after = *open, open.ID
	}
	if err == nil {
		err = along(ctx, q, after, math.MaxInt64, w.imports.good, progress, func(id int64, l *Link, row *Row, seal []byte) error { return w.visit(ctx, id, l, row, seal) })
	}
	if err != nil {
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
	w.rep.Lost = w.imports.lost
	for _, id := range w.imports.altered {
		w.rep.fault(w.last.ID, "row %d of imports, or what belongs to it, is not as it was written: rows that were brought in then may be altered or missing", id)
	}
	return w.rep, nil
}

// visit judges what there is under one id: an entry of the chain, a row, and the hash of
// a row that was brought in; nil where there is none.
func (w *walk) visit(ctx context.Context, id int64, l *Link, row *Row, seal []byte) error {
	switch {
	case seal != nil && !(l != nil && row != nil && w.proves(*l, row)):
		return w.sealedRow(ctx, id, l, row, seal)
	case l == nil:
		w.keepBare(*row)
		return nil
	case row == nil:
		w.gap(w.missing(l.Seq))
		if w.imports.excused(l.Seq, l.Seq) == 0 {
			w.rep.fault(l.ID, "row %d is missing: its hash is there, the row is not", l.ID)
		}
		w.last, w.made = *l, nil
		return nil
	}
	return w.row(ctx, *l, row)
}

// proves says whether an entry was made of a row, after the last.
func (w *walk) proves(l Link, row *Row) bool {
	_, good := w.follows(l, row)
	return good
}

// missing is how many numbers between the last entry and seq have no entry, beside those
// whose rows are known to be lost.
func (w *walk) missing(seq int64) int64 {
	n := seq - w.last.Seq - 1
	return n - w.imports.excused(w.last.Seq+1, seq-1)
}

// sealedRow judges a row by the hash of when it was brought in. What the chain says of it
// was not true then, or could not be told.
func (w *walk) sealedRow(ctx context.Context, id int64, l *Link, row *Row, seal []byte) error {
	if l != nil && l.Seq > w.last.Seq {
		w.gap(w.missing(l.Seq))
		w.last, w.made = *l, nil
	}
	switch {
	case row == nil:
		w.rep.fault(id, "row %d, which was brought in, is missing", id)
	case !bytes.Equal(Seal(row), seal):
		w.rep.fault(id, "row %d was altered after it was brought in", id)
	default:
		bad, err := w.texts(ctx, row)
		if err != nil {
			return err
		}
		if !bad {
			w.rep.Imported++
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
		bad, err := w.texts(ctx, row)
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
	case l.Seq > next.Seq && w.missing(l.Seq) == 0: // the rows before it are known to be lost: nothing is left to judge it by
		w.gap(0)
	case l.Seq > next.Seq && w.gap(w.missing(l.Seq)): // the entry before it is known again: it was made from the row
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
	if closed := w.gap(w.missing(end.Seq + 1)); end.Seq > last.Seq {
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

// texts checks the long texts of which a row has a part. Each is read and hashed once.
func (w *walk) texts(ctx context.Context, row *Row) (bad bool, err error) {
	for i := range texts {
		column, whole := row.text(i)
		hash := hex.EncodeToString(whole)
		if whole == nil && row.ID() <= w.earlier {
			hash = RefOf(column)
		}
		if hash == "" {
			continue
		}
		why, err := w.textOf(ctx, hash)
		if err != nil {
			return false, err
		}
		if why != "" {
			w.rep.fault(row.ID(), "row %d: the text that it refers to (%.12s…) is %s", row.ID(), hash, why)
			bad = true
		}
	}
	return bad, nil
}

// textOf is what is wrong with a long text; "" for nothing.
func (w *walk) textOf(ctx context.Context, hash string) (why string, err error) {
	var id int64
	err = w.q.QueryRowContext(ctx, "SELECT id FROM contents WHERE hash = ?", hash).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return "missing", nil
	}
	if err != nil || w.good.has(id) {
		return "", err
	}
	if w.altered[id] {
		return "altered", nil
	}
	var body string
	if err := w.q.QueryRowContext(ctx, "SELECT body FROM contents WHERE id = ?", id).Scan(&body); err != nil {
		return "", err
	}
	if HashText(body) == hash {
		w.good.add(id)
		return "", nil
	}
	whole, err := w.files.Whole(ctx, body)
	if lost := (*bundle.Lost)(nil); errors.As(err, &lost) {
		return "not whole any more: " + lost.Error(), nil
	}
	if err != nil {
		return "", err
	}
	if HashText(whole) != hash {
		w.altered[id] = true
		return "altered", nil
	}
	w.good.add(id)
	return "", nil
}

// idSet is a set of ids of rows, of a bit each where many are near each other.
type idSet map[int64]*[64]uint64

func (s idSet) has(id int64) bool {
	b := s[id>>12]
	return b != nil && b[id>>6&63]>>(id&63)&1 != 0
}

func (s idSet) add(id int64) {
	if s[id>>12] == nil {
		s[id>>12] = new([64]uint64)
	}
	s[id>>12][id>>6&63] |= 1 << (id & 63)
}
