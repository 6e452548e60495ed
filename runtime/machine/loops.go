package machine

import (
	"context"
	"unsafe"

	"gvpie/runtime/isa"
)

// Loops of the core may run as compiled code, to the same bits: the interpreter comes to
// the head of one and enters it, and goes on where that leaves it. The code leaves a
// loop before whatever it does not know and whatever fails, so that all of that is done
// in core.go.

// CompiledCore is the core of one machine.
type CompiledCore interface {
	// Interpreted tells that the interpreter has executed so many instructions more. It
	// says whether it wants to know of the next: if not, the core is interpreted for good.
	Interpreted(instructions uint32) (more bool)
	// Loops gives the compiled loops, which are the caller's; nil while there are none.
	Loops() Loops
	// Pending says that the core will soon be faster: it is being compiled.
	Pending() bool
}

// Loops are compiled loops of a program, for one machine.
type Loops interface {
	// Memory gives where the data page, with room for the largest, and the state page
	// have to be for the loops to find them.
	Memory() (data, state []uint32)
	List() []Loop
	// Run runs a loop from its head on, for at most so many instructions, of which it
	// gives the rest, and where it stopped: at the head again, elsewhere, or at an
	// instruction that it left to the interpreter. It gives the commands that it made,
	// which are to be copied. If it is not ok the pages hold anything.
	Run(loop int, instructions uint32, d Draws) (pc, rest uint32, commands []isa.Command, ok bool)
	Close()
}

// Loop is what the interpreter must know of a compiled loop.
type Loop struct {
	Head   uint32
	Steps  uint32 // instructions that it needs to begin at all
	Depth  uint32 // entries of the stack that it needs
	Stores bool   // to arrays
	Draws  bool
}

// Draws is what a loop that draws must know of the frame.
type Draws struct {
	Cycles           uint32 // so far
	Room             int    // for so many commands
	ClipMin, ClipMax uint32 // as commands have them
	Color            uint32 // of draws that have none of their own
}

// loopEvery is how many instructions compiled code may execute between two looks at the
// context: half a millisecond.
const loopEvery = 1 << 20

// Entering a loop costs as much as interpreting some 50 instructions. One that runs
// fewer than so many each time, of so many times, is not entered again in this frame.
const (
	fewLoopSteps = 100
	loopTrial    = 16
)

// coreLoops are the loops of a core.
type coreLoops struct {
	compiler Compiler     // nil: all is interpreted
	core     CompiledCore // of the program; nil: it is interpreted
	asked    bool         // for it
	Loops                 // nil: none yet
	list     []coreLoop
	gaveUp   []int // of list, in this frame
	ran      bool

	input  Input // of the frame
	budget uint32
}

type coreLoop struct {
	Loop
	plain          tight // what is at its head when it is not entered
	entered, steps uint32
}

// tightLoop is the head of a loop that can be entered; t is its number.
const tightLoop isa.Op = 0x02 // FRAME is for run alone

// prepare has loops ready, if there are any, before or while a frame runs. The
// interpreter has executed so many instructions since it was called last.
func (l *coreLoops) prepare(m *Core, instructions uint32) {
	if l.compiler == nil || l.Loops != nil {
		return
	}
	if !l.asked {
		l.asked, l.core = true, l.compiler.Core(m.program)
	}
	if l.core == nil {
		return
	}
	if !l.core.Interpreted(instructions) {
		l.core = nil
		return
	}
	if l.Loops = l.core.Loops(); l.Loops == nil {
		return
	}
	data, state := l.Memory()
	if len(m.code.mem) > len(data) {
		l.drop(m)
		return
	}
	data = data[:copy(data, m.code.mem)]
	copy(state, m.state)
	m.code.mem, m.state = data, state
	l.list, l.gaveUp = l.list[:0], l.gaveUp[:0]
	for i, loop := range l.List() {
		if m.code.at[loop.Head].op == opFetch {
			m.code.decode(int(loop.Head))
		}
		l.list = append(l.list, coreLoop{Loop: loop})
		l.offer(m, i)
	}
}

// offer has a loop entered from now on.
func (l *coreLoops) offer(m *Core, i int) {
	loop := &l.list[i]
	head := &m.code.fast[loop.Head]
	loop.plain, loop.entered, loop.steps = *head, 0, 0
	*head = tight{op: tightLoop, t: uint32(i)}
}

// begin begins a frame: the loops are entered that gave up in the one before.
func (l *coreLoops) begin(m *Core, in Input, budget uint32) {
	l.input, l.budget = in, budget
	for _, i := range l.gaveUp {
		l.offer(m, i)
	}
	l.gaveUp = l.gaveUp[:0]
}

// drop has the core interpreted, for as long as it has this program.
func (l *coreLoops) drop(m *Core) {
	if l.Loops != nil {
		for i := range l.list {
			if head := &m.code.fast[l.list[i].Head]; head.op == tightLoop {
				*head = l.list[i].plain
			}
		}
		l.Close()
	}
	*l = coreLoops{compiler: l.compiler, asked: true, list: l.list[:0], gaveUp: l.gaveUp[:0], ran: l.ran, input: l.input, budget: l.budget}
}

// reset forgets the program's loops, before it has another.
func (l *coreLoops) reset(m *Core) {
	l.drop(m)
	l.asked = false
}

// enter runs the loop at pc, and gives where that leaves the run, with its cycles. The
// error is the context's; failed says that the frame must be run anew.
func (l *coreLoops) enter(ctx context.Context, m *Core, pc, cycles, limit uint32) (at, now uint32, failed bool, err error) {
	i := m.code.fast[pc].t
	loop := &l.list[i]
	left := min(limit-cycles, loopEvery)
	if left < loop.Steps || m.state[isa.StSP]+loop.Depth > isa.StackDepth {
		return pc, cycles, false, nil
	}
	if data, _ := l.Memory(); unsafe.SliceData(data) != unsafe.SliceData(m.code.mem) {
		l.drop(m) // constants have moved it
		return pc, cycles, false, nil
	}
	if loop.Stores {
		if err := m.settle(ctx); err != nil {
			return pc, cycles, false, err
		}
	}
	d := Draws{Cycles: cycles}
	if loop.Draws {
		d.Room = isa.MaxCommands - len(m.commands)
		d.ClipMin, d.ClipMax = clipOf(m.state, &m.header)
		d.Color = m.fill()
	}
	at, rest, commands, ok := l.Run(int(i), left, d)
	if !ok {
		l.drop(m)
		return pc, cycles, true, nil
	}
	m.commands = append(m.commands, commands...)
	l.ran = true
	loop.steps += left - rest
	if loop.entered++; loop.entered == loopTrial {
		if loop.steps < loopTrial*fewLoopSteps {
			m.code.fast[loop.Head] = loop.plain
			l.gaveUp = append(l.gaveUp, int(i))
		}
		loop.entered, loop.steps = 0, 0
	}
	return at, cycles + left - rest, false, nil
}

// again begins a frame anew that has run in part, when the pages hold anything.
func (l *coreLoops) again(m *Core) {
	m.code.reset(m.program, 0, m.header.CodeEnd, uint32(m.header.DataWords), false)
	m.undo()
	m.Begin(l.input, l.budget)
}
