package improvement

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gvpie/runtime/store/sqlquery"
)

// Cheapest is the cheapest program that is known to show a picture.
type Cheapest struct {
	Picture  string // a hash; which one is the searcher's business
	Source   string
	Cost     uint64
	Proposer string
	FoundAt  time.Time
}

// What is kept of a search at most.
const (
	archiveMost  = 10_000  // pictures; the oldest make way
	archivedMost = 1 << 20 // bytes of a program
	stateMost    = 16 << 20
)

// KeepCheapest keeps a program where none as cheap is kept that shows the same picture,
// and says whether it did.
func KeepCheapest(ctx context.Context, q sqlquery.Querier, c Cheapest) (kept bool, err error) {
	if len(c.Source) > archivedMost { // a program with many files
		return false, nil
	}
	res, err := q.ExecContext(ctx, `INSERT INTO improve_archive (picture, source, cost, proposer, found_at) VALUES (?1, ?2, ?3, ?4, ?5)
		ON CONFLICT (picture) DO UPDATE SET source = ?2, cost = ?3, proposer = ?4, found_at = ?5
		WHERE typeof(cost) <> 'integer' OR typeof(source) <> 'text' OR cost > ?3`, c.Picture, c.Source, clamped(c.Cost), c.Proposer, sqlquery.FormatTime(c.FoundAt))
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	if err == nil && n > 0 {
		_, err = q.ExecContext(ctx, "DELETE FROM improve_archive WHERE picture IN (SELECT picture FROM improve_archive ORDER BY found_at DESC LIMIT -1 OFFSET ?) AND picture <> ?", archiveMost, c.Picture)
	}
	return n > 0, err
}

// ReadCheapest is what is kept for a picture; sql.ErrNoRows.
func ReadCheapest(ctx context.Context, q sqlquery.Querier, picture string) (c Cheapest, err error) {
	var cost int64
	err = q.QueryRowContext(ctx, "SELECT "+sqlquery.Columns(fmt.Sprintf("iif(octet_length(source) > %d, '', %s)", archivedMost, sqlquery.Text("source")), sqlquery.Integer("cost"), word("proposer"))+
		" FROM improve_archive WHERE picture = ? AND typeof(source) = 'text' AND typeof(cost) = 'integer' AND cost >= 0", picture).Scan(&c.Source, &cost, &c.Proposer)
	c.Picture, c.Cost = picture, uint64(max(cost, 0))
	return c, err
}

// SaveCampaign keeps where the search for a script is, in place of where it was.
func SaveCampaign(ctx context.Context, q sqlquery.Querier, scriptID int64, state []byte, at time.Time) error {
	switch {
	case !json.Valid(state):
		return errors.New("where a search is must be JSON")
	case len(state) > stateMost:
		return fmt.Errorf("where the search is has %d MB, and may have %d", len(state)>>20, stateMost>>20)
	}
	_, err := q.ExecContext(ctx, `INSERT INTO improve_campaigns (script_id, state, saved_at) VALUES (?1, ?2, ?3)
		ON CONFLICT (script_id) DO UPDATE SET state = ?2, saved_at = ?3`, scriptID, string(state), sqlquery.FormatTime(at))
	return err
}

// Campaign is what SaveCampaign kept; sql.ErrNoRows, also for what is no JSON any more.
func Campaign(ctx context.Context, q sqlquery.Querier, scriptID int64) (state []byte, err error) {
	err = q.QueryRowContext(ctx, fmt.Sprintf("SELECT CAST(state AS BLOB) FROM improve_campaigns WHERE script_id = ? AND octet_length(state) <= %d AND json_valid(state)", stateMost), scriptID).Scan(&state)
	return state, err
}

// hourForm is how an hour is written in improve_hours, UTC.
const hourForm = "2006-01-02 15"

// CountCandidates adds to how many candidates were looked at in the hour of a time.
func CountCandidates(ctx context.Context, q sqlquery.Querier, n int64, at time.Time) error {
	_, err := q.ExecContext(ctx, `INSERT INTO improve_hours (hour, candidates) VALUES (?1, ?2)
		ON CONFLICT (hour) DO UPDATE SET candidates = max(min(`+sqlquery.Integer("candidates")+`, 1 << 60), 0) + ?2`, at.UTC().Format(hourForm), n)
	return err
}

// Figures are what improving came to in a time: the morning report.
type Figures struct {
	From, To   time.Time
	Candidates int64 // that were looked at, in whole hours
	Offers     int64 // that were made, and not outdone since
	Approved   int64
	Goals      int64   // that were reached
	Best       []Offer // the cheapest for what they were, at most bestMost, without their programs
}

// bestMost is how many offers the morning report names.
const bestMost = 3

// ReadFigures reads them for the time from one to another, that left out.
func ReadFigures(ctx context.Context, q sqlquery.Querier, from, to time.Time) (f Figures, err error) {
	f.From, f.To = from.UTC(), to.UTC()
	first, last := sqlquery.FormatTime(from), sqlquery.FormatTime(to)
	const made = "found_at >= ?1 AND found_at < ?2 AND state IN ('offered', 'approved', 'rejected', 'rolled_back')"
	err = q.QueryRowContext(ctx, `SELECT
		(SELECT CAST(min(total(candidates), 1e18) AS INTEGER) FROM improve_hours WHERE hour >= ?3 AND hour < ?2 AND candidates > 0),
		(SELECT count(*) FROM improve_offers WHERE `+made+`),
		(SELECT count(*) FROM improve_offers WHERE decided_at >= ?1 AND decided_at < ?2 AND state = 'approved'),
		(SELECT count(*) FROM development_goals WHERE completed_at >= ?1 AND completed_at < ?2 AND `+sqlquery.Truth("completed")+`)`,
		first, last, from.UTC().Format(hourForm)).Scan(&f.Candidates, &f.Offers, &f.Approved, &f.Goals)
	if err != nil {
		return f, err
	}
	rows, err := sqlquery.Collect(ctx, q, scanRow, offerQuery+`WHERE `+made+` AND claim = 'cheaper' AND cost_before > cost_after AND cost_after >= 0
		AND typeof(cost_before) = 'integer' AND typeof(cost_after) = 'integer' ORDER BY CAST(cost_after AS REAL) / cost_before, o.id LIMIT ?3`, first, last, bestMost)
	for _, r := range rows {
		f.Best = append(f.Best, r.Offer)
	}
	return f, err
}
