// Package fleet has the jobs of improving programs done by other processes and machines,
// over NATS JetStream.
//
// A [Home] is a queue for campaigns: it puts jobs on a work queue and takes what comes of
// them. A [Worker] takes jobs, one at a time for each of its hands, and says that it is
// still at them. Since a job is a pure function, whoever may be killed loses nothing: the
// job comes to another, and what was done already is found under its name. The queue is
// believed nothing: of a job one result is taken, by its name, in the campaign's state, and
// what would win there the home does again itself before it is taken.
//
// A build with the tag nofleet has none of it. Start reading at [Home.Do].
package fleet
