package search

import (
	"flag"
	"runtime"
	"slices"
	"strings"
	"testing"

	"gvpie/runtime/generate"
	"gvpie/runtime/improve"
)

var programs = flag.Int("programs", 6, "how many random programs are proposed for")

// equal runs every candidate against its program.
func equal(t *testing.T, p *improve.Program, all []improve.Candidate, e improve.Effort) {
	t.Helper()
	for _, c := range all {
		if c.Evidence != improve.BySolver && c.Evidence != improve.ByExhaustion {
			t.Errorf("%s: without evidence", c.Step)
		}
		q, err := improve.Load("p", c.Source)
		if err != nil {
			t.Fatalf("after %s: %v\n%s\nbefore\n%s", c.Step, err, c.Source, p.Source)
		}
		v, err := improve.Prove(t.Context(), p, q, e)
		if err != nil {
			t.Fatal(err)
		}
		if v.Witness != nil {
			t.Fatalf("after %s: %s\n%s\nbefore\n%s", c.Step, v.What, c.Source, p.Source)
		}
	}
}

func load(t *testing.T, source string) *improve.Program {
	t.Helper()
	p, err := improve.Load("p", source)
	if err != nil {
		t.Fatalf("%v\n%s", err, source)
	}
	return p
}

// all asks a proposer until it has nothing more to say.
func all(t *testing.T, p *improve.Program) (out []improve.Candidate) {
	s := New()
	for round := 0; ; round++ {
		some := s.Propose(t.Context(), p, improve.Job{Round: round})
		if len(some) == 0 {
			return out
		}
		out = append(out, some...)
	}
}

func TestRandomProgramsStayTheSame(t *testing.T) {
	proposed := 0
	for seed := range int64(*programs) {
		g := generate.New(seed, true)
		p, err := improve.Load("p", g.Source)
		if err != nil {
			continue
		}
		some := all(t, p)
		proposed += len(some)
		equal(t, p, some, improve.Effort{Frames: g.Frames, Seeds: 1, Cost: 2_000_000})
	}
	t.Log(proposed, "candidates")
}

