package slip

import (
	"fmt"
	"strings"
)

// wordOperators are operators that are words elsewhere.
var wordOperators = map[string]string{"AND": "&&", "ANDALSO": "&&", "OR": "||", "ORELSE": "||", "NOT": "!", "MOD": "%", "XOR": "^", "DIV": "/", "SHL": "<<", "SHR": ">>"}

// wordOperator finds AND, OR, NOT, MOD and their like.
func wordOperator(s *scan) (Slip, bool) {
	for i, t := range s.toks {
		op, ok := wordOperators[strings.ToUpper(s.str(i))]
		if !ok || t.kind != word || i == s.last() {
			continue
		}
		w := strings.ToUpper(s.str(i))
		say := fmt.Sprintf("there is no %s here: write `%s`", w, op)
		if op == "!" {
			if i == 0 || !s.begins(i+1) || s.ends(i-1) && !s.verb(i-1) && !s.isOperatorWord(i-1) {
				continue
			}
			out := s.replaced(i, i, "!", say)
			out.Edits[0].End = s.toks[i+1].from
			if end := s.comparedTo(i + 1); end > i+1 {
				// NOT binds looser than a comparison, ! tighter.
				out.Edits[0].Text = "!("
				out.Edits = append(out.Edits, Edit{s.toks[end].end, s.toks[end].end, ")"})
			}
			return out, true
		}
		if s.is(i+1, "NOT") && i+1 < s.last() {
			continue // without it a statement would seem to follow
		}
		if i < 2 || !s.ends(i-1) || !s.begins(i+1) && !s.is(i+1, "-", "!", "~") {
			continue
		}
		if s.lists(s.head(i - 1)) {
			out := s.swap(i, op, say)
			return out, true
		}
		return s.replaced(i, i, op, say), true
	}
	return Slip{}, false
}

func (s *scan) isOperatorWord(i int) bool {
	_, ok := wordOperators[strings.ToUpper(s.str(i))]
	return ok
}

// comparedTo gives the last token of a comparison that begins at token i, or i if
// what is there is none.
func (s *scan) comparedTo(i int) int {
	depth, seen, k := 0, false, i
	for ; k < len(s.toks); k++ {
		switch s.str(k) {
		case "(", "[":
			depth++
		case ")", "]":
			depth--
		case "==", "=", "!=", "<", ">", "<=", ">=", "<>", "~=", "===", "!==":
			seen = seen || depth == 0
		}
		if depth < 0 || depth == 0 && k > i && (s.is(k, "&&", "||", ",", ":", "{") || s.isOperatorWord(k) || s.is(k, "THEN", "DO") || s.ends(k-1) && s.kindOf(k) == word) {
			break
		}
	}
	if !seen {
		return i
	}
	return k - 1
}

// operators are those of other languages.
var operators = map[string]string{"<>": "!=", "~=": "!=", "=<": "<=", "=>": ">=", "===": "==", "!==": "!=", "//": "/"}

// operator finds operators that are spelled otherwise.
func operator(s *scan) (Slip, bool) {
	for i := 1; i < s.last(); i++ {
		op := s.str(i)
		if s.kindOf(i) != sign || !s.ends(i-1) {
			continue
		}
		if here, ok := operators[op]; ok {
			say := fmt.Sprintf("there is no `%s` here: write `%s`", op, here)
			if op == "//" {
				say = "`/` divides, and drops the fraction already: there is no `//`"
			}
			return s.replaced(i, i, here, say), true
		}
		if op == "**" {
			return s.said(i, i, "there is no power operator: multiply, x * x, or shift, 1 << n"), true
		}
		if op == ".." {
			return s.said(i, i, "texts are not joined with `..`: a value in a text stands in braces, {x}"), true
		}
	}
	return Slip{}, false
}

// compared finds the one = of a comparison, in parentheses too.
func compared(s *scan) (Slip, bool) {
	for from := 0; from < len(s.toks); from++ {
		if !s.is(from, "IF", "WHILE", "ELSEIF", "ELIF", "UNTIL", "ASSERT") || s.head(from) != from {
			continue
		}
		end := s.last()
		if cond, _, ok := s.split(from); ok {
			end = cond
		}
		for i := from + 2; i < end; i++ {
			if s.is(i, "{") {
				break
			}
			if s.is(i, "=") && s.ends(i-1) {
				return s.replaced(i, i, "==", "`=` belongs to SET and FOR; to compare, write `==`"), true
			}
		}
		return Slip{}, false
	}
	return Slip{}, false
}

