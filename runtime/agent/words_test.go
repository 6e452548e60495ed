package agent

import (
	"context"
	"strings"
	"testing"
	"time"

	"gvpie/runtime/agent/sandbox"
	"gvpie/runtime/store"
)

// People ask with substr(result, 1, 100) and stderr what happened, and are told in
// words.
func TestRowsSayInWordsWhatHappened(t *testing.T) {
	r := newRig(t)
	traceback := "Traceback (most recent call last):\n" + strings.Repeat("  File \"script.py\", line 7, in <module>\n    once_more(and_once_more)\n", 9) +
		"NameError: name 'and_once_more' is not defined\n"
	wrote := map[string]sandbox.Result{
		"traceback": {Stderr: traceback, ExitCode: 1, Confined: []string{"seccomp"}},
		"said":      {Stderr: strings.Repeat("a warning\n", 40) + "no such planet\n", ExitCode: 3, Confined: []string{"seccomp"}},
		"silent":    {ExitCode: 2, Confined: []string{"seccomp"}},
		"fine":      {Stdout: "42\n", Confined: []string{"seccomp"}},
	}
	a := New(r.cfg)
	a.runners["python"] = func(_ context.Context, _ *resources, s store.Script, _ *scriptHistory) (o outcome) {
		o.judge(wrote[s.Name], time.Second)
		return o
	}
	for _, c := range []struct{ name, lang, code, result, stderr string }{
		{"traceback", "python", "", `{"lang":"python","status":"exited","exit":1,"error":{"code":"exit","message":"NameError: name 'and_o`, "NameError: name 'and_once_more' is not defined"},
		{"said", "python", "", `"exit":3,"error":{"code":"exit","message":"no such planet"}`, "\n…\nno such planet"},
		{"silent", "python", "", `"exit":2,"error":{"code":"exit","message":"exit code 2"}`, "exit code 2"},
		{"fine", "python", "", `{"lang":"python","status":"exited","exit":0}`, ""},
		{"fault", "pixel", "SET x 0\nLOG {1 / x}\nHALT", `{"lang":"pixel","status":"error","error":{"code":"div_by_zero","line":2,`, "1 is divided by zero"},
		{"typo", "pixel", "HALTT", `{"lang":"pixel","status":"not_assembled","error":{"code":"`, "typo.pxl:1:1: "},
		{"good", "pixel", "HALT", `{"lang":"pixel","status":"halted","cycles":`, ""},
		{"missing", "cartridge", "nothing.png", `{"lang":"cartridge","status":"refused","error":{"code":"refused","message":"there is no file `, "there is no file"},
	} {
		s := r.only(c.name, c.lang, c.code)
		if _, err := a.execute(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		var result, stderr string
		if err := r.sql().QueryRow("SELECT substr(result, 1, 100), (SELECT stderr FROM improvement_runs ORDER BY id DESC LIMIT 1) FROM infinite_map ORDER BY id DESC LIMIT 1").Scan(&result, &stderr); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(result, c.result) || !strings.Contains(stderr, c.stderr) {
			t.Errorf("%s: result %q, stderr %q", c.name, result, stderr)
		}
	}
	if run := r.runs("traceback")[0]; run.Stderr != traceback {
		t.Errorf("the whole traceback is %q", run.Stderr)
	}
}
