package syntax

import (
	"errors"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
)

// Folder is where the files lie that a program includes. Paths are relative to
// the folder of the program and use slashes.
type Folder interface {
	// Main is the program's own path, "" if it has none.
	Main() string
	// Open gives the text of a file, and its path when links are resolved: however
	// a file is named it has one. A file that is not there is fs.ErrNotExist, one
	// outside the folder [ErrOutside].
	Open(name string) (resolved, text string, err error)
}

// ErrOutside is the error of a path that leads out of a program's folder.
var ErrOutside = errors.New("it is outside the program's folder")

// What the files of a program are held to.
const (
	MaxIncludes     = 64 // files, the program's own not counted
	MaxIncludeDepth = 16 // files that include each other
)

// filesParser reads the files of a program, each where it is included.
type filesParser struct {
	*parser
	folder Folder
	name   string          // of the program's file, as diagnostics spell it
	taken  map[string]bool // by resolved path
	open   []string        // resolved paths of the files being read, outermost first
	bytes  int

	scanned map[string]bool // by resolved path: their procedures are known
	lines   int             // of all files
}

// readOnce is a folder in which each file is read once, however often it is asked for.
type readOnce struct {
	Folder
	opened map[string]openedFile // by the name that it was asked for by
}

type openedFile struct {
	resolved, text string
	err            error
}

func (f *readOnce) Open(name string) (resolved, text string, err error) {
	o, ok := f.opened[name]
	if !ok {
		o.resolved, o.text, o.err = f.Folder.Open(name)
		if f.opened == nil {
			f.opened = make(map[string]openedFile)
		}
		f.opened[name] = o
	}
	return o.resolved, o.text, o.err
}

// includeLine parses the path of INCLUDE. The file is read when the line is done.
func (p *parser) includeLine(t Token, after bool) {
	s := p.open(IncludeStmt, t)
	switch o := p.blocks.Opener(); {
	case after:
		p.fail(CodeInclude, s.Pos, s.End, "INCLUDE takes a file in once, before anything runs: it cannot depend on an IF")
	case o != None && !p.Stmts[o].Failed:
		verb, _, _ := strings.Cut(p.Text(p.Stmts[o].Pos, p.Stmts[o].End), " ")
		p.fail(CodeInclude, s.Pos, s.End, "INCLUDE stands at the top level, and the %s of line %d is open here", strings.ToUpper(verb), p.Files.Line(p.Stmts[o].Pos))
	}
	p.includePath(s)
	p.close(s)
}

func (p *parser) includePath(s *Stmt) {
	const usage = "INCLUDE \"file.pxl\""
	quoting := func(f *Fix) *Fix {
		if p.alone {
			return nil // the line is wrong also when it is right
		}
		return f
	}
	t, ok := p.peek()
	switch {
	case !ok:
		p.fail(CodeSyntax, s.Pos, s.End, "which file? %s", usage)
		return
	case t.Kind != Quote:
		from, end := p.pos(t.Offset), p.pos(p.lex.eol)
		if n := len(p.lex.toks); n > 0 {
			end = p.pos(p.lex.toks[n-1].End)
		}
		name := strings.Trim(p.Text(from, end), "<>'\" ")
		if path.Ext(name) == "" {
			name += ".pxl"
		}
		p.failFix(CodeSyntax, from, end, quoting(p.Replacing(from, end, `"`+name+`"`)), "the file stands in double quotes: %s", usage)
		return
	}
	p.at++
	if t, ok = p.peek(); ok && t.Kind == Text {
		p.at++
		s.Name, s.NameEnd = p.pos(t.Offset), p.pos(t.End)
	}
	if q, ok := p.peek(); !ok || q.Kind != Quote {
		end := p.pos(p.lex.toks[p.at-1].End)
		p.failFix(CodeSyntax, s.Pos, end, quoting(p.Replacing(end, end, `"`)), "the quote that ends the path is missing: %s", usage)
		return
	}
	p.at++
	if s.Name == s.NameEnd {
		p.fail(CodeSyntax, p.pos(t.Offset), p.pos(t.End), "which file? %s", usage)
	}
}

