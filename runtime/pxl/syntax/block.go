package syntax

// Blocks is the stack of the blocks that are open as statements are read in
// order. Statements are the caller's numbers.
type Blocks struct{ open []block }

// block is an open IF, WHILE, FOR, EACH or DEF.
type block struct {
	kind   StmtKind // OpStmt is EACH
	opener int32
	last   int32 // the IF, ELSE IF or ELSE that the next part belongs to
	final  bool  // last is an ELSE: nothing follows but END
	inEach bool  // EACH, or within one
	def    int32 // the DEF that it is, or is within; or None
}

// Open opens a block of a kind, that of its opener.
func (b *Blocks) Open(kind StmtKind, opener int32) {
	def := b.Def()
	if kind == DefStmt {
		def = opener
	}
	b.open = append(b.open, block{kind: kind, opener: opener, last: opener, inEach: kind == OpStmt || kind != DefStmt && b.InEach(), def: def})
}

// Def gives the opener of the DEF that the innermost block is, or is within; or None.
func (b *Blocks) Def() int32 {
	if n := len(b.open); n > 0 {
		return b.open[n-1].def
	}
	return None
}

// Next goes on with the next part of the innermost block, an ELSE IF or, at
// last, an ELSE. It gives the part before. inIf is false if the block is no IF,
// ok if an ELSE was before or it is none.
func (b *Blocks) Next(part int32, final bool) (before int32, inIf, ok bool) {
	n := len(b.open)
	if n == 0 || b.open[n-1].kind != IfStmt {
		return None, false, false
	}
	top := &b.open[n-1]
	if top.final {
		return None, true, false
	}
	before = top.last
	top.last, top.final = part, final
	return before, true, true
}

// Close closes the innermost block and gives its opener and its last part.
func (b *Blocks) Close() (opener, last int32, ok bool) {
	n := len(b.open)
	if n == 0 {
		return None, None, false
	}
	top := b.open[n-1]
	b.open = b.open[:n-1]
	return top.opener, top.last, true
}

// InEach says whether the innermost block is an EACH, or within one.
func (b *Blocks) InEach() bool {
	n := len(b.open)
	return n > 0 && b.open[n-1].inEach
}

// Opener gives the opener of the innermost block, or None.
func (b *Blocks) Opener() int32 {
	if n := len(b.open); n > 0 {
		return b.open[n-1].opener
	}
	return None
}

// TakesElse says whether the innermost block is an IF that had no ELSE.
func (b *Blocks) TakesElse() bool {
	n := len(b.open)
	return n > 0 && b.open[n-1].kind == IfStmt && !b.open[n-1].final
}

// InLoop says whether a FOR or WHILE is open, not counting those around an EACH or DEF.
func (b *Blocks) InLoop() bool {
	for i := len(b.open) - 1; i >= 0; i-- {
		switch b.open[i].kind {
		case OpStmt, DefStmt:
			return false
		case ForStmt, WhileStmt:
			return true
		}
	}
	return false
}

// Openers gives the openers of the blocks that are open, outermost first.
func (b *Blocks) Openers() []int32 {
	var out []int32
	for _, o := range b.open {
		out = append(out, o.opener)
	}
	return out
}

// hasIf says whether an IF that takes an ELSE is open anywhere.
func (b *Blocks) hasIf() bool {
	for _, o := range b.open {
		if o.kind == IfStmt && !o.final && o.opener != None {
			return true
		}
	}
	return false
}
