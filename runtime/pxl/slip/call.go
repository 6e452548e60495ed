package slip

import (
	"fmt"
	"strings"
)

// methodCall finds functions of a library: Math.floor(x), random.randint(a, b).
func methodCall(s *scan) (Slip, bool) {
	for i := 0; i+3 < len(s.toks); i++ {
		if s.kindOf(i) != word || !s.is(i+1, ".") || s.spaced(i+1) || s.kindOf(i+2) != word || !s.is(i+3, "(") {
			continue
		}
		if s.is(i, "math", "random", "rand", "np", "std") {
			return s.replaced(i, i+1, "", fmt.Sprintf("functions belong to no library: %s", s.str(i+2))), true
		}
		if s.is(i, "console", "print", "system") {
			return Slip{}, false
		}
		if i == 0 {
			return s.said(0, 2, "there is nothing to call with a dot: a line begins with a statement"), true
		}
	}
	return Slip{}, false
}

// functionCall finds functions that have another name here, or none.
func functionCall(s *scan) (Slip, bool) {
	for i := 1; i+1 < len(s.toks); i++ {
		if s.kindOf(i) != word || !s.is(i+1, "(") || s.spaced(i+1) {
			continue
		}
		end := s.closing(i + 1)
		if end < 0 {
			continue
		}
		args := s.list(i+2, end-1)
		part := func(k int) string { return s.span(args[k][0], args[k][1]) }
		w := s.str(i)
		switch low := strings.ToLower(w); low {
		case "int", "flr", "floor", "trunc", "fix", "round", "ceil", "float", "tonumber", "parseint", "number":
			if len(args) != 1 {
				continue
			}
			out := s.replaced(i, i, "", fmt.Sprintf("numbers are whole already: %s is not needed", w))
			if args[0][0] == args[0][1] {
				out.Edits = []Edit{{s.toks[i].from, s.toks[i+2].from, ""}, {s.toks[end-1].end, s.toks[end].end, ""}}
			}
			return out, true
		case "rnd", "random", "rand":
			// RND(1) * 10 of BASIC, Math.random() * 10 of JavaScript.
			if s.is(end+1, "*") && s.begins(end+2) && (len(args) == 0 || len(args) == 1 && part(0) == "1") {
				to := end + 2
				if s.kindOf(to) == word && s.is(to+1, "(", "[") {
					to++
				}
				if s.is(to, "(", "[") {
					to = s.closing(to)
				}
				if to < 0 {
					continue
				}
				factor := s.span(end+2, to)
				if len(args) == 1 {
					factor = "1 * " + factor
				}
				out := s.replaced(i, to, "rnd("+factor+")", "numbers are whole: rnd(n) is a random number from 0 to n-1")
				out.End = s.toks[i].end
				return out, true
			}
			if low == "rnd" && len(args) == 1 {
				continue
			}
			fallthrough
		case "randrange", "rndi":
			if len(args) == 1 {
				return s.replaced(i, i, "rnd", fmt.Sprintf("there is no %s: rnd(n) is a random number from 0 to n-1", w)), true
			}
			if len(args) != 2 {
				return s.said(i, end, "a random number has a range: rnd(n) is from 0 to n-1"), true
			}
			fallthrough
		case "randint", "random_range", "irandom_range":
			if len(args) == 2 {
				text := fmt.Sprintf("(%s + rnd(%s - %s + 1))", part(0), part(1), grouped(part(0)))
				out := s.replaced(i, end, text, fmt.Sprintf("there is no %s: rnd(n) is a random number from 0 to n-1", w))
				out.End = s.toks[i].end
				return out, true
			}
		case "mod", "fmod", "rem":
			if len(args) == 2 {
				text := fmt.Sprintf("(%s %% %s)", grouped(part(0)), grouped(part(1)))
				out := s.replaced(i, end, text, fmt.Sprintf("there is no %s: the rest of a division is a %% b", w))
				out.End = s.toks[i].end
				return out, true
			}
		case "pow":
			return s.said(i, i, "there is no power: multiply, x * x, or shift, 1 << n"), true
		case "vec2", "vec3", "vec4":
			return s.said(i, i, "there are no vectors: rgb(r, g, b) makes one colour of three parts, each from 0 to 255"), true
		case "fract", "frac":
			return s.said(i, i, "numbers are whole: there is no part of one behind the point"), true
		case "pget", "point", "getpixel", "pix":
			if len(args) == 2 && !s.Verb(w) {
				return s.replaced(i, i, "peek", fmt.Sprintf("there is no %s: peek(x, y) is the texel as the frame began", w)), true
			}
		case "sqr", "isqrt":
			return s.replaced(i, i, "sqrt", fmt.Sprintf("there is no %s: sqrt(a) is the whole square root", w)), true
		case "sign":
			return s.replaced(i, i, "sgn", "there is no sign: sgn(a) is -1, 0 or 1"), true
		case "constrain", "limit":
			if len(args) == 3 {
				return s.replaced(i, i, "clamp", fmt.Sprintf("there is no %s: clamp(a, lo, hi) holds a between lo and hi", w)), true
			}
		case "asc", "ord":
			if len(args) == 1 && s.kindOf(i+2) == text && len(s.str(i+2)) == 3 {
				return s.replaced(i, end, "'"+s.str(i + 2)[1:2]+"'", "the code of a character is the character in single quotes"), true
			}
		case "time", "t", "millis", "clock":
			if len(args) == 0 {
				return s.replaced(i, end, "frame", "time passes in frames: frame is how many have ended"), true
			}
		}
	}
	return Slip{}, false
}

// grouped puts what is no single value in parentheses.
func grouped(v string) string {
	if strings.Trim(v, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") == "" {
		return v
	}
	return "(" + v + ")"
}

// indexCall finds the words of an array in BASIC's parentheses.
func indexCall(s *scan) (Slip, bool) {
	for i := 0; i+2 < len(s.toks); i++ {
		if s.kindOf(i) != word || !s.is(i+1, "(") || s.spaced(i+1) {
			continue
		}
		end := s.closing(i + 1)
		name := s.str(i)
		if end < i+3 || !s.declares(name, ".array", ".table", "DIM") {
			continue
		}
		a, b := s.toks[i+1], s.toks[end]
		return Slip{From: a.from, End: b.end, Say: fmt.Sprintf("the index of an array or table stands in brackets: %s[%s]", name, s.span(i+2, end-1)), Edits: []Edit{{a.from, a.end, "["}, {b.from, b.end, "]"}}}, true
	}
	return Slip{}, false
}

// coordinates finds BASIC's places in parentheses: LINE (0, 0)-(9, 9), 4.
func coordinates(s *scan) (Slip, bool) {
	i := s.first()
	if !s.verb(i) || !s.is(i+1, "(") || s.is(i, "IF", "WHILE", "FOR", "ELSE", "SET", "PRINT", "LOG") || s.Verb(s.str(i)) && !s.lists(i) {
		return Slip{}, false
	}
	var edits []Edit
	at := i + 1
	for s.is(at, "(") {
		end := s.closing(at)
		if end < 0 || len(s.list(at+1, end-1)) != 2 {
			return Slip{}, false
		}
		open := ""
		if at == i+1 && !s.spaced(at) {
			open = " " // LINE(0, 0)
		}
		edits = append(edits, Edit{s.toks[at].from, s.toks[at].end, open}, Edit{s.toks[end].from, s.toks[end].end, ""})
		at = end + 1
		if (s.is(at, "-") || s.is(at, ",")) && s.is(at+1, "(") {
			edits = append(edits, Edit{s.toks[at].from, s.toks[at].end, ", "})
			at++
		}
	}
	if at > s.last() && len(edits) < 4 {
		return Slip{}, false
	}
	return Slip{From: s.toks[i+1].from, End: s.toks[at-1].end, Say: "the values of a statement stand one after the other, without parentheses", Edits: joined(edits)}, true
}

// parentheses finds the operands of a statement in parentheses.
func parentheses(s *scan) (Slip, bool) {
	for i := s.first(); i+1 < len(s.toks); i++ {
		if !s.verb(i) || !s.is(i+1, "(") || s.closing(i+1) != s.last() || s.is(i, "IF", "WHILE", "FOR", "ELSE", "SET", "PRINT", "LOG") {
			continue
		}
		if i > s.first() && s.head(i) != i {
			continue
		}
		last := s.last()
		name := s.str(i)
		if jumps[strings.ToUpper(name)] {
			return s.said(i+1, last, fmt.Sprintf("%s takes a label alone", strings.ToUpper(name))), true
		}
		say := fmt.Sprintf("a statement has no parentheses around its values: %s", strings.ToUpper(name))
		from := s.toks[i].end
		if last == i+2 {
			return Slip{From: s.toks[i+1].from, End: s.toks[last].end, Say: say, Edits: []Edit{{from, s.toks[last].end, ""}}}, true
		}
		edits := []Edit{{from, s.toks[i+2].from, " "}}
		list := s.list(i+2, last-1)
		if s.lists(i) {
			for _, v := range list {
				if s.hasSpace(v[0], v[1]) && !(s.is(v[0], "(") && s.closing(v[0]) == v[1]) {
					edits = append(edits, Edit{s.toks[v[0]].from, s.toks[v[0]].from, "("}, Edit{s.toks[v[1]].end, s.toks[v[1]].end, ")"})
				}
			}
		}
		edits = append(edits, Edit{s.toks[last-1].end, s.toks[last].end, ""})
		return Slip{From: s.toks[i+1].from, End: s.toks[last].end, Say: say, Edits: joined(edits)}, true
	}
	return Slip{}, false
}

