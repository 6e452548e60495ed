package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// companions are the files that SQLite keeps beside a database in WAL mode. They
// belong to it: without its log a database may lack its latest transactions.
var companions = []string{"", "-wal", "-shm", "-journal"}

// unused is base+ext, or base-2+ext and so on: the first name at which neither a
// file nor a companion of one lies.
func unused(base, ext string) string {
	for n := 1; ; n++ {
		path := base + ext
		if n > 1 {
			path = fmt.Sprintf("%s-%d%s", base, n, ext)
		}
		taken := false
		for _, c := range companions {
			if _, err := os.Lstat(path + c); !errors.Is(err, fs.ErrNotExist) {
				taken = true
			}
		}
		if !taken {
			return path
		}
	}
}

// quarantine moves the damaged database and its companions aside, under a dated name.
// No connection may be open on it.
func (s *core) quarantine(damage error, done *Opened) error {
	to := s.dated("daemon-quarantined", ".db")
	if _, err := s.moveAside(to); err != nil {
		return err
	}
	done.Quarantined = to
	done.say("The database could not be used (%v). It was put aside as %s, untouched. A fresh one was started, into which the loop brings all rows that can still be read.", damage, to)
	return nil
}

// moveAside moves the database and its companions to another name, and says whether
// there was one.
func (s *core) moveAside(to string) (moved bool, err error) {
	for _, c := range companions {
		err := os.Rename(s.Path()+c, to+c)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return moved, wrap("put the database aside", s.Path()+c, err)
		}
		moved = moved || err == nil
	}
	return moved, nil
}
