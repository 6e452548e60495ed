// Package ui is the studio's window: its panes, and the keys and buttons that
// carry a person's wishes to the model.
//
// The window goroutine owns everything here and the model besides. Each frame
// takes in what other goroutines have sent (the model's Pump), turns input into
// actions, and lays the panes out from what the model then says. Nothing here
// waits for an engine, a disk or another process, and no frame is drawn unless
// something asked for one: input, the model's Wake, or a tooltip's timer.
//
// The [Workbench] lays out its parts and hands each its input: topBar and toolbar,
// sidebar, codePane and canvasPane, bottomPanel, statusBar, and what stands over
// them (dialogs, notices). Each part is a struct with a state of its own; what they
// share is a shell. Widgets come from gvpie/app/ui/kit, the autonomous loop's
// panels from gvpie/app/ui/loop.
//
// Start reading at [Run], then Workbench.Frame in workbench.go.
package ui
