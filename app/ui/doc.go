// Package ui is the studio's window: its panels, its theme, and the keys and
// buttons that carry a person's wishes to the model.
//
// The window goroutine owns everything here and the model besides. Each frame
// takes in what other goroutines have sent (the model's Pump), turns input into
// actions, and lays the panels out from what the model then says. Nothing here
// waits for an engine, a disk or another process, and no frame is drawn unless
// something asked for one: input, the model's Wake, or a tooltip's timer.
//
// Widgets follow one habit: what lasts between frames lives in a small struct
// (Button, Tabs, Split), how it looks is a literal made anew each frame
// (ButtonStyle) from a Theme. Lengths are multiples of four dp.
//
// Start reading at [Run], then Workbench.Frame in workbench.go.
package ui
