package store

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"unicode/utf8"

	"gvpie/runtime/regularfile"
)

// exportNote lies in every export, for whoever finds it.
const exportNote = `Everything a GVPIE data folder remembers, as it was at one moment.

*.jsonl      one table each, one row a line, columns as in the database
pictures/    the pictures, by the SHA-256 of their bytes

A text over 200 bytes is kept once, in contents.jsonl: its column has the telling
part, and map_texts.jsonl and run_texts.jsonl the hash of the whole. In rows up to
those that earlier_texts.jsonl names, such a column holds "sha256:", the 64 digits
of the hash, a space and how the text begins.
Values that are no text (hashes) are {"hex": "..."}. Times are UTC.
`

// Export writes every table as JSON Lines, and the pictures, into a new folder dir,
// from one snapshot. It is written under a passing name beside it and renamed when it
// is whole; dir must not exist yet, or be empty.
func (s *Store) Export(ctx context.Context, dir string) error {
	return wrap("export", dir, s.export(ctx, dir))
}

func (s *Store) export(ctx context.Context, dir string) (err error) {
	dir, err = filepath.Abs(dir)
	if err != nil {
		return err
	}
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return fmt.Errorf("%w: the folder has something in it; give the name of a new one", fs.ErrExist)
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return err
	}
	part, err := os.MkdirTemp(filepath.Dir(dir), filepath.Base(dir)+".partial-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(part))
		}
	}()
	if err := s.exportTables(ctx, part); err != nil {
		return err
	}
	if err := s.exportPictures(ctx, filepath.Join(part, "pictures")); err != nil {
		return err
	}
	if err := writeWhole(filepath.Join(part, "README.txt"), []byte(exportNote)); err != nil {
		return err
	}
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.Rename(part, dir)
}

func (s *Store) exportTables(ctx context.Context, to string) error {
	return s.read(ctx, "export", func(ctx context.Context, q querier) error {
		tables, err := collect(ctx, q, one[string], "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
		if err != nil {
			return err
		}
		for _, table := range tables {
			if err := exportTable(ctx, q, table, filepath.Join(to, filepath.Base(table)+".jsonl")); err != nil {
				return fmt.Errorf("table %s: %w", table, err)
			}
		}
		return nil
	})
}

func exportTable(ctx context.Context, q querier, table, path string) error {
	columns, err := collect(ctx, q, one[string], "SELECT name FROM pragma_table_info(?)", table)
	if err != nil {
		return err
	}
	list := ""
	for i, c := range columns {
		if i > 0 {
			list += ", "
		}
		list += "coalesce(" + quote(c) + ", NULL)" // as stored, whatever type is declared
	}
	rows, err := q.QueryContext(ctx, "SELECT "+list+" FROM "+quote(table)+" ORDER BY rowid")
	if err != nil {
		return err
	}
	defer rows.Close()
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	values, targets := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		targets[i] = &values[i]
	}
	for rows.Next() && err == nil {
		if err = rows.Scan(targets...); err == nil {
			err = writeRow(w, columns, values)
		}
	}
	return errors.Join(err, rows.Err(), w.Flush(), f.Sync(), f.Close())
}

// quote makes an SQL identifier of any name.
func quote(name string) string {
	return `"` + string(bytes.ReplaceAll([]byte(name), []byte(`"`), []byte(`""`))) + `"`
}

// writeRow writes one object, its keys in the order of the columns.
func writeRow(w *bufio.Writer, columns []string, values []any) error {
	for i, v := range values {
		switch t := v.(type) {
		case []byte:
			v = map[string]string{"hex": hex.EncodeToString(t)}
		case string:
			if !utf8.ValidString(t) { // JSON could not say which bytes they were
				v = map[string]string{"hex": hex.EncodeToString([]byte(t))}
			}
		}
		key, err := json.Marshal(columns[i])
		if err != nil {
			return err
		}
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(v); err != nil {
			return err
		}
		between := byte(',')
		if i == 0 {
			between = '{'
		}
		w.WriteByte(between)
		w.Write(key)
		w.WriteByte(':')
		w.Write(bytes.TrimRight(b.Bytes(), "\n"))
	}
	_, err := w.WriteString("}\n") // the writer keeps an earlier error
	return err
}

// exportPictures copies the pictures; those that come meanwhile may be in it or not.
func (s *Store) exportPictures(ctx context.Context, to string) error {
	return filepath.WalkDir(s.pictures(), func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() || filepath.Ext(name) != ".png" || s.PicturePath(name[:len(name)-4]) != path {
			return nil
		}
		b, err := regularfile.Read(path, pictureMost)
		if err != nil {
			return err
		}
		return writeWhole(filepath.Join(to, name[:2], name), b)
	})
}