// include reads the file of an INCLUDE, unless that was done.
func (p *filesParser) include(s Stmt) {
	written := p.Text(s.Name, s.NameEnd)
	told := p.Mended(&s) // of its line
	fail := func(format string, args ...any) {
		if p.Incomplete = true; !told {
			p.Errorf(CodeInclude, s.Name, s.NameEnd, format, args...)
		}
	}
	if p.folder == nil {
		fail("this program comes without a folder and cannot include %s: put the text of that file here", Quoted(written))
		return
	}
	slashes := strings.ReplaceAll(written, `\`, "/")
	switch {
	case path.IsAbs(slashes), len(written) > 1 && written[1] == ':':
		fail("%s is no path from this file: write one that is, such as \"lib/shapes.pxl\"", Quoted(written))
		return
	case slashes != written:
		if p.Incomplete = true; !told {
			p.Report(Error, CodeInclude, s.Name, s.NameEnd, p.Replacing(s.Name, s.NameEnd, slashes), "paths use / on every system: %s", Quoted(slashes))
		}
		return
	}
	name := path.Join(path.Dir(p.open[len(p.open)-1]), written)
	if name == ".." || strings.HasPrefix(name, "../") {
		fail("%s is outside the program's folder, and a program takes in files from its own folder alone", Quoted(written))
		return
	}
	resolved, text, err := p.folder.Open(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		fail("there is no file %s beside this one", Quoted(written))
		return
	case errors.Is(err, ErrOutside):
		fail("%s is a link out of the program's folder, and a program takes in files from its own folder alone", Quoted(written))
		return
	case err != nil:
		fail("%s cannot be read: %v", Quoted(written), err)
		return
	}
	if resolved != name {
		if p.Links == nil {
			p.Links = make(map[string]string)
		}
		p.Links[name] = resolved
	}
	for i, open := range p.open {
		if open == resolved {
			fail("this goes in a circle: %s", strings.Join(append(p.open[i:len(p.open):len(p.open)], resolved), " → "))
			return
		}
	}
	switch {
	case p.taken[resolved]:
		return
	case len(p.taken) == MaxIncludes:
		fail("this is the file number %d: a program takes in %d at most", MaxIncludes+1, MaxIncludes)
		return
	case len(p.open) > MaxIncludeDepth:
		fail("files include each other %d deep at most, and this is one more", MaxIncludeDepth)
		return
	case p.bytes+len(text) > MaxSource:
		fail("the files of this program have more than %d bytes together; at most so many are read", MaxSource)
		return
	}
	if p.taken == nil {
		p.taken = make(map[string]bool)
	}
	p.taken[resolved] = true
	p.bytes += len(text)
	p.nested(resolved, text)
}

// nested reads an included file. Its blocks end with it.
func (p *filesParser) nested(resolved, text string) {
	f := p.Files.Add(filepath.Join(filepath.Dir(p.name), filepath.FromSlash(resolved)), text)
	f.path = resolved
	p.ignored = nil // there are more lines to look at
	outer := *p.parser
	p.file, p.src, p.lex = f, f.src, lexer{src: f.src}
	p.blocks, p.dedents, p.closers = Blocks{}, nil, nil
	p.open = append(p.open, resolved)
	errs := p.errs
	if !p.read() || p.errs > errs {
		p.Incomplete = true
	}
	p.open = p.open[:len(p.open)-1]
	p.file, p.src, p.lex, p.at, p.failed = outer.file, outer.src, outer.lex, outer.at, outer.failed
	p.blocks, p.dedents, p.closers = outer.blocks, outer.dedents, outer.closers
}

// read reads the parser's file.
func (p *filesParser) read() bool {
	if !p.checkText() {
		return false
	}
	p.lex.skipBOM()
	for p.nextLine() {
		before := len(p.Stmts)
		p.line()
		n := len(p.Stmts) - 1
		switch {
		case n < before || p.Stmts[n].Kind != IncludeStmt:
		case p.Stmts[n].Failed:
			p.Incomplete = true // which file it is is not known
		default:
			p.include(p.Stmts[n])
		}
	}
	p.unclosed()
	return true
}
