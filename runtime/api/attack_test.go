package api

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
)

// Every row is what somebody may send who should not get in, byte by byte, and
// the status that answers it; 0 is a connection closed without an answer.
func TestAttackTable(t *testing.T) {
	d := open(t, withStore(t))
	own := "Host: " + d.addr + "\r\n"
	const jsonType = "Content-Type: application/json\r\n"
	run := `{"source":"NOP"}`
	post := func(headers, body string) string {
		return fmt.Sprintf("POST /api/pixel/run HTTP/1.1\r\n%sContent-Length: %d\r\n\r\n%s", headers, len(body), body)
	}
	post3 := func(path, headers, body string) string {
		return strings.Replace(post(headers, body), "/api/pixel/run", path, 1)
	}
	get := func(path, headers string) string { return "GET " + path + " HTTP/1.1\r\n" + headers + "\r\n" }
	for _, row := range []struct {
		name    string
		request string
		status  int
	}{
		{"a program of this computer", post(own+jsonType, run), 200},
		{"localhost by name", post("Host: localhost:"+d.port()+"\r\n"+jsonType, run), 200},
		{"localhost, no port", post("Host: LOCALHOST\r\n"+jsonType, run), 200},
		{"another loopback address", get("/health", "Host: 127.8.9.1\r\n"), 200},
		{"IPv6 loopback", get("/health", "Host: [::1]:"+d.port()+"\r\n"), 200},
		{"our own page", post(own+jsonType+"Origin: http://"+d.addr+"\r\nSec-Fetch-Site: same-origin\r\n", run), 200},

		{"cross-site POST, simple: text/plain", post(own+"Content-Type: text/plain\r\nOrigin: http://evil.example\r\nSec-Fetch-Site: cross-site\r\n", run), 403},
		{"cross-site POST, simple: a form", post(own+"Content-Type: application/x-www-form-urlencoded\r\nOrigin: http://evil.example\r\n", "a=b"), 403},
		{"cross-site POST with JSON", post(own+jsonType+"Origin: http://evil.example\r\nSec-Fetch-Site: cross-site\r\n", run), 403},
		{"cross-site POST of an old browser", post(own+jsonType+"Origin: http://evil.example\r\n", run), 403},
		{"same-site POST, another port", post(own+jsonType+"Origin: http://127.0.0.1:1\r\nSec-Fetch-Site: same-site\r\n", run), 403},
		{"Origin: null", post(own+jsonType+"Origin: null\r\n", run), 403},
		{"Origin: null, from a sandbox", post(own+jsonType+"Origin: null\r\nSec-Fetch-Site: cross-site\r\n", run), 403},
		{"preflight", "OPTIONS /api/pixel/run HTTP/1.1\r\n" + own + "Origin: http://evil.example\r\nAccess-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: content-type\r\n\r\n", 405},
		{"preflight of a browser", "OPTIONS /api/pixel/run HTTP/1.1\r\n" + own + "Origin: http://evil.example\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: cors\r\nAccess-Control-Request-Method: POST\r\n\r\n", 403},
		{"preflight for the private network", "OPTIONS /api/pixel/run HTTP/1.1\r\n" + own + "Origin: http://evil.example\r\nSec-Fetch-Site: cross-site\r\nAccess-Control-Request-Private-Network: true\r\nAccess-Control-Request-Method: POST\r\n\r\n", 403},
		{"cross-site fetch of data", get("/status", own+"Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: empty\r\n"), 403},
		{"cross-site picture", get("/api/canvas/human.png", own+"Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: image\r\n"), 403},
		{"cross-site frame", get("/", own+"Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n"), 403},
		{"a link to the page", get("/", own+"Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n"), 200},

		{"DNS rebinding GET", get("/status", "Host: evil.example:"+d.port()+"\r\nSec-Fetch-Site: same-origin\r\n"), 421},
		{"DNS rebinding POST", post("Host: evil.example\r\nOrigin: http://evil.example\r\nSec-Fetch-Site: same-origin\r\n"+jsonType, run), 421},
		{"DNS rebinding to localhost.evil.example", get("/health", "Host: localhost.evil.example\r\n"), 421},
		{"DNS rebinding to 127.0.0.1.evil.example", get("/health", "Host: 127.0.0.1.evil.example\r\n"), 421},
		{"empty Host", get("/health", "Host: \r\n"), 421},
		{"Host of a port alone", get("/health", "Host: :"+d.port()+"\r\n"), 421},
		{"no Host, HTTP/1.0", "GET /health HTTP/1.0\r\n\r\n", 421},
		{"no Host, HTTP/1.1", get("/health", ""), 400},
		{"two Hosts", get("/health", own+"Host: evil.example\r\n"), 400},
		{"our name, another port", get("/health", "Host: localhost:1\r\n"), 421},
		{"our name, a port that is none", get("/health", "Host: localhost:x\r\n"), 421},
		{"our name, no port after the colon", get("/health", "Host: localhost:\r\n"), 421},
		{"all addresses", get("/health", "Host: 0.0.0.0:"+d.port()+"\r\n"), 421},
		{"an address in one number", get("/health", "Host: 2130706433\r\n"), 421},
		{"a user before the host", get("/health", "Host: localhost@evil.example\r\n"), 400},
		{"another host in the request line", get("http://evil.example/health", own), 421},

		{"1 GB body", "POST /api/pixel/run HTTP/1.1\r\n" + own + jsonType + "Content-Length: 1073741824\r\n\r\n{", 413},
		{"1 GB body for a GET", "GET /status HTTP/1.1\r\n" + own + "Content-Length: 1073741824\r\n\r\n{", 413},
		{"endless body", "POST /api/pixel/run HTTP/1.1\r\n" + own + jsonType + "Transfer-Encoding: chunked\r\n\r\n" + strings.Repeat("10000\r\n"+strings.Repeat(" ", 0x10000)+"\r\n", 70), 413},
		{"negative length", "POST /api/pixel/run HTTP/1.1\r\n" + own + jsonType + "Content-Length: -1\r\n\r\n", 400},
		{"two lengths", "POST /api/pixel/run HTTP/1.1\r\n" + own + jsonType + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ", 400},
		{"headers without end", "GET /health HTTP/1.1\r\n" + own + strings.Repeat("X: "+strings.Repeat("x", 1000)+"\r\n", 40), 431},

		{"a huge number", post(own+jsonType, `{"source":"NOP","max_cycles":1`+strings.Repeat("0", 100000)+`}`), 400},
		{"a huge exponent", post(own+jsonType, `{"source":"NOP","max_cycles":1e999999999}`), 400},
		{"not a number", post(own+jsonType, `{"source":"NOP","max_cycles":NaN}`), 400},
		{"deep lists", post(own+jsonType, strings.Repeat("[", 100000)), 400},
		{"deep objects", post(own+jsonType, strings.Repeat(`{"source":`, 100000)), 400},
		{"a huge number in what is not read", post(own+jsonType, `{"source":"NOP","x":1`+strings.Repeat("0", 60)+`}`), 400},
		{"deep in what is not read", post(own+jsonType, `{"source":"NOP","x":`+strings.Repeat("[", 40)+strings.Repeat("]", 40)+`}`), 400},
		{"not JSON by type", post(own+"Content-Type: text/plain\r\n", run), 415},
		{"JSON in another type's clothes", post(own+"Content-Type: text/plain; x=application/json\r\n", run), 415},
		{"no type", post(own, run), 415},
		{"UTF-16", post(own+"Content-Type: application/json; charset=utf-16\r\n", run), 415},

		{"a method of the wrong path", "DELETE /api/pixel/run HTTP/1.1\r\n" + own + "\r\n", 405},
		{"a change by GET", get("/api/pixel/run", own), 405},
		{"TRACE", "TRACE / HTTP/1.1\r\n" + own + "\r\n", 405},
		{"CONNECT", "CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n", 421},
		{"everything", "OPTIONS * HTTP/1.1\r\n" + own + "\r\n", 404},
		{"not HTTP", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400},
		{"HTTP/2 without an upgrade", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 421},

		{"path traversal", get("/api/cartridges/../../etc/passwd", own), 404},
		{"path traversal, escaped", get("/api/cartridges/..%2f..%2fetc%2fpasswd", own), 404},
		{"path traversal, escaped twice", get("/api/cartridges/%252e%252e%252fpasswd", own), 404},
		{"path traversal, backslashes", get(`/api/cartridges/..%5c..%5cpasswd`, own), 404},
		{"an absolute path", get("/api/cartridges/%2fetc%2fpasswd", own), 404},
		{"a NUL in an id", get("/api/cartridges/a%00.png", own), 404},
		{"header splitting", get("/api/cartridges/a%0d%0aX-Injected:%20yes", own), 404},
		{"a bare CR in a header", get("/health", own+"X: a\rX-Injected: yes\r\n"), 400},
		{"a path for an id, in a body", post3("/api/execute", own+jsonType, `{"code":"../db/daemon"}`), 404},
		{"an absolute path in a body", post3("/api/execute", own+jsonType, `{"code":"/etc/passwd"}`), 404},
		{"a path for a new id", post3("/api/cartridges", own+jsonType, `{"id":"../x","name":"x","code":"NOP"}`), 422},
		{"a path to write to", "PUT /api/cartridges/..%2fx HTTP/1.1\r\n" + own + jsonType + "Content-Length: 25\r\n\r\n" + `{"name":"x","code":"NOP"}`, 404},
		{"a path to delete", "DELETE /api/cartridges/..%2fdb%2fdaemon HTTP/1.1\r\n" + own + "\r\n", 404},
		{"a picture by path", get("/api/runs/..%2f..%2fdb/human.png", own), 404},
		{"SQL for an id", get("/api/runs/1%20OR%201=1/human.png", own), 404},
		{"SQL for a page", get("/api/runs?before=1;DROP%20TABLE%20x", own), 400},
		{"a doubled slash", get("//evil.example/health", own), 404},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := d.plain(row.request); got != row.status {
				t.Errorf("the answer is %d, want %d", got, row.status)
			}
		})
	}
}

