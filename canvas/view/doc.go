// Package view is the Gio widget that shows one texture of a machine.
//
// A [Canvas] owns where its texture is seen from (zoom and pan) and turns the
// pointer and the keys into changes of that and into texel picks. It draws no
// texel itself: it says which [machine.View] it wants, somebody renders that
// elsewhere, and [Canvas.SetPicture] hands the result over. While a rendering is
// on its way the one before is drawn moved and scaled to where it belongs now,
// so a zoom or a drag answers in the same frame.
//
// The package never talks to an engine, starts no goroutine, and never asks for
// a frame on its own account: nothing changes, nothing is drawn. All sizes and
// places are device pixels. Start reading at [Canvas], then camera.go.
package view
