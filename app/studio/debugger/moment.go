package debugger

import (
	"slices"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
)

// Moment is what is true at a position. It does not change any more.
type Moment struct {
	At       Position
	First    int       // the first frame that can be gone to
	Frames   int       // how many have been run
	Last     int       // the last frame that can be gone to: the next one, or that in which the run ended
	Bytes    int       // what going back takes of memory, in all branches
	Most     int       // what it may
	Number   uint32    // of the frame as the program counts
	Cycles   uint32    // of the whole frame
	Branch   string    // the name of the branch that it is of; "" of the run as it was
	Present  bool      // the program stands here
	Ended    bool      // it has come to its end here, or to a run-time error
	Drawn    int       // the frame that the draws are of: at the run's end the last
	Made     int       // draw commands of it so far
	Draws    []Draw    // those of the whole frame, in order
	Next     Statement // that is about to run, or failed; its Line is 0 where nothing is
	Calls    []Call    // innermost first; the last is the program's own level
	Globals  []Variable
	Branches []Branch              // of the run, each below the one that it left
	Tables   []Variable            // and the texels of sprites, which no statement changes
	Beside   map[int]string        // what variables hold, by line of the file of Next
	Pages    *machine.Snapshot     // what the machine holds, with the commands made so far painted
	Failing  map[Breakpoint]string // whose conditions have failed in moves, with why

	Moved bool   // a move led here: it was gone to, and not just come to
	asked string // what it was gone to for
	says  string // why it is not the one that was looked for

	Failed bool   // the run ends with a run-time error, be it here or later
	Fault  string // of the run-time error that the run ended with, where it stands at that

	program *pxl.Assembly
}

// Of says whether a program is the one that runs here.
func (n *Moment) Of(a *pxl.Assembly) bool { return n.program == a }

// Draw is a draw command of a frame.
type Draw struct {
	Op    isa.Op
	Cycle uint32 // after which it is made
	At    pxl.Position
}

// Statement is a statement of the program.
type Statement struct {
	At   pxl.Position
	Text string
}

// Call is a level of the call stack.
type Call struct {
	Name   string // of the procedure or label; "" of the program's own level
	At     pxl.Position
	Locals []Variable
}

// Variable is a name with what it holds.
type Variable struct {
	Name    string
	Value   int32
	Word    int     // its word of the data page, or the first of an array's
	Words   []int32 // of an array, a table or a sprite; nil of a variable
	Cols    int     // words in a row; 0: it has none
	Colors  bool    // the words are colours, 0xRRGGBB, or -1 where a sprite has none
	Changed bool    // since the moment before
	Before  []int32 // the words that it had at the moment before, where they were others
}

// compare notes which variables hold something else than at another moment.
func (n *Moment) compare(before *Moment) {
	if before == nil {
		return
	}
	differ(n.Globals, before.Globals)
	if len(n.Calls) == len(before.Calls) {
		for i := range n.Calls {
			differ(n.Calls[i].Locals, before.Calls[i].Locals)
		}
	}
}

func differ(now, before []Variable) {
	if len(now) != len(before) {
		return
	}
	for i := range now {
		now[i].Changed = now[i].Name == before[i].Name && (now[i].Value != before[i].Value || !slices.Equal(now[i].Words, before[i].Words))
		if now[i].Changed {
			now[i].Before = before[i].Words
		}
	}
}
