package chain

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"math"
	"slices"
	"strings"

	"gvpie/runtime/store/sqlquery"
)

// A map row has eight columns, of which four are texts that may be long: of one that
// is, the row has the telling part, and map_texts the hash of the whole.
const (
	columns   = 8
	firstText = 2 // task_description, code, result, analysis
	texts     = 4
)

// selectRows selects map rows as they are stored, in the order they are hashed, and
// with the hashes of their texts. coalesce takes the declared type off a column, so
// that the driver hands over what lies there and nothing it made of it.
var selectRows = func() string {
	names := []string{"m.id", "m.iteration", "m.task_description", "m.code", "m.result", "m.analysis", "m.timestamp", "m.parent_iteration",
		"t.task_description", "t.code", "t.result", "t.analysis"}
	for i, n := range names {
		names[i] = "coalesce(" + n + ", NULL)"
	}
	return "SELECT " + strings.Join(names, ", ") + " FROM infinite_map m LEFT JOIN map_texts t ON t.map_id = m.id "
}()

// selectEarlier is the same for a database of before there was map_texts.
var selectEarlier = "SELECT *, NULL, NULL, NULL, NULL FROM (" +
	"SELECT coalesce(id, NULL), coalesce(iteration, NULL), coalesce(task_description, NULL), coalesce(code, NULL)," +
	" coalesce(result, NULL), coalesce(analysis, NULL), coalesce(timestamp, NULL), coalesce(parent_iteration, NULL) FROM infinite_map m WHERE "

// Row is a map row as stored: nil, int64, float64, string or []byte each; its eight
// columns, then what map_texts has of its four texts, nil for one that is whole in its
// column.
type Row [columns + texts]any

// text is the i-th of a row's texts, "" for what is none, and the hash of the whole
// where the row has a part of it.
func (r *Row) text(i int) (column string, hash []byte) {
	column, _ = r[firstText+i].(string)
	hash, _ = r[columns+i].([]byte)
	return column, hash
}

// shortened says whether the row has only a part of a text.
func (r *Row) shortened() bool {
	return slices.ContainsFunc(r[columns:], func(v any) bool { return v != nil })
}

// ID is the row's id.
func (r *Row) ID() int64 { id, _ := r[0].(int64); return id }

// Link is an entry of the chain: the hash of the row with id, the seq-th chained.
type Link struct {
	ID, Seq int64
	Hash    []byte
}

