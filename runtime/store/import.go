package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"gvpie/runtime/store/archive"
	"gvpie/runtime/store/chain"
	"gvpie/runtime/store/disk"
	"gvpie/runtime/store/sqlitefile"
)

// Import brings what an export holds into the memory of a data folder. Where there is no
// database yet, it becomes what was exported, row by row. Into another it brings the rows
// that are not in it: one that is equal in all but its id is, and a script, cartridge or
// setting of the same name. Rows of the map that come into another database are no part
// of its chain: each gets a hash of its own. archive.ErrNone when from is no export.
//
// A row that cannot be read or is no row of a table is left out, and named in the report.
func Import(ctx context.Context, dir, from string, o Options) (r ImportReport, err error) {
	f, err := archive.Open(from)
	if err != nil {
		return r, fmt.Errorf("cannot import %s: %w", from, err)
	}
	if f.Schema > len(steps) {
		return r, &Error{"import", from, ErrNewer, nil}
	}
	if from, err = filepath.Abs(from); err != nil {
		return r, err
	}
	path := (&core{dir: dir}).Path()
	in := importing{from: f, report: &r, progress: orSilent(o.Progress)}
	for _, t := range f.Tables {
		in.total += t.Rows
	}
	if _, err = os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		err = in.load(ctx, dir, path, o)
	} else if err == nil {
		err = in.merge(ctx, dir, from, o)
	}
	return r, wrap("import", from, err)
}

// importing is an Import under way.
type importing struct {
	from        *archive.Folder
	report      *ImportReport
	progress    Progress
	done, total int64
}

