package service

import "gvpie/runtime/pxl/syntax"

// blockFacts are what is open where a line begins, and what belongs to it.
type blockFacts struct {
	opener int32 // of the block that an ELSE or END is of; syntax.None of other lines
	end    int32 // the END of the block that a line opens or goes on with; or syntax.None
	before int32 // the part before an ELSE
	def    int32 // the line of the DEF that it is in, or is; or syntax.None

	inEach, inLoop, inBlock, takesElse bool
}

// structure gives the blocks, line by line.
func (d *Document) structure() []blockFacts {
	if d.blocks != nil {
		return d.blocks
	}
	lines := d.facts()
	out := make([]blockFacts, len(lines))
	var open syntax.Blocks
	for i, l := range lines {
		at := int32(i)
		out[i] = blockFacts{
			opener: syntax.None, end: syntax.None, before: syntax.None, def: open.Def(),
			inEach: open.InEach(), inLoop: open.InLoop(), inBlock: open.Opener() != syntax.None, takesElse: open.TakesElse(),
		}
		switch l.block {
		case syntax.BadStmt:
		case syntax.ElseStmt, syntax.ElseIfStmt:
			if before, _, ok := open.Next(at, l.block == syntax.ElseStmt); ok {
				out[i].opener, out[i].before = open.Opener(), before
			}
		case syntax.EndStmt:
			opener, last, ok := open.Close()
			if !ok {
				break
			}
			out[i].opener = opener
			for part := last; part != syntax.None; part = out[part].before {
				out[part].end = at
			}
		default:
			open.Open(l.block, at)
			out[i].def = open.Def()
		}
	}
	d.blocks = out
	return out
}

// around gives what is open where a line begins.
func (d *Document) around(line int) blockFacts {
	if s := d.structure(); line >= 0 && line < len(s) {
		return s[line]
	}
	return blockFacts{opener: syntax.None, end: syntax.None, def: syntax.None}
}

// MatchEnd gives, for a line that opens a block or holds its ELSE, the line of
// the END.
func (d *Document) MatchEnd(line int) (int, bool) {
	if !d.isBlock(line) {
		return 0, false
	}
	end := d.around(line).end
	return int(end), end != syntax.None
}

// Opener gives, for a line with an ELSE or END, the line that opens its block.
func (d *Document) Opener(line int) (int, bool) {
	if !d.isBlock(line) {
		return 0, false
	}
	opener := d.around(line).opener
	return int(opener), opener != syntax.None
}

// isBlock says whether a line opens a block or is a part of one, without a look
// at the others.
func (d *Document) isBlock(line int) bool {
	if line < 0 || line >= d.text.Lines() {
		return false
	}
	if d.lines == nil {
		return d.read(d.text.Line(line)).block != syntax.BadStmt
	}
	return d.lines[line].block != syntax.BadStmt
}

// Opens says whether a line opens a block, or the next part of one: what follows
// stands a level deeper.
func Opens(line string) bool {
	tree := syntax.NewLineParser().Parse(line[:min(len(line), maxLine)])
	for i := range tree.Stmts {
		s := &tree.Stmts[i]
		if s.OpensBlock() || s.Kind == syntax.ElseStmt || s.Kind == syntax.ElseIfStmt {
			return true
		}
	}
	return false
}
