package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"gvpie/runtime/store/improvement"
	"gvpie/runtime/store/sqlquery"
)

// What improving keeps.
type (
	Offer       = improvement.Offer
	OfferState  = improvement.State
	OfferFilter = improvement.Filter
	// OfferRefused is the error for what cannot be done with an offer, in a sentence;
	// nothing is wrong with the database.
	OfferRefused = improvement.Refused
)

// The states of an offer; see package improvement.
const (
	OfferFound      = improvement.Found
	OfferChecked    = improvement.Checked
	OfferOffered    = improvement.Offered
	OfferApproved   = improvement.Approved
	OfferRejected   = improvement.Rejected
	OfferSuperseded = improvement.Superseded
	OfferRolledBack = improvement.RolledBack
)

// OfferStates are all of them.
var OfferStates = improvement.States

// AddOffer keeps an offer, as found, checked or, where State is "", offered; ID, MapID and
// DecidedAt are not read. It is of the script ScriptID, whose code must still be Before
// ("": it is), or of none, and then approving it adds a script. isNew is false where it
// is known already, whatever became of it and as surely, or another that is offered is
// better: id is that one's. It makes those superseded that it is better than, and those made for other
// code of its script. ErrNotFound when there is no such script or goal, OfferRefused when
// the script was changed meanwhile.
func (s *offerTable) AddOffer(ctx context.Context, o Offer) (id int64, isNew bool, err error) {
	var refused error
	err = s.write(ctx, "keep an offer", func(ctx context.Context, q querier) error {
		id, isNew, err = s.addOffer(ctx, q, o)
		if errors.As(err, new(OfferRefused)) {
			refused, err = err, nil
		}
		return err
	})
	return id, isNew, errors.Join(err, refused)
}

func (s *offerTable) addOffer(ctx context.Context, q querier, o Offer) (id int64, isNew bool, err error) {
	if o.State == "" {
		o.State = improvement.Offered
	}
	if o.FoundAt.IsZero() {
		o.FoundAt = s.o.Now()
	}
	if o.New = o.ScriptID == 0; !o.New {
		script, err := readScript(ctx, q, "WHERE s.id = ?", o.ScriptID)
		if err != nil {
			return 0, false, err
		}
		o.Script = script.Name
		switch {
		case script.Lang != "pixel":
			return 0, false, OfferRefused(fmt.Sprintf("the script %s is no pixel program", script.Name))
		case o.Before == "":
			o.Before = script.Code
		case o.Before != script.Code:
			return 0, false, OfferRefused(fmt.Sprintf("the script %s was changed meanwhile: this is no improvement of it as it is now", script.Name))
		}
	} else {
		o.Before = ""
	}
	if err := o.Check(); err != nil {
		return 0, false, OfferRefused(err.Error())
	}
	if o.GoalID != 0 {
		var there int
		if err := q.QueryRowContext(ctx, "SELECT 1 FROM development_goals WHERE id = ?", o.GoalID).Scan(&there); err != nil {
			return 0, false, err
		}
	}
	var h improvement.Hashes
	if h.Source, err = enterCode(ctx, q, o.Source); err != nil {
		return 0, false, err
	}
	if !o.New {
		if h.Before, err = enterCode(ctx, q, o.Before); err != nil {
			return 0, false, err
		}
	}
	same, err := improvement.Same(ctx, q, &o, h)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		id, isNew, err = s.insertOffer(ctx, q, &o, h)
	case err == nil && o.Renews(&same):
		id, isNew = same.ID, true
		err = improvement.Renew(ctx, q, id, &o)
	default:
		return same.ID, false, err
	}
	if err != nil || o.New && o.GoalID == 0 || o.State != improvement.Offered {
		return id, isNew, err
	}
	o.ID = id
	by, err := improvement.Outdo(ctx, q, &o, h, o.FoundAt)
	if err != nil || by == 0 {
		return id, isNew, err
	}
	return by, false, improvement.Move(ctx, q, id, improvement.Superseded, fmt.Sprintf("offer %d is better", by), 0, o.FoundAt)
}

func (s *offerTable) insertOffer(ctx context.Context, q querier, o *Offer, h improvement.Hashes) (id int64, isNew bool, err error) {
	human, err := pictureID(ctx, q, o.HumanPNG)
	if err != nil {
		return 0, false, err
	}
	machine, err := pictureID(ctx, q, o.MachinePNG)
	if err != nil {
		return 0, false, err
	}
	id, err = improvement.Insert(ctx, q, o, h, human, machine)
	return id, err == nil, err
}

// Offers is a page of the offers that a filter lets through, without their programs.
func (s *offerTable) Offers(ctx context.Context, f OfferFilter, p Page) (all []Offer, err error) {
	err = s.read(ctx, "read the offers", func(ctx context.Context, q querier) (err error) {
		args := p.args()
		all, err = improvement.List(ctx, q, f, args[0].(int64), args[1].(int))
		return err
	})
	return all, err
}

