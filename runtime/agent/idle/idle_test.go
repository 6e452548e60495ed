package idle

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"gvpie/runtime/improve"
	"gvpie/runtime/improve/campaign"
	"gvpie/runtime/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// handClock is moved by hand.
type handClock struct {
	now   time.Time
	rung  chan time.Time
	asked chan struct{} // is told of each wait that begins; nil: is not
}

func (c *handClock) Now() time.Time { return c.now }

func (c *handClock) After(time.Duration) <-chan time.Time {
	if c.asked != nil {
		c.asked <- struct{}{}
	}
	return c.rung
}

// memory is a database.
type memory struct {
	scripts   []store.Script // newest first
	edits     int64
	campaigns map[int64][]byte
	offers    []store.Offer
	goals     []store.Goal
	pictures  map[string][]byte
	counted   int64
	broken    func() error // before something is kept; nil: all is well
}

func (m *memory) ScriptPage(_ context.Context, p store.Page) (page []store.Script, err error) {
	for _, s := range m.scripts {
		if (p.Before == 0 || s.ID < p.Before) && len(page) < p.Limit {
			s.Code = ""
			page = append(page, s)
		}
	}
	return page, nil
}

func (m *memory) ScriptByID(_ context.Context, id int64) (store.Script, error) {
	if i := slices.IndexFunc(m.scripts, func(s store.Script) bool { return s.ID == id }); i >= 0 {
		return m.scripts[i], nil
	}
	return store.Script{}, store.ErrNotFound
}

func (m *memory) ScriptEdits(context.Context) (int64, error) { return m.edits, nil }

func (m *memory) Campaign(_ context.Context, id int64) ([]byte, error) {
	if c, ok := m.campaigns[id]; ok {
		return c, nil
	}
	return nil, store.ErrNotFound
}

func (m *memory) SaveCampaign(_ context.Context, id int64, state []byte, candidates int64) error {
	if m.broken != nil {
		if err := m.broken(); err != nil {
			return err
		}
	}
	m.campaigns[id] = slices.Clone(state)
	m.counted += candidates
	return nil
}

func (m *memory) CountCandidates(_ context.Context, n int64) error {
	m.counted += n
	return nil
}

func (m *memory) OpenGoals(context.Context) ([]store.Goal, error) { return m.goals, nil }

func (m *memory) Picture(hash string) ([]byte, error) {
	if b, ok := m.pictures[hash]; ok {
		return b, nil
	}
	return nil, store.ErrNotFound
}

func (m *memory) offer(_ context.Context, o store.Offer) (store.Offer, bool, error) {
	m.offers = append(m.offers, o)
	o.State = store.OfferOffered
	return o, true, nil
}

// wasteful is a program with so many lines that can be left out.
func wasteful(lines int) string {
	return ".canvas 8 8 pixel\n" + strings.Repeat("CLS red\n", lines) + "CLS blue\nHALT\n"
}

// shortening proposes a program without one of its lines, which chance names; it never
// ends.
type shortening struct{}

func (shortening) Name() string { return "shortening" }

func (shortening) Propose(_ context.Context, p *improve.Program, job improve.Job) []improve.Candidate {
	r := rand.New(rand.NewPCG(job.Seed, uint64(job.Round)))
	lines := strings.SplitAfter(p.Source, "\n")
	i := 1 + r.IntN(len(lines)-1)
	return []improve.Candidate{{Source: strings.Join(slices.Delete(slices.Clone(lines), i, i+1), "") + fmt.Sprintf("; %d\n", r.IntN(1<<30)), Step: "shorter"}}
}

// limited has a queue end what it is in when it was asked so often.
type limited struct {
	campaign.Local
	asked, most int
	end         func()
	pass        func() // time, with each generation; nil: none passes
}

func (l *limited) Do(ctx context.Context, jobs []campaign.Job, took func(campaign.Result) error) error {
	if l.asked++; l.asked > l.most {
		l.end()
		return ctx.Err()
	}
	if l.pass != nil {
		l.pass()
	}
	return l.Local.Do(ctx, jobs, took)
}