// No answer, not even a refusal, may be read, framed or kept by another site, or
// carry what a request put into it as a header.
func TestNoAnswerIsForAnotherSite(t *testing.T) {
	d := open(t, testConfig())
	for _, path := range []string{"/", "/health", "/status", "/api/pixel/backends", "/api/nothing", "/api/openapi.json", "/api/cartridges/a%0d%0aX-Injected:%20yes"} {
		res, _ := d.do("GET", path, nil, func(r *http.Request) { r.Header.Set("Origin", "http://evil.example") })
		for name := range res.Header {
			if strings.HasPrefix(name, "Access-Control-") || name == "X-Injected" {
				t.Errorf("%s answers with %s", path, name)
			}
		}
		if res.Header.Get("X-Content-Type-Options") != "nosniff" || res.Header.Get("Cross-Origin-Resource-Policy") != "same-origin" ||
			!strings.Contains(res.Header.Get("Content-Security-Policy"), "default-src 'none'") ||
			!strings.Contains(res.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
			t.Errorf("%s lacks a header that keeps others out: %v", path, res.Header)
		}
	}
}

func TestTheTokenIsAskedForWhereThereIsOne(t *testing.T) {
	c := testConfig()
	token := strings.Repeat("5", 64)
	c.Token = always(token)
	d := open(t, c)
	bearer := func(token string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Authorization", token) }
	}
	for _, wrong := range []string{"", "Bearer", "Bearer x", "Basic " + token, "Bearer " + token + "5", token} {
		d.want(401, "GET", "/status", nil, bearer(wrong))
		d.want(401, "POST", "/api/pixel/run", m{"source": hello}, bearer(wrong))
	}
	d.want(200, "GET", "/status", nil, bearer("Bearer "+token))
	d.want(200, "POST", "/api/pixel/run", m{"source": hello}, bearer("bearer  "+token))
	for _, path := range []string{"/health", "/"} {
		if res, _ := d.do("GET", path, nil); res.StatusCode != 200 {
			t.Errorf("%s: %s", path, res.Status)
		}
	}
}

