package slip

import (
	"fmt"
	"regexp"
	"strings"
)

// lineNumber finds the line numbers of BASIC.
func lineNumber(s *scan) (Slip, bool) {
	if s.kindOf(0) != number || s.kindOf(1) != word || !s.spaced(1) || strings.Trim(s.str(0), "0123456789") != "" {
		return Slip{}, false
	}
	name := "L" + s.str(0)
	return s.replaced(0, 0, name+":", fmt.Sprintf("lines have no numbers: a place to jump to is a label, `%s:`", name)), true
}

// jumps are the words after which the place to go on stands.
var jumps = map[string]bool{"JMP": true, "CALL": true, "GOTO": true, "GOSUB": true, "JUMP": true}

// jumpToNumber finds a jump to a line by its number.
func jumpToNumber(s *scan) (Slip, bool) {
	for i := 1; i < len(s.toks); i++ {
		if jumps[strings.ToUpper(s.str(i-1))] && i == s.last() && s.kindOf(i) == text && closed(s.str(i)) && wordLen(s.str(i)[1:]) == len(s.str(i))-2 {
			return s.replaced(i, i, strings.Trim(s.str(i), "\"'`"), "a label stands without quotes"), true
		}
		if i > 1 && jumps[strings.ToUpper(s.str(i-2))] && i == s.last() && s.is(i, ":") {
			return s.removed(i, i, "a label has its colon where it stands, not where a jump names it"), true
		}
		if s.kindOf(i) != number || !jumps[strings.ToUpper(s.str(i-1))] && !s.is(i-1, "THEN") {
			continue
		}
		n := s.str(i)
		out := s.said(i, i, "a jump goes to a label: write `name:` before the line, and the name here")
		numbered := regexp.MustCompile(`(?m)^\s*` + regexp.QuoteMeta(n) + `\s+[A-Za-z]`)
		if strings.Trim(n, "0123456789") != "" || !s.hasLabel("L"+n) && !numbered.MatchString(s.Source) {
			return out, true
		}
		to := "L" + n
		if s.is(i-1, "THEN") {
			to = "JMP " + to
		}
		out.Edits = []Edit{{s.toks[i].from, s.toks[i].end, to}}
		return out, true
	}
	return Slip{}, false
}

// labels finds labels that are written otherwise.
func labels(s *scan) (Slip, bool) {
	last := s.last()
	if s.kindOf(1) != word {
		return Slip{}, false
	}
	switch {
	case s.is(0, ".") && s.is(1, "canvas", "const", "table", "array", "palette", "sprite"):
		return Slip{}, false
	case last == 1 && s.is(0, "@", ":", "&", "*", ".", "%", "$") && !s.spaced(1),
		last == 2 && s.is(0, "@", ".", ":") && s.is(2, ":"),
		last == 2 && s.is(0, "::") && s.is(2, "::"),
		last <= 2 && s.is(0, "label", "lbl") && (last == 1 || s.is(2, ":")):
		name := s.str(1)
		return s.rewritten(0, last, name+":", fmt.Sprintf("a label is a name with a colon behind it: `%s:`", name)), true
	}
	return Slip{}, false
}

// types are what other languages put before a name that they make.
var types = []string{"int", "float", "double", "uint", "bool", "boolean", "byte", "short", "long", "auto", "final", "static", "integer", "word", "let", "var", "dim", "my", "mut", "real"}

