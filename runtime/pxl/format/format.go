package format

import (
	"strings"
	"unicode/utf8"

	"gvpie/runtime/pxl/syntax"
)

// Format lays source out in the one way that programs are laid out here: blocks
// indented by two, labels one level out and the code under them one level in,
// mnemonics in capitals, one space where there were several, comments behind
// statements aligned. It changes no meaning, keeps every comment and blank line
// but those at the very end, and is idempotent. A line that cannot be read is
// left as it is; so is a source that is no text.
func Format(src string) string {
	files := &syntax.FileSet{}
	r := syntax.NewReporter(files)
	file := files.Add("", src)
	tree, ok := syntax.Parse(file, r, nil)
	bad, all := r.Lines(syntax.CodeMissingEnd, syntax.CodeInclude)
	if !ok || !all {
		return src
	}
	f := formatter{src: src}
	f.read(files, tree.Stmts, bad)
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
	code      string // without indentation and comment
	comment   string
	verbatim  bool   // code is the line as it was
	raw       string // the line as it was, of a comment on a line of its own
	label     bool   // starts with a label
	direct    bool   // is a directive
	def       bool   // is a DEF
	continued bool   // goes on with a directive's list
	opens     int    // blocks
	closes    int    // 1 for END
	part      bool   // ELSE
	level     int    // of indentation
	gap       int    // spaces before a comment behind code
}

// read cuts the source into lines and lays out each one's tokens. bad lines, by
// their number from 1, are left as they are.
func (f *formatter) read(files *syntax.FileSet, stmts []syntax.Stmt, bad map[int]bool) {
	next, number := 0, 0 // statement, line
	for l := range syntax.Lines(f.src) {
		var line layoutLine
		for ; next < len(stmts) && files.Offset(stmts[next].Pos) < l.Next; next++ {
			line.shape(&stmts[next])
		}
		verbatim := false
		for range strings.SplitAfter(strings.TrimSuffix(f.src[l.From:l.Next], "\n"), "\n") {
			number++
			verbatim = verbatim || bad[number]
		}
		if len(l.Tokens) > 0 && l.Tokens[0].Kind == syntax.Row {
			f.remarksOf(len(f.lines))
			line.verbatim = true
			line.code = strings.TrimRight(f.src[l.From:l.Next], " \t\r\n")
			f.lines = append(f.lines, line)
			continue
		}
		// The list of a directive may go on over several lines.
		toks := l.Tokens
		for from := l.From; from < l.Next; {
			end := l.Next
			if i := strings.IndexByte(f.src[from:end], '\n'); i >= 0 {
				end = from + i + 1
			}
			n := 0
			for n < len(toks) && toks[n].Offset < end {
				n++
			}
			if line.verbatim = verbatim; verbatim {
				line.code = strings.TrimRight(f.src[from:end], "\r\n")
			} else {
				line.write(f.src, from, end, toks[:n])
			}
			f.lines = append(f.lines, line)
			toks, from = toks[n:], end
			line = layoutLine{direct: true, continued: true}
		}
	}
}

// remarksOf keeps the comments between the rows of a sprite, above one, as they are:
// they are a part of its picture.
func (f *formatter) remarksOf(row int) {
	for i := row - 1; i >= 0 && f.lines[i].code == "" && f.lines[i].comment != ""; i-- {
		l := &f.lines[i]
		l.verbatim, l.code, l.comment = true, l.raw, ""
	}
}

// write lays out the tokens of the line [from, end) of the source.
func (l *layoutLine) write(src string, from, end int, toks []syntax.Token) {
	n := len(toks)
	if n == 0 {
		return
	}
	if last := toks[n-1]; last.Kind == syntax.Comment {
		l.comment = strings.TrimRight(src[last.Offset:last.End], " \t")
		toks = toks[:n-1]
	}
	l.code = layout(src, toks, l.continued)
	l.raw = strings.TrimRight(src[from:end], " \t\r\n")
}

// shape notes what a statement means for the indentation of its line.
func (l *layoutLine) shape(s *syntax.Stmt) {
	l.direct = l.direct || s.Declares()
	switch s.Kind {
	case syntax.LabelStmt:
		l.label = true
	case syntax.ElseStmt, syntax.ElseIfStmt:
		l.part = true
	case syntax.EndStmt:
		l.closes++
	default:
		l.def = l.def || s.Kind == syntax.DefStmt
		if s.OpensBlock() {
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
		switch {
		case depth > 0:
		case l.label:
			under = 1
		case l.def:
			under, inner = 0, 0 // what stands under a label ends here
		}
		switch {
		case l.part:
			l.level = max(0, inner-1)
		case l.label:
			l.level = max(0, depth+under-1)
		case l.continued:
			l.level = depth + 1
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
