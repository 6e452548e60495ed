package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"gvpie/runtime/atomicfile"
	"gvpie/runtime/store/archive"
	"gvpie/runtime/store/disk"
)

func (s *core) pictures() string { return filepath.Join(s.dir, "pictures") }

// PicturePath is where the picture with that hash lies: pictures/ab/abcdef….png.
// "" when it is no hash.
func (s *pictureFolder) PicturePath(hash string) string {
	return archive.PicturePath(s.pictures(), hash)
}

// PutPicture keeps a picture, once however often it comes, and returns the SHA-256 of
// its bytes. It is on the disk when PutPicture returns.
func (s *pictureFolder) PutPicture(png []byte) (hash string, err error) {
	sum := sha256.Sum256(png)
	hash = hex.EncodeToString(sum[:])
	path := s.PicturePath(hash)
	if info, err := os.Stat(path); err == nil && info.Size() == int64(len(png)) {
		return hash, nil
	}
	if err := writeWhole(path, png); err != nil {
		return "", wrap("keep a picture", path, err)
	}
	return hash, nil
}

// writeWhole writes a file so that nobody sees half of it, in a folder that it makes
// if need be, and has both on the disk when it returns.
func writeWhole(path string, b []byte) error {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	if err := atomicfile.Write(path, 0o600, func(w io.Writer) error {
		_, err := w.Write(b)
		return err
	}); err != nil {
		return err
	}
	return disk.SyncFolder(folder)
}

// Picture reads a picture by its hash. ErrNotFound when there is none, ErrCorrupt when
// the file is not what its hash was made of.
func (s *pictureFolder) Picture(hash string) ([]byte, error) {
	op := fmt.Sprintf("picture %.12s", hash)
	path := s.PicturePath(hash)
	if path == "" {
		return nil, &Error{op, s.pictures(), ErrNotFound, nil}
	}
	b, err := archive.ReadPicture(path, hash)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, &Error{op, path, ErrNotFound, err}
	case errors.Is(err, archive.ErrPicture):
		return nil, &Error{op, path, ErrCorrupt, archive.ErrPicture}
	}
	return b, wrap(op, path, err)
}

// pictureID is the row that stands for a hash, made if need be; nil for "".
func pictureID(ctx context.Context, q querier, hash string) (any, error) {
	if hash == "" {
		return nil, nil
	}
	var id int64
	err := q.QueryRowContext(ctx, "SELECT id FROM pictures WHERE hash = ?", hash).Scan(&id)
	if !errors.Is(err, sql.ErrNoRows) {
		return id, err
	}
	res, err := q.ExecContext(ctx, "INSERT INTO pictures (hash) VALUES (?)", hash)
	if err != nil {
		return nil, err
	}
	return res.LastInsertId()
}
