package slip

import (
	"fmt"
	"regexp"
	"strings"
)

// cLoop is the for of C and JavaScript, whose semicolons begin a comment here.
var cLoop = regexp.MustCompile(`(?i)^(\s*)for\s*\(\s*(?:(?:int|let|var|auto|const)\s+)?([a-z_]\w*)\s*=\s*([^;]*[^;\s])\s*;\s*([a-z_]\w*)\s*(<=|<|>=|>|!=)\s*([^;]*[^;\s])\s*;\s*(?:([a-z_]\w*)(\+\+|--)|(\+\+|--)([a-z_]\w*)|([a-z_]\w*)\s*(\+=|-=)\s*([^()]+?))\s*\)\s*(\{?)\s*$`)

// cFor finds the for of C and JavaScript.
func cFor(s *scan) (Slip, bool) {
	m := cLoop.FindStringSubmatch(s.Text)
	if m == nil {
		return Slip{}, false
	}
	name, from, op, limit := m[2], m[3], m[5], m[6]
	step := ""
	switch {
	case m[8] == "--" || m[9] == "--":
		step = " STEP -1"
	case m[12] == "-=":
		step = " STEP -" + m[13]
	case m[12] == "+=":
		step = " STEP " + m[13]
	}
	switch op {
	case "<", "!=":
		limit += " - 1"
	case ">":
		limit += " + 1"
	}
	if strings.Contains(step, "-") && op == "!=" {
		limit = m[6] + " + 1"
	}
	begin := len(m[1])
	text := fmt.Sprintf("FOR %s = %s TO %s%s", name, from, limit, step)
	return Slip{From: begin, End: len(strings.TrimRight(s.Text, " \t{")), Say: "FOR counts from one value to another, both included: " + "FOR name = a TO b", Edits: []Edit{{begin, len(s.Text), text}}}, true
}

// rangeFor finds Python's for over a range, and those of others.
func rangeFor(s *scan) (Slip, bool) {
	i := s.first()
	if !s.is(i, "FOR") {
		return Slip{}, false
	}
	name := i + 1
	if s.is(name, "(") {
		name++
	}
	if s.is(name, "let", "var", "const", "int", "each") && s.kindOf(name+1) == word {
		name++
	}
	if s.kindOf(name) != word || !s.is(name+1, "in", "of", "from") {
		return Slip{}, false
	}
	at := name + 2
	n := s.str(name)
	say := "FOR counts from one value to another, both included: FOR name = a TO b"
	if s.is(at, "range") && s.is(at+1, "(") && s.closing(at+1) > at+2 {
		end := s.closing(at + 1)
		args := s.list(at+2, end-1)
		part := func(k int) string { return s.span(args[k][0], args[k][1]) }
		text := ""
		switch len(args) {
		case 1:
			text = fmt.Sprintf("FOR %s = 0 TO %s - 1", n, part(0))
		case 2:
			text = fmt.Sprintf("FOR %s = %s TO %s - 1", n, part(0), part(1))
		case 3:
			limit := " - 1"
			if strings.HasPrefix(part(2), "-") {
				limit = " + 1"
			}
			text = fmt.Sprintf("FOR %s = %s TO %s%s STEP %s", n, part(0), part(1), limit, part(2))
		default:
			return Slip{}, false
		}
		out := s.replaced(i, end, text, say)
		return out, true
	}
	for k := at + 1; k < s.last(); k++ {
		if s.is(k, "..", "...", "to") && s.ends(k-1) && s.begins(k+1) {
			return Slip{From: s.toks[name+1].from, End: s.toks[name+1].end, Say: say, Edits: []Edit{
				{s.toks[name+1].from, s.toks[name+1].end, "="}, {s.toks[k-1].end, s.toks[k+1].from, " TO "},
			}}, true
		}
	}
	return s.said(name+1, name+1, "FOR counts, FOR i = a TO b; the words of an array or table are read by their index, name[i]"), true
}

// forParts finds a FOR whose parts are joined otherwise.
func forParts(s *scan) (Slip, bool) {
	i := s.first()
	if !s.is(i, "FOR") || s.kindOf(i+1) != word {
		return Slip{}, false
	}
	if !s.is(i+2, "=") {
		switch {
		case s.is(i+2, "FROM", ":=", "<-", "=="):
			return s.replaced(i+2, i+2, "=", "FOR gives its name the first value with `=`: FOR name = a TO b"), true
		case s.spaced(i+2) && s.begins(i+2) && !s.is(i+2, "TO", "IN", "("):
			at := s.toks[i+1].end
			return Slip{From: s.toks[i+2].from, End: s.toks[i+2].end, Say: "`=` is missing: FOR name = a TO b", Edits: []Edit{{at, at, " ="}}}, true
		case s.is(i+2, "+", "-", "*", "/", "%"):
			return s.said(i+1, i+2, "FOR counts in a name alone: FOR name = a TO b"), true
		}
		return Slip{}, false
	}
	const say = "the values of FOR stand between TO and STEP: FOR name = a TO b STEP s"
	to, depth := false, 0
	for k := i + 3; k < len(s.toks); k++ {
		switch {
		case s.is(k, "(", "["):
			depth++
		case s.is(k, ")", "]"):
			depth--
		case s.is(k, "TO"):
			to = true
		case depth > 0 || k == s.last():
		case s.is(k, ",") && !to:
			return s.swap(k, " TO ", say), true
		case s.is(k, ","):
			return s.swap(k, " STEP ", say), true
		case s.is(k, "..", "...") && !to:
			return s.swap(k, " TO ", say), true
		case s.is(k, "BY") && to:
			return s.swap(k, " STEP ", "there is no BY here: the step of a FOR follows STEP"), true
		case s.is(k, "DOWNTO") && !to:
			out := s.swap(k, " TO ", "there is no DOWNTO here: FOR counts down with a negative STEP")
			end := s.toks[s.last()].end
			out.Edits = append(out.Edits, Edit{end, end, " STEP -1"})
			return out, true
		case s.is(k, "DOWN", "UP") && s.is(k+1, "TO") && !to && k+1 < s.last():
			out := s.swap(k, " ", "FOR counts down with a negative STEP")
			if end := s.toks[s.last()].end; s.is(k, "DOWN") {
				out.Edits = append(out.Edits, Edit{end, end, " STEP -1"})
			}
			return out, true
		}
	}
	return Slip{}, false
}

// swap is the slip of token k that should be text, spaces included.
func (s *scan) swap(k int, text, say string) Slip {
	return Slip{From: s.toks[k].from, End: s.toks[k].end, Say: say, Edits: []Edit{{s.toks[k-1].end, s.toks[k+1].from, text}}}
}
