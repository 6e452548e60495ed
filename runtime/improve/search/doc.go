// Package search proposes cheaper expressions, found by trying them.
//
// All expressions over the names and numbers at hand are made, the small ones first, and
// told apart by their values for some inputs ([bank]). One that has the values of an
// expression of the program is shown equal to it by runtime/improve/solver, for all
// values that the names can have there, before it is proposed: so its evidence is the
// solver's. What a program's names are worth at each place is read off its text
// ([reading]), and two programs that are read at once may be proved equal ([Prover]). Start
// reading at [Search], or at [Solve] for single tasks.
package search
