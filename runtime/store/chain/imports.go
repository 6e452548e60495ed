package chain

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"math"

	"gvpie/runtime/store/sqlquery"
)

// Import is a row of imports as far as the walk goes by it: rows were brought in from
// elsewhere. What belongs to it, hashes of rows and lost numbers, is summed up in it, so
// that rows which somebody wrote into these tables, or took out, do not pass for ours.
type Import struct {
	ID                  int64
	Path                string
	Damaged, Finished   bool  // from a damaged database; all are there
	MapEnd, Holes, Lost int64 // as in the table
	Sum                 [sha256.Size]byte
}

// sum is what an import adds to its Sum by itself.
func (i Import) sum() [sha256.Size]byte {
	return digest("import", i.ID, []byte(fmt.Sprintf("%t %t %d %d %d %s", i.Damaged, i.Finished, i.MapEnd, i.Holes, i.Lost, i.Path)))
}

// SealSum is what the hash of a row that was brought in adds.
func SealSum(importID, mapID int64, hash []byte) [sha256.Size]byte {
	return digest("row", importID, append(number(uint64(mapID)), hash...))
}

func gapSum(importID, first, last int64) [sha256.Size]byte {
	return digest("gap", importID, append(number(uint64(first)), number(uint64(last))...))
}

func digest(what string, id int64, b []byte) [sha256.Size]byte {
	h := sha256.New()
	field(h, 't', []byte("gvpie "+what+" 1"))
	field(h, 'i', number(uint64(id)))
	field(h, 'b', b)
	return [sha256.Size]byte(h.Sum(nil))
}

// Xor adds to a sum, or takes away from it what was added.
func Xor(a *[sha256.Size]byte, b [sha256.Size]byte) {
	for i := range a {
		a[i] ^= b[i]
	}
}

// SetSum writes down the sum of an import, of which parts is that of all that belongs to
// it.
func SetSum(ctx context.Context, q sqlquery.Querier, id int64, parts [sha256.Size]byte) error {
	i, _, err := scanImport(q.QueryRowContext(ctx, importQuery+" WHERE id = ?", id).Scan)
	if err != nil {
		return err
	}
	Xor(&parts, i.sum())
	_, err = q.ExecContext(ctx, "UPDATE imports SET sum = ? WHERE id = ?", parts[:], id)
	return err
}

// Reseal gives a row that was brought in, and whose texts in map_texts came after it, a
// hash of all of it: if it is as it was brought in but for them.
func Reseal(ctx context.Context, q sqlquery.Querier, mapID int64) error {
	var importID int64
	var old []byte
	err := q.QueryRowContext(ctx, "SELECT import_id, CAST(hash AS BLOB) FROM imported_rows WHERE map_id = ? AND typeof(import_id) = 'integer'", mapID).Scan(&importID, &old)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	rows, err := Rows(ctx, q, mapID-1, mapID, false)
	if err != nil || len(rows) == 0 {
		return err
	}
	before := rows[0]
	clear(before[columns:])
	if !bytes.Equal(Seal(&before), old) {
		return nil
	}
	i, ours, err := scanImport(q.QueryRowContext(ctx, importQuery+" WHERE id = ?", importID).Scan)
	if err != nil || !ours {
		return err
	}
	now := Seal(&rows[0])
	Xor(&i.Sum, SealSum(importID, mapID, old))
	Xor(&i.Sum, SealSum(importID, mapID, now))
	if _, err := q.ExecContext(ctx, "UPDATE imported_rows SET hash = ? WHERE map_id = ?", now, mapID); err != nil {
		return err
	}
	_, err = q.ExecContext(ctx, "UPDATE imports SET sum = ? WHERE id = ?", i.Sum[:], importID)
	return err
}

// Resum sums an import up from all that belongs to it.
func Resum(ctx context.Context, q sqlquery.Querier, id int64) error {
	parts, err := partsOf(ctx, q)
	if err != nil {
		return err
	}
	return SetSum(ctx, q, id, parts[id])
}

const importQuery = `SELECT id, CAST(path AS TEXT), CAST(damaged AS INTEGER) <> 0, finished_at IS NOT NULL,
	CAST(map_end AS INTEGER), CAST(holes AS INTEGER), CAST(lost AS INTEGER), CAST(sum AS BLOB) FROM imports`

// scanImport reads one; ok is false for a row without a sum, which is none of ours.
func scanImport(scan func(...any) error) (i Import, ok bool, err error) {
	var sum []byte
	err = scan(&i.ID, &i.Path, &i.Damaged, &i.Finished, &i.MapEnd, &i.Holes, &i.Lost, &sum)
	ok = len(sum) == sha256.Size
	if ok {
		i.Sum = [sha256.Size]byte(sum)
	}
	return i, ok, err
}

