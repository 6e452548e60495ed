package syntax

import "gvpie/runtime/isa"

// Tree is the syntax tree of a program: a few flat slices. Statements stand in
// source order, a block is a run of them that its opener and its END point at;
// an expression stands after its operands, so that one pass from the left
// resolves and folds all without recursion. Every statement and expression
// carries places of the file set, and so knows its file.
type Tree struct {
	Files *FileSet
	Stmts []Stmt
	Exprs []Expr
	Args  []int32 // operands, by their index in Exprs, statement by statement
	Parts []TextPart

	Calls   []Call  // of procedures, in the order of their ProcExprs
	Actuals []int32 // their arguments, by their index in Exprs, call by call

	// Unclosed has, for the openers of blocks without an END, the place where that is
	// taken to be.
	Unclosed map[int32]Pos

	// Links has, for each path that a file was included by and that is not its own,
	// the file's.
	Links map[string]string

	// Incomplete says that a file that is included could not be read, or not in whole:
	// names may be missing that it would have given.
	Incomplete bool
}

// Mended says whether a statement was read as it should have been written.
func (t *Tree) Mended(s *Stmt) bool {
	f := t.Files.File(s.Pos)
	return f != nil && f.of != nil
}

// Text gives the source in [from, end).
func (t *Tree) Text(from, end Pos) string { return t.Files.Text(from, end) }

// StmtKind says what a statement is.
type StmtKind uint8

const (
	BadStmt   StmtKind = iota // could not be read; makes no code
	OpStmt                    // a mnemonic and its operands; EACH too
	SetStmt                   // name = expr, name[i] = expr, name[i] op= expr, with SET before it or not
	LabelStmt                 // label:
	IfStmt
	ElseIfStmt
	ElseStmt
	EndStmt
	WhileStmt
	ForStmt
	BreakStmt
	ContinueStmt
	DefStmt
	LocalStmt
	ReturnStmt
	CallStmt   // of a procedure: its operand is a ProcExpr
	CanvasStmt // the directives
	ConstStmt
	TableStmt
	ArrayStmt
	TextStmt
	IncludeStmt // Name, NameEnd is its path; the statements of the file follow
	PaletteStmt
	SpriteStmt // its rows are Parts
)

// None is the index of no statement and no expression.
const None int32 = -1

// ZeroExpr is the first expression of every tree: the number 0.
const ZeroExpr int32 = 0

// Stmt is a statement, label or directive.
type Stmt struct {
	Kind          StmtKind
	Op            isa.Op // of an OpStmt; of a SetStmt what an array's word is joined with, or NOP
	Inline        bool   // IF whose statement is the next one, on the same line
	Chained       bool   // SetStmt that goes on in the next statement, as x = 1 in x = 1, y = 2
	InEach        bool   // stands in an EACH block
	Def           int32  // the DEF that it stands in, or None
	Failed        bool   // was not read to its end; makes no code
	Pixel         bool   // .canvas … pixel
	Rows          bool   // .table name w: …, whose first operand is w
	Pos, End      Pos    // the statement without comment
	Name, NameEnd Pos    // label, target of SET and FOR, declared name, sprite of SPR, that of a procedure
	Index, Index2 int32  // SET name[index], SET name[index, index2], SPR name[index], or None
	Match         int32  // next part of the block (IF → ELSE → END), or None; of END: its opener
	Expr, ExprEnd int32  // its expressions
	Arg, ArgEnd   int32  // its operands in Args
	Part, PartEnd int32  // its text, a sprite's rows, or the names that DEF and LOCAL declare, in Parts; of .text one part a text, as it stands between its quotes
}

// OpensBlock says whether a statement opens a block, which an END closes.
func (s *Stmt) OpensBlock() bool {
	switch s.Kind {
	case WhileStmt, ForStmt, DefStmt:
		return true
	case IfStmt:
		return !s.Inline
	}
	return s.IsEach()
}

// Declares says whether a statement is a directive, or takes in a file.
func (s *Stmt) Declares() bool { return s.Kind >= CanvasStmt }

// IsEach says whether a statement is an EACH.
func (s *Stmt) IsEach() bool { return s.Kind == OpStmt && s.Op == isa.EACH }

// ExprKind says what an expression is.
type ExprKind uint8

const (
	BadExpr    ExprKind = iota // could not be read or resolved; already reported
	NumExpr                    // Val
	NameExpr                   // Pos, End; resolved into the kinds below
	VarExpr                    // Val is a data index, or LaneX, LaneY
	UnaryExpr                  // Op, A
	BinaryExpr                 // Op, A, B
	AndExpr                    // A && B
	OrExpr                     // A || B
	CallExpr                   // Val is an index in Functions; A, B, C
	SizeExpr                   // likewise, of a name that ends at NameEnd; resolved into a number
	InputExpr                  // Val is what INPUT is asked for
	IndexExpr                  // name Pos, NameEnd; A, and B or None; resolved into those below
	ArrayExpr                  // Val is an array's number; A, and B or None
	TableExpr                  // Val is a table's number; A, and B or None
	TextExpr                   // Val is a .text's number; A
	ProcExpr                   // Val is an index in Calls
)

// Expr is an expression, or a part of one.
type Expr struct {
	Kind     ExprKind
	Op       isa.Op
	Height   uint16 // of the tree below, from 1
	A, B, C  int32
	Val      int32
	Pos, End Pos
	NameEnd  Pos // of an IndexExpr and a SizeExpr
}

// Call is a call of a procedure. Its name is where its ProcExpr begins.
type Call struct {
	Expr        int32 // its ProcExpr
	Arg, ArgEnd int32 // in Actuals
	NameEnd     Pos
	Spaced      bool  // a statement whose arguments stand in no parentheses
	Proc        int32 // the number of the procedure once it is resolved, or None
}

// IsZero says whether an expression is the number 0.
func (t *Tree) IsZero(expr int32) bool {
	return t.Exprs[expr].Kind == NumExpr && t.Exprs[expr].Val == 0
}

// TextPart is a run of literal source characters, or an expression to be
// replaced by its value.
type TextPart struct {
	Pos, End Pos
	Expr     int32 // None for literal characters, and of a name that DEF or LOCAL declares
	Format   isa.Format
}
