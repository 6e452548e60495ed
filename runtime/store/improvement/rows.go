package improvement

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"gvpie/runtime/store/bundle"
	"gvpie/runtime/store/sqlquery"
)

// What a list has of texts that anybody may have written.
const (
	wordMost  = 300
	stepsMost = 64 << 10
)

func word(column string) string {
	return fmt.Sprintf("substr(%s, 1, %d)", sqlquery.Text(column), wordMost)
}

// offerQuery is the query for offers, without their programs.
var offerQuery = "SELECT " + sqlquery.Columns("o.id", sqlquery.Integer("s.id"), "coalesce("+word("o.script")+", '')", sqlquery.Integer("o.goal_id"),
	word("o.state"), word("o.claim"), word("o.evidence"), word("o.proposer"),
	"lower("+word("o.source")+")", "lower("+word("o.before")+")", "o.before IS NULL", "EXISTS (SELECT 1 FROM contents WHERE hash = o.source)",
	sqlquery.Integer("o.cost_before"), sqlquery.Integer("o.cost_after"), sqlquery.Decimal("o.distance_before"), sqlquery.Decimal("o.distance_after"),
	fmt.Sprintf("iif(octet_length(o.steps) > %d, '?', %s)", stepsMost, sqlquery.Text("o.steps")),
	sqlquery.Integer("o.candidates"), word("o.seed"), fmt.Sprintf("substr(%s, 1, 4000)", sqlquery.Text("o.note")),
	"coalesce(h.hash, '')", "coalesce(m.hash, '')", sqlquery.Integer("o.map_id"), "CAST(o.found_at AS TEXT)", "CAST(o.decided_at AS TEXT)") + `
	FROM improve_offers o LEFT JOIN improvement_scripts s ON s.id = o.script_id
	LEFT JOIN pictures h ON h.id = o.human_png LEFT JOIN pictures m ON m.id = o.machine_png `

// row is an offer with the hashes of its programs.
type row struct {
	Offer
	source, before string
}

func scanRow(scan func(...any) error) (r row, err error) {
	var state, steps, seed string
	var costBefore, costAfter int64
	var there bool
	var found, decided sql.NullString
	err = scan(&r.ID, &r.ScriptID, &r.Script, &r.GoalID, &state, &r.Claim, &r.Evidence, &r.Proposer, &r.source, &r.before, &r.New, &there,
		&costBefore, &costAfter, &r.DistanceBefore, &r.DistanceAfter, &steps, &r.Candidates, &seed, &r.Note,
		&r.HumanPNG, &r.MachinePNG, &r.MapID, &found, &decided)
	if err != nil {
		return r, err
	}
	r.State = State(state)
	r.CostBefore, r.CostAfter = uint64(max(costBefore, 0)), uint64(max(costAfter, 0))
	r.FoundAt, r.DecidedAt = sqlquery.ParseTime(found), sqlquery.ParseTime(decided)
	stepsErr := json.Unmarshal([]byte(steps), &r.Steps)
	if r.Steps == nil {
		r.Steps = []string{}
	}
	r.Seed, _ = strconv.ParseUint(seed, 10, 64)
	for _, d := range []*float64{&r.DistanceBefore, &r.DistanceAfter} {
		if math.IsInf(*d, 0) || *d < 0 {
			*d = 0
		}
	}
	switch {
	case !slices.Contains(States, r.State):
		r.Fault = fmt.Sprintf("its state is %.40q, which is none of an offer", state)
	case !slices.Contains(Claims, r.Claim):
		r.Fault = fmt.Sprintf("its claim is %.40q, which is none of an offer", r.Claim)
	case rank(r.Evidence) < 0:
		r.Fault = fmt.Sprintf("its evidence is %.40q, which is none that there is", r.Evidence)
	case !there:
		r.Fault = "its program is not in the database"
	case costBefore < 0 || costAfter < 0:
		r.Fault = "it has a cost below 0"
	case steps != "" && stepsErr != nil:
		r.Steps, r.Fault = []string{}, "its steps are no list of sentences"
	}
	return r, nil
}

