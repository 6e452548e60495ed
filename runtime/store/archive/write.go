package archive

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"

	"gvpie/runtime/regularfile"
	"gvpie/runtime/store/disk"
	"gvpie/runtime/store/sqlquery"
)

// note lies in every export, for whoever finds it.
const note = `Everything a GVPIE data folder remembers, as it was at one moment.

export.json  what is in here; gvpie import reads this folder
*.jsonl      one table each, one row a line, columns as in the database
pictures/    the pictures, by the SHA-256 of their bytes

A text over 200 bytes is kept once, in contents.jsonl: its column has the telling
part, and map_texts.jsonl and run_texts.jsonl the hash of the whole. In rows up to
those that earlier_texts.jsonl names, such a column holds "sha256:", the 64 digits
of the hash, a space and how the text begins.
A program with the files that it includes is kept, and a script's code is, with a line
";= KEPT hash path" for each file, which is an entry of contents.jsonl of its own.
Values that are no text (hashes) are {"hex": "..."}, texts that are no UTF-8
{"hex": "...", "text": true}. Times are UTC.
`

// Progress is told how far something is that takes long: what is being done, and how
// much of how much; total is 0 where that is not known.
type Progress func(what string, done, total int64)

// Source is what an export is made of beside the database.
type Source struct {
	Schema   int    // of the database
	Pictures string // the folder of the pictures
	// Again makes a picture again, by its hash, whose file is not there; nil: nobody does.
	Again func(ctx context.Context, hash string) ([]byte, error)
}

// Write writes every table that q reads, and the pictures that it names or that lie in
// their folder, into a new folder dir. It is written under a passing name beside it, put
// on the disk once, and renamed when it is whole; dir must not exist yet, or be empty.
// leftOut names what could not be taken along.
func Write(ctx context.Context, q sqlquery.Querier, from Source, dir string, progress Progress) (leftOut []string, err error) {
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return nil, fmt.Errorf("%w: the folder has something in it; give the name of a new one", fs.ErrExist)
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return nil, err
	}
	part, err := os.MkdirTemp(filepath.Dir(dir), filepath.Base(dir)+".partial-*")
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(part))
		}
	}()
	w := writer{ctx: ctx, q: q, dir: part, progress: progress}
	if err := w.tables(from.Schema); err != nil {
		return nil, err
	}
	if err := w.pictures(from.Pictures); err != nil {
		return nil, err
	}
	if err := w.missing(from.Again); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(part, "README.txt"), []byte(note), 0o600); err != nil {
		return nil, err
	}
	if err := WriteManifest(part, w.manifest); err != nil {
		return nil, err
	}
	progress("putting it on the disk", 0, 0)
	if err := disk.SyncTree(part); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err := os.Rename(part, dir); err != nil {
		return nil, err
	}
	return w.leftOut, disk.SyncFolder(filepath.Dir(dir))
}

// writer is an export under way.
type writer struct {
	ctx      context.Context
	q        sqlquery.Querier
	dir      string
	progress Progress
	manifest Manifest
	rows     int64 // written so far
	leftOut  []string
}

func (w *writer) tables(schema int) error {
	w.manifest.Schema = schema
	type table struct {
		Table
		noRowid bool
	}
	all, err := sqlquery.Collect(w.ctx, w.q, func(scan func(...any) error) (t table, err error) {
		err = scan(&t.Name, &t.noRowid, &t.SQL)
		return t, err
	}, `SELECT t.name, t.wr, s.sql FROM pragma_table_list t JOIN sqlite_schema s ON s.type = 'table' AND s.name = t.name
		WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite\_%' ESCAPE '\' ORDER BY t.name`)
	if err != nil {
		return err
	}
	for _, t := range all {
		path, err := TablePath(w.dir, t.Name)
		if err != nil {
			w.leftOut = append(w.leftOut, err.Error())
			continue
		}
		if t.Rows, err = w.table(t.Name, t.noRowid, path); err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
		w.manifest.Tables = append(w.manifest.Tables, t.Table)
	}
	return nil
}

