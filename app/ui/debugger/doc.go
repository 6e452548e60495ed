// Package debugger is the window's panel of the debugger: values on the left, time in the
// middle, who drew a texel on the right. It draws what app/studio/debugger knows of the moment that is
// looked at, and has it go to others.
//
// Start reading at [Panel].
package debugger
