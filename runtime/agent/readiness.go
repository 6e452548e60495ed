package agent

import (
	"errors"
	"fmt"
	"time"

	"gvpie/runtime/store"
)

// A pulse is how the loop moves and what it owes, by which it is judged whether it does
// its work.
type pulse struct {
	health   health
	full     error         // the disk had no room for what was to be written last; nil: it had
	interval time.Duration // from one cycle's beginning to the next
	since    time.Time     // when the loop began what it does
	limit    time.Duration // of the run under way, when Running: after it the loop goes on without it
	owed     time.Time     // since when a script has been due and none was saved; zero: none is due
}

// owe notes whether a script is due.
func (p *pulse) owe(due bool, now time.Time) {
	if !due {
		p.owed = time.Time{}
	} else if p.owed.IsZero() {
		p.owed = now
	}
}

// excuse lets the time begin anew in which a script that is due is to be saved.
func (p *pulse) excuse(now time.Time) {
	if !p.owed.IsZero() {
		p.owed = now
	}
}

// follow notes, after a change, when what is done now began.
func (s *Status) follow(was Status, now time.Time) {
	if s.Phase != was.Phase || s.Script != was.Script || s.Cycle != was.Cycle || s.Runs != was.Runs {
		s.since = now
	}
}

// Moves says whether the loop is where it may be: paused, asleep, or at one thing for no
// longer than that may take and patience beside it. One that has stopped does not move.
func (s Status) Moves(now time.Time, patience time.Duration) bool {
	since := s.since
	switch s.Phase {
	case Starting:
		if since.IsZero() { // it was not told to run yet
			return true
		}
	case Paused:
		return true
	case Stopped:
		return false
	case Sleeping:
		if s.NextAt.After(since) {
			since = s.NextAt
		}
	case Running:
		since = since.Add(s.limit)
	}
	return now.Sub(since) < patience
}

// noRoom is why the disk counts as full; nil: it does not.
func (p *pulse) noRoom() error {
	if p.full == nil && errors.Is(p.health.database, store.ErrFull) {
		return p.health.database
	}
	return p.full
}

// At is the status with Health, Database and Unready as they are to be judged at that
// time, when nothing else has happened since.
func (s Status) At(now time.Time) Status {
	h := s.health
	if h.database == nil {
		h.database = s.full
	}
	s.Database, s.Healthy = "", h.engine != "" && h.ok()
	if h.database != nil {
		s.Database = plainly(h.database)
	}
	if h.engine != "" {
		s.Health = h.line()
	}
	s.Unready = s.unready(now)
	return s
}

// unreadyAfter is how many intervals the loop may be behind, and unreadyLeast how long
// at least, before it counts as not doing its work.
const (
	unreadyAfter = 3
	unreadyLeast = 30 * time.Second
)

// unready says why the loop does not do its work. What it is not to do is no reason: a
// loop that is paused, has nothing due, or runs a script within that one's limit is
// ready.
func (s Status) unready(now time.Time) string {
	patience := max(unreadyAfter*s.interval, unreadyLeast)
	behind := now.Sub(s.owed)
	switch {
	case s.Phase == Stopped:
		return "the loop has stopped"
	case s.Paused:
		return ""
	case s.noRoom() != nil:
		return plainly(s.noRoom())
	case len(s.Skipped) > 0:
		return s.skips()
	case !s.Moves(now, patience):
		return fmt.Sprintf("the loop has not moved for %s: it is %s", span(now.Sub(s.since)), s.doing())
	case !s.owed.IsZero() && behind >= patience && !(s.Phase == Running && s.Moves(now, 0)):
		why := fmt.Sprintf("scripts are due and none was saved for %s", span(behind))
		if s.LastError != "" {
			why += ": " + s.LastError
		}
		return why
	}
	return ""
}

// skips names the rows that cannot be used.
func (s Status) skips() string {
	text := plainLine(s.Skipped[0].String())
	if n := len(s.Skipped); n > 1 {
		text += fmt.Sprintf(" (and %d more)", n-1)
	}
	return text
}

func (s Status) doing() string {
	if s.Script == "" {
		return s.Phase.String()
	}
	return s.Phase.String() + " " + plainLine(s.Script)
}
