// Package store is the memory of the loop: one SQLite database under the data
// folder (db/daemon.db), and pictures by content hash beside it (pictures/).
//
// Six tables have columns that other programs know; everything else lies in tables
// beside them (schema/). A person with sqlite3 may read and write at any time: what
// they insert or edit is seen at the next call, and a row made by hand needs nothing
// of ours. Start reading at Open, then runs.go.
//
// # What is promised
//
// A call that returned nil is on the disk. The journal is a write-ahead log with
// synchronous=FULL: with NORMAL an acknowledged run would outlive kill -9 but not a
// power cut, and the loop is left alone for weeks; the price is one fsync for each
// commit, two commits a run. FinishRun writes the run, the script's counters, the map
// row and its hash in one transaction: all or nothing.
//
// The infinite map forgets nothing. Triggers refuse to update, delete or replace its
// rows. Every row's hash covers its columns and the hash before it, and the end of the
// chain is kept too, so Verify names every row that was altered or removed. Rows that
// another program or a person adds have no hash: they are counted apart, and are no
// fault. That finds accidents and edits; it is no signature: whoever can write
// the file can compute a whole new chain.
//
// # Long texts
//
// Texts of the map and of runs longer than 200 bytes are kept once, in the table
// contents; the column then holds the part that tells most, as the exception that a
// traceback ends with, and map_texts or run_texts the hash of the whole. Shorter ones
// stay where they are. A program with the files that it includes is an entry of contents
// that refers to theirs, and so is the code of a script: each file is kept once (package
// bundle). The views infinite_map_full and improvement_runs_full, and
// everything in this package, show them whole.
//
// # Writers
//
// Writes go through one connection, one transaction at a time, each begun IMMEDIATE.
// A lock that another program holds is waited for (Options.Patience), a call's context
// ends the waiting; once begun, a transaction runs to its end whatever the context
// does, so nobody is left not knowing. Reads have a small pool and never wait for
// writers.
//
// Any number of stores may be open on a data folder, but only one may run a loop: the
// one that called Interrupted, which takes a lock that the system gives back however
// its process ends.
//
// The store never prints and never logs errors it returns; it never calls out to the
// network, and never changes anything outside the data folder but where Export is told
// to write.
package store
