package cli

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gvpie/runtime/benchmark"
)

func TestBenchPrintsRows(t *testing.T) {
	picture := filepath.Join(t.TempDir(), "bench.png")
	got := world{}.run(t, "bench", "--rounds", "1", "--picture", picture, "hello", "--json")
	var r struct {
		Machine string
		Rows    []map[string]any
	}
	if err := json.Unmarshal([]byte(got.out), &r); err != nil || got.code != exitOK || r.Machine == "" || len(r.Rows) != 1 {
		t.Fatalf("%v, exit code %d\n%s%s", err, got.code, got.out, got.errout)
	}
	row := r.Rows[0]
	if ours, ok := row["ours"].(float64); !ok || ours <= 0 || row["name"] != "hello" || row["unit"] != "ms" || row["to_reach"] != 0.2 || len(row) != 7 {
		t.Errorf("%v", row)
	}
	if b := readPNG(t, picture).Bounds(); b.Dx() < 1000 || b.Dy() < 200 {
		t.Errorf("the picture is of %v", b)
	}
	table := world{}.run(t, "bench", "--rounds", "1", "hello")
	if table.code != exitOK || !strings.Contains(table.out, "\nhello ") || !strings.Contains(table.out, "≤ 0.2 ms") || !strings.HasSuffix(table.out, r.Machine+"\n") {
		t.Errorf("%+v", table)
	}
}

func TestBenchMeasuresTheDebugger(t *testing.T) {
	got := world{}.run(t, "bench", "--debug", "--rounds", "1", "block", "--json")
	var r benchmark.Report
	if err := json.Unmarshal([]byte(got.out), &r); err != nil || got.code != exitOK || len(r.Rows) != 1 || r.Rows[0].Name != "block" || r.Rows[0].Ours == nil {
		t.Errorf("%v, exit code %d\n%s%s", err, got.code, got.out, got.errout)
	}
	if got := (world{}).run(t, "bench", "--debug", "hello"); got.code != exitUsage || !strings.Contains(got.errout, `no row "hello"`) {
		t.Errorf("%+v", got)
	}
}

func TestBenchMeasuresImproving(t *testing.T) {
	got := world{}.run(t, "bench", "--improve", "pair_board", "--json")
	var r benchmark.Report
	if err := json.Unmarshal([]byte(got.out), &r); err != nil || got.code != exitOK || len(r.Rows) != 1 || r.Rows[0].Ratio == nil || *r.Rows[0].Ours > 50 {
		t.Errorf("%v, exit code %d\n%s%s", err, got.code, got.out, got.errout)
	}
	for _, args := range [][]string{{"--improve", "--debug"}, {"--full"}, {"--improve", "hello"}} {
		if got := (world{}).run(t, append([]string{"bench"}, args...)...); got.code != exitUsage {
			t.Errorf("%v: %+v", args, got)
		}
	}
}

func TestBenchNamesItsRows(t *testing.T) {
	help := world{}.run(t, "help", "bench").out
	for _, row := range slices.Concat(benchmark.Programs.Rows(), benchmark.Debugging.Rows(), benchmark.Improving.Rows()) {
		if !strings.Contains(help, "  "+row.Name+" ") {
			t.Errorf("the help does not name %s", row.Name)
		}
	}
	if got := (world{}).run(t, "bench", "hullo"); got.code != exitUsage || !strings.Contains(got.errout, `no row "hullo"`) {
		t.Errorf("%+v", got)
	}
}
