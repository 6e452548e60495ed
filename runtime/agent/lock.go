package agent

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"gvpie/runtime/filelock"
)

// lockName is the file in the data folder that a running loop holds locked. The
// system lets go of it when the process ends, however it ends; the file stays.
const lockName = "daemon.lock"

// Holder is who runs the loop of a data folder.
type Holder struct {
	PID   int       `json:"pid"`
	What  string    `json:"what"` // "gvpie daemon", "the window"
	Since time.Time `json:"since"`
	API   string    `json:"api,omitempty"` // the address where it answers the API; "": nowhere, or not yet
}

// Nobody says that the loop is run by no other process.
func (h Holder) Nobody() bool { return h == Holder{} }

// unknown is a holder that has not said who it is.
var unknown = Holder{What: "another process"}

// Name says who it is, without since when.
func (h Holder) Name() string {
	if h.PID == 0 {
		return h.What
	}
	return fmt.Sprintf("%s (process %d)", h.What, h.PID)
}

func (h Holder) String() string {
	if h.PID == 0 {
		return h.What
	}
	return fmt.Sprintf("%s (process %d, since %s)", h.What, h.PID, h.Since.Local().Format("2006-01-02 15:04:05"))
}

// HeldError is returned by Lock when the loop of the data folder runs already.
type HeldError struct {
	Dir    string
	Holder Holder
}

func (e *HeldError) Error() string {
	return fmt.Sprintf("the loop of %s is run by %s: stop that one first, or give another folder with --data", e.Dir, e.Holder)
}

// Lock is the right to run the loop of a data folder.
type Lock struct {
	f      *os.File
	holder Holder
}

// TakeLock takes the right to run the loop of a data folder, which it makes if
// need be. The error is a *HeldError when another process has it.
func TakeLock(dir, what string, now time.Time) (*Lock, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("making the data folder: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, fmt.Errorf("locking the data folder: %w", err)
	}
	if err := filelock.Try(f); err != nil {
		defer f.Close()
		if errors.Is(err, filelock.ErrHeld) {
			return nil, &HeldError{dir, readHolder(f)}
		}
		return nil, fmt.Errorf("locking the data folder: %w", err)
	}
	l := &Lock{f, Holder{PID: os.Getpid(), What: what, Since: now.UTC().Truncate(time.Second)}}
	if err := l.write(); err != nil {
		f.Close()
		return nil, fmt.Errorf("locking the data folder: %w", err)
	}
	return l, nil
}

// Answers tells others where this process answers the API; "" is nowhere.
func (l *Lock) Answers(addr string) error {
	l.holder.API = addr
	if err := l.write(); err != nil {
		return fmt.Errorf("telling others where the API is: %w", err)
	}
	return nil
}

// write says who has the lock, on the first line of the file.
func (l *Lock) write() error {
	text, err := json.Marshal(l.holder)
	if err != nil {
		return err
	}
	n, err := l.f.WriteAt(append(text, '\n'), 0)
	if err != nil {
		return err
	}
	return l.f.Truncate(int64(n))
}

// Release gives the right back.
func (l *Lock) Release() error {
	l.f.Truncate(0) // who asks in this moment is told of another process
	return l.f.Close()
}

// WhoRuns says who runs the loop of a data folder; ok is false when nobody does.
func WhoRuns(dir string) (h Holder, ok bool) {
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR, 0)
	if err != nil {
		return h, false
	}
	defer f.Close()
	if !errors.Is(filelock.Try(f), filelock.ErrHeld) {
		return h, false
	}
	return readHolder(f), true
}

func readHolder(f *os.File) (h Holder) {
	text, err := io.ReadAll(io.NewSectionReader(f, 0, 4096))
	text, _, _ = bytes.Cut(text, []byte("\n")) // what follows is the rest of a longer one
	if err != nil || json.Unmarshal(text, &h) != nil || h.PID == 0 {
		return unknown
	}
	return h
}
