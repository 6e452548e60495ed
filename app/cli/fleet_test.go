//go:build !nofleet

package cli

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"gvpie/runtime/engine"
	"gvpie/runtime/improve/fleet"
	"gvpie/runtime/improve/proposers"
)

func TestAFleetImprovesAProgram(t *testing.T) {
	dir := t.TempDir()
	s, err := fleet.Serve(dir, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	cpu := engine.NewCPU
	w, err := fleet.NewWorker(fleet.Config{URL: s.URL, TokenFile: fleet.TokenFile(dir), Version: buildName()}, proposers.Kit(cpu), "w", 2)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	ctx, cancel := context.WithCancel(t.Context())
	var working sync.WaitGroup
	working.Go(func() { _ = w.Run(ctx) })
	defer working.Wait()
	defer cancel()
	path := filepath.Join(dir, "p.pxl")
	if err := os.WriteFile(path, []byte(".canvas 16 16 pixel\nFOR y = 0 TO 15\n  FOR x = 0 TO 15\n    PLOT x y red\n  END\nEND\nHALT\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	var r improveReport
	got := (world{}).run(t, "improve", "--nats", s.URL, "--token", fleet.TokenFile(dir), "--proposers", "rules", "--json", path)
	if err := json.Unmarshal([]byte(got.out), &r); err != nil {
		t.Fatal(err, got.errout)
	}
	if r.After >= r.Before/2 || r.Evidence == nil || *r.Evidence != "complete" || len(r.Steps) == 0 || r.Candidates == 0 {
		t.Errorf("%+v", r)
	}
	if out := (world{}).run(t, "fleet", "status", "--nats", s.URL, "--token", fleet.TokenFile(dir)).out; !strings.Contains(out, "0 jobs wait, 0 are being done") || !strings.Contains(out, "worker w, 2 jobs at once") {
		t.Error(out)
	}
}