// Offer is the offer with that id, with its programs; ErrNotFound.
func (s *offerTable) Offer(ctx context.Context, id int64) (o Offer, err error) {
	err = s.read(ctx, fmt.Sprintf("offer %d", id), func(ctx context.Context, q querier) (err error) {
		o, err = improvement.Read(ctx, q, id)
		return err
	})
	return o, err
}

// ApproveOffer makes an offer a new version of its script, or a script of its own, and
// gives the offer as it is then. The map has a row that tells of it, which comes from the
// script's last one. Other offers for the code of before are superseded, and so is this
// one where the script is no longer what it was made for: that is an OfferRefused, like
// any other reason. ErrNotFound.
//
// Where the script is a file, that is not written: agent.ApproveOffer does both.
func (s *offerTable) ApproveOffer(ctx context.Context, id int64) (Offer, error) {
	return s.decide(ctx, id, improvement.Offered, "approved", s.approve)
}

// RollbackOffer gives the script of an approved offer the code that it had before, as a
// new version; one that approving added it switches off. It is an OfferRefused where the
// script was changed since. ErrNotFound. Of files, see ApproveOffer.
func (s *offerTable) RollbackOffer(ctx context.Context, id int64) (Offer, error) {
	return s.decide(ctx, id, improvement.Approved, "rolled back", s.rollBack)
}

// RejectOffer puts an offer aside for good; why may be "". ErrNotFound, OfferRefused.
func (s *offerTable) RejectOffer(ctx context.Context, id int64, why string) (Offer, error) {
	return s.decide(ctx, id, improvement.Offered, "rejected", func(ctx context.Context, q querier, o *Offer) (OfferState, string, int64, error) {
		return improvement.Rejected, why, 0, nil
	})
}

// decide moves an offer that must be in a state to what do says, with a note and the row
// of the map that tells of it. A refusal of do's moves it all the same, unless the state
// is "".
func (s *offerTable) decide(ctx context.Context, id int64, be OfferState, toBe string,
	do func(context.Context, querier, *Offer) (to OfferState, note string, mapID int64, err error)) (o Offer, err error) {
	var refused error
	err = s.write(ctx, fmt.Sprintf("offer %d", id), func(ctx context.Context, q querier) (err error) {
		if o, err = improvement.Read(ctx, q, id); err != nil {
			return err
		}
		if refused = o.Must(be, toBe); refused != nil {
			return nil
		}
		to, note, mapID, err := do(ctx, q, &o)
		if errors.As(err, new(OfferRefused)) {
			refused, err = err, nil
		}
		if err != nil || to == "" {
			return err
		}
		now := s.o.Now()
		o.State, o.DecidedAt = to, now
		if note != "" {
			o.Note = note
		}
		if mapID != 0 {
			o.MapID = mapID
		}
		return improvement.Move(ctx, q, id, to, note, mapID, now)
	})
	return o, errors.Join(err, refused)
}

// approve is the part of ApproveOffer that changes scripts.
func (s *offerTable) approve(ctx context.Context, q querier, o *Offer) (to OfferState, note string, mapID int64, err error) {
	if err := o.Sound("approved"); err != nil {
		return "", "", 0, err
	}
	if o.New {
		if err := s.approveNew(ctx, q, o); err != nil {
			return "", "", 0, err
		}
	} else {
		script, why, err := scriptStill(ctx, q, o, o.Before)
		if err != nil {
			return "", "", 0, err
		}
		if why != "" {
			return improvement.Superseded, why, 0, OfferRefused(fmt.Sprintf("offer %d is superseded: %s", o.ID, why))
		}
		if err := s.setCode(ctx, q, script.ID, o.Source); err != nil {
			return "", "", 0, err
		}
	}
	if mapID, err = s.tellDecision(ctx, q, o, "approved", o.Source); err != nil {
		return "", "", 0, err
	}
	if err := s.keepPicturesOf(ctx, q, o); err != nil {
		return "", "", 0, err
	}
	if o.Claim == "passes" && o.GoalID != 0 {
		if _, err := q.ExecContext(ctx, "UPDATE development_goals SET completed = 1, completed_at = coalesce(completed_at, ?) WHERE id = ?", s.now(), o.GoalID); err != nil {
			return "", "", 0, err
		}
	}
	return improvement.Approved, "", mapID, improvement.OutdoAll(ctx, q, o.ScriptID, o.ID, fmt.Sprintf("offer %d was approved", o.ID), s.o.Now())
}

// approveNew adds a script with what is offered.
func (s *offerTable) approveNew(ctx context.Context, q querier, o *Offer) error {
	if o.Script == "" {
		o.Script = fmt.Sprintf("offer_%d", o.ID)
	}
	switch _, err := readScript(ctx, q, "WHERE s.name = ?", o.Script); {
	case err == nil:
		return OfferRefused(fmt.Sprintf("offer %d cannot be approved: there is a script %s already; rename that first", o.ID, o.Script))
	case !errors.Is(err, sql.ErrNoRows):
		return err
	}
	id, _, err := s.upsertScript(ctx, q, Script{Name: o.Script, Lang: "pixel", Purpose: fmt.Sprintf("from offer %d", o.ID), Code: o.Source, Enabled: true})
	if err != nil {
		return err
	}
	o.ScriptID = id
	_, err = q.ExecContext(ctx, "UPDATE improve_offers SET script_id = ?, script = ? WHERE id = ?", id, o.Script, o.ID)
	return err
}

