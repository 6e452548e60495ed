// Package campaign improves one program by jobs, in generations.
//
// A generation is a few jobs made of the same parent, each so many candidates by one
// proposer with a seed of its own. A [Job] is the argument of a pure function, [Do]: any
// worker may do it, and twice does no harm. Of the results, taken in the order of the
// jobs, the cheapest is the next parent. So what is accepted hangs on the seed and the
// number of candidates alone: not on how many processors or workers there are, which of
// them ends first, or what was killed and begun again.
//
// A [State] is all that a campaign knows, as JSON: whoever keeps it goes on where another
// was ended. The package asks no clock and keeps nothing itself. Start reading at [Run].
package campaign
