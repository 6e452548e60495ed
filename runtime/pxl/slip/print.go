package slip

import "strings"

// printing finds the PRINT of other languages, with what it prints.
func printing(s *scan) (Slip, bool) {
	i := -1
	to := "TXT 1 1 "
	n := 1
	say := "TXT writes text, and says where: TXT x y text"
	for k := range s.toks {
		switch {
		case s.is(k, "PRINT", "PRINTLN", "PRINTF", "ECHO", "WRITE", "WRITELN", "PUTS", "DISPLAY", "SAY", "cout") && (k == 0 || s.head(k) == k || k == s.first()):
		case s.is(k, "console", "system") && s.is(k+1, "."):
			n = 3
			to, say = "LOG ", "LOG writes a line to the run's log"
		case s.is(k, "trace", "printh") && s.is(k+1, "("):
			to, say = "LOG ", "LOG writes a line to the run's log"
		case s.is(k, "LOG") && s.is(k+1, "("):
			to, say = "LOG ", "LOG has no parentheses: what follows is its text"
		default:
			continue
		}
		i = k
		break
	}
	if i < 0 {
		return Slip{}, false
	}
	out := s.said(i, min(s.last(), i+n-1), say)
	if edits := placed(s, i+n); edits != nil && s.is(i, "PRINT") {
		edits[0].From, edits[0].Text = s.toks[i].from, "TXT "+edits[0].Text
		out.Edits = edits
		return out, true
	}
	raw := s.Text[s.toks[i].from:]
	if k := strings.IndexByte(raw, ';'); k >= 0 && s.toks[s.last()].end-s.toks[i].from <= k {
		// BASIC's PRINT "A"; x, of which the semicolon made a comment.
		if rest := strings.TrimSpace(raw[k+1:]); rest != "" && strings.Trim(rest, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") == "" && s.kindOf(s.last()) == text && s.is(i, "PRINT") {
			if body, ok := s.message(i+n, s.last()); ok {
				out.Edits = []Edit{{s.toks[i].from, len(strings.TrimRight(s.Text, " \t\r")), to + `"` + body + "{" + rest + `}"`}}
				return out, true
			}
		}
	}
	from, last := i+n, s.last()
	if s.is(from, "(") && s.closing(from) == last {
		from, last = from+1, last-1
	}
	if from > last {
		if i == s.last() && !s.is(i, "LOG") {
			out.Edits = nil
		}
		return out, true
	}
	// print("text", x, y) of PICO-8 and TIC-80 says where, and in which colour.
	if args := s.list(from, last); len(args) >= 3 && to == "TXT 1 1 " && s.is(i, "PRINT") && s.kindOf(args[0][0]) == text && s.kindOf(args[1][0]) != text && s.is(i+1, "(") {
		body, ok := s.message(args[0][0], args[0][1])
		if ok && len(args) <= 4 {
			text := "TXT " + grouped(s.span(args[1][0], args[1][1])) + " " + grouped(s.span(args[2][0], args[2][1])) + ` "` + body + `"`
			if len(args) == 4 {
				text = "COLOR " + s.span(args[3][0], args[3][1]) + "\n" + text
			}
			out.Edits = s.rewritten(i, i, text, "").Edits
			out.Edits[0].From = s.toks[i].from
			return out, i == 0 || len(args) == 3
		}
	}
	body, ok := s.message(from, last)
	if !ok {
		return out, true
	}
	out.Edits = []Edit{{s.toks[i].from, s.toks[s.last()].end, to + `"` + body + `"`}}
	return out, true
}

// placed gives place and text of BASIC's PRINT (5, 5), "A", or PRINT AT 5, 5; "A", of
// which the semicolon made a comment. nil: there is no place at token i.
func placed(s *scan, i int) []Edit {
	var args [][2]int
	at, end := s.is(i, "AT"), s.last()
	if at {
		i++
	}
	if s.is(i, "(") {
		end = s.closing(i)
		args = s.list(i+1, end-1)
	} else if at {
		args = s.list(i, end)
	}
	if end < 0 || len(args) != 2 {
		return nil
	}
	place := grouped(s.span(args[0][0], args[0][1])) + " " + grouped(s.span(args[1][0], args[1][1])) + " "
	from, to := end+1, s.toks[s.last()].end
	if s.is(from, ",") {
		from++
	}
	body, ok := s.message(from, s.last())
	if rest, cut := strings.CutPrefix(strings.TrimLeft(s.Text[to:], " \t"), ";"); cut && (ok || end == s.last()) {
		if more, whole := Joined(rest); whole {
			return []Edit{{0, len(strings.TrimRight(s.Text, " \t\r")), place + `"` + body + more[1:]}}
		}
	}
	if ok {
		return []Edit{{0, to, place + `"` + body + `"`}}
	}
	return nil
}

// message makes the inside of a text of the texts and values, joined with + , .. or
// &, from token i to token j.
func (s *scan) message(i, j int) (string, bool) {
	var b strings.Builder
	for i <= j {
		switch {
		case s.kindOf(i) == text || s.kindOf(i) == char:
			w := strings.ReplaceAll(s.str(i), `\n"`, `"`)
			if !closed(w) || strings.ContainsAny(w[1:len(w)-1], "\\%") {
				return "", false
			}
			inner := w[1 : len(w)-1]
			if w[0] != '"' {
				inner = strings.ReplaceAll(inner, `"`, `\"`)
				inner = strings.ReplaceAll(inner, "${", "{")
			}
			b.WriteString(inner)
			i++
		case s.is(i, "f", "F") && s.kindOf(i+1) == text && !s.spaced(i+1):
			i++
			continue
		default:
			end := valueEnd(s, i, j)
			if end < i {
				return "", false
			}
			value := s.span(i, end)
			for _, f := range [...]string{"str", "tostring", "tostr", "STR"} {
				if inner, ok := strings.CutPrefix(value, f+"("); ok && strings.HasSuffix(inner, ")") {
					value = inner[:len(inner)-1]
				}
			}
			b.WriteString("{" + value + "}")
			i = end + 1
		}
		if i <= j {
			if !s.is(i, "+", ",", "..", "&", "<<") {
				return "", false
			}
			if s.is(i, ",") && !strings.HasSuffix(b.String(), " ") {
				b.WriteByte(' ')
			}
			i++
		}
	}
	return b.String(), b.Len() > 0
}

// valueEnd gives the last token of the value at token i: up to a joint that a
// text, or another value after a comma, follows.
func valueEnd(s *scan, i, j int) int {
	depth := 0
	for k := i; k <= j; k++ {
		switch s.str(k) {
		case "(", "[":
			depth++
		case ")", "]":
			depth--
		}
		if depth == 0 && (s.is(k, ",", "..", "<<") || s.is(k, "+", "&") && s.kindOf(k+1) == text) {
			return k - 1
		}
		if s.kindOf(k) == text || s.kindOf(k) == other && !s.is(k, "(", ")", "[", "]", ",") {
			return -1
		}
	}
	return j
}

// Joined makes one text of texts and values that are joined as in other languages:
// "Score: " + score.
func Joined(source string) (string, bool) {
	s := newScan(Line{Text: source, Tail: len(source), Verb: func(string) bool { return false }})
	if len(s.toks) == 0 || s.toks[s.last()].end < len(strings.TrimRight(source, " \t\r")) {
		return "", false
	}
	body, ok := s.message(0, s.last())
	return `"` + body + `"`, ok
}
