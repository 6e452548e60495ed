package store

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"slices"

	"gvpie/runtime/regularfile"
	"gvpie/runtime/store/chain"
	"gvpie/runtime/store/sqlitefile"
	"gvpie/runtime/store/sqlquery"
)

// What a transaction brings in at most, about.
const (
	intakeRows  = 500
	intakeBytes = 1 << 20
)

// turns are the tables whose rows must be there before those that refer to them, in the
// order of the ways through the file on which they are brought in. All others come last.
var turns = [][]string{
	{"improvement_scripts", "removed_scripts", "cartridge_registry", "pictures", "confinements"},
	{"improvement_runs", "infinite_map", "map_chain", "contents"},
}

// ways is how often the file is gone through.
var ways = len(turns) + 1

// salvage brings in what is left of the file at path, and then has the chain say which
// rows of the map are as they were written.
func (in *intake) salvage(ctx context.Context, path string) (err error) {
	in.f, err = sqlitefile.Open(path)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, regularfile.ErrNot) {
		return in.giveUp(ctx, path, err)
	}
	if err != nil {
		return err
	}
	defer in.f.Close()
	if err := in.f.Load(ctx); err != nil {
		return err
	}
	in.pages = ways * int(in.f.Pages())
	if err := in.s.write(ctx, "begin to salvage", func(ctx context.Context, q querier) error {
		if err := in.begin(ctx, q); err != nil {
			return err
		}
		return in.remember(ctx, q)
	}); err != nil {
		return err
	}
	told := in.page * 10 / max(in.pages, 1)
	for in.page < in.pages {
		if err := in.some(ctx); err != nil {
			return err
		}
		if tenth := in.page * 10 / in.pages; tenth > told && in.page < in.pages {
			told = tenth
			in.s.o.Logger.Info("the rows of a damaged database are being brought in", "percent", 10*tenth, "from", path)
		}
	}
	if err := in.reconcile(ctx); err != nil {
		return err
	}
	in.s.tally.forget()
	in.s.o.Logger.Info("what could be read of a damaged database is in the new one: "+in.report.String(), "from", path)
	for _, why := range in.report.Why {
		in.s.o.Logger.Warn("a row was not brought in", "why", why)
	}
	return nil
}

// giveUp ends a salvage whose file cannot be opened: somebody took it away.
func (in *intake) giveUp(ctx context.Context, path string, why error) error {
	in.s.o.Logger.Warn("a damaged database can no longer be read: the rows that were not brought in stay there", "path", path, "error", why)
	in.report.Why = append(in.report.Why, why.Error())
	return in.reconcile(ctx)
}

// remember reads which rows got other ids.
func (in *intake) remember(ctx context.Context, q querier) error {
	rows, err := q.QueryContext(ctx, "SELECT name, was, now FROM imported_ids WHERE import_id = ?", in.id)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var table string
		var was, now int64
		if err := rows.Scan(&table, &was, &now); err != nil {
			return err
		}
		if err := in.place.move(table, was, now); err != nil {
			return err
		}
	}
	return rows.Err()
}

// found is a row with the table that it is of.
type found struct {
	table string
	form  form
	row   sqlitefile.Row
}

// some brings the rows of the next few pages in.
func (in *intake) some(ctx context.Context) error {
	var all []found
	next, size := in.page, 0
	for ; next < in.pages && len(all) < intakeRows && size < intakeBytes; next++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		way := next * ways / in.pages
		n := uint32(next%(in.pages/ways)) + 1
		owner, ok := in.f.Owner(n)
		if !ok || owner >= 0 && !in.wants(in.f.Tables()[owner].Name, way) {
			continue
		}
		lost, err := in.f.Rows(n, func(r sqlitefile.Row) {
			if x, ok := in.of(owner, r); ok && in.wants(x.table, way) {
				all, size = append(all, x), size+x.size()
			}
		})
		if owner >= 0 {
			table := in.f.Tables()[owner].Name
			if err != nil {
				lost = 1
			}
			in.report.lose(table, int64(lost))
		}
	}
	return in.s.write(ctx, "bring in rows of a damaged database", func(ctx context.Context, q querier) error {
		in.place.q = q
		in.place.note = func(table string, was, now int64) error { return in.note(ctx, q, table, was, now) }
		for _, x := range all {
			if x.table == "" {
				in.report.Orphans++
				continue
			}
			if err := in.row(ctx, q, x.table, x.form, x.row); err != nil {
				return err
			}
		}
		in.page = next
		return in.save(ctx, q)
	})
}

