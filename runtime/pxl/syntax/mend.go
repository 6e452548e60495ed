package syntax

import (
	"slices"
	"strings"

	"gvpie/runtime/pxl/slip"
)

// A line that cannot be read is often one that another language would read. The
// slips of such a line are mended one after the other until it can be read; then
// it is read so, that one mistake is one diagnostic, and the fix of that is the
// whole mended line. So a fix never leaves its line with another error.

// maxSlips bounds the steps to a line that can be read; a line with more errors
// than that is none.
const maxSlips = 12

// mark is a state of the parser between two lines.
type mark struct {
	stmts, exprs, args, parts, open, closers, dedents int
	calls, actuals                                    int
	found, errs, more                                 int
	files                                             int
	top                                               block // the innermost open block
}

func (p *parser) mark() mark {
	m := mark{
		len(p.Stmts), len(p.Exprs), len(p.Args), len(p.Parts), len(p.blocks.open), len(p.closers), len(p.dedents),
		len(p.Calls), len(p.Actuals),
		len(p.found), p.errs, p.more, len(p.Files.files), block{},
	}
	if m.open > 0 {
		m.top = p.blocks.open[m.open-1]
	}
	return m
}

// back makes everything what it was at a mark, of which no more than one line was
// read since.
func (p *parser) back(m mark) {
	p.Stmts, p.Exprs, p.Args, p.Parts = p.Stmts[:m.stmts], p.Exprs[:m.exprs], p.Args[:m.args], p.Parts[:m.parts]
	p.Calls, p.Actuals = p.Calls[:m.calls], p.Actuals[:m.actuals]
	p.closers, p.dedents = p.closers[:m.closers], p.dedents[:m.dedents]
	p.found, p.errs, p.more = p.found[:m.found], m.errs, m.more
	p.Files.files = p.Files.files[:m.files]
	p.blocks.open = p.blocks.open[:m.open]
	if m.open > 0 {
		p.blocks.open[m.open-1] = m.top
		if last := m.top.last; last != None {
			p.Stmts[last].Match = None
		}
	}
}

// badRow says whether what was reported first since a mark is of a sprite's row,
// which no other language would read either.
func (r *Reporter) badRow(m mark) bool {
	return len(r.found) > m.found && r.found[m.found].Code == CodeSprite
}

// mending is a line on its way to one that can be read.
type mending struct {
	text   string
	origin []int32 // of each byte, and of the end
}

// edit makes edits, which are in order, of a line.
func (m *mending) edit(edits []slip.Edit) {
	var b strings.Builder
	var origin []int32
	at := 0
	for _, e := range edits {
		b.WriteString(m.text[at:e.From])
		origin = append(origin, m.origin[at:e.From]...)
		b.WriteString(e.Text)
		words := wordFinder{was: m.text[e.From:e.End]}
		kept := 0
		// What is written again as it was comes from where it was.
		if i := strings.Index(e.Text, m.text[e.From:e.End]); i >= 0 && e.End > e.From {
			kept = i
			for range i {
				origin = append(origin, m.origin[e.From])
			}
			origin = append(origin, m.origin[e.From:e.End]...)
			kept += e.End - e.From
		}
		for k := kept; k < len(e.Text); k++ {
			origin = append(origin, m.origin[min(e.End, e.From+words.place(e.Text, k))])
		}
		at = e.End
	}
	b.WriteString(m.text[at:])
	m.text, m.origin = b.String(), append(origin, m.origin[at:]...)
}

// wordFinder finds the words of a new text in the old one, in order.
type wordFinder struct {
	was      string
	from, at int // the last word: where it begins in the new text, and in the old one
	next     int
}

// place gives where the word of text that byte k is in stands in the old text; 0
// if it does not.
func (f *wordFinder) place(text string, k int) int {
	from, end := k, k
	for from > 0 && wordByte(text[from-1]) {
		from--
	}
	for end < len(text) && wordByte(text[end]) {
		end++
	}
	if from == end {
		return 0
	}
	if f.next == 0 || f.from != from {
		f.from, f.at = from, f.find(text[from:end], f.next)
		if f.at < 0 {
			f.at = f.find(text[from:end], 0)
		}
		if f.at >= 0 {
			f.next = f.at + end - from
		}
	}
	if f.at < 0 {
		return 0
	}
	return f.at + k - from
}

// find gives where a word stands from a byte on, or -1.
func (f *wordFinder) find(w string, at int) int {
	for {
		i := strings.Index(f.was[at:], w)
		if i < 0 {
			return -1
		}
		i += at
		after := i + len(w)
		if (i == 0 || !wordByte(f.was[i-1])) && (after == len(f.was) || !wordByte(f.was[after])) {
			return i
		}
		at = i + 1
	}
}

