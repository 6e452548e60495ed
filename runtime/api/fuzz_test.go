package api

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"
)

// A fuzzed server is asked without a network in between; what comes in has
// passed for a program of this computer.
func fuzzed(f *testing.F) *Server {
	c := withStore(f)
	c.limits.run, c.limits.memory = 100*time.Millisecond, 64<<20
	s, err := New(c)
	if err != nil {
		f.Fatal(err)
	}
	return s
}

// ask sends a request and fails on what no request may do: a panic, which the
// guard turns into 500; any other 500; an answer that is not what it says.
func (s *Server) ask(t *testing.T, method, path, body string) *httptest.ResponseRecorder {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, "http://localhost", strings.NewReader(body))
	if err != nil {
		t.Skip("no request at all")
	}
	if r.URL, err = url.ParseRequestURI(path); err != nil {
		t.Skip("no path at all")
	}
	r.RequestURI = path
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	if w.Code >= 500 && w.Code != http.StatusServiceUnavailable {
		t.Fatalf("%s %q with %q: %d %s", method, path, body, w.Code, w.Body)
	}
	if w.Header().Get("Content-Type") == "application/json" {
		var v m
		if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
			t.Fatalf("%s %q with %q answers %.300q: %v", method, path, body, w.Body.String(), err)
		}
		if w.Code >= 400 && (v["success"] != false || v["error"] == "" || v["error"] == nil) {
			t.Fatalf("%s %q with %q: a refusal is {success: false, error}, not %v", method, path, body, v)
		}
	}
	if s.quota.free != s.limits.memory || len(s.queue.slots) != 0 {
		t.Fatalf("%s %q with %q: %d bytes and %d turns are not given back", method, path, body, s.limits.memory-s.quota.free, len(s.queue.slots))
	}
	return w
}

// bodies fuzzes a call by its whole body.
func bodies(f *testing.F, method, path string, seeds ...string) {
	s := fuzzed(f)
	for _, seed := range append(seeds, "", "{}", "[]", "null", "0", `{"source":null,"code":null,"name":null}`, strings.Repeat("[", 50), `{"source":"\ud800"}`, "{\"a\":\"\x00\"}") {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) { s.ask(t, method, path, body) })
}

func FuzzAssemble(f *testing.F) {
	bodies(f, "POST", "/api/pixel/assemble", `{"source":"TXT 1 1 A\nHALT"}`, `{"source":".canvas 0 0"}`, `{"source":"EACH\nPUT px\nEND"}`)
}

func FuzzRun(f *testing.F) {
	bodies(f, "POST", "/api/pixel/run",
		`{"source":"TXT 1 1 A\nHALT","backend":"gpu","max_cycles":10,"canvas_width":3,"canvas_height":3,"include":["human_png","machine_png"]}`,
		`{"program":[{"r":80,"g":88,"b":76,"a":1},{"r":8,"g":0,"b":8,"a":0},{},{"r":8},{"r":8},{},{},{}],"backend":"CPU"}`,
		`{"source":".canvas 9 9 pixel\nEACH\nPUT px\nEND\nFRAME","frames":3,"seed":-5,"canvas_width":1}`,
		`{"source":"a:\nJMP a"}`, `{"program":[{"r":300}]}`, `{"source":"NOP","max_cycles":-1}`, `{"source":"\ufeff.canvas 2 2","canvas_width":4}`)
}

// FuzzRunProgram runs words that no assembler made.
func FuzzRunProgram(f *testing.F) {
	s := fuzzed(f)
	f.Add([]byte{80, 88, 76, 1, 8, 0, 8, 0, 0, 0, 0, 0, 8, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0}, 8)
	f.Fuzz(func(t *testing.T, b []byte, width int) {
		program := []m{}
		for i := 0; i+4 <= len(b) && i < 4096; i += 4 {
			program = append(program, m{"r": b[i], "g": b[i+1], "b": b[i+2], "a": b[i+3]})
		}
		body, err := json.Marshal(m{"program": program, "canvas_width": width % 64, "canvas_height": 16})
		if err != nil {
			t.Fatal(err)
		}
		s.ask(t, "POST", "/api/pixel/run", string(body))
	})
}