// increment finds x++ and its like.
func increment(s *scan) (Slip, bool) {
	i := s.first()
	target := i
	if s.is(i, "SET", "LET") {
		target++
	}
	if _, stmt, ok := s.split(i); ok && s.is(i, "IF") {
		i, target = stmt, stmt
		if s.is(i, "SET") {
			target++
		}
	}
	pre := ""
	if s.is(target, "++", "--") && s.kindOf(target+1) == word {
		pre = s.str(target)
		target++
	}
	if s.kindOf(target) != word || s.Verb(s.str(target)) && target == i {
		return Slip{}, false
	}
	end := target
	if s.is(target+1, "[") && s.closing(target+1) > 0 {
		end = s.closing(target + 1)
	}
	name := s.span(target, end)
	op := s.str(end + 1)
	switch {
	case pre != "" && end == s.last():
		op = pre
	case (op == "++" || op == "--") && end+1 == s.last():
	default:
		return Slip{}, false
	}
	say := fmt.Sprintf("there is no `%s`: write SET %s = %s %s 1", op, name, name, op[:1])
	return s.replaced(i, s.last(), fmt.Sprintf("SET %s = %s %s 1", name, name, op[:1]), say), true
}

// assignment finds values that are given otherwise.
func assignment(s *scan) (Slip, bool) {
	i := s.first()
	switch {
	case s.is(i, "SET") && s.kindOf(i+1) == word && s.is(i+2, "==", ":=", "<-", "===", "TO") && i+2 < s.last():
		return s.replaced(i+2, i+2, "=", "SET gives a value with one `=`"), true
	case s.is(i, "SET") && s.kindOf(i+1) == number && s.is(i+2, "=") && s.kindOf(i+3) == word && i+3 == s.last():
		out := s.replaced(i+1, i+3, s.str(i+3)+" = "+s.str(i+1), "")
		return out, true
	case s.kindOf(i) == word && s.is(i+1, "<-", ":=") && i+1 < s.last() && !s.verb(i):
		out := s.replaced(i, i+1, "SET "+s.str(i)+" =", fmt.Sprintf("a value is given with SET: SET %s = …", s.str(i)))
		return out, true
	}
	for k := 1; k < len(s.toks); k++ {
		if s.is(k, "$") && s.kindOf(k-1) == word && !s.spaced(k) {
			return s.said(k, k, "there are no text variables: a name holds a number; TXT and LOG alone write text"), true
		}
	}
	return Slip{}, false
}

// plusSign finds x =+ 1, and a plus before a value that nothing stands before.
func plusSign(s *scan) (Slip, bool) {
	for k := 1; k < s.last(); k++ {
		if !s.is(k, "+") || s.ends(k-1) || !s.begins(k+1) {
			continue
		}
		if s.is(k-1, "=") && k-2 == s.first() && s.kindOf(k-2) == word && !s.spaced(k) && s.spaced(k+1) {
			return s.replaced(k-1, k, "+=", "what is added to a name's value stands behind `+=`"), true
		}
		if s.is(k-1, "=", "(", "[", ",") {
			return s.removed(k, k, "a value has no plus before it"), true
		}
	}
	return Slip{}, false
}

// choice finds C's c ? a : b and Python's a if c else b as a value.
func choice(s *scan) (Slip, bool) {
	i := s.first()
	target := i
	if s.is(i, "SET") {
		target++
	}
	if s.kindOf(target) != word || !s.is(target+1, "=") || s.verb(target) {
		return Slip{}, false
	}
	name, last := s.str(target), s.last()
	for k := target + 3; k < last; k++ {
		var cond, yes, no string
		switch {
		case s.is(k, "?"):
			for j := k + 2; j < last; j++ {
				if s.is(j, ":") {
					cond, yes, no = s.span(target+2, k-1), s.span(k+1, j-1), s.span(j+1, last)
				}
			}
		case s.is(k, "if"):
			for j := k + 2; j < last; j++ {
				if s.is(j, "else") {
					cond, yes, no = s.span(k+1, j-1), s.span(target+2, k-1), s.span(j+1, last)
				}
			}
		}
		if cond == "" || strings.Contains(no, "?") {
			continue
		}
		text := fmt.Sprintf("IF %s\n  SET %s = %s\nELSE\n  SET %s = %s\nEND", cond, name, yes, name, no)
		out := s.rewritten(k, k, text, "no value is chosen in an expression: IF, ELSE and END give the name one or the other")
		out.Edits[0].From = s.toks[i].from
		return out, true
	}
	return Slip{}, false
}

// spacedOperand finds an operator with spaces around it in a list of operands.
func spacedOperand(s *scan) (Slip, bool) {
	depth := 0
	for i := range s.toks {
		switch s.str(i) {
		case "(", "[":
			depth++
		case ")", "]":
			depth--
		}
		if depth > 0 || s.kindOf(i) != sign || !binary[s.str(i)] || !s.spaced(i) || i == s.last() || !s.ends(i-1) || !s.begins(i+1) && !s.is(i+1, "-", "~", "!") {
			continue
		}
		head := s.head(i - 1)
		if head < 0 || head == i-1 || !s.lists(head) {
			continue
		}
		from, to := s.operandBefore(i, head), s.operandAfter(i)
		out := s.replaced(from, to, "("+s.span(from, to)+")", fmt.Sprintf("a space ends an operand: an expression with spaces stands in parentheses, `(%s)`", s.span(from, to)))
		return out, true
	}
	return Slip{}, false
}

