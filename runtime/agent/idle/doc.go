// Package idle hands the idle time of the loop to improving its scripts.
//
// An [Improver] works only between [Improver.Resume] and [Improver.Pause], on the enabled
// pixel scripts in turn, by jobs of a campaign that it keeps in the database: what was
// killed goes on where it was, to the same programs. While it may not work, because a
// cycle is due, somebody uses a window, or the computer runs on its battery, its jobs
// stand still where they are; nobody waits for them. It edits no script: what it finds it
// offers. Start reading at [Improver.Run].
package idle
