package store

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"gvpie/runtime/store/chain"
)

// day is how many cycles of ten seconds a day has.
const day = 8640

// resultJSON is what the loop writes of a run with two pictures, as long as it gets.
func resultJSON(hash string) string {
	return fmt.Sprintf(`{"status":"halted","cycles":2,"frames":1,"machine_sha256":%q,"human_sha256":%q,"picture":"pictures/%s/%s.png"}`, hash, hash, hash[:2], hash)
}

// TestADayOfCyclesStaysSmall writes cycles as the loop does, with metrics and pictures,
// and holds the size to what was promised: under 1 KB a run.
func TestADayOfCyclesStaysSmall(t *testing.T) {
	cycles := 250
	if os.Getenv("GVPIE_SOAK") == "1" {
		cycles = day
	}
	ctx := context.Background()
	s := fresh(t)
	hash, err := s.PutPicture([]byte("a picture"))
	must(t, err)
	before := size(t, s)
	began := time.Now()
	for i := range cycles {
		at := start.Add(time.Duration(i) * 10 * time.Second)
		f := hello()
		f.FinishedAt = at
		f.HumanPNG, f.MachinePNG, f.Parent = hash, hash, int64(i)
		f.ResultJSON = resultJSON(hash)
		f.Duration += time.Duration(i) * time.Microsecond
		f.Analysis = fmt.Sprintf("succeeded, like the %d runs before it", i)
		f.Metrics = []Metric{{Name: "cycle_ms", Value: 2.345}, {Name: "run_ms", Value: 1.5, Context: "hello_gpu GPU"}}
		run(t, s, 1, at, f)
		must(t, s.Check(ctx))
	}
	took := time.Since(began)
	per := float64(size(t, s)-before) / float64(cycles)
	t.Logf("%d runs: %.0f bytes a run, %.2f MB a day, %v a run", cycles, per, per*day/1e6, took/time.Duration(cycles))
	if per > 1000 {
		t.Errorf("%.0f bytes a run", per)
	}
	if day*per+float64(before) > 10e6 {
		t.Errorf("a day takes %.1f MB", (day*per+float64(before))/1e6)
	}
	verified(t, s, int64(cycles))
}

// size is that of the database with its log folded in.
func size(t testing.TB, s *Store) int64 {
	t.Helper()
	sqlExec(t, s.h.w, "PRAGMA wal_checkpoint(TRUNCATE)")
	info, err := os.Stat(s.Path())
	must(t, err)
	return info.Size()
}

func TestLongTextsThatRepeatAreKeptOnce(t *testing.T) {
	ctx := t.Context()
	s := fresh(t)
	long := strings.Repeat("TXT 1 1 A LONG PROGRAM\n", 400) + "HALT"
	before := size(t, s)
	for range 100 {
		f := hello()
		f.Code, f.ResultJSON, f.Stdout, f.Analysis = long, "{"+long+"}", long, "short"
		run(t, s, 1, start, f)
	}
	if grown := size(t, s) - before; grown > 140_000 { // of 2.7 MB
		t.Errorf("%d bytes for 100 runs of a program of %d", grown, len(long))
	}
	all, err := s.Map(ctx, Page{Limit: 1})
	must(t, err)
	if all[0].Code != long || all[0].Result != "{"+long+"}" {
		t.Error("the texts are not whole")
	}
	r, err := s.Run(ctx, 100)
	if err != nil || r.Stdout != long {
		t.Error("stdout is not whole", err)
	}
	db := beside(t, s)
	var inColumn, whole string
	must(t, db.QueryRow("SELECT m.code, f.code FROM infinite_map m JOIN infinite_map_full f USING (id) WHERE id = 7").Scan(&inColumn, &whole))
	if whole != long || !strings.HasPrefix(inColumn, "TXT 1 1 A LONG PROGRAM\nTXT 1 1 A LONG") || len(inColumn) > openingMax {
		t.Errorf("%q", inColumn)
	}
	verified(t, s, 100)
}

func TestATextThatLooksLikeAReferenceComesBackAsItWas(t *testing.T) {
	s := fresh(t)
	for _, text := range []string{
		"", "sha256:", "SHA256:" + strings.Repeat("a", 64), "sha256:" + chain.HashText("x") + " x", "a\x00b", "\xff\xfe",
		strings.Repeat("ü", 100), strings.Repeat("ü", 101), strings.Repeat("\x00", 300), strings.Repeat("\xff", 300), "x",
	} {
		f := hello()
		f.Code, f.Stderr = text, text
		runID, mapID := run(t, s, 1, start, f)
		m, err := s.MapRow(t.Context(), mapID)
		if err != nil || m.Code != text {
			t.Errorf("%q came back as %q: %v", text, m.Code, err)
		}
		r, err := s.Run(t.Context(), runID)
		if err != nil || r.Stderr != text {
			t.Errorf("%q came back as %q: %v", text, r.Stderr, err)
		}
	}
	verified(t, s, 11)
}

// BenchmarkPaging reads pages of a hundred at 100 000 rows, at the newest and in the middle.
func BenchmarkPaging(b *testing.B) {
	const rows = 100_000
	s := fresh(b)
	fill(b, s, rows)
	ctx := context.Background()
	for _, before := range []int64{0, rows / 2} {
		p := Page{Before: before, Limit: 100}
		b.Run(fmt.Sprintf("runs before %d", before), func(b *testing.B) {
			for b.Loop() {
				_, err := s.Runs(ctx, p)
				must(b, err)
			}
		})
		b.Run(fmt.Sprintf("runs of a script before %d", before), func(b *testing.B) {
			for b.Loop() {
				_, err := s.RunListOf(ctx, 1, p)
				must(b, err)
			}
		})
		b.Run(fmt.Sprintf("map before %d", before), func(b *testing.B) {
			for b.Loop() {
				_, err := s.Map(ctx, p)
				must(b, err)
			}
		})
	}
	b.Run("counts", func(b *testing.B) {
		for b.Loop() {
			_, err := s.Counts(ctx)
			must(b, err)
		}
	})
	b.Run("due", func(b *testing.B) {
		for b.Loop() {
			_, _, err := s.DueScripts(ctx, start, 3)
			must(b, err)
		}
	})
	b.Run("verify", func(b *testing.B) {
		for b.Loop() {
			verified(b, s, rows)
		}
	})
}

// BenchmarkRun is what one run costs: two commits, each synced.
func BenchmarkRun(b *testing.B) {
	s := fresh(b)
	for b.Loop() {
		run(b, s, 1, start, hello())
	}
}
