package syntax

import (
	"strconv"
	"strings"
)

// What is said of blocks that do not fit goes by the indentation: it shows what was
// meant, and where an END belongs.

// dedent is an END that stands further out than the block it closes began: that
// block lacks its own.
type dedent struct {
	opener int32
	end    Pos
}

// indentAt gives the blanks before the first word of a line, if a place is that word.
func (p *parser) indentAt(at Pos) (string, bool) {
	at = p.Files.written(at)
	f := p.Files.File(at)
	off := f.Offset(at)
	begin := int(f.lines[f.line(off)-1])
	head := f.src[min(begin, off):off]
	return head, strings.Trim(head, " \t") == ""
}

func (p *parser) noteDedent(opener int32, end Pos) {
	if opener == None || len(p.dedents) > MaxDiagnostics {
		return
	}
	in, ok := p.indentAt(p.Stmts[opener].Pos)
	out, first := p.indentAt(end)
	if ok && first && len(out) < len(in) {
		p.dedents = append(p.dedents, dedent{opener, end})
	}
}

// unclosed reports the blocks that have no END, the innermost first.
func (p *parser) unclosed() {
	openers := p.blocks.Openers()
	for i := len(openers) - 1; i >= 0; i-- {
		at := openers[i]
		if p.Stmts[at].Kind == LabelStmt || p.Stmts[at].Failed {
			continue // reported where it begins
		}
		for k, d := range p.dedents {
			if d.opener > at {
				at = d.opener
				p.dedents = append(p.dedents[:k:k], p.dedents[k+1:]...)
				break
			}
		}
		s := &p.Stmts[at]
		if s.Failed {
			continue // what its line lacks is said there
		}
		verb, _, _ := strings.Cut(p.Text(s.Pos, s.End), " ")
		fix := p.endFix(s)
		if p.Unclosed == nil {
			p.Unclosed = make(map[int32]Pos)
		}
		p.Unclosed[at] = p.file.Pos(fix.Offset)
		p.Report(Error, CodeMissingEnd, s.Pos, s.End, fix, "this %s has no END: add END on a line of its own after the last line of the block", strings.ToUpper(verb))
	}
}

// endFix is the fix that adds the END of a block: where its indentation ends, or at
// the end of the program.
func (p *parser) endFix(s *Stmt) *Fix {
	f := p.file
	fix := &Fix{Title: "add END at the end", Replace: "\nEND\n", Offset: len(p.src), End: len(p.src)}
	if strings.HasSuffix(p.src, "\n") {
		fix.Replace = "END\n"
	}
	indent, ok := p.indentAt(s.Pos)
	if !ok || p.Errors() > MaxDiagnostics {
		return fix
	}
	opener := p.Files.Line(s.Pos)
	inside := false
	for line := opener; line < len(f.lines); line++ {
		from, end := int(f.lines[line]), len(p.src)
		if line+1 < len(f.lines) {
			end = int(f.lines[line+1])
		}
		text := strings.TrimRight(p.src[from:end], " \t\r\n")
		rest := strings.TrimLeft(text, " \t")
		if rest == "" || rest[0] == ';' || rest[0] == '#' {
			continue
		}
		if len(text)-len(rest) > len(indent) {
			inside = true
			continue
		}
		word := rest[:wordEnd(rest)]
		if s.Kind == IfStmt && (EqualFold(word, "ELSE") || EqualFold(word, "ELIF") || EqualFold(word, "ELSEIF")) {
			continue
		}
		if label := strings.TrimLeft(rest[len(word):], " \t"); !inside || strings.HasPrefix(label, ":") {
			return fix
		}
		return &Fix{Title: "add END where the block ends, before line " + strconv.Itoa(line+1), Replace: indent + "END\n", Offset: from, End: from}
	}
	if indent != "" {
		fix.Replace = strings.Replace(fix.Replace, "END", indent+"END", 1)
	}
	return fix
}

func wordEnd(s string) int {
	n := 0
	for n < len(s) && wordByte(s[n]) {
		n++
	}
	return n
}

// inlineBefore gives the IF of the statement before s that stands on one line with
// its statement, if it does.
func (p *parser) inlineBefore() (head, stmt *Stmt) {
	n := len(p.Stmts) - 2
	if n < 1 || !p.Stmts[n-1].Inline {
		return nil, nil
	}
	return &p.Stmts[n-1], &p.Stmts[n]
}

// unexpectedEnd reports an END that closes nothing.
func (p *parser) unexpectedEnd(s *Stmt) {
	fix := p.Replacing(s.Pos, s.End, "")
	if fix != nil {
		fix.Title = "leave this END out"
	}
	if head, _ := p.inlineBefore(); head != nil {
		p.failFix(CodeUnexpectedEnd, s.Pos, s.End, fix, "END closes a block, and none is open here: the IF on line %d has its statement on its line and needs no END", p.Files.Line(head.Pos))
		return
	}
	p.failFix(CodeUnexpectedEnd, s.Pos, s.End, fix, "END closes an IF, WHILE, FOR or EACH, and none is open here")
}

// unexpectedElse reports an ELSE without the block of an IF.
func (p *parser) unexpectedElse(s *Stmt) {
	if head, stmt := p.inlineBefore(); head != nil && p.blocks.Opener() == None {
		var fix *Fix
		if indent, ok := p.indentAt(head.Pos); ok && !p.Mended(head) {
			gap := stmt.Pos
			for p.Text(gap-1, gap) == " " {
				gap--
			}
			fix = p.Replacing(gap, stmt.Pos, "\n"+indent+"  ")
			fix.Title = "put the statement of the IF on a line of its own"
		}
		p.failFix(CodeUnexpectedEnd, s.Pos, s.End, fix, "ELSE belongs to an IF whose block is open: the one on line %d has its statement on its line, and ended there", p.Files.Line(head.Pos))
		return
	}
	if o := p.blocks.Opener(); o != None && p.Stmts[o].OpensBlock() && p.blocks.hasIf() {
		opener := &p.Stmts[o]
		verb, _, _ := strings.Cut(p.Text(opener.Pos, opener.End), " ")
		var fix *Fix
		if in, ok := p.indentAt(s.Pos); ok {
			inner, _ := p.indentAt(opener.Pos)
			at := s.Pos - Pos(len(in))
			fix = p.Replacing(at, at, inner+"END\n")
			if fix != nil {
				fix.Title = "add END before it"
			}
		}
		p.failFix(CodeUnexpectedEnd, s.Pos, s.End, fix, "ELSE belongs to an IF, but the %s on line %d has no END before it", strings.ToUpper(verb), p.Files.Line(opener.Pos))
		return
	}
	p.fail(CodeUnexpectedEnd, s.Pos, s.End, "ELSE belongs to an IF whose block is open, and none is here")
}