// wants says whether a table's rows are brought in on this way through the file.
func (in *intake) wants(table string, way int) bool {
	turn := slices.IndexFunc(turns, func(all []string) bool { return slices.Contains(all, table) })
	if turn < 0 {
		turn = len(turns)
	}
	return turn == way && !slices.Contains(notBroughtIn, table)
}

func (x found) size() (n int) {
	for _, v := range x.row.Values {
		switch v := v.(type) {
		case string:
			n += len(v)
		case []byte:
			n += len(v)
		}
	}
	return n
}

// of says which table a row is of: that of its page, or, where no way leads to the page
// any more, the one that it looks like. ok is false for rows of SQLite's own tables.
func (in *intake) of(owner int, r sqlitefile.Row) (x found, ok bool) {
	if owner >= 0 {
		t := in.f.Tables()[owner]
		return found{t.Name, in.tables[owner], r}, in.tables[owner].columns != nil
	}
	table := looksLike(r.Values)
	return found{table, in.place.forms[table], r}, table != "sqlite_schema"
}

// reconcile has the chain say which rows of the map it proves, gives the others a hash of
// their own, and writes down which numbers have no row. With that the salvage is over.
func (in *intake) reconcile(ctx context.Context) error {
	const op = "find out which rows of the map are as they were written"
	var s chain.Reconciled
	var end chain.Link // of the latest: what an earlier salvage had settled is settled again
	err := in.s.read(ctx, op, func(ctx context.Context, q querier) (err error) {
		err = q.QueryRowContext(ctx, "SELECT map_id, seq, hash FROM map_chain WHERE map_id = (SELECT max(map_end) FROM imports)").Scan(&end.ID, &end.Seq, &end.Hash)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		s, err = chain.Reconcile(ctx, q, end.ID, func(int64) {})
		return err
	})
	if err != nil {
		return err
	}
	for part := range slices.Chunk(s.Entries, chain.Stretch) {
		if err := in.s.write(ctx, op, func(ctx context.Context, q querier) error {
			for _, l := range part {
				if _, err := q.ExecContext(ctx, "INSERT OR REPLACE INTO map_chain (map_id, seq, hash) VALUES (?, ?, ?)", l.ID, l.Seq, l.Hash); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	for part := range slices.Chunk(s.Seals, chain.Stretch) {
		if err := in.s.write(ctx, op, func(ctx context.Context, q querier) error {
			for _, x := range part {
				if _, err := q.ExecContext(ctx, "INSERT OR REPLACE INTO imported_rows (map_id, import_id, hash) VALUES (?, ?, ?)", x.ID, in.id, x.Hash); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	in.report.Proven, in.report.Sealed, in.report.Missing, in.report.NoEnd = s.Proven, int64(len(s.Seals)), s.Lost, !end.KnownEnd()
	return in.s.write(ctx, op, func(ctx context.Context, q querier) error {
		if _, err := q.ExecContext(ctx, "DELETE FROM chain_gaps; UPDATE imports SET lost = 0, holes = iif(damaged, 0, -(SELECT count(*) FROM imported_rows WHERE import_id = imports.id))"); err != nil {
			return err
		}
		for _, g := range s.Gaps {
			if _, err := q.ExecContext(ctx, "INSERT INTO chain_gaps (import_id, first_seq, last_seq) VALUES (?, ?, ?)", in.id, g[0], g[1]); err != nil {
				return err
			}
		}
		if err := in.save(ctx, q); err != nil {
			return err
		}
		if _, err := q.ExecContext(ctx, "DELETE FROM row_counts"); err != nil { // of before there were so many
			return err
		}
		_, err := q.ExecContext(ctx, "UPDATE imports SET finished_at = ?, holes = ?, lost = ? WHERE id = ?", in.s.now(), s.Holes, s.Lost, in.id)
		if err != nil {
			return err
		}
		return resumAll(ctx, q)
	})
}

// resumAll sums up all imports anew: hashes of earlier ones may have become this one's.
func resumAll(ctx context.Context, q querier) error {
	ids, err := sqlquery.Collect(ctx, q, sqlquery.One[int64], "SELECT id FROM imports WHERE typeof(sum) = 'blob'")
	for _, id := range ids {
		if err := chain.Resum(ctx, q, id); err != nil {
			return err
		}
	}
	return err
}
