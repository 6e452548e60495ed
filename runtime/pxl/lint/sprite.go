package lint

import (
	"gvpie/runtime/pxl/check"
	"gvpie/runtime/pxl/syntax"
)

// rowOrCall warns of a row of a sprite that spells a procedure.
func (l *linter) rowOrCall(s *syntax.Stmt) {
	for _, r := range l.Parts[s.Part:s.PartEnd] {
		name := l.Text(r.Pos, r.End)
		if e, ok := l.scope.Names[name]; ok && e.Kind == check.ProcSymbol {
			l.warn(syntax.CodeRowOrCall, r.Pos, r.End, nil, "this is a row of the sprite %s, and no call of %s: an empty line above ends the rows", syntax.Quoted(l.Text(s.Name, s.NameEnd)), syntax.Quoted(name))
		}
	}
}
