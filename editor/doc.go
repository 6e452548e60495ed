// Package editor is the code editor of the studio: a Gio widget for PXL-ε text.
//
// It owns one document's text, caret, undo history, diagnostics and find bar,
// and draws them. It never opens a file, never assembles and never starts a
// goroutine: the window calls [Editor.Update] and [Editor.Layout] once a frame
// and gives it diagnostics when it has new ones. All it knows of the language it
// asks package service. Start reading at [Editor].
//
// # Why it draws its own text
//
// Gio's own editor and the code editors built like it shape the whole document
// again after every keystroke. Measured with gvcode 0.4.4 on one core: 17 ms a
// keystroke at 1000 lines, 100 ms at 8000, 7 s in one line of 100 000
// characters. A picture that follows the text within two frames has no room
// for that, so here the cost of a frame depends on the lines that can be seen:
//
//   - the text is one string with an index of its line starts ([buffer]);
//     the assembler needs that string after every edit anyway;
//   - code is set in a monospaced face on a grid of cells. A glyph is shaped
//     once, alone (so no ligature can move a caret), and rows of glyphs are
//     put together from that cache ([face], [row]);
//   - a row knows the x of every byte, so the caret, selection, squiggles,
//     swatches and the pointer all ask the same table.
//
// # Keys
//
// Beside the usual ones for moving, selecting, undo and the clipboard: Ctrl-/
// comments, Tab and Shift-Tab or Ctrl-] and Ctrl-[ indent, Alt-Enter or Ctrl-.
// applies a fix, Ctrl-Space completes, F12 or Ctrl-click goes to a definition,
// Ctrl-F finds, Ctrl-H replaces, F3 and Shift-F3 step through the matches,
// Alt-Up and Alt-Down (ten with Shift) or Alt-drag count a number, a double click on
// a sprite's colours asks for them to be drawn on. All other keys are left to the
// window.
//
// Offsets are bytes from 0 into [Editor.Text]; lines and columns are from 1 and
// columns count code points, as in package pxl.
package editor
