package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A model's program is offered where it is equal and cheaper, and only then; its words
// are told as its own.
func TestAModelsProgramIsCheckedLikeAnyOther(t *testing.T) {
	wasteful := "SET A 3\nSET A A * 7\nIF A == 21\nRECT 4 4 9 9 A\nRECT 4 4 9 9 A\nEND\nHALT\n"
	for _, tt := range []struct {
		answer, want string // evidence; "" for no offer
	}{
		{"RECT 4 4 9 9 21\nHALT\n", "complete"},
		{"RECT 4 4 9 8 21\nHALT\n", ""}, // cheaper, and another picture
	} {
		inFolder(t, map[string]string{"a.pxl": wasteful})
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			said, _ := json.Marshal(map[string]string{"what": "it is always 21", "program": tt.answer})
			text, _ := json.Marshal(string(said))
			fmt.Fprintf(w, `{"choices":[{"message":{"role":"assistant","content":%s}}]}`, text)
		}))
		defer s.Close()
		got := world{}.run(t, "improve", "--json", "--llm", s.URL, "--llm-model", "small", "--proposers", "llm", "a.pxl")
		var r improveReport
		if err := json.Unmarshal([]byte(got.out), &r); err != nil {
			t.Fatalf("%v: %+v", err, got)
		}
		switch {
		case tt.want == "" && (r.Evidence != nil || r.After != r.Before):
			t.Errorf("another picture is offered: %+v", r)
		case tt.want != "" && (r.Evidence == nil || *r.Evidence != tt.want || r.Source != tt.answer || strings.Join(r.Steps, "") != "a model's own words: it is always 21"):
			t.Errorf("%+v", r)
		}
	}
}

func TestAModelNeedsAServerAndAName(t *testing.T) {
	inFolder(t, map[string]string{"a.pxl": "HALT\n"})
	for _, tt := range []struct{ flags, want string }{
		{"--proposers llm", "the proposer llm needs a server: --llm URL"},
		{"--llm-model small", "--llm-model and --llm-tape are of a server: --llm URL"},
		{"--llm here --llm-model small", `--llm: "here" is no address of a model's server: it is one as http://127.0.0.1:11434`},
		{"--llm http://127.0.0.1:1", "--llm: which model? the server may have several"},
	} {
		got := world{}.run(t, append([]string{"improve", "a.pxl"}, strings.Fields(tt.flags)...)...)
		if line, _, _ := strings.Cut(got.errout, "\n"); got.code != exitUsage || line != "gvpie: "+tt.want {
			t.Errorf("%s: exit code %d, %s", tt.flags, got.code, line)
		}
	}
}
