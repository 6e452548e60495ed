package slip

import (
	"fmt"
	"regexp"
	"strings"
)

// blockOpeners begin a line after which other languages put a colon, a brace, DO
// or THEN.
var blockOpeners = []string{"IF", "ELSE", "ELIF", "ELSEIF", "WHILE", "FOR", "EACH"}

// braces finds the braces that C and JavaScript put around blocks.
func braces(s *scan) (Slip, bool) {
	const say = "a block has no braces: it goes up to a line with END"
	last := s.last()
	if isFunction(s) {
		return Slip{}, false
	}
	switch {
	case s.is(0, "}") && s.is(1, "else"):
		return s.removed(0, 0, "ELSE stands on a line of its own; the block before it needs no brace"), true
	case s.is(0, "}") && (last == 0 || s.only(1, "}", ")", ",", "end")):
		return s.rewritten(0, last, "END", "a block ends with END, not with a brace"), true
	case s.is(s.first(), "IF", "WHILE", "FOR", "ELSE") && !s.is(last, "{", "}") && holds(s, "{"):
		for i := range s.toks {
			if s.is(i, "{") {
				return s.said(i, i, "a block has no braces: its statements go on lines of their own, up to END"), true
			}
		}
	case s.is(0, "{") && last == 0:
		return s.removed(0, 0, say), true
	case last > 0 && s.is(last, "{") && s.is(s.first(), blockOpeners...):
		return s.removed(last, last, say), true
	case last > 0 && s.is(last, "}") && s.is(s.first(), "IF"):
		for i := range s.toks {
			if !s.is(i, "{") || s.closing(i) != last {
				continue
			}
			a, b := s.toks[i], s.toks[last]
			return Slip{From: a.from, End: a.end, Say: "the statement follows the condition of IF, without braces", Edits: []Edit{{a.from, s.toks[i+1].from, ""}, {s.toks[last-1].end, b.end, ""}}}, i+1 < last
		}
	}
	return Slip{}, false
}

// holds says whether one of the tokens is this.
func holds(s *scan, w string) bool {
	for i := range s.toks {
		if s.is(i, w) {
			return true
		}
	}
	return false
}

// only says whether the tokens from i on are all of these.
func (s *scan) only(i int, any ...string) bool {
	for ; i < len(s.toks); i++ {
		if !s.is(i, any...) {
			return false
		}
	}
	return true
}

// A line that begins a loop, and one that jumps to a label named loop.
var (
	anyLoop = regexp.MustCompile(`(?mi)^\s*(?:\d+\s+)?(?:do|while|for|repeat)\b`)
	toLoop  = regexp.MustCompile(`(?i)\b(?:jmp|goto|jump|call|gosub)\s+loop\b`)
)

// blockEnd finds the words that end a block elsewhere.
func blockEnd(s *scan) (Slip, bool) {
	const say = "a block ends with END alone, whatever it is"
	last := s.last()
	if i := s.first(); i > 0 && s.is(i, "NEXT", "WEND", "ENDIF", "LOOP") {
		inner := *s
		inner.toks = s.toks[i:]
		return blockEnd(&inner)
	}
	switch {
	case s.is(0, "LOOP") && (last > 0 || !anyLoop.MatchString(s.Source) || toLoop.MatchString(s.Source)) && !s.is(1, "WHILE", "UNTIL"):
	case s.is(0, "LOOP", "ENDIF", "ENDFOR", "ENDWHILE", "ENDEACH", "WEND", "NEXT", "FI", "OD", "DONE", "END_IF", "END_FOR", "END_WHILE", "ENDLOOP", "ENDSELECT", "ESAC") && !s.is(1, ":", "="):
		if last == 0 {
			return s.replaced(0, 0, "END", fmt.Sprintf("there is no %s here: %s", strings.ToUpper(s.str(0)), say)), true
		}
		if s.is(0, "NEXT") {
			return Slip{From: s.toks[0].from, End: s.toks[last].end, Say: "there is no NEXT here: " + say, Edits: []Edit{{s.toks[0].from, s.toks[1].from, "END ; "}}}, true
		}
		if s.is(0, "LOOP") && s.is(1, "WHILE", "UNTIL") && last > 1 {
			cond := s.span(2, last)
			text := "  IF " + cond + " BREAK\nEND"
			if s.is(1, "WHILE") {
				text = "  IF !(" + cond + ") BREAK\nEND"
			}
			return s.rewritten(0, 1, text, "a loop ends with END: leave it with IF cond BREAK"), true
		}
	case s.is(0, "END") && s.is(1, "SUB", "FUNCTION", "DEF", "SELECT", "DO", "LOOP", "PROC", "PROCEDURE", "REPEAT", "CASE", "SWITCH", "BLOCK", "UNLESS", "WHEN") && last == 1:
		return s.removed(1, 1, "END stands alone: it closes the nearest block that is open"), true
	case s.is(0, "END") && last > 0 && s.only(1, ")", "}", ","):
		return s.removed(1, last, "END stands alone: it closes the nearest block that is open"), true
	}
	return Slip{}, false
}

