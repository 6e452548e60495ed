package debug

import "gvpie/runtime/machine"

// log tells of the lines of a frame that were not told before. Those of blocks are known
// when the frame has ended.
func (s *course) log(lines []machine.LogLine, ended bool) {
	if !s.telling || s.at.Frame < s.told.Frame {
		return
	}
	if s.told.Frame != s.at.Frame {
		s.told = Position{Frame: s.at.Frame}
	}
	var out []machine.LogLine
	b := s.branch.at(s.at.Frame)
	for _, l := range lines {
		if inBlock := b.inBlock(l.PC); inBlock && ended || !inBlock && l.Cycle > s.told.Cycle {
			out = append(out, l)
		}
	}
	s.told.Cycle = max(s.told.Cycle, s.at.Cycle)
	if ended {
		s.told = Position{Frame: s.at.Frame + 1}
	}
	if len(out) > 0 && s.Log != nil {
		s.Log(out)
	}
}

// logSoFar tells of the lines of the frame that the session stands in.
func (s *course) logSoFar() {
	if s.goesOn() {
		s.log(machine.NewProbe(&s.m.Core).Log(), false)
	}
}
