package picture

import (
	"fmt"
	"image"
	_ "image/gif"
	_ "image/jpeg"
	_ "image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gvpie/runtime/pxl/syntax"
	"gvpie/runtime/regularfile"
)

// Exts are the endings of the names of files that Load reads.
var Exts = []string{".png", ".gif", ".jpg", ".jpeg"}

// mostPixels is the largest picture that is read.
const mostPixels = 1 << 26

// Load reads the picture that a file is.
func Load(path string) (image.Image, error) {
	return LoadIf(path, func(int, int) error { return nil })
}

// LoadIf reads the picture that a file is, unless its size will not do, which is known
// before its pixels take memory.
func LoadIf(path string, fits func(w, h int) error) (image.Image, error) {
	f, err := regularfile.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	size, _, err := image.DecodeConfig(f)
	if err != nil {
		return nil, fmt.Errorf("%s is no picture that can be read, as PNG, GIF and JPEG can: %w", path, err)
	}
	if size.Width*size.Height > mostPixels {
		return nil, fmt.Errorf("%s has %d × %d pixels, more than is read", path, size.Width, size.Height)
	}
	if err := fits(size.Width, size.Height); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if _, err := f.Seek(0, 0); err != nil {
		return nil, err
	}
	img, _, err := image.Decode(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return img, nil
}

// Is says whether a file begins as a picture that Load reads.
func Is(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	_, _, err = image.DecodeConfig(f)
	return err == nil
}

// Named says whether a path ends as one of a picture does.
func Named(path string) bool { return slices.Contains(Exts, strings.ToLower(filepath.Ext(path))) }

// NameFor makes the name of a picture's file one that a sprite or a table can have.
func NameFor(path string) string {
	base := filepath.Base(path)
	base = strings.TrimSuffix(base, filepath.Ext(base))
	var b strings.Builder
	for _, r := range base {
		if r < 128 && (syntax.IsLetter(byte(r)) || syntax.IsDigit(byte(r))) {
			b.WriteRune(r)
		} else if s := b.String(); s != "" && !strings.HasSuffix(s, "_") {
			b.WriteByte('_')
		}
	}
	name := strings.TrimRight(b.String(), "_")
	if (Options{Name: name}).checkName() != nil {
		name = strings.TrimRight("picture_"+name, "_")
	}
	return name
}
