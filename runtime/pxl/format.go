package pxl

import (
	"strings"
	"unicode/utf8"

	"gvpie/runtime/isa"
)

// Format lays source out in the one way that programs are laid out here: blocks
// indented by two, labels one level out and the code under them one level in,
// mnemonics in capitals, one space where there were several, comments behind
// statements aligned. It changes no meaning, keeps every comment and blank line
// but those at the very end, and is idempotent. A line that cannot be read is
// left as it is; so is a source that is no text.
func Format(src string) string {
	var c compiler
	c.src = src
	if !c.checkText() {
		return src
	}
	c.nodes = append(c.nodes, node{kind: numNode, height: 1, a: none, b: none, c: none})
	c.parse()
	if c.more > 0 {
		return src
	}
	f := formatter{src: src}
	bad := map[int]bool{}
	for _, d := range c.found {
		if d.Code != CodeMissingEnd {
			bad[c.pos(d.Pos.Offset).Line] = true
		}
	}
	f.read(&c, bad)
	f.indent()
	f.align()
	return f.join()
}

// formatter holds the lines on their way.
type formatter struct {
	src   string
	lines []layoutLine
}

type layoutLine struct {
	code     string // without indentation and comment
	comment  string
	verbatim bool // code is the line as it was
	label    bool // starts with a label
	direct   bool // is a directive
	opens    int  // blocks
	closes   int  // 1 for END
	part     bool // ELSE
	level    int  // of indentation
	gap      int  // spaces before a comment behind code
}

// read cuts the source into lines and lays out each one's tokens.
func (f *formatter) read(c *compiler, bad map[int]bool) {
	l := lexer{src: f.src}
	l.skipBOM()
	next := 0 // statement
	for number := 1; ; number++ {
		from := l.pos
		l.toks = l.toks[:0]
		if !l.nextLine() {
			break
		}
		var line layoutLine
		for ; next < len(c.stmts) && int(c.stmts[next].off) < l.pos; next++ {
			line.shape(&c.stmts[next])
		}
		switch toks := l.toks; {
		case bad[number]:
			line.verbatim = true
			line.code = strings.TrimRight(f.src[from:l.pos], "\r\n")
		case len(toks) > 0:
			if last := toks[len(toks)-1]; last.Kind == Comment {
				line.comment = strings.TrimRight(f.src[last.Offset:last.End], " \t")
				toks = toks[:len(toks)-1]
			}
			line.code = layout(f.src, toks)
		}
		f.lines = append(f.lines, line)
	}
}

// shape notes what a statement means for the indentation of its line.
func (l *layoutLine) shape(s *stmt) {
	switch s.kind {
	case labelStmt:
		l.label = true
	case canvasDirective, constDirective, tableDirective, arrayDirective:
		l.direct = true
	case elseStmt, elseIfStmt:
		l.part = true
	case endStmt:
		l.closes++
	case whileStmt, forStmt:
		l.opens++
	case ifStmt:
		if !s.inline {
			l.opens++
		}
	case opStmt:
		if s.op == isa.EACH {
			l.opens++
		}
	}
}

// indent gives every line its level. A comment on a line of its own stands as
// the code after it does, but for an END or ELSE, which it still stands inside.
func (f *formatter) indent() {
	depth, under := 0, 0 // open blocks; 1 under a label
	waiting := 0         // comment lines before this one that have no level yet
	for i := range f.lines {
		l := &f.lines[i]
		if l.code == "" {
			waiting++
			continue
		}
		inner := depth + under
		depth = max(0, depth-l.closes)
		if l.label && depth == 0 {
			under = 1
		}
		switch {
		case l.part:
			l.level = max(0, inner-1)
		case l.label:
			l.level = max(0, depth+under-1)
		case l.direct:
			l.level = depth
		default:
			l.level = depth + under
		}
		level := l.level
		if l.part || l.closes > 0 || l.verbatim {
			level = inner
		}
		for ; waiting > 0; waiting-- {
			f.lines[i-waiting].level = level
		}
		depth += l.opens
	}
	for ; waiting > 0; waiting-- {
		f.lines[len(f.lines)-waiting].level = depth + under
	}
}

// align lines up the comments behind code on neighbouring lines.
func (f *formatter) align() {
	for i := 0; i < len(f.lines); {
		j, widest := i, 0
		for ; j < len(f.lines) && f.lines[j].code != "" && f.lines[j].comment != ""; j++ {
			widest = max(widest, f.lines[j].width())
		}
		for k := i; k < j; k++ {
			f.lines[k].gap = widest - f.lines[k].width() + 2
		}
		i = max(j, i+1)
	}
}

