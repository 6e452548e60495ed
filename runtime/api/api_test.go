package api

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"gvpie/runtime/engine"
	"gvpie/runtime/isa"
	"gvpie/runtime/pxl"
	"gvpie/runtime/store"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const hello = "TXT 10 10 HELLO GPU\nHALT\n"

// A labelled engine is a CPU engine that says it is a GPU: every engine gives
// the same bits, so only the name tells.
type labelled struct{ engine.Engine }

func (labelled) Kind() engine.Kind { return engine.GPU }
func (labelled) Adapter() string   { return "test adapter" }

func testConfig() Config {
	return Config{
		Version: "test",
		Engine: func(k engine.Kind) (engine.Engine, error) {
			if k == engine.GPU {
				return labelled{engine.NewCPU()}, nil
			}
			return engine.NewCPU(), nil
		},
		GPU:    func() (string, bool) { return "test adapter", true },
		limits: defaultLimits,
	}
}

// withStore is testConfig with a database of its own.
func withStore(t testing.TB) Config {
	t.Helper()
	db, _, err := store.Open(t.Context(), t.TempDir(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	c := testConfig()
	c.Store = db
	return c
}

// A client speaks to a Server that listens on a loopback port.
type client struct {
	*Server
	t      testing.TB
	addr   string
	client *http.Client
	stop   func()
}

func open(t testing.TB, c Config) *client {
	t.Helper()
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	l, err := s.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l) }()
	transport := &http.Transport{MaxIdleConnsPerHost: 16}
	d := &client{Server: s, t: t, addr: l.Addr().String(), client: &http.Client{Transport: transport}}
	stopped := false
	d.stop = func() {
		if stopped {
			return
		}
		stopped = true
		transport.CloseIdleConnections()
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the server ended: %v", err)
		}
	}
	t.Cleanup(d.stop)
	return d
}

// do sends a request; body nil is none.
func (d *client) do(method, path string, body any, change ...func(*http.Request)) (*http.Response, []byte) {
	d.t.Helper()
	var r io.Reader
	if text, ok := body.(string); ok {
		r = strings.NewReader(text)
	} else if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			d.t.Fatal(err)
		}
		r = bytes.NewReader(b)
	}
	req, err := http.NewRequest(method, "http://"+d.addr+path, r)
	if err != nil {
		d.t.Fatal(err)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for _, f := range change {
		f(req)
	}
	res, err := d.client.Do(req)
	if err != nil {
		d.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		d.t.Fatalf("%s %s: %v", method, path, err)
	}
	return res, b
}

// want sends a request, expects a status, and gives the answer as JSON.
func (d *client) want(status int, method, path string, body any, change ...func(*http.Request)) map[string]any {
	d.t.Helper()
	res, b := d.do(method, path, body, change...)
	if res.StatusCode != status {
		d.t.Fatalf("%s %s: %s, want %d: %.300s", method, path, res.Status, status, b)
	}
	var v map[string]any
	if err := json.Unmarshal(b, &v); err != nil {
		d.t.Fatalf("%s %s: %v: %.300s", method, path, err, b)
	}
	if status >= 400 && (v["success"] != false || v["error"] == "" || v["error"] == nil) {
		d.t.Errorf("%s %s: a refusal is {success: false, error}, not %v", method, path, v)
	}
	return v
}

type m = map[string]any

func TestAPlainClientAssemblesAndRuns(t *testing.T) {
	d := open(t, testConfig())
	res, b := d.do("GET", "/health", nil)
	if res.StatusCode != 200 || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/plain") || string(b) != "✅ AI Runtime Healthy" {
		t.Errorf("/health: %s %q", res.Status, b)
	}
	if v := d.want(200, "GET", "/status", nil); v["gpu_available"] != true || v["version"] != "test" {
		t.Errorf("/status: %v", v)
	}
	if v := d.want(200, "GET", "/api/pixel/backends", nil); fmt.Sprint(v["backends"]) != "[GPU CPU]" {
		t.Errorf("backends: %v", v)
	}
	a := d.want(200, "POST", "/api/pixel/assemble", m{"source": hello})
	if a["success"] != true || a["instructions"] != 2.0 || a["error"] != nil {
		t.Fatalf("assemble: %v", a)
	}
	for _, backend := range []string{"GPU", "gpu", "CPU", "cpu", "Auto", ""} {
		v := d.want(200, "POST", "/api/pixel/run", m{"program": a["program"], "backend": backend, "max_cycles": 1024, "canvas_width": 128, "canvas_height": 64})
		if v["success"] != true || v["cycles_executed"] != 2.0 || v["error"] != nil {
			t.Errorf("run on %q: success %v, %v cycles, %v", backend, v["success"], v["cycles_executed"], v["error"])
		}
		ran := "CPU"
		if strings.EqualFold(backend, "gpu") {
			ran = "GPU"
		}
		if v["backend"] != ran || v["backend_used"] != ran {
			t.Errorf("run on %q ran on %v", backend, v["backend"])
		}
		data := v["canvas_data"].([]any)
		if len(data) != 32768 {
			t.Fatalf("canvas_data has %d numbers", len(data))
		}
		at := 4 * (10*128 + 10)
		if data[at] != float64('H') || data[at+3] != 255.0 || data[at+4] != float64('E') || data[0] != 0.0 {
			t.Errorf("the text is not where it was put: %v", data[at:at+8])
		}
	}
}

