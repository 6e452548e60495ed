package lint

import (
	"regexp"
	"strings"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/slip"
	"gvpie/runtime/pxl/syntax"
)

// operands warns of x - 1 in a list of operands, which is two of them.
func (l *linter) operands(s *syntax.Stmt) {
	least := 1
	switch s.Kind {
	case syntax.OpStmt:
		switch spec := isa.Table[s.Op]; {
		case s.Op == isa.EACH:
			least = 4
		case s.Op == isa.SPR:
			least = 2
		case spec.Whole:
			least = len(spec.Operands)
		case len(spec.Operands) > 1:
			least = spec.Min
		}
	case syntax.TableStmt, syntax.PaletteStmt:
	default:
		return
	}
	args := l.Args[s.Arg:s.ArgEnd]
	for k := 1; k < len(args); k++ {
		if !l.splitAt(args[k]) {
			continue
		}
		to := k
		for to+1 < len(args) && l.splitAt(args[to+1]) {
			to++
		}
		from, end := l.extent(l.Exprs[args[k-1]].Pos, l.Exprs[args[to]].End)
		if len(args)-(to-k+1) >= least {
			text := "(" + l.Text(from, end) + ")"
			l.warn(syntax.CodeSplitOperand, from, end, titled(l.replacing(from, end, text), "write "+text), "a space ends an operand, so that these are %d: one expression is %s", to-k+2, syntax.Quoted(text))
		}
		k = to
	}
}

// splitAt says whether an operand begins with a minus that has a space on both
// sides.
func (l *linter) splitAt(arg int32) bool {
	p := l.Exprs[arg].Pos
	if l.byteAt(p) != '-' || l.byteAt(p+1) != ' ' || l.byteAt(p-1) != ' ' {
		return false
	}
	for p--; l.byteAt(p) == ' '; p-- {
	}
	c := l.byteAt(p)
	return c != '(' && c != ','
}

// expression warns of an expression that other languages would read otherwise.
func (l *linter) expression(n *syntax.Expr) {
	switch {
	case n.Kind == syntax.BinaryExpr && sums(n.Op):
		for _, side := range [...]int32{n.A, n.B} {
			c := &l.Exprs[side]
			if c.Kind != syntax.BinaryExpr || !shifts(c.Op) || l.inParentheses(c, side == n.A) || side == n.B && n.Op != isa.ADD && n.Op != isa.SUB {
				continue
			}
			from, end := l.extent(c.Pos, c.End)
			text := "(" + l.Text(from, end) + ")"
			l.warn(syntax.CodeShift, from, end, titled(l.replacing(from, end, text), "write "+text), "a shift goes before %s here, other than in C: say so with parentheses, %s", word(n.Op), syntax.Quoted(text))
		}
	case n.Kind == syntax.BinaryExpr && orders(n.Op):
		c := &l.Exprs[n.A]
		if c.Kind != syntax.BinaryExpr || !orders(c.Op) || l.inParentheses(c, true) {
			return
		}
		from, end := l.extent(n.Pos, n.End)
		_, middle := l.extent(c.Pos, c.End)
		gap := ""
		if l.byteAt(middle) == ' ' {
			gap = " "
		}
		b := &l.Exprs[c.B]
		bf, be := l.extent(b.Pos, b.End)
		both := gap + "&&" + gap + l.Text(bf, be)
		text := l.Text(from, middle) + both + l.Text(middle, end)
		l.warn(syntax.CodeChained, from, end, titled(l.replacing(from, end, text), "write "+text), "a comparison gives 1 or 0, which is compared next: join two with &&, %s", syntax.Quoted(text))
	case n.Kind == syntax.CallExpr && n.Op == isa.RND && n.A != syntax.None:
		if a := &l.Exprs[n.A]; a.Kind == syntax.NumExpr && (a.Val == 1 || a.Val == 0) {
			l.warn(syntax.CodeConstantRandom, n.Pos, n.End, nil, "%s is always 0: rnd(n) is a whole number from 0 to n-1", l.Text(n.Pos, n.End))
		}
	case n.Kind == syntax.CallExpr && (n.Op == isa.KEY || n.Op == isa.KEYP) && n.A != syntax.None:
		a := &l.Exprs[n.A]
		if w := l.Text(a.Pos, a.End); a.Kind == syntax.NumExpr && len(w) == 3 && w[0] == '\'' && 'a' <= w[1] && w[1] <= 'z' {
			up := strings.ToUpper(w)
			l.warn(syntax.CodeKeyCase, a.Pos, a.End, l.replacing(a.Pos, a.End, up), "the key of a letter has its capital's code: key(%s)", up)
		}
	}
}

func shifts(op isa.Op) bool { return op == isa.SHL || op == isa.SHR || op == isa.USHR }

func sums(op isa.Op) bool {
	return op == isa.ADD || op == isa.SUB || op == isa.MUL || op == isa.DIV || op == isa.MOD
}

func orders(op isa.Op) bool { return op == isa.LT || op == isa.LE || op == isa.GT || op == isa.GE }

func word(op isa.Op) string {
	return map[isa.Op]string{isa.ADD: "`+`", isa.SUB: "`-`", isa.MUL: "`*`", isa.DIV: "`/`", isa.MOD: "`%`"}[op]
}

// inParentheses says whether an operand, the left or the right one, stands in
// parentheses of its own.
func (l *linter) inParentheses(c *syntax.Expr, left bool) bool {
	from, end := l.extent(c.Pos, c.End)
	if left {
		for l.byteAt(end) == ' ' {
			end++
		}
		return l.byteAt(end) == ')'
	}
	for from--; l.byteAt(from) == ' '; from-- {
	}
	return l.byteAt(from) == '('
}