// seals are the hashes of rows that were brought in, and gaps the lost numbers, as far as
// they can be ours.
const (
	sealQuery = "SELECT map_id, import_id, CAST(hash AS BLOB) FROM imported_rows WHERE typeof(import_id) = 'integer' AND map_id > ? AND map_id <= ? ORDER BY map_id LIMIT ?"
	gapQuery  = "SELECT import_id, first_seq, last_seq FROM chain_gaps WHERE typeof(import_id) = 'integer' AND typeof(first_seq) = 'integer' AND typeof(last_seq) = 'integer' ORDER BY first_seq"
)

// sealed is the hash of a row of when it was brought in.
type sealed struct {
	id, importID int64
	hash         []byte
}

func sealsAfter(ctx context.Context, q sqlquery.Querier, after, to int64) ([]sealed, error) {
	return sqlquery.Collect(ctx, q, func(scan func(...any) error) (s sealed, err error) {
		err = scan(&s.id, &s.importID, &s.hash)
		return s, err
	}, sealQuery, after, to, Stretch)
}

type gap struct{ importID, first, last int64 }

func gaps(ctx context.Context, q sqlquery.Querier) ([]gap, error) {
	return sqlquery.Collect(ctx, q, func(scan func(...any) error) (g gap, err error) {
		err = scan(&g.importID, &g.first, &g.last)
		return g, err
	}, gapQuery)
}

// partsOf sums up what belongs to each import.
func partsOf(ctx context.Context, q sqlquery.Querier) (map[int64][sha256.Size]byte, error) {
	parts := map[int64][sha256.Size]byte{}
	add := func(id int64, b [sha256.Size]byte) {
		sum := parts[id]
		Xor(&sum, b)
		parts[id] = sum
	}
	for after := int64(math.MinInt64); ; {
		some, err := sealsAfter(ctx, q, after, math.MaxInt64)
		if err != nil {
			return nil, err
		}
		for _, s := range some {
			add(s.importID, SealSum(s.importID, s.id, s.hash))
			after = s.id
		}
		if len(some) < Stretch {
			break
		}
	}
	all, err := gaps(ctx, q)
	for _, g := range all {
		add(g.importID, gapSum(g.importID, g.first, g.last))
	}
	return parts, err
}

// Imports are those that are as they were written down. altered are the ids of those
// that are not.
func Imports(ctx context.Context, q sqlquery.Querier) (good []Import, altered []int64, err error) {
	parts, err := partsOf(ctx, q)
	if err != nil {
		return nil, nil, err
	}
	type row struct {
		Import
		ours bool
	}
	all, err := sqlquery.Collect(ctx, q, func(scan func(...any) error) (r row, err error) {
		r.Import, r.ours, err = scanImport(scan)
		return r, err
	}, importQuery+" ORDER BY id")
	for _, r := range all {
		if !r.ours {
			continue
		}
		i := r.Import
		sum := parts[i.ID]
		Xor(&sum, i.sum())
		if sum == i.Sum {
			good = append(good, i)
		} else {
			altered = append(altered, i.ID)
		}
	}
	return good, altered, err
}

// imports are what the walk knows of rows that were brought in.
type imports struct {
	good    map[int64]bool // those that are as they were written down; nil: the tables are not there
	altered []int64
	open    *Link // the entry up to which rows are still being brought in; nil: none are
	lost    int64 // rows that are known to be lost
	gaps    []gap // numbers whose rows were lost
}

func (m *imports) read(ctx context.Context, q sqlquery.Querier) error {
	var there bool
	err := q.QueryRowContext(ctx, "SELECT count(*) = 3 FROM sqlite_schema WHERE name IN ('imports', 'imported_rows', 'chain_gaps')").Scan(&there)
	if err != nil || !there {
		return err
	}
	m.good = map[int64]bool{}
	all, altered, err := Imports(ctx, q)
	if err != nil {
		return err
	}
	m.altered = altered
	end, open := int64(0), false
	for _, i := range all {
		m.good[i.ID] = true
		m.lost += i.Lost
		if !i.Finished && i.Damaged {
			end, open = max(end, i.MapEnd), true
		}
	}
	every, err := gaps(ctx, q)
	if err != nil {
		return err
	}
	for _, g := range every {
		if m.good[g.importID] {
			m.gaps = append(m.gaps, g)
		}
	}
	if !open {
		return nil
	}
	m.open = &Link{ID: end}
	err = q.QueryRowContext(ctx, "SELECT seq, hash FROM map_chain WHERE map_id = ?", end).Scan(&m.open.Seq, &m.open.Hash)
	if errors.Is(err, sql.ErrNoRows) && end == 0 { // it had no rows
		return nil
	}
	return err
}

// excused is how many of the numbers from first to last are of rows that were lost.
func (m *imports) excused(first, last int64) (n int64) {
	for _, g := range m.gaps {
		if from, to := max(first, g.first), min(last, g.last); from <= to {
			n += to - from + 1
			first = to + 1
		}
	}
	return n
}