type rig struct {
	*memory
	clock  *handClock
	failed []string
	told   []string
	queue  *limited
}

func newRig(scripts ...store.Script) *rig {
	r := &rig{memory: &memory{scripts: scripts, campaigns: map[int64][]byte{}}, clock: &handClock{now: time.Unix(1e9, 0)}}
	r.queue = &limited{Local: campaign.Local{Kit: campaign.Kit{Proposer: func(string) improve.Proposer { return shortening{} }}}}
	return r
}

func script(id int64, code string) store.Script {
	return store.Script{ID: id, Name: fmt.Sprintf("s%d", id), Lang: "pixel", Code: code, Enabled: true}
}

func (r *rig) improver() *Improver {
	return New(Config{
		Store: r, Clock: r.clock, Offer: r.offer, Proposers: []string{"shortening"}, Version: "1",
		Queue: func(int) campaign.Queue { return r.queue },
		Told:  func(text string) { r.told = append(r.told, text) }, Failed: func(text string) { r.failed = append(r.failed, text) }, Panicked: func(p any) { r.failed = append(r.failed, fmt.Sprint(p)) },
		Supplies: "none", candidates: 5,
	})
}

// run improves for so many generations.
func (r *rig) run(t *testing.T, generations int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r.queue.asked, r.queue.most, r.queue.end = 0, generations, cancel
	i := r.improver()
	i.Resume(Settings{On: true, Share: 50})
	i.Run(ctx)
}

