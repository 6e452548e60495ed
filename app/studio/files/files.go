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
	"strings"
	"syscall"
	"unicode/utf8"

	"gvpie/runtime/atomicfile"
)

// MaxFile is the largest program text that is opened, in bytes. It is a hundred
// times what fills a program page.
const MaxFile = 4 << 20

// ReadProgram reads a program's text. Its errors are sentences for a person.
func ReadProgram(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", Error("open", path, err)
	}
	switch {
	case info.IsDir():
		return "", fmt.Errorf("%s is a folder: choose a .pxl file in it", path)
	case !info.Mode().IsRegular():
		return "", fmt.Errorf("%s is not a regular file", path)
	case info.Size() > MaxFile:
		return "", fmt.Errorf("%s is %.1f MB: a program text may have up to %d MB", path, float64(info.Size())/(1<<20), MaxFile>>20)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return "", Error("read", path, err)
	}
	text := strings.TrimPrefix(string(b), "\ufeff")
	if i := strings.IndexByte(text, 0); i >= 0 {
		return "", fmt.Errorf("%s is not text: there is a NUL byte at %d", path, i)
	}
	if !utf8.ValidString(text) {
		return "", fmt.Errorf("%s is not UTF-8 text: save it as UTF-8 first", path)
	}
	return strings.ReplaceAll(text, "\r\n", "\n"), nil
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

// WriteProgram writes a text whole or not at all: to a temporary file beside the
// target, which then takes its place. A link is followed, the mode is kept.
func WriteProgram(path, text string) error {
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
	if err := replace(target, strings.NewReader(text), mode); err != nil {
		return Error("save", path, err)
	}
	return nil
}

// Copy copies a file whole or not at all, replacing what is there.
func Copy(from, to string) error {
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer src.Close()
	return replace(to, src, 0o644)
}

func replace(target string, content io.Reader, mode fs.FileMode) error {
	return atomicfile.Write(target, mode, func(w io.Writer) error {
		_, err := io.Copy(w, content)
		return err
	})
}