// untilLoop finds the loops of BASIC, Lua and C that are a WHILE here.
func untilLoop(s *scan) (Slip, bool) {
	last := s.last()
	switch {
	case s.is(0, "DO", "REPEAT", "LOOP", "FOREVER") && (last == 0 && !s.is(0, "LOOP") || last == 1 && s.is(1, "{", ":")):
		return s.rewritten(0, last, "WHILE 1", fmt.Sprintf("there is no %s here: a loop without an end is WHILE 1 … END", strings.ToUpper(s.str(0)))), true
	case s.is(0, "DO") && s.is(1, "WHILE") && last > 1:
		return s.removed(0, 0, "a loop begins with WHILE and its condition"), true
	case s.is(0, "DO") && s.is(1, "UNTIL") && last > 1:
		return s.rewritten(0, 1, "WHILE !("+s.span(2, last)+")", "there is no UNTIL here: a loop goes on WHILE its condition holds"), true
	case s.is(0, "UNTIL") && last > 0:
		return s.rewritten(0, 0, "  IF "+s.span(1, last)+" BREAK\nEND", "there is no UNTIL here: leave the loop with IF cond BREAK"), true
	}
	return Slip{}, false
}

// blockWord finds the DO and BEGIN behind the head of a loop.
func blockWord(s *scan) (Slip, bool) {
	last := s.last()
	if last > 0 && s.is(s.first(), "FOR", "WHILE", "IF") && s.is(last, "DO", "BEGIN", "LOOP") && s.ends(last-1) && s.spaced(last) {
		return s.removed(last, last, fmt.Sprintf("there is no %s here: the block begins on the next line", strings.ToUpper(s.str(last)))), true
	}
	return Slip{}, false
}

// blockColon finds Python's colon behind the head of a block.
func blockColon(s *scan) (Slip, bool) {
	if !s.is(0, blockOpeners...) {
		return Slip{}, false
	}
	for i := 1; i < len(s.toks); i++ {
		if s.is(i, ":") && i < s.last() && s.is(0, "FOR", "WHILE") && !s.spaced(i) && s.ends(i-1) && !s.is(s.last(), "END", "NEXT", "WEND") && !s.is(s.last()-1, "NEXT") {
			end := s.toks[s.last()].end
			return Slip{From: s.toks[i].from, End: s.toks[i].end, Say: "what is repeated goes on lines of its own, up to END", Edits: []Edit{
				{s.toks[i].from, s.toks[i+1].from, "\n" + s.indent() + "  "}, {end, end, "\n" + s.indent() + "END"},
			}}, true
		}
		if s.is(i, ":") && (i == s.last() || s.verb(i+1) && s.is(0, "IF")) {
			if i == s.last() {
				return s.removed(i, i, "the head of a block has no colon"), true
			}
			return s.removed(i, i, "the statement follows the condition of IF, without a colon"), true
		}
	}
	return Slip{}, false
}

// then finds BASIC's THEN.
func then(s *scan) (Slip, bool) {
	for i := 2; i < len(s.toks); i++ {
		if !s.is(i, "THEN") && (!s.is(i, "DO", ",") || !s.verb(i+1)) || !s.ends(i-1) || s.head(i-1) < 0 || !s.is(s.head(i-1), "IF", "ELSEIF", "ELIF") {
			continue
		}
		t := s.toks[i]
		say := fmt.Sprintf("there is no %s: the statement follows the condition", strings.ToUpper(s.str(i)))
		if s.is(i, ",") {
			say = "the statement follows the condition, without a comma"
			s.toks[i].from = s.toks[i-1].end
			t = s.toks[i]
		}
		out := Slip{From: t.from, End: t.end, Say: say, Edits: []Edit{{t.from, t.end, ""}}}
		if s.is(i, ",") {
			out.Edits[0].Text = " "
		}
		if i < s.last() {
			out.Edits[0].End = s.toks[i+1].from
		}
		return out, true
	}
	return Slip{}, false
}

