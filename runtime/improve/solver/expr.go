package solver

import (
	"math"

	"gvpie/runtime/isa"
)

// Kind says what an expression is.
type Kind uint8

const (
	Number   Kind = iota // Val
	Variable             // Val is its number
	Apply                // Op of Args, as isa.Alu computes it
	Both                 // Args[0] && Args[1]
	Either               // Args[0] || Args[1]
	Choice               // Args[1] where Args[0] is not 0, else Args[2]
)

// Expr is an expression. It is never changed, and expressions share their parts.
type Expr struct {
	Kind Kind
	Op   isa.Op
	Val  int32
	Args []*Expr
}

// Const is a number.
func Const(v int32) *Expr { return &Expr{Kind: Number, Val: v} }

// Var is the variable i.
func Var(i int) *Expr { return &Expr{Kind: Variable, Val: int32(i)} }

// Of is an operation of isa.Alu.
func Of(op isa.Op, args ...*Expr) *Expr { return &Expr{Kind: Apply, Op: op, Args: args} }

// Range is the numbers from Lo to Hi, both among them.
type Range struct{ Lo, Hi int32 }

// Any is every number.
var Any = Range{math.MinInt32, math.MaxInt32}

// count is how many numbers a range holds.
func (r Range) count() uint64 { return uint64(int64(r.Hi)-int64(r.Lo)) + 1 }

// Size is how many operations an expression is; one that is used twice counts twice.
func (e *Expr) Size() int {
	if e.Kind == Number || e.Kind == Variable {
		return 0
	}
	n := 1
	for _, a := range e.Args {
		n += a.Size()
	}
	return n
}
