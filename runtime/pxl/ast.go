package pxl

import "gvpie/runtime/isa"

// The syntax tree is a few flat slices. Statements stand in source order, a
// block is a run of them that opener and closer point at; expression nodes stand
// after their operands, so that one pass from the left folds and resolves them
// without recursion. Offsets are bytes of the source.

type program struct {
	stmts []stmt
	nodes []node
	args  []int32 // operand nodes, statement by statement
	parts []textPart
}

type stmtKind uint8

const (
	badStmt   stmtKind = iota // could not be read; makes no code
	opStmt                    // a mnemonic and its operands; EACH too
	setStmt                   // SET name = expr, SET name[i] = expr
	labelStmt                 // label:
	ifStmt
	elseIfStmt
	elseStmt
	endStmt
	whileStmt
	forStmt
	breakStmt
	continueStmt
	canvasDirective
	constDirective
	tableDirective
	arrayDirective
)

const none int32 = -1

// zeroNode is the first node of every program: the number 0.
const zeroNode int32 = 0

type stmt struct {
	kind          stmtKind
	op            isa.Op // of an opStmt
	inline        bool   // IF whose statement is the next one, on the same line
	inEach        bool   // stands in an EACH block
	failed        bool   // was not read to its end; makes no code
	pixel         bool   // .canvas … pixel
	off, end      int32  // the statement without comment
	name, nameEnd int32  // label, target of SET and FOR, declared name
	index         int32  // SET name[index], or none
	match         int32  // next part of the block (IF → ELSE → END), or none; of END: its opener
	node, nodeEnd int32  // its nodes
	arg, argEnd   int32  // its operands in args
	part, partEnd int32  // its text in parts
}

type nodeKind uint8

const (
	badNode   nodeKind = iota // could not be read or resolved; already reported
	numNode                   // val
	nameNode                  // off, end; resolved into the kinds below
	varNode                   // val is a data index, or laneX, laneY
	unaryNode                 // op, a
	binNode                   // op, a, b
	andNode                   // a && b
	orNode                    // a || b
	callNode                  // val is an index in Functions; a, b, c
	indexNode                 // name off, nameEnd; a; resolved into the two below
	arrayNode                 // val is an array's number; a
	tableNode                 // val is a table's number; a
)

type node struct {
	kind     nodeKind
	op       isa.Op
	height   uint16 // of the tree below, from 1
	a, b, c  int32
	val      int32
	off, end int32
	nameEnd  int32 // of an indexNode
}

// textPart is a run of literal source characters, or an expression to be
// replaced by its value.
type textPart struct {
	off, end int32
	node     int32 // none for literal characters
}
