package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"path/filepath"
	"syscall"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// What can be wrong with a database, to be matched with errors.Is.
var (
	// ErrLocked: another program holds the database and did not let go of it in time.
	// Nothing was written; the same call may be made again.
	ErrLocked = errors.New("the database is locked by another program: close it there, or end its transaction")
	// ErrFull: the disk has no room. Nothing was written; the same call works again
	// when there is room.
	ErrFull = errors.New("the disk is full: make room, nothing else needs to be done")
	// ErrCorrupt: what lies in the file is not a sound database.
	ErrCorrupt = errors.New("the database is damaged")
	// ErrGone: the file was deleted, moved or replaced while it was open. Reopen
	// saves what the open handle still holds and starts again at the path.
	ErrGone = errors.New("the database file was deleted or replaced while in use")
	// ErrNewer: the database was made by a newer version of this program. It is not touched.
	ErrNewer = errors.New("the database was made by a newer version of gvpie: use that version, or another data folder")
	// ErrNotFound: there is no such row or picture.
	ErrNotFound = errors.New("not found")
	// ErrNotRunning: the run has finished already, or was marked interrupted.
	ErrNotRunning = errors.New("the run is not in hand")
	// ErrLoopLocked: another process runs its loop on this data folder.
	ErrLoopLocked = errors.New("another gvpie is running its loop on this data folder: close it, or use another folder")
	// ErrClosed: the store was closed.
	ErrClosed = errors.New("the store is closed")
)

// Error says what was being done, to which file, when it failed.
type Error struct {
	Op    string // "finish run 12"
	Path  string // the database, or the picture
	Kind  error  // one of the sentinels, or nil
	Cause error  // what the system or SQLite said; may be nil
}

func (e *Error) Error() string {
	switch {
	case e.Kind == nil:
		return fmt.Sprintf("%s: %v (%s)", e.Op, e.Cause, e.Path)
	case e.Cause == nil || e.Kind == ErrNotFound:
		return fmt.Sprintf("%s: %v", e.Op, e.Kind)
	}
	return fmt.Sprintf("%s: %v (%s: %v)", e.Op, e.Kind, e.Path, e.Cause)
}

// Unwrap gives both, so that errors.Is finds the kind and errors.As the cause.
func (e *Error) Unwrap() []error {
	var all []error
	for _, err := range []error{e.Kind, e.Cause} {
		if err != nil {
			all = append(all, err)
		}
	}
	return all
}

// wrap makes an Error of whatever SQLite or the system answered. What is an Error
// already keeps its own words.
func wrap(op, path string, err error) error {
	if err == nil {
		return nil
	}
	if e := (*Error)(nil); errors.As(err, &e) {
		return err
	}
	k := kind(err)
	if k == nil && code(err)&0xFF == lib.SQLITE_IOERR && room(filepath.Dir(path)) != nil {
		k = ErrFull // SQLite calls a file beside the database that cannot grow an error of input and output
	}
	return &Error{op, path, k, err}
}

// code is what SQLite answered; 0 where it was not SQLite.
func code(err error) int {
	if e := (*sqlite.Error)(nil); errors.As(err, &e) {
		return e.Code()
	}
	return 0
}

// Whole says whether an error is of the whole database, or of waiting for it: the same
// call may be made again. Any other is of what was to be read or written, such as a
// row that a hand made odd, or another program's trigger: the next row may be good.
func Whole(err error) bool {
	if err == nil {
		return false
	}
	for _, known := range []error{ErrLocked, ErrFull, ErrCorrupt, ErrGone, ErrNewer, ErrLoopLocked, ErrClosed, context.Canceled, context.DeadlineExceeded, driver.ErrBadConn} {
		if errors.Is(err, known) {
			return true
		}
	}
	switch code(err) & 0xFF {
	case 0, lib.SQLITE_ERROR, lib.SQLITE_CONSTRAINT, lib.SQLITE_MISMATCH, lib.SQLITE_TOOBIG, lib.SQLITE_RANGE:
		return false
	}
	return true
}

// kind maps SQLite's result codes (https://sqlite.org/rescode.html) to ours.
func kind(err error) error {
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return ErrNotFound
	case errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT):
		return ErrFull
	}
	for _, known := range []error{ErrLocked, ErrFull, ErrCorrupt, ErrGone, ErrNewer, ErrNotFound, ErrNotRunning, ErrLoopLocked, ErrClosed} {
		if errors.Is(err, known) {
			return known
		}
	}
	if code(err) == lib.SQLITE_READONLY_DBMOVED {
		return ErrGone
	}
	switch code(err) & 0xFF {
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
		return ErrLocked
	case lib.SQLITE_FULL:
		return ErrFull
	case lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB:
		return ErrCorrupt
	}
	return nil
}
