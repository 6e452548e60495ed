// Package generate makes random programs: for the tests that hold engines to the
// reference, for fuzzing what reads programs, and for whoever needs programs that
// nobody thought of. A seed gives the same program for ever, so that a failure is
// told by its number.
//
// It runs nothing and judges nothing. Start reading at [New]; [Broken] makes pages
// that are hardly programs any more.
package generate
