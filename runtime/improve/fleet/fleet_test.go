//go:build !nofleet

package fleet

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gvpie/runtime/improve"
	"gvpie/runtime/improve/campaign"
)

// workerEnv has this program be a worker of the server that it names, and no test.
const workerEnv = "GVPIE_TEST_FLEET_WORKER"

func TestMain(m *testing.M) {
	if of := os.Getenv(workerEnv); of != "" {
		work(of)
		return
	}
	os.Exit(m.Run())
}

// work is a worker until it is killed; what it is told of goes to standard output.
func work(of string) {
	var c Config
	if err := json.Unmarshal([]byte(of), &c); err != nil {
		panic(err)
	}
	c.silence, c.kills = silence, 1000
	c.Told = func(text string) { fmt.Println(text) }
	w, err := NewWorker(c, kit, fmt.Sprint(os.Getpid()), 1)
	if err != nil {
		panic(err)
	}
	if err := w.Run(context.Background()); err != nil {
		panic(err)
	}
}

// silence is how long a worker of the tests may be silent: a killed one is missed so long.
const silence = time.Second

// shortening proposes a program without one of its lines, which chance names.
type shortening struct{}

func (shortening) Name() string { return "shortening" }

func (shortening) Propose(_ context.Context, p *improve.Program, job improve.Job) []improve.Candidate {
	r := rand.New(rand.NewPCG(job.Seed, uint64(job.Round)))
	lines := strings.SplitAfter(p.Source, "\n")
	i := 1 + r.IntN(len(lines)-1)
	return []improve.Candidate{{Source: strings.Join(slices.Delete(slices.Clone(lines), i, i+1), "") + fmt.Sprintf("; %d\n", r.IntN(1000))}}
}

var kit = campaign.Kit{Proposer: func(name string) improve.Proposer {
	if name == "shortening" {
		return shortening{}
	}
	return nil
}}

func begun(seed uint64) *campaign.State {
	source := ".canvas 8 8 pixel\n" + strings.Repeat("CLS red\n", 20) + "CLS blue\nHALT\n"
	return campaign.New(campaign.Config{Version: "v1", File: "p", Source: source, Seed: seed, Proposers: []string{"shortening"}, Candidates: 4, Most: 80})
}

func always() bool { return true }

// alone gives the chain of a campaign that nobody disturbs.
func alone(t *testing.T, seed uint64) string {
	t.Helper()
	s := begun(seed)
	if err := campaign.Run(t.Context(), s, &campaign.Local{Kit: kit, Workers: 1}, always, func(bool) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if s.Accepted < 3 {
		t.Fatalf("%d accepted", s.Accepted)
	}
	return s.Chain
}

// hub is a server, and what the tests know of it.
type hub struct {
	*Server
	t    *testing.T
	data string
	c    Config
}

func newHub(t *testing.T) *hub {
	t.Helper()
	h := &hub{t: t, data: t.TempDir()}
	h.serve("127.0.0.1:0")
	t.Cleanup(func() { h.Close() })
	h.c = Config{URL: h.URL, TokenFile: TokenFile(h.data), Version: "v1", silence: silence}
	return h
}

func (h *hub) serve(addr string) {
	h.t.Helper()
	var err error
	if h.Server, err = Serve(h.data, addr); err != nil {
		h.t.Fatal(err)
	}
}

// home gives a Home that says what it is told of on a channel.
func (h *hub) home() (*Home, chan string) {
	h.t.Helper()
	told := make(chan string, 100)
	c := h.c
	c.Told = func(text string) { told <- text }
	home, err := NewHome(c, kit)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(home.Close)
	return home, told
}

// worker runs a worker in this process until the test ends.
func (h *hub) worker(version string, kit campaign.Kit) chan string {
	h.t.Helper()
	told := make(chan string, 100)
	c := h.c
	c.Version, c.Told = version, func(text string) { told <- text }
	w, err := NewWorker(c, kit, "here", 1)
	if err != nil {
		h.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var ended sync.WaitGroup
	ended.Go(func() { _ = w.Run(ctx) })
	h.t.Cleanup(func() { cancel(); ended.Wait(); w.Close() })
	return told
}

// crowd is worker processes that are killed at random when they begin a job.
type crowd struct {
	t     *testing.T
	of    string
	mu    sync.Mutex
	all   map[*exec.Cmd]bool
	rand  *rand.Rand
	left  int // workers that are still to be killed
	ended bool
	wg    sync.WaitGroup
}

func (c *crowd) start() {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), workerEnv+"="+c.of)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		c.t.Error(err)
		return
	}
	c.all[cmd] = true
	c.wg.Go(func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if !strings.HasPrefix(lines.Text(), "job ") {
				continue
			}
			c.mu.Lock()
			if c.left > 0 && !c.ended && c.rand.IntN(3) == 0 {
				c.left--
				_ = cmd.Process.Kill()
				delete(c.all, cmd)
				c.start()
			}
			c.mu.Unlock()
		}
		_ = cmd.Wait() // it was killed
	})
}

