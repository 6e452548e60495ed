package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Check says whether the memory works: the file at the path is the one that is open,
// it can be read, and it can be written to. It costs one small commit, and is made for
// every cycle. nil, or an error that matches ErrGone (Reopen mends it), ErrFull,
// ErrLocked or ErrCorrupt (both mend by themselves or by Open).
//
// A lock is not waited for longer than ctx allows; give it a short one.
func (s *Store) Check(ctx context.Context) error {
	if err := s.same(); err != nil {
		return err
	}
	err := s.read(ctx, "check the database", func(ctx context.Context, q querier) error {
		var one int
		return q.QueryRowContext(ctx, "SELECT one FROM heartbeat").Scan(&one)
	})
	if err != nil {
		return err
	}
	return s.write(ctx, "check the database", func(ctx context.Context, q querier) error {
		_, err := q.ExecContext(ctx, "UPDATE heartbeat SET at = ?", s.now())
		return err
	})
}

// same says ErrGone unless the file at the path is the one that is open.
func (s *Store) same() error {
	const op = "check the database"
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.h == nil {
		return &Error{op, s.Path(), ErrClosed, nil}
	}
	info, err := os.Stat(s.Path())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &Error{op, s.Path(), ErrGone, err}
	case err != nil:
		return wrap(op, s.Path(), err)
	case !os.SameFile(info, s.h.file):
		return &Error{op, s.Path(), ErrGone, errors.New("another file lies there now")}
	}
	return nil
}

// Reopen starts again after ErrGone. What the open handle still holds, which is all
// that was ever written, is copied to a dated file; then the database at the path is
// opened, or a fresh one made, as Open does. Pictures stay where they are. It waits
// for the calls that are under way, and does nothing while the file is the right one.
//
// When the copy fails (a full disk), nothing is closed and the handle stays usable:
// Reopen may be called again.
func (s *Store) Reopen(ctx context.Context) (done Opened, err error) {
	if err := s.same(); !errors.Is(err, ErrGone) {
		return done, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.h == nil {
		return done, &Error{"reopen the database", s.Path(), ErrClosed, nil}
	}
	salvage := s.dated("daemon-salvaged", ".db")
	if _, err := s.h.w.ExecContext(ctx, "VACUUM INTO ?", salvage); err != nil {
		return done, errors.Join(wrap("save what the deleted database held", salvage, err), os.RemoveAll(salvage))
	}
	done.Salvaged = salvage
	done.say("The database %s was deleted or replaced while in use. All that it held was saved as %s.", s.Path(), salvage)

	old := s.h
	s.h = nil
	// SQLite does not touch files by the name of a database that was moved away; its
	// answer adds nothing to what is known.
	_ = old.close()
	if _, err := os.Lstat(s.Path()); errors.Is(err, fs.ErrNotExist) {
		// A log without its database must not be taken for the new one's.
		for _, c := range companions[1:] {
			if err := os.Rename(s.Path()+c, salvage+".left"+c); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return done, wrap("put the old log aside", s.Path()+c, err)
			}
		}
	}
	h, err := s.connect(ctx, &done)
	if err != nil {
		return done, fmt.Errorf("start again: %w", err)
	}
	s.h = h
	s.log(done)
	return done, nil
}
