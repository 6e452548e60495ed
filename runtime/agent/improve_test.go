package agent

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gvpie/runtime/agent/idle"
	"gvpie/runtime/improve"
	"gvpie/runtime/improve/campaign"
	"gvpie/runtime/improve/rules"
	"gvpie/runtime/store"
)

// A workClock wakes the loop when a generation of jobs is done: then an interval has
// passed.
type workClock struct {
	mu   sync.Mutex
	now  time.Time
	done chan time.Time
}

func (c *workClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *workClock) After(time.Duration) <-chan time.Time { return c.done }

// Do is a campaign.Queue's.
func (c *workClock) Do(ctx context.Context, jobs []campaign.Job, took func(campaign.Result) error) error {
	kit := campaign.Kit{Proposer: func(string) improve.Proposer { return endless{} }}
	err := (&campaign.Local{Kit: kit, Workers: 1}).Do(ctx, jobs, took)
	c.mu.Lock()
	c.now = c.now.Add(10 * time.Second)
	now := c.now
	c.mu.Unlock()
	select {
	case c.done <- now:
	case <-ctx.Done():
	}
	return err
}

// endless always has another candidate, which is none that is equal.
type endless struct{}

func (endless) Name() string { return "endless" }

func (endless) Propose(_ context.Context, p *improve.Program, job improve.Job) []improve.Candidate {
	r := rand.New(rand.NewPCG(job.Seed, uint64(job.Round)))
	return []improve.Candidate{{Source: fmt.Sprintf(".canvas 8 8 pixel\nPLOT 1 1 %d\nHALT\n", r.IntN(1<<30)), Step: "another"}}
}

// TestSoakOfImproving runs a day of cycles with a generation of jobs between each two,
// or, without GVPIE_SOAK=1, its beginning.
func TestSoakOfImproving(t *testing.T) {
	cycles, warm := 30, 15
	if os.Getenv("GVPIE_SOAK") == "1" {
		cycles, warm = 8640, 500
	}
	r := newRig(t)
	clock := &workClock{now: epoch, done: make(chan time.Time)}
	r.cfg.Clock, r.cfg.Console = clock, io.Discard
	r.cfg.Improve = &idle.Config{Version: "1", Proposers: []string{"endless"}, Queue: func(int) campaign.Queue { return clock }}
	r.exec("UPDATE settings SET value = '1' WHERE key = 'improve'")
	var warmed, last gauge
	r.cfg.Cycles = cycles
	a := New(r.cfg)
	events, cancel := a.Watch()
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- a.Run(t.Context()) }()
	for n := 1; n < cycles; {
		e := <-events
		if e.Kind != CycleFinished {
			continue
		}
		switch n = e.Status.Cycle; n {
		case warm:
			warmed = r.measure()
		case cycles - 1:
			last = r.measure()
			n = cycles
		}
	}
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	s := a.Status()
	if s.Runs != cycles || s.Cycle != cycles || s.LastError != "" || s.Improve.Looked < cycles || s.Improve.Script != "hello_gpu" {
		t.Errorf("status %+v", s)
	}
	t.Logf("%d cycles, %d candidates; heap %d to %d KB, goroutines %d to %d, files %d to %d", cycles, s.Improve.Looked, warmed.heap>>10, last.heap>>10,
		warmed.goroutines, last.goroutines, warmed.files, last.files)
	const jobs = 4 << 20 // what is in hand at a gauge
	if last.heap > warmed.heap+jobs {
		t.Errorf("the heap grew from %d to %d bytes", warmed.heap, last.heap)
	}
	if last.goroutines > warmed.goroutines+3 {
		t.Errorf("goroutines grew from %d to %d", warmed.goroutines, last.goroutines)
	}
}

// tellTale is a console that says when something was found.
type tellTale struct{ found chan string }

func (c tellTale) Write(p []byte) (int, error) {
	if text := string(p); strings.HasPrefix(text, "💡") {
		c.found <- text
	}
	return len(p), nil
}

func TestIdleTimeImprovesAScript(t *testing.T) {
	r := newRig(t)
	clock := newStillClock()
	const wasteful = ".canvas 16 16 pixel\nFOR y = 0 TO 15\n  FOR x = 0 TO 15\n    PLOT x y red\n  END\nEND\nHALT\n"
	script := r.only("wasteful", "pixel", wasteful)
	r.exec("UPDATE settings SET value = '1' WHERE key = 'improve'")
	console := tellTale{make(chan string, 10)}
	r.cfg.Clock, r.cfg.Console = clock, console
	r.cfg.Improve = &idle.Config{Version: "1", Proposers: []string{"rules"}, Queue: func(cores int) campaign.Queue {
		return &campaign.Local{Kit: campaign.Kit{Proposer: func(string) improve.Proposer { return rules.New() }}, Workers: cores, Background: true}
	}}
	a := New(r.cfg)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	if text := <-console.found; !strings.Contains(text, "wasteful can be had for") {
		t.Errorf("told: %s", text)
	}
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	offers, err := r.store.Offers(t.Context(), store.OfferFilter{ScriptID: script.ID}, store.Page{})
	if err != nil || len(offers) != 1 {
		t.Fatalf("%d offers, %v", len(offers), err)
	}
	o, err := r.store.Offer(t.Context(), offers[0].ID)
	if err != nil || o.Before != wasteful || o.Evidence != "complete" || o.CostAfter >= o.CostBefore/2 || len(o.Steps) == 0 || r.script("wasteful").Code != wasteful {
		t.Errorf("%+v, %v", o, err)
	}
}

// hanging does nothing until it is let go.
type hanging struct{ begun, end chan struct{} }

func (h hanging) Do(context.Context, []campaign.Job, func(campaign.Result) error) error {
	close(h.begun)
	<-h.end
	return nil
}

func TestAJobThatHangsCostsNoCycle(t *testing.T) {
	r := newRig(t)
	clock := newStillClock()
	r.exec("UPDATE settings SET value = '1' WHERE key = 'improve'")
	h := hanging{make(chan struct{}), make(chan struct{})}
	defer close(h.end)
	r.cfg.Clock = clock
	r.cfg.Improve = &idle.Config{Version: "1", Proposers: []string{"rules"}, Queue: func(int) campaign.Queue { return h }}
	r.cfg.Cycles = 4
	a := New(r.cfg)
	a.patience = time.Nanosecond
	ended := make(chan error, 1)
	go func() { ended <- a.Run(t.Context()) }()
	<-h.begun
	for range r.cfg.Cycles - 1 {
		clock.wakeup <- epoch
	}
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if s := a.Status(); s.Cycle != 4 || s.Runs != 4 || s.LastError != "" {
		t.Errorf("%+v", s)
	}
}

func TestNothingIsImprovedUntilItIsSwitchedOn(t *testing.T) {
	r := newRig(t)
	r.cfg.Improve = &idle.Config{Version: "1", Proposers: []string{"rules"}, Queue: func(int) campaign.Queue {
		t.Error("a job was made")
		return &campaign.Local{}
	}}
	if s := r.run(5).Status(); s.Improve.On || s.Improve.Works {
		t.Errorf("%+v", s.Improve)
	}
	if !slices.ContainsFunc(store.SettingSpecs, func(s store.SettingSpec) bool { return s.Name == store.ImproveSetting && s.Default == "0" }) {
		t.Error("the setting improve is on from the beginning")
	}
}
