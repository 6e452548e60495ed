package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"gvpie/runtime/regularfile"
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
	if _, err := s.file().moveAside(to); err != nil {
		return err
	}
	done.Quarantined = to
	done.say("The database could not be used (%v). It was put aside as %s, untouched. A fresh one was started, into which the loop brings all rows that can still be read.", damage, to)
	return nil
}

// A databaseFile is the path of one that may be moved out of the way, with what lies
// beside it.
type databaseFile string

// moveAside moves the database and its companions to another name, and says whether
// there was one. Until moved is called, when another has come in its place, a start
// finds out where it went and goes on from there.
func (f databaseFile) moveAside(to string) (moved bool, err error) {
	if err := writeWhole(f.moving(), []byte(filepath.Base(to))); err != nil {
		return false, wrap("put the database aside", f.moving(), err)
	}
	if moved, err = f.moveTo(to); err != nil {
		return moved, wrap("put the database aside", string(f), err)
	}
	return moved, nil
}

// moveTo renames the database and its companions, as far as they are there.
func (f databaseFile) moveTo(to string) (moved bool, err error) {
	for _, c := range companions {
		err := os.Rename(string(f)+c, to+c)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return moved, err
		}
		moved = moved || err == nil
	}
	return moved, nil
}

// moving is the file that names where the database is being moved.
func (f databaseFile) moving() string { return string(f) + ".moving" }

// restoring is what a snapshot is called that is about to take the database's place.
func (f databaseFile) restoring() string { return string(f) + ".restoring" }

// moved says that another database has come in the place of one that was moved. Where it
// cannot be said, the next start sees it.
func (f databaseFile) moved() { _ = os.Remove(f.moving()) }

// replaced is how the names begin of databases that a snapshot took the place of.
const replaced = "daemon-replaced"

// finishMove goes on where an earlier process was ended between putting a database aside
// and putting another in its place: what belongs to the old one follows it, and a
// snapshot that was being restored is. aside is where the old one went; "" when there
// was no such process.
func (f databaseFile) finishMove() (aside string, err error) {
	name, err := regularfile.Read(f.moving(), 4096)
	if base := filepath.Base(string(name)); err != nil || base != string(name) || !strings.HasPrefix(base, "daemon-") {
		return "", nil // there is none, or it is nothing of ours
	}
	aside = filepath.Join(filepath.Dir(string(f)), string(name))
	_, gone := os.Lstat(aside)
	_, here := os.Lstat(string(f))
	switch {
	case gone != nil: // it had not begun
		return "", nil
	case here == nil: // another is there: the files beside it are its own
		return aside, nil
	}
	if _, err := f.moveTo(aside); err != nil {
		return "", err
	}
	if strings.HasPrefix(filepath.Base(aside), replaced) {
		if err := os.Rename(f.restoring(), string(f)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	return aside, nil
}