func TestAWordOfEveryKindIsWrittenAsItIs(t *testing.T) {
	words := []uint32{0, 0xFFFFFFFF, isa.Word(1, 20, 200, 9), isa.Word(255, 0, 10, 100)}
	for n := range len(words) + 1 {
		var got []int
		b := appendWords([]byte("x"), words[:n])
		if err := json.Unmarshal(b[1:], &got); err != nil {
			t.Fatalf("%s: %v", b, err)
		}
		if len(got) != 4*n {
			t.Errorf("%d words are %v", n, got)
		}
		for i, v := range got {
			if uint32(v) != words[i/4]>>(8*(i%4))&0xFF {
				t.Errorf("number %d of %v is %d", i, words[:n], v)
			}
		}
	}
}

func TestALargeCanvasIsStreamedWhole(t *testing.T) {
	d := open(t, testConfig())
	v := d.want(200, "POST", "/api/pixel/run", m{"source": ".canvas 513 300 pixel\nPLOT 512 299 0x0A0B0C\n"})
	data := v["canvas_data"].([]any)
	if len(data) != 4*513*300 || fmt.Sprint(data[len(data)-4:]) != "[10 11 12 255]" {
		t.Errorf("%d numbers, the last %v", len(data), data[len(data)-4:])
	}
	if v["canvas_mode"] != "pixel" || v["canvas_width"] != 513.0 {
		t.Errorf("canvas %v × %v %v", v["canvas_width"], v["canvas_height"], v["canvas_mode"])
	}
}

func TestARefusedProgramSaysWhere(t *testing.T) {
	d := open(t, testConfig())
	bad := "NOP\nTXTT 1 2 x\n"
	for _, v := range []m{
		d.want(200, "POST", "/api/pixel/assemble", m{"source": bad}),
		d.want(200, "POST", "/api/pixel/run", m{"source": bad}),
		d.want(200, "POST", "/api/pixel/run", m{"source": bad, "canvas_width": 20}),
	} {
		if v["success"] != false || !strings.HasPrefix(v["error"].(string), "line 2, column 1: ") {
			t.Errorf("error: %v", v["error"])
		}
		first := v["diagnostics"].([]any)[0].(m)
		if first["line"] != 2.0 || first["code"] != "unknown_opcode" || first["severity"] != "error" || first["fix"] == "" {
			t.Errorf("diagnostics: %v", first)
		}
	}
}

func TestARunThatMeetsItsLimitShowsThePictureSoFar(t *testing.T) {
	d := open(t, testConfig())
	v := d.want(200, "POST", "/api/pixel/run", m{"source": "TXT 0 0 A\nloop:\nJMP loop\n", "max_cycles": 50})
	if v["success"] != false || v["error_code"] != "cycle_limit" || v["cycles_executed"] != 50.0 || v["error_line"] != 3.0 {
		t.Errorf("success %v %v after %v at line %v", v["success"], v["error_code"], v["cycles_executed"], v["error_line"])
	}
	if v["error"] == nil || !strings.Contains(v["error"].(string), "50") {
		t.Errorf("error: %v", v["error"])
	}
	if data := v["canvas_data"].([]any); len(data) != 32768 || data[0] != float64('A') {
		t.Errorf("the picture so far is %v", data[:4])
	}
	// The limit is of the run, not of each frame.
	v = d.want(200, "POST", "/api/pixel/run", m{"source": "loop:\nFRAME\nJMP loop\n", "max_cycles": 99, "frames": 3600})
	if v["success"] != false || v["error_code"] != "cycle_limit" || v["cycles_executed"] != 99.0 || v["frames"].(float64) < 40 {
		t.Errorf("%v cycles in %v frames: %v", v["cycles_executed"], v["frames"], v["error"])
	}
	v = d.want(200, "POST", "/api/pixel/run", m{"source": "SET a = 0\nASSERT a\n"})
	if v["success"] != false || v["error_code"] != "assert_failed" || v["error_line"] != 2.0 {
		t.Errorf("a failed assertion: %v", v["error"])
	}
}

