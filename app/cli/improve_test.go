package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"
)

func TestProveTellsEqualFromNotAndFromUnknown(t *testing.T) {
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{
		"a.pxl":     ".canvas 8 8 pixel\nRECT 0 0 4 4 red\nHALT\n",
		"same.pxl":  ".canvas 8 8 pixel\nRECT 0 0 4 2 red\nRECT 0 2 4 2 red\nHALT\n",
		"other.pxl": ".canvas 8 8 pixel\nRECT 0 0 4 3 red\nHALT\n",
		"key.pxl":   ".canvas 8 8 pixel\nRECT 0 0 4 4 red\nIF key('K') PLOT 7 7 red\nHALT\n",
		"slow.pxl":  ".canvas 8 8 pixel\nRECT 0 0 4 4 red\nx = hash(mx)\nIF x == 77 PLOT 7 7 red\nHALT\n",
		"bad.pxl":   "RECT\n",
	} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		b, out, equal, evidence string
		code                    int
	}{
		{"same.pxl", "equal (complete): both were run until all of their future was compared\n", "true", `"complete"`, exitOK},
		{"other.pxl", "not equal: the picture differs after frame 0, first at texel 0,3\n", "false", "null", exitFailed},
		{"key.pxl", "not equal: the picture differs after frame 0, first at texel 7,7, with these inputs\n", "false", "null", exitFailed},
		{"slow.pxl", "not known: no run that was tried shows a difference, and nothing proves that there is none\n", "null", `"trial"`, exitUnknown},
	} {
		world{}.run(t, "prove", "a.pxl", c.b).want(t, ended{code: c.code, out: c.out})
		got := world{}.run(t, "prove", "a.pxl", c.b, "--json")
		var r map[string]json.RawMessage
		if err := json.Unmarshal([]byte(got.out), &r); err != nil || got.code != c.code {
			t.Fatalf("%s: code %d, %v, %s", c.b, got.code, err, got.out)
		}
		if len(r) != 7 || string(r["equal"]) != c.equal || string(r["evidence"]) != c.evidence {
			t.Errorf("%s: %s", c.b, got.out)
		}
	}
	if got := (world{}).run(t, "prove", "a.pxl", "bad.pxl"); got.code != exitUsage {
		t.Errorf("a file that is no program: code %d, %s", got.code, got.errout)
	}
}

// A witness is a file of inputs.
func TestAWitnessCanBeRun(t *testing.T) {
	t.Chdir(t.TempDir())
	const program = ".canvas 8 8 pixel\nloop:\nIF keyp('K') && mx == 5 PLOT 1 1 red\nFRAME\nJMP loop\n"
	if err := os.WriteFile("a.pxl", []byte(program), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("b.pxl", []byte(".canvas 8 8 pixel\nloop:\nFRAME\nJMP loop\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	got := world{}.run(t, "prove", "a.pxl", "b.pxl", "--json")
	var r struct {
		Frame  int
		Inputs []json.RawMessage
	}
	if err := json.Unmarshal([]byte(got.out), &r); err != nil || got.code != exitFailed || len(r.Inputs) == 0 {
		t.Fatalf("code %d, %v: %s", got.code, err, got.out)
	}
	var lines bytes.Buffer
	for _, in := range r.Inputs {
		if err := json.Compact(&lines, in); err != nil {
			t.Fatal(err)
		}
		lines.WriteByte('\n')
	}
	if err := os.WriteFile("in", lines.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	var sums [2]string
	for i, name := range []string{"a.pxl", "b.pxl"} {
		var out struct {
			Sum string `json:"machine_sha256"`
		}
		got := world{}.run(t, "run", "--backend", "CPU", "--json", "--frames", "200", "--inputs", "in", name)
		if err := json.Unmarshal([]byte(got.out), &out); err != nil || out.Sum == "" {
			t.Fatalf("%v: %s%s", err, got.out, got.errout)
		}
		sums[i] = out.Sum
	}
	if sums[0] == sums[1] {
		t.Errorf("with the inputs %s both show the same", &lines)
	}
}

func TestImproveSaysWhatItFound(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("a.pxl", []byte(".canvas 8 8 pixel\nPUT\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("b.pxl", []byte(".canvas 8 8 pixel\nPLOT 1 1 red\nHALT\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	got := world{}.run(t, "improve", "--json", "b.pxl")
	var r struct {
		File   string
		Before uint64 `json:"cost_before"`
		After  uint64 `json:"cost_after"`
		Steps  []string
	}
	if err := json.Unmarshal([]byte(got.out), &r); err != nil || got.code != exitOK || r.File != "b.pxl" || r.Before == 0 || r.After != r.Before || r.Steps == nil {
		t.Errorf("code %d, %v: %s", got.code, err, got.out)
	}
	if err := os.WriteFile("c.pxl", []byte(".canvas 8 8 pixel\n; a bar\nRECT 1 1 2 3 red\nRECT 3 1 4 3 red\nHALT\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	const want = ".canvas 8 8 pixel\n; a bar\nRECT 1 1 6 3 red\nHALT\n"
	for _, c := range []struct{ flag, evidence string }{{"complete", "complete"}, {"rule", "rule"}, {"rule,complete", "complete"}} {
		got := world{}.run(t, "improve", "--json", "c.pxl", "--evidence", c.flag, "--write", "out.pxl")
		var r struct {
			Before   uint64 `json:"cost_before"`
			After    uint64 `json:"cost_after"`
			Evidence string
			Claim    string
			Source   string
		}
		if err := json.Unmarshal([]byte(got.out), &r); err != nil || r.After >= r.Before || r.Evidence != c.evidence || r.Claim != "cheaper" || r.Source != want {
			t.Errorf("%s: code %d, %v: %s", c.flag, got.code, err, got.out)
		}
		if text, err := os.ReadFile("out.pxl"); err != nil || string(text) != want {
			t.Errorf("%v: %s", err, text)
		}
	}
	if got := (world{}).run(t, "improve", "a.pxl"); got.code != exitFailed {
		t.Errorf("a file that is no program: code %d, %s", got.code, got.out)
	}
	for _, args := range [][]string{{"improve"}, {"improve", "b.pxl", "--evidence", "hope"}, {"improve", "b.pxl", "--proposers", "nobody"}} {
		if got := (world{}).run(t, args...); got.code != exitUsage {
			t.Errorf("%q: code %d, %s", args, got.code, got.errout)
		}
	}
}
