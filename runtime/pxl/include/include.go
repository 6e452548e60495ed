// Package include gives programs the files that they include: those beside a program
// on the disk, or those that came with one.
//
// A program never sees more than its own folder: a path or a link that leads out of
// it is an error, whoever put it there. Start reading at [Dir].
package include

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"gvpie/runtime/pxl/syntax"
	"gvpie/runtime/regularfile"
)

// Dir is the folder of a program on the disk. It holds nothing open and remembers
// nothing: every Open reads the file as it is then.
type Dir struct{ path, main string }

// Of gives the folder of a program, by the path of its file.
func Of(file string) Dir { return Dir{filepath.Dir(file), filepath.Base(file)} }

// Main is the name of the program's file, links in the folder followed.
func (d Dir) Main() string {
	if resolved, err := d.resolve(d.main); err == nil {
		return resolved
	}
	return d.main // it is not saved yet, or leads elsewhere
}

// Open reads a file: see [syntax.Folder]. What is no regular file is an error.
func (d Dir) Open(name string) (resolved, text string, err error) {
	if resolved, err = d.resolve(name); err != nil {
		return "", "", reason(err)
	}
	root, err := os.OpenRoot(d.path)
	if err != nil {
		return "", "", reason(err)
	}
	defer root.Close()
	f, err := regularfile.OpenIn(root, filepath.FromSlash(resolved))
	if err != nil {
		return "", "", reason(err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, syntax.MaxSource+1))
	if err != nil {
		return "", "", reason(err)
	}
	if len(b) > syntax.MaxSource {
		return "", "", fmt.Errorf("it has more than %d bytes", syntax.MaxSource)
	}
	return resolved, string(b), nil
}

// Path gives where a file of the folder lies on the disk, by its path in it.
func (d Dir) Path(name string) string { return filepath.Join(d.path, filepath.FromSlash(name)) }

// resolve follows the links of a path, and gives it from the folder.
func (d Dir) resolve(name string) (string, error) {
	root, err := filepath.EvalSymlinks(d.path)
	if err != nil {
		return "", err
	}
	file, err := filepath.EvalSymlinks(filepath.Join(root, filepath.FromSlash(name)))
	if err != nil {
		return "", err
	}
	rel, err := filepath.Rel(root, file)
	if err != nil || !filepath.IsLocal(rel) {
		return "", syntax.ErrOutside
	}
	return filepath.ToSlash(rel), nil
}

// reason is an error without the paths of the disk, which the program's text knows
// nothing of.
func reason(err error) error {
	var p *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fs.ErrNotExist
	case errors.Is(err, regularfile.ErrNot):
		return errors.New("it is no file")
	case errors.Is(err, fs.ErrPermission):
		return errors.New("you may not read it")
	case errors.As(err, &p):
		return p.Err
	}
	return err
}

// Files are the files of a program that came with it, by their paths.
type Files struct {
	Texts map[string]string
	Links map[string]string // paths that are other names of files
}

// Main is "": the program itself is none of the files.
func (f Files) Main() string { return "" }

// Open gives a file: see [syntax.Folder].
func (f Files) Open(name string) (resolved, text string, err error) {
	name = path.Clean(name)
	if to, ok := f.Links[name]; ok {
		name = to
	}
	text, ok := f.Texts[name]
	if !ok {
		return "", "", fs.ErrNotExist
	}
	return name, text, nil
}
