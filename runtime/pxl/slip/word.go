package slip

import (
	"fmt"
	"strings"
)

// foreign is what another language's statement is here.
type foreign struct {
	here string // "" where there is nothing like it
	say  string
}

// verbs are the statements of other languages, in capitals.
var verbs = map[string]foreign{
	"RECTFILL":   {"RECT", "there is no RECTFILL: RECT fills a rectangle, and takes its width and height"},
	"RECTB":      {"BOX", "there is no RECTB: BOX is the outline of a rectangle"},
	"FILLRECT":   {"RECT", "there is no FILLRECT: RECT fills a rectangle"},
	"CIRCFILL":   {"CIRC", "there is no CIRCFILL: CIRC fills a circle"},
	"CIRCB":      {"RING", "there is no CIRCB: RING is the outline of a circle"},
	"ELLIPSE":    {"", "there are circles alone: CIRC x y r fills one, RING is its outline"},
	"ELLI":       {"", "there are circles alone: CIRC x y r fills one, RING is its outline"},
	"SQUARE":     {"", "there is no SQUARE: RECT x y w h fills a rectangle"},
	"PIX":        {"PLOT", "there is no PIX: PLOT x y color colours one texel"},
	"POINT":      {"PLOT", "there is no POINT: PLOT x y color colours one texel"},
	"SETPIXEL":   {"PLOT", "there is no SETPIXEL: PLOT x y color colours one texel"},
	"PUTPIXEL":   {"PLOT", "there is no PUTPIXEL: PLOT x y color colours one texel"},
	"DRAW":       {"", "there is no DRAW: say what: PLOT, LINE, RECT, BOX, CIRC, RING or TXT"},
	"CLEAR":      {"CLS", "there is no CLEAR: CLS clears the canvas"},
	"CLG":        {"CLS", "there is no CLG: CLS clears the canvas"},
	"CLRSCR":     {"CLS", "there is no CLRSCR: CLS clears the canvas"},
	"BACKGROUND": {"CLS", "there is no BACKGROUND: CLS color clears the canvas to a colour"},
	"FLIP":       {"FRAME", "there is no FLIP: FRAME ends the frame and shows it"},
	"PRESENT":    {"FRAME", "there is no PRESENT: FRAME ends the frame and shows it"},
	"VSYNC":      {"FRAME", "there is no VSYNC: FRAME ends the frame and shows it"},
	"REFRESH":    {"FRAME", "there is no REFRESH: FRAME ends the frame and shows it"},
	"WAIT":       {"", "time passes in frames: each FRAME shows the picture and waits for the next"},
	"SLEEP":      {"", "time passes in frames: each FRAME shows the picture and waits for the next"},
	"DELAY":      {"", "time passes in frames: each FRAME shows the picture and waits for the next"},
	"PAUSE":      {"", "time passes in frames: each FRAME shows the picture and waits for the next"},
	"SOUND":      {"", "there is no sound"},
	"BEEP":       {"", "there is no sound"},
	"PLAY":       {"", "there is no sound"},
	"SFX":        {"", "there is no sound"},
	"MUSIC":      {"", "there is no sound"},
	"PASS":       {"NOP", "there is no PASS: NOP does nothing"},
	"INPUT":      {"", "a program does not wait for a line: key(c) says whether a key is held"},
	"SELECT":     {"", "there is no SELECT: write IF … ELSE IF … ELSE … END"},
	"SWITCH":     {"", "there is no SWITCH: write IF … ELSE IF … ELSE … END"},
	"CASE":       {"", "there is no CASE: write IF … ELSE IF … ELSE … END"},
	"MATCH":      {"", "there is no MATCH: write IF … ELSE IF … ELSE … END"},
	"ON":         {"", "there is no ON: write IF … ELSE IF … ELSE … END"},
	"CONST":      {"", "a constant is declared with a dot: .const NAME value"},
	"CANVAS":     {"", "the canvas is declared with a dot: .canvas width height"},
	"SCREEN":     {"", "the size of the canvas is declared: .canvas width height"},
	"GRAPHICS":   {"", "the size of the canvas is declared: .canvas width height"},
	"TABLE":      {"", "a table is declared with a dot: .table name value…"},
	"ARRAY":      {"", "an array is declared with a dot: .array name size"},
	"DIM":        {"", "an array is declared with its size, .array name size; other names need no declaration"},
	"INC":        {"", "there is no INC: SET name = name + 1"},
	"DEC":        {"", "there is no DEC: SET name = name - 1"},
	"MOV":        {"", "a value is given with SET: SET name = …"},
	"RANDOMIZE":  {"", "the random numbers begin from the run's seed; SEED n begins them again"},
	"SRAND":      {"SEED", "there is no SRAND: SEED n begins the random numbers again"},
	"UNLESS":     {"", "there is no UNLESS: write IF !(cond)"},
	"COLOUR":     {"COLOR", "the statement is spelled COLOR"},
	"INK":        {"COLOR", "there is no INK: COLOR ink [paper] sets the ink for later draws"},
	"PEN":        {"COLOR", "there is no PEN: COLOR ink [paper] sets the ink for later draws"},
	"SETCOLOR":   {"COLOR", "there is no SETCOLOR: COLOR ink [paper] sets the ink for later draws"},
	"STROKE":     {"COLOR", "there is no STROKE: COLOR ink [paper] sets the ink for later draws"},
	"GO":         {"", "a jump is written JMP label"},
	"BREAKIF":    {"", "a loop is left with IF cond BREAK"},
	"QUIT":       {"HALT", "there is no QUIT: HALT ends the program"},
	"TYPE":       {"", "there are no types: every value is a whole number"},
	"STRUCT":     {"", "there are no structures: give each part a name, or an .array for many"},
	"CLASS":      {"", "there are no classes: give each part a name, or an .array for many"},
	"TRY":        {"", "an error ends the run and names its line; nothing catches it"},
	"ASSIGN":     {"", "a value is given with SET: SET name = …"},
	"POKE":       {"", "there is no POKE: PLOT x y color colours a texel, SET a[i] = … writes an array"},
	"GET":        {"", "a program does not wait for a key: key(c) says whether one is held"},
	// Those for which the reader of the line has a word of its own.
	"GOTO": {}, "GOSUB": {}, "JUMP": {}, "RETURN": {}, "LET": {}, "PSET": {}, "PIXEL": {}, "CIRCLE": {}, "DISC": {}, "STOP": {}, "EXIT": {}, "YIELD": {}, "TEXT": {}, "VAR": {},
}

