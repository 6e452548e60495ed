// Package why answers what a picture is made of: which commands touched a texel, in
// order, with what they were given (Who); which statement gave a value, from which
// others (Why), back to constants, the frame's number, the mouse, keys and random
// numbers, through other frames, peek and BLIT; what a block did for one texel (Block);
// and how often each line ran (Lines).
//
// It runs the reference's own code again, without painting: see [machine.Tracer]. So an
// answer is what happened, not what might have. The frames before come from a [Past].
//
// Nothing here has a goroutine or a clock; every call takes a context, and an [Asker] is
// not safe for use by several goroutines at once. Start reading at [Asker.Who].
package why
