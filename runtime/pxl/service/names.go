package service

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gvpie/runtime/pxl/check"
	"gvpie/runtime/pxl/syntax"
)

// names are the program's own names. Variables, constants, arrays and tables
// share one set; labels have their own.
type names struct {
	values map[string]site
	labels map[string]site
}

// site is where a name is declared, or first given a value.
type site struct {
	kind  check.SymbolKind
	line  int
	index int // in the declarations of the line
}

// known gives the program's names, by the rules of [check.Declare].
func (d *Document) known() *names {
	if d.names != nil {
		return d.names
	}
	lines := d.facts()
	n := &names{make(map[string]site), make(map[string]site)}
	taken := make([]bool, len(d.spelling)) // among the values
	for _, variables := range [...]bool{false, true} {
		for i, l := range lines {
			for k, decl := range l.declares {
				if decl.kind == check.LabelSymbol || (decl.kind == check.VarSymbol) != variables || taken[decl.ident] {
					continue
				}
				taken[decl.ident] = true
				if name := d.spelling[decl.ident]; !isBuiltin(name) {
					n.values[name] = site{decl.kind, i, k}
				}
			}
		}
	}
	for i, l := range lines {
		for k, decl := range l.declares {
			if decl.kind != check.LabelSymbol {
				continue
			}
			if name := d.spelling[decl.ident]; !n.hasLabel(name) {
				n.labels[name] = site{decl.kind, i, k}
			}
		}
	}
	d.names = n
	return n
}

func (n *names) hasLabel(name string) bool {
	_, ok := n.labels[name]
	return ok
}

func isBuiltin(name string) bool {
	_, ok := syntax.LookupBuiltin(name)
	return ok
}

// at gives where a site is now.
func (d *Document) at(p site) (line, from int) {
	return p.line, int(d.lines[p.line].declares[p.index].from)
}

// declared gives what the directives declare, evaluated.
func (d *Document) declared() *check.Scope {
	if d.scope == nil {
		var b strings.Builder
		sprite := false // the line may be a row
		for i, f := range d.facts() {
			line := d.text.Line(i)
			switch {
			case f.directive:
				sprite = isSprite(line)
			case !f.row && !isRemark(line):
				sprite = false
			}
			if f.directive || f.row && sprite {
				b.WriteString(strings.TrimPrefix(line, "\uFEFF"))
				b.WriteByte('\n')
			}
		}
		files := &syntax.FileSet{}
		r := syntax.NewReporter(files)
		tree, _ := syntax.Parse(files.Add("", b.String()), r, nil)
		d.scope = check.Declare(tree, r)
	}
	return d.scope
}

// describe says in a line what a name of the program is.
func (d *Document) describe(name string, p site) string {
	line := p.line + 1
	switch p.kind {
	case check.LabelSymbol:
		return fmt.Sprintf("label on line %d", line)
	case check.VarSymbol:
		return fmt.Sprintf("variable, first set on line %d", line)
	}
	s := d.declared()
	switch e := s.Names[name]; e.Kind {
	case check.ConstSymbol:
		return fmt.Sprintf("constant %s, line %d", number(e.Val), line)
	case check.ArraySymbol:
		return fmt.Sprintf("array of %s, line %d", syntax.Plural(s.Arrays[e.Val].Size, "word"), line)
	case check.TableSymbol:
		return fmt.Sprintf("table of %s, line %d", syntax.Plural(s.Tables[e.Val].Size, "word"), line)
	case check.SpriteSymbol:
		return describeSprite(&s.Sprites[e.Val], line)
	}
	return fmt.Sprintf("declared on line %d", line)
}

// number spells a value in decimal and, when that says more, in hexadecimal.
func number(v int32) string {
	if v > 255 || v < -255 {
		return fmt.Sprintf("%d (0x%X)", v, uint32(v))
	}
	return strconv.Itoa(int(v))
}

// sortedKeys gives the names of a set in order.
func sortedKeys(m map[string]site) []string {
	out := make([]string, 0, len(m))
	for name := range m {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

// Definition gives where the name at a cursor is declared, or first given a
// value.
func (d *Document) Definition(at Cursor) (Cursor, bool) {
	line := d.line(at.Line)
	t, ok := tokenAt(line, at.Byte)
	if !ok {
		return Cursor{}, false
	}
	p, ok := d.named(line, t)
	if !ok {
		return Cursor{}, false
	}
	l, from := d.at(p)
	return Cursor{l, from}, true
}

// named gives the site of the name that a token is.
func (d *Document) named(line string, t syntax.Token) (p site, ok bool) {
	switch name := line[t.Offset:t.End]; t.Kind {
	case syntax.LabelName:
		p, ok = d.known().labels[name]
	case syntax.Name:
		p, ok = d.known().values[name]
	}
	return p, ok
}
