package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"sync"
	"testing"

	"gvpie/runtime/store/improvement"
)

// offersChild begins the folder of a child that offers, approves and rolls back.
const offersChild = "offers:"

// decider is that child: it goes on from the code that the script has, and says what was
// acknowledged. Another may do the same at the same time.
func decider(dir string) error {
	ctx := context.Background()
	s, _, err := Open(ctx, dir, Options{})
	if err != nil {
		return err
	}
	for n := 0; ; n++ {
		script, err := s.Script(ctx, "fire")
		if err != nil {
			return err
		}
		id, _, err := s.AddOffer(ctx, Offer{ScriptID: script.ID, Before: script.Code, Claim: "cheaper", Evidence: "rule", Source: fmt.Sprintf("HALT ; %d %d", os.Getpid(), n), CostBefore: 2, CostAfter: 1})
		if err == nil {
			_, err = s.ApproveOffer(ctx, id)
		}
		if errors.As(err, new(OfferRefused)) { // the other was first
			continue
		}
		if err != nil {
			return err
		}
		fmt.Println("A", id)
		if n%3 != 0 {
			continue
		}
		if _, err = s.RollbackOffer(ctx, id); err == nil {
			fmt.Println("R", id)
		} else if !errors.As(err, new(OfferRefused)) {
			return err
		}
	}
}

// Two processes decide about offers for the same script, and are killed at any moment: what
// was acknowledged is so, and the script has the code of what was decided last.
func TestKilledInTheMiddleOfADecisionItIsMadeOrNot(t *testing.T) {
	if testing.Short() {
		t.Skip("it kills processes")
	}
	ctx := t.Context()
	dir := t.TempDir()
	s, _, err := Open(ctx, dir, Options{})
	must(t, err)
	script, _, err := s.UpsertScript(ctx, Script{Name: "fire", Lang: "pixel", Code: "HALT", Enabled: true})
	must(t, err)
	must(t, s.Close())
	r := rand.New(rand.NewPCG(1, 1))
	var mu sync.Mutex
	acked := map[int64]byte{} // by offer: A or R, the last that was said
	for range 5 {
		var both sync.WaitGroup
		for range 2 {
			lines := 1 + r.IntN(12)
			both.Go(func() {
				cmd := exec.Command(os.Args[0])
				cmd.Env = append(os.Environ(), childEnv+"="+offersChild+dir)
				out, err := cmd.StdoutPipe()
				if err == nil {
					err = cmd.Start()
				}
				if err != nil {
					t.Error(err)
					return
				}
				for said := bufio.NewScanner(out); said.Scan(); lines-- {
					var id int64
					line := said.Text()
					if _, err := fmt.Sscan(line[1:], &id); err != nil || line[0] == 'E' {
						t.Error(line)
					}
					mu.Lock()
					acked[id] = line[0]
					mu.Unlock()
					if lines == 0 {
						_ = cmd.Process.Kill()
					}
				}
				if cmd.Wait() == nil {
					t.Error("the child ended by itself")
				}
			})
		}
		both.Wait()
		if t.Failed() {
			return
		}
		decidedLast(t, dir, script, acked)
	}
	if len(acked) < 10 {
		t.Errorf("%d decisions were acknowledged", len(acked))
	}
}

// decidedLast looks at all that the children left.
func decidedLast(t *testing.T, dir string, script int64, acked map[int64]byte) {
	t.Helper()
	ctx := t.Context()
	s, _, err := Open(ctx, dir, Options{})
	must(t, err)
	defer func() { must(t, s.Close()) }()
	rep, err := s.Verify(ctx)
	must(t, err)
	if !rep.OK() {
		t.Errorf("%+v", rep)
	}
	all, err := s.Offers(ctx, OfferFilter{}, Page{Limit: 1000})
	must(t, err)
	var last Offer
	for _, o := range all {
		was, said := acked[o.ID]
		approved, back := o.State == improvement.Approved, o.State == improvement.RolledBack
		if said && !back && (was == 'R' || !approved) || (approved || back) != (o.MapID != 0) {
			t.Errorf("offer %d is %s, and was acknowledged as %q", o.ID, o.State, was)
		}
		if o.MapID > last.MapID {
			last = o
		}
	}
	whole, err := s.Offer(ctx, last.ID)
	must(t, err)
	want := whole.Source
	if whole.State == improvement.RolledBack {
		want = whole.Before
	}
	hasCode(t, s, script, want)
	if head, err := s.LastMapOf(ctx, script); err != nil || head.ID != last.MapID || head.Code != want {
		t.Errorf("the script's last row is %+v, not %d: %v", head, last.MapID, err)
	}
}
