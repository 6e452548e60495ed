package loop

import (
	"maps"

	"gvpie/app/studio/mailbox"
	"gvpie/runtime/store"
)

// figures reads what the latest runs of scripts have shown, of those scripts that
// are looked at: a list of thousands costs what is in sight of it.
type figures struct {
	known map[int64]figure
	asked map[int64]seen // not answered yet
	asks  mailbox.Latest[map[int64]seen]
}

// figure is what is known of a script.
type figure struct {
	ran   seen
	stats []store.ScriptStats
}

// seen says which runs of a script there are: figures are as old as theirs.
type seen struct{ count, last int64 }

const (
	statRuns   = 120 // how many of a script's runs its figures are of
	maxFigures = 256 // scripts whose figures are kept, and that are asked for at once
)

func newFigures() figures {
	return figures{known: map[int64]figure{}, asked: map[int64]seen{}, asks: mailbox.New[map[int64]seen]()}
}

// Figures are a script's over its latest runs, one for each engine; nil until they
// have been read, and those of before while newer ones are. The window calls it
// each frame for the scripts in sight, and no others.
func (f *figures) Figures(r *ScriptRow) []store.ScriptStats {
	k, now := f.known[r.ID], seen{r.RunCount, r.LastRunAt.UnixNano()}
	if asked, ok := f.asked[r.ID]; r.RunCount > 0 && k.ran != now && !(ok && asked == now) {
		if len(f.asked) >= maxFigures {
			clear(f.asked)
		}
		f.asked[r.ID] = now
		f.asks.Put(maps.Clone(f.asked))
	}
	return k.stats
}

// took takes in what was read. What could not be read is asked for again once the
// script has run.
func (f *figures) took(asked map[int64]seen, read map[int64][]store.ScriptStats) {
	if read == nil {
		return
	}
	for id := range f.known {
		if _, ok := asked[id]; !ok && len(f.known)+len(asked) > maxFigures {
			delete(f.known, id)
		}
	}
	for id, now := range asked {
		f.known[id] = figure{now, read[id]}
		if f.asked[id] == now {
			delete(f.asked, id)
		}
	}
}

// serve reads figures; one goroutine.
func (f *figures) serve(b *background, s *store.Store) {
	answer(b, f.asks, func(asked map[int64]seen) map[int64][]store.ScriptStats {
		ids := make([]int64, 0, len(asked))
		for id := range asked {
			ids = append(ids, id)
		}
		read, err := s.ScriptStats(b.ctx, ids, statRuns)
		if err != nil {
			return nil
		}
		return read
	}, f.took)
}

// Main is the engine a script ran on most, of its latest runs.
func (f *figures) Main(r *ScriptRow) store.ScriptStats {
	var most store.ScriptStats
	for _, s := range f.Figures(r) {
		if s.Runs > most.Runs {
			most = s
		}
	}
	return most
}
