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
	"gvpie/runtime/store/sqlquery"
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

// What becomes of a picture's file (picture_files.fate).
const (
	there = iota
	keptForEver
	dropped
)

// usedAnew is how many runs later a picture counts as used again: one that every run has
// costs no run a write.
const usedAnew = 1000

// usePicture writes down that a run has a picture, whose file is there; nil is none. That
// of a run that failed is kept for ever.
func usePicture(ctx context.Context, q querier, picture any, runID int64, failed bool) error {
	if picture == nil {
		return nil
	}
	fate := there
	if failed {
		fate = keptForEver
	}
	_, err := q.ExecContext(ctx, `INSERT INTO picture_files (picture_id, run_id, fate) VALUES (?1, ?2, ?3)
		ON CONFLICT (picture_id) DO UPDATE SET run_id = ?2, fate = ?3
		WHERE fate <> ?4 AND (?3 = ?4 OR fate = ?5 OR run_id < ?2 - ?6)`, picture, runID, fate, keptForEver, dropped, usedAnew)
	return err
}

// keepPicture has a picture kept for ever, whose row stands for it.
func keepPicture(ctx context.Context, q querier, picture int64) error {
	_, err := q.ExecContext(ctx, `INSERT INTO picture_files (picture_id, run_id, fate) VALUES (?1, 0, ?2)
		ON CONFLICT (picture_id) DO UPDATE SET fate = ?2`, picture, keptForEver)
	return err
}

// An OldPicture may be dropped if replaying its run makes it again.
type OldPicture struct {
	Hash string
	Run  int64
}

// OldPictures are those beyond the newest, of which there are to be so many, that were
// not used for longest: at most n of them.
func (s *pictureFolder) OldPictures(ctx context.Context, newest, n int) (all []OldPicture, err error) {
	err = s.read(ctx, "look for old pictures", func(ctx context.Context, q querier) (err error) {
		var have int
		if err := q.QueryRowContext(ctx, "SELECT count(*) FROM (SELECT 1 FROM picture_files WHERE fate = 0 LIMIT ?)", newest+n).Scan(&have); err != nil || have <= newest {
			return err
		}
		all, err = sqlquery.Collect(ctx, q, func(scan func(...any) error) (p OldPicture, err error) {
			err = scan(&p.Hash, &p.Run)
			return p, err
		}, "SELECT "+sqlquery.Columns(sqlquery.Text("p.hash"), sqlquery.Integer("f.run_id"))+` FROM picture_files f JOIN pictures p ON p.id = f.picture_id
			WHERE f.fate = 0 ORDER BY f.run_id LIMIT ?`, have-newest)
		return err
	})
	return all, err
}

// DropPictures removes the files of the pictures to drop, which replay has just made
// again bit for bit, and has those to keep never asked for by OldPictures again. The
// files go first: what is not written down then is done again.
func (s *pictureFolder) DropPictures(ctx context.Context, drop, keep []string) error {
	for _, hash := range drop {
		path := s.PicturePath(hash)
		if path == "" {
			continue
		}
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return wrap("drop a picture", path, err)
		}
	}
	return s.setFates(ctx, map[int][]string{dropped: drop, keptForEver: keep})
}

// setFates writes down what has become of pictures that may be dropped, or were.
func (s *pictureFolder) setFates(ctx context.Context, fates map[int][]string) error {
	return s.write(ctx, "write down what became of pictures", func(ctx context.Context, q querier) error {
		for fate, hashes := range fates {
			for _, hash := range hashes {
				if _, err := q.ExecContext(ctx, "UPDATE picture_files SET fate = ?1 WHERE fate NOT IN (?1, ?2) AND picture_id = (SELECT id FROM pictures WHERE hash = ?3)", fate, keptForEver, hash); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// PictureRun is a run that has a picture; ErrNotFound.
func (s *pictureFolder) PictureRun(ctx context.Context, hash string) (run int64, err error) {
	err = s.read(ctx, fmt.Sprintf("picture %.12s", hash), func(ctx context.Context, q querier) error {
		return q.QueryRowContext(ctx, "SELECT "+sqlquery.Integer("f.run_id")+" FROM pictures p JOIN picture_files f ON f.picture_id = p.id WHERE p.hash = ?", hash).Scan(&run)
	})
	return run, err
}
