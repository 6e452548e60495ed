package syntax

import "iter"

// TokenKind says what a stretch of source is, for highlighting and parsing.
type TokenKind uint8

const (
	Unknown     TokenKind = iota // a character or name that can stand for nothing here
	Comment                      // # or ; up to the end of the line
	Mnemonic                     // TXT, RECT, SET …
	Keyword                      // IF ELSE END WHILE FOR TO STEP BREAK CONTINUE, and pixel or cell after .canvas
	Directive                    // .canvas, dot included
	LabelName                    // a label where it stands, and after JMP and CALL
	Function                     // min, sin, peek …
	ColorName                    // red, navy …
	ReadOnly                     // frame W H mx my mb seed px py
	Name                         // any other name: a variable, constant, table or array
	Number                       // 42 0xFF 0b101
	Char                         // 'A', quotes included
	Operator                     // + && >>> =
	Punctuation                  // ( ) [ ] , :
	Text                         // literal characters of TXT and LOG
	Escape                       // \{ \} \" \\ in text
	Brace                        // { and } around an expression in text
	Quote                        // the double quotes around a whole text
	Row                          // a row of a sprite, below its .sprite line
	Procedure                    // the name of a procedure in its DEF and where it is called
)

var tokenKinds = [...]string{"unknown", "comment", "mnemonic", "keyword", "directive", "label", "function", "color", "readonly", "name", "number", "char", "operator", "punctuation", "text", "escape", "brace", "quote", "row", "procedure"}

func (k TokenKind) String() string {
	if int(k) < len(tokenKinds) {
		return tokenKinds[k]
	}
	return "unknown"
}

// Token is a stretch of source, in bytes. Spaces and line ends are between
// tokens, never in one (but for Text, Comment and Char).
type Token struct {
	Kind        TokenKind
	Offset, End int
}

// Lex splits source into tokens, in order, for highlighting. It accepts any
// string; what can stand for nothing is Unknown. It is the lexer Parse uses.
func Lex(src string) []Token {
	l := lexer{src: src, toks: make([]Token, 0, len(src)/4+8)}
	l.skipBOM()
	for l.nextLine() {
	}
	return l.toks
}

// Line is a line of source with its tokens.
type Line struct {
	From, Next int     // bytes from its first to the next line's
	Tokens     []Token // good until the next line is asked for
}

// Lines gives the lines of source in order; a last one that is empty is none.
func Lines(src string) iter.Seq[Line] {
	return func(yield func(Line) bool) {
		l := lexer{src: src}
		l.skipBOM()
		for {
			from := l.pos
			l.toks = l.toks[:0]
			if !l.nextLine() || !yield(Line{from, l.pos, l.toks}) {
				return
			}
		}
	}
}