func FuzzCartridges(f *testing.F) {
	bodies(f, "POST", "/api/cartridges", `{"id":"x","name":"x","code":"NOP","tags":["a"]}`, `{"name":"../x","code":"text"}`, `{"id":"..","name":"x","code":"x"}`)
}

func FuzzReplaceCartridge(f *testing.F) {
	bodies(f, "PUT", "/api/cartridges/x", `{"name":"x","code":"NOP"}`, `{"id":"y","name":"x","code":"NOP"}`)
}

func FuzzExecute(f *testing.F) {
	bodies(f, "POST", "/api/execute", `{"code":"x"}`, `{"code":"../../x"}`, `{"code":"1","frames":2,"backend":"Auto"}`)
}

func FuzzScripts(f *testing.F) {
	bodies(f, "POST", "/api/scripts", `{"name":"x","code":"NOP"}`, `{"name":"x","lang":"python","code":"1","replace":true,"enabled":false}`)
}

func FuzzGoals(f *testing.F) {
	bodies(f, "POST", "/api/goals", `{"goal":"x"}`, `{"goal":"x","priority":3.0}`)
}

// FuzzPath asks for anything anywhere.
func FuzzPath(f *testing.F) {
	s := fuzzed(f)
	for _, path := range []string{
		"/", "/health", "/status", "/api/openapi.json", "/api/canvas/human.png", "/api/canvas/machine.png", "/api/pixel/backends", "/api/runs?before=1&limit=2",
		"/api/runs/1/human.png", "/api/runs/x/machine.png", "/api/cartridges/x", "/api/cartridges/%2e%2e", "/api/scripts?limit=%00", "/api/map?before=;", "/api/metrics?a=b&before=-1",
		"/api/cartridges/a%0d%0aX:y", "*", "//", "/api//x", "/%", "/api/goals?" + strings.Repeat("&", 100),
	} {
		for _, method := range []string{"GET", "HEAD", "POST", "DELETE", "OPTIONS", "X"} {
			f.Add(method, path)
		}
	}
	f.Fuzz(func(t *testing.T, method, path string) {
		if u, err := url.ParseRequestURI(path); err != nil || u.Path == "/api/events" {
			t.Skip("the events do not end")
		}
		w := s.ask(t, method, path, "")
		for name := range w.Header() {
			if strings.HasPrefix(name, "Access-Control") || name == "X" {
				t.Fatalf("%s %q answers with the header %s", method, path, name)
			}
		}
	})
}

// FuzzHost: whatever name a request calls this computer by, it comes in with a
// loopback name or address, or not at all.
func FuzzHost(f *testing.F) {
	s := fuzzed(f)
	for _, host := range []string{"localhost", "127.0.0.1", "[::1]", "localhost:1", "evil.example", "", "127.0.0.1.example", "[::ffff:127.0.0.1]", "[::1%lo]", "127.1", "localhost.", "[", "]:", "::1"} {
		f.Add(host)
	}
	f.Fuzz(func(t *testing.T, host string) {
		r := httptest.NewRequest("GET", "/health", nil)
		r.Host = host
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		inside := host // a port is nobody's here: this handler listens nowhere
		if strings.HasPrefix(host, "[") && strings.HasSuffix(host, "]") {
			inside = host[1 : len(host)-1]
		}
		addr, err := netip.ParseAddr(inside)
		known := strings.EqualFold(host, "localhost") || err == nil && addr.Unmap().IsLoopback()
		if w.Code == http.StatusOK && !known || w.Code != http.StatusOK && w.Code != http.StatusMisdirectedRequest {
			t.Fatalf("Host %q: %d", host, w.Code)
		}
	})
}
