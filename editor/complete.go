package editor

import (
	"sort"
	"strings"

	"gioui.org/io/key"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/syntax"
)

// candidate is what a word being typed may become.
type candidate struct {
	name, doc string
	kind      syntax.TokenKind
	title     string // how it is written in full, where that is more than the name
}

// completion is the list shown while a word is typed.
type completion struct {
	open     bool
	explicit bool // asked for with a key: it stays for a word that is whole
	from     int  // byte offset where the word begins
	list     []candidate
	chosen   int
	top      int // the first candidate shown
	popup    popup

	version uint64 // of the text that the list was made for
	caret   int    // where the caret was
}

// shownCandidates is how many rows the list has at most.
const shownCandidates = 8

// Complete opens the list of what may stand at the caret.
func (e *Editor) Complete() {
	e.completion = completion{explicit: true}
	e.suggest()
}

// suggest fills the list for the word before the caret, and closes it when
// there is nothing to say.
func (e *Editor) suggest() {
	c := &e.completion
	explicit := c.explicit
	was := ""
	if c.open {
		was = c.list[c.chosen].name
	}
	*c = completion{explicit: explicit}
	if e.readOnly || !e.sel.empty() {
		return
	}
	line := e.buf.lineAt(e.sel.caret)
	start := e.buf.lineStart(line)
	before := e.buf.text[start:e.sel.caret]
	if len(before) > longLine {
		return
	}
	word := lastWord(before)
	if !explicit && len(strings.TrimPrefix(word, ".")) < 2 {
		return
	}
	for _, k := range e.possible(before, word) {
		if len(k.name) < len(word) || !equalFold(k.name[:len(word)], word) {
			continue
		}
		if strings.EqualFold(k.name, word) && !explicit {
			c.list = nil
			return // the word is whole
		}
		c.list = append(c.list, k)
	}
	for i, k := range c.list {
		if k.name == was {
			c.chosen = i
		}
	}
	c.top = max(0, c.chosen-shownCandidates+1)
	c.open, c.from = len(c.list) > 0, e.sel.caret-len(word)
	c.version, c.caret = e.buf.version, e.sel.caret
}

// completing reports whether the list is open, and closes one that was made
// for another text or caret.
func (e *Editor) completing() bool {
	c := &e.completion
	if c.open && (c.version != e.buf.version || c.caret != e.sel.caret) {
		*c = completion{}
	}
	return c.open
}

// lastWord gives the name, or directive, that s ends with.
func lastWord(s string) string {
	i := len(s)
	for i > 0 && isName(s[i-1]) {
		i--
	}
	if i < len(s) && s[i] >= '0' && s[i] <= '9' {
		return ""
	}
	if i > 0 && s[i-1] == '.' && strings.TrimLeft(s[:i-1], " \t") == "" {
		i--
	}
	return s[i:]
}

// possible lists what may stand where the word is, the line before the caret
// being given.
func (e *Editor) possible(before, word string) []candidate {
	tokens := lex(before[:len(before)-len(word)] + "x")
	if strings.HasPrefix(word, ".") {
		return directives
	}
	last := len(tokens) - 1
	if last < 0 {
		return statements
	}
	switch tokens[last].Kind {
	case syntax.Text, syntax.Comment, syntax.Quote, syntax.Escape, syntax.Char, syntax.Number:
		return nil
	case syntax.LabelName:
		return e.names(true)
	}
	statement := last == 0
	for i, t := range tokens[:last] {
		s := before[t.Offset:t.End]
		if s == ":" && i == last-1 {
			statement = true
		}
	}
	if statement {
		return statements
	}
	out := append(e.names(false), values...)
	if first := before[tokens[0].Offset:tokens[0].End]; strings.EqualFold(first, "IF") || strings.EqualFold(first, "ELSE") {
		out = append(out, statements...)
	}
	return out
}

// nameLines is how many lines around the caret are searched for names.
const nameLines = 2000

