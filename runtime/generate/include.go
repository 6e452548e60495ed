package generate

import (
	"path"
	"strings"
)

// apart writes a part of the program, in a file of its own now and then. name is from
// the folder of the file being written, which includes it there, and again further
// down: that takes in nothing.
func (g *generator) apart(name string, write func()) {
	if g.in100(85) {
		write()
		return
	}
	whole, folder, indent := g.b, g.folder, g.indent
	to := path.Join(folder, name)
	g.b, g.folder, g.indent = &strings.Builder{}, path.Dir(to), 0
	write()
	if g.files == nil {
		g.files = map[string]string{}
	}
	g.files[to] = g.b.String()
	g.b, g.folder, g.indent = whole, folder, indent
	g.line("INCLUDE %q", name)
	if g.in100(30) {
		g.line("INCLUDE %q", name)
	}
}
