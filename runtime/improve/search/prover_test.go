package search

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gvpie/runtime/improve"
)

func proved(t *testing.T, a, b string) improve.Evidence {
	t.Helper()
	e, err := Prover{}.Prove(t.Context(), load(t, a), load(t, b))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

const loop = "loop:\n"

func TestEqualProgramsAreProved(t *testing.T) {
	for name, c := range map[string]struct {
		a, b string
		want improve.Evidence
	}{
		"a comment":                {"SET a = mx ; here\nPLOT a 1\n", "SET a = mx\nPLOT a 1\n", improve.ByRule},
		"an expression":            {loop + "SET a = mx\nPLOT (a & my) + (a | my) 1\nFRAME\nJMP loop", loop + "SET a = mx\nPLOT a + my 1\nFRAME\nJMP loop", improve.BySolver},
		"few cases":                {loop + "EACH\n  PUT (px | py) - (px & py) + mx\nEND\nFRAME\nJMP loop", loop + "EACH\n  PUT (px ^ py) + mx\nEND\nFRAME\nJMP loop", improve.BySolver},
		"a key":                    {loop + "EACH\n  IF key('A') PUT (px | py) - (px & py)\nEND\nFRAME\nJMP loop", loop + "EACH\n  IF key('A') PUT px ^ py\nEND\nFRAME\nJMP loop", improve.ByExhaustion},
		"names for parts":          {loop + "SET s = mx + my\nSET d = mx - my\nPLOT (s * d) s\nFRAME\nJMP loop", loop + "PLOT ((mx + my) * (mx - my)) (my + mx)\nFRAME\nJMP loop", improve.BySolver},
		"names on both":            {loop + "SET s = mx + my\nPLOT s (mx - my)\nFRAME\nJMP loop", loop + "SET d = mx - my\nPLOT (mx + my) d\nFRAME\nJMP loop", improve.ByRule},
		"IF and functions":         {loop + "SET x = mx\nIF x < 5 SET x = 5\nIF x > 30 SET x = 30\nRECT x clamp(my, 3, 20) 4 4 green\nFRAME\nJMP loop", loop + "SET y = my\nIF y > 20\n  SET y = 20\nELSE IF y < 3\n  SET y = 3\nEND\nRECT min(max(mx, 5), 30) y 4 4 green\nFRAME\nJMP loop", improve.BySolver},
		"a list's index":           {".array q 8\n" + loop + "SET q[mx & 7] = rnd(5)\nPLOT q[my - 8 * (my / 8)] 1\nFRAME\nJMP loop", ".array q 8\n" + loop + "SET q[mx & 7] = rnd(5)\nPLOT q[my % 8] 1\nFRAME\nJMP loop", improve.BySolver},
		"a WHILE with steps alike": {loop + "WHILE a < mx\n  SET a = a + 1\nEND\nPLOT a * 2 1\nFRAME\nJMP loop", loop + "WHILE a < mx\n  SET a = a + 1\nEND\nPLOT a << 1 1\nFRAME\nJMP loop", improve.BySolver},
	} {
		fix := strings.NewReplacer("PLOT (a & my) + (a | my) 1", "PLOT ((a & my) + (a | my)) 1", "PLOT a + my 1", "PLOT (a + my) 1", "PLOT a * 2 1", "PLOT (a * 2) 1", "PLOT a << 1 1", "PLOT (a << 1) 1")
		if e := proved(t, fix.Replace(c.a), fix.Replace(c.b)); e != c.want {
			t.Errorf("%s: %q, want %q", name, e, c.want)
		}
		if e := proved(t, fix.Replace(c.b), fix.Replace(c.a)); e != c.want {
			t.Errorf("%s, the other way: %q, want %q", name, e, c.want)
		}
	}
}

// Programs that are not equal, or of which that is not sure, are not said to be.
func TestWhatIsNotSureIsNotProved(t *testing.T) {
	for name, c := range map[string][2]string{
		"another number":                 {"PLOT mx 1\n", "PLOT mx 2\n"},
		"another table":                  {".table q 1 2 3\nPLOT q[mx & 1] 1\n", ".table q 1 2 4\nPLOT q[mx & 1] 1\n"},
		"another row of a table":         {".table q 2: 1 2 3 4\nPLOT q[mx & 1, 0] 1\n", ".table q 2: 1 2 3 5\nPLOT q[mx & 1, 0] 1\n"},
		"another text":                   {"LOG a {mx}\n", "LOG b {mx}\n"},
		"another format":                 {"LOG a {mx:3}\n", "LOG a {mx:03}\n"},
		"the order of rnd":               {"SET a = rnd(4)\nSET b = rnd(4)\nPLOT a - b mx\n", "SET a = rnd(4)\nSET b = rnd(4)\nPLOT 0 mx\n"},
		"rnd left out":                   {"SET u = rnd(4)\nPLOT rnd(9) mx\n", "PLOT rnd(9) mx\n"},
		"a fault left out":               {"SET u = 1 / mx\nPLOT 3 3\n", "PLOT 3 3\n"},
		"a fault in an expression":       {"PLOT (mx / my * 0) 1\n", "PLOT 0 1\n"},
		"an index left out":              {".array q 4\nPLOT (q[mx] * 0) 1\n", ".array q 4\nPLOT 0 1\n"},
		"a fault that is skipped":        {"PLOT (mx && 1 / my) 1\n", "PLOT (1 / my && mx) 1\n"},
		"a label elsewhere":              {"SET a = 1\nl:\nPLOT a a\nSET a = a + mx\nIF a < 9 JMP l\n", "SET a = 1\nl:\nPLOT 1 a\nSET a = a + mx\nIF a < 9 JMP l\n"},
		"a jump elsewhere":               {"l:\nPLOT 1 1\nm:\nFRAME\nIF mb JMP l\n", "l:\nPLOT 1 1\nm:\nFRAME\nIF mb JMP m\n"},
		"the round of a loop":            {"SET a = 1\nFOR i = 0 TO 3\n  PLOT a mx\n  SET a = i\nEND\n", "SET a = 1\nFOR i = 0 TO 3\n  PLOT 1 mx\n  SET a = i\nEND\n"},
		"an own name of a round":         {"SET u = 1\nFOR i = 0 TO 3\n  PLOT u mx\n  SET u = i\n  PLOT i i\nEND\n", "FOR i = 0 TO 3\n  PLOT 1 mx\n  PLOT i i\nEND\n"},
		"an own name of a branch":        {"SET u = 1\nIF mb\n  SET u = 2\n  PLOT 1 1\nEND\nPLOT u mx\n", "IF mb\n  PLOT 1 1\nEND\nPLOT 1 mx\n"},
		"an own name of a frame":         {loop + "PLOT u mx\nSET u = 1\nFRAME\nJMP loop", loop + "PLOT 0 mx\nFRAME\nJMP loop"},
		"a texel's own":                  {"SET u = 5\nEACH\n  SET u = px\n  PUT u\nEND\nPLOT u mx\n", "EACH\n  PUT px\nEND\nPLOT 0 mx\n"},
		"input of two frames":            {"SET u = mx\nFRAME\nPLOT u 1\n", "FRAME\nPLOT mx 1\n"},
		"the display of a frame":         {"SET u = peek(1, 1)\nPLOT 1 1\nFRAME\nPLOT u mx\n", "PLOT 1 1\nFRAME\nPLOT peek(1, 1) mx\n"},
		"a procedure in between":         {"DEF f()\n  g = mx\n  RETURN 1\nEND\nSET g = 1\nSET h = f()\nPLOT g h\n", "DEF f()\n  g = mx\n  RETURN 1\nEND\nSET g = 1\nSET h = f()\nPLOT 1 h\n"},
		"more steps in a WHILE":          {loop + "WHILE a < mx * 1000000\n  SET u = a + 3\n  SET a = a + 1\nEND\nPLOT a u - 3\nFRAME\nJMP loop", loop + "WHILE a < mx * 1000000\n  SET a = a + 1\nEND\nPLOT a 2\nFRAME\nJMP loop"},
		"steps without an end":           {loop + "SET a = a + 1\nIF a < mx * 10000000 JMP loop\nPLOT (a * 4 - a) 1\nFRAME\nJMP loop", loop + "SET a = a + 1\nIF a < mx * 10000000 JMP loop\nPLOT (a * 3) 1\nFRAME\nJMP loop"},
		"steps past a FRAME":             {loop + "IF mx JMP m\nFRAME\nm:\nPLOT (mx * 4 - mx) 1\nJMP loop", loop + "IF mx JMP m\nFRAME\nm:\nPLOT (mx * 3) 1\nJMP loop"},
		"the steps of a texel":           {loop + "EACH\n  FOR i = 0 TO 9000\n    SET c = (c * 4 - c) + (i | mx) + (i & mx)\n  END\n  PUT c\nEND\nFRAME\nJMP loop", loop + "EACH\n  FOR i = 0 TO 9000\n    SET c = c * 3 + i + mx\n  END\n  PUT c\nEND\nFRAME\nJMP loop"},
		"a counter that is set":          {loop + "FOR i = 0 TO 9\n  SET i = i - mx\n  PLOT (i * 4 - i) 1\nEND\nFRAME\nJMP loop", loop + "FOR i = 0 TO 9\n  SET i = i - mx\n  PLOT (i * 3) 1\nEND\nFRAME\nJMP loop"},
		"many texts":                     {loop + "FOR i = 0 TO 4999\n  SET u = mx\n  LOG " + strings.Repeat("word ", 60) + "\n  PLOT u 1\nEND\nFRAME\nJMP loop", loop + "FOR i = 0 TO 4999\n  LOG " + strings.Repeat("word ", 60) + "\n  PLOT mx 1\nEND\nFRAME\nJMP loop"},
		"steps that are skipped":         {loop + "WHILE a < mx * 1000000\n  SET a = a + 1 + 0 * (mx + 1 && my + 1)\nEND\nFRAME\nJMP loop", loop + "WHILE a < mx * 1000000\n  SET a = a + 1 + 0 * (my + 1 && mx + 1)\nEND\nFRAME\nJMP loop"},
		"steps of own branches":          {loop + "WHILE a < mx * 1000000\n  IF mb SET u = a + 1\n  SET a = a + 1\nEND\nFRAME\nJMP loop", loop + "WHILE a < mx * 1000000\n  IF my SET v = a + 1\n  SET a = a + 1\nEND\nFRAME\nJMP loop"},
		"an own name before a directive": {"PLOT 2 2\n.const K 3\nPLOT 1 mx\n", "SET u = 1\nPLOT 2 2\nSET u = 2\n.const K 3\nPLOT u mx\n"},
		"an own index":                   {".array q 4\nSET u = q[mx]\nPLOT 1 mx\n", ".array q 4\nPLOT 1 mx\n"},
		"steps past an IF's FRAME":       {loop + "IF mx FRAME\nPLOT (mx * 4 - mx) 1\nJMP loop", loop + "IF mx FRAME\nPLOT (mx * 3) 1\nJMP loop"},
		"another procedure":              {"DEF f(v)\n  RETURN v + 1\nEND\nDEF g(v)\n  RETURN v + 2\nEND\nPLOT f(mx) g(mx)\n", "DEF f(v)\n  RETURN v + 1\nEND\nDEF g(v)\n  RETURN v + 2\nEND\nPLOT g(mx) g(mx)\n"},
		"another list":                   {".array q 2\n.array p 2\nSET p[0] = 1\nPLOT q[mx & 1] 1\n", ".array q 2\n.array p 2\nSET p[0] = 1\nPLOT p[mx & 1] 1\n"},
		"steps that move":                {loop + "WHILE a < mx * 1000000\n  SET a = a + my - my + 1\nEND\nPLOT (a + 2) 1\nFRAME\nJMP loop", loop + "WHILE a < mx * 1000000\n  SET a = a + 1\nEND\nPLOT (a + my - my + 2) 1\nFRAME\nJMP loop"},
		"another draw":                   {"RECT mx 1 2 2\n", "FILL mx 1 2 2\n"},
		"another operator":               {".array q 4\nPLOT (q[mx] + 1) 1\n", ".array q 4\nPLOT (q[mx] - 1) 1\n"},
		"another word":                   {".array q 4\nSET q[mx & 1] = 2\nPLOT q[0] 1\n", ".array q 4\nSET q[my & 1] = 2\nPLOT q[0] 1\n"},
		"a frame of a sprite":            {".sprite s 1 2\n  1\n  2\nSPR s[mx & 0] mx 1\n", ".sprite s 1 2\n  1\n  2\nSPR s mx 1\n"},
		"a canvas":                       {".canvas 9 9\nPLOT mx 1\n", ".canvas 9 9 pixel\nPLOT mx 1\n"},
		"a sprite":                       {".sprite s\n  1.\n  .1\nSPR s mx 1\n", ".sprite s\n  1.\n  11\nSPR s mx 1\n"},
	} {
		fix := strings.NewReplacer("PLOT a - b mx", "PLOT (a - b) mx", "PLOT a u - 3", "PLOT a (u - 3)")
		for k := range c {
			c[k] = fix.Replace(c[k])
		}
		for range 2 {
			if e := proved(t, c[0], c[1]); e != improve.NoEvidence {
				t.Errorf("%s: %q", name, e)
			}
			c[0], c[1] = c[1], c[0]
		}
	}
}

// No cheat and no trap is taken for equal, even where no run is made.
func TestCheatsAndTrapsAreNotProved(t *testing.T) {
	found, err := filepath.Glob("../testdata/*/*_a.pxl")
	if err != nil || len(found) < 15 {
		t.Fatal(found, err)
	}
	for _, path := range found {
		if strings.HasPrefix(filepath.Base(path), "e") {
			continue
		}
		a, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(strings.TrimSuffix(path, "_a.pxl") + "_b.pxl")
		if err != nil {
			t.Fatal(err)
		}
		if e := proved(t, string(a), string(b)); e != improve.NoEvidence {
			t.Errorf("%s: %s", path, e)
		}
	}
}

func TestProgramsThatRulesMakeOneAreProved(t *testing.T) {
	const a = loop + "CLS navy\nFOR i = 0 TO 9\n  PLOT i 3 red\nEND\nPLOT mx my\nFRAME\nJMP loop"
	for b, want := range map[string]improve.Evidence{
		loop + "CLS navy\nRECT 0 3 10 1 red\nPLOT mx my\nFRAME\nJMP loop": improve.ByRule,
		loop + "CLS navy\nRECT 0 3 11 1 red\nPLOT mx my\nFRAME\nJMP loop": improve.NoEvidence,
	} {
		e, err := Prover{Candidates: 60}.Prove(t.Context(), load(t, a), load(t, b))
		if err != nil || e != want {
			t.Errorf("%s: %q, %v; want %q", b, e, err, want)
		}
	}
}

// The names of one program are what they were before the loop that reads them, whatever is
// said of limits.
func TestAnOwnNameBeforeAWhileIsNotFollowed(t *testing.T) {
	p := newPairing("WHILE a < 3\n  PLOT a mx\n  SET a = a + 1\nEND\n", "SET u = a\nWHILE a < 3\n  PLOT u mx\n  SET a = a + 1\nEND\n")
	if p.align() {
		if e, err := p.prove(t.Context()); e != improve.NoEvidence || err != nil {
			t.Errorf("%q, %v", e, err)
		}
	}
}