// declaration finds names that are declared with a type.
func declaration(s *scan) (Slip, bool) {
	i := s.first()
	typed := i
	if s.is(i, "let", "static", "final", "var", "unsigned", "signed", "uniform", "varying") && s.is(i+1, append(types, "mut", "const")...) {
		typed++
	}
	if s.is(i, "const") || s.is(i, "static") && s.is(i+1, "const") {
		name := i + 1
		if s.is(name, "const") {
			name++
		}
		if s.is(name, types...) && s.kindOf(name+1) == word {
			name++
		}
		if s.kindOf(name) == word && name < s.last() {
			out := s.replaced(i, name, ".const "+s.str(name), fmt.Sprintf("a constant is declared with a dot: .const %s value", s.str(name)))
			out.End = s.toks[name-1].end
			return out, true
		}
	}
	if s.kindOf(0) == word && s.is(1, ":") && s.is(2, append(types, "str", "string")...) && s.is(3, "=") && s.last() > 3 {
		out := s.replaced(0, 2, "SET "+s.str(0), fmt.Sprintf("a name needs no declaration: SET %s = … gives it a value", s.str(0)))
		return out, true
	}
	if s.is(i, "vec2", "vec3", "vec4", "mat2", "mat3", "mat4", "string", "str", "char") && s.kindOf(i+1) == word && !s.is(i+1, "main") {
		return s.said(i, i, "a name holds one whole number: give each part a name of its own, or an .array for many"), true
	}
	if !s.is(typed, types...) || s.kindOf(typed+1) != word || s.is(typed+1, "function") {
		return Slip{}, false
	}
	name := typed + 1
	n := s.str(name)
	say := fmt.Sprintf("a name needs no declaration: SET %s = … gives it a value", n)
	switch {
	case s.is(name+1, "(", "[") && s.closing(name+1) == s.last() && s.closing(name+1) > name+2:
		// DIM a(10)
		out := s.replaced(i, s.last(), ".array "+n+" "+s.span(name+2, s.last()-1), fmt.Sprintf("an array is declared with its size: .array %s size", n))
		out.End = s.toks[typed].end
		return out, true
	case s.is(name+1, "=") && name+1 < s.last():
		out := s.replaced(i, typed, "SET", say)
		return out, !s.is(i, "let", "var") || typed > i
	case name == s.last():
		out := s.replaced(i, name, "SET "+n+" = 0", say)
		out.End = s.toks[typed].end
		return out, true
	}
	return Slip{}, false
}

// directive finds directives without their dot, and what need not be said here.
func directive(s *scan) (Slip, bool) {
	switch {
	case s.is(0, "canvas", "screen", "size") && s.kindOf(1) == number && s.last() >= 1, s.is(0, "table", "array") && s.kindOf(1) == word && s.last() >= 2 && !s.is(1, "="):
		name := "." + strings.ToLower(s.str(0))
		if !s.is(0, "table", "array") {
			name = ".canvas"
		}
		if s.last() > 0 && s.is(0, "screen", "size") && s.last() < 2 {
			return Slip{}, false
		}
		return s.replaced(0, 0, name, fmt.Sprintf("a line that declares begins with a dot: %s", name)), true
	case s.is(0, ".") && s.is(1, "include", "import", "require") && s.kindOf(2) == text:
		return s.replaced(0, 1, "INCLUDE", "a file is taken in with INCLUDE, without a dot: INCLUDE \"file.pxl\""), true
	case s.is(0, "palette") && s.kindOf(1) == number, s.is(0, "sprite") && s.kindOf(1) == word && (s.last() == 1 || s.last() == 3 && s.kindOf(2) == number):
		name := "." + strings.ToLower(s.str(0))
		return s.replaced(0, 0, name, fmt.Sprintf("a line that declares begins with a dot: %s", name)), true
	case s.is(0, "import", "from", "using", "require", "use", "package", "namespace", "global", "nonlocal") && s.last() > 0 && !s.is(1, "="):
		at := s.toks[0].from
		out := s.said(0, 0, fmt.Sprintf("there is no %s here, and nothing that needs it: leave the line out", strings.ToLower(s.str(0))))
		out.Edits = []Edit{{at, at, "; "}}
		return out, true
	}
	return Slip{}, false
}

// values gives the words of a list in braces, brackets, or neither, from token i
// to the last.
func (s *scan) values(i int) ([][2]int, bool) {
	j := s.last()
	if s.is(i, "{", "[", "(") && s.closing(i) == j {
		i, j = i+1, j-1
	}
	if i > j {
		return nil, false
	}
	list := s.list(i, j)
	if len(list) == 1 && i < j {
		list = nil
		for k := i; k <= j; k++ {
			list = append(list, [2]int{k, k})
		}
	}
	for _, v := range list {
		if v[0] > v[1] || s.kindOf(v[0]) != number && s.kindOf(v[0]) != char && s.kindOf(v[0]) != word && s.kindOf(v[0]) != hash && !s.is(v[0], "-", "(") {
			return nil, false
		}
	}
	return list, true
}

// array finds what does not belong to .array.
func array(s *scan) (Slip, bool) {
	if !s.directive("array") || s.kindOf(2) != word {
		return Slip{}, false
	}
	last := s.last()
	name := s.str(2)
	switch {
	case s.is(3, "[", "(") && s.closing(3) == last && last > 4:
		return s.bare(3, last, "the size of an array follows its name: .array name size"), true
	case s.is(3, "=") && last == 4 && !s.is(4, "{", "["):
		return s.removed(3, 3, "the size of an array follows its name, without `=`"), true
	case s.is(3, "=") && last > 4:
		if list, ok := s.values(4); ok {
			return s.filled(3, name, fmt.Sprint(len(list)), list), true
		}
	case s.is(4, "=") && last > 4:
		if list, ok := s.values(5); ok {
			return s.filled(4, name, s.str(3), list), true
		}
	case s.is(3, "[", "(") && s.is(s.closing(3)+1, "="):
		if list, ok := s.values(s.closing(3) + 2); ok {
			return s.filled(s.closing(3)+1, name, s.span(4, s.closing(3)-1), list), true
		}
	}
	return Slip{}, false
}

