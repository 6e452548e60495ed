package debugger

import (
	"gvpie/runtime/pxl"
	"gvpie/runtime/record"
)

// Run is a program's run in the window since it began: all that it takes to be at any
// moment of it again.
type Run struct {
	ID      int // of this beginning: another start, or an edit, is another run
	Program *pxl.Assembly
	Frames  *record.Ring      // the model's own: see record.Ring.Fork
	Began   *record.Recording // that it was taken through first; nil: none
}
