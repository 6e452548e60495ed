package rules

import (
	"flag"
	"path/filepath"
	"strings"
	"testing"

	"gvpie/runtime/improve"
)

// By hand: go test -v -run Cheaper -all prints what comes of every program.
var all = flag.Bool("all", false, "improve every program of the set")

func improved(t *testing.T, name, source string, candidates int) improve.Offer {
	t.Helper()
	p, err := improve.Load(name, source)
	if err != nil {
		t.Fatal(err)
	}
	offer, err := improve.Improve(t.Context(), p, improve.Options{Proposers: []improve.Proposer{New()}, Candidates: candidates})
	if err != nil {
		t.Fatal(err)
	}
	return offer
}

func TestProgramsGetCheaper(t *testing.T) {
	programs := sources(t)
	for _, c := range []struct {
		name     string
		most     float64 // of the cost
		evidence improve.Evidence
	}{
		{"03_status", 0.70, improve.ByRule},
		{"06_bars", 0.85, improve.ByCompletion},
		{"08_gauge", 0.88, improve.ByRule},
	} {
		source := programs[c.name+".pxl"]
		offer := improved(t, c.name, source, 300)
		if ratio := float64(offer.After) / float64(offer.Before); ratio > c.most || offer.Evidence != c.evidence {
			t.Errorf("%s: cost %.3f with %s, want at most %.3f with %s\n%s", c.name, ratio, offer.Evidence, c.most, c.evidence, offer.Source)
		}
		for _, line := range strings.Split(source, "\n") {
			if _, comment, ok := strings.Cut(line, "; "); ok && !strings.Contains(offer.Source, comment) {
				t.Errorf("%s: the comment %q is gone", c.name, comment)
			}
		}
	}
	if !*all {
		return
	}
	for file, source := range programs {
		name := strings.TrimSuffix(file, ".pxl")
		best, ok := programs[name+".best.pxl"]
		if !ok {
			continue
		}
		offer := improved(t, name, source, 0)
		hand, err := improve.Load(name, best)
		if err != nil {
			t.Fatal(err)
		}
		cost, err := improve.Improve(t.Context(), hand, improve.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%-12s %.3f by hand %.3f %s %d candidates\n  %s\n%s", filepath.Base(name), float64(offer.After)/float64(offer.Before),
			float64(cost.Before)/float64(offer.Before), offer.Evidence, offer.Candidates, strings.Join(offer.Steps, "\n  "), offer.Source)
	}
}

// The same candidates give the same program, whatever else the computer does.
func TestTheSameSeedGivesTheSameProgram(t *testing.T) {
	source := sources(t)["12_shutter.pxl"]
	one, two := improved(t, "a", source, 40), improved(t, "a", source, 40)
	if one.Source != two.Source || one.After != two.After || one.Candidates != two.Candidates {
		t.Errorf("%d after %d candidates, then %d after %d", one.After, one.Candidates, two.After, two.Candidates)
	}
}

// What is drawn twice in the same place is drawn once, though the place hangs on the mouse.
func TestTheSameOutlineIsDrawnOnce(t *testing.T) {
	for _, draw := range []string{"RECT mx my 3 3", "BOX mx my 5 4", "PLOT mx my", "LINE mx my 9 9", "CIRC mx my 4", "RING mx my 4", "TRI mx my 9 9 1 8"} {
		for _, canvas := range []string{"", ".canvas 40 30 pixel\n"} {
			source := canvas + "loop:\nCLS black\n" + draw + " blue\n" + draw + " red\nFRAME\nJMP loop\n"
			offer := improved(t, draw, source, 100)
			if strings.Contains(offer.Source, "blue") || !strings.Contains(offer.Source, "red") || offer.Evidence != improve.ByRule {
				t.Errorf("%s on %q: %s\n%s", draw, canvas, offer.Evidence, offer.Source)
			}
		}
	}
}
