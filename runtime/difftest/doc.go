// Package difftest holds every engine to one truth: the reference machine. It
// runs a table of cases, the conformance corpus, and random programs on an
// engine and on the reference, and accepts no difference in any page, command,
// log line, fault or cycle count, nor in the human texture.
//
// An engine's own tests call [Cases], [Corpus], [Random] and [Broken] with a
// function that opens the engine. A random program that differs is shrunk, line
// by line, and saved under testdata/failures of the test that found it. The
// package is for tests alone. Start reading at [Compare].
package difftest
