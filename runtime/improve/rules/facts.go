package rules

import "math"

// Facts is what a program's text says of its names, for proposers of other kinds.
type Facts struct {
	p     *program
	known map[string]span
}

// FactsOf reads a program; nil: it has something that is not understood.
func FactsOf(source string) *Facts {
	p := read(source)
	if p == nil {
		return nil
	}
	return &Facts{p: p, known: p.known()}
}

// Between gives numbers that a variable is never outside of, whatever the program does.
func (f *Facts) Between(variable string) (lo, hi int32) {
	if s, ok := f.known[variable]; ok {
		return int32(s.lo), int32(s.hi)
	}
	return math.MinInt32, math.MaxInt32
}

// Value gives the number that a name stands for everywhere: a constant, a colour, W or H.
func (f *Facts) Value(of string) (int32, bool) { return f.p.value(named(of)) }
