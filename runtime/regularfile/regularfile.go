// Package regularfile opens files by paths that a user or a row gave, where opening a
// named pipe would wait for ever, a device act, and a folder fail late. It knows
// nothing of what is in them.
package regularfile

import (
	"errors"
	"io"
	"io/fs"
	"os"
)

// ErrNot is wrapped by the error for what is no regular file, nor a link to one.
var ErrNot = errors.New("not a regular file")

// Open opens a regular file for reading, and nothing else.
func Open(path string) (*os.File, error) { return OpenFile(path, os.O_RDONLY, 0) }

// OpenFile is os.OpenFile for regular files. It never waits: what is put in the
// file's place while it is opened is found out.
func OpenFile(path string, flag int, mode fs.FileMode) (*os.File, error) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		return nil, refuse(path)
	}
	if err != nil && flag&os.O_CREATE == 0 {
		return nil, err
	}
	f, err := os.OpenFile(path, flag|noWait, mode)
	if err != nil {
		return nil, err
	}
	info, err = f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = refuse(path)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// OpenIn opens a regular file of a folder for reading, which no link leads out of.
func OpenIn(root *os.Root, name string) (*os.File, error) {
	f, err := root.OpenFile(name, os.O_RDONLY|noWait, 0)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = refuse(name)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func refuse(path string) error { return &fs.PathError{Op: "open", Path: path, Err: ErrNot} }

// Read reads a regular file of at most most bytes; of a larger one it gives most
// bytes and one more.
func Read(path string, most int64) ([]byte, error) {
	f, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, most+1))
}
