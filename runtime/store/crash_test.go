package store

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// childEnv names the data folder of a child: this test binary, run again to be killed.
const childEnv = "GVPIE_STORE_CHILD"

// childMain is the child: it runs scripts for ever and says what was acknowledged.
func childMain() bool {
	dir := os.Getenv(childEnv)
	if dir == "" {
		return false
	}
	work := child
	if rest, ok := strings.CutPrefix(dir, offersChild); ok {
		dir, work = rest, decider
	}
	if err := work(dir); err != nil {
		fmt.Println("E", err)
		os.Exit(1)
	}
	return true
}

func child(dir string) error {
	ctx := context.Background()
	s, _, err := Open(ctx, dir, Options{})
	if err != nil {
		return err
	}
	n, err := s.Interrupted(ctx)
	if err != nil {
		return err
	}
	fmt.Println("I", n)
	due, _, err := s.DueScripts(ctx, time.Now(), 1)
	if err != nil {
		return err
	}
	for {
		id, err := s.BeginRun(ctx, due[0].ID, time.Now(), "CPU")
		if err != nil {
			return err
		}
		fmt.Println("B", id)
		hash, err := s.PutPicture(fmt.Appendf(nil, "picture %d", id%50))
		if err != nil {
			return err
		}
		f := hello()
		f.HumanPNG = hash
		f.Stdout = strings.Repeat("a long line\n", int(id%40))
		if _, err := s.FinishRun(ctx, id, f); err != nil {
			return err
		}
		fmt.Println("A", id)
	}
}

// TestKilledAtAnyMomentNothingAcknowledgedIsLost kills a process that writes runs, again
// and again on one data folder: 25 times, or 200 with GVPIE_SOAK=1.
func TestKilledAtAnyMomentNothingAcknowledgedIsLost(t *testing.T) {
	rounds := 25
	if os.Getenv("GVPIE_SOAK") == "1" {
		rounds = 200
	} else if testing.Short() {
		rounds = 3
	}
	dir := t.TempDir()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	k := killer{acked: map[int64]bool{}, begun: map[int64]bool{}}
	for range rounds {
		k.round(t, dir, r)
		k.check(t, dir)
	}
	if len(k.acked) == 0 || rounds >= 25 && k.interrupted == 0 {
		t.Errorf("only %d runs were acknowledged, and %d interrupted", len(k.acked), k.interrupted)
	}
	t.Logf("%d rounds: %d runs acknowledged, %d interrupted; slowest restart %v", rounds, len(k.acked), k.interrupted, k.slowest)
}

type killer struct {
	acked, begun map[int64]bool // by what the children said
	interrupted  int            // marked by children and by check
	slowest      time.Duration  // from opening to healthy
}

// round starts a child and kills it after a random number of its lines.
func (k *killer) round(t *testing.T, dir string, r *rand.Rand) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+dir)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	left := r.IntN(60)
	spin := r.IntN(200_000)
	for lines := bufio.NewScanner(out); ; left-- {
		if left == 0 {
			for range spin { // somewhere inside what it is doing
				spin ^= left
			}
			must(t, cmd.Process.Kill())
		}
		if !lines.Scan() {
			break
		}
		var id int64
		switch line := lines.Text(); line[0] {
		case 'E':
			t.Fatal(line)
		case 'I':
			fmt.Sscan(line[1:], &id)
			k.interrupted += int(id)
		case 'B':
			fmt.Sscan(line[1:], &id)
			k.begun[id] = true
		case 'A':
			fmt.Sscan(line[1:], &id)
			if k.acked[id] {
				t.Fatalf("run %d acknowledged twice", id)
			}
			k.acked[id] = true
		}
	}
	if cmd.Wait() == nil {
		t.Fatal("the child ended by itself")
	}
}

// check opens what was left and looks at everything in it.
func (k *killer) check(t *testing.T, dir string) {
	t.Helper()
	ctx := context.Background()
	began := time.Now()
	s, done, err := Open(ctx, dir, Options{})
	must(t, err)
	defer func() { must(t, s.Close()) }()
	n, err := s.Interrupted(ctx)
	must(t, err)
	must(t, s.Check(ctx))
	k.slowest = max(k.slowest, time.Since(began))
	if n > 1 || done.Quarantined != "" {
		t.Fatalf("%d runs in hand; %+v", n, done)
	}
	k.interrupted += n
	if n, err := s.Interrupted(ctx); n != 0 || err != nil {
		t.Fatal("marked twice", n, err)
	}

	seen, marked, whole := map[int64]bool{}, 0, int64(0)
	told := map[int64]int64{} // map row → run
	for p := (Page{Limit: 1000}); ; {
		runs, err := s.Runs(ctx, p)
		must(t, err)
		if len(runs) == 0 {
			break
		}
		for _, r := range runs {
			switch {
			case seen[r.ID] || r.Running() || r.MapID == 0 || told[r.MapID] != 0:
				t.Fatalf("%+v", r)
			case r.Interrupted && k.acked[r.ID]:
				t.Fatalf("acknowledged and marked interrupted: %+v", r)
			case r.Interrupted:
				marked++
			case r.Success:
				whole++
				if _, err := s.Picture(r.HumanPNG); err != nil {
					t.Fatal(err)
				}
			}
			seen[r.ID], told[r.MapID] = true, r.ID
		}
		p.Before = runs[len(runs)-1].ID
	}
	for id := range k.begun {
		if !seen[id] {
			t.Fatalf("run %d is lost; acknowledged: %v", id, k.acked[id])
		}
	}
	if marked != k.interrupted {
		t.Fatalf("%d runs are marked interrupted, %d were said to be", marked, k.interrupted)
	}
	rep, err := s.Verify(ctx)
	must(t, err)
	if !rep.OK() || rep.Rows != int64(len(seen)) {
		t.Fatalf("%+v with %d runs", rep, len(seen))
	}
	scripts, err := s.ScriptList(ctx)
	must(t, err)
	if scripts[0].RunCount != int64(len(seen)) || scripts[0].SuccessCount != whole {
		t.Fatalf("%+v with %d runs, %d whole", scripts[0], len(seen), whole)
	}
}