func TestFramesAreOneUnlessAskedFor(t *testing.T) {
	d := open(t, testConfig())
	source := "loop:\nLOG frame {frame}\nFRAME\nJMP loop\n"
	if v := d.want(200, "POST", "/api/pixel/run", m{"source": source}); v["success"] != true || v["frames"] != 1.0 || v["status"] != "framed" {
		t.Errorf("%v frames, %v", v["frames"], v["status"])
	}
	if v := d.want(200, "POST", "/api/pixel/run", m{"source": source, "frames": 3}); v["frames"] != 3.0 || v["log"] != "frame 0\nframe 1\nframe 2" {
		t.Errorf("%v frames, log %q", v["frames"], v["log"])
	}
}

func TestTheCanvasHasTheSizeAskedFor(t *testing.T) {
	d := open(t, testConfig())
	size := m{"canvas_width": 20, "canvas_height": 10}
	with := func(more m) m {
		for k, v := range size {
			more[k] = v
		}
		return more
	}
	// W and H are the size asked for, in directives as well.
	v := d.want(200, "POST", "/api/pixel/run", with(m{"source": ".array a W\nLOG {W} {H} {a[W - 1]}\nASSERT 0"}))
	if v["log"] != "20 10 0" || len(v["canvas_data"].([]any)) != 800 || v["error_line"] != 3.0 {
		t.Errorf("log %q, %d numbers, line %v", v["log"], len(v["canvas_data"].([]any)), v["error_line"])
	}
	// .canvas is the program's own word.
	v = d.want(200, "POST", "/api/pixel/run", with(m{"source": ".canvas 8 8\nLOG {W} {H}"}))
	if v["log"] != "8 8" || v["canvas_width"] != 8.0 {
		t.Errorf("log %q", v["log"])
	}
	a := d.want(200, "POST", "/api/pixel/assemble", m{"source": "LOG {W} {H}"})
	if v = d.want(200, "POST", "/api/pixel/run", with(m{"program": a["program"]})); v["log"] != "20 10" {
		t.Errorf("log %q", v["log"])
	}
	for _, bad := range []any{0, -1, 1025} {
		d.want(422, "POST", "/api/pixel/run", m{"source": hello, "canvas_width": bad})
	}
}

func TestPicturesComeWhenIncluded(t *testing.T) {
	d := open(t, testConfig())
	v := d.want(200, "POST", "/api/pixel/run", m{"source": hello, "include": []string{"human_png", "machine_png"}})
	for name, size := range map[string][2]int{"human_png": {768, 512}, "machine_png": {128, 64}} {
		b, err := base64.StdEncoding.DecodeString(v[name].(string))
		if err != nil {
			t.Fatal(err)
		}
		c, err := png.DecodeConfig(bytes.NewReader(b))
		if err != nil || c.Width != size[0] || c.Height != size[1] {
			t.Errorf("%s is %d × %d: %v", name, c.Width, c.Height, err)
		}
		path := "/api/canvas/" + strings.Replace(name, "_", ".", 1)
		if res, live := d.do("GET", path, nil); res.StatusCode != 200 || !bytes.Equal(live, b) {
			t.Errorf("%s is not the picture of the last run: %s", path, res.Status)
		}
	}
	if v := d.want(200, "POST", "/api/pixel/run", m{"source": hello}); v["human_png"] != nil {
		t.Error("a picture that was not asked for")
	}
}

