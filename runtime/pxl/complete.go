package pxl

import (
	"fmt"
	"slices"
	"strings"

	"gvpie/runtime/isa"
)

// Completion is one thing that may be written at a place.
type Completion struct {
	Label    string
	Kind     TokenKind
	Doc      string // one line
	Insert   string // text for [From, To)
	From, To int    // bytes of the source
}

// Complete lists what may stand at a byte offset, beginning with what is written
// there so far, in any case: the program's own names first. In text, comments and
// numbers it lists nothing.
func Complete(src string, offset int) []Completion {
	p := placeAt(src, offset)
	if p.role == noRole {
		return nil
	}
	c, ok := outline(src)
	if !ok {
		return nil
	}
	l := completer{place: p, prefix: string(upper(nil, src[p.from:p.offset])), each: c.insideEach(p.line)}
	switch p.role {
	case directiveRole:
		l.keywords(Directives, Directive)
	case statementRole:
		l.statements()
		if l.prefix == "" && len(p.toks) == 0 {
			l.keywords(Directives, Directive)
		}
	case labelRole:
		for i, lb := range c.order {
			if int(lb.off) != p.from {
				l.add(lb.name, LabelName, fmt.Sprintf("label on line %d", c.lineOf(int(c.order[i].off))), "")
			}
		}
	case targetRole, valueRole:
		l.names(c)
		if p.role == valueRole {
			l.builtins()
		}
	case nextRole:
		l.next()
	}
	return l.out
}

type completer struct {
	place
	prefix string // upper case
	each   bool
	out    []Completion
}

func (l *completer) add(label string, kind TokenKind, doc, insert string) {
	if !strings.HasPrefix(string(upper(nil, label)), l.prefix) {
		return
	}
	if insert == "" {
		insert = label
	}
	l.out = append(l.out, Completion{Label: label, Kind: kind, Doc: doc, Insert: insert, From: l.from, To: l.offset})
}

func (l *completer) keywords(list []KeywordDoc, kind TokenKind) {
	for _, k := range list {
		l.add(k.Name, kind, k.Doc, "")
	}
}

// statements adds the mnemonics and keywords that may stand here.
func (l *completer) statements() {
	for i := range isa.Specs {
		s := &isa.Specs[i]
		if !s.Source || l.each && !sourceInEach(s) || !l.each && s.Op == isa.PUT {
			continue
		}
		l.add(s.Mnemonic, Mnemonic, s.Doc, "")
	}
	l.keywords(Keywords, Keyword)
}

// names adds the program's own names that may stand here.
func (l *completer) names(c *compiler) {
	var names []string
	for name, e := range c.names {
		if int(e.off) == l.from {
			continue // the word that is being written
		}
		if l.role == targetRole && (e.kind == ConstSymbol || e.kind == TableSymbol || e.kind == ArraySymbol && (l.each || isWord(l.word(0), "FOR"))) {
			continue
		}
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		e := c.names[name]
		insert := ""
		if e.kind == ArraySymbol || e.kind == TableSymbol {
			insert = name + "["
		}
		l.add(name, Name, c.describe(e), insert)
	}
}

func (l *completer) builtins() {
	for _, n := range ReadOnlyNames {
		if l.each || n.Name != "px" && n.Name != "py" {
			l.add(n.Name, ReadOnly, n.Doc, "")
		}
	}
	for _, f := range Functions {
		if l.each && f.op == isa.RND {
			continue
		}
		l.add(f.Name, Function, f.signature()+": "+f.Doc, f.Name+"(")
	}
	for _, k := range Colors {
		l.add(k.Name, ColorName, fmt.Sprintf("0x%06X", k.RGB), "")
	}
}

// next adds the keywords that go on behind a complete expression.
func (l *completer) next() {
	if isWord(l.word(0), ".CANVAS") {
		l.add("pixel", Keyword, "Every texel is a colour of its own.", "")
		l.add("cell", Keyword, "Every texel is a cell with a glyph, ink and paper.", "")
		return
	}
	to := slices.ContainsFunc(l.toks, func(t Token) bool { return t.Kind == Keyword && isWord(l.text(t), "TO") })
	if !to {
		l.add("TO", Keyword, "The last value that is counted.", "")
		return
	}
	l.add("STEP", Keyword, "What is added each time, 1 if not given.", "")
}

// sourceInEach says whether a statement may stand in an EACH block.
func sourceInEach(s *isa.Spec) bool { return s.InEach && s.Op != isa.JMP }

func (f FunctionDoc) signature() string {
	return f.Name + "(" + strings.Join(f.Params, ", ") + ")"
}

// describe says in a line what a name of the program is.
func (c *compiler) describe(e entity) string {
	line := c.lineOf(int(e.off))
	switch e.kind {
	case ConstSymbol:
		return fmt.Sprintf("constant %s, line %d", number(e.val), line)
	case ArraySymbol:
		return fmt.Sprintf("array of %s, line %d", plural(c.arrays[e.val].size, "word"), line)
	case TableSymbol:
		return fmt.Sprintf("table of %s, line %d", plural(c.tables[e.val].size, "word"), line)
	}
	return fmt.Sprintf("variable, first set on line %d", line)
}

// number spells a value in decimal and, when that says more, in hexadecimal.
func number(v int32) string {
	if v > 255 || v < -255 {
		return fmt.Sprintf("%d (0x%X)", v, uint32(v))
	}
	return itoa(int(v))
}
