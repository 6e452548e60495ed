package bundle

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"gvpie/runtime/store/sqlquery"
)

// A Lost file is one that a text refers to and contents has not, or not as it was; or one
// too many.
type Lost struct {
	File
	why string
}

const (
	missing = "is not in the database"
	altered = "is in the database otherwise than it was"
	tooMuch = "makes it larger than 64 MB, which no program with its files is"
)

// wholeMost is how many bytes the files of a text have at most: a hand may refer to one
// again and again.
const wholeMost = 64 << 20

// Error is a clause: "its file lib/shapes.pxl (0123456789ab…) is …".
func (l *Lost) Error() string {
	if l.Path == "" {
		return fmt.Sprintf("its program (%.12s…) %s", l.Hash, l.why)
	}
	return fmt.Sprintf("its file %s %s", l.File, l.why)
}

// Reader reads files of contents, each once while there is room for it.
type Reader struct {
	Q     sqlquery.Querier
	read  map[string]string
	held  int // bytes of them
	lost  map[string]*Lost
	sizes map[string]int64 // of parts, but for their paths
}

// readMost is how many bytes of files a Reader holds at most, and one file more.
const readMost = 8 << 20

// Whole gives a text that may refer to files with their texts, each held against its
// hash. The error of a file that is not there, or was altered, is a [*Lost].
func (r *Reader) Whole(ctx context.Context, short string) (string, error) {
	by, err := r.Grows(ctx, short)
	if all := Files(short); err == nil && by > wholeMost {
		err = &Lost{all[len(all)-1], tooMuch}
	}
	if err != nil {
		return "", err
	}
	return Whole(short, func(f File) (string, error) { return r.text(ctx, f) })
}

// Entry is an entry of contents whole, held against its hash. The error of one that is
// not there, or was altered, or a file of it, is a [*Lost]; that of itself has no path.
func (r *Reader) Entry(ctx context.Context, hash string) (string, error) {
	var body string
	var refers bool
	err := r.Q.QueryRowContext(ctx, "SELECT CAST(c.body AS TEXT), b.hash IS NOT NULL FROM contents c LEFT JOIN bundles b ON b.hash = c.hash WHERE c.hash = ?", hash).Scan(&body, &refers)
	if errors.Is(err, sql.ErrNoRows) {
		return "", &Lost{File{Hash: hash}, missing}
	}
	if err == nil && refers {
		body, err = r.Whole(ctx, body)
	}
	if err == nil && hashOf(body) != hash {
		err = &Lost{File{Hash: hash}, altered}
	}
	if err != nil {
		return "", err
	}
	return body, nil
}

func (r *Reader) text(ctx context.Context, f File) (text string, err error) {
	if r.read == nil {
		r.read, r.lost = map[string]string{}, map[string]*Lost{}
	}
	if text, ok := r.read[f.Hash]; ok {
		return text, nil
	}
	if l := r.lost[f.Hash]; l != nil {
		return "", &Lost{f, l.why}
	}
	err = r.Q.QueryRowContext(ctx, "SELECT CAST(body AS TEXT) FROM contents WHERE hash = ?", f.Hash).Scan(&text)
	there := !errors.Is(err, sql.ErrNoRows)
	switch {
	case there && err != nil:
		return "", err
	case !there || hashOf(text) != f.Hash:
		l := &Lost{f, missing}
		if there {
			l.why = altered
		}
		r.lost[f.Hash] = l
		return "", l
	}
	if r.held += len(text); r.held > readMost {
		clear(r.read)
		r.held = len(text)
	}
	r.read[f.Hash] = text
	return text, nil
}

// Grows is by how many bytes a text that may refer to files is shorter than the whole.
// No file is read here, nor held against its hash; one that is not there is a [*Lost].
func (r *Reader) Grows(ctx context.Context, short string) (by int64, err error) {
	if r.sizes == nil {
		r.sizes = map[string]int64{}
	}
	for _, f := range Files(short) {
		size, known := r.sizes[f.Hash]
		if !known {
			err := r.Q.QueryRowContext(ctx, "SELECT octet_length(replace(body, char(10), 'line')) FROM contents WHERE hash = ?", f.Hash).Scan(&size)
			if errors.Is(err, sql.ErrNoRows) {
				return 0, &Lost{f, missing}
			}
			if err != nil {
				return 0, err
			}
			r.sizes[f.Hash] = size
		}
		by += size + int64(len(part(f.Path, ""))-len(reference(f)))
	}
	return by, nil
}
