package store

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"strings"

	"gvpie/runtime/store/disk"
)

// roomLeast is how many bytes must be free for a run to be saved: what it adds to the
// write-ahead log, and two pictures.
const roomLeast = 128 << 10

// Room is nil while the disk has room for a run, else an error that matches ErrFull.
// Where the system does not say, writing will.
func (s *core) Room() error {
	if err := room(s.dir); err != nil {
		return &Error{"look for room on the disk", s.dir, ErrFull, err}
	}
	return nil
}

// room says how little is left in a folder's disk, where that is too little.
func room(dir string) error {
	free, err := disk.FreeSpace(dir)
	if err != nil || free >= roomLeast {
		return nil
	}
	return fmt.Errorf("%d KB are left", free>>10)
}

// heldLog is how many bytes of log are no reason to look who keeps it from being folded
// into the database; without such a reader it is a fourth of that.
const heldLog = 4 << 20

// LogHeld says, in a sentence, that somebody who has read for long keeps the write-ahead
// log from being folded into the database, so that it grows, and who that is where the
// system tells. "" when nobody does.
func (s *Store) LogHeld(ctx context.Context) (sentence string, err error) {
	const op = "look who holds the log"
	info, err := os.Stat(s.Path() + "-wal")
	if err != nil || info.Size() < heldLog {
		return "", nil // nothing grows
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.h == nil {
		return "", &Error{op, s.Path(), ErrClosed, nil}
	}
	var busy, frames, folded sql.NullInt64
	if err := s.h.w.QueryRowContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)").Scan(&busy, &frames, &folded); err != nil {
		return "", s.noted(wrap(op, s.Path(), err))
	}
	if folded.Int64 >= frames.Int64 {
		return "", nil
	}
	who := "a program"
	var names []string
	for _, p := range disk.LogReaders(s.Path() + "-shm") {
		name := fmt.Sprintf("process %d (%s)", p.PID, p.Name)
		if p.PID == os.Getpid() {
			name = "this program itself"
		}
		names = append(names, name)
	}
	if len(names) > 0 {
		who = strings.Join(names, " or ")
	}
	return fmt.Sprintf("%s has been reading the database for long, as in a transaction that was left open: its log, of %d MB, grows until that ends", who, info.Size()>>20), nil
}
