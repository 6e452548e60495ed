package rules

import (
	"strings"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/include"
	"gvpie/runtime/pxl/syntax"
)

// String is the program as source, with the files that it includes behind it.
func (p *program) String() string {
	w := &printer{}
	for _, s := range p.body {
		if !s.taken {
			w.stmt(s, 0)
		}
	}
	return include.Bundle(w.b.String(), p.files)
}

type printer struct{ b strings.Builder }

func (w *printer) line(depth int, text, tail string) {
	if text == "" && tail == "" {
		w.b.WriteByte('\n')
		return
	}
	w.b.WriteString(strings.Repeat("  ", depth))
	w.b.WriteString(text)
	if tail != "" {
		if text != "" {
			w.b.WriteByte(' ')
		}
		w.b.WriteString(tail)
	}
	w.b.WriteByte('\n')
}

func (w *printer) block(body []*stmt, depth int) {
	for _, s := range body {
		w.stmt(s, depth)
	}
}

func (w *printer) stmt(s *stmt, depth int) {
	for _, c := range s.lead {
		w.line(depth, c, "")
	}
	switch {
	case s.kind == syntax.BadStmt:
		return
	case s.raw != "":
		w.b.WriteString(s.raw + "\n")
		return
	case s.inline():
		w.line(depth, s.head()+" "+s.body[0].head(), s.tail)
		return
	}
	w.line(depth, s.head(), s.tail)
	if !s.opens() {
		return
	}
	w.block(s.body, depth+1)
	switch {
	case s.other != nil:
		w.stmt(s.other, depth)
	case s.end != nil:
		for _, c := range s.end.lead {
			w.line(depth+1, c, "")
		}
		w.line(depth, "END", s.end.tail)
	}
}

// inline says whether an IF fits on one line.
func (s *stmt) inline() bool {
	if s.kind != syntax.IfStmt || len(s.body) != 1 || s.other != nil || s.end == nil || len(s.end.lead) > 0 || s.end.tail != "" {
		return false
	}
	b := s.body[0]
	return !b.opens() && b.kind != syntax.LabelStmt && b.kind != syntax.LocalStmt && b.kind != syntax.BadStmt && len(b.lead) == 0 && b.tail == ""
}

// head is the statement's own line.
func (s *stmt) head() string {
	switch s.kind {
	case syntax.LabelStmt:
		return s.name + ":"
	case syntax.SetStmt:
		target := s.name
		if len(s.index) > 0 {
			target = element(s.name, s.index...).String()
		}
		if s.verb != "" {
			target = s.verb + " " + target
		}
		return target + " " + s.join + "= " + s.args[0].String()
	case syntax.IfStmt:
		return "IF " + s.args[0].String()
	case syntax.ElseIfStmt:
		return "ELSE IF " + s.args[0].String()
	case syntax.ElseStmt:
		return "ELSE"
	case syntax.WhileStmt:
		return "WHILE " + s.args[0].String()
	case syntax.ForStmt:
		h := "FOR " + s.name + " = " + s.args[0].String() + " TO " + s.args[1].String()
		if len(s.args) > 2 {
			h += " STEP " + s.args[2].String()
		}
		return h
	case syntax.BreakStmt:
		return "BREAK"
	case syntax.ContinueStmt:
		return "CONTINUE"
	case syntax.DefStmt:
		return "DEF " + s.name + "(" + strings.Join(s.names, ", ") + ")"
	case syntax.LocalStmt:
		return "LOCAL " + strings.Join(s.names, ", ")
	case syntax.ReturnStmt:
		if len(s.args) == 0 {
			return "RETURN"
		}
		return "RETURN " + s.args[0].String()
	case syntax.CallStmt:
		return s.args[0].String()
	}
	return s.opHead()
}

// opHead is the line of a mnemonic and its operands.
func (s *stmt) opHead() string {
	spec := isa.Table[s.op]
	words := []string{spec.Mnemonic}
	if s.op == isa.JMP || s.op == isa.CALL {
		return words[0] + " " + s.name
	}
	if s.op == isa.SPR {
		n := s.name
		if len(s.index) > 0 {
			n = element(s.name, s.index...).String()
		}
		words = append(words, n)
	}
	alone := len(spec.Operands) == 1
	for _, a := range s.args {
		if alone {
			words = append(words, a.String())
		} else {
			words = append(words, a.operand())
		}
	}
	if spec.Tail == isa.TextTail {
		words = append(words, s.text())
	}
	return strings.Join(words, " ")
}

// escaped spells a text's own characters where they mean something else.
var escaped = strings.NewReplacer("{", `\{`, "}", `\}`, `"`, `\"`, `\`, `\\`)

// text is the text of TXT or LOG.
func (s *stmt) text() string {
	var b strings.Builder
	for _, p := range s.parts {
		switch {
		case p.value == nil:
			b.WriteString(escaped.Replace(p.text))
		case p.format == "":
			b.WriteString("{" + p.value.String() + "}")
		default:
			b.WriteString("{" + p.value.String() + ":" + p.format + "}")
		}
	}
	if s.quote {
		return `"` + b.String() + `"`
	}
	return b.String()
}