// rollBack is the part of RollbackOffer that changes scripts.
func (s *offerTable) rollBack(ctx context.Context, q querier, o *Offer) (to OfferState, note string, mapID int64, err error) {
	if err := o.Sound("rolled back"); err != nil {
		return "", "", 0, err
	}
	script, why, err := scriptStill(ctx, q, o, o.Source)
	switch {
	case err != nil:
		return "", "", 0, err
	case why != "":
		return "", "", 0, OfferRefused(fmt.Sprintf("offer %d cannot be rolled back: %s", o.ID, why))
	case o.New:
		_, err = q.ExecContext(ctx, "UPDATE improvement_scripts SET enabled = 0 WHERE id = ?", script.ID)
	default:
		err = s.setCode(ctx, q, script.ID, o.Before)
	}
	if err != nil {
		return "", "", 0, err
	}
	code := o.Before
	if o.New {
		code = o.Source
	}
	if mapID, err = s.tellDecision(ctx, q, o, "rolled back", code); err != nil {
		return "", "", 0, err
	}
	if o.Claim == "passes" && o.GoalID != 0 {
		_, err = q.ExecContext(ctx, "UPDATE development_goals SET completed = 0, completed_at = NULL WHERE id = ?", o.GoalID)
	}
	return improvement.RolledBack, "", mapID, err
}

// scriptStill is the script of an offer; why is a clause where it is not there, or its
// code is another.
func scriptStill(ctx context.Context, q querier, o *Offer, code string) (script Script, why string, err error) {
	script, err = readScript(ctx, q, "WHERE s.id = ?", o.ScriptID)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return script, fmt.Sprintf("the script %s is not there any more", o.Script), nil
	case err == nil && script.Code != code:
		why = fmt.Sprintf("the script %s was changed since", script.Name)
	}
	return script, why, err
}

func (s *offerTable) setCode(ctx context.Context, q querier, scriptID int64, code string) error {
	short, _, err := keepFiles(ctx, q, code)
	if err != nil {
		return err
	}
	return changedOne(q.ExecContext(ctx, "UPDATE improvement_scripts SET code = ? WHERE id = ?", short, scriptID))
}

// tellDecision adds the row of the map that tells of a decision, which comes from the
// script's last one: in the lineage it is a version with its proof.
func (s *offerTable) tellDecision(ctx context.Context, q querier, o *Offer, decided, code string) (mapID int64, err error) {
	script, err := readScript(ctx, q, "WHERE s.id = ?", o.ScriptID)
	if err != nil {
		return 0, err
	}
	task := script.Name
	if script.Purpose != "" {
		task += ": " + script.Purpose
	}
	result, err := json.Marshal(struct {
		Offer      int64  `json:"offer"`
		Decided    string `json:"decided"`
		Claim      string `json:"claim"`
		Evidence   string `json:"evidence"`
		CostBefore uint64 `json:"cost_before"`
		CostAfter  uint64 `json:"cost_after"`
		Proposer   string `json:"proposer"`
		Seed       uint64 `json:"seed"`
	}{o.ID, decided, o.Claim, o.Evidence, o.CostBefore, o.CostAfter, o.Proposer, o.Seed})
	if err != nil {
		return 0, err
	}
	var parent int64
	err = q.QueryRowContext(ctx, "SELECT "+sqlquery.Integer("m.iteration")+" FROM infinite_map m WHERE m.id = "+lastMapOf, o.ScriptID).Scan(&parent)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, err
	}
	return s.addMap(ctx, q, MapRow{Task: task, Code: code, Result: string(result), Parent: parent,
		Analysis: fmt.Sprintf("offer %d was %s: %s", o.ID, decided, o.Words())})
}

// keepPicturesOf keeps the pictures of an approved offer for ever, and those of the
// script's last run before it.
func (s *offerTable) keepPicturesOf(ctx context.Context, q querier, o *Offer) error {
	ids, err := sqlquery.Collect(ctx, q, sqlquery.One[int64], `SELECT p.id FROM pictures p WHERE p.hash IN (?1, ?2) UNION
		SELECT p.id FROM run_details d JOIN pictures p ON p.id IN (d.human_png, d.machine_png)
		WHERE d.run_id = (SELECT max(r.id) FROM improvement_runs r JOIN run_details e ON e.run_id = r.id WHERE r.script_id = ?3 AND e.map_id IS NOT NULL)`, o.HumanPNG, o.MachinePNG, o.ScriptID)
	for _, id := range ids {
		if err := keepPicture(ctx, q, id); err != nil {
			return err
		}
	}
	return err
}