// joined makes one of edits that touch.
func joined(edits []Edit) []Edit {
	out := edits[:0]
	for _, e := range edits {
		if n := len(out); n > 0 && out[n-1].End == e.From {
			out[n-1].End, out[n-1].Text = e.End, out[n-1].Text+e.Text
			continue
		}
		out = append(out, e)
	}
	return out
}

// hasSpace says whether there are spaces, outside parentheses, in the tokens from
// i to j.
func (s *scan) hasSpace(i, j int) bool {
	depth := 0
	for k := i; k <= j; k++ {
		if k > i && depth == 0 && s.spaced(k) {
			return true
		}
		switch s.str(k) {
		case "(", "[":
			depth++
		case ")", "]":
			depth--
		}
	}
	return false
}

// textFirst finds TXT with its text before its place.
func textFirst(s *scan) (Slip, bool) {
	i := s.head(s.last())
	if i < 0 || !s.is(i, "TXT", "TEXT") || s.kindOf(i+1) != text || !closed(s.str(i+1)) {
		return Slip{}, false
	}
	last := s.last()
	rest := i + 2
	if s.is(rest, ",") {
		rest++
	}
	say := "TXT has its place before its text: TXT x y text"
	if rest > last {
		return s.replaced(i, i+1, "TXT 1 1 "+doubled(s.str(i+1)), "TXT says where its text goes: TXT x y text"), true
	}
	if list := s.list(rest, last); len(list) > 2 || s.kindOf(rest) == sign && !s.is(rest, "-") || s.Tail < len(s.Text) {
		return Slip{}, false
	}
	out := s.replaced(i+1, last, s.span(rest, last)+" "+doubled(s.str(i+1)), say)
	out.End = s.toks[i+1].end
	return out, true
}

// gluedText finds a text that begins with = right behind the place of a TXT.
func gluedText(s *scan) (Slip, bool) {
	i := s.head(s.last())
	if i < 0 || !s.is(i, "TXT", "TEXT") {
		return Slip{}, false
	}
	for k := i + 2; k < len(s.toks); k++ {
		if at := s.toks[k].from; s.is(k, "=", "==") && s.ends(k-1) && !s.spaced(k) {
			return Slip{From: at, End: s.toks[k].end, Say: "a space stands between the place of a TXT and its text", Edits: []Edit{{at, at, " "}}}, true
		}
	}
	return Slip{}, false
}

// closed says whether a text ends with the quote it begins with.
func closed(w string) bool { return len(w) > 1 && w[len(w)-1] == w[0] }

// doubled gives a text in double quotes.
func doubled(w string) string {
	if w[0] == '"' {
		return w
	}
	return `"` + strings.ReplaceAll(w[1:len(w)-1], `"`, `\"`) + `"`
}

// callOfLabel finds a call of a subroutine that is written like a function's.
func callOfLabel(s *scan) (Slip, bool) {
	i := s.first()
	if s.is(i, "IF") {
		if _, stmt, ok := s.split(i); ok {
			i = stmt
		} else if k := s.last() - 2; k > i+1 && s.ends(k-1) {
			i = k // the name behind the condition
		}
	}
	end := i
	if s.is(i, "CALL", "GOSUB") {
		end++
	}
	if s.kindOf(end) != word || !s.is(end+1, "(") || s.closing(end+1) != s.last() || s.Verb(s.str(end)) {
		return Slip{}, false
	}
	name := s.str(end)
	if end > i && s.declares(name, "function", "def", "SUB", "func", "void") {
		return s.removed(i, i, fmt.Sprintf("a procedure is called by its name alone, without %s", strings.ToUpper(s.str(i)))), true
	}
	if !s.hasLabel(name) {
		return Slip{}, false
	}
	if s.last() > end+2 {
		return s.said(end+1, s.last(), "a subroutine takes no values; a procedure does: make one of it with DEF and END"), true
	}
	return s.replaced(i, s.last(), "CALL "+name, fmt.Sprintf("a subroutine is called with CALL %s", name)), true
}

// loneLabel finds the name of a label as a statement.
func loneLabel(s *scan) (Slip, bool) {
	if len(s.toks) != 1 || s.kindOf(0) != word || !s.hasLabel(s.str(0)) {
		return Slip{}, false
	}
	n := s.str(0)
	return s.said(0, 0, fmt.Sprintf("%s is a label: JMP %s goes on there, and CALL %s comes back at its RET", n, n, n)), true
}