func TestWithoutAGPUItRunsOnTheCPUAndSaysSo(t *testing.T) {
	c := testConfig()
	c.GPU = nil
	d := open(t, c)
	if v := d.want(200, "GET", "/api/pixel/backends", nil); fmt.Sprint(v["backends"]) != "[CPU]" {
		t.Errorf("backends: %v", v)
	}
	v := d.want(200, "POST", "/api/pixel/run", m{"source": hello, "backend": "GPU"})
	if v["success"] != true || v["backend"] != "CPU" || v["notice"] == nil {
		t.Errorf("ran on %v: %v", v["backend"], v["notice"])
	}
	if v = d.want(200, "POST", "/api/pixel/run", m{"source": hello}); v["choice"] != "there is no GPU here" || v["notice"] != nil {
		t.Errorf("ran on %v: %v", v["backend"], v["choice"])
	}
	c = testConfig()
	c.Engine = func(k engine.Kind) (engine.Engine, error) {
		if k == engine.GPU {
			return nil, fmt.Errorf("the driver has gone: %w", engine.ErrUnavailable)
		}
		return engine.NewCPU(), nil
	}
	v = open(t, c).want(200, "POST", "/api/pixel/run", m{"source": hello, "backend": "gpu"})
	if v["success"] != true || v["backend"] != "CPU" || v["notice"] == nil {
		t.Errorf("ran on %v: %v", v["backend"], v["notice"])
	}
	c.Chooser = &engine.Chooser{}
	work := engine.Work{Program: pxl.Assemble("", hello).Program, Frames: 1}
	for _, kind := range []engine.Kind{engine.CPU, engine.GPU} {
		d := []time.Duration{time.Hour, time.Minute}[kind]
		c.Chooser.Learn(work, kind, d, d, d, d, d)
	}
	v = open(t, c).want(200, "POST", "/api/pixel/run", m{"source": hello})
	if v["backend"] != "CPU" || !strings.HasSuffix(v["choice"].(string), ", but the GPU did not run it") {
		t.Errorf("ran on %v: %v", v["backend"], v["choice"])
	}
}

// Auto runs a program where it was measured to be faster, and tells the Chooser
// what it took. What was measured here is made up: tests have no stable times.
func TestAutoRunsWhereTheChooserSays(t *testing.T) {
	for _, faster := range []engine.Kind{engine.CPU, engine.GPU} {
		c := testConfig()
		c.Chooser = &engine.Chooser{}
		work := engine.Work{Program: pxl.Assemble("", hello).Program, Frames: 1}
		took := func(k engine.Kind) []time.Duration {
			d := time.Hour
			if k == faster {
				d = time.Minute
			}
			return []time.Duration{d, d, d, d, d}
		}
		c.Chooser.Learn(work, engine.CPU, took(engine.CPU)...)
		c.Chooser.Learn(work, engine.GPU, took(engine.GPU)...)
		d := open(t, c)
		if v := d.want(200, "POST", "/api/pixel/run", m{"source": hello}); v["backend"] != faster.String() || !strings.Contains(v["choice"].(string), "on the GPU and ") {
			t.Errorf("it ran on the %v, where the %v is faster: %v", v["backend"], faster, v["choice"])
		}
		if v := d.want(200, "POST", "/api/pixel/run", m{"source": hello, "backend": "CPU"}); v["choice"] != nil {
			t.Errorf("nothing was chosen: %v", v["choice"])
		}
		other := "TXT 0 0 OTHER\nHALT\n"
		d.want(200, "POST", "/api/pixel/run", m{"source": other})
		if !c.Chooser.Knows(engine.Work{Program: pxl.Assemble("", other).Program, Frames: 1}) {
			t.Error("the Chooser was not told of a run")
		}
	}
}

// A counted engine tells when it is closed.
type counted struct {
	engine.Engine
	open *atomic.Int32
}

func (e counted) Close() error {
	e.open.Add(-1)
	return e.Engine.Close()
}

func TestEnginesAreKeptBetweenRunsAndFreedAtTheEnd(t *testing.T) {
	var made, living atomic.Int32
	c := testConfig()
	c.Runs = 2
	c.Engine = func(engine.Kind) (engine.Engine, error) {
		made.Add(1)
		living.Add(1)
		return counted{engine.NewCPU(), &living}, nil
	}
	d := open(t, c)
	for i := range 5 { // each finds a fresh machine all the same
		v := d.want(200, "POST", "/api/pixel/run", m{"source": "LOG {a} {frame}\nSET a = 7\nFRAME", "seed": i + 1, "backend": "CPU"})
		if v["log"] != "0 0" || v["frames"] != 1.0 {
			t.Errorf("run %d: %v", i, v["log"])
		}
	}
	if made.Load() != 1 || living.Load() != 1 {
		t.Errorf("%d engines were made, %d are left", made.Load(), living.Load())
	}
	d.do("POST", "/api/pixel/run", m{"source": ".canvas 1024 300 pixel"})
	if living.Load() != 0 {
		t.Error("an engine with a large canvas is kept")
	}
	d.want(200, "POST", "/api/pixel/run", m{"source": hello})
	d.stop()
	if living.Load() != 0 {
		t.Errorf("%d engines are left", living.Load())
	}
}