// split gives, for a line that begins with IF at token i, the last token of its
// condition, and the first of the statement behind it.
func (s *scan) split(i int) (cond, stmt int, ok bool) {
	depth := 0
	for k := i + 1; k < len(s.toks); k++ {
		switch s.str(k) {
		case "(", "[":
			depth++
		case ")", "]":
			depth--
		}
		if depth == 0 && k > i+1 && s.ends(k-1) && s.kindOf(k) == word && (s.verb(k) || s.is(k+1, "=", "[") && s.kindOf(k+1) == sign) {
			return k - 1, k, true
		}
	}
	return 0, 0, false
}

// oneLineElse cuts a one-line IF with an ELSE into lines.
func oneLineElse(s *scan) (Slip, bool) {
	from := s.first()
	if !s.is(from, "IF") {
		if s.is(from, "ELSE") && from+1 < len(s.toks) && !s.is(from+1, "IF", ":", "{") && s.verb(from+1) {
			out := s.rewritten(from, from, "", "what ELSE does goes on a line of its own")
			out.From, out.End = s.toks[from+1].from, s.toks[s.last()].end
			out.Edits = []Edit{{s.toks[from].end, s.toks[from+1].from, "\n" + s.indent() + "  "}}
			return out, true
		}
		return Slip{}, false
	}
	var b strings.Builder
	first := -1
	begin, part := from, "IF "
	for {
		cond, stmt, ok := s.split(begin)
		if part == "ELSE" {
			cond, stmt, ok = begin, begin+1, begin < s.last()
		}
		if !ok || stmt > s.last() {
			return Slip{}, false
		}
		otherwise := stmt + 1
		for otherwise < len(s.toks) && !(s.is(otherwise, "ELSE", "ELSEIF", "ELIF") && s.kindOf(otherwise) == word) {
			otherwise++
		}
		end := otherwise - 1
		for end > stmt && s.is(end, "END", "ENDIF") || end > stmt && s.is(end, "IF") && s.is(end-1, "END") {
			end--
		}
		if part == "ELSE" {
			b.WriteString("ELSE\n  " + s.span(stmt, end) + "\n")
		} else {
			b.WriteString(part + s.span(begin+1, cond) + "\n  " + s.span(stmt, end) + "\n")
		}
		if otherwise == len(s.toks) {
			break
		}
		if first < 0 {
			first = otherwise
		}
		begin, part = otherwise, "ELSE"
		if s.is(otherwise, "ELSEIF", "ELIF") {
			part = "ELSE IF "
		} else if s.is(otherwise+1, "IF") {
			begin, part = otherwise+1, "ELSE IF "
		}
	}
	if first < 0 {
		return Slip{}, false
	}
	b.WriteString("END")
	out := s.rewritten(first, first, b.String(), "an IF on one line has no ELSE: put IF, ELSE and END on lines of their own")
	out.Edits[0].From = s.toks[from].from
	return out, true
}

// oneLineEnd finds the END of an IF that stands on one line.
func oneLineEnd(s *scan) (Slip, bool) {
	last := s.last()
	from := s.first()
	if !s.is(from, "IF") || last < 3 {
		return Slip{}, false
	}
	cut := last
	switch {
	case s.is(last, "END", "ENDIF"):
	case s.is(last, "IF") && s.is(last-1, "END"):
		cut--
	default:
		return Slip{}, false
	}
	if _, stmt, ok := s.split(from); !ok || stmt >= cut {
		return Slip{}, false
	}
	return s.removed(cut, last, "an IF with its statement on one line has no END"), true
}

// oneLineBody finds the statement behind the head of a loop.
func oneLineBody(s *scan) (Slip, bool) {
	from := s.first()
	if !s.is(from, "FOR", "WHILE") {
		return Slip{}, false
	}
	_, stmt, ok := s.split(from)
	if !ok || s.is(stmt, "TO", "STEP") {
		return Slip{}, false
	}
	verb := strings.ToUpper(s.str(from))
	text := "\n" + s.indent() + "  "
	edits := []Edit{{s.toks[stmt-1].end, s.toks[stmt].from, text}}
	if last := s.last(); last > stmt && s.is(last, "END") {
		edits = append(edits, Edit{s.toks[last-1].end, s.toks[last].from, "\n" + s.indent()})
	}
	return Slip{From: s.toks[stmt].from, End: s.toks[stmt].end, Say: fmt.Sprintf("what %s repeats goes on lines of its own, up to END", verb), Edits: edits}, true
}

