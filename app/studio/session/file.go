package session

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"gvpie/app/studio/files"
	"gvpie/app/studio/mailbox"
	"gvpie/runtime/atomicfile"
	"gvpie/runtime/filelock"
	"gvpie/runtime/regularfile"
)

// A DamagedError says that a session could not be read, and where it was put.
type DamagedError struct {
	Aside string // where the file is now; "" where it could not be moved
	Err   error
}

func (e *DamagedError) Error() string {
	if e.Aside == "" {
		return fmt.Sprintf("the last session could not be read, so the window begins anew: %v", e.Err)
	}
	return fmt.Sprintf("the last session could not be read, so the window begins anew; the file is kept as %s: %v", e.Aside, e.Err)
}

func (e *DamagedError) Unwrap() error { return e.Err }

// versionError is the error of a file of another format.
type versionError struct{ version int }

func (e *versionError) Error() string {
	return fmt.Sprintf("it is of format %d, this program knows %d", e.version, version)
}

// mostBytes is far more than any session takes.
const mostBytes = 1 << 20

// Delay is how long changes may go on before they are written.
const Delay = 2 * time.Second

// Store writes the session of the window that has it. A nil Store writes nothing.
type Store struct {
	path   string
	lock   *os.File // held while the window has the session
	report func(error)
	next   mailbox.Latest[State]
	done   chan struct{}
}

// Open reads the session at path. The window has it from then on, which first says,
// unless another has it or the lock cannot be had: then the store is nil, and the state
// has no tabs. The state is to be used whatever the error says. Where there is no file
// yet, found is false. report gets the first error of each row of failed writes, and nil
// when they work again.
func Open(path string, report func(error)) (s *Store, state State, found bool, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, State{}, false, files.Error("make", filepath.Dir(path), err)
	}
	lock, err := filelock.Open(path+".lock", 0o600)
	if err != nil {
		state, _ := Look(path)
		if errors.Is(err, filelock.ErrHeld) {
			err = nil
		}
		return nil, state, false, err
	}
	s = &Store{path: path, lock: lock, report: report, next: mailbox.New[State](), done: make(chan struct{})}
	go s.loop()
	state, err = read(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return s, state, false, nil
	case err != nil:
		damaged := &DamagedError{Err: err, Aside: path + ".damaged"}
		if e := os.Rename(path, damaged.Aside); e != nil {
			damaged.Aside = ""
		}
		return s, state, false, damaged
	}
	return s, state, true, nil
}

// Look reads how the window of the session at path was arranged, without its tabs.
func Look(path string) (State, error) {
	state, err := read(path)
	state.Tabs, state.Front = nil, 0
	return state, err
}

func read(path string) (State, error) {
	b, err := regularfile.Read(path, mostBytes)
	if err == nil && len(b) > mostBytes {
		err = fmt.Errorf("it has more than %d bytes", mostBytes)
	}
	if err != nil {
		return State{}, err
	}
	return parse(b)
}

// Put has a state written, in the place of what was there before; it never waits for the
// disk. The window's goroutine calls it.
func (s *Store) Put(state State) {
	if s != nil {
		s.next.Put(state)
	}
}

// Close writes what is left to write, and lets the next window have the session.
func (s *Store) Close() {
	if s == nil {
		return
	}
	close(s.next.C)
	<-s.done
	s.lock.Close()
}

func (s *Store) loop() {
	defer close(s.done)
	failing := false
	for state := range s.next.C {
		err := s.write(state)
		if (err != nil) != failing {
			failing = err != nil
			s.report(err)
		}
	}
}

func (s *Store) write(state State) error {
	b, err := render(state)
	if err == nil {
		err = atomicfile.Write(s.path, 0o600, func(w io.Writer) error {
			_, err := io.Copy(w, bytes.NewReader(b))
			return err
		})
	}
	if err != nil {
		return files.Error("write", s.path, err)
	}
	return nil
}