// Next is the link after l for a row: SHA-256 over a version word, seq, the hash
// before, and each column as a letter for its type, its length and its bytes; of a row
// that has only a part of a text, the hashes of its texts after them.
func (l Link) Next(row *Row) Link {
	n := Link{ID: row.ID(), Seq: l.Seq + 1}
	h := sha256.New()
	word, covered := "gvpie map row 1", row[:columns]
	if row.shortened() {
		word, covered = "gvpie map row 2", row[:]
	}
	field(h, 't', []byte(word))
	field(h, 'i', number(uint64(n.Seq)))
	field(h, 'b', l.Hash)
	for _, v := range covered {
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
	n.Hash = h.Sum(nil)
	return n
}

func number(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

func field(h hash.Hash, kind byte, b []byte) {
	h.Write([]byte{kind})
	h.Write(number(uint64(len(b))))
	h.Write(b)
}

// Head reads where the chain ends.
func Head(ctx context.Context, q sqlquery.Querier) (l Link, err error) {
	err = q.QueryRowContext(ctx, "SELECT map_id, seq, hash FROM map_head").Scan(&l.ID, &l.Seq, &l.Hash)
	return l, err
}

// SetHead writes where the chain ends.
func SetHead(ctx context.Context, q sqlquery.Querier, l Link) error {
	_, err := q.ExecContext(ctx, `INSERT INTO map_head VALUES (1, ?1, ?2, ?3) ON CONFLICT (one) DO UPDATE SET map_id = ?1, seq = ?2, hash = ?3`, l.ID, l.Seq, l.Hash)
	return err
}

// lastSeq is where numbers end; those beyond were put there by hand.
const lastSeq = 1 << 62

// lastLink is the Link that the chain is continued from. Where a hand took map_head
// away, or wrote into it what is no end of a chain, that is the entry counted highest.
func lastLink(ctx context.Context, q sqlquery.Querier) (l Link, err error) {
	err = q.QueryRowContext(ctx, `SELECT map_id, seq, hash FROM map_head
		WHERE typeof(map_id) = 'integer' AND typeof(seq) = 'integer' AND seq BETWEEN 0 AND ?`, lastSeq).Scan(&l.ID, &l.Seq, &l.Hash)
	if errors.Is(err, sql.ErrNoRows) {
		err = q.QueryRowContext(ctx, "SELECT map_id, seq, hash FROM map_chain WHERE typeof(seq) = 'integer' AND seq BETWEEN 0 AND ? ORDER BY seq DESC LIMIT 1", lastSeq).
			Scan(&l.ID, &l.Seq, &l.Hash)
	}
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return l, err
}

// NextID is the id of the map's next row of ours: the first after the end of the chain
// that no row has. What a hand put in further on is passed over, so that the ids of ours
// rise with their numbers, in which order the map is verified. ok is false where no id
// is left there.
func NextID(ctx context.Context, q sqlquery.Querier) (id int64, ok bool, err error) {
	last, err := lastLink(ctx, q)
	if err != nil || last.ID >= lastSeq {
		return 0, false, err
	}
	id = max(last.ID, 0) + 1
	const taken = "SELECT EXISTS (SELECT 1 FROM infinite_map WHERE id = ?)"
	if err := q.QueryRowContext(ctx, taken, id).Scan(&ok); err != nil || !ok {
		return id, err == nil, err
	}
	err = q.QueryRowContext(ctx, `SELECT id + 1 FROM infinite_map m WHERE id >= ? AND id < ?
		AND NOT EXISTS (SELECT 1 FROM infinite_map WHERE id = m.id + 1) ORDER BY id LIMIT 1`, id, lastSeq).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return id, err == nil, err
}

// Append adds the map row id, just inserted, to the end of the chain; its row of
// map_texts, if it has one, is there already.
func Append(ctx context.Context, q sqlquery.Querier, id int64) error {
	last, err := lastLink(ctx, q)
	if err != nil {
		return err
	}
	var row Row
	if err := q.QueryRowContext(ctx, selectRows+"WHERE m.id = ?", id).Scan(row.targets()...); err != nil {
		return err
	}
	l := last.Next(&row)
	if _, err := q.ExecContext(ctx, "INSERT OR REPLACE INTO map_chain (map_id, seq, hash) VALUES (?, ?, ?)", l.ID, l.Seq, l.Hash); err != nil {
		return err
	}
	return SetHead(ctx, q, l)
}

func (r *Row) targets() []any {
	all := make([]any, len(r))
	for i := range r {
		all[i] = &r[i]
	}
	return all
}

// AppendAll chains the rows that an earlier program left, in the order of their ids,
// and returns how many there were. progress is told how many it has.
func AppendAll(ctx context.Context, q sqlquery.Querier, progress func(rows int64)) (int64, error) {
	var l Link
	for {
		rows, err := Rows(ctx, q, l.ID, math.MaxInt64, l.Seq == 0)
		if err != nil || len(rows) == 0 {
			return l.Seq, err
		}
		for i := range rows {
			l = l.Next(&rows[i])
			if _, err := q.ExecContext(ctx, "INSERT INTO map_chain (map_id, seq, hash) VALUES (?, ?, ?)", l.ID, l.Seq, l.Hash); err != nil {
				return 0, err
			}
		}
		if err := SetHead(ctx, q, l); err != nil {
			return 0, err
		}
		progress(l.Seq)
	}
}

// Stretch is how many rows are read at a time when the whole map is walked.
const Stretch = 1000

// Rows reads at most Stretch map rows with after < id ≤ to; all from the least id
// up to "to" when first.
func Rows(ctx context.Context, q sqlquery.Querier, after, to int64, first bool) ([]Row, error) {
	where := "m.id > ?"
	if first {
		where, after = "m.id >= ?", math.MinInt64
	}
	query := selectRows + "WHERE " + where + " AND m.id <= ? ORDER BY m.id LIMIT ?"
	if there, err := hasTexts(ctx, q); err != nil {
		return nil, err
	} else if !there {
		query = selectEarlier + where + " AND m.id <= ? ORDER BY m.id LIMIT ?)"
	}
	return sqlquery.Collect(ctx, q, func(scan func(...any) error) (r Row, err error) {
		err = scan(r.targets()...)
		return r, err
	}, query, after, to, Stretch)
}

// hasTexts says whether the database knows which texts are whole in their columns.
func hasTexts(ctx context.Context, q sqlquery.Querier) (there bool, err error) {
	err = q.QueryRowContext(ctx, "SELECT count(*) = 2 FROM sqlite_schema WHERE type = 'table' AND name IN ('map_texts', 'earlier_texts')").Scan(&there)
	return there, err
}
