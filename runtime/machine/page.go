package machine

import (
	"fmt"

	"gvpie/runtime/isa"
)

// Page names one of the machine texture's pages.
type Page uint8

const (
	DisplayPage Page = iota // W × H codes, row by row
	WriterPage              // W × H: address of the instruction that wrote the texel last, 0 for none
	ProgramPage             // header, code, tables
	DataPage                // system words, variables, arrays
	StatePage               // isa.StateWords words
)

var pageNames = [...]string{"display", "writer", "program", "data", "state"}

func (p Page) String() string {
	if int(p) < len(pageNames) {
		return pageNames[p]
	}
	return fmt.Sprintf("page %d", uint8(p))
}

// PageRow is the width, in texels, at which the pages that have no width of
// their own (program, data, state) are shown as pictures.
const PageRow = 64

// Input is what a frame sees of the mouse and the keyboard.
type Input struct {
	MouseX, MouseY int32     // display texels; may lie off the canvas
	Buttons        int32     // 1 left, 2 right, 4 middle
	Wheel          int32     // notches since the frame before, up positive
	Keys           [8]uint32 // bit c&31 of word c>>5: key c (0…255) is held
}

// Fault is a run-time error: its code, where, and what was true.
type Fault struct {
	Code isa.Fault
	PC   int   // address of the instruction that failed; for CycleLimit in the core, of the one that would have been next
	A, B int32 // BadOpcode: the header texel. DivByZero: the dividend. AddressOutOfRange: index, length. CycleLimit: the budget. CommandLimit: the limit. Others: 0
	X, Y int   // the texel inside EACH; -1, -1 in the core
}

// LogLine is one line written by LOG.
type LogLine struct {
	PC    int    // address of the LOG instruction
	Cycle uint32 // cycle of the frame, from 1
	Text  string
}

// Report is what one frame did.
type Report struct {
	Status   isa.Status // Framed, Halted or Faulted
	Fault    *Fault     // set when Faulted
	Cycles   uint32     // instructions executed in this frame
	Frame    uint32     // FRAMEs reached since the program was loaded
	Commands int        // commands appended in this frame
	Log      []LogLine  // of this frame, in order
}

// HumanSize is the size in pixels of the human texture of a canvas.
func HumanSize(h isa.Header) (w, ht int) {
	if h.Pixel {
		return h.W, h.H
	}
	return h.W * isa.CellWidth, h.H * isa.CellHeight
}
