package agent

import (
	"context"
	"errors"
	"time"

	"gvpie/runtime/store"
)

// Store is what the loop asks of the database. *store.Store is one.
type Store interface {
	// Check says what is wrong with the database; after store.ErrGone and
	// store.ErrCorrupt Reopen mends it.
	Check(ctx context.Context) error
	// Room is an error that matches store.ErrFull while the disk has too little.
	Room() error
	Reopen(ctx context.Context) (store.Opened, error)
	Interrupted(ctx context.Context) (int, error)
	LogHeld(ctx context.Context) (sentence string, err error)

	Script(ctx context.Context, name string) (store.Script, error)
	ScriptByID(ctx context.Context, id int64) (store.Script, error)
	DueScripts(ctx context.Context, now time.Time, max int) (due []store.Script, skipped []store.Skipped, err error)
	TakeFiles(ctx context.Context, all []store.FileScript) ([]store.TakenFile, error)
	ScriptFiles(ctx context.Context) (map[string]store.TakenIn, error)
	RemoveFiles(ctx context.Context, names []string) ([]store.RemovedFile, error)
	UpsertScript(ctx context.Context, s store.Script) (id int64, changed bool, err error)

	BeginRun(ctx context.Context, scriptID int64, startedAt time.Time, backend string) (int64, error)
	FinishRun(ctx context.Context, runID int64, f store.Finished) (mapID int64, err error)
	RunListOf(ctx context.Context, scriptID int64, p store.Page) ([]store.Run, error)
	Run(ctx context.Context, id int64) (store.Run, error)
	MapRow(ctx context.Context, id int64) (store.MapRow, error)
	LastMapOf(ctx context.Context, scriptID int64) (store.MapRow, error)

	PutPicture(png []byte) (hash string, err error)
	PicturePath(hash string) string
	Picture(hash string) (png []byte, err error)
	PictureRun(ctx context.Context, hash string) (run int64, err error)
	OldPictures(ctx context.Context, newest, n int) ([]store.OldPicture, error)
	DropPictures(ctx context.Context, drop, keep []string) error
	AddMetrics(ctx context.Context, all []store.Metric) error
	RollUpMetrics(ctx context.Context, names ...string) (more bool, err error)
	Settings(ctx context.Context) (map[string]string, error)

	ScriptPage(ctx context.Context, p store.Page) ([]store.Script, error)
	ScriptEdits(ctx context.Context) (int64, error)
	Campaign(ctx context.Context, scriptID int64) ([]byte, error)
	SaveCampaign(ctx context.Context, scriptID int64, state []byte, candidates int64) error
	CountCandidates(ctx context.Context, n int64) error
	OpenGoals(ctx context.Context) ([]store.Goal, error)
	OfferStore

	CartridgeByIDOrPath(ctx context.Context, name string) (store.Cartridge, error)
	AddCartridge(ctx context.Context, c store.Cartridge) (int64, error)
	CountExecuted(ctx context.Context, id int64) error
}

// history is what is known of a script, read from the database the first time.
func (a *Agent) history(ctx context.Context, s store.Script) (*scriptHistory, error) {
	if m := a.histories[s.ID]; m != nil {
		m.name = s.Name
		return m, nil
	}
	m := newScriptHistory(s.Name)
	runs, err := a.store.RunListOf(ctx, s.ID, store.Page{Limit: 2 * historyLength})
	if err != nil {
		return m, err
	}
	for i := len(runs) - 1; i >= 0; i-- { // oldest first
		if r := runs[i]; r.Success {
			m.on(r.Backend).add(r.Duration)
		}
	}
	a.histories[s.ID] = m
	return m, nil
}

// parentOf is the row of the map that a script's next run comes from; its ID is 0
// when there is none.
func parentOf(ctx context.Context, in Store, s store.Script) (store.MapRow, error) {
	row, err := in.LastMapOf(ctx, s.ID)
	if errors.Is(err, store.ErrNotFound) {
		return store.MapRow{}, nil
	}
	return row, err
}
