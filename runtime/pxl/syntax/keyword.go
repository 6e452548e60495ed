package syntax

import "gvpie/runtime/isa"

// KeywordDoc describes a keyword or a directive.
type KeywordDoc struct {
	Name   string // upper case
	Syntax string
	Doc    string // one line
}

// Keywords lists what gives a program its blocks and its files.
var Keywords = []KeywordDoc{
	{"IF", "IF cond [STATEMENT]", "Does the statement, or the lines up to ELSE or END, when cond is not 0."},
	{"ELSE", "ELSE [IF cond]", "What to do otherwise; one END closes the whole chain."},
	{"END", "END", "Closes the nearest open IF, WHILE, FOR, EACH or DEF."},
	{"WHILE", "WHILE cond … END", "Repeats the lines up to END while cond is not 0."},
	{"FOR", "FOR name = a TO b [STEP s] … END", "Counts name from a to b, by 1 or by s, doing the lines up to END each time."},
	{"BREAK", "BREAK", "Leaves the nearest FOR or WHILE."},
	{"CONTINUE", "CONTINUE", "Goes on with the next turn of the nearest FOR or WHILE."},
	{"INCLUDE", "INCLUDE \"file.pxl\"", "Takes in another file of the program's folder here, once however often it is named."},
	{"DEF", "DEF name(a, b…) … END", "Makes a procedure of the lines up to END, which name(…) does."},
	{"LOCAL", "LOCAL name…", "Names that every call of the procedure has for itself; they start at 0."},
	{"RETURN", "RETURN [expr]", "Leaves the procedure with a value, or with 0."},
}

// Directives lists the lines that declare.
var Directives = []KeywordDoc{
	{".canvas", ".canvas width height [pixel]", "The size of the canvas; with pixel, every texel is a colour, else a cell with a glyph."},
	{".const", ".const NAME value", "A name for a number that is known before the program runs."},
	{".table", ".table name [w:] value…", "Read-only words: name[i]; in rows of w also name[x, y]. The list goes on over lines that end with a comma."},
	{".array", ".array name size [rows]", "Writable words, 0 at the start: name[i]. With rows, size is the width, and a word is name[x, y] too."},
	{".text", `.text name "text"…`, "A table of texts: {name[i]} in TXT and LOG."},
	{".palette", ".palette color…", "The colours, sixteen at most, of the digits 0 to F in the sprites below."},
	{".sprite", ".sprite name [width height]", "A picture for SPR: rows of digits follow, one a line, with a dot where it is transparent."},
}

// Verb is what a statement begins with: a keyword, or the mnemonic of an opcode.
type Verb struct {
	Keyword KeywordKind
	Spec    *isa.Spec // nil of a keyword
}

// KeywordKind says which keyword a Verb is.
type KeywordKind uint8

const (
	NotKeyword KeywordKind = iota
	KwIf
	KwElse
	KwEnd
	KwWhile
	KwFor
	KwBreak
	KwContinue
	KwInclude
	KwDef
	KwLocal
	KwReturn
)

// verbs finds the verbs by their upper-case spelling.
var verbs = makeVerbs()

func makeVerbs() map[string]Verb {
	m := map[string]Verb{
		"IF": {Keyword: KwIf}, "ELSE": {Keyword: KwElse}, "END": {Keyword: KwEnd}, "WHILE": {Keyword: KwWhile},
		"FOR": {Keyword: KwFor}, "BREAK": {Keyword: KwBreak}, "CONTINUE": {Keyword: KwContinue},
		"INCLUDE": {Keyword: KwInclude},
		"DEF":     {Keyword: KwDef}, "LOCAL": {Keyword: KwLocal}, "RETURN": {Keyword: KwReturn},
	}
	for i := range isa.Specs {
		if s := &isa.Specs[i]; s.Source {
			m[s.Mnemonic] = Verb{Spec: s}
		}
	}
	return m
}

// LookupVerb finds the verb that is spelled so, in any case.
func LookupVerb(s string) (Verb, bool) {
	var buf [12]byte
	if len(s) > len(buf) {
		return Verb{}, false
	}
	v, ok := verbs[string(upper(buf[:0], s))]
	return v, ok
}

// verbNames lists the verbs, upper case.
var verbNames = makeVerbNames()

func makeVerbNames() []string {
	var out []string
	for _, k := range Keywords {
		out = append(out, k.Name)
	}
	for _, s := range isa.Specs {
		if s.Source {
			out = append(out, s.Mnemonic)
		}
	}
	return out
}

// EqualFold says whether s is upperCase, in any case; letters are those of ASCII.
func EqualFold(s, upperCase string) bool {
	var buf [12]byte
	return len(s) == len(upperCase) && len(s) <= len(buf) && string(upper(buf[:0], s)) == upperCase
}

func upper(dst []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if 'a' <= c && c <= 'z' {
			c -= 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return dst
}

// machineOnly says what to write in place of an opcode that is no statement, or
// gives "" of a name that is no opcode.
func machineOnly(w string) string {
	s := isa.Lookup(string(upper(nil, w)))
	switch {
	case s == nil || s.Source:
		return ""
	case s.Operands != nil && s.Operands[0].Kind == isa.Out:
		return "use an expression, SET name = …"
	case s.Op == isa.ST:
		return "write SET name[i] = …"
	case s.Op == isa.INVOKE:
		return "a procedure is called by its name"
	}
	return "use IF, WHILE or FOR"
}
