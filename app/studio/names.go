package studio

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"gvpie/runtime/pxl/include"
	"gvpie/runtime/pxl/service"
	"gvpie/runtime/pxl/syntax"
)

// References are a name and everywhere it stands, in all files of the open programs
// that it is a name of.
type References struct {
	Name     string
	Declared Reference // or where it is first given a value
	All      []Reference
	programs []namedProgram
}

// Reference is a place where a name stands.
type Reference struct {
	Path     string // of the file, "" in a document without one
	From, To int    // bytes of its text
	Line     int    // from 1
	Column   int
	Text     string // the line, without the spaces around it
}

// Rewrite is what a rename makes of a file.
type Rewrite struct {
	Path          string // "" of the document in front, which has no file
	Before, After string
}

// namedProgram is a program with a name of it.
type namedProgram struct {
	root   *Document
	uses   *service.Uses
	name   service.ProgramName
	folder syntax.Folder // nil: none
}

// FindReferences finds the name at a byte of a document. A file that open programs
// include is looked at as a part of each of them. Files that are open are read as they
// are in their tabs.
func FindReferences(s *Documents, d *Document, offset int) (References, bool) {
	var out References
	for _, root := range rootsOf(s, d) {
		p := namedProgram{root: root}
		source := root.text
		switch program, with := include.Unbundle(root.text); {
		case len(with.Texts) > 0:
			source, p.folder = program, with
		case root.Path != "":
			p.folder = openFiles{include.Of(root.Path), s}
		}
		p.uses = service.FindUses(root.Name, source, p.folder)
		path, ok := p.pathOf(d)
		if !ok {
			continue
		}
		if p.name, ok = p.uses.At(path, offset); ok {
			out.Name = p.name.Text
			out.programs = append(out.programs, p)
		}
	}
	for _, p := range out.programs {
		for _, spot := range p.name.Spots {
			r, ok := p.reference(spot)
			if !ok || slices.Contains(out.All, r) {
				continue
			}
			out.All = append(out.All, r)
			if spot == p.name.Declared {
				out.Declared = r
			}
		}
	}
	return out, len(out.All) > 0
}

// Beside gives the other files of the programs that a document is a part of: what they
// declare can be written in it. Files that are open are as in their tabs.
func Beside(s *Documents, d *Document) []service.File {
	var out []service.File
	seen := map[string]bool{d.Path: d.Path != ""}
	add := func(path string, f service.File) {
		if path == "" || !seen[path] {
			seen[path] = true
			out = append(out, f)
		}
	}
	for _, root := range rootsOf(s, d) {
		if root != d {
			add(root.Path, service.File{Name: root.Name, Text: root.text})
		}
		if root.assembly == nil {
			continue
		}
		for _, f := range root.assembly.Included {
			path, text := "", f.Text
			if root.Path != "" {
				path = include.Of(root.Path).Path(f.Path)
			}
			if i := slices.IndexFunc(s.all, func(open *Document) bool { return path != "" && open.Path == path }); i >= 0 {
				text = s.all[i].text
			}
			add(path, service.File{Name: f.Path, Text: text})
		}
	}
	return out
}

// IncludedAt gives the path of the file that an INCLUDE names at a byte of a document.
func IncludedAt(s *Documents, d *Document, offset int) (string, bool) {
	if d.Path == "" {
		return "", false
	}
	from := strings.LastIndexByte(d.text[:offset], '\n') + 1
	line, _, _ := strings.Cut(d.text[from:], "\n")
	verb, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	name, _, closed := strings.Cut(strings.TrimPrefix(strings.TrimSpace(rest), `"`), `"`)
	if !strings.EqualFold(verb, "INCLUDE") || !closed {
		return "", false
	}
	return filepath.Join(filepath.Dir(d.Path), filepath.FromSlash(name)), true
}

// rootsOf lists the programs that a document is a part of: those that include it, or
// it alone.
func rootsOf(s *Documents, d *Document) []*Document {
	var out []*Document
	for _, other := range s.all {
		if other != d && d.Path != "" && slices.Contains(other.included, d.Path) {
			out = append(out, other)
		}
	}
	if out == nil {
		out = []*Document{d}
	}
	return out
}

// pathOf gives a document's path in the program.
func (p *namedProgram) pathOf(d *Document) (string, bool) {
	if p.root == d {
		return "", true
	}
	dir, ok := p.folder.(openFiles)
	if !ok {
		return "", false
	}
	for _, f := range p.root.assembly.Included {
		if dir.Path(f.Path) == d.Path {
			return f.Path, true
		}
	}
	return "", false
}

// file gives where a file of the program lies, and its text; false of one that came
// in the program's own text.
func (p *namedProgram) file(path string) (file, text string, ok bool) {
	if path == "" {
		return p.root.Path, p.root.text, true
	}
	dir, ok := p.folder.(openFiles)
	if !ok {
		return "", "", false
	}
	_, text, err := dir.Open(path)
	return dir.Path(path), text, err == nil
}

func (p *namedProgram) reference(at service.Spot) (Reference, bool) {
	file, text, ok := p.file(at.Path)
	if !ok {
		return Reference{}, false
	}
	from := strings.LastIndexByte(text[:at.From], '\n') + 1
	line, _, _ := strings.Cut(text[from:], "\n")
	return Reference{file, at.From, at.To, at.Line, len([]rune(text[from:at.From])) + 1, strings.TrimSpace(line)}, true
}

// Rename gives what another spelling makes of every file, or says what is in the way.
func (r References) Rename(to string) ([]Rewrite, error) {
	var out []Rewrite
	for _, p := range r.programs {
		if err := p.uses.Rename(p.name, to); err != nil {
			if len(r.programs) > 1 {
				return nil, fmt.Errorf("in %s: %w", p.root.Name, err)
			}
			return nil, err
		}
		for _, spot := range p.name.Spots {
			file, text, ok := p.file(spot.Path)
			if !ok {
				return nil, errors.New("it is also a name of a file that came in this program's text")
			}
			if !slices.ContainsFunc(out, func(w Rewrite) bool { return w.Path == file }) {
				out = append(out, Rewrite{file, text, service.Respell(text, spot.Path, p.name, to)})
			}
		}
	}
	return out, nil
}

// openFiles is a folder on the disk in which the files that are open are as in their
// tabs.
type openFiles struct {
	include.Dir
	documents *Documents
}

func (f openFiles) Open(name string) (resolved, text string, err error) {
	if resolved, text, err = f.Dir.Open(name); err != nil {
		return resolved, text, err
	}
	path := f.Path(resolved)
	for _, d := range f.documents.all {
		if d.Path == path {
			return resolved, d.text, nil
		}
	}
	return resolved, text, nil
}
