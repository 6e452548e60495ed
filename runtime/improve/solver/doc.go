// Package solver proves that two expressions of the language are equal for all values of
// their variables, or finds values for which they are not.
//
// Values are 32-bit words with the arithmetic of the machine, and a fault (a division by
// zero) is part of what an expression gives. Few cases are all compared; of more, a
// circuit that says "they differ" is made of both and given to a SAT solver. The solver
// is this package's own, because its budget must be counted work: with a budget of time
// the answer would hang on the machine. Start reading at [Prove].
package solver
