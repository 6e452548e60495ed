package service

import (
	"fmt"
	"slices"
	"strings"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/check"
	"gvpie/runtime/pxl/syntax"
)

// Completion is one thing that may be written at a cursor.
type Completion struct {
	Label    string // what stands in [From, To) then
	Kind     syntax.TokenKind
	Doc      string // one line
	From, To int    // bytes of the line: what is written there so far
}

// Complete lists what may stand at a cursor, beginning with what is written
// there so far, in any case: the program's own names first. In text, comments and
// numbers it lists nothing.
func (d *Document) Complete(at Cursor) []Completion {
	p := spotAt(d.line(at.Line), at.Byte)
	if p.role == noRole || at.Byte > maxLine {
		return nil
	}
	if _, row := d.spriteAbove(at.Line); row {
		return nil
	}
	c := completer{spot: p, doc: d, here: at.Line, prefix: strings.ToUpper(p.line[p.from:p.at])}
	switch p.role {
	case directiveRole:
		c.sorted(c.directives)
	case statementRole:
		c.names()
		c.sorted(c.statements)
		if c.prefix == "" && len(p.toks) == 0 {
			c.sorted(c.directives)
		}
	case labelRole:
		c.labels()
	case targetRole:
		c.names()
	case spriteRole:
		c.names()
	case valueRole:
		c.names()
		c.sorted(c.builtins)
	case nextRole:
		c.next()
	}
	return c.out
}

// completer collects what may stand at a spot.
type completer struct {
	spot
	doc    *Document
	here   int    // the spot's line
	prefix string // upper case
	out    []Completion
}

func (c *completer) add(label string, kind syntax.TokenKind, doc string) {
	if c.begins(label) {
		c.out = append(c.out, Completion{label, kind, doc, c.from, c.at})
	}
}

// around gives what is open at the spot. It may have to read the whole text, so
// it is asked only about what begins as it should.
func (c *completer) around() blockFacts { return c.doc.around(c.here) }

// begins says whether a label begins with what is written so far.
func (c *completer) begins(label string) bool {
	return len(label) >= len(c.prefix) && strings.EqualFold(label[:len(c.prefix)], c.prefix)
}

// sorted puts in order what is added.
func (c *completer) sorted(add func()) {
	n := len(c.out)
	add()
	slices.SortStableFunc(c.out[n:], func(a, b Completion) int { return strings.Compare(a.Label, b.Label) })
}

// directives declare for the whole program, outside EACH.
func (c *completer) directives() {
	for _, k := range syntax.Directives {
		if !c.begins(k.Name) || c.around().inEach {
			continue
		}
		c.add(k.Name, syntax.Directive, k.Doc)
	}
}

// statements adds the mnemonics and keywords that may stand here.
func (c *completer) statements() {
	inline := c.head() >= 0 // behind the condition of an IF: no block begins or ends
	for i := range isa.Specs {
		s := &isa.Specs[i]
		if !s.Source || !c.begins(s.Mnemonic) || !check.MayStand(s, c.around().inEach) || inline && s.Op == isa.EACH {
			continue
		}
		c.add(s.Mnemonic, syntax.Mnemonic, s.Doc)
	}
	for _, k := range syntax.Keywords {
		ok := c.begins(k.Name)
		switch v, _ := syntax.LookupVerb(k.Name); v.Keyword {
		case syntax.KwWhile, syntax.KwFor:
			ok = ok && !inline
		case syntax.KwElse:
			ok = ok && !inline && c.around().takesElse
		case syntax.KwEnd:
			ok = ok && !inline && c.around().inBlock
		case syntax.KwBreak, syntax.KwContinue:
			ok = ok && c.around().inLoop
		case syntax.KwDef:
			ok = ok && !inline && !c.around().inBlock
		case syntax.KwLocal:
			ok = ok && !inline && c.around().def != syntax.None
		case syntax.KwReturn:
			ok = ok && c.around().def != syntax.None && !c.around().inEach
		}
		if ok {
			c.add(k.Name, syntax.Keyword, k.Doc)
		}
	}
}

