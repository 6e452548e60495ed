package debugger

import (
	"context"

	"gvpie/runtime/isa"
)

// mostOnward is how many frames of a branch are looked through for a breakpoint, or for what
// is sought: no run says where a branch ends.
const mostOnward = 600

// Set gives a word of the data page what an expression is at the moment that is looked
// at, and with it begins a branch: the run as it was stays.
func (m *Model) Set(word int, expression string) {
	if m.now == nil {
		return
	}
	s := m.session
	m.overlays.sets++
	m.ask(false, true, func(ctx context.Context) (*Moment, error) {
		v, err := s.in.Evaluate(ctx, expression, 0)
		if err == nil {
			err = s.in.Set(ctx, word, v)
			s.asked = nil // the frame is another now
		}
		return s.moment(ctx, err)
	})
}

// Leave goes from a branch to the run as it was, where the program stands.
func (m *Model) Leave() {
	if m.now == nil || m.now.Branch == "" {
		return
	}
	s := m.session
	m.ask(false, true, func(ctx context.Context) (*Moment, error) {
		err := s.in.Switch(ctx, s.in.Branches()[0])
		if err == nil {
			err = s.in.Go(ctx, s.present())
		}
		return s.moment(ctx, err)
	})
}

// branch is the name of the branch that the session is in, "" in the run as it was.
func (s *session) branch() string {
	if b := s.in.Branch(); b.From != nil {
		return b.Name
	}
	return ""
}

// until is the frame before which a breakpoint is looked for.
func (s *session) until() int {
	if s.branch() != "" {
		return s.in.Position().Frame + mostOnward
	}
	return s.present().Frame
}

// measureBranch is measure in a branch, of the frame that the session stands in.
func (s *session) measureBranch(ctx context.Context) error {
	commands, cycles, err := s.in.Whole(ctx)
	if err == nil {
		s.whole, s.cycles, s.draws = -1, cycles, s.drawn(commands)
	}
	return err
}

// drawn lists the commands of a frame.
func (s *session) drawn(commands []isa.Command) []Draw {
	draws := make([]Draw, len(commands))
	for i := range commands {
		c := &commands[i]
		where, _ := s.in.Assembly().Map.At(c.PC())
		draws[i] = Draw{Op: c.Op(), Cycle: c[isa.CmdCycle], At: where.Pos}
	}
	return draws
}
