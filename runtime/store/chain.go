package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"math"
	"strings"
)

// mapColumns selects the eight columns of the map as they are stored, in the order
// they are hashed. coalesce takes the declared type off a column, so that the driver
// hands over what lies there and nothing it made of it.
var mapColumns = func() string {
	names := []string{"id", "iteration", "task_description", "code", "result", "analysis", "timestamp", "parent_iteration"}
	for i, n := range names {
		names[i] = "coalesce(" + n + ", NULL)"
	}
	return strings.Join(names, ", ")
}()

// rawRow is a map row as stored: nil, int64, float64, string or []byte each.
type rawRow [8]any

// id is the row's id.
func (r *rawRow) id() int64 { id, _ := r[0].(int64); return id }

// link is an entry of the chain: the hash of the row with id, the seq-th chained.
type link struct {
	id, seq int64
	hash    []byte
}

// next is the link after l for a row: SHA-256 over a version word, seq, the hash
// before, and each column as a letter for its type, its length and its bytes.
func (l link) next(row *rawRow) link {
	n := link{id: row.id(), seq: l.seq + 1}
	h := sha256.New()
	field(h, 't', []byte("gvpie map row 1"))
	field(h, 'i', number(uint64(n.seq)))
	field(h, 'b', l.hash)
	for _, v := range row {
		switch v := v.(type) {
		case nil:
			field(h, 'n', nil)
		case int64:
			field(h, 'i', number(uint64(v)))
		case float64:
			field(h, 'f', number(math.Float64bits(v)))
		case string:
			field(h, 't', []byte(v))
		case []byte:
			field(h, 'b', v)
		default:
			panic(fmt.Sprintf("a column of a type that SQLite has not: %T", v))
		}
	}
	n.hash = h.Sum(nil)
	return n
}

func number(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

func field(h hash.Hash, kind byte, b []byte) {
	h.Write([]byte{kind})
	h.Write(number(uint64(len(b))))
	h.Write(b)
}

// head reads where the chain ends.
func head(ctx context.Context, q querier) (l link, err error) {
	err = q.QueryRowContext(ctx, "SELECT map_id, seq, hash FROM map_head").Scan(&l.id, &l.seq, &l.hash)
	return l, err
}

// setHead writes where the chain ends.
func setHead(ctx context.Context, q querier, l link) error {
	_, err := q.ExecContext(ctx, `INSERT INTO map_head VALUES (1, ?1, ?2, ?3) ON CONFLICT (one) DO UPDATE SET map_id = ?1, seq = ?2, hash = ?3`, l.id, l.seq, l.hash)
	return err
}

// lastLink is the link that the chain is continued from. Where a hand took map_head
// away, or wrote into it what is no end of a chain, that is the entry counted highest.
func lastLink(ctx context.Context, q querier) (l link, err error) {
	err = q.QueryRowContext(ctx, `SELECT map_id, seq, hash FROM map_head
		WHERE typeof(map_id) = 'integer' AND typeof(seq) = 'integer' AND seq BETWEEN 0 AND ?`, lastID).Scan(&l.id, &l.seq, &l.hash)
	if errors.Is(err, sql.ErrNoRows) {
		err = q.QueryRowContext(ctx, "SELECT map_id, seq, hash FROM map_chain WHERE typeof(seq) = 'integer' AND seq BETWEEN 0 AND ? ORDER BY seq DESC LIMIT 1", lastID).
			Scan(&l.id, &l.seq, &l.hash)
	}
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return l, err
}

// chainRow adds the map row id, just inserted, to the end of the chain.
func chainRow(ctx context.Context, q querier, id int64) error {
	last, err := lastLink(ctx, q)
	if err != nil {
		return err
	}
	var row rawRow
	if err := q.QueryRowContext(ctx, "SELECT "+mapColumns+" FROM infinite_map WHERE id = ?", id).Scan(row.targets()...); err != nil {
		return err
	}
	l := last.next(&row)
	if _, err := q.ExecContext(ctx, "INSERT OR REPLACE INTO map_chain (map_id, seq, hash) VALUES (?, ?, ?)", l.id, l.seq, l.hash); err != nil {
		return err
	}
	return setHead(ctx, q, l)
}

func (r *rawRow) targets() []any {
	all := make([]any, len(r))
	for i := range r {
		all[i] = &r[i]
	}
	return all
}

// chainAll chains the rows that an earlier program left, in the order of their ids,
// and returns how many there were.
func chainAll(ctx context.Context, q querier) (int64, error) {
	var l link
	for {
		rows, err := rawRows(ctx, q, l.id, math.MaxInt64, l.seq == 0)
		if err != nil || len(rows) == 0 {
			return l.seq, err
		}
		for i := range rows {
			l = l.next(&rows[i])
			if _, err := q.ExecContext(ctx, "INSERT INTO map_chain (map_id, seq, hash) VALUES (?, ?, ?)", l.id, l.seq, l.hash); err != nil {
				return 0, err
			}
		}
		if err := setHead(ctx, q, l); err != nil {
			return 0, err
		}
	}
}

// stretch is how many rows are read at a time when the whole map is walked.
const stretch = 1000

// rawRows reads at most stretch map rows with after < id ≤ to; all from the least id
// up to "to" when first.
func rawRows(ctx context.Context, q querier, after, to int64, first bool) ([]rawRow, error) {
	where := "id > ?"
	if first {
		where, after = "id >= ?", math.MinInt64
	}
	return collect(ctx, q, func(scan func(...any) error) (r rawRow, err error) {
		err = scan(r.targets()...)
		return r, err
	}, "SELECT "+mapColumns+" FROM infinite_map WHERE "+where+" AND id <= ? ORDER BY id LIMIT ?", after, to, stretch)
}
