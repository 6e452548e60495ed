package slip

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// hexNumber finds colours and hexadecimal numbers of other languages.
func hexNumber(s *scan) (Slip, bool) {
	for i, t := range s.toks {
		w := s.str(i)
		digits := ""
		from, end := t.from, t.end
		switch {
		case t.kind == hash && i > 0:
			digits = w[1:]
		case t.kind == text && i > 0 && len(w) > 3 && w[1] == '#' && hexLen(w[2:len(w)-1]) == len(w)-3 && (len(w) == 6 || len(w) == 9):
			digits = w[2 : len(w)-1]
		case (w == "$" || w == "&") && i > 0 && !s.spaced(i+1) && i < s.last() && !s.after(t.from):
			next := s.str(i + 1)
			if w == "&" && !strings.HasPrefix(strings.ToUpper(next), "H") {
				continue
			}
			if w == "&" {
				next = next[1:]
			}
			if next == "" || hexLen(next) != len(next) {
				continue
			}
			digits, end = next, s.toks[i+1].end
		case t.kind == number && i > 0 && len(w) == 6 && hexLen(w) == 6 && strings.Trim(w, "0123456789") != "" && !strings.HasPrefix(w, "0x") && !strings.HasPrefix(w, "0b"):
			digits = w
		default:
			continue
		}
		say := fmt.Sprintf("a colour is written 0xRRGGBB: 0x%s", digits)
		if t.kind != hash && len(digits) != 6 {
			say = fmt.Sprintf("a hexadecimal number is written 0x%s", digits)
		}
		if len(digits) == 3 && (t.kind == hash || t.kind == text) {
			wide := fmt.Sprintf("0x%[1]c%[1]c%[2]c%[2]c%[3]c%[3]c", digits[0], digits[1], digits[2])
			return Slip{From: from, End: end, Say: "a colour is written with six digits, 0xRRGGBB: " + wide}, true
		}
		if len(digits) == 8 && t.kind == hash {
			return Slip{From: from, End: end, Say: "a colour is written with six digits, 0xRRGGBB, and has no transparency"}, true
		}
		return Slip{From: from, End: end, Say: say, Edits: []Edit{{from, end, "0x" + digits}}}, true
	}
	return Slip{}, false
}

// decimal finds numbers with a fraction.
func decimal(s *scan) (Slip, bool) {
	for i, t := range s.toks {
		w := s.str(i)
		if t.kind != number || strings.HasPrefix(w, "0x") || strings.HasPrefix(w, "0X") {
			continue
		}
		v, err := strconv.ParseFloat(strings.TrimRight(w, "fF"), 64)
		if err != nil || strings.Trim(w, "0123456789_") == "" {
			continue
		}
		dot := strings.IndexByte(w, '.')
		if dot > 0 && strings.Trim(w[dot:], ".0fF") == "" {
			return s.replaced(i, i, w[:dot], fmt.Sprintf("numbers are whole: write %s", w[:dot])), true
		}
		switch {
		case math.Abs(v) > 1<<20:
			return s.said(i, i, fmt.Sprintf("%s is no number here: numbers are whole, and written out", w)), true
		case dot < 0 && v == math.Trunc(v):
			return s.said(i, i, fmt.Sprintf("%s is no number here: write %d", w, int(v))), true
		case s.is(i-1, "(") && s.is(i-2, "sin", "cos"):
			return s.said(i, i, fmt.Sprintf("numbers are whole, and %s takes 1024ths of a turn: %s of a turn is %d", s.str(i-2), w, int(math.Round(v*1024)))), true
		}
		return s.said(i, i, fmt.Sprintf("numbers are whole: there is no %s; count in smaller parts, as in 256ths, where it is %d, and divide by 256 (>> 8) where it is used", w, int(math.Round(v*256)))), true
	}
	return Slip{}, false
}

// numberForm finds digits in groups and suffixes of types.
func numberForm(s *scan) (Slip, bool) {
	for i, t := range s.toks {
		w := s.str(i)
		if t.kind != number {
			continue
		}
		if plain := strings.ReplaceAll(w, "_", ""); plain != w && strings.Trim(plain, "0123456789") == "" {
			return s.replaced(i, i, plain, fmt.Sprintf("the digits of a number stand together: %s", plain)), true
		}
		if plain := strings.TrimRight(w, "uUlL"); plain != w && plain != "" && strings.Trim(plain, "0123456789") == "" {
			return s.replaced(i, i, plain, fmt.Sprintf("a number has no type: %s", plain)), true
		}
		if strings.HasPrefix(w, "0o") || strings.HasPrefix(w, "0O") {
			if v, err := strconv.ParseInt(w[2:], 8, 32); err == nil {
				return s.said(i, i, fmt.Sprintf("there are no octal numbers: %s is %d", w, v)), true
			}
		}
	}
	return Slip{}, false
}