// Filter says which offers are asked for; a zero field: all.
type Filter struct {
	State    State
	ScriptID int64
	GoalID   int64
}

// List is at most limit offers with an id below before that the filter lets through, the
// newest first, without their programs.
func List(ctx context.Context, q sqlquery.Querier, f Filter, before int64, limit int) (all []Offer, err error) {
	where, args := "WHERE o.id < ?", []any{before}
	for _, c := range []struct {
		column string
		value  any
		asked  bool
	}{{"o.state", string(f.State), f.State != ""}, {"o.script_id", f.ScriptID, f.ScriptID != 0}, {"o.goal_id", f.GoalID, f.GoalID != 0}} {
		if c.asked {
			where, args = where+" AND "+c.column+" = ?", append(args, c.value)
		}
	}
	rows, err := sqlquery.Collect(ctx, q, scanRow, offerQuery+where+" ORDER BY o.id DESC LIMIT ?", append(args, limit)...)
	for _, r := range rows {
		all = append(all, r.Offer)
	}
	return all, err
}

// Read is the offer with that id, with its programs; sql.ErrNoRows.
func Read(ctx context.Context, q sqlquery.Querier, id int64) (Offer, error) {
	r, err := scanRow(q.QueryRowContext(ctx, offerQuery+"WHERE o.id = ?", id).Scan)
	if err != nil {
		return Offer{}, err
	}
	files := &bundle.Reader{Q: q}
	for _, c := range []struct {
		hash string
		to   *string
	}{{r.source, &r.Source}, {r.before, &r.Before}} {
		if c.hash == "" {
			continue
		}
		*c.to, err = files.Entry(ctx, c.hash)
		if lost := (*bundle.Lost)(nil); errors.As(err, &lost) {
			if r.Fault == "" {
				r.Fault = lost.Error()
			}
		} else if err != nil {
			return Offer{}, err
		}
	}
	return r.Offer, nil
}

// Hashes are those of the programs of an offer, in contents. Before is "" for one of no
// script.
type Hashes struct{ Source, Before string }

// Same is the offer of the same program for the same code of the same script, without
// its programs; sql.ErrNoRows.
func Same(ctx context.Context, q sqlquery.Querier, o *Offer, h Hashes) (Offer, error) {
	r, err := scanRow(q.QueryRowContext(ctx, offerQuery+"WHERE o.source = ? AND o.script_id IS ? AND o.before IS ? AND o.goal_id IS ? ORDER BY o.id DESC LIMIT 1",
		h.Source, orNull(o.ScriptID), emptyNull(h.Before), orNull(o.GoalID)).Scan)
	return r.Offer, err
}

