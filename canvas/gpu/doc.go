// Package gpu is the GPU engine: machines that run on a WebGPU device.
//
// A frame is three stages on the device. core, one invocation, runs the program
// and appends draw commands; bin sorts the commands into tiles of the display;
// raster, one invocation per display texel, makes the display and writer pages of
// them. Two more stages run only when somebody looks: expand makes the human
// texture, present draws a view at the size of a panel. The shaders are in package shaders; the numbers they share with the Go
// reference are generated from runtime/isa.
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
// Start reading at [Open], then frame.go.
package gpu
