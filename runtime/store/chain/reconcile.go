package chain

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"math"

	"gvpie/runtime/store/sqlquery"
)

// Seal is the hash of a row by itself, for one that the chain does not vouch for.
func Seal(row *Row) []byte { return Link{Seq: -1}.Next(row).Hash }

// Reconciled is what Reconcile found of rows that were brought in.
type Reconciled struct {
	Proven  int64  // rows that are as the chain says
	Entries []Link // entries that were lost, and are made again: the chain confirms them
	Seals   []SealedRow
	Gaps    [][2]int64 // numbers of which there is no row that the chain proves, from and to
	Holes   int64      // numbers of no row at all
	Lost    int64      // those of them that were of one; the others come of an end that was not known
}

// SealedRow is a row that the chain says nothing true of any more, with its hash.
type SealedRow struct {
	ID   int64
	Hash []byte
}

// UnknownEnd is an entry to go on from where the end of a chain is lost: after any that it
// can have had.
func UnknownEnd(seq int64) Link { return Link{ID: seq, Seq: seq, Hash: []byte(rand.Text())} }

// KnownEnd is false for an UnknownEnd.
func (l Link) KnownEnd() bool { return len(l.Hash) == 0 || len(l.Hash) == sha256.Size }

// pendingMost is how many rows without an entry are kept until the chain says what they
// are. More, and they count as rows that it cannot vouch for.
const pendingMost = 200_000

// Reconcile goes along rows and entries of the chain as they were brought in, up to the id
// "to", and says of which rows the chain still proves that they are as they were
// written. Rows from outside, which never had an entry, are not mentioned.
func Reconcile(ctx context.Context, q sqlquery.Querier, to int64, progress func(rows int64)) (s Reconciled, err error) {
	b := reconciling{out: &s}
	err = along(ctx, q, math.MinInt64, to, nil, progress, func(_ int64, l *Link, row *Row, _ []byte) error {
		b.visit(l, row)
		return nil
	})
	b.seal(b.pending)
	for _, g := range s.Gaps {
		s.Holes += g[1] - g[0] + 1
	}
	s.Holes -= b.unnumbered
	s.Lost = s.Holes
	if n := len(s.Gaps); n > 0 && !b.last.KnownEnd() && s.Gaps[n-1][1] == b.last.Seq {
		s.Lost = max(0, s.Holes-(b.last.Seq-b.before))
	}
	return s, err
}

type reconciling struct {
	out        *Reconciled
	before     int64 // the number of the entry before the last
	unnumbered int64 // rows with a hash of their own and no entry
	last       Link  // the last entry as it is written down
	made       Link  // the entry of the last row, made from last and those after it
	pending    []pendingRow
}

type pendingRow struct {
	made Link
	seal []byte
}

func (b *reconciling) visit(l *Link, row *Row) {
	switch {
	case l == nil:
		b.made = b.made.Next(row)
		b.pending = append(b.pending, pendingRow{b.made, Seal(row)})
		if len(b.pending) > pendingMost {
			b.seal(b.pending)
			b.pending = nil
		}
		return
	case l.Seq <= b.last.Seq: // it is no entry of this place
		if row != nil {
			b.out.Seals = append(b.out.Seals, SealedRow{row.ID(), Seal(row)})
		}
		return
	case row == nil:
		b.close(*l)
		b.gap(l.Seq, l.Seq)
	case bytes.Equal(b.last.Next(row).Hash, l.Hash):
		b.out.Proven++ // what is pending has no number: it is from outside
	case bytes.Equal(b.made.Next(row).Hash, l.Hash):
		for _, p := range b.pending {
			b.out.Entries = append(b.out.Entries, p.made)
		}
		b.out.Proven += int64(len(b.pending)) + 1
	default:
		b.close(*l)
		b.out.Seals = append(b.out.Seals, SealedRow{row.ID(), Seal(row)})
	}
	b.before, b.last, b.made, b.pending = b.last.Seq, *l, *l, nil
}

// close says what the rows before an entry are that the chain does not prove, and which
// numbers before it are of no row.
func (b *reconciling) close(l Link) {
	if l.Seq == b.last.Seq+1 {
		return // from outside
	}
	b.seal(b.pending)
	b.gap(b.last.Seq+1, l.Seq-1)
}

func (b *reconciling) seal(all []pendingRow) {
	b.unnumbered += int64(len(all))
	for _, p := range all {
		b.out.Seals = append(b.out.Seals, SealedRow{p.made.ID, p.seal})
	}
}

func (b *reconciling) gap(first, last int64) {
	if n := len(b.out.Gaps); n > 0 && b.out.Gaps[n-1][1] == first-1 {
		b.out.Gaps[n-1][1] = last
		return
	}
	b.out.Gaps = append(b.out.Gaps, [2]int64{first, last})
}