// directive says whether the line begins with a directive.
func (s *scan) directive(name string) bool {
	return s.is(0, ".") && s.is(1, name) && !s.spaced(1)
}

// bare takes the brackets from i to j away.
func (s *scan) bare(i, j int, say string) Slip {
	a, b := s.toks[i], s.toks[j]
	gap := " "
	if s.spaced(i) {
		gap = ""
	}
	return Slip{From: a.from, End: b.end, Say: say, Edits: []Edit{{a.from, s.toks[i+1].from, gap}, {s.toks[j-1].end, b.end, ""}}}
}

// filled is the slip of an array that is given values where it is declared.
func (s *scan) filled(at int, name, size string, list [][2]int) Slip {
	out := s.said(at, s.last(), fmt.Sprintf("an array begins as zeros: give its words values with SET %s[i] = …, or declare a .table, which has values and is only read", name))
	if len(list) > 64 {
		return out
	}
	text := ".array " + name + " " + size
	for i, v := range list {
		text += fmt.Sprintf("\nSET %s[%d] = %s", name, i, s.span(v[0], v[1]))
	}
	out.Edits = s.rewritten(0, 0, text, "").Edits
	return out
}

// table finds what does not belong to .table.
func table(s *scan) (Slip, bool) {
	const say = "the words of a table follow its name: .table name value…"
	last := s.last()
	switch {
	case s.directive("table") && s.kindOf(2) == word:
		switch {
		case s.is(3, "[") && s.closing(3) == 4 && s.is(5, "=", "{"):
			return s.removed(3, 4, say), true
		case s.is(3, "[") && s.is(s.closing(3)+1, "=", "{"):
			return s.said(3, s.closing(3), say+", and how many they are follows from them"), true
		case s.is(3, "=") && last > 3:
			return s.removed(3, 3, say), true
		case s.is(3, "{", "[", "(") && s.closing(3) == last && last > 4:
			return s.bare(3, last, say), true
		}
	case s.braced(2) || s.is(0, "SET", "LET") && s.braced(3):
		at := 2 // where the values begin
		if s.is(2, "=") {
			at = 3
		}
		name := s.str(at - 2)
		list, ok := s.values(at)
		if !ok {
			return s.said(at, last, fmt.Sprintf("a name holds one number; many are an array: .array %s size", name)), true
		}
		text := ".table " + name
		for _, v := range list {
			text += " " + s.span(v[0], v[1])
		}
		out := s.rewritten(at, last, text, fmt.Sprintf("a name holds one number; many are a table, .table %s value…, or an array", name))
		// An array is meant where its words are written too.
		out.Guess = strings.Contains(s.Source, "SET "+name+"[") || strings.Contains(s.Source, "\n"+name+"[")
		return out, true
	}
	return Slip{}, false
}

// braced says whether a list in brackets, from token i to the last, is what a name is
// given.
func (s *scan) braced(i int) bool {
	return s.kindOf(i-2) == word && s.is(i-1, "=") && s.is(i, "{", "[") && s.closing(i) == s.last()
}

var sizes = regexp.MustCompile(`^(\d+)[xX](\d+)$`)

// canvasSize finds 320x180.
func canvasSize(s *scan) (Slip, bool) {
	if s.directive("sprite") && s.last() == 3 {
		if m := sizes.FindStringSubmatch(s.str(3)); m != nil {
			return s.replaced(3, 3, m[1]+" "+m[2], "the width and the height of a sprite are two numbers"), true
		}
	}
	if !s.directive("canvas") {
		return Slip{}, false
	}
	if m := sizes.FindStringSubmatch(s.str(2)); m != nil && m[1] != "0" {
		return s.replaced(2, 2, m[1]+" "+m[2], "the width and the height of a canvas are two numbers: .canvas "+m[1]+" "+m[2]), true
	}
	if s.is(2, "=") {
		return s.removed(2, 2, "the size of a canvas follows without `=`"), true
	}
	if (s.is(3, "x") || s.is(3, "*")) && s.kindOf(4) == number {
		return s.removed(3, 3, "the width and the height of a canvas are two numbers"), true
	}
	return Slip{}, false
}