// binary are the operators that join two values.
var binary = map[string]bool{"+": true, "-": true, "*": true, "/": true, "%": true, "&": true, "|": true, "^": true, "<<": true, ">>": true, ">>>": true, "<": true, ">": true, "<=": true, ">=": true, "==": true, "!=": true, "&&": true, "||": true}

// operandBefore gives the first token of the operand that ends before token i.
func (s *scan) operandBefore(i, head int) int {
	depth, k := 0, i-1
	for ; k > head; k-- {
		switch s.str(k) {
		case ")", "]":
			depth++
		case "(", "[":
			depth--
		}
		if depth == 0 && (s.spaced(k) || s.is(k-1, ",")) {
			break
		}
	}
	return max(k, head+1)
}

// operandAfter gives the last token of the operand behind the operator i, and of
// those that further operators with a space before them join.
func (s *scan) operandAfter(i int) int {
	depth, k := 0, i+1
	for ; k < len(s.toks); k++ {
		if depth == 0 && k > i+1 {
			joins := s.kindOf(k) == sign && binary[s.str(k)] && k < s.last()
			if s.is(k, ",") || s.spaced(k) && !joins && s.ends(k-1) {
				break
			}
		}
		switch s.str(k) {
		case "(", "[":
			depth++
		case ")", "]":
			depth--
		}
	}
	return k - 1
}

// bareFunction finds a function whose value has no parentheses.
func bareFunction(s *scan) (Slip, bool) {
	if i := s.last(); i > 1 && s.Unary(s.str(i)) && !s.ends(i-1) {
		return s.said(i, i, fmt.Sprintf("a function has parentheses around its value: %s(…)", s.str(i))), true
	}
	for i := 1; i < s.last(); i++ {
		if !s.Unary(s.str(i)) || s.ends(i-1) && !s.verb(i-1) || !s.spaced(i+1) || s.kindOf(i+1) != number && s.kindOf(i+1) != word || s.is(i+2, "(", "[") {
			continue
		}
		a, b := s.toks[i], s.toks[i+1]
		return Slip{From: a.from, End: b.end, Say: fmt.Sprintf("a function has parentheses around its value: %s(%s)", s.str(i), s.str(i+1)), Edits: []Edit{{a.end, b.from, "("}, {b.end, b.end, ")"}}}, true
	}
	return Slip{}, false
}

// secondIndex finds the second index of a word, and the length of an array.
func secondIndex(s *scan) (Slip, bool) {
	for i := 1; i < s.last(); i++ {
		switch {
		case s.is(i, "]") && s.is(i+1, "[") && s.closing(i+1) > 0:
			return s.said(i+1, s.closing(i+1), "a word of an array or table has one index: name[y * width + x]"), true
		case s.is(i, "#") && !s.ends(i-1) && s.kindOf(i+1) == word && !s.spaced(i+1):
			return s.said(i, i+1, fmt.Sprintf("there is no length of %s to ask for: give its size a name, .const, and use that", s.str(i+1))), true
		}
	}
	return Slip{}, false
}

// missingComma finds values in the parentheses of a function without a comma
// between them.
func missingComma(s *scan) (Slip, bool) {
	for i := 1; i < len(s.toks); i++ {
		if !s.is(i, "(") || s.kindOf(i-1) != word || s.spaced(i) {
			continue
		}
		depth := 0
		for k := i; k < len(s.toks); k++ {
			switch s.str(k) {
			case "(", "[":
				depth++
			case ")", "]":
				depth--
			}
			if depth == 0 {
				break
			}
			if depth == 1 && k > i+1 && s.ends(k-1) && s.spaced(k) && s.begins(k) && !s.is(k, "(") && !s.isOperatorWord(k) && !s.isOperatorWord(k-1) {
				at := s.toks[k-1].end
				return Slip{From: s.toks[k].from, End: s.toks[k].end, Say: fmt.Sprintf("the values of %s have commas between them", s.str(i-1)), Edits: []Edit{{at, at, ","}}}, true
			}
		}
	}
	return Slip{}, false
}

// missingParenthesis finds parentheses that are not closed, or never opened.
func missingParenthesis(s *scan) (Slip, bool) {
	var open []string
	for i := range s.toks {
		switch w := s.str(i); w {
		case "(":
			open = append(open, ")")
		case "[":
			open = append(open, "]")
		case ")", "]":
			if len(open) > 0 && open[len(open)-1] == w {
				open = open[:len(open)-1]
				continue
			}
			if i == s.last() && len(open) == 0 && i > 0 {
				return s.removed(i, i, fmt.Sprintf("this `%s` closes nothing", w)), true
			}
			return Slip{}, false
		}
	}
	if len(open) == 0 || len(open) > 8 || !s.ends(s.last()) || s.Tail < len(s.Text) {
		return Slip{}, false
	}
	text := ""
	for i := len(open) - 1; i >= 0; i-- {
		text += open[i]
	}
	at := s.toks[s.last()].end
	return Slip{Edits: []Edit{{at, at, text}}}, true
}