// names lists the labels, or the other names, of the program near the caret.
func (e *Editor) names(labels bool) []candidate {
	at := e.buf.lineAt(e.sel.caret)
	first, last := max(0, at-nameLines), min(e.buf.lines()-1, at+nameLines)
	seen := map[string]candidate{}
	for i := first; i <= last; i++ {
		s := e.buf.line(i)
		if len(s) > longLine {
			continue
		}
		tokens := lex(s)
		for k, t := range tokens {
			name := s[t.Offset:t.End]
			if i == at && e.buf.lineStart(i)+t.End == e.sel.caret {
				continue // the word being typed is no reason to offer it
			}
			switch {
			case labels && t.Kind == syntax.LabelName && k+1 < len(tokens) && s[tokens[k+1].Offset] == ':':
				seen[name] = candidate{name, "label", syntax.LabelName, name}
			case !labels && t.Kind == syntax.Name:
				doc := "variable"
				if k == 1 && tokens[0].Kind == syntax.Directive {
					doc = strings.ToLower(s[tokens[0].Offset+1 : tokens[0].End])
				} else if _, ok := seen[name]; ok {
					continue
				}
				seen[name] = candidate{name, doc, syntax.Name, name}
			}
		}
	}
	out := make([]candidate, 0, len(seen))
	for _, c := range seen {
		out = append(out, c)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].name < out[j].name })
	return out
}

// The words of the language, from its own tables.
var (
	statements = sorted(func(add func(candidate)) {
		for i := range isa.Specs {
			if s := &isa.Specs[i]; s.Source {
				add(candidate{s.Mnemonic, s.Doc, syntax.Mnemonic, s.Syntax})
			}
		}
		for _, k := range syntax.Keywords {
			add(candidate{k.Name, k.Doc, syntax.Keyword, k.Syntax})
		}
	})
	directives = sorted(func(add func(candidate)) {
		for _, d := range syntax.Directives {
			add(candidate{d.Name, d.Doc, syntax.Directive, d.Syntax})
		}
	})
	values = sorted(func(add func(candidate)) {
		for _, f := range syntax.Functions {
			add(candidate{f.Name, f.Doc, syntax.Function, f.Name + "(" + strings.Join(f.Params, ", ") + ")"})
		}
		for _, n := range syntax.ReadOnlyNames {
			add(candidate{n.Name, n.Doc, syntax.ReadOnly, n.Name})
		}
		for _, c := range syntax.Colors {
			add(candidate{c.Name, "colour", syntax.ColorName, c.Name})
		}
	})
)

func sorted(fill func(add func(candidate))) []candidate {
	var out []candidate
	fill(func(c candidate) { out = append(out, c) })
	sort.SliceStable(out, func(i, j int) bool { return out[i].name < out[j].name })
	return out[:len(out):len(out)]
}

// accept puts a candidate in the place of the word.
func (e *Editor) accept(i int) {
	c := e.completion
	e.completion = completion{}
	name := c.list[i].name
	at := c.from + len(name)
	e.hist.sealed = true
	e.change(editAlone, c.from, e.sel.caret, name, selection{at, at})
	e.outdentClosing()
}

// completionKey handles a key while the list is open; false if the key is not
// the list's.
func (e *Editor) completionKey(k key.Event) bool {
	c := &e.completion
	if !e.completing() || k.Modifiers != 0 {
		return false
	}
	step := 0
	switch k.Name {
	case key.NameUpArrow:
		step = -1
	case key.NameDownArrow:
		step = +1
	case key.NamePageUp:
		step = -min(shownCandidates, c.chosen)
	case key.NamePageDown:
		step = min(shownCandidates, len(c.list)-1-c.chosen)
	case key.NameReturn, key.NameEnter, key.NameTab:
		e.accept(c.chosen)
		return true
	case key.NameEscape:
		e.completion = completion{}
		return true
	default:
		return false
	}
	c.chosen = (c.chosen + step + len(c.list)) % len(c.list)
	c.top = min(max(c.top, c.chosen-shownCandidates+1), c.chosen)
	return true
}