func wordByte(c byte) bool { return IsLetter(c) || IsDigit(c) }

// mend reads the line that was read since a mark as it should have been written.
// If that is not known all stays as it is, but for a better sentence.
func (p *parser) mend(before mark) {
	if len(p.found) == before.found {
		return
	}
	first := p.found[before.found]
	begin := int(p.file.lines[p.file.line(min(p.lex.eol, p.file.size))-1])
	if p.lex.eol-begin > maxMended || len(p.lex.toks) > 0 && p.lex.toks[0].Offset < begin {
		return // a long line, or a list over several
	}
	if begin == 0 && strings.HasPrefix(p.src, byteOrderMark) {
		begin = len(byteOrderMark)
	}
	whole := p.src[begin:p.lex.eol]
	m := &mending{text: whole, origin: make([]int32, len(whole)+1)}
	for i := range m.origin {
		m.origin[i] = int32(begin + i)
	}
	lex, file, src := p.lex, p.file, p.src
	restore := func() { p.lex, p.file, p.src, p.mending = lex, file, src, false }
	toks := append([]Token(nil), p.lex.toks...)
	found, offset := first, begin
	said := sentence{from: begin + len(whole) + 1}
	title, closer, guess := "", "", false
	for step := 0; step < maxSlips; step++ {
		tail := len(m.text)
		for _, t := range toks {
			if t.Kind == Unknown && strings.IndexByte("\"'", m.text[t.Offset-offset]) >= 0 {
				break // a text, though not where it should be
			}
			if t.Kind == Text || t.Kind == Quote || t.Kind == Escape || t.Kind == Brace {
				tail = t.Offset - offset
				break
			}
		}
		// Of several lines it is about the one that failed.
		from, to := lineAround(m.text, p.lex.eol-offset)
		if step == 0 {
			from, to = 0, len(m.text)
		}
		s, ok := slip.Find(slip.Line{Text: m.text[from:to], Tail: min(max(tail, from), to) - from, Source: src, Verb: isVerb, Color: colorNamed, Unary: isUnary})
		s.From, s.End = s.From+from, s.End+from
		for i := range s.Edits {
			s.Edits[i].From, s.Edits[i].End = s.Edits[i].From+from, s.Edits[i].End+from
		}
		if ok && len(s.Edits) == 0 && step > 0 && found.Fix != nil {
			ok = false
		}
		switch fix := found.Fix; {
		case ok:
			title = ""
		case fix != nil && found.Code == CodeUnexpectedEnd && (fix.Replace == "" || strings.HasSuffix(fix.Replace, "END\n")) && !EqualFold(strings.TrimSpace(m.text), "END"):
			// A block's border is not this line's to move.
		case fix != nil && fix.Offset >= offset && fix.End <= offset+len(m.text):
			s = slip.Slip{Edits: []slip.Edit{{From: fix.Offset - offset, End: fix.End - offset, Text: fix.Replace}}}
			if title = ""; step == 0 {
				title = fix.Title
			}
		}
		switch {
		case s.Say != "":
			said.first(int(m.origin[s.From]), int(m.origin[s.End]), s.Say)
		case step == 0:
			said.first(p.file.Offset(found.from), p.file.Offset(found.end), found.Message)
		case len(s.Edits) > 0:
			said.first(int(m.origin[s.Edits[0].From]), int(m.origin[s.Edits[0].End]), found.Message)
		}
		if len(s.Edits) == 0 {
			// What is in the way counts, not what could be mended.
			last := said
			if strings.Contains(last.text, "did you mean") {
				break
			}
			said = sentence{from: begin + len(whole) + 1}
			switch {
			case s.Say != "":
				said.first(int(m.origin[s.From]), int(m.origin[s.End]), s.Say)
			case step > 0:
				a, b := p.Files.File(found.from).Offset(found.from), p.Files.File(found.end).Offset(found.end)
				said.first(a, b, found.Message)
			default:
				said = last
			}
			break
		}
		if s.Closer != "" {
			closer = s.Closer
		}
		m.edit(s.Edits)
		p.mending = true
		guess = guess || s.Guess
		p.back(before)
		p.file = p.Files.addMended(file, m.text, m.origin)
		p.src, p.lex, offset = m.text, lexer{src: m.text}, 0
		for p.nextLine() {
			p.asWritten()
			if p.errs > before.errs {
				break
			}
		}
		if p.errs > before.errs {
			found, toks = p.found[before.found], append(toks[:0], p.lex.toks...)
			continue
		}
		p.openFunction(closer, before)
		p.failed = false
		rows := p.lex.rows
		restore()
		p.lex.rows = rows
		fix := p.fixOf(m.text, begin, begin+len(whole), title)
		if guess {
			fix = nil
		}
		p.Report(Error, first.Code, p.pos(said.from), p.pos(said.end), fix, "%s", said.text)
		return
	}
	restore()
	p.back(before)
	p.lex.pos = begin
	if p.nextLine() {
		p.asWritten()
	}
	for i := range p.found[before.found:] {
		// A fix that leaves its line with another error is none.
		if fix := p.found[before.found+i].Fix; fix != nil && fix.Offset >= begin && !strings.HasSuffix(fix.Replace, "END\n") {
			p.found[before.found+i].Fix = nil
		}
	}
	if said.text != "" && said.text != first.Message {
		p.found, p.errs = p.found[:before.found], before.errs
		p.Report(Error, first.Code, p.pos(said.from), p.pos(said.end), nil, "%s", said.text)
	}
}

