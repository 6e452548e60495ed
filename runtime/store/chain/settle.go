package chain

import (
	"bytes"
	"context"
	"math"
)

// Seal is the hash of a row by itself, for one that the chain does not vouch for.
func Seal(row *Row) []byte { return Link{Seq: -1}.Next(row).Hash }

// Settled is what Settle found of rows that were brought in.
type Settled struct {
	Proven  int64  // rows that are as the chain says
	Entries []Link // entries that were lost, and are made again: the chain confirms them
	Seals   []SealedRow
	Gaps    [][2]int64 // numbers of which there is no row, from and to
}

// SealedRow is a row that the chain says nothing true of any more, with its hash.
type SealedRow struct {
	ID   int64
	Hash []byte
}

// pendingMost is how many rows without an entry are kept until the chain says what they
// are. More, and they count as rows that it cannot vouch for.
const pendingMost = 200_000

// Settle goes along rows and entries of the chain as they were brought in, up to the id
// "to", and says of which rows the chain still proves that they are as they were
// written. Rows from outside, which never had an entry, are not mentioned.
func Settle(ctx context.Context, q Querier, to int64, progress func(rows int64)) (s Settled, err error) {
	b := settling{out: &s}
	err = along(ctx, q, math.MinInt64, to, false, progress, func(_ int64, l *Link, row *Row, _ []byte) error {
		b.visit(l, row)
		return nil
	})
	// Without an entry after them: where the chain ended is one, as long as it is known.
	b.seal(b.pending)
	return s, err
}

type settling struct {
	out     *Settled
	last    Link // the last entry as it is written down
	made    Link // the entry of the last row, made from last and those after it
	pending []pendingRow
}

type pendingRow struct {
	made Link
	seal []byte
}

func (b *settling) visit(l *Link, row *Row) {
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
	b.last, b.made, b.pending = *l, *l, nil
}

// close says what the rows before an entry are that the chain does not prove, and which
// numbers before it are of no row.
func (b *settling) close(l Link) {
	if l.Seq == b.last.Seq+1 {
		return // from outside
	}
	b.seal(b.pending)
	b.gap(b.last.Seq+1, l.Seq-1)
}

func (b *settling) seal(all []pendingRow) {
	for _, p := range all {
		b.out.Seals = append(b.out.Seals, SealedRow{p.made.ID, p.seal})
	}
}

func (b *settling) gap(first, last int64) {
	if n := len(b.out.Gaps); n > 0 && b.out.Gaps[n-1][1] == first-1 {
		b.out.Gaps[n-1][1] = last
		return
	}
	b.out.Gaps = append(b.out.Gaps, [2]int64{first, last})
}
