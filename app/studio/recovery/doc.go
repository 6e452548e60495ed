// Package recovery has unsaved text on disk, so that a crash, a logout or a power cut
// loses at most the last second of typing. It knows nothing of documents or windows.
//
// The texts of a process lie in a folder of its own, whose lock (a file beside it) it
// holds while it lives, so no two write into one another's. What a process left
// behind is claimed by the next that starts and finds the lock free, whoever may have
// its number by then: one process offers a text at a time, and until it is taken or
// dropped it stays where it is. Start at [Open].
package recovery