// sentence is what is said of a line: of several slips what the leftmost is.
type sentence struct {
	from, end int // bytes of the source
	text      string
}

func (s *sentence) first(from, end int, text string) {
	if from < s.from {
		*s = sentence{from, max(from, end), text}
	}
}

// lineAround gives the bytes of the line of a text that a byte is on.
func lineAround(text string, at int) (from, to int) {
	at = min(max(at, 0), len(text))
	from = strings.LastIndexByte(text[:at], '\n') + 1
	if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
		return from, at + i
	}
	return from, len(text)
}

// maxMended is the longest line that is mended, in bytes.
const maxMended = 1024

func isVerb(w string) bool {
	_, ok := LookupVerb(w)
	return ok
}

// colorNamed gives the name of a colour that is written in any case; "" of none.
func colorNamed(w string) string {
	for _, c := range Colors {
		if strings.EqualFold(w, c.Name) {
			return c.Name
		}
	}
	return ""
}

// isUnary says whether a word, in any case, is a function of one value.
func isUnary(w string) bool {
	return slices.ContainsFunc(Functions, func(f FunctionDoc) bool { return len(f.Params) == 1 && strings.EqualFold(w, f.Name) })
}

// fixOf is the fix that makes text of the source's bytes [from, end), as small as it
// can be.
func (p *parser) fixOf(text string, from, end int, title string) *Fix {
	was := p.src[from:end]
	head := 0
	for head < len(was) && head < len(text) && was[head] == text[head] {
		head++
	}
	for head > 0 && head < len(was) && was[head]&0xC0 == 0x80 {
		head--
	}
	tail := 0
	for tail < len(was)-head && tail < len(text)-head && was[len(was)-1-tail] == text[len(text)-1-tail] {
		tail++
	}
	for tail > 0 && was[len(was)-tail]&0xC0 == 0x80 {
		tail--
	}
	if title == "" {
		var lines []string
		for _, l := range strings.Split(text, "\n") {
			lines = append(lines, strings.TrimSpace(l))
		}
		title = "write " + strings.Join(lines, " / ")
		if strings.TrimSpace(text) == "" {
			title = "leave the line out"
		}
	}
	return &Fix{Title: title, Replace: text[head : len(text)-tail], Offset: from + head, End: end - tail}
}

// openFunction opens the block of what is a function elsewhere.
func (p *parser) openFunction(closer string, before mark) {
	if closer == "" {
		return
	}
	for i := before.stmts; i < len(p.Stmts); i++ {
		if p.Stmts[i].Kind == LabelStmt {
			p.blocks.Open(LabelStmt, int32(i))
			p.closers = append(p.closers, closer)
			return
		}
	}
}

// functionEnd reports the END of what is a function elsewhere.
func (p *parser) functionEnd(s *Stmt) {
	s.Kind = BadStmt
	n := len(p.closers) - 1
	if n < 0 {
		return
	}
	closer := p.closers[n]
	p.closers = p.closers[:n]
	fix := p.Replacing(s.Pos, s.End, closer)
	if fix != nil {
		fix.Title = "write " + strings.ReplaceAll(closer, "\n", " / ")
	}
	why := "a subroutine ends with RET"
	if closer != "RET" {
		why = "this ends with " + strings.ReplaceAll(closer, "\n", " and ")
	}
	p.failFix(CodeUnexpectedEnd, s.Pos, s.End, fix, "%s: END closes blocks alone", why)
}
