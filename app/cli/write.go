package cli

import (
	"errors"
	"image"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"syscall"

	"gvpie/runtime/atomicfile"
)

func full(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

// writeFile replaces a file as a whole: whoever reads it sees the old contents
// or the new ones, and a disk that fills up on the way leaves the old. What is
// no regular file (a device, a pipe) is written to as it is.
func writeFile(path string, mode os.FileMode, fill func(io.Writer) error) error {
	to := path
	if real, err := filepath.EvalSymlinks(path); err == nil {
		to = real // replace what a link leads to, not the link
	}
	if info, err := os.Stat(to); err == nil {
		if info.IsDir() {
			return &fileError{path, "this is a folder", nil}
		}
		if !info.Mode().IsRegular() {
			return writeInto(path, to, fill)
		}
		mode = info.Mode().Perm()
	}
	if err := atomicfile.Write(to, mode, fill); err != nil {
		return &fileError{path, reason(err), err}
	}
	return nil
}

func writeInto(path, to string, fill func(io.Writer) error) error {
	f, err := os.OpenFile(to, os.O_WRONLY, 0)
	if err == nil {
		err = fill(f)
		if e := f.Close(); err == nil {
			err = e
		}
	}
	if err != nil {
		return &fileError{path, reason(err), err}
	}
	return nil
}

func writePNG(path string, img image.Image) error {
	return writeFile(path, 0o644, func(w io.Writer) error { return png.Encode(w, img) })
}