func (c *crowd) stop() {
	c.mu.Lock()
	c.ended = true
	for cmd := range c.all {
		_ = cmd.Process.Kill()
	}
	c.mu.Unlock()
	c.wg.Wait()
}

// Workers are killed as they work, and the server is ended and begun again, for some
// seconds, or, with GVPIE_SOAK=1, for five minutes.
func TestSoakOfWorkersThatAreKilled(t *testing.T) {
	h := newHub(t)
	of, err := json.Marshal(h.c)
	if err != nil {
		t.Fatal(err)
	}
	c := &crowd{t: t, of: string(of), all: map[*exec.Cmd]bool{}, rand: rand.New(rand.NewPCG(5, 6)), left: 3}
	long := os.Getenv("GVPIE_SOAK") == "1"
	if long {
		c.left = 1 << 30
	}
	c.mu.Lock()
	c.start()
	c.start()
	c.mu.Unlock()
	defer c.stop()
	home, _ := h.home()
	until := time.Now().Add(5 * time.Minute)
	for seed := uint64(1); seed == 1 || long && time.Now().Before(until); seed++ {
		s := begun(seed)
		generation := 0
		err := campaign.Run(t.Context(), s, home, always, func(bool) error {
			if s.Generation != generation {
				if generation = s.Generation; generation == 2 {
					u, err := url.Parse(h.URL)
					if err != nil {
						return err
					}
					h.Close()
					h.serve(u.Host)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if want := alone(t, seed); s.Chain != want {
			t.Fatalf("seed %d: accepted %s, not %s", seed, s.Chain, want)
		}
	}
	c.mu.Lock()
	left := c.left
	c.mu.Unlock()
	if killed := 3 - left; !long && killed < 1 {
		t.Errorf("%d workers were killed", killed)
	}
	for { // what a killed worker had in hand comes back when its time is over, and is done
		s, err := Look(t.Context(), h.c)
		if err != nil || len(s.Aside) != 0 {
			t.Fatalf("left on the server: %+v, %v", s, err)
		}
		if s.Waiting+s.InHand == 0 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// A home that was killed finds what was done meanwhile.
func TestWhatWasDoneIsFoundByItsName(t *testing.T) {
	h := newHub(t)
	job := begun(1).Next()[0]
	home, _ := h.home()
	ctx, kill := context.WithCancel(t.Context())
	counting := make(chan string, 100)
	counted := campaign.Kit{Proposer: func(name string) improve.Proposer {
		counting <- name
		return kit.Proposer(name)
	}}
	h.worker("v1", counted)
	ended := make(chan error)
	go func() {
		ended <- home.Do(ctx, []campaign.Job{job}, func(campaign.Result) error { return nil })
	}()
	<-counting
	kill()
	<-ended
	again, _ := h.home()
	var got campaign.Result
	if err := again.Do(t.Context(), []campaign.Job{job}, func(r campaign.Result) error { got = r; return nil }); err != nil {
		t.Fatal(err)
	}
	want, err := campaign.Do(t.Context(), job, kit)
	if err != nil || got.Hash() != want.Hash() {
		t.Errorf("%+v, %v", got, err)
	}
	if len(counting) > 0 {
		t.Error("it was done twice")
	}
}

func TestAJobThatKillsItsWorkersIsPutAside(t *testing.T) {
	h := newHub(t)
	job := begun(1).Next()[0]
	w, err := NewWorker(h.c, kit, "takes and drops", 1)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	jobs, _, _, err := streams(t.Context(), w.js)
	if err != nil {
		t.Fatal(err)
	}
	from, err := consumer(t.Context(), jobs, "v1", silence)
	if err != nil {
		t.Fatal(err)
	}
	home, _ := h.home()
	if err := home.publish(t.Context(), []campaign.Job{job}); err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= kills; n++ { // three workers take it and are no more
		m, err := from.Next()
		if err != nil {
			t.Fatal(err)
		}
		if info, err := m.Metadata(); err != nil || info.NumDelivered != uint64(n) {
			t.Fatalf("delivery %+v, %v", info, err)
		}
		if err := m.Nak(); err != nil { // as its silence would have it in the end
			t.Fatal(err)
		}
	}
	rest := begun(2).Next()[0]
	told := h.worker("v1", kit)
	results := map[string]campaign.Result{}
	if err := home.Do(t.Context(), []campaign.Job{job, rest}, func(r campaign.Result) error { results[r.Job] = r; return nil }); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(results[job.ID].Failed, "put aside: 3 workers ended") || results[rest.ID].Failed != "" {
		t.Errorf("%+v", results)
	}
	s, err := Look(t.Context(), h.c)
	if err != nil || len(s.Aside) != 1 || s.Aside[0].ID != job.ID {
		t.Errorf("%+v, %v", s, err)
	}
	for text := range told {
		if strings.Contains(text, job.ID) {
			if !strings.Contains(text, "put aside") {
				t.Errorf("told: %s", text)
			}
			break
		}
	}
}

func TestAWinnerIsDoneAgainAtHome(t *testing.T) {
	h := newHub(t)
	lying := campaign.Kit{Proposer: func(string) improve.Proposer { return shortening{} }, Check: func(context.Context, *improve.Program, *improve.Program) (bool, error) {
		return false, nil // it takes nothing, where the home does
	}}
	home, told := h.home()
	home.kit = lying
	h.worker("v1", kit)
	s := begun(1)
	jobs := s.Next()
	var results []campaign.Result
	if err := home.Do(t.Context(), jobs, func(r campaign.Result) error { results = append(results, r); return nil }); err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		if len(r.Offer.Steps) > 0 {
			t.Errorf("a result is taken that this machine does not come to: %+v", r)
		}
	}
	if text := <-told; !strings.Contains(text, "this machine says") {
		t.Errorf("told: %s", text)
	}
}

func TestVersionsAreKeptApart(t *testing.T) {
	h := newHub(t)
	home, _ := h.home()
	if _, _, _, err := streams(t.Context(), home.js); err != nil {
		t.Fatal(err)
	}
	if err := home.publish(t.Context(), begun(1).Next()); err != nil {
		t.Fatal(err)
	}
	told := h.worker("v2, modified", kit)
	for text := range told {
		if strings.Contains(text, "wait") {
			if text != "1 jobs wait for workers of version v1; this is v2, modified, and does none of them: run the same gvpie as the home machine" {
				t.Errorf("told: %s", text)
			}
			break
		}
	}
	s := Status{Workers: []WorkerInfo{{Name: "far", Version: "v2"}}}
	if text := s.nobody("v1"); text != "no worker is of this version, v1: far is of v2, and does none of its jobs" {
		t.Error(text)
	}
	if text := s.nobody("v2"); text != "" {
		t.Error(text)
	}
	if text := (Status{}).nobody("v1"); !strings.Contains(text, "gvpie fleet work") {
		t.Error(text)
	}
}

func TestOnlyWhoShowsTheTokenComesIn(t *testing.T) {
	h := newHub(t)
	info, err := os.Stat(TokenFile(h.data))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v", info.Mode(), err)
	}
	c := h.c
	c.TokenFile = ""
	if _, err := Look(t.Context(), c); err == nil {
		t.Error("without a token")
	}
	if err := os.Chmod(h.c.TokenFile, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Look(t.Context(), h.c); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Error(err)
	}
	for _, addr := range []string{"0.0.0.0:0", "192.0.2.1:4222", "nonsense", "127.0.0.1:x"} {
		if s, err := Serve(t.TempDir(), addr); err == nil {
			s.Close()
			t.Errorf("it listens on %s", addr)
		}
	}
	for _, at := range []string{"", "http://127.0.0.1", "nats:", "127.0.0.1:4222"} {
		if _, err := NewHome(Config{URL: at}, kit); err == nil {
			t.Errorf("%q is an address", at)
		}
	}
}

func TestAServerThatIsAwayIsASentence(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	home, err := NewHome(Config{URL: "nats://" + addr}, kit)
	if err != nil {
		t.Fatal(err)
	}
	defer home.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := home.Do(ctx, begun(1).Next(), func(campaign.Result) error { return nil }); err != context.Canceled {
		t.Error(err)
	}
	if text := away(home.c, context.DeadlineExceeded).Error(); text != "the server of the fleet at "+addr+" does not answer (gvpie fleet serve is one)" {
		t.Error(text)
	}
}