func (w *writer) table(name string, noRowid bool, path string) (n int64, err error) {
	columns, err := sqlquery.Collect(w.ctx, w.q, sqlquery.One[string], "SELECT name FROM pragma_table_xinfo(?) WHERE hidden <> 1", name)
	if err != nil {
		return 0, err
	}
	list := make([]string, len(columns))
	for i, c := range columns {
		list[i] = "coalesce(" + sqlquery.Quote(c) + ", NULL)" // as stored, whatever type is declared
	}
	order := " ORDER BY rowid"
	if noRowid {
		order = ""
	}
	rows, err := w.q.QueryContext(w.ctx, "SELECT "+strings.Join(list, ", ")+" FROM "+sqlquery.Quote(name)+order)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return 0, err
	}
	out := bufio.NewWriterSize(f, 1<<16)
	values, targets := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		targets[i] = &values[i]
	}
	for rows.Next() && err == nil {
		if err = rows.Scan(targets...); err == nil {
			err = WriteRow(out, columns, values)
		}
		n++
		if w.rows++; w.rows%1000 == 0 {
			w.progress("writing rows", w.rows, 0)
		}
	}
	return n, errors.Join(err, rows.Err(), out.Flush(), f.Close())
}

// pictures copies the pictures; those that come meanwhile may be in it or not. One that
// is not what its name says is left out: a copy would be taken for whole.
func (w *writer) pictures(from string) error {
	n := int64(0)
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if err := w.ctx.Err(); err != nil {
			return err
		}
		hash, ok := PictureName(path)
		if d.IsDir() || !ok {
			return nil
		}
		if n++; n%100 == 0 {
			w.progress("copying pictures", n, 0)
		}
		b, err := ReadPicture(path, hash)
		if errors.Is(err, fs.ErrNotExist) { // it went meanwhile
			return nil
		}
		if errors.Is(err, ErrPicture) || errors.Is(err, regularfile.ErrNot) || errors.Is(err, fs.ErrPermission) {
			w.leftOut = append(w.leftOut, err.Error())
			return nil
		}
		if err != nil {
			return err
		}
		return w.picture(hash, b)
	})
}

func (w *writer) picture(hash string, b []byte) error {
	to := w.picturePath(hash)
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	return os.WriteFile(to, b, 0o600)
}

func (w *writer) picturePath(hash string) string {
	return PicturePath(filepath.Join(w.dir, "pictures"), hash)
}

// missing has those pictures made again that rows name and the folder has not.
func (w *writer) missing(again func(context.Context, string) ([]byte, error)) error {
	for last, n := int64(math.MinInt64), int64(0); again != nil; {
		type named struct {
			id   int64
			hash string
		}
		some, err := sqlquery.Collect(w.ctx, w.q, func(scan func(...any) error) (p named, err error) {
			err = scan(&p.id, &p.hash)
			return p, err
		}, "SELECT id, CAST(hash AS TEXT) FROM pictures WHERE id > ? ORDER BY id LIMIT 1000", last)
		if err != nil || len(some) == 0 {
			return err
		}
		for _, p := range some {
			last = p.id
			path := w.picturePath(p.hash)
			if path == "" || !missing(path) {
				continue
			}
			if n++; n%10 == 0 {
				w.progress("making pictures again that were dropped", n, 0)
			}
			b, err := again(w.ctx, p.hash)
			if err := w.ctx.Err(); err != nil {
				return err
			}
			if err != nil {
				w.leftOut = append(w.leftOut, err.Error())
				continue
			}
			if err := w.picture(p.hash, b); err != nil {
				return err
			}
		}
	}
	return nil
}

func missing(path string) bool {
	_, err := os.Lstat(path)
	return errors.Is(err, fs.ErrNotExist)
}
