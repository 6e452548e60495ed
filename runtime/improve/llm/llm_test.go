package llm

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"gvpie/runtime/improve"
)

const program = "CLS 1\nCLS 1\nHALT\n"

func parent(t *testing.T) *improve.Program {
	t.Helper()
	p, err := improve.Load("a.pxl", program)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// A server answers as it is told, and keeps what it was asked.
type server struct {
	*httptest.Server
	mu    sync.Mutex
	asked []map[string]any
	keys  []string
}

func serve(t *testing.T, answer func(n int, w http.ResponseWriter)) *server {
	s := &server{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body map[string]any
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Errorf("it was sent no JSON: %v", err)
		}
		body["path"] = r.URL.Path
		s.mu.Lock()
		s.asked = append(s.asked, body)
		s.keys = append(s.keys, r.Header.Get("Authorization"))
		n := len(s.asked)
		s.mu.Unlock()
		answer(n, w)
	}))
	t.Cleanup(s.Close)
	return s
}

// calls is how often it was asked.
func (s *server) calls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.asked)
}

// says answers in a shape with a text.
func says(shape Shape, text string) string {
	b, _ := json.Marshal(text)
	if shape == Ollama {
		return fmt.Sprintf(`{"message":{"role":"assistant","content":%s},"done":true,"prompt_eval_count":30,"eval_count":12}`, b)
	}
	return fmt.Sprintf(`{"choices":[{"message":{"role":"assistant","content":%s}}],"usage":{"total_tokens":42}}`, b)
}

// object is the answer that is asked for, with what was not beside it.
func object(program string) string {
	b, _ := json.Marshal(map[string]any{"what": "one CLS is enough", "program": program, "cost": "776E8422"})
	return string(b)
}

// propose asks a server once, and gives what a person was told.
func propose(t *testing.T, c Config) (all []improve.Candidate, told []string) {
	t.Helper()
	c.Told = func(s string) { told = append(told, s) }
	if c.Model == "" {
		c.Model = "small"
	}
	p, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return p.Propose(t.Context(), parent(t), improve.Job{Seed: 7}), told
}

func TestBothShapesAreSpoken(t *testing.T) {
	for shape, path := range map[Shape]string{Ollama: "/api/chat", OpenAI: "/v1/chat/completions"} {
		s := serve(t, func(_ int, w http.ResponseWriter) { fmt.Fprint(w, says(shape, object("CLS 1\nHALT\n"))) })
		tape := &Tape{}
		all, told := propose(t, Config{Endpoint: Endpoint{URL: s.URL + "/v1/", Shape: shape, Key: "secret"}, Tape: tape, Reference: "CLS clears."})
		if len(all) != 1 || all[0].Source != "CLS 1\nHALT\n" || all[0].Step != "a model's own words: one CLS is enough" || all[0].Evidence != improve.NoEvidence {
			t.Fatalf("%s: %+v, %q", shape, all, told)
		}
		ask := s.asked[0]
		if ask["path"] != path || ask["model"] != "small" || s.keys[0] != "Bearer secret" {
			t.Errorf("%s: %v with %q", shape, ask, s.keys[0])
		}
		if _, thinks := ask["think"]; thinks {
			t.Errorf("%s: it is told whether to think, and then ignores the schema", shape)
		}
		text, _ := json.Marshal(ask["messages"])
		if !strings.Contains(string(text), "CLS clears.") || !strings.Contains(string(text), `CLS 1\nCLS 1`) {
			t.Errorf("%s: neither the language nor the program is in %s", shape, text)
		}
		if calls, tokens := tape.used(time.Now()); calls != 1 || tokens != 42 {
			t.Errorf("%s: %d calls of %d tokens are counted", shape, calls, tokens)
		}
	}
}

