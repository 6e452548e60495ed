package service

import (
	"io/fs"
	"strconv"
	"strings"

	"gvpie/runtime/pxl/check"
	"gvpie/runtime/pxl/syntax"
)

// File is another file of the program that a text is of: one that is included with it,
// or that includes it.
type File struct {
	Name string // as a person knows it
	Text string
}

// SetBeside gives the program's other files, in the order in which their names count:
// what they declare is known in this text too.
func (d *Document) SetBeside(files []File) {
	same := len(files) == len(d.beside)
	for i := range files {
		same = same && files[i] == d.beside[i].file
	}
	if same {
		return
	}
	beside := make([]*Document, len(files))
	for i, f := range files {
		for _, b := range d.beside {
			if b.file == f {
				beside[i] = b
			}
		}
		if beside[i] == nil {
			beside[i] = NewDocument(besideLines(strings.Split(strings.ReplaceAll(f.Text, "\r\n", "\n"), "\n")))
			beside[i].file = f
		}
	}
	d.beside, d.names, d.scope = beside, nil, nil
}

// besideLines are a text that is not edited.
type besideLines []string

func (l besideLines) Lines() int        { return len(l) }
func (l besideLines) Line(i int) string { return l[i] }

// addBeside adds the names that the program's other files declare. The rules are those
// of one file; of two variables this text's own is the first.
func (d *Document) addBeside(n *names) {
	for _, other := range d.beside {
		theirs := other.known()
		for at, s := range theirs.labels {
			if _, ok := n.labels[at]; !ok && at.def == syntax.None {
				n.labels[at] = s
			}
		}
		for name, s := range theirs.values {
			if own, ok := n.values[name]; !ok || rankOf(s.kind) < rankOf(own.kind) {
				n.values[name] = s
			}
		}
	}
}

// declared gives what the directives of the program declare, evaluated.
func (d *Document) declared() *check.Scope {
	if d.scope == nil {
		main, folder := "", besideFolder{}
		for i, b := range d.beside {
			name := strconv.Itoa(i) + ".pxl"
			folder[name] = b.directives()
			main += "INCLUDE \"" + name + "\"\n"
		}
		d.scope, d.scopeFiles = declare(main+d.directives(), folder)
	}
	return d.scope
}

// declare evaluates directives.
func declare(main string, in syntax.Folder) (*check.Scope, *syntax.FileSet) {
	files := &syntax.FileSet{}
	r := syntax.NewReporter(files)
	tree, _ := syntax.Parse(files.Add("", main), r, in)
	return check.Declare(tree, r), files
}

// ownSprite gives a sprite of this text, also where another file has its name.
func (d *Document) ownSprite(name string) (check.Sprite, bool) {
	scope := d.declared()
	e, ok := scope.Names[name]
	if ok && d.scopeFiles.Written(e.Pos) != d.scopeFiles.Main() {
		scope, _ = declare(d.directives(), nil)
		e, ok = scope.Names[name]
	}
	if !ok || e.Kind != check.SpriteSymbol {
		return check.Sprite{}, false
	}
	return scope.Sprites[e.Val], true
}

// besideFolder are the directives of files, by numbers.
type besideFolder map[string]string

func (f besideFolder) Main() string { return "" }

func (f besideFolder) Open(name string) (resolved, text string, err error) {
	text, ok := f[name]
	if !ok {
		return "", "", fs.ErrNotExist
	}
	return name, text, nil
}

// where says on which line a name is declared, and of which file if that is another.
func (d *Document) where(p site) string {
	line := "line " + strconv.Itoa(p.line+1)
	if p.in != d {
		line += " of " + p.in.file.Name
	}
	return line
}