func TestTheTokenIsItsOwnersAlone(t *testing.T) {
	dir := t.TempDir()
	first, err := LoadToken(dir)
	if err != nil || len(first) != 64 {
		t.Fatalf("%q %v", first, err)
	}
	path := filepath.Join(dir, "token")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v %v", info.Mode(), err)
	}
	if again, err := LoadToken(dir); err != nil || again != first {
		t.Errorf("the token changed: %v", err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if told, err := LoadToken(dir); err != nil || told == first {
		t.Errorf("a token that others may have read is kept: %v", err)
	}
	if _, err := LoadToken(filepath.Join(dir, "none")); err == nil {
		t.Error("a token in a folder that is not there")
	}
}

func TestOtherComputersNeedTheToken(t *testing.T) {
	s, err := New(testConfig())
	if err != nil {
		t.Fatal(err)
	}
	for _, addr := range []string{"0.0.0.0:0", ":0", "[::]:0"} {
		if _, err := s.Listen(addr); !errors.Is(err, ErrOpen) {
			t.Errorf("listening on %s: %v", addr, err)
		}
	}
	if _, err := s.Listen("nowhere"); err == nil || !strings.Contains(err.Error(), DefaultAddr) {
		t.Errorf("listening on nowhere: %v", err)
	}
	// With one, they may call this computer by an address or a name it is given.
	c := testConfig()
	c.Token, c.Hosts = always("token"), []string{"studio.lan"}
	if s, err = New(c); err != nil {
		t.Fatal(err)
	}
	local := &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 8081}
	for host, want := range map[string]bool{
		"192.0.2.1:8081": true, "studio.lan": true, "STUDIO.lan:8081": true, "localhost:8081": true,
		"192.0.2.1:80": false, "evil.example:8081": false, "": false, "192.0.2.1.evil.example": false,
	} {
		r, err := http.NewRequestWithContext(context.WithValue(t.Context(), http.LocalAddrContextKey, local), "GET", "/", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		if got := s.hostAllowed(r); got != want {
			t.Errorf("Host %q: %v", host, got)
		}
	}
}

func TestABusyPortIsASentence(t *testing.T) {
	d := open(t, testConfig())
	_, err := d.Listen(d.addr)
	if !errors.Is(err, ErrBusy) || !strings.Contains(err.Error(), d.addr) {
		t.Errorf("%v", err)
	}
}

// A stuck engine runs until it is let go.
type stuck struct {
	labelled
	running chan<- struct{}
	release <-chan struct{}
}

func (e stuck) Load(ctx context.Context, p isa.Program, seed int32) error {
	e.running <- struct{}{}
	<-e.release
	return e.labelled.Load(ctx, p, seed)
}

func TestOnlySomeRunAtOnceAndSomeWait(t *testing.T) {
	c := testConfig()
	c.Runs, c.Waiting = 1, 2
	running, release := make(chan struct{}, 8), make(chan struct{})
	c.Engine = func(engine.Kind) (engine.Engine, error) {
		return stuck{labelled{engine.NewCPU()}, running, release}, nil
	}
	d := open(t, c)
	statuses := make(chan int, 3)
	post := func() {
		res, _ := d.do("POST", "/api/pixel/run", m{"source": hello})
		statuses <- res.StatusCode
	}
	go post()
	<-running
	for range c.Waiting { // one after the other has come to wait
		go post()
	}
	full := make(chan struct{})
	go func() { // they take their places in their own time
		for len(d.queue.waiting) < c.Waiting {
			d.do("GET", "/health", nil)
		}
		close(full)
	}()
	<-full
	res, b := d.do("POST", "/api/pixel/run", m{"source": hello})
	if res.StatusCode != 429 || res.Header.Get("Retry-After") == "" {
		t.Errorf("one too many: %s %s", res.Status, b)
	}
	if v := d.want(200, "GET", "/status", nil); v["runs_in_hand"] != 1.0 || v["runs_waiting"] != 2.0 {
		t.Errorf("in hand %v, waiting %v", v["runs_in_hand"], v["runs_waiting"])
	}
	close(release)
	for range 1 + c.Waiting {
		if status := <-statuses; status != 200 {
			t.Errorf("a run that had its turn: %d", status)
		}
	}
}

func TestMemoryIsSharedAndGivenBack(t *testing.T) {
	c := testConfig()
	c.limits.memory = 8 << 20
	d := open(t, c)
	res, b := d.do("POST", "/api/pixel/run", m{"source": ".canvas 1024 1024\n"})
	if res.StatusCode != 503 || res.Header.Get("Retry-After") == "" {
		t.Errorf("a run that does not fit: %s %.200s", res.Status, b)
	}
	for range 20 {
		d.want(200, "POST", "/api/pixel/run", m{"source": hello})
	}
	d.stop()
	if d.quota.free != c.limits.memory {
		t.Errorf("%d bytes are missing", c.limits.memory-d.quota.free)
	}
}

func TestHealthAnswersBesideSlowConnections(t *testing.T) {
	d := open(t, testConfig())
	for i := range 1000 {
		c, err := net.Dial("tcp", d.addr)
		if err != nil {
			t.Fatalf("connection %d: %v", i, err)
		}
		defer c.Close()
		if _, err := io.WriteString(c, "POST /api/pixel/run HTTP/1.1\r\nHost: loc"); err != nil {
			t.Fatal(err)
		}
	}
	if res, _ := d.do("GET", "/health", nil); res.StatusCode != 200 {
		t.Errorf("%s", res.Status)
	}
}

// A panic is a defect, and none of the handlers has one; if one had, its caller
// would get an answer, and the next would not notice.
func TestAPanicIsAnAnswer(t *testing.T) {
	c := testConfig()
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	h := s.guard(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("a defect") }))
	r, err := http.NewRequest("GET", "http://localhost/", bytes.NewReader(nil))
	if err != nil {
		t.Fatal(err)
	}
	w := newRecorder()
	h.ServeHTTP(w, r)
	if w.status != 500 || !strings.Contains(w.body.String(), `"success":false`) || strings.Contains(w.body.String(), "defect") {
		t.Errorf("%d %s", w.status, w.body.String())
	}
}

type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func newRecorder() *recorder                    { return &recorder{header: http.Header{}} }
func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }
