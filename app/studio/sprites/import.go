package sprites

import (
	"image"
	"net/url"
	"path/filepath"
	"strings"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/picture"
	"gvpie/runtime/pxl/service"
)

// Import is a picture that is to become a part of a program.
type Import struct {
	Path  string
	Image image.Image
	Table bool // a .table of its colours; else a .sprite
	picture.Options
}

// NewImport gives the picture of a file with what it is hoped to become: a sprite as
// large as it is, or as it may be.
func NewImport(path string, img image.Image) *Import {
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	for w > isa.MaxCanvas || h > isa.MaxCanvas || w*h > mostTexels {
		w, h = (w+1)/2, (h+1)/2
	}
	return &Import{Path: path, Image: img, Options: picture.Options{Name: picture.NameFor(path), W: w, H: h}}
}

// mostTexels is how many a picture becomes unless more are asked for: as many as a
// canvas has where nothing is said.
const mostTexels = 128 * 64

// Source is what the picture becomes.
func (i *Import) Source() (string, error) {
	if i.Table {
		return picture.Table(i.Image, i.Options)
	}
	return picture.Sprite(i.Image, i.Options)
}

// Preview is what it will look like.
func (i *Import) Preview() (*image.RGBA, error) {
	if i.Table {
		return picture.Scaled(i.Image, i.Options)
	}
	source, err := i.Source()
	if err != nil {
		return nil, err
	}
	text := textLines(strings.Split(source, "\n"))
	s, _, _ := service.NewDocument(text).SpriteAt(1) // below its palette
	sheet, err := Read(s, text.Line)
	if err != nil {
		return nil, err
	}
	return sheet.Picture(0), nil
}

// textLines are a text for the language service.
type textLines []string

func (l textLines) Lines() int        { return len(l) }
func (l textLines) Line(i int) string { return l[i] }

// Place puts the source of a sprite or a table into a text as lines of its own: before a
// line, from 1, or as near above it as directives may stand. Sprites that stand below
// keep their colours. at is where it begins, from 1.
func Place(text string, line int, source string) (after string, at int) {
	lines := textLines(strings.Split(text, "\n"))
	d := service.NewDocument(lines)
	place := d.DirectivePlace(line - 1)
	if palette, ok := d.PaletteBelow(place); ok && strings.HasPrefix(source, ".palette") {
		source += palette
	}
	if strings.TrimSpace(lines[place]) != "" {
		source += "\n" // a line below might read as a row
	}
	before := strings.Join(lines[:place], "\n")
	if place > 0 {
		before += "\n"
	}
	return before + source + strings.Join(lines[place:], "\n"), place + 1
}

// PicturePath gives the path of the picture that a pasted text names, a path or a file://
// address; one that is not absolute begins in a folder, "" for none. It goes by the text
// alone.
func PicturePath(pasted, dir string) (path string, ok bool) {
	path = strings.TrimSpace(pasted)
	if path == "" || strings.ContainsAny(path, "\n\x00") || len(path) > 4096 {
		return "", false
	}
	if n := len(path); n > 1 && (path[0] == '\'' || path[0] == '"') && path[n-1] == path[0] {
		path = path[1 : n-1] // as file managers quote it
	}
	if u, err := url.Parse(path); strings.HasPrefix(strings.ToLower(path), "file:") {
		if err != nil || u.Host != "" && u.Host != "localhost" || u.Path == "" {
			return "", false
		}
		path = fileOf(u.Path)
	}
	if !picture.Named(path) {
		return "", false
	}
	if !filepath.IsAbs(path) {
		if dir == "" {
			return "", false
		}
		path = filepath.Join(dir, path)
	}
	return path, true
}

// fileOf is the file of an address's path: /C:/x.png is C:\x.png where disks are letters.
func fileOf(path string) string {
	if filepath.Separator == '\\' && len(path) > 2 && path[0] == '/' && path[2] == ':' {
		path = path[1:]
	}
	return filepath.FromSlash(path)
}