func (r *rig) state(t *testing.T, id int64) checkpoint {
	t.Helper()
	c := checkpoint{State: new(campaign.State)}
	if err := json.Unmarshal(r.campaigns[id], &c); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestScriptsAreImprovedInTurn(t *testing.T) {
	off, python, broken := script(4, wasteful(9)), script(3, wasteful(9)), script(2, "no program")
	off.Enabled, python.Lang = false, "python"
	r := newRig(script(5, wasteful(20)), off, python, broken, script(1, wasteful(12)))
	r.run(t, 2*stintMost+8)
	if len(r.campaigns) != 2 || r.campaigns[5] == nil || r.campaigns[1] == nil {
		t.Fatalf("campaigns of %d scripts", len(r.campaigns))
	}
	last := map[int64]store.Offer{}
	for _, o := range r.offers {
		last[o.ScriptID] = o
	}
	for _, s := range []store.Script{r.scripts[0], r.scripts[4]} {
		c := r.state(t, s.ID)
		o := last[s.ID]
		if o.Before != s.Code || o.Claim != "cheaper" || o.Evidence != "complete" || o.CostAfter >= o.CostBefore*8/10 || len(o.Steps) == 0 {
			t.Errorf("offered for %s: %+v", s.Name, o)
		}
		if c.Offered != o.CostAfter || c.Best.Cost > o.CostAfter || c.Best.Cost < o.CostAfter-o.CostAfter/worthWhile {
			t.Errorf("of %s %d is best, and %d was offered", s.Name, c.Best.Cost, o.CostAfter)
		}
	}
	if len(r.told) != len(r.offers) || r.counted < 5*2*stintMost || len(r.failed) > 0 {
		t.Errorf("%d offers, told %q, %d candidates counted, failed %q", len(r.offers), r.told, r.counted, r.failed)
	}
}

func TestASearchThatIsKilledGoesOnToTheSame(t *testing.T) {
	const most = 12
	whole := newRig(script(1, wasteful(30)))
	whole.queue.pass = func() { whole.clock.now = whole.clock.now.Add(saveEvery) }
	whole.run(t, most)
	want := whole.state(t, 1)
	if want.Accepted < 3 {
		t.Fatalf("%d were accepted", want.Accepted)
	}
	chance := rand.New(rand.NewPCG(3, 4))
	killed := newRig(script(1, wasteful(30)))
	for {
		done := 0
		if killed.campaigns[1] != nil {
			done = killed.state(t, 1).Generation
		}
		if done == most {
			break
		}
		// What is kept now and then is as good as what is kept always.
		killed.broken = func() error {
			if chance.IntN(3) == 0 {
				return errors.New("killed")
			}
			return nil
		}
		killed.queue.pass = func() { killed.clock.now = killed.clock.now.Add(time.Duration(chance.IntN(4)) * time.Second) }
		killed.run(t, min(1+chance.IntN(3), most-done))
	}
	if got := killed.state(t, 1); got.Chain != want.Chain || got.Looked != want.Looked {
		t.Errorf("%s after %d, not %s after %d", got.Chain, got.Looked, want.Chain, want.Looked)
	}
}

func TestAScriptThatWasChangedIsBegunAgain(t *testing.T) {
	r := newRig(script(1, wasteful(20)))
	r.run(t, 3)
	r.scripts[0].Code = wasteful(15)
	r.run(t, 1)
	if c := r.state(t, 1); c.Generation != 1 || c.Source != wasteful(15) {
		t.Errorf("generation %d of another program", c.Generation)
	}
	r.campaigns[1] = []byte("?")
	r.run(t, 1)
	if c := r.state(t, 1); c.Generation != 1 {
		t.Errorf("generation %d", c.Generation)
	}
}

// shut says whether work stands still.
func (i *Improver) shut() bool {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return improve.Rest(improve.WithGate(ctx, &i.gate)) != nil
}

func TestWorkStandsStillWhileSomethingComesFirst(t *testing.T) {
	r := newRig()
	r.clock.rung, r.clock.asked = make(chan time.Time), make(chan struct{})
	supplies := t.TempDir()
	i := r.improver()
	i.cfg.Supplies = supplies
	on := Settings{On: true, Share: 50}
	expect := func(works bool, when string) {
		t.Helper()
		if i.shut() == works || i.Status().Works != works {
			t.Errorf("%s: works %v", when, i.Status().Works)
		}
	}
	expect(false, "at the beginning")
	i.Resume(on)
	expect(true, "released")
	i.Pause()
	expect(false, "held")
	i.Resume(Settings{})
	expect(false, "switched off")

	bat := filepath.Join(supplies, "BAT0")
	if err := os.Mkdir(bat, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"type": "Battery", "status": "Discharging"} {
		if err := os.WriteFile(filepath.Join(bat, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	i.Resume(on)
	expect(false, "on battery")
	i.Resume(Settings{On: true, OnBattery: true})
	expect(true, "on battery, which may be used")

	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	i.Input() // before it runs
	expect(true, "before it runs")
	i.ctx = ctx
	i.Input()
	<-r.clock.asked // from here until it rings nobody looks at the clock
	expect(false, "after input")
	if !i.Status().Input {
		t.Error("nothing is said of input")
	}
	r.clock.now = r.clock.now.Add(quiet - time.Millisecond)
	i.Input()
	r.clock.rung <- r.clock.now // not yet: there was more input
	<-r.clock.asked
	expect(false, "after more input")
	r.clock.now = r.clock.now.Add(quiet)
	r.clock.rung <- r.clock.now
	if err := improve.Rest(improve.WithGate(t.Context(), &i.gate)); err != nil {
		t.Fatal(err)
	}
	expect(true, "when all is quiet")
}

func TestAnErrorIsToldOnceAndWaitsForTheNextIdleTime(t *testing.T) {
	r := newRig(script(1, wasteful(10)))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r.queue.most = 100
	tries := make(chan int)
	tried := 0
	r.broken = func() error {
		tried++
		tries <- tried
		if tried == 3 {
			panic("of its own")
		}
		return errors.New("the disk is full")
	}
	i := r.improver()
	ended := make(chan struct{})
	go func() { i.Run(ctx); close(ended) }()
	for n := 1; n <= 3; n++ {
		i.Resume(Settings{On: true, Share: 50})
		if got := <-tries; got != n {
			t.Fatalf("try %d", got)
		}
	}
	i.Resume(Settings{On: true, Share: 50})
	<-tries
	cancel()
	<-ended
	if len(r.failed) < 2 || !strings.Contains(r.failed[0], "the disk is full") || !strings.Contains(r.failed[1], "of its own") {
		t.Errorf("told: %q", r.failed)
	}
}