// What does not assemble goes back with what is wrong, three times and no more.
func TestAnAnswerIsMendedThreeTimesAtMost(t *testing.T) {
	s := serve(t, func(n int, w http.ResponseWriter) {
		text := object("CSL 1\n")
		if n == 3 {
			text = object("CLS 1\nHALT")
		}
		fmt.Fprint(w, says(OpenAI, text))
	})
	all, _ := propose(t, Config{Endpoint: Endpoint{URL: s.URL}})
	if len(all) != 1 || s.calls() != 3 {
		t.Fatalf("%d answers led to %+v", s.calls(), all)
	}
	text, _ := json.Marshal(s.asked[2]["messages"])
	if !strings.Contains(string(text), "That does not assemble: ") || !strings.Contains(string(text), "CSL") {
		t.Errorf("it was told %s", text)
	}
	bad := serve(t, func(_ int, w http.ResponseWriter) { fmt.Fprint(w, says(OpenAI, object("CSL 1\n"))) })
	if all, told := propose(t, Config{Endpoint: Endpoint{URL: bad.URL}}); len(all) > 0 || bad.calls() != 4 || len(told) != 1 {
		t.Errorf("%d answers, %q", bad.calls(), told)
	}
}

// Whatever an endpoint does, it costs its own call, and a person is told in a sentence.
func TestBadEndpoints(t *testing.T) {
	hang := make(chan struct{})
	defer close(hang)
	for _, tt := range []struct {
		name   string
		answer func(n int, w http.ResponseWriter)
		want   string // in what is told
	}{
		{"hangs", func(_ int, w http.ResponseWriter) { <-hang }, "did not answer within"},
		{"hangs in the middle", func(_ int, w http.ResponseWriter) {
			fmt.Fprint(w, `{"choices":`)
			w.(http.Flusher).Flush()
			<-hang
		}, "did not answer within"},
		{"floods", func(_ int, w http.ResponseWriter) { fmt.Fprint(w, strings.Repeat(" ", bytesMost+2)) }, "more than 1048576 bytes"},
		{"HTML", func(_ int, w http.ResponseWriter) { fmt.Fprint(w, "<html><body>hello") }, "a web page: is it a model's server: <html><body>hello"},
		{"garbled", func(_ int, w http.ResponseWriter) { fmt.Fprint(w, "\x00\xff{") }, "what is no JSON"},
		{"503", func(_ int, w http.ResponseWriter) { w.WriteHeader(503); fmt.Fprint(w, "loading\nmodel") }, "503 Service Unavailable: loading model"},
		{"the other shape", func(_ int, w http.ResponseWriter) { fmt.Fprint(w, says(Ollama, object(program))) }, "JSON of another shape than openai's"},
		{"white space", func(_ int, w http.ResponseWriter) { fmt.Fprint(w, says(OpenAI, " \n\t ")) }, "gave no program that assembles in 4 answers"},
		{"words", func(_ int, w http.ResponseWriter) { fmt.Fprint(w, says(OpenAI, "Certainly! I would be happy to.")) }, "gave no program"},
		{"nothing", func(_ int, w http.ResponseWriter) { fmt.Fprint(w, says(OpenAI, `{"what":"","program":""}`)) }, "gave no program"},
	} {
		s := serve(t, tt.answer)
		c := Config{Endpoint: Endpoint{URL: s.URL, Key: "secret"}}
		if strings.HasPrefix(tt.name, "hangs") {
			c.Deadline = time.Millisecond
		}
		all, told := propose(t, c)
		if len(all) > 0 || len(told) != 1 || !strings.Contains(told[0], tt.want) || strings.Contains(told[0], "secret") {
			t.Errorf("%s: %+v, %q", tt.name, all, told)
		}
	}
}

func TestAProgramInAFenceIsTaken(t *testing.T) {
	s := serve(t, func(_ int, w http.ResponseWriter) {
		fmt.Fprint(w, says(OpenAI, "Here it is:\n```pxl\nCLS 1\nHALT\n```\nIt is shorter."))
	})
	if all, told := propose(t, Config{Endpoint: Endpoint{URL: s.URL}}); len(all) != 1 || all[0].Source != "CLS 1\nHALT\n" {
		t.Errorf("%+v, %q", all, told)
	}
}

