package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"gvpie/runtime/pxl"
)

// maxSource is the largest source file that is read, in bytes.
const maxSource = 4 << 20

// stdinName is what standard input is called in diagnostics.
const stdinName = "<stdin>"

// A fileError is a file that cannot be read or written, in a person's words.
type fileError struct {
	path string
	why  string
	err  error // may be nil
}

func (e *fileError) Error() string { return e.path + ": " + e.why }
func (e *fileError) Unwrap() error { return e.err }

// source reads a program's text; path "-" is standard input. name is what
// diagnostics call it.
func (c *invocation) source(path string) (name, text string, err error) {
	if path == "-" {
		text, err = read(stdinName, c.Stdin)
		return stdinName, text, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return path, "", &fileError{path, reason(err), err}
	}
	if info.IsDir() {
		return path, "", &fileError{path, "this is a folder, not a program", nil}
	}
	f, err := os.Open(path)
	if err != nil {
		return path, "", &fileError{path, reason(err), err}
	}
	defer f.Close()
	text, err = read(path, f)
	return path, text, err
}

func read(name string, r io.Reader) (string, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxSource+1))
	if err != nil {
		return "", &fileError{name, reason(err), err}
	}
	if len(b) > maxSource {
		return "", &fileError{name, fmt.Sprintf("it is larger than %d MB, which no program is", maxSource>>20), nil}
	}
	return string(b), nil
}

// reason says what is wrong with a file, without its name.
func reason(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "there is no such file"
	case errors.Is(err, fs.ErrPermission):
		return "you may not read or write it"
	case full(err):
		return "the disk is full"
	}
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	var l *os.LinkError
	if errors.As(err, &l) {
		return l.Err.Error()
	}
	return err.Error()
}

// onFile tells of the system's error about a file in words; another says itself what it is
// about.
func onFile(path string, err error) error {
	if errors.As(err, new(*fs.PathError)) {
		return &fileError{path, reason(err), err}
	}
	return err
}

// assemble reads and assembles a file, and tells of every diagnostic. The
// Assembly is nil when the file cannot be read.
func (c *invocation) assemble(path string) (*pxl.Assembly, error) {
	name, text, err := c.source(path)
	if err != nil {
		return nil, err
	}
	a := assembleBeside(path, name, text)
	c.tell(a)
	return a, nil
}

// assembleBeside assembles the text of a file, with those beside it; nothing is beside
// standard input.
func assembleBeside(path, name, text string) *pxl.Assembly {
	if path == "-" {
		path = ""
	}
	return pxl.AssembleFile(name, path, text)
}

// tell tells of every error, and of the warnings that the program will end with an
// error; those of what is hardly meant are for check.
func (c *invocation) tell(a *pxl.Assembly) {
	for _, d := range a.Diagnostics {
		if d.Severity == pxl.Error || d.Faults() {
			fmt.Fprintln(c.Stderr, d)
		}
	}
}

// oneFile gives the file that a command works on.
func (c *invocation) oneFile() (string, error) {
	switch len(c.args) {
	case 0:
		return "", usagef("which FILE? (- is standard input)")
	case 1:
		return c.args[0], nil
	}
	return "", usagef("one FILE at a time, not %q as well", c.args[1])
}

// someFiles gives the files that a command works on.
func (c *invocation) someFiles() ([]string, error) {
	if len(c.args) == 0 {
		return nil, usagef("which FILE? (- is standard input)")
	}
	return c.args, nil
}
