// Package assets holds what is compiled into the program: the fonts of the
// window, the example programs and the documents shown by F1. The machine's own
// face is in assets/glyph, the colours of the window in assets/theme.
//
// It imports nothing but the standard library and knows nothing of who uses it.
package assets
