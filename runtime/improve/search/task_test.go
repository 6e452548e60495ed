package search

import (
	"encoding/json"
	"flag"
	"os"
	"testing"

	"gvpie/runtime/improve/solver"
)

var tasksFile = flag.String("tasks", "", "a `FILE` of more bit tricks: tasks with id, vars, naive and operators")

// Bit tricks as they are spelt out, and how many operators the shortest has.
func TestBitTricksAreFoundAtTheirShortest(t *testing.T) {
	for _, c := range []struct {
		naive     []string
		vars      []string
		operators int
	}{
		{[]string{"x - (x & (0 - x))"}, []string{"x"}, 2},
		{[]string{"((x ^ (x - 1)) - (x & (0 - x))) & ~x"}, []string{"x"}, 3},
		{[]string{"SET r = x", "IF x < 0 SET r = 0 - x"}, []string{"x"}, 1},
		{[]string{"SET r = 0", "IF x > y", "  SET r = x - y", "END"}, []string{"x", "y"}, 2},
		{[]string{"((x % 8) + 8) % 8"}, []string{"x"}, 1},
		{[]string{"(x < 0) != (y < 0)"}, []string{"x", "y"}, 2},
		{[]string{"(x >> 1) + (y >> 1) + (x & y & 1)"}, []string{"x", "y"}, 4},
		{[]string{"SET s = x + y", "SET r = 0", "IF x >= 0 && y >= 0 && s < 0 SET r = 1", "IF x < 0 && y < 0 && s >= 0 SET r = 1"}, []string{"x", "y"}, 4},
		{[]string{"x * 4 + x * 4"}, []string{"x"}, 1},
	} {
		s, err := Solve(t.Context(), Task{c.naive, c.vars})
		if err != nil || s.Operators != c.operators || s.Expression == "" || s.Evidence == solver.Unknown {
			t.Errorf("%q: %+v, %v; want %d operators", c.naive, s, err, c.operators)
		}
	}
}

func TestATaskThatIsNoneIsRefused(t *testing.T) {
	for _, naive := range [][]string{{"x +"}, {"SET q = x", "SET q = 1"}} {
		if s, err := Solve(t.Context(), Task{naive, []string{"x"}}); err == nil {
			t.Errorf("%q: %+v", naive, s)
		}
	}
}

func TestTasksOfAFile(t *testing.T) {
	if *tasksFile == "" {
		t.Skip("only with -tasks FILE")
	}
	b, err := os.ReadFile(*tasksFile)
	if err != nil {
		t.Fatal(err)
	}
	var all struct {
		Tasks []struct {
			ID, Vars  string
			Naive     any
			Operators int
		}
	}
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	for _, k := range all.Tasks {
		task := Task{}
		for _, v := range k.Vars {
			task.Vars = append(task.Vars, string(v))
		}
		switch n := k.Naive.(type) {
		case string:
			task.Naive = []string{n}
		case []any:
			for _, l := range n {
				task.Naive = append(task.Naive, l.(string))
			}
		}
		s, err := Solve(t.Context(), task)
		if err != nil || s.Operators > k.Operators || s.Expression == "" {
			t.Errorf("%s: %q with %d operators, asked is %d; %v", k.ID, s.Expression, s.Operators, k.Operators, err)
		} else {
			t.Logf("%s: %s", k.ID, s.Expression)
		}
	}
}