func (c *completer) labels() {
	n := c.doc.known()
	var names []string
	for at := range n.labels {
		if at.def == c.around().def {
			names = append(names, at.name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		c.name(name, n.labels[place{c.around().def, name}], syntax.LabelName)
	}
}

// names adds the program's own names that may stand here, those of the call first.
func (c *completer) names() {
	n := c.doc.known()
	measured, of := c.measures()
	text := slices.ContainsFunc(c.toks, func(t syntax.Token) bool { return t.Kind == syntax.Brace })
	var own []string
	for at := range n.locals {
		if at.def == c.around().def {
			own = append(own, at.name)
		}
	}
	slices.Sort(own)
	for _, name := range own {
		if !c.constant() && !measured {
			c.name(name, n.locals[place{c.around().def, name}], syntax.Name)
		}
	}
	for _, name := range sortedKeys(n.values) {
		s := n.values[name]
		if _, hidden := slices.BinarySearch(own, name); hidden {
			continue
		}
		kind := syntax.Name
		if s.kind == check.ProcSymbol {
			kind = syntax.Procedure
		}
		switch sprite := s.kind == check.SpriteSymbol; {
		case measured:
			list := s.kind == check.ArraySymbol || s.kind == check.TableSymbol || s.kind == check.TextSymbol
			if of == "len" && !list || of != "len" && !sprite {
				continue
			}
		case s.kind == check.TextSymbol && !text:
			continue
		case c.role == statementRole && s.kind == check.ProcSymbol:
		case c.takesSprite() != sprite, (c.role == targetRole || c.role == statementRole) && !c.assignable(s.kind), c.constant() && s.kind != check.ConstSymbol:
			continue
		}
		c.name(name, s, kind)
	}
}

// takesSprite says whether what stands here is the name of a sprite.
func (c *completer) takesSprite() bool {
	f, _, ok := c.call()
	return c.role == spriteRole || ok && (f.Name == "width" || f.Name == "height" || f.Name == "frames")
}

// assignable says whether what SET or FOR gives a value here may be such a name.
func (c *completer) assignable(kind check.SymbolKind) bool {
	return kind == check.VarSymbol || kind == check.ArraySymbol && !c.around().inEach && !syntax.EqualFold(c.ident(0), "FOR")
}

// constant says whether a value here has to be known before the program runs.
func (c *completer) constant() bool {
	return len(c.toks) > 0 && c.toks[0].Kind == syntax.Directive
}

func (c *completer) name(name string, s site, kind syntax.TokenKind) {
	if line, from := s.in.at(s); s.in == c.doc && line == c.here && from == c.from {
		return // the name that is being written
	}
	if c.begins(name) {
		c.add(name, kind, c.doc.describe(name, s))
	}
}

// measures says whether the spot is the argument, a name, of len or its like.
func (c *completer) measures() (ok bool, of string) {
	f, _, ok := c.call()
	return ok && f.Op == 0, f.Name
}

// builtins adds what every program has for a value.
func (c *completer) builtins() {
	if ok, _ := c.measures(); ok {
		return
	}
	constant := c.constant()
	for _, n := range syntax.ReadOnlyNames {
		b, _ := syntax.LookupBuiltin(n.Name)
		if !c.begins(n.Name) || b.Value < 0 && !c.around().inEach || constant && n.Name != "W" && n.Name != "H" {
			continue
		}
		c.add(n.Name, syntax.ReadOnly, n.Doc)
	}
	for _, f := range syntax.Functions {
		if !c.begins(f.Name) || !check.MayCall(f.Op, c.around().inEach) || constant && f.Op != 0 && !check.Folds(f.Op) {
			continue
		}
		c.add(f.Name, syntax.Function, usage(f)+": "+f.Doc)
	}
	for _, k := range syntax.Colors {
		c.add(k.Name, syntax.ColorName, fmt.Sprintf("0x%06X", k.RGB))
	}
}

// next adds the keywords that go on behind a complete expression.
func (c *completer) next() {
	if syntax.EqualFold(c.ident(0), ".CANVAS") {
		c.add("pixel", syntax.Keyword, "Every texel is a colour of its own.")
		c.add("cell", syntax.Keyword, "Every texel is a cell with a glyph, ink and paper.")
		return
	}
	for _, t := range c.toks {
		if t.Kind == syntax.Keyword && syntax.EqualFold(c.text(t), "TO") {
			c.add("STEP", syntax.Keyword, "What is added each time, 1 if not given.")
			return
		}
	}
	c.add("TO", syntax.Keyword, "The last value that is counted.")
}

// usage is how a function is called.
func usage(f syntax.FunctionDoc) string {
	return f.Name + "(" + strings.Join(f.Params, ", ") + ")"
}
