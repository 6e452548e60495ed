package studio

import (
	"image"
	"slices"

	"gvpie/runtime/pxl"
	"gvpie/runtime/pxl/include"
	"gvpie/runtime/pxl/picture"
)

// Elsewhere gives the path of the file that a position in the program names, where that
// is one that it includes and not the document's own: then "".
func (d *Document) Elsewhere(file string) string {
	for _, a := range []*pxl.Assembly{d.assembly, d.live} {
		if a == nil || d.Path == "" {
			continue
		}
		if path := a.Path(file); path != "" {
			return include.Of(d.Path).Path(path)
		}
	}
	return ""
}

// LoadPicture reads a picture in the background; then is called when it is there, or why it
// is not.
func LoadPicture(m *Model, path string, then func(img image.Image, err error)) {
	type loaded struct {
		img image.Image
		err error
	}
	background(m.inbox, func() (l loaded) {
		l.img, l.err = picture.Load(path)
		return l
	}, func(l loaded) { then(l.img, l.err) })
}

// includes says whether a document's program is made of the file at a path, or waits
// for a file that could not be taken in.
func (d *Document) includes(path string) bool {
	return slices.Contains(d.included, path) || d.assembly != nil && slices.ContainsFunc(d.assembly.Diagnostics, func(g pxl.Diagnostic) bool { return g.Code == pxl.CodeInclude })
}

// noteIncluded has the files watched that a document includes now, and those no more
// that it did.
func noteIncluded(s *Documents, d *Document) {
	before := d.included
	d.included = nil
	if d.Path != "" && d.assembly != nil {
		for _, f := range d.assembly.Included {
			d.included = append(d.included, include.Of(d.Path).Path(f.Path))
		}
	}
	for _, path := range d.included {
		if !slices.Contains(before, path) {
			watchFile(s.watcher, path, s.notices)
		}
	}
	for _, path := range before {
		s.unwatch(path)
	}
}

// includedChanged assembles the programs again that are made of a file.
func includedChanged(s *Documents, path string) {
	for _, d := range s.all {
		if d.Path != path && d.includes(path) {
			s.assemble(d)
		}
	}
}
