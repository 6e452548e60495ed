package debugger

import (
	"gvpie/runtime/debug"
	"gvpie/runtime/debug/why"
	"gvpie/runtime/pxl"
)

// asks is what questions about the frames of a branch are answered from, as far as it runs
// one program.
type asks struct {
	*why.Asker
	past    why.Past
	program *pxl.Assembly
	first   int           // frame that it is of
	from    *debug.Branch // that the frames before are of; nil: there are none
}

// mostAsks is how many branches are asked about at once: each takes memory.
const mostAsks = 3

// asker is what a frame of the branch that the session is in is asked about.
func (s *session) asker(frame int) (asks, error) {
	for b := s.in.Branch(); ; {
		k, err := s.asksOf(b)
		if err != nil || frame >= k.first || k.from == nil {
			return k, err
		}
		b = k.from
	}
}

// asksOf are those of a branch, or of the last part of it.
func (s *session) asksOf(b *debug.Branch) (asks, error) {
	if k, ok := s.asked[b]; ok {
		return k, nil
	}
	k := asks{past: s.past, program: s.run.Program, first: s.run.Frames.First()}
	if b.From != nil {
		of, err := debug.NewPast(s.in, b)
		if err != nil {
			return asks{}, err
		}
		k.program, k.first, k.from, k.past = of.Assembly(), of.First(), of.Before(), why.Branch{Past: of}
	}
	k.Asker = why.New(k.program, k.past)
	if s.asked == nil || len(s.asked) >= mostAsks {
		s.asked = map[*debug.Branch]asks{}
	}
	s.asked[b] = k
	return k, nil
}