func (l *layoutLine) width() int { return 2*l.level + utf8.RuneCountInString(l.code) }

func (f *formatter) join() string {
	var b strings.Builder
	b.Grow(len(f.src) + len(f.src)/4)
	end := len(f.lines)
	for end > 0 && f.lines[end-1].code == "" && f.lines[end-1].comment == "" {
		end--
	}
	for i := range f.lines[:end] {
		l := &f.lines[i]
		if !l.verbatim && (l.code != "" || l.comment != "") {
			b.WriteString(strings.Repeat("  ", l.level))
		}
		b.WriteString(l.code)
		if l.comment != "" {
			if l.code != "" {
				b.WriteString(strings.Repeat(" ", l.gap))
			}
			b.WriteString(l.comment)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// layout writes the tokens of one line, which is known to be good. Where a space
// decides what belongs to an operand, in a list, it keeps or drops it so that
// the operands stay the same.
func layout(src string, toks []Token) string {
	var b strings.Builder
	s := spacing{src: src}
	for i, t := range toks {
		text := src[t.Offset:t.End]
		if i > 0 && s.gap(toks, i) {
			b.WriteByte(' ')
		}
		switch t.Kind {
		case Text, Escape, Brace, Quote:
			b.WriteString(src[t.Offset:toks[len(toks)-1].End])
			return b.String()
		case Mnemonic:
			text = strings.ToUpper(text)
		case Directive:
			text = strings.ToLower(text)
		case Keyword:
			if s.directive {
				text = strings.ToLower(text)
			} else {
				text = strings.ToUpper(text)
			}
		}
		b.WriteString(text)
		s.step(toks, i)
	}
	return b.String()
}

// spacing decides where spaces stand between the tokens of a line.
type spacing struct {
	src       string
	directive bool
	list      bool // operands are separated by spaces
	target    bool // the name that SET, .const … give a value is next, or going on
	depth     int  // of parentheses and brackets
	operand   bool // what came last ends an operand
	unary     bool // what came last is an operator before its operand
	tight     bool // what came last is an operator without spaces around it
}

// gap says whether a space stands before token i, and notes what kind of
// operator it is.
func (s *spacing) gap(toks []Token, i int) bool {
	t, prev := toks[i], toks[i-1]
	text, before := s.src[t.Offset:t.End], s.src[prev.Offset:prev.End]
	spaced := prev.End < t.Offset
	wasUnary, wasTight := s.unary, s.tight
	s.unary, s.tight = false, false
	if t.Kind == Operator {
		switch {
		case s.list && s.depth == 0 && s.operand && spaced, !s.operand:
			s.unary = true
		case text == "=":
			return true
		default:
			after := i+1 < len(toks) && toks[i+1].Offset > t.End
			s.tight = s.list && s.depth == 0 || !spaced && !after
			return !s.tight
		}
	}
	switch {
	case t.Kind == Text || t.Kind == Quote || t.Kind == Brace || t.Kind == Escape:
		return true
	case text == "," || text == ":" || text == ")" || text == "]" || text == "[":
		return false
	case before == "(" || before == "[" || wasUnary || wasTight:
		return false
	case text == "(" && prev.Kind == Function:
		return false
	}
	return true
}

// step takes note of token i, which has been written.
func (s *spacing) step(toks []Token, i int) {
	t := toks[i]
	text := s.src[t.Offset:t.End]
	s.operand = false
	switch t.Kind {
	case Mnemonic:
		w, _ := lookupWord(text)
		s.target = w.spec.Op == isa.SET
		s.list = len(w.spec.Operands) > 1 && !s.target
	case Keyword:
		s.list = false
	case Directive:
		s.directive = true
		s.list = isWord(text, ".CANVAS") || isWord(text, ".TABLE")
		s.target = !isWord(text, ".CANVAS")
	case Punctuation:
		switch text {
		case "(", "[":
			s.depth++
		case ")", "]":
			s.depth--
			s.operand = true
		}
	case Operator:
		if text == "=" {
			s.target = false
		}
	default:
		s.operand = true
	}
	if s.target && s.operand && s.depth == 0 {
		// The target ends here unless an index follows; its value starts anew.
		if i+1 == len(toks) || s.src[toks[i+1].Offset] != '[' {
			s.target = false
			s.operand = i+1 < len(toks) && s.src[toks[i+1].Offset:toks[i+1].End] == "="
		}
	}
}
