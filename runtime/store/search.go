package store

import (
	"context"
	"fmt"
	"time"

	"gvpie/runtime/store/improvement"
)

// What a search keeps.
type (
	Cheapest       = improvement.Cheapest
	ImproveFigures = improvement.Figures
)

// KeepCheapest keeps a program where none as cheap is kept that shows the same picture.
func (s *searchTable) KeepCheapest(ctx context.Context, c Cheapest) (kept bool, err error) {
	if c.FoundAt.IsZero() {
		c.FoundAt = s.o.Now()
	}
	err = s.write(ctx, "keep the cheapest program of a picture", func(ctx context.Context, q querier) (err error) {
		kept, err = improvement.KeepCheapest(ctx, q, c)
		return err
	})
	return kept, err
}

// CheapestOf is the cheapest program that is kept for a picture; ErrNotFound.
func (s *searchTable) CheapestOf(ctx context.Context, picture string) (c Cheapest, err error) {
	err = s.read(ctx, fmt.Sprintf("the cheapest program of %.12s", picture), func(ctx context.Context, q querier) (err error) {
		c, err = improvement.ReadCheapest(ctx, q, picture)
		return err
	})
	return c, err
}

// SaveCampaign keeps where the search for a script is, as JSON, and how many more
// candidates were looked at since it was last kept.
func (s *searchTable) SaveCampaign(ctx context.Context, scriptID int64, state []byte, candidates int64) error {
	return s.write(ctx, fmt.Sprintf("keep where the search for script %d is", scriptID), func(ctx context.Context, q querier) error {
		if err := improvement.SaveCampaign(ctx, q, scriptID, state, s.o.Now()); err != nil {
			return err
		}
		return improvement.CountCandidates(ctx, q, candidates, s.o.Now())
	})
}

// Campaign is what SaveCampaign kept; ErrNotFound.
func (s *searchTable) Campaign(ctx context.Context, scriptID int64) (state []byte, err error) {
	err = s.read(ctx, fmt.Sprintf("where the search for script %d is", scriptID), func(ctx context.Context, q querier) (err error) {
		state, err = improvement.Campaign(ctx, q, scriptID)
		return err
	})
	return state, err
}

// CountCandidates adds to how many candidates were looked at, for the morning report.
func (s *searchTable) CountCandidates(ctx context.Context, n int64) error {
	return s.write(ctx, "count candidates", func(ctx context.Context, q querier) error {
		return improvement.CountCandidates(ctx, q, n, s.o.Now())
	})
}

// ImproveFigures are what improving came to since a time: the morning report.
func (s *searchTable) ImproveFigures(ctx context.Context, from, to time.Time) (f ImproveFigures, err error) {
	err = s.read(ctx, "read what improving came to", func(ctx context.Context, q querier) (err error) {
		f, err = improvement.ReadFigures(ctx, q, from, to)
		return err
	})
	return f, err
}
