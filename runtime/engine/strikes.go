package engine

import (
	"fmt"
	"log/slog"
	"slices"
	"time"

	"gvpie/runtime/isa"
)

const (
	// strikesToStay is how many times in a row the GPU may be lost during a
	// program's calls until the program stays on the CPU.
	strikesToStay = 3
	// strikesForgotten is the time after which a loss no longer counts.
	strikesForgotten = time.Minute
)

// strikes are the times the GPU was lost during a machine's calls.
type strikes struct {
	program isa.Program
	count   int
	last    time.Time
	reason  error // of the last
}

// add counts one against p, and logs it. Those of another program, or of long ago, are
// forgotten.
func (s *strikes) add(l *slog.Logger, p isa.Program, reason error, now time.Time) {
	l.Warn("a machine goes on on the CPU", "reason", reason)
	if !slices.Equal(s.program, p) || now.Sub(s.last) >= strikesForgotten {
		*s = strikes{program: slices.Clone(p)}
	}
	s.count++
	s.last, s.reason = now, reason
}

// out says whether p stays on the CPU.
func (s *strikes) out(p isa.Program) bool {
	return s.count >= strikesToStay && s.of(p)
}

// of says whether the GPU was lost during p's calls.
func (s *strikes) of(p isa.Program) bool { return s.count > 0 && slices.Equal(s.program, p) }

func (s *strikes) why() string {
	return fmt.Sprintf("this program ended the GPU worker %d times", s.count)
}