func TestTheWindowsProgramIsTheLiveCanvas(t *testing.T) {
	c := testConfig()
	showing := true
	c.Canvas = func(context.Context) (Canvas, bool, error) {
		return Canvas{Machine: image.NewRGBA(image.Rect(0, 0, 3, 2)), Human: image.NewRGBA(image.Rect(0, 0, 18, 16))}, showing, nil
	}
	d := open(t, c)
	width := func(name string) int {
		_, b := d.do("GET", "/api/canvas/"+name+".png", nil)
		cfg, err := png.DecodeConfig(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		return cfg.Width
	}
	if width("machine") != 3 || width("human") != 18 {
		t.Error("the canvas is not the window's")
	}
	showing = false
	d.want(404, "GET", "/api/canvas/human.png", nil)
	d.do("POST", "/api/pixel/run", m{"source": ".canvas 600 200\n"})
	if width("machine") != 600 || width("human") != 1800 {
		t.Errorf("a large canvas is shown %d wide", width("human"))
	}
}

func TestWrongRequestsSayWhatIsWrong(t *testing.T) {
	d := open(t, testConfig())
	for _, c := range []struct {
		path   string
		body   any
		status int
		says   string
	}{
		{"/api/pixel/assemble", m{}, 400, "source is missing"},
		{"/api/pixel/assemble", m{"source": 5}, 400, "source"},
		{"/api/pixel/assemble", "", 400, "empty"},
		{"/api/pixel/assemble", "[]", 400, "object"},
		{"/api/pixel/assemble", `{"source": "NOP"} {}`, 400, "not JSON"},
		{"/api/pixel/assemble", "{\"source\": \"\xff\"}", 400, "UTF-8"},
		{"/api/pixel/run", m{}, 400, "program or source"},
		{"/api/pixel/run", m{"source": hello, "program": []int{}}, 400, "not both"},
		{"/api/pixel/run", m{"program": []int{}}, 422, "program"},
		{"/api/pixel/run", m{"program": []m{{"r": 256}}}, 400, "program"},
		{"/api/pixel/run", m{"program": []m{{"r": 1}}}, 422, "program"},
		{"/api/pixel/run", m{"source": hello, "backend": "TPU"}, 422, "backend"},
		{"/api/pixel/run", m{"source": hello, "max_cycles": 0}, 422, "max_cycles"},
		{"/api/pixel/run", m{"source": hello, "max_cycles": 1e12}, 422, "max_cycles"},
		{"/api/pixel/run", m{"source": hello, "max_cycles": 1.5}, 400, "whole number"},
		{"/api/pixel/run", `{"source": "NOP", "max_cycles": 1e999}`, 400, "whole number"},
		{"/api/pixel/run", m{"source": hello, "frames": 1e6}, 422, "frames"},
		{"/api/pixel/run", m{"source": hello, "seed": 0}, 422, "seed"},
		{"/api/pixel/run", m{"source": hello, "include": []string{"all"}}, 422, "include"},
	} {
		v := d.want(c.status, "POST", c.path, c.body)
		if !strings.Contains(v["error"].(string), c.says) {
			t.Errorf("%v: %v, which does not say %q", c.body, v["error"], c.says)
		}
	}
	d.want(200, "POST", "/api/pixel/run", `{"source": "NOP", "max_cycles": 1024.0, "frames": null, "unknown": {"x": [1]}}`)
	v := d.want(404, "GET", "/api/nothing", nil)
	if !strings.Contains(v["error"].(string), "/api/nothing") {
		t.Errorf("404: %v", v)
	}
}

// plainRequest sends bytes as they are and gives the status of the answer, 0
// when the connection ends without one.
func (d *client) plain(request string) int {
	d.t.Helper()
	c, err := net.Dial("tcp", d.addr)
	if err != nil {
		d.t.Fatal(err)
	}
	defer c.Close()
	go io.WriteString(c, request) // it may be more than is taken
	res, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return 0
	}
	res.Body.Close()
	return res.StatusCode
}

func (d *client) port() string {
	u, err := url.Parse("http://" + d.addr)
	if err != nil {
		d.t.Fatal(err)
	}
	return u.Port()
}

// always is a token that must always come.
func always(token string) func(context.Context) string {
	return func(context.Context) string { return token }
}
