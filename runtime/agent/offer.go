package agent

import (
	"context"
	"errors"

	"gvpie/runtime/improve"
	"gvpie/runtime/store"
)

// An OfferStore is what deciding about an offer asks of the database. *store.Store is one.
type OfferStore interface {
	ScriptStore
	Offer(ctx context.Context, id int64) (store.Offer, error)
	AddOffer(ctx context.Context, o store.Offer) (id int64, isNew bool, err error)
	ApproveOffer(ctx context.Context, id int64) (store.Offer, error)
	RollbackOffer(ctx context.Context, id int64) (store.Offer, error)
	Setting(ctx context.Context, key, def string) (string, error)
	KeepCheapest(ctx context.Context, c store.Cheapest) (kept bool, err error)
}

// AddOffer keeps an offer, as store.AddOffer does, and approves it where the settings have
// a rule for such. It gives the offer as it is then, which may be another that is better;
// isNew is false for one that was known.
func AddOffer(ctx context.Context, db OfferStore, data string, o store.Offer) (kept store.Offer, isNew bool, err error) {
	id, isNew, err := db.AddOffer(ctx, o)
	if err != nil {
		return store.Offer{}, false, err
	}
	if kept, err = db.Offer(ctx, id); err != nil || !isNew || kept.State != store.OfferOffered {
		return kept, isNew, err
	}
	if err := archive(ctx, db, &kept); err != nil {
		return kept, isNew, err
	}
	rule, err := db.Setting(ctx, store.ApproveSetting, store.NoApproval)
	if err != nil || !store.ApprovedBy(rule, &kept) {
		return kept, isNew, err
	}
	approved, err := ApproveOffer(ctx, db, data, id)
	if errors.As(err, new(store.OfferRefused)) || errors.Is(err, ErrIncluded) {
		kept, err = db.Offer(ctx, id) // it is left to a person, or superseded
		return kept, isNew, err
	}
	return approved, isNew, err
}

// archive keeps what is offered by the picture that it leaves, for those who come after.
func archive(ctx context.Context, db OfferStore, o *store.Offer) error {
	p, err := improve.Load(o.Script, o.Source)
	if err != nil {
		return nil // whoever offered it had other files beside it
	}
	left, err := improve.Leave(ctx, p)
	if err == nil {
		_, err = db.KeepCheapest(ctx, store.Cheapest{Picture: left.Hash(), Source: o.Source, Cost: o.CostAfter, Proposer: o.Proposer})
	}
	return err
}

// ApproveOffer makes an offer a new version of its script, and writes the script's file
// where it is one of the scripts folder of data. Its errors are those of
// store.ApproveOffer, ErrIncluded, and those of files.
func ApproveOffer(ctx context.Context, db OfferStore, data string, id int64) (store.Offer, error) {
	return withFile(ctx, db, data, id, db.ApproveOffer, func(o *store.Offer) string { return o.Source })
}

// RollbackOffer gives the script of an approved offer the code that it had before, and
// its file. Its errors are those of store.RollbackOffer, ErrIncluded, and those of files.
func RollbackOffer(ctx context.Context, db OfferStore, data string, id int64) (store.Offer, error) {
	return withFile(ctx, db, data, id, db.RollbackOffer, func(o *store.Offer) string { return o.Before })
}

// withFile decides about an offer, and has the file of its script follow.
func withFile(ctx context.Context, db OfferStore, data string, id int64, decide func(context.Context, int64) (store.Offer, error), code func(*store.Offer) string) (store.Offer, error) {
	o, err := db.Offer(ctx, id)
	if err != nil {
		return o, err
	}
	script, file, err := scriptFileOf(ctx, db, data, o.ScriptID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return o, err
	}
	if file != "" && otherFiles(script.Name, file, code(&o)) {
		return o, ErrIncluded
	}
	// The row first: it refuses what was changed meanwhile.
	if o, err = decide(ctx, id); err != nil || file == "" || o.New {
		return o, err
	}
	return o, writeScriptFile(ctx, db, script.Name, file, code(&o))
}
