package slip

import "strings"

// Line is a line of source that cannot be read.
type Line struct {
	Text   string            // without its end
	Tail   int               // where the text of a TXT or LOG begins, or len(Text)
	Source string            // the whole program, for what it declares elsewhere
	Verb   func(string) bool // says whether a statement begins with a word

	Color func(string) string // gives a colour as the language names it, whatever its case; "" of none
	Unary func(string) bool   // says whether a word, whatever its case, is a function of one value
}

// Slip is what is wrong with a line, and what mends it or a part of it.
type Slip struct {
	From, End int    // the bytes that are wrong
	Say       string // a sentence; "" leaves it to the reader of the line
	Edits     []Edit // in order; without any there is no mend
	Guess     bool   // the edits are only for reading on: no mend to offer
	Closer    string // what the END of a block that the line opens should be
}

// Edit puts Text in the place of [From, End).
type Edit struct {
	From, End int
	Text      string
}

// rules in the order in which they are asked. One that is not about a line says
// false.
var rules = [...]func(*scan) (Slip, bool){
	characters, comments, lineNumber, jumpToNumber, labels,
	cFor, rangeFor, braces, function, untilLoop, blockEnd, blockWord, blockColon, then,
	forParts, oneLineElse, oneLineEnd, statements, oneLineBody, printing, compared,
	declaration, directive, array, table, canvasSize,
	increment, assignment, plusSign, choice,
	wordOperator, operator, hexNumber, decimal, numberForm,
	keyCall, quoted, methodCall, functionCall, indexCall,
	callOfLabel, coordinates, parentheses, textFirst, gluedText, loneLabel, foreignVerb,
	spacedOperand, bareFunction, secondIndex, missingComma, missingParenthesis, dotted, nothing,
}

// Find gives the first thing that is wrong with a line, if it is a slip that is
// known.
func Find(l Line) (Slip, bool) {
	s := newScan(l)
	for _, rule := range rules {
		if found, ok := rule(s); ok {
			s.endSemicolon(&found)
			return found, true
		}
	}
	return Slip{}, false
}

// endSemicolon leaves C's semicolon at the end of the line out with whatever else is
// mended: it would become a part of a text.
func (s *scan) endSemicolon(found *Slip) {
	n := len(found.Edits)
	if n == 0 || len(s.toks) == 0 {
		return
	}
	from := s.toks[s.last()].end
	end := len(strings.TrimRight(s.Text, " \t\r"))
	if s.Tail < len(s.Text) || from >= end || strings.Trim(s.Text[from:end], "; \t") != "" || found.Edits[n-1].End > from {
		return
	}
	if last := &found.Edits[n-1]; last.End == from {
		last.End = end
		return
	}
	found.Edits = append(found.Edits, Edit{from, end, ""})
}

// replaced is the slip of tokens [from, to] that should be text.
func (s *scan) replaced(from, to int, text, say string) Slip {
	a, b := s.toks[from].from, s.toks[to].end
	return Slip{From: a, End: b, Say: say, Edits: []Edit{{a, b, text}}}
}

// removed is the slip of tokens [from, to] that should not be there, nor the space
// before them.
func (s *scan) removed(from, to int, say string) Slip {
	a, b := s.toks[from].from, s.toks[to].end
	cut := a
	if from == 0 && to < s.last() {
		return Slip{From: a, End: b, Say: say, Edits: []Edit{{a, s.toks[to+1].from, ""}}}
	}
	for from > 0 && cut > s.toks[from-1].end {
		cut--
	}
	return Slip{From: a, End: b, Say: say, Edits: []Edit{{cut, b, ""}}}
}

// rewritten is the slip of a line that should be text throughout, but for its
// indentation and comment.
func (s *scan) rewritten(from, to int, text, say string) Slip {
	text = strings.ReplaceAll(text, "\n", "\n"+s.indent())
	return Slip{From: s.toks[from].from, End: s.toks[to].end, Say: say, Edits: []Edit{{s.toks[0].from, s.toks[len(s.toks)-1].end, text}}}
}

// said is the slip of tokens [from, to] for which no mend is known.
func (s *scan) said(from, to int, say string) Slip {
	return Slip{From: s.toks[from].from, End: s.toks[to].end, Say: say}
}
