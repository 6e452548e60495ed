// Package gpu is the GPU engine: machines that run on a WebGPU device.
//
// The core of a machine is the reference's and runs on the CPU, for a program's
// control is sequential and a processor made for a million texels at once is slow
// at it. What it appends to the command list is uploaded at a frame's end, with
// machine.Bins: for each tile of the display the commands that may be seen there. On
// the device raster, one invocation per display texel, makes the display and writer
// pages of them; the block of an EACH is a shader of its own, made of its kernel when it
// is first needed, which runs between them. Two more stages run only when somebody
// looks: expand makes the human texture, present draws a view at the size of a panel. The
// display comes back to the CPU only when somebody reads it, when a program reaches a
// PEEK, and when a block may have failed. The shaders are in package shaders; the
// numbers they share with the Go reference are generated from runtime/isa.
//
// A pipeline is built when it is first run, and the call waits; an impatient machine
// refuses instead: see warmth.go.
//
// Batches of small machines run whole on the device, cores too: see many.go.
//
// The package is in-process: an internal panic of the WebGPU library ends the
// program it is linked into, and a hung driver hangs the caller. Who cannot
// afford that runs it in a child process (canvas/worker does). What can be
// caught, a validation error or a lost device, is returned wrapped in
// engine.ErrLost; such a Device is closed and a new one opened.
//
// One goroutine, locked to its thread, makes every call into the library;
// machines of a device take turns on it.
//
// Start reading at [Open], then frame.go and draw.go.
package gpu
