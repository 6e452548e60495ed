package lint

import (
	"strings"

	"gvpie/runtime/isa"
	"gvpie/runtime/pxl/syntax"
)

// outputs are the names that a fragment shader gives its colour to.
var outputs = map[string]bool{"gl_FragColor": true, "fragColor": true, "FragColor": true, "outColor": true}

// puts looks for texels that are given no colour.
type puts struct{ *linter }

// shaderOutputs warns of a shader's output that is given a colour and never read.
func (l puts) shaderOutputs() {
	if l.Errors() > 0 {
		return // it may be read where the error is
	}
	read := map[string]bool{}
	for i := range l.Exprs {
		if x := &l.Exprs[i]; x.Kind == syntax.VarExpr {
			read[l.Text(x.Pos, x.End)] = true
		}
	}
	for i := range l.Stmts {
		s := &l.Stmts[i]
		if !l.isOutput(s) || !l.own(s.Pos) || read[l.Text(s.Name, s.NameEnd)] {
			continue
		}
		value := l.Text(s.NameEnd, s.End)
		put := "PUT " + strings.TrimSpace(value[strings.IndexByte(value, '=')+1:])
		var fix *syntax.Fix
		if s.InEach {
			fix = titled(l.replacing(s.Pos, s.End, put), "write PUT")
		} else if line, begin := l.lineOf(s.Pos); s.Def == syntax.None && strings.TrimSpace(line[:s.Pos-begin]) == "" {
			indent := line[:s.Pos-begin]
			fix = titled(l.replacing(s.Pos, s.End, "EACH\n"+indent+"  "+put+"\n"+indent+"END"), "write EACH / PUT / END")
		}
		const say = "%s is a variable like any other, and no texel's colour: did you mean PUT, which a block of EACH does for every texel?"
		l.warn(syntax.CodeNoPut, s.Name, s.NameEnd, fix, say, syntax.Quoted(l.Text(s.Name, s.NameEnd)))
	}
}

// noPut warns of EACH blocks that give no texel a colour: nothing else of a block is left
// after it.
func (l puts) noPut() {
	if l.Errors() > 0 {
		return // a PUT may be where the error is
	}
	for i := range l.Stmts {
		s := &l.Stmts[i]
		if s.Kind != syntax.OpStmt || s.Op != isa.EACH || s.Match == syntax.None || int(s.Match) == i+1 || !l.own(s.Pos) {
			continue
		}
		if !l.tells(l.Stmts[i+1 : s.Match]) {
			l.warn(syntax.CodeNoPut, s.Pos, s.Pos+syntax.Pos(len("EACH")), nil, "this block leaves nothing behind: PUT gives its texel a colour")
		}
	}
}

// isOutput says whether a statement gives a shader's output its value.
func (l puts) isOutput(s *syntax.Stmt) bool {
	return s.Kind == syntax.SetStmt && !s.Failed && !s.Chained && s.Op == isa.NOP && s.Index == syntax.None && outputs[l.Text(s.Name, s.NameEnd)]
}

// tells says whether anything of a block's statements may be seen, now or in what they
// call; or a warning of its own is about one of them.
func (l puts) tells(block []syntax.Stmt) bool {
	for i := range block {
		s := &block[i]
		if s.Failed || s.Kind == syntax.BadStmt || shows(s) || l.isOutput(s) {
			return true
		}
		for k := s.Expr; k < s.ExprEnd; k++ {
			if l.Exprs[k].Kind == syntax.ProcExpr {
				return true
			}
		}
	}
	return false
}
