package search

import (
	"context"
	"errors"
	"strings"

	"gvpie/runtime/improve/solver"
)

// Task asks for the shortest expression that is worth what another is, for every value of
// its variables.
type Task struct {
	Naive []string // one expression, or lines that give r its value
	Vars  []string
}

// Solved is what was found for a task.
type Solved struct {
	Expression string // "": nothing was found
	Operators  int    // in it: numbers and names count nothing
	Evidence   solver.How
}

// Solve looks for the shortest expression of a task. The error is the context's, or says
// what is wrong with the task.
func Solve(ctx context.Context, t Task) (Solved, error) {
	lines := t.Naive
	if len(lines) == 1 {
		lines = []string{"SET r = " + lines[0]}
	}
	// The variables are set where a frame has passed, and so may be anything.
	var source strings.Builder
	for _, v := range t.Vars {
		source.WriteString("SET " + v + " = mx\n")
	}
	source.WriteString("FRAME\n" + strings.Join(lines, "\n") + "\n")
	r := read(source.String())
	if r == nil {
		return Solved{}, errors.New("the task is no expression and no lines of the language")
	}
	target := r.env.set["r"]
	if target == nil {
		return Solved{}, errors.New("the task gives r no value")
	}
	n := renaming(*r.vars)
	p := &problem{limit: target.Size() + 1, effort: taskEffort}
	for _, v := range t.Vars {
		p.names = append(p.names, leaf{text: v, meant: n.of(r.worth(v))})
	}
	p.target = n.of(target)
	p.vars, p.numbers = n.vars, numbersOf(p.target)
	found, err := p.solve(ctx)
	if err != nil || len(found) == 0 {
		return Solved{}, err
	}
	return Solved{Expression: found[0].term.text, Operators: found[0].size, Evidence: found[0].how}, nil
}
