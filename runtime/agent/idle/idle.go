package idle

import (
	"context"
	"sync"
	"time"

	"gvpie/runtime/battery"
	"gvpie/runtime/improve"
	"gvpie/runtime/improve/campaign"
	"gvpie/runtime/store"
)

// Store is what is asked of the database.
type Store interface {
	ScriptPage(ctx context.Context, p store.Page) ([]store.Script, error)
	ScriptByID(ctx context.Context, id int64) (store.Script, error)
	ScriptEdits(ctx context.Context) (int64, error)
	// Campaign is what SaveCampaign kept of a script; store.ErrNotFound.
	Campaign(ctx context.Context, scriptID int64) ([]byte, error)
	SaveCampaign(ctx context.Context, scriptID int64, state []byte, candidates int64) error
	// CountCandidates counts those that no campaign does.
	CountCandidates(ctx context.Context, n int64) error
	OpenGoals(ctx context.Context) ([]store.Goal, error)
	// Picture is a picture by its content hash.
	Picture(hash string) ([]byte, error)
}

// Clock is the time by which is waited.
type Clock interface {
	Now() time.Time
	After(d time.Duration) <-chan time.Time
}

// Settings are what a person has said of improving.
type Settings struct {
	On        bool
	Share     int // of the cores, in hundredths
	OnBattery bool
}

// Config is what an Improver is made of.
type Config struct {
	Store Store
	Clock Clock
	// Offer keeps an offer, and gives it as it is then, which may be another that is
	// better; isNew is false for one that was known.
	Offer     func(ctx context.Context, o store.Offer) (kept store.Offer, isNew bool, err error)
	Proposers []string
	Version   string // of this gvpie
	// Queue gives what does jobs, on so many cores at most.
	Queue func(cores int) campaign.Queue
	// Told is told what a person should know: a sentence.
	Told func(text string)
	// Failed is told what went wrong, once until something else does or all is well.
	Failed func(text string)
	// Panicked is told of an error of this package's own.
	Panicked func(p any)
	Supplies string // where batteries are told of; "": battery.Supplies

	candidates int // of a job; 0: the constant
}

// How time is shared out.
const (
	quiet      = 2 * time.Second // after input, until work goes on
	stint      = 5 * time.Second // on one script, and
	stintMost  = 64              // generations at most
	saveEvery  = 2 * time.Second
	candidates = 250 // of a job
	jobs       = 4   // of a generation
	worthWhile = 100 // a better program is offered at once if it costs less by this part of the last
)

// Improver improves scripts in idle time. Run runs it; the rest may be called from any
// goroutine.
type Improver struct {
	cfg      Config
	gate     improve.Gate
	released chan struct{}

	mu       sync.Mutex
	settings Settings
	held     bool      // a cycle is due or under way
	until    time.Time // quiet
	waiting  bool      // somebody waits for the quiet to be over
	ctx      context.Context
	status   Status

	// Of Run alone:
	turn    turn
	painted map[int64]int // how many stages of a goal are done
}

// New makes an Improver that is held.
func New(c Config) *Improver {
	if c.Supplies == "" {
		c.Supplies = battery.Supplies
	}
	if c.candidates == 0 {
		c.candidates = candidates
	}
	i := &Improver{cfg: c, released: make(chan struct{}, 1), held: true}
	i.gate.Shut()
	return i
}

// Pause has all work stand still until it is released.
func (i *Improver) Pause() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.held = true
	i.settle()
}

// Resume lets it go on, as far as the settings and the computer allow.
func (i *Improver) Resume(s Settings) {
	onBattery := s.On && !s.OnBattery && battery.Discharging(i.cfg.Supplies)
	i.mu.Lock()
	defer i.mu.Unlock()
	i.held, i.settings, i.status.Battery = false, s, onBattery
	i.settle()
	select {
	case i.released <- struct{}{}:
	default:
	}
}

// Input has all work stand still for a while, since somebody uses a window.
func (i *Improver) Input() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.ctx == nil {
		return
	}
	i.until = i.cfg.Clock.Now().Add(quiet)
	i.settle()
	if i.waiting {
		return
	}
	i.waiting = true
	ctx := i.ctx
	go func() {
		for left := quiet; left > 0; left = i.left() {
			select {
			case <-ctx.Done():
				return
			case <-i.cfg.Clock.After(left):
			}
		}
	}()
}

// left is how long the quiet still is; when it is over, work may go on.
func (i *Improver) left() time.Duration {
	i.mu.Lock()
	defer i.mu.Unlock()
	left := i.until.Sub(i.cfg.Clock.Now())
	if left <= 0 || left > quiet { // or somebody has set the clock
		i.waiting, i.until, left = false, time.Time{}, 0
		i.settle()
	}
	return left
}

// settle shuts or opens the gate. i.mu is held.
func (i *Improver) settle() {
	i.status.On, i.status.Input = i.settings.On, !i.until.IsZero()
	i.status.Works = !i.held && i.settings.On && !i.status.Battery && !i.status.Input
	if i.status.Works {
		i.gate.Open()
	} else {
		i.gate.Shut()
	}
}

// Run improves until ctx ends.
func (i *Improver) Run(ctx context.Context) {
	i.mu.Lock()
	i.ctx = ctx
	i.mu.Unlock()
	ctx = improve.WithGate(ctx, &i.gate)
	said := ""
	for improve.Rest(ctx) == nil {
		worked, err := i.guarded(ctx)
		if ctx.Err() != nil {
			return
		}
		switch {
		case err == nil:
			said = ""
		case err.Error() != said:
			said = err.Error()
			i.cfg.Failed("improving scripts: " + said)
		}
		if worked && err == nil {
			continue
		}
		select { // for the next idle time, when there may be something to do
		case <-ctx.Done():
			return
		case <-i.released:
		}
	}
}

// guarded works for a stint. After a panic on the way nothing more is done until the next
// idle time.
func (i *Improver) guarded(ctx context.Context) (worked bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			i.turn = turn{}
			i.cfg.Panicked(p)
		}
	}()
	return i.work(ctx)
}
