// Package cputime says what work costs: how long it keeps processors busy, which says
// the same on a busy computer as on an idle one, and how long it takes by the clock.
package cputime

import "time"

// Cost is what some work took.
type Cost struct{ Processor, Wall time.Duration }

// Of gives the cost of f, and its error.
func Of(f func() error) (Cost, error) {
	processor, wall := Used(), time.Now()
	err := f()
	return Cost{Used() - processor, time.Since(wall)}, err
}
