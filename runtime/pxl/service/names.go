package service

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gvpie/runtime/pxl/check"
	"gvpie/runtime/pxl/syntax"
)

// names are the program's own names. Variables, constants, arrays, tables and
// procedures share one set; labels have their own, and so has each DEF, by its line.
type names struct {
	values map[string]site
	labels map[place]site
	locals map[place]site
}

// place is a name in the body of a DEF, or, of a label, outside all (syntax.None).
type place struct {
	def  int32
	name string
}

// site is where a name is declared, or first given a value.
type site struct {
	kind  check.SymbolKind
	line  int
	index int       // in the declarations of the line
	in    *Document // the text that the line is of
}

// known gives the program's names, by the rules of [check.Declare].
func (d *Document) known() *names {
	if d.names != nil {
		return d.names
	}
	lines := d.facts()
	n := &names{make(map[string]site), make(map[place]site), make(map[place]site)}
	first := func(in map[place]site, def int32, name string, s site) {
		if _, ok := in[place{def, name}]; !ok {
			in[place{def, name}] = s
		}
	}
	for i, l := range lines {
		for k, decl := range l.declares {
			name := d.spelling[decl.ident]
			switch def := d.around(i).def; {
			case decl.kind == check.LabelSymbol:
				first(n.labels, def, name, site{decl.kind, i, k, d})
			case decl.local && def != syntax.None && !isFixed(name):
				first(n.locals, def, name, site{decl.kind, i, k, d})
			}
		}
	}
	taken := make([]bool, len(d.spelling)) // among the values
	for rank := range 3 {
		for i, l := range lines {
			for k, decl := range l.declares {
				if decl.kind == check.LabelSymbol || decl.local || rankOf(decl.kind) != rank || taken[decl.ident] {
					continue
				}
				name := d.spelling[decl.ident]
				if rank == 2 && len(n.locals) > 0 {
					if _, hidden := n.locals[place{d.around(i).def, name}]; hidden {
						continue
					}
				}
				if _, verb := syntax.LookupVerb(name); verb && decl.kind == check.ProcSymbol {
					continue
				}
				taken[decl.ident] = true
				if !isBuiltin(name) {
					n.values[name] = site{decl.kind, i, k, d}
				}
			}
		}
	}
	d.addBeside(n)
	d.names = n
	return n
}

// rankOf says which names go before others of the same spelling.
func rankOf(k check.SymbolKind) int {
	switch k {
	case check.ProcSymbol:
		return 1
	case check.VarSymbol:
		return 2
	}
	return 0
}

// value gives the site of a name that has a value, as a line sees it.
func (d *Document) value(line int, name string) (s site, local, ok bool) {
	n := d.known()
	if len(n.locals) > 0 {
		if s, ok := n.locals[place{d.around(line).def, name}]; ok {
			return s, true, true
		}
	}
	s, ok = n.values[name]
	return s, false, ok
}

// isFixed says whether a name is one that nothing hides.
func isFixed(name string) bool {
	b, ok := syntax.LookupBuiltin(name)
	return ok && b.Kind != syntax.ColorName
}

func isBuiltin(name string) bool {
	_, ok := syntax.LookupBuiltin(name)
	return ok
}

// at gives where a site is now.
func (d *Document) at(p site) (line, from int) {
	return p.line, int(d.lines[p.line].declares[p.index].from)
}

// directives gives the lines that declare something alone.
func (d *Document) directives() string {
	var b strings.Builder
	sprite := false // the line may be a row
	for i, f := range d.facts() {
		line := strings.TrimPrefix(d.text.Line(i), "\uFEFF")
		switch {
		case f.directive:
			sprite = isSprite(line)
		case !f.row && !isRemark(line):
			sprite = false
		}
		if !f.directive && !(f.row && sprite) {
			continue
		}
		b.WriteString(line)
		b.WriteByte('\n')
		name, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		for k := i + 1; f.directive && k < d.text.Lines() && syntax.ListGoesOn(name, line); k++ {
			next := d.text.Line(k)
			if rest := strings.TrimSpace(next); rest != "" && rest[0] != ';' && rest[0] != '#' {
				line = next
			}
			b.WriteString(next)
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// describe says in a line what a name of the program is.
func (d *Document) describe(name string, p site) string {
	line := d.where(p)
	switch p.kind {
	case check.LabelSymbol:
		return "label on " + line
	case check.ProcSymbol:
		return fmt.Sprintf("%s: procedure on %s", d.usage(p), line)
	case check.VarSymbol:
		if p.in.lines[p.line].declares[p.index].local {
			return fmt.Sprintf("%s alone, %s", d.owner(p), line)
		}
		return "variable, first set on " + line
	}
	s := d.declared()
	switch e := s.Names[name]; e.Kind {
	case check.ConstSymbol:
		return fmt.Sprintf("constant %s, %s", number(e.Val), line)
	case check.ArraySymbol:
		return fmt.Sprintf("array of %s, %s", sized(&s.Arrays[e.Val]), line)
	case check.TableSymbol:
		return fmt.Sprintf("table of %s, %s", sized(&s.Tables[e.Val]), line)
	case check.SpriteSymbol:
		return describeSprite(&s.Sprites[e.Val], line)
	case check.TextSymbol:
		return fmt.Sprintf("table of %s, %s", syntax.Plural(len(s.Texts[e.Val].Texts), "text"), line)
	}
	return fmt.Sprintf("declared on %s", line)
}

// sized says how many words an array or table has.
func sized(a *check.Array) string {
	if a.Cols > 0 {
		return fmt.Sprintf("%d × %d words", a.Cols, a.Rows())
	}
	return syntax.Plural(a.Size, "word")
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

// Definition gives where in the text the name at a cursor is declared, or first given
// a value.
func (d *Document) Definition(at Cursor) (Cursor, bool) {
	line := d.line(at.Line)
	t, ok := tokenAt(line, at.Byte)
	if !ok {
		return Cursor{}, false
	}
	p, ok := d.named(at.Line, line, t)
	if !ok || p.in != d {
		return Cursor{}, false
	}
	l, from := d.at(p)
	return Cursor{l, from}, true
}

// named gives the site of the name that a token of a line is.
func (d *Document) named(number int, line string, t syntax.Token) (p site, ok bool) {
	switch name := line[t.Offset:t.End]; t.Kind {
	case syntax.LabelName:
		n := d.known()
		if len(n.labels) == 0 {
			return site{}, false
		}
		p, ok = n.labels[place{d.around(number).def, name}]
	case syntax.Name, syntax.Procedure:
		p, _, ok = d.value(number, name)
	case syntax.ColorName: // one of the program's own may hide it
		s, local, found := d.value(number, name)
		return s, found && local
	}
	return p, ok
}

// usage is how the procedure of a site is called.
func (d *Document) usage(p site) string {
	decls := p.in.lines[p.line].declares
	out := p.in.spelling[decls[p.index].ident] + "("
	for i, l := range decls[p.index+1:] {
		if i > 0 {
			out += ", "
		}
		out += p.in.spelling[l.ident]
	}
	return out + ")"
}

// owner says what a local name is, and of which procedure.
func (d *Document) owner(p site) string {
	what := "name of "
	if d.lines[p.line].block == syntax.DefStmt {
		what = "parameter of "
	}
	def := d.around(p.line).def
	for _, decl := range d.lines[def].declares {
		if decl.kind == check.ProcSymbol {
			return what + d.spelling[decl.ident]
		}
	}
	return what + "the procedure"
}
