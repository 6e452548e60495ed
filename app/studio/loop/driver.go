package loop

import (
	"context"

	"gvpie/runtime/agent"
	"gvpie/runtime/api"
	"gvpie/runtime/store"
)

// A driver is a loop as a person steers it, in whichever process it runs. Its
// methods may wait for that process: the window's goroutine calls none of them.
type driver interface {
	Pause(context.Context) error
	Resume(context.Context) error
	RunCycle(context.Context) error
	Input(context.Context) error // somebody uses the window
	RunScript(ctx context.Context, id int64) error
	EnableScript(ctx context.Context, id int64, on bool) error
	AddGoal(ctx context.Context, text string, priority int64) error
	FinishGoal(ctx context.Context, id int64) error
	// DecideOffer does what an offer's path has: approve, reject or rollback.
	DecideOffer(ctx context.Context, id int64, what string) error
}

// ownLoop steers the loop of this process, and another's is steered by its API.
type ownLoop struct {
	loop  *agent.Agent
	store *store.Store
}

var _ = []driver{ownLoop{}, (*api.Client)(nil)}

func (o ownLoop) Pause(context.Context) error {
	o.loop.Pause()
	return nil
}

func (o ownLoop) Resume(context.Context) error {
	o.loop.Resume()
	return nil
}

func (o ownLoop) RunCycle(context.Context) error {
	o.loop.RunNow(0)
	return nil
}

func (o ownLoop) Input(context.Context) error {
	o.loop.Input()
	return nil
}

func (o ownLoop) RunScript(_ context.Context, id int64) error {
	o.loop.RunNow(id)
	return nil
}

func (o ownLoop) EnableScript(ctx context.Context, id int64, on bool) error {
	return o.store.SetEnabled(ctx, id, on)
}

func (o ownLoop) AddGoal(ctx context.Context, text string, priority int64) error {
	_, err := o.store.AddGoal(ctx, text, priority)
	return err
}

func (o ownLoop) DecideOffer(ctx context.Context, id int64, what string) (err error) {
	switch what {
	case "approve":
		_, err = agent.ApproveOffer(ctx, o.store, o.store.Dir(), id)
	case "rollback":
		_, err = agent.RollbackOffer(ctx, o.store, o.store.Dir(), id)
	default:
		_, err = o.store.RejectOffer(ctx, id, "")
	}
	return err
}

func (o ownLoop) FinishGoal(ctx context.Context, id int64) error { return o.store.DoneGoal(ctx, id) }