// What a program is rewritten to, and what it must not be.
func TestExpressionsAreRewrittenWhereTheyMayBe(t *testing.T) {
	for name, c := range map[string]struct {
		source string
		want   string // in some candidate
		not    string // in none
	}{
		"across SETs":                      {"SET t = frame & 15\nEACH\n  SET a = px + t\n  SET b = py - t\n  SET m = (a & b) + ((a ^ b) >> 1)\n  PUT m * a\nEND\nFRAME", "SET m = (a + b) >> 1", ""},
		"a name that goes":                 {"EACH\n  SET k = px * 8\n  PUT (k & 255) << 16\nEND\nFRAME", "EACH\n  PUT (px & 31) << 19\nEND", ""},
		"a name in a part that stays":      {"SET u = 3\nSET v = -2\nSET w = peek(1, 1) & v | peek(u, 2)\nPLOT w 1\nFRAME", "", ""},
		"a comment that stays":             {"EACH\n  SET k = px * 8 ; wide\n  PUT (k & 255) << 16\nEND\nFRAME", "; wide\n  PUT (px & 31) << 19", ""},
		"a condition":                      {"EACH\n  IF (px & ~7) * 0 != 0 PUT red\n  PUT px\nEND\nFRAME", "IF 0 PUT red", ""},
		"an IF that is a function":         {"SET v = mx\nIF v < my SET v = my\nPLOT v 1\nFRAME", "SET v = max(v, my)", ""},
		"an IF with a comment":             {"SET v = mx\nIF v < my ; never less\n  SET v = my\nEND\nPLOT v 1\nFRAME", "", "max("},
		"a loop's counter":                 {"FOR i = 0 TO 7\n  PLOT ((i & 7) + 1) i\nEND\nFRAME", "PLOT (i + 1) i", ""},
		"the last of a loop":               {"FOR i = 0 TO 8\n  PLOT ((i & 7) + 1) i\nEND\nFRAME", "", "(i + 1) i"},
		"a counter that is changed":        {"FOR i = 0 TO 7\n  SET i = i + mx\n  PLOT ((i & 7) + 1) 2\nEND\nFRAME", "", "PLOT (i + 1) 2"},
		"behind a label":                   {"SET a = 3\nl:\nPLOT (a * 2) 1\nSET a = a + 1\nFRAME\nJMP l", "", "PLOT 6"},
		"into an IF":                       {"SET a = 4\nIF mb\n  SET a = 4\nl:\n  PLOT (a + a) 1\nEND\nSET a = mx\nFRAME\nIF a JMP l", "", "PLOT 8"},
		"behind an IF that is jumped into": {"SET a = 4\nIF mb\nl:\n  PLOT 1 1\nEND\nPLOT (a + a) 1\nSET a = mx\nFRAME\nIF a JMP l", "", "PLOT 8"},
		"behind a call in the expression":  {"DEF f()\n  g = mx\n  RETURN 1\nEND\nSET g = 1\nPLOT (f() + (g + g)) 1\nFRAME", "", "f() + 2"},
		"a counter that is set back":       {"SET k = 0\nFOR i = 0 TO 7\n  PLOT ((i & 7) + 1) 2\n  IF k == 0\n    SET i = -5\n    SET k = 1\n  END\nEND\nFRAME", "", "PLOT (i + 1) 2"},
		"behind a loop of no rounds":       {"SET a = 4\nWHILE b < mb\n  SET a = 5\n  SET b = b + 1\nEND\nPLOT (a + a) 1\nFRAME", "", "PLOT 10"},
		"over a frame":                     {"SET a = mx\nFRAME\nPLOT (a - mx) 1\nFRAME", "", "PLOT 0"},
		"a procedure's change":             {"DEF f()\n  g = mx\n  RETURN 1\nEND\nSET g = 1\nSET h = f()\nPLOT (g + g) 1\nFRAME", "", "PLOT 2"},
		"a call's change":                  {"SET g = 1\nCALL s\nPLOT (g + g) 1\nFRAME\nHALT\ns:\nSET g = mx\nRET", "", "PLOT 2"},
		"a texel's own":                    {"SET g = 3\nEACH\n  SET g = px\n  PUT g\nEND\nPLOT (g + g) 1\nFRAME", "PLOT 6", "PLOT px"},
		"one branch":                       {"SET a = 1\nIF mb SET a = 2\nPLOT (a + a) 1\nFRAME", "", "PLOT 2 "},
		"a fault":                          {"SET a = mx / my * 0\nPLOT a 1\nFRAME", "", "SET a = 0"},
		"a fault that is left out":         {"SET a = mx / my\nPLOT (a - a) 1\nFRAME", "PLOT 0 1", "\nPLOT 0 1\nFRAME\n"},
		"random numbers":                   {"SET a = rnd(9) - rnd(9)\nPLOT a 1\nFRAME", "", "SET a = 0"},
		"a list":                           {".array q 4\nSET q[0] = 1\nPLOT (q[mx] - q[mx]) 1\nFRAME", "", "PLOT 0"},
		"the round of a WHILE":             {"SET i = 0\nWHILE i < 3\n  SET i = i + 1\nEND\nFRAME", "", "WHILE 1"},
		"the second of a pair":             {"SET x = 1, y = 2\nPLOT (x + x) 1\nSET y += 0 * y\nFRAME", "PLOT 2", ""},
		"texels of a strip":                {"EACH 0 0 8 4\n  PUT px & 7\nEND\nEACH\n  PUT px & 7\nEND\nFRAME", "PUT px\nEND\nEACH\n  PUT px & 7", "EACH\n  PUT px\n"},
	} {
		p := load(t, c.source)
		some := all(t, p)
		equal(t, p, some, improve.Effort{Frames: 12, Seeds: 2, Cost: 40_000_000})
		found := c.want == ""
		for _, k := range some {
			found = found || strings.Contains(k.Source, c.want)
			if c.not != "" && strings.Contains(k.Source, c.not) {
				t.Errorf("%s: %s:\n%s", name, k.Step, k.Source)
			}
		}
		if !found {
			t.Errorf("%s: nothing with %q among", name, c.want)
			for _, k := range some {
				t.Logf("%s:\n%s", k.Step, k.Source)
			}
		}
	}
}

// What is proposed, and what comes of it, hangs on no number of processors, nor on what
// the proposer was asked before.
func TestProcessorsChangeNothing(t *testing.T) {
	p := load(t, "SET t = frame & 15\nEACH\n  SET a = px + t\n  SET b = py - t\n  SET m = (a & b) + ((a ^ b) >> 1)\n  SET x = (a | b) - (a & b)\n  SET y = ((x % 8) + 8) % 8\n  PUT m * y\nEND\nFRAME")
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var first []improve.Candidate
	var offer improve.Offer
	s := New()
	for i, n := range []int{1, 7} {
		runtime.GOMAXPROCS(n)
		o, err := improve.Improve(t.Context(), p, improve.Options{Proposers: []improve.Proposer{s}, Seed: 1, Candidates: 20})
		if err != nil {
			t.Fatal(err)
		}
		some := all(t, p)
		if i == 0 {
			first, offer = some, o
			if len(first) < 4 || o.Evidence == improve.NoEvidence {
				t.Fatalf("%d candidates, %+v", len(first), o)
			}
			continue
		}
		if !slices.Equal(some, first) || o.Source != offer.Source || o.Candidates != offer.Candidates || !slices.Equal(o.Steps, offer.Steps) {
			t.Errorf("with %d processors\n%+v\n%s\nwith one\n%+v\n%s", n, some, o.Source, first, offer.Source)
		}
	}
}