// What was answered once is answered from the tape, to another process too; the tape is
// its owner's, and a line that was cut short harms no other.
func TestATapeAnswersForTheModel(t *testing.T) {
	s := serve(t, func(_ int, w http.ResponseWriter) { fmt.Fprint(w, says(OpenAI, object("CLS 1\nHALT\n"))) })
	path := filepath.Join(t.TempDir(), "llm.jsonl")
	if err := os.WriteFile(path, []byte(`{"asked":"cut sho`), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		tape, err := OpenTape(path, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		if all, told := propose(t, Config{Endpoint: Endpoint{URL: s.URL, Key: "secret"}, Tape: tape}); len(all) != 1 {
			t.Errorf("%+v, %q", all, told)
		}
	}
	if s.calls() != 1 {
		t.Errorf("the model was asked %d times", s.calls())
	}
	b, err := os.ReadFile(path)
	if err != nil || strings.Contains(string(b), "secret") {
		t.Errorf("%v, %s", err, b)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	tape, err := OpenTape(path, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	propose(t, Config{Endpoint: Endpoint{URL: s.URL}, Tape: tape})
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 && os.PathSeparator == '/' {
		t.Errorf("others may read the tape: %v", info.Mode())
	}
}

// No more is asked than a day allows; the next day it goes on.
func TestADayHasItsMost(t *testing.T) {
	s := serve(t, func(_ int, w http.ResponseWriter) { w.WriteHeader(500) })
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	c := Config{Endpoint: Endpoint{URL: s.URL}, Tape: &Tape{}, Calls: 2, Now: func() time.Time { return now }}
	for range 3 {
		propose(t, c)
	}
	if _, told := propose(t, c); s.calls() != 2 || !strings.Contains(told[0], "was asked 2 times today") {
		t.Errorf("%d times, %q", s.calls(), told)
	}
	now = now.Add(24 * time.Hour)
	if propose(t, c); s.calls() != 3 {
		t.Errorf("on the next day it was asked %d times in all", s.calls())
	}
	rich := serve(t, func(_ int, w http.ResponseWriter) { fmt.Fprint(w, says(OpenAI, object(program))) })
	c = Config{Endpoint: Endpoint{URL: rich.URL}, Tape: &Tape{}, Tokens: 42}
	propose(t, c)
	c.Goal = "another question"
	if _, told := propose(t, c); rich.calls() != 1 || !strings.Contains(told[0], "has used 42 tokens today, of 42") {
		t.Errorf("%d times, %q", rich.calls(), told)
	}
}

// It is not asked where what it says could not be believed, and not for ever.
func TestAModelIsNotAskedInVain(t *testing.T) {
	s := serve(t, func(_ int, w http.ResponseWriter) { fmt.Fprint(w, says(OpenAI, object(program))) })
	p, err := New(Config{Endpoint: Endpoint{URL: s.URL, Model: "small"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, job := range []improve.Job{{Proved: true}, {Round: rounds}} {
		if all := p.Propose(t.Context(), parent(t), job); len(all) > 0 || s.calls() > 0 {
			t.Errorf("%+v: it was asked", job)
		}
	}
}

func TestWhatIsNoEndpoint(t *testing.T) {
	for _, e := range []Endpoint{{}, {URL: "localhost:11434", Model: "m"}, {URL: "ftp://x", Model: "m"}, {URL: "http://me:secret@x", Model: "m"}, {URL: "http://x"}, {URL: "http://x", Model: "m", Shape: "soap"}} {
		if _, err := New(Config{Endpoint: e}); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%+v: %v", e, err)
		}
	}
	e := Endpoint{URL: "http://127.0.0.1:11434", Model: "m"}
	if err := e.Check(); err != nil || e.Shape != Ollama {
		t.Errorf("%+v, %v", e, err)
	}
}

func TestAKeyIsForItsOwnerAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(path, []byte(" secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := func(k string) string { return map[string]string{"GVPIE_LLM_KEY_FILE": path}[k] }
	if k, err := Key(env); k != "secret" || err != nil {
		t.Errorf("%q, %v", k, err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if k, err := Key(env); os.PathSeparator == '/' && (k != "" || err == nil || !strings.Contains(err.Error(), "chmod 600")) {
		t.Errorf("%q, %v", k, err)
	}
}