// KeyCode gives the code of a key by the name it has elsewhere.
func KeyCode(name string) (int, bool) {
	name = strings.ToUpper(strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(strings.ToUpper(name), "KEY"), "_"), "ARROW"))
	name = strings.TrimSuffix(strings.TrimSuffix(name, "ARROW"), "_")
	c, ok := keyCodes[name]
	return c, ok
}

var keyCodes = map[string]int{
	"LEFT": 17, "RIGHT": 18, "UP": 19, "DOWN": 20, "BACKSPACE": 8, "TAB": 9, "ENTER": 13, "RETURN": 13,
	"ESC": 27, "ESCAPE": 27, "DELETE": 127, "DEL": 127, "SPACE": 32, "SPACEBAR": 32,
}

// keyCall finds how other languages ask for a key.
func keyCall(s *scan) (Slip, bool) {
	const arrows = "Left 17, Right 18, Up 19, Down 20"
	for i := 0; i+1 < len(s.toks); i++ {
		if s.kindOf(i) != word || !s.is(i+1, "(") {
			continue
		}
		end := s.closing(i + 1)
		if end < 0 {
			continue
		}
		switch {
		case s.is(i, "btn", "btnp", "button", "pad"):
			say := "there is no " + s.str(i) + ": key(c) is 1 while the key with code c is held (" + arrows + ", or a letter, key('X'))"
			if code := strings.Index("0123", s.str(i+2)); end == i+3 && s.kindOf(i+2) == number && code >= 0 {
				say = fmt.Sprintf("there is no %s: key(%d) is 1 while that arrow is held (%s)", s.str(i), 17+code, arrows)
			}
			return s.said(i, end, say), true
		case s.is(i, "inkey", "getkey", "keydown", "iskeydown", "keypressed", "is_key_down", "key_down", "keyIsDown") || s.is(i, "key") && s.kindOf(i+2) == text:
			out := s.said(i, end, "key(c) is 1 while the key with code c is held: key('A'), or a number ("+arrows+")")
			if w := s.str(i + 2); end == i+3 && s.kindOf(i+2) == text && len(w) == 3 && w[1] > 32 && w[1] < 127 {
				c := strings.ToUpper(w[1:2])
				if c == "'" || c == "\\" {
					c = "\\" + c
				}
				out.From, out.End = s.toks[i+2].from, s.toks[i+2].end
				out.Say = fmt.Sprintf("a character stands in single quotes, in capitals for a key: key('%s')", c)
				out.Edits = []Edit{{s.toks[i].from, s.toks[end].end, "key('" + c + "')"}}
			} else if code, ok := KeyCode(strings.Trim(w, `"'`)); ok {
				out.From, out.End = s.toks[i+2].from, s.toks[i+2].end
				out.Say = fmt.Sprintf("a key is named by its code: this one is key(%d)", code)
			} else if !s.is(i, "key") && end == i+3 {
				out.Edits = []Edit{{s.toks[i].from, s.toks[i].end, "key"}}
				out.From, out.End = s.toks[i].from, s.toks[i].end
			}
			return out, true
		}
	}
	return Slip{}, false
}

// quoted finds texts where a number should stand.
func quoted(s *scan) (Slip, bool) {
	for i, t := range s.toks {
		head := s.head(i - 1)
		if t.kind != text || head < 0 || s.is(head, "TXT", "LOG", "PRINT", "TEXT") || s.is(i-1, "(") && s.kindOf(i-2) == word {
			continue
		}
		if c := s.Color(strings.Trim(s.str(i), "\"'`")); c != "" {
			return s.replaced(i, i, c, fmt.Sprintf("a colour is a name without quotes: %s", c)), true
		}
		if s.is(head, "SET") && s.Text[t.from] == '"' {
			return s.said(i, i, "there are no text values: a name holds a number; TXT and LOG alone write text"), true
		}
	}
	return Slip{}, false
}
