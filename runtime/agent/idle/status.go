package idle

import (
	"slices"

	"gvpie/runtime/improve/campaign"
)

// Status is what is being improved now.
type Status struct {
	On      bool // the setting is
	Works   bool // now, and not only when the next idle time comes
	Input   bool // it stands still, since somebody uses a window
	Battery bool // it stands still, since the computer runs on its battery

	Script     string // the last that had its turn; "": none had
	Before     uint64 // its cost
	Cost       uint64 // of the best program so far
	Candidates int    // looked at for it, ever
	Yields     []campaign.Yield
	Failed     string // why the last job that failed did

	Looked int     // candidates for all scripts, by this process
	Rate   float64 // candidates a second of the time that it worked, lately
}

// Status is what is being improved now.
func (i *Improver) Status() Status {
	i.mu.Lock()
	defer i.mu.Unlock()
	s := i.status
	s.Yields = slices.Clone(s.Yields)
	return s
}

// tell takes what a search has come to into the status.
func (s *search) tell() {
	took := s.cfg.Clock.Now().Sub(s.began).Seconds()
	s.mu.Lock()
	defer s.mu.Unlock()
	to := &s.status
	to.Script, to.Before, to.Cost, to.Candidates, to.Failed = s.script.Name, s.at.Before, s.at.Best.Cost, s.at.Looked, s.at.Failed
	to.Yields = append(to.Yields[:0], s.at.Yields...)
	to.Looked += s.at.Looked - s.told
	s.told = s.at.Looked
	if took > 0 {
		to.Rate = float64(s.at.Looked-s.lookedAt) / took
	}
}
