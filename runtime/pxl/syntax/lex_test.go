package syntax

import (
	"strings"
	"testing"
)

// lexed spells the tokens of a source: kind(text).
func lexed(src string) string {
	var out []string
	for _, k := range Lex(src) {
		out = append(out, k.Kind.String()+"("+src[k.Offset:k.End]+")")
	}
	return strings.Join(out, " ")
}

func TestLex(t *testing.T) {
	for _, c := range []struct{ claim, src, want string }{
		{"a line that begins with # or ; is a comment", "# a\n ; b", "comment(# a) comment(; b)"},
		{"a comment may follow a statement", "HALT ; done", "mnemonic(HALT) comment(; done)"},
		{"but not text", "LOG a ; b", "mnemonic(LOG) text(a ; b)"},
		{"any case is a mnemonic", "rect 1 0x2F red", "mnemonic(rect) number(1) number(0x2F) color(red)"},
		{"a word that is none may be a procedure", "star 1", "procedure(star) number(1)"},
		{"so may a name before a parenthesis", "SET x = f(1) + g (2)", "mnemonic(SET) name(x) operator(=) procedure(f) punctuation(() number(1) punctuation()) operator(+) name(g) punctuation(() number(2) punctuation())"},
		{"DEF declares one", "def star(x, y)", "keyword(def) procedure(star) punctuation(() name(x) punctuation(,) name(y) punctuation())"},
		{"the text of TXT begins behind a call", "TXT f(1, 2) y hi", "mnemonic(TXT) procedure(f) punctuation(() number(1) punctuation(,) number(2) punctuation()) name(y) text(hi)"},
		{"the text of TXT begins behind two operands", "TXT x+1 (2 * 3) hi there", "mnemonic(TXT) name(x) operator(+) number(1) punctuation(() number(2) operator(*) number(3) punctuation()) text(hi there)"},
		{"an operator after a space is text", "TXT 1 2 -3", "mnemonic(TXT) number(1) number(2) text(-3)"},
		{"an index is part of an operand", "TXT a[i] b[2] [x]", "mnemonic(TXT) name(a) punctuation([) name(i) punctuation(]) name(b) punctuation([) number(2) punctuation(]) text([x])"},
		{"text has expressions and escapes", `LOG a{x+1}\{b`, `mnemonic(LOG) text(a) brace({) name(x) operator(+) number(1) brace(}) escape(\{) text(b)`},
		{"a backslash before another character is text", `LOG \n`, `mnemonic(LOG) text(\n)`},
		{"quotes around a whole text are none of it", `LOG " a "`, `mnemonic(LOG) quote(") text( a ) quote(")`},
		{"quotes around a part are text", `LOG "a" "b"`, `mnemonic(LOG) text("a" "b")`},
		{"a quote in an expression closes nothing", `LOG "{'"'}"`, `mnemonic(LOG) quote(") brace({) char('"') brace(}) quote(")`},
		{"labels, and what jumps to them", "loop: JMP loop", "label(loop) punctuation(:) mnemonic(JMP) label(loop)"},
		{"a condition ends at a word that cannot go on", "IF frame > 3 FRAME", "keyword(IF) readonly(frame) operator(>) number(3) mnemonic(FRAME)"},
		{"or at a statement where a value should stand", "IF x > JMP y", "keyword(IF) name(x) operator(>) mnemonic(JMP) label(y)"},
		{"the parts of FOR", "for i = a to b step 2", "keyword(for) name(i) operator(=) name(a) keyword(to) name(b) keyword(step) number(2)"},
		{"ELSE IF are two keywords", "else if x", "keyword(else) keyword(if) name(x)"},
		{"functions", "SET x = min(1, px)", "mnemonic(SET) name(x) operator(=) function(min) punctuation(() number(1) punctuation(,) readonly(px) punctuation())"},
		{"directives", ".canvas 3 4 pixel", "directive(.canvas) number(3) number(4) keyword(pixel)"},
		{"the longest operator", "SET x = a>>>b>>c>=d", "mnemonic(SET) name(x) operator(=) name(a) operator(>>>) name(b) operator(>>) name(c) operator(>=) name(d)"},
		{"an assignment needs no SET", "x+=1, a[i, 2] = y", "name(x) operator(+=) number(1) punctuation(,) name(a) punctuation([) name(i) punctuation(,) number(2) punctuation(]) operator(=) name(y)"},
		{"a comparison is none", "x == 1", "procedure(x) operator(==) number(1)"},
		{"an assignment follows a condition", "IF x y <<= 1", "keyword(IF) name(x) name(y) operator(<<=) number(1)"},
		{"a name that is spelled like a statement is a value before one", "IF line x = 3, y = frame", "keyword(IF) name(line) name(x) operator(=) number(3) punctuation(,) name(y) operator(=) readonly(frame)"},
		{"characters", `SET x = 'é' + '\''`, `mnemonic(SET) name(x) operator(=) char('é') operator(+) char('\'')`},
		{"a BOM and CRLF are no tokens", "\uFEFFHALT\r\nNOP\r\n", "mnemonic(HALT) mnemonic(NOP)"},
		{"what means nothing is unknown", "SET x = $", "mnemonic(SET) name(x) operator(=) unknown($)"},
		{"nothing", " \n\t\n", ""},
	} {
		if got := lexed(c.src); got != c.want {
			t.Errorf("%s: %q\n got %s\nwant %s", c.claim, c.src, got, c.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for s, want := range map[string]int32{
		"0": 0, "42": 42, "0xFF8800": 0xFF8800, "0XfF": 255, "0b1010": 10, "2147483647": 1<<31 - 1,
		"0x80000000": -1 << 31, "0xFFFFFFFF": -1, "4294967295": -1,
	} {
		if got, ok := ParseNumber(s); !ok || got != want {
			t.Errorf("%s is %d %v, want %d", s, got, ok, want)
		}
	}
	for _, s := range []string{"4294967296", "0x100000000", "0x", "0b2", "12a", "1_000", "0b"} {
		if got, ok := ParseNumber(s); ok {
			t.Errorf("%s is %d, want no number", s, got)
		}
	}
}