// Insert writes a new offer, of which human and machine are the rows of its pictures, or
// nil.
func Insert(ctx context.Context, q sqlquery.Querier, o *Offer, h Hashes, human, machine any) (id int64, err error) {
	if id, err = sqlquery.FreeID(ctx, q, "improve_offers"); err != nil {
		return 0, err
	}
	steps, err := json.Marshal(append([]string{}, o.Steps...))
	if err != nil {
		return 0, err
	}
	_, err = q.ExecContext(ctx, `INSERT INTO improve_offers (id, script_id, script, goal_id, state, claim, evidence, proposer, source, before,
		cost_before, cost_after, distance_before, distance_after, steps, candidates, seed, note, human_png, machine_png, found_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		id, orNull(o.ScriptID), o.Script, orNull(o.GoalID), string(o.State), o.Claim, o.Evidence, o.Proposer, h.Source, emptyNull(h.Before),
		clamped(o.CostBefore), clamped(o.CostAfter), o.DistanceBefore, o.DistanceAfter, string(steps), o.Candidates, strconv.FormatUint(o.Seed, 10), o.Note,
		human, machine, sqlquery.FormatTime(o.FoundAt))
	return id, err
}

// Renew offers again what was superseded, or what is better known now: all that was found
// out about the same program is as the offer says, and nothing is decided.
func Renew(ctx context.Context, q sqlquery.Querier, id int64, o *Offer) error {
	steps, err := json.Marshal(append([]string{}, o.Steps...))
	if err != nil {
		return err
	}
	_, err = q.ExecContext(ctx, `UPDATE improve_offers SET state = ?, claim = ?, evidence = ?, proposer = ?, cost_before = ?, cost_after = ?, distance_before = ?, distance_after = ?,
		steps = ?, candidates = ?, seed = ?, note = ?, found_at = ?, decided_at = NULL WHERE id = ?`,
		string(o.State), o.Claim, o.Evidence, o.Proposer, clamped(o.CostBefore), clamped(o.CostAfter), o.DistanceBefore, o.DistanceAfter,
		string(steps), o.Candidates, strconv.FormatUint(o.Seed, 10), o.Note, sqlquery.FormatTime(o.FoundAt), id)
	return err
}

// Move writes down what has become of an offer, why ("": as before), and the row of the
// map that tells of it (0: none).
func Move(ctx context.Context, q sqlquery.Querier, id int64, to State, why string, mapID int64, at time.Time) error {
	_, err := q.ExecContext(ctx, `UPDATE improve_offers SET state = ?, note = coalesce(?, note), map_id = coalesce(?, map_id), decided_at = ? WHERE id = ?`,
		string(to), emptyNull(why), orNull(mapID), sqlquery.FormatTime(at), id)
	return err
}

// open are the offers that nothing was decided about, of a script, or where scriptID is 0
// for a goal and no script, but one.
func open(ctx context.Context, q sqlquery.Querier, scriptID, goalID, but int64) ([]row, error) {
	return sqlquery.Collect(ctx, q, scanRow, offerQuery+"WHERE o.script_id IS ? AND (o.script_id IS NOT NULL OR o.goal_id = ? AND o.before IS NULL) AND o.id <> ? AND o.state IN (?, ?, ?) ORDER BY o.id",
		orNull(scriptID), goalID, but, string(Found), string(Checked), string(Offered))
}

// Outdo makes the open offers superseded that the offer, which is one with those hashes,
// leaves no use for: those for its script as it was otherwise, and those that it is better
// than, for the same script or, where it is of none, for the same goal.
// Where another is better than it, by is that one's id, and nothing is changed.
func Outdo(ctx context.Context, q sqlquery.Querier, o *Offer, h Hashes, at time.Time) (by int64, err error) {
	all, err := open(ctx, q, o.ScriptID, o.GoalID, o.ID)
	if err != nil {
		return 0, err
	}
	for i := range all {
		if all[i].before == h.Before && all[i].Fault == "" && all[i].State == Offered && all[i].better(o) {
			return all[i].ID, nil
		}
	}
	for i := range all {
		switch {
		case all[i].before != h.Before:
			err = Move(ctx, q, all[i].ID, Superseded, fmt.Sprintf("the script %s was changed since", o.Script), 0, at)
		case o.better(&all[i].Offer):
			err = Move(ctx, q, all[i].ID, Superseded, fmt.Sprintf("offer %d is better", o.ID), 0, at)
		}
		if err != nil {
			return 0, err
		}
	}
	return 0, nil
}

// OutdoAll makes all open offers of a script but one superseded, and says why.
func OutdoAll(ctx context.Context, q sqlquery.Querier, scriptID, but int64, why string, at time.Time) error {
	all, err := open(ctx, q, scriptID, 0, but)
	for _, r := range all {
		if err := Move(ctx, q, r.ID, Superseded, why, 0, at); err != nil {
			return err
		}
	}
	return err
}

// clamped is a cost as the database holds it.
func clamped(cost uint64) int64 { return int64(min(cost, math.MaxInt64)) }

func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

func emptyNull(text string) any {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	return text
}
