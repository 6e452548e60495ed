// Package kit is the window's toolkit: a theme, text, icons, and the widgets
// that panels are made of. It knows nothing of the studio, its documents or the
// loop; what a widget shows is handed to it.
//
// Widgets follow one habit. What lasts between frames lives in a small struct
// (Button, Menu, Split) whose Update or Clicked takes in input and gives what
// was done; how it looks is a literal made anew each frame (ButtonStyle,
// MenuStyle) from a Theme. Lengths are multiples of four dp.
//
// Everything here belongs to the window's goroutine.
//
// Start reading at [Theme], then [Button] and [ButtonStyle].
package kit