// keywordLabels warns of ELSE: and END: in a block, which are labels.
func (l *linter) keywordLabels() {
	var open syntax.Blocks
	named := make(map[string]bool) // by a JMP or CALL
	for i := range l.Stmts {
		if s := &l.Stmts[i]; s.Kind == syntax.OpStmt && (s.Op == isa.JMP || s.Op == isa.CALL) {
			named[l.Text(s.Name, s.NameEnd)] = true
		}
	}
	for i := range l.Stmts {
		s := &l.Stmts[i]
		switch {
		case s.OpensBlock():
			open.Open(s.Kind, int32(i))
		case s.Kind == syntax.EndStmt:
			open.Close()
		case s.Kind == syntax.ElseIfStmt, s.Kind == syntax.ElseStmt:
			open.Next(int32(i), s.Kind == syntax.ElseStmt)
		case s.Kind == syntax.LabelStmt:
			name := l.Text(s.Name, s.NameEnd)
			if named[name] || !(syntax.EqualFold(name, "ELSE") && open.TakesElse()) && !(syntax.EqualFold(name, "END") && open.Opener() != syntax.None) {
				continue
			}
			end := s.NameEnd
			for l.byteAt(end) == ' ' {
				end++
			}
			fix := titled(l.replacing(s.Name, end+1, name), "write "+name)
			l.warn(syntax.CodeKeywordLabel, s.Name, end+1, fix, "this is a label with the name of a keyword: the %s of a block has no colon", strings.ToUpper(name))
		}
	}
}

// remarks warns of comments that are meant for more.
func (l *linter) remarks() {
	l.remarksOf(l.Files.Main())
	for _, f := range l.Files.Included() {
		l.remarksOf(f)
	}
}

func (l *linter) remarksOf(f *syntax.File) {
	src := f.Source()
	for at := 0; at < len(src); {
		i := strings.IndexAny(src[at:], ";#")
		if i < 0 {
			return
		}
		at += i
		end := len(src)
		if k := strings.IndexByte(src[at:], '\n'); k >= 0 {
			end = at + k
		}
		begin := strings.LastIndexByte(src[:at], '\n') + 1
		switch head := src[begin:at]; {
		case src[at] == '#':
			if strings.TrimSpace(head) == "" {
				l.define(f, src, at, end)
			} else if !strings.ContainsRune(src[at:end], ';') {
				break
			} else {
				at++ // a comment may follow still
				continue
			}
		case at > begin && src[at-1] != ' ' && src[at-1] != '\t' && src[at-1] != ';':
			l.afterSemicolon(f, src, begin, at, end)
		}
		at = end
	}
}

// define warns of C's #define, a comment here.
func (l *linter) define(f *syntax.File, src string, at, end int) {
	rest, ok := strings.CutPrefix(src[at:end], "#define ")
	if !ok {
		return
	}
	fields := strings.Fields(rest)
	if len(fields) != 2 || !syntax.IsLetter(fields[0][0]) {
		return
	}
	if _, ok := syntax.ParseNumber(fields[1]); !ok {
		return
	}
	if _, taken := l.scope.Names[fields[0]]; taken {
		return
	}
	from := f.Pos(at)
	fix := l.replacing(from, from+syntax.Pos(len("#define")), ".const")
	l.warn(syntax.CodeComment, from, f.Pos(end), fix, "a line that begins with # is a comment: a constant is declared with .const %s %s", fields[0], fields[1])
}

// afterSemicolon warns of a statement behind a semicolon, which begins a comment.
func (l *linter) afterSemicolon(f *syntax.File, src string, begin, at, end int) {
	rest := strings.TrimSpace(strings.TrimRight(src[at+1:end], " \t\r;"))
	if rest == "" || !syntax.IsLetter(rest[0]) || !strings.ContainsRune(rest, ' ') {
		return
	}
	line := src[begin:end]
	var comment bool
	for _, t := range syntax.Lex(line) {
		comment = comment || t.Kind == syntax.Comment && t.Offset == at-begin
	}
	if !comment || !l.reads(rest) {
		return
	}
	from := at + 1
	for src[from] == ' ' || src[from] == '\t' {
		from++
	}
	indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	l.warn(syntax.CodeComment, f.Pos(at), f.Pos(end), titled(l.replacing(f.Pos(at), f.Pos(from), "\n"+indent), "write "+rest+" on a line of its own"),
		"a semicolon begins a comment, so that %s is not done: one statement a line", syntax.Quoted(rest))
}

// curly is a text wholly in curly quotes.
var curly = regexp.MustCompile(`^[“”„«»][^“”„«»]*[“”„«»]$`)

// lookalikes warns of characters in a text that only look like others.
func (l *linter) lookalikes(from, end syntax.Pos) {
	text := l.Text(from, end)
	first, width := -1, 0
	said := ""
	whole := curly.MatchString(text)
	var b strings.Builder
	for i, r := range text {
		look, ok := slip.Looks(r)
		if !ok || r < 0x80 {
			b.WriteRune(r)
			continue
		}
		if look.ASCII == `"` && !whole {
			b.WriteByte('\\')
		}
		b.WriteString(look.ASCII)
		if first < 0 {
			first, width, said = i, len(string(r)), look.Sentence(r)
		}
	}
	if first >= 0 {
		at := from + syntax.Pos(first)
		l.warn(syntax.CodeLookalike, at, at+syntax.Pos(width), titled(l.replacing(from, end, b.String()), "write "+b.String()), "%s; text has no such character, and shows a box", said)
	}
}