// load makes a database of an export: under a passing name, and at its place when it is
// whole.
func (in *importing) load(ctx context.Context, dir, path string, o Options) (err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	part, err := os.MkdirTemp(dir, ".importing-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(part)) }()
	o.empty, o.Logger = true, nil
	s, _, err := Open(ctx, part, o)
	if err != nil {
		return err
	}
	err = in.bring(ctx, s, []string{"schema_version"}, func(ctx context.Context, q querier, p *placer, table string, columns []string, values []any) (bool, error) {
		return p.insert(ctx, table, p.forms[table], identities[table], p.row(table, columns, values))
	})
	if err == nil {
		err = s.write(ctx, "import", func(ctx context.Context, q querier) error { // of a version of before that table
			_, err := q.ExecContext(ctx, `INSERT INTO earlier_texts SELECT 1, coalesce((SELECT max(id) FROM infinite_map), 0), coalesce((SELECT max(id) FROM improvement_runs), 0)
				WHERE NOT EXISTS (SELECT 1 FROM earlier_texts)`)
			return err
		})
	}
	if err == nil {
		err = in.pictures(ctx, s, dir)
	}
	if err = errors.Join(err, s.Close()); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if err := os.Link(s.Path(), path); err != nil { // never over one that came meanwhile
		return err
	}
	return disk.SyncFolder(filepath.Dir(path))
}

// merge brings what is new of an export into a database that lives.
func (in *importing) merge(ctx context.Context, dir, from string, o Options) (err error) {
	s, opened, err := Open(ctx, dir, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if opened.Quarantined != "" {
		return &Error{"import", s.Path(), ErrCorrupt, errors.New(opened.Messages[len(opened.Messages)-1])}
	}
	earlier, err := in.earlierTexts()
	if err != nil {
		return err
	}
	var rows []int64 // new ones of the map
	skip := slices.Concat(notBroughtIn, []string{"map_chain", "imports", "imported_ids", "imported_rows", "chain_gaps", "script_files"})
	err = in.bring(ctx, s, skip, func(ctx context.Context, q querier, p *placer, table string, columns []string, values []any) (bool, error) {
		isNew, err := p.place(ctx, table, columns, values)
		if err == nil && isNew && table == "map_texts" { // an import before that was interrupted had the row already
			if was, ok := values[max(slices.Index(columns, "map_id"), 0)].(int64); ok {
				if now, moved := p.moved["infinite_map"][was]; moved {
					was = now
				}
				err = chain.Reseal(ctx, q, was)
			}
		}
		at := slices.Index(columns, "id")
		if err != nil || !isNew || at < 0 || earlier[table] == 0 {
			return isNew, err
		}
		was, _ := values[at].(int64)
		now := was
		if to, moved := p.moved[table][was]; moved {
			now = to
		}
		if was <= earlier[table] {
			if err := referTo(ctx, q, table, now, columns, values); err != nil {
				return true, err
			}
		}
		if table == "infinite_map" {
			rows = append(rows, now)
			return true, nil
		}
		_, err = q.ExecContext(ctx, "INSERT OR IGNORE INTO run_details (run_id, outcome, slow) SELECT id, ?, 0 FROM improvement_runs WHERE id = ? AND finished_at IS NULL", interrupted, now)
		return true, err
	})
	// Now that the rest of what is part of a row is there; also where not all rows are.
	return errors.Join(err, in.seal(context.WithoutCancel(ctx), s, from, rows), in.pictures(ctx, s, dir))
}

// seal records the import, and gives the rows of the map that it brought a hash of their
// own.
func (in *importing) seal(ctx context.Context, s *Store, from string, ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	id, sum := int64(0), [sha256.Size]byte{}
	for some := range slices.Chunk(ids, intakeRows) {
		next := sum
		if err := s.write(ctx, "give the rows that were brought in a hash of their own", func(ctx context.Context, q querier) error {
			if id == 0 {
				if err := q.QueryRowContext(ctx, "INSERT INTO imports (path, damaged, began_at, finished_at) VALUES (?, 0, ?2, ?2) RETURNING id", from, s.now()).Scan(&id); err != nil {
					return err
				}
			}
			for _, row := range some {
				rows, err := chain.Rows(ctx, q, row-1, row, false)
				if err != nil {
					return err
				}
				for i := range rows {
					hash := chain.Seal(&rows[i])
					if _, err := q.ExecContext(ctx, "INSERT OR REPLACE INTO imported_rows (map_id, import_id, hash) VALUES (?, ?, ?)", row, id, hash); err != nil {
						return err
					}
					chain.Xor(&next, chain.SealSum(id, row, hash))
				}
			}
			if _, err := q.ExecContext(ctx, "UPDATE imports SET holes = holes - ? WHERE id = ?", len(some), id); err != nil {
				return err
			}
			return chain.SetSum(ctx, q, id, next)
		}); err != nil {
			return err
		}
		sum = next
	}
	return nil
}

// order sorts tables so that rows come after those that they refer to.
func order(tables []archive.Table) []archive.Table {
	first := slices.Concat(append([][]string{ahead}, turns...)...)
	rank := func(t archive.Table) int {
		if i := slices.Index(first, t.Name); i >= 0 {
			return i
		}
		return len(first)
	}
	all := slices.Clone(tables)
	slices.SortStableFunc(all, func(a, b archive.Table) int { return rank(a) - rank(b) })
	return all
}

// bring reads the tables, but those to skip, and has put put in each row, some to a
// transaction.
func (in *importing) bring(ctx context.Context, s *Store, skip []string, put func(ctx context.Context, q querier, p *placer, table string, columns []string, values []any) (bool, error)) error {
	var p *placer
	err := s.write(ctx, "prepare the import", func(ctx context.Context, q querier) (err error) {
		if p, err = newPlacer(ctx, q, true); err != nil {
			return err
		}
		for _, t := range in.from.Tables {
			if _, have := p.forms[t.Name]; have {
				continue
			}
			if p.forms[t.Name], err = makeTable(ctx, q, sqlitefile.Table{Name: t.Name, SQL: t.SQL}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, t := range order(in.from.Tables) {
		if slices.Contains(skip, t.Name) {
			continue
		}
		if err := in.table(ctx, s, p, t, put); err != nil {
			return err
		}
	}
	s.tally.forget()
	return nil
}

// line is one of a table's file.
type line struct {
	number  int64
	columns []string
	values  []any
}

func lineOf(t archive.Table, n int64) string { return fmt.Sprintf("line %d of %s.jsonl", n, t.Name) }

func (in *importing) table(ctx context.Context, s *Store, p *placer, t archive.Table, put func(ctx context.Context, q querier, p *placer, table string, columns []string, values []any) (bool, error)) error {
	var some []line
	read, size := int64(0), 0
	flush := func() error {
		err := s.write(ctx, "import rows of "+t.Name, func(ctx context.Context, q querier) error {
			p.q = q
			for _, l := range some {
				err := nested(ctx, q, func() error {
					isNew, err := put(ctx, q, p, t.Name, l.columns, l.values)
					if err == nil {
						in.report.count(t.Name, isNew)
					}
					return err
				})
				if err != nil && Whole(err) {
					return err
				}
				if err != nil {
					in.report.refuse(t.Name, lineOf(t, l.number), err)
				}
			}
			return nil
		})
		in.done += int64(len(some))
		some, size = some[:0], 0
		in.progress("importing rows", in.done, in.total)
		return err
	}
	if p.forms[t.Name].columns == nil {
		in.report.refuse(t.Name, "table "+t.Name, errors.New("there is no such table, and it cannot be made"))
		return nil
	}
	err := in.from.Read(t.Name, func(n int64, columns []string, values []any, wrong error) error {
		read++
		if wrong != nil {
			in.report.refuse(t.Name, lineOf(t, n), wrong)
			return nil
		}
		some = append(some, line{n, columns, values})
		for _, v := range values {
			if text, ok := v.(string); ok {
				size += len(text)
			}
		}
		if len(some) < intakeRows && size < intakeBytes {
			return nil
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		return flush()
	})
	if err == nil {
		err = flush()
	}
	if errors.Is(err, fs.ErrNotExist) {
		in.report.refuse(t.Name, "table "+t.Name, fmt.Errorf("its file is missing: %w", err))
		return nil
	}
	if err == nil && read < t.Rows {
		in.report.refuse(t.Name, lineOf(t, read+1), fmt.Errorf("the file ends here, and had %d rows", t.Rows))
	}
	return err
}

// pictures copies those of the export that a data folder has not.
func (in *importing) pictures(ctx context.Context, db *Store, dir string) error {
	s := &pictureFolder{&core{dir: dir}}
	n := int64(0)
	var copied []string // which the database takes for dropped, maybe
	tell := func() error {
		err := db.setFates(ctx, map[int][]string{there: copied})
		copied = copied[:0]
		return err
	}
	err := filepath.WalkDir(in.from.Pictures(), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		hash, ok := archive.PictureName(path)
		if !ok {
			return nil
		}
		if n++; n%100 == 0 {
			in.progress("importing pictures", n, 0)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		b, err := archive.ReadPicture(path, hash)
		if err != nil {
			in.report.refuse("pictures", "picture "+hash[:12], err)
			return nil
		}
		to := s.PicturePath(hash)
		if _, err := archive.ReadPicture(to, hash); err == nil {
			return nil
		}
		if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
			return err
		}
		part := to + ".part"
		if err := os.WriteFile(part, b, 0o600); err != nil {
			return err
		}
		if err := os.Rename(part, to); err != nil {
			return err
		}
		if copied = append(copied, hash); len(copied) == intakeRows {
			return tell()
		}
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) { // it had none
		err = nil
	}
	if err == nil {
		err = tell()
	}
	if err != nil || n == 0 {
		return err
	}
	return disk.SyncTree(s.pictures())
}
