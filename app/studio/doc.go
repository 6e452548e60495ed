// Package studio is the window's model: the open documents, the program that is
// running, its pictures, what the pointer is over, and the actions a person can
// take. It has no Gio and no GPU in it, so it can be driven by a test as by a
// window.
//
// One goroutine, the window's, owns the [Model] and calls every method of it.
// What is slow runs elsewhere: the player (player.go) owns the engine, small
// goroutines read and write files and assemble long texts. They never touch the
// Model; they leave what is to be done (inbox.go) or finished pictures
// (output.go) for it and call Config.Wake. The window then calls [Model.Pump] at
// the start of its next frame, which takes everything in and never waits.
//
// Start reading at [Model], then [Documents], [Runner] and player.go. What the
// autonomous loop does is the model of app/studio/loop.
package studio
