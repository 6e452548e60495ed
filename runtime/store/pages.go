package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"

	"gvpie/runtime/store/disk"
)

// pageSize is that of a database's pages, in bytes, the least there is. A run changes
// some twenty pages of a hundred bytes each, and the log takes each page whole: with
// SQLite's 4096 bytes a run writes 75 KB, with these a seventh of that.
// (https://sqlite.org/fileformat.html#the_write_ahead_log)
const pageSize = 512

// repagedMost is the size in bytes up to which a database of before, with larger pages,
// is written anew. A larger one keeps its pages: that would take minutes.
const repagedMost = 200 << 20

// repage writes a database anew whose pages are of another size, right after it was
// brought up to date, for which there is a copy. Where another program has it open, or
// there is no room, it stays as it is, which is no fault.
func repage(ctx context.Context, s *core, db *sql.DB, done *Opened) (err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	var has int64
	if err := conn.QueryRowContext(ctx, "PRAGMA page_size").Scan(&has); err != nil {
		return err
	}
	info, err := os.Stat(s.Path())
	if err != nil {
		return err
	}
	free, errFree := disk.FreeSpace(s.dir)
	if has == pageSize || info.Size() > repagedMost || errFree == nil && free < 3*info.Size() {
		return nil
	}
	// The size can only be changed without a log, and that by one who has the file alone.
	var mode string
	whole := context.WithoutCancel(ctx)
	defer func() {
		back := conn.QueryRowContext(whole, "PRAGMA journal_mode = WAL").Scan(&mode)
		_, patience := conn.ExecContext(whole, fmt.Sprint("PRAGMA busy_timeout = ", s.o.Patience.Milliseconds()))
		err = errors.Join(err, back, patience)
	}()
	if _, err := conn.ExecContext(whole, "PRAGMA busy_timeout = 0"); err != nil {
		return err
	}
	if err := conn.QueryRowContext(whole, "PRAGMA journal_mode = DELETE").Scan(&mode); kind(err) == ErrLocked || err == nil && mode != "delete" {
		return nil
	} else if err != nil {
		return err
	}
	switch _, err := conn.ExecContext(whole, fmt.Sprintf("PRAGMA page_size = %d; VACUUM", pageSize)); kind(err) {
	case ErrLocked, ErrFull:
		return nil
	default:
		if err != nil {
			return err
		}
	}
	done.say("Its pages are of %d bytes now, not %d: a run writes that much less to the disk.", pageSize, has)
	return nil
}