// statements cuts BASIC's statements with colons between them, and those of C that
// a semicolon would make a comment of, into lines.
func statements(s *scan) (Slip, bool) {
	from := s.first()
	for i := from + 1; i < s.last(); i++ {
		if !s.is(i, ":") || !s.ends(i-1) && !s.verb(i-1) || !s.verb(i+1) && !s.is(i+2, "=", "+=", "-=") {
			continue
		}
		const say = "one statement a line: what follows the colon goes on a line of its own"
		if !s.is(from, "IF") {
			return Slip{From: s.toks[i].from, End: s.toks[i].end, Say: say, Edits: []Edit{{s.toks[i-1].end, s.toks[i+1].from, "\n" + s.indent()}}}, true
		}
		cond, stmt, ok := s.split(from)
		if !ok {
			return Slip{}, false
		}
		text := s.span(from, cond) + "\n  " + s.span(stmt, i-1)
		for next := i; next < len(s.toks); {
			end := next + 1
			for end < len(s.toks) && !s.is(end, ":") {
				end++
			}
			text += "\n  " + s.span(next+1, end-1)
			next = end
		}
		out := s.rewritten(i, i, text+"\nEND", "one statement a line: an IF over several goes up to a line with END")
		out.Edits[0].From = s.toks[from].from
		return out, true
	}
	return Slip{}, false
}

// starters are what programs elsewhere begin with, and what takes the place of
// the end of such a function.
var starters = map[string]string{
	"main": "HALT", "setup": "HALT", "_init": "HALT", "init": "HALT", "boot": "HALT",
	"_draw": "FRAME\nJMP ", "_update": "FRAME\nJMP ", "_update60": "FRAME\nJMP ", "draw": "", "loop": "FRAME\nJMP ", "tic": "FRAME\nJMP ",
}

// isFunction says whether a line defines a function.
func isFunction(s *scan) bool {
	i := 0
	if s.is(0, "local", "async", "export", "public", "static", "void", "int", "float") && s.kindOf(1) == word && !s.is(1, "x") {
		i = 1
	}
	if s.is(i, "function", "def", "sub", "fn", "func", "fun", "proc", "procedure") && s.kindOf(i+1) == word {
		return true
	}
	return s.is(0, "void", "int", "float") && s.kindOf(1) == word && s.is(2, "(")
}

// function finds the head of a function.
func function(s *scan) (Slip, bool) {
	if !isFunction(s) || s.is(0, "def") && !s.is(s.last(), ":", "{") {
		return Slip{}, false
	}
	name := 1
	if s.is(1, "function", "def", "fn", "func") && s.kindOf(2) == word {
		name = 2
	}
	n := s.str(name)
	last := s.last()
	var params []string
	if s.is(name+1, "(") {
		for _, p := range s.list(name+2, max(name+1, s.closing(name+1)-1)) {
			if s.kindOf(p[1]) == word && !s.is(p[1], "void") {
				params = append(params, s.str(p[1]))
			}
		}
	}
	label := n
	if s.Verb(n) {
		label = n + "_"
	}
	closer := starters[strings.ToLower(n)]
	if strings.HasSuffix(closer, " ") {
		closer += label
	}
	if closer == "" || len(params) > 0 || s.called(n) {
		text := "DEF " + label
		if len(params) > 0 {
			text += "(" + strings.Join(params, ", ") + ")"
		}
		out := s.rewritten(0, last, text, fmt.Sprintf("a procedure begins with its name and parameters, `%s`, and ends with END", text))
		out.From, out.End = s.toks[0].from, s.toks[name].end
		return out, true
	}
	say := fmt.Sprintf("a program begins at its first line; a place in it to jump to is a label, `%s:`", label)
	out := s.rewritten(0, last, label+":", say)
	out.From, out.End = s.toks[0].from, s.toks[name].end
	out.Closer = closer
	return out, true
}

// called says whether a line of the program calls a name.
func (s *scan) called(name string) bool {
	return regexp.MustCompile(`(?mi)^\s*(?:call\s+|gosub\s+)?` + regexp.QuoteMeta(name) + `\s*\(\s*\)`).MatchString(s.Source)
}
