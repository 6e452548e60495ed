package syntax

import (
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Pos is a place in one of the files of a [FileSet], which alone knows which:
// compact enough for every node of a tree to carry two. Later places have
// larger numbers, file after file; the zero Pos is no place.
type Pos int32

// Position is a place worked out: byte offset from 0, line and column from 1.
// Columns count Unicode code points, as editors do.
type Position struct {
	File                 string
	Offset, Line, Column int
}

// FileSet holds the files that one program is read from. Once all are added it
// may be asked from any goroutine.
type FileSet struct{ files []*File }

// File is a source text in a FileSet.
type File struct {
	name  string
	path  string // from the program's folder, with slashes; "" of none
	src   string
	base  Pos     // of the first byte
	size  int     // bytes that have a Pos
	lines []int32 // offset of each line's first byte, a byte order mark left out

	// Of a line as it should have been written: the file it stands in, and where
	// each of its bytes comes from there.
	of     *File
	origin []int32
}

// byteOrderMark may stand at the start of a file and means nothing.
const byteOrderMark = "\uFEFF"

// Add adds a file at the end of the set. Of a source that is too large to be
// read, what is beyond the limit has no Pos.
func (s *FileSet) Add(name, src string) *File {
	f := &File{name: name, src: src, base: 1, size: min(len(src), MaxSource), lines: []int32{0}}
	if n := len(s.files); n > 0 {
		last := s.files[n-1]
		f.base = last.base + Pos(last.size) + 1
	}
	if strings.HasPrefix(src, byteOrderMark) {
		f.lines[0] = int32(len(byteOrderMark))
	}
	for at := 0; ; {
		i := strings.IndexByte(src[at:f.size], '\n')
		if i < 0 {
			break
		}
		at += i + 1
		f.lines = append(f.lines, int32(at))
	}
	s.files = append(s.files, f)
	return f
}

// File gives the file of a place, or nil of none.
func (s *FileSet) File(p Pos) *File {
	i := len(s.files) - 1
	if i > 0 {
		i = sort.Search(len(s.files), func(i int) bool { return s.files[i].base > p }) - 1
	}
	if i < 0 || p < s.files[i].base {
		return nil
	}
	return s.files[i]
}

// written gives the place in the source of one in a mended line, and any other as
// it is.
func (s *FileSet) written(p Pos) Pos {
	if f := s.File(p); f != nil && f.of != nil {
		return f.of.Pos(int(f.origin[f.Offset(p)]))
	}
	return p
}

// Written gives the file that a place is written in.
func (s *FileSet) Written(p Pos) *File { return s.File(s.written(p)) }

// addMended adds a line as it should have been written, which is no file of its
// own: its places are those that its bytes come from.
func (s *FileSet) addMended(of *File, text string, origin []int32) *File {
	f := s.Add(of.name, text)
	f.of, f.origin = of, origin
	return f
}

// Text gives the source in [from, end), both of one file; "" of no place.
func (s *FileSet) Text(from, end Pos) string {
	f := s.File(from)
	if f == nil || end <= from {
		return ""
	}
	return f.src[f.Offset(from):f.Offset(end)]
}

// Offset gives the byte offset of a place in the source that it stands in.
func (s *FileSet) Offset(p Pos) int {
	p = s.written(p)
	if f := s.File(p); f != nil {
		return f.Offset(p)
	}
	return 0
}

// Position works a place out.
func (s *FileSet) Position(p Pos) Position {
	l := locator{set: s}
	return l.position(p)
}

// Line gives the line of a place in its file, from 1.
func (s *FileSet) Line(p Pos) int {
	p = s.written(p)
	f := s.File(p)
	if f == nil {
		return 0
	}
	return f.line(f.Offset(p))
}

// Where gives the line of a place in words, as somebody at another place calls it:
// "line 3", or "line 3 of lib/shapes.pxl" in another file.
func (s *FileSet) Where(p, from Pos) string {
	p, from = s.written(p), s.written(from)
	line := "line " + strconv.Itoa(s.Line(p))
	if f := s.File(p); f != nil && f != s.File(from) {
		line += " of " + f.name
	}
	return line
}

// Name gives the name the file was added under.
func (f *File) Name() string { return f.name }

// Main gives the first file of the set, that of the program.
func (s *FileSet) Main() *File { return s.files[0] }

// Mended says whether this is a line as it should have been written.
func (f *File) Mended() bool { return f.of != nil }

// Of gives the file that a mended line stands in; nil of any other.
func (f *File) Of() *File { return f.of }

// Path gives the path from the program's folder, with slashes; "" if there is none.
func (f *File) Path() string { return f.path }

// Included gives the files that the program includes, in the order they were read.
func (s *FileSet) Included() []*File {
	var out []*File
	for _, f := range s.files[min(1, len(s.files)):] {
		if f.of == nil {
			out = append(out, f)
		}
	}
	return out
}

// Source gives the text of a file.
func (f *File) Source() string { return f.src }

// LineAt gives the line of a place in the file, from 1.
func (f *File) LineAt(p Pos) int { return f.line(f.Offset(p)) }

// Pos gives the place of a byte offset; the nearest there is of one outside.
func (f *File) Pos(offset int) Pos { return f.base + Pos(min(max(offset, 0), f.size)) }

// Offset gives the byte offset of a place; the nearest there is of one in
// another file.
func (f *File) Offset(p Pos) int { return min(max(int(p-f.base), 0), f.size) }

// LineRange gives the places from the first byte of a line, from 1, to the first
// of the next; of a line that is not there an empty range.
func (f *File) LineRange(line int) (from, end Pos) {
	if line < 1 || line > len(f.lines) {
		return 0, 0
	}
	end = f.base + Pos(f.size) + 1
	if line < len(f.lines) {
		end = f.Pos(int(f.lines[line]))
	}
	return f.Pos(int(f.lines[line-1])), end
}

// line gives the line of a byte offset.
func (f *File) line(offset int) int {
	return max(1, sort.Search(len(f.lines), func(i int) bool { return int(f.lines[i]) > offset }))
}

// locator works places out. Those asked for in order cost no more than one pass
// over a line, however long it is.
type locator struct {
	set  *FileSet
	file *File
	last Position // the last one given
}

func (l *locator) position(p Pos) Position {
	p = l.set.written(p)
	f := l.set.File(p)
	if f == nil {
		return Position{}
	}
	off := f.Offset(p)
	at := Position{File: f.name, Offset: off, Line: f.line(off), Column: 1}
	from := 0
	if off >= int(f.lines[0]) {
		from = int(f.lines[at.Line-1])
	}
	if f == l.file && l.last.Line == at.Line && l.last.Offset <= off && l.last.Offset >= from {
		from, at.Column = l.last.Offset, l.last.Column
	}
	at.Column += utf8.RuneCountInString(f.src[from:off])
	l.file, l.last = f, at
	return at
}

// Positions works places out that are in order.
func (s *FileSet) Positions(places []Pos) []Position {
	l := locator{set: s}
	out := make([]Position, len(places))
	for i, p := range places {
		out[i] = l.position(p)
	}
	return out
}
