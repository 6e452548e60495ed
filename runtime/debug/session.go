package debug

import (
	"errors"
	"fmt"
	"math"
	"time"

	"gvpie/runtime/isa"
	"gvpie/runtime/machine"
	"gvpie/runtime/pxl"
	"gvpie/runtime/record"
)

// Position is a moment of a run: so many cycles of a frame, which counts from 0, are
// executed. Where a frame has ended and the run goes on it is the next one's cycle 0.
type Position struct {
	Frame int    `json:"frame"`
	Cycle uint32 `json:"cycle"`
}

// Before says whether p comes before q.
func (p Position) Before(q Position) bool {
	return p.Frame < q.Frame || p.Frame == q.Frame && p.Cycle < q.Cycle
}

func (p Position) String() string { return fmt.Sprintf("frame %d, cycle %d", p.Frame, p.Cycle) }

// Run is what a session is about.
type Run struct {
	Assembly *pxl.Assembly                 // of the program, without errors
	Seed     int32                         // 0: isa.DefaultSeed
	Ring     *record.Ring                  // what is known of it; nil: nothing yet
	Budget   uint32                        // cycles a frame; 0: isa.DefaultBudget
	InputAt  func(frame int) machine.Input // what a frame is given that the ring does not have; nil: nothing
	Frames   int                           // it has so many frames; 0: it goes on for ever
}

// spacing is what running the frames between two keyframes costs, of those that are run
// again.
const spacing = 10 * time.Millisecond

// ErrProgram is what New answers to a program that has errors.
var ErrProgram = errors.New("the program has errors")

// Session is a run seen from one of its moments, and moved about in.
type Session struct {
	course
	// Say, if it is set, is given what logpoints write, and remarks about breakpoints.
	Say func(string)

	branches    []*Branch // in order; the first is the run as it was
	forks       int       // branches that were begun
	hit         []*Placed // the breakpoints that the last move stopped for
	breakpoints points
}

// course is a machine on its way through a run.
type course struct {
	// Progress, if it is set, is told how far a call that runs many frames is: so many
	// of so many, 0 where nobody knows how many there will be.
	Progress func(done, all int)
	// Log, if it is set, is given the lines that the program writes, each once: when a move
	// forwards comes past it for the first time.
	Log func([]machine.LogLine)

	branch  *Branch
	m       *machine.Machine
	at      Position
	made    int               // changes of this frame that were made
	end     *machine.Report   // how the run ended here; nil: it goes on
	over    bool              // no frame is known that would begin here
	stops   map[int]bool      // where the machine is told to stop
	spacing time.Duration     // between keyframes
	took    time.Duration     // what this frame costs so far
	since   time.Duration     // what the frames since the last keyframe cost
	keeping bool              // the machine is to be kept as the next frame begins,
	kept    *machine.Snapshot // which is this
	telling bool              // the move goes forwards
	told    Position          // what was logged before is told
}

// New begins a session at the start of a run.
func New(r Run) (*Session, error) {
	if r.Assembly == nil || !r.Assembly.OK() {
		return nil, ErrProgram
	}
	if r.Seed == 0 {
		r.Seed = isa.DefaultSeed
	}
	if r.InputAt == nil {
		r.InputAt = func(int) machine.Input { return machine.Input{} }
	}
	if r.Frames == 0 {
		r.Frames = math.MaxInt
	}
	if r.Ring == nil {
		r.Ring = record.NewRing(r.Assembly.Program, r.Seed, record.DefaultMemory/2)
	}
	run := &Branch{Name: "the run", run: r, ring: r.Ring}
	s := &Session{course: course{spacing: spacing, branch: run}, branches: []*Branch{run}}
	m, err := machine.New(r.Assembly.Program, r.Seed)
	if err != nil {
		return nil, err
	}
	s.m = m
	return s, s.load(s.branch, r.Ring.First())
}
