package pxl

import "gvpie/runtime/isa"

// FunctionDoc describes a function that expressions may call.
type FunctionDoc struct {
	Name   string
	Params []string
	Doc    string // one line
	op     isa.Op
}

// Functions lists the functions in the order of the language reference.
var Functions = []FunctionDoc{
	{"min", []string{"a", "b"}, "The smaller of a and b.", isa.MIN},
	{"max", []string{"a", "b"}, "The larger of a and b.", isa.MAX},
	{"abs", []string{"a"}, "a without its sign.", isa.ABS},
	{"sgn", []string{"a"}, "-1, 0 or 1: a's sign.", isa.SGN},
	{"clamp", []string{"a", "lo", "hi"}, "a held between lo and hi: max(lo, min(hi, a)).", isa.CLAMP},
	{"sin", []string{"t"}, "1024 times the sine of t/1024 of a turn, rounded.", isa.SIN},
	{"cos", []string{"t"}, "1024 times the cosine of t/1024 of a turn, rounded.", isa.COS},
	{"sqrt", []string{"a"}, "The floor of the square root of a; 0 below 1.", isa.SQRT},
	{"rnd", []string{"n"}, "A random number from 0 to n-1; 0 for n <= 0.", isa.RND},
	{"peek", []string{"x", "y"}, "The texel at x, y as the frame began; 0 off the canvas.", isa.PEEK},
	{"key", []string{"c"}, "1 while the key with code c is held, else 0.", isa.KEY},
}

// Color is a colour's name and its value 0xRRGGBB.
type Color struct {
	Name string
	RGB  uint32
}

// Colors lists the named colours in the order of the language reference.
var Colors = []Color{
	{"black", 0x000000}, {"white", 0xFFFFFF}, {"red", 0xFF0000}, {"green", 0x00FF00},
	{"blue", 0x0000FF}, {"yellow", 0xFFFF00}, {"cyan", 0x00FFFF}, {"magenta", 0xFF00FF},
	{"orange", 0xFF9900}, {"gray", 0x999999}, {"silver", 0xCCCCCC}, {"maroon", 0x990000},
	{"navy", 0x000099}, {"teal", 0x009999}, {"olive", 0x999900}, {"purple", 0x990099},
}

// NameDoc describes a read-only name.
type NameDoc struct {
	Name string
	Doc  string // one line
}

// ReadOnlyNames lists the names a program reads and never sets. The last two,
// px and py, exist inside EACH alone.
var ReadOnlyNames = []NameDoc{
	{"frame", "Frames ended so far, from 0."},
	{"W", "Width of the canvas, texels."},
	{"H", "Height of the canvas, texels."},
	{"mx", "Column of the mouse, texels."},
	{"my", "Row of the mouse, texels."},
	{"mb", "Mouse buttons held: 1 left, 2 right, 4 middle, added up."},
	{"seed", "The seed the run started with."},
	{"px", "Inside EACH: the texel's column."},
	{"py", "Inside EACH: the texel's row."},
}

// KeywordDoc describes a word of the language that is no opcode.
type KeywordDoc struct {
	Name   string // upper case
	Syntax string
	Doc    string // one line
}

// Keywords lists the words that give a program its blocks.
var Keywords = []KeywordDoc{
	{"IF", "IF cond [STATEMENT]", "Does the statement, or the lines up to ELSE or END, when cond is not 0."},
	{"ELSE", "ELSE [IF cond]", "What to do otherwise; one END closes the whole chain."},
	{"END", "END", "Closes the nearest open IF, WHILE, FOR or EACH."},
	{"WHILE", "WHILE cond … END", "Repeats the lines up to END while cond is not 0."},
	{"FOR", "FOR name = a TO b [STEP s] … END", "Counts name from a to b, by 1 or by s, doing the lines up to END each time."},
	{"BREAK", "BREAK", "Leaves the nearest FOR or WHILE."},
	{"CONTINUE", "CONTINUE", "Goes on with the next turn of the nearest FOR or WHILE."},
}

// Directives lists the lines that declare.
var Directives = []KeywordDoc{
	{".canvas", ".canvas width height [pixel]", "The size of the canvas; with pixel, every texel is a colour, else a cell with a glyph."},
	{".const", ".const NAME value", "A name for a number that is known before the program runs."},
	{".table", ".table name value…", "Read-only words: name[i]."},
	{".array", ".array name size", "Writable words, 0 at the start: name[i]."},
}

// builtin is what a name means in every program.
type builtin struct {
	kind  TokenKind // Function, ColorName or ReadOnly
	value int32     // index in Functions, colour, or data word (laneX, laneY for px, py)
}

// px and py have no data word: they are lanes 0 and 1 of a texel.
const (
	laneX int32 = -1
	laneY int32 = -2
)

var builtins = makeBuiltins()

func makeBuiltins() map[string]builtin {
	m := make(map[string]builtin)
	for i, f := range Functions {
		m[f.Name] = builtin{Function, int32(i)}
	}
	for _, c := range Colors {
		m[c.Name] = builtin{ColorName, int32(c.RGB)}
	}
	for i, n := range isa.SysNames {
		m[n] = builtin{ReadOnly, int32(i)}
	}
	m["px"] = builtin{ReadOnly, laneX}
	m["py"] = builtin{ReadOnly, laneY}
	return m
}

// words finds keywords and source mnemonics by upper-case spelling.
var words = makeWords()

type word struct {
	key  keyword
	spec *isa.Spec // nil for a keyword
}

type keyword uint8

const (
	noKeyword keyword = iota
	kwIf
	kwElse
	kwEnd
	kwWhile
	kwFor
	kwBreak
	kwContinue
)

func makeWords() map[string]word {
	m := map[string]word{
		"IF": {key: kwIf}, "ELSE": {key: kwElse}, "END": {key: kwEnd}, "WHILE": {key: kwWhile},
		"FOR": {key: kwFor}, "BREAK": {key: kwBreak}, "CONTINUE": {key: kwContinue},
	}
	for i := range isa.Specs {
		if s := &isa.Specs[i]; s.Source {
			m[s.Mnemonic] = word{spec: s}
		}
	}
	return m
}

// lookupWord finds what a statement's first word is, in any case.
func lookupWord(s string) (word, bool) {
	var buf [12]byte
	if len(s) > len(buf) {
		return word{}, false
	}
	w, ok := words[string(upper(buf[:0], s))]
	return w, ok
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

// isWord says whether s, in any case, is want (upper case).
func isWord(s, want string) bool {
	var buf [12]byte
	return len(s) == len(want) && len(s) <= len(buf) && string(upper(buf[:0], s)) == want
}

// statementWords lists what a statement may start with, upper case.
var statementWords = makeStatementWords()

func makeStatementWords() []string {
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

// machineOnly says what to write in place of an opcode that is no statement, or
// gives "" for a word that is no opcode.
func machineOnly(w string) string {
	s := isa.Lookup(string(upper(nil, w)))
	switch {
	case s == nil || s.Source:
		return ""
	case s.Operands != nil && s.Operands[0].Kind == isa.Out:
		return "use an expression, SET name = …"
	case s.Op == isa.ST:
		return "write SET name[i] = …"
	}
	return "use IF, WHILE or FOR"
}