// foreignVerb finds the statements of other languages.
func foreignVerb(s *scan) (Slip, bool) {
	for i := s.first(); i < len(s.toks); i++ {
		w := strings.ToUpper(s.str(i))
		if s.kindOf(i) != word || s.is(0, ".") || i > s.first() && s.head(i) != i || s.is(i+1, "=", "[") {
			continue
		}
		v, ok := verbs[w]
		if !ok || v.say == "" {
			continue
		}
		switch {
		case (w == "INC" || w == "DEC") && i+1 == s.last() && s.kindOf(i+1) == word:
			n, op := s.str(i+1), "+"
			if w == "DEC" {
				op = "-"
			}
			out := s.replaced(i, i+1, fmt.Sprintf("SET %s = %s %s 1", n, n, op), v.say)
			out.End = s.toks[i].end
			return out, true
		case w == "UNLESS" && i < s.last():
			end := s.toks[s.last()].end
			out := s.said(i, i, v.say)
			out.Edits = []Edit{{out.From, s.toks[i+1].from, "IF !("}, {end, end, ")"}}
			return out, true
		case (w == "WAIT" || w == "PAUSE") && i == s.last():
			return s.replaced(i, i, "FRAME", v.say), true
		case v.here == "":
			return s.said(i, i, v.say), true
		case i == s.last() && (w == "POINT" || w == "PIX" || w == "INK" || w == "PEN"):
			return Slip{}, false
		}
		return s.replaced(i, i, v.here, v.say), true
	}
	return Slip{}, false
}

// dotted finds the parts of a structure: ship.x.
func dotted(s *scan) (Slip, bool) {
	var out Slip
	for i := 0; i+2 < len(s.toks) && !s.is(0, "INCLUDE", "."); i++ {
		if s.kindOf(i) != word || !s.is(i+1, ".") || s.spaced(i+1) || s.kindOf(i+2) != word || s.spaced(i+2) || s.is(i+3, "(") {
			continue
		}
		if len(out.Edits) == 0 {
			out = s.said(i, i+2, fmt.Sprintf("a name has no parts: write %s_%s", s.str(i), s.str(i+2)))
		}
		t := s.toks[i+1]
		out.Edits = append(out.Edits, Edit{t.from, t.end, "_"})
	}
	return out, len(out.Edits) > 0
}

// nothing finds values behind a statement that takes none.
func nothing(s *scan) (Slip, bool) {
	i := s.head(s.last())
	if i < 0 || i == s.last() || !s.is(i, "HALT", "FRAME", "RET", "BREAK", "CONTINUE", "NOP") || i > s.first() && !s.is(s.first(), "IF") {
		return Slip{}, false
	}
	w := strings.ToUpper(s.str(i))
	say := fmt.Sprintf("`%s` is left over: %s takes nothing behind it", s.span(i+1, s.last()), w)
	switch w {
	case "FRAME":
		say += ", and ends one frame"
	case "RET":
		say += ": a subroutine leaves its result in a name"
	}
	return s.said(i+1, s.last(), say), true
}
