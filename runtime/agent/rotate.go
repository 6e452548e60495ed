package agent

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// LogFile is a log that is kept small: when it has grown to its limit it is
// renamed to NAME.1, what was NAME.1 to NAME.2 and so on, and the oldest goes.
// It may be written to from any goroutine; a line is never split.
type LogFile struct {
	path  string
	limit int64
	keep  int

	mu   sync.Mutex
	f    *os.File
	size int64
}

// OpenLog opens a log for appending, and makes its folder. limit is in bytes,
// keep how many old logs stay beside it.
func OpenLog(path string, limit int64, keep int) (*LogFile, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("opening the log: %w", err)
	}
	l := &LogFile{path: path, limit: limit, keep: keep}
	if err := l.open(); err != nil {
		return nil, fmt.Errorf("opening the log: %w", err)
	}
	return l, nil
}

func (l *LogFile) open() error {
	f, err := os.OpenFile(l.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return err
	}
	l.f, l.size = f, info.Size()
	return nil
}

// Write appends one line, in a new file if it does not fit in this one. A log
// that cannot be renamed goes on growing: it is better long than lost.
func (l *LogFile) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.size > 0 && l.size+int64(len(line)) > l.limit {
		if err := l.rotate(); err != nil && l.f == nil {
			return 0, err
		}
	}
	if l.f == nil {
		if err := l.open(); err != nil {
			return 0, err
		}
	}
	n, err := l.f.Write(line)
	l.size += int64(n)
	return n, err
}

func (l *LogFile) rotate() error {
	l.f.Close() // renaming an open file fails on Windows
	l.f = nil
	var errs []error
	for n := l.keep; n > 0; n-- {
		from := fmt.Sprintf("%s.%d", l.path, n-1)
		if n == 1 {
			from = l.path
		}
		if err := os.Rename(from, fmt.Sprintf("%s.%d", l.path, n)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	if l.keep < 1 {
		errs = append(errs, os.Remove(l.path))
	}
	return errors.Join(append(errs, l.open())...)
}

// Close closes the file.
func (l *LogFile) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.f == nil {
		return nil
	}
	err := l.f.Close()
	l.f = nil
	return err
}
