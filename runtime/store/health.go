package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"gvpie/runtime/store/chain"
)

// Check says whether the memory works: the file at the path is the one that is open,
// it can be read, and it can be written to. It costs one small commit, and is made for
// every cycle: each reads a little more of the file, so that damage shows that no call
// would meet for long. nil, or an error that matches ErrGone or ErrCorrupt (call Reopen),
// ErrFull or ErrLocked (they pass). Damage that any call met is reported until Reopen.
//
// A lock is waited for as long as ctx and Patience allow; give it a short ctx.
func (s *core) Check(ctx context.Context) error {
	if err := s.same(); err != nil {
		return err
	}
	if err := s.Room(); err != nil {
		return err
	}
	if s.damaged.Load() {
		return &Error{"check the database", s.Path(), ErrCorrupt, errors.New("a call met damage in it")}
	}
	err := s.read(ctx, "check the database", func(ctx context.Context, q querier) error {
		var n int
		if err := q.QueryRowContext(ctx, "SELECT count(*) FROM heartbeat").Scan(&n); err != nil {
			return err
		}
		if err := known(s.tally.recount(ctx, q, s.o.Now())); err != nil {
			return err
		}
		return known(s.patrol.step(ctx, q))
	})
	if err != nil {
		return err
	}
	err = s.write(ctx, "check the database", func(ctx context.Context, q querier) error {
		if _, err := q.ExecContext(ctx, "INSERT INTO heartbeat VALUES (1, ?1) ON CONFLICT (one) DO UPDATE SET at = ?1", s.now()); err != nil {
			return err
		}
		return known(s.tally.save(ctx, q))
	})
	if err == nil {
		s.keepSnapshots()
		s.keepSalvaging()
		err = known(s.anchor(ctx))
	}
	return err
}

// anchor writes the end of the map's chain to the log, once a day: whoever rewrites the
// last rows with all that follows from them has that against them, where the log is
// kept elsewhere as well.
func (s *core) anchor(ctx context.Context) error {
	s.anchoring.Lock()
	defer s.anchoring.Unlock()
	now := s.o.Now()
	if age := now.Sub(s.anchored); age >= 0 && age < 24*time.Hour {
		return nil
	}
	return s.read(ctx, "read the end of the map", func(ctx context.Context, q querier) error {
		end, err := chain.Head(ctx, q)
		if err != nil {
			return err
		}
		s.anchored = now
		if end.Seq > 0 {
			s.o.Logger.Info("the infinite map ends here; infinite_map_full shows the hash of each row", "row", end.ID, "number", end.Seq, "hash", hex.EncodeToString(end.Hash))
		}
		return nil
	})
}

// known is err where it is of a kind that says something about the whole database. What
// else is wrong with a table that somebody changed is no reason to save no runs.
func known(err error) error {
	if kind(err) == nil {
		return nil
	}
	return err
}

// same says ErrGone unless the file at the path is the one that is open.
func (s *core) same() error {
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

// Reopen starts again after ErrGone or ErrCorrupt, and does nothing when neither is
// the case. It waits for the calls that are under way.
//
// After ErrGone, what the open handle still holds, which is all that was ever written,
// is copied to a dated file; then the database at the path is opened, or a fresh one
// made, as Open does. After ErrCorrupt the whole file is checked, and put aside when it
// is damaged indeed. Pictures stay where they are.
//
// When the copy fails (a full disk), nothing is closed and the handle stays usable:
// Reopen may be called again.
func (s *core) Reopen(ctx context.Context) (done Opened, err error) {
	gone := s.same()
	if !errors.Is(gone, ErrGone) && (gone != nil || !s.damaged.Load()) {
		return done, gone
	}
	s.snapshots.task.halt(false) // its connection is on the file that goes
	s.salvaging.halt(false)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.h == nil {
		return done, &Error{"reopen the database", s.Path(), ErrClosed, nil}
	}
	old := s.h
	if gone == nil {
		err := s.wholeCheck(ctx)
		s.damaged.Store(kind(err) == ErrCorrupt)
		if kind(err) != ErrCorrupt {
			return done, wrap("check the whole database", s.Path(), err)
		}
		s.h = nil
		_ = old.close() // of a damaged file: what it could answer is known
		if err := s.quarantine(err, &done); err != nil {
			return done, err
		}
	} else {
		if err := s.salvage(ctx, old, &done); err != nil {
			return done, err
		}
		s.h = nil
		// SQLite does not touch files by the name of a database that was moved away.
		_ = old.close()
		if err := s.clearLog(done.Salvaged); err != nil {
			return done, err
		}
	}
	if s.h, err = s.connect(ctx, &done); err != nil {
		return done, err
	}
	s.damaged.Store(false)
	s.salvaged.Store(false)
	s.tally.forget()
	s.log(done)
	return done, nil
}

// wholeCheck reads the whole file, through a connection of its own: the others may have
// in their caches what is damaged on the disk.
func (s *core) wholeCheck(ctx context.Context) error {
	db, err := sql.Open("sqlite", s.dsn("rw", "query_only(1)"))
	if err != nil {
		return err
	}
	defer db.Close()
	return sound(ctx, db, "PRAGMA integrity_check(1)")
}

// salvage copies what an open handle holds, though its file has no name any more.
func (s *core) salvage(ctx context.Context, h *handles, done *Opened) error {
	to := s.dated("daemon-salvaged", ".db")
	err := os.MkdirAll(filepath.Dir(to), 0o700) // the folder may be gone as well
	if err == nil {
		_, err = h.w.ExecContext(ctx, "VACUUM INTO ?", to)
	}
	if err != nil {
		return errors.Join(wrap("save what the deleted database held", to, err), os.RemoveAll(to))
	}
	done.Salvaged = to
	done.say("The database %s was deleted or replaced while in use. All that it held was saved as %s.", s.Path(), to)
	return nil
}

// clearLog puts a log that lost its database out of the way of a new one, which
// must not take it for its own.
func (s *core) clearLog(salvaged string) error {
	if _, err := os.Lstat(s.Path()); !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, c := range companions[1:] {
		if err := os.Rename(s.Path()+c, salvaged+".left"+c); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return wrap("put the old log aside", s.Path()+c, err)
		}
	}
	return nil
}
