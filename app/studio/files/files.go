// Package files reads and writes the files that a person names: programs whole
// and as text, others as they are. What it writes is there whole or not at all,
// and its errors are sentences for a person. It knows no documents. Start at
// [ReadProgram] and [WriteProgram].
package files

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"gvpie/runtime/atomicfile"
	"gvpie/runtime/textfile"
)

// MaxFile is the largest program text that is opened, in bytes. It is a hundred
// times what fills a program page.
const MaxFile = 4 << 20

// Program is a program's text and how its file writes it.
type Program struct {
	Text string
	Form textfile.Form
}

// ReadProgram reads a program's text. Its errors are sentences for a person.
func ReadProgram(path string) (Program, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Program{}, Error("open", path, err)
	}
	switch {
	case info.IsDir():
		return Program{}, fmt.Errorf("%s is a folder: choose a .pxl file in it", path)
	case !info.Mode().IsRegular():
		return Program{}, fmt.Errorf("%s is not a regular file", path)
	case info.Size() > MaxFile:
		return Program{}, fmt.Errorf("%s is %.1f MB: a program text may have up to %d MB", path, float64(info.Size())/(1<<20), MaxFile>>20)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return Program{}, Error("read", path, err)
	}
	text, form, err := textfile.Decode(b)
	if err != nil {
		return Program{}, fmt.Errorf("%s %w", path, err)
	}
	return Program{text, form}, nil
}

// Error says what could not be done to a file, and why, without the noise that
// os adds. The verb is what was to be done: "save", "copy to".
func Error(verb, path string, err error) error {
	why := err
	var pe *fs.PathError
	var le *os.LinkError
	if errors.As(err, &pe) {
		why = pe.Err
	} else if errors.As(err, &le) {
		why = le.Err
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("cannot %s %s: there is no such file or folder (%w)", verb, path, why)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("cannot %s %s: permission denied (%w)", verb, path, why)
	case errors.Is(err, syscall.ENOSPC):
		return fmt.Errorf("cannot %s %s: the disk is full; the text is still here, save it somewhere else (%w)", verb, path, why)
	}
	return fmt.Errorf("cannot %s %s: %w", verb, path, why)
}

// ChangedError says that a file does not hold any more what was read from it: another
// program wrote there since.
type ChangedError struct {
	Path   string
	Theirs Program // what it holds now
}

func (e *ChangedError) Error() string {
	return e.Path + " was changed by another program since it was read here; it was not overwritten"
}

// UpdateProgram is WriteProgram for a file of which known is all that is to be lost: what
// was last read or written there. The error is a *ChangedError when the file holds
// something else; a file that is gone is made again.
func UpdateProgram(path string, p Program, known string) error {
	theirs, err := ReadProgram(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return fmt.Errorf("another program may have written there: %w. Save the text under another name", err)
	case theirs.Text != known && theirs.Text != p.Text:
		return &ChangedError{path, theirs}
	}
	return WriteProgram(path, p)
}

// WriteProgram writes a program whole or not at all: to a temporary file beside the
// target, which then takes its place. A link is followed, the mode is kept. It refuses
// what ReadProgram would.
func WriteProgram(path string, p Program) error {
	content := p.Form.Encode(p.Text)
	if len(content) > MaxFile {
		return fmt.Errorf("cannot save %s: it is %.1f MB, and a program text may have up to %d MB", path, float64(len(content))/(1<<20), MaxFile>>20)
	}
	if _, _, err := textfile.Decode(content); err != nil {
		return fmt.Errorf("cannot save %s: its text %w", path, err)
	}
	return write(path, content)
}

// write is WriteProgram for any content.
func write(path string, content []byte) error {
	target := path
	if real, err := filepath.EvalSymlinks(path); err == nil {
		target = real
	}
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(target); err == nil {
		if info.IsDir() {
			return fmt.Errorf("cannot save %s: there is a folder of that name", path)
		}
		mode = info.Mode().Perm()
		f, err := os.OpenFile(target, os.O_WRONLY, 0)
		if err != nil {
			return Error("save", path, err)
		}
		f.Close()
	}
	if err := atomicfile.Write(target, mode, func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	}); err != nil {
		return Error("save", path, err)
	}
	return nil
}
