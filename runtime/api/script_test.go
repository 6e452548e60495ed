package api

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"gvpie/runtime/agent"
	"gvpie/runtime/engine"
)

func TestAScriptIsSwitchedEditedAndRemoved(t *testing.T) {
	c := withStore(t)
	id, run := seed(t, c.Store)
	d := open(t, c)
	path := fmt.Sprint("/api/scripts/", id)
	if v := d.want(200, "PATCH", path, m{"enabled": false}); v["enabled"] != false || v["name"] != "seeded" || v["run_count"] != 1.0 {
		t.Errorf("switched off: %v", v)
	}
	// It stays off over later saves, until it is switched on.
	if v := d.want(200, "PATCH", path, m{"code": "NOP", "purpose": "none", "name": "other"}); v["enabled"] != false || v["code"] != "NOP" || v["purpose"] != "none" {
		t.Errorf("edited: %v", v)
	}
	d.want(200, "POST", "/api/scripts", m{"name": "other", "code": hello, "replace": true, "enabled": true})
	if v := d.want(200, "GET", path, nil); v["enabled"] != false || v["name"] != "other" || v["code"] != hello {
		t.Errorf("saved: %v", v)
	}
	if v := d.want(200, "PATCH", path, m{"enabled": true}); v["enabled"] != true {
		t.Errorf("switched on: %v", v)
	}
	d.want(409, "PATCH", path, m{"name": "hello_gpu"})
	for _, bad := range []m{{}, {"enabled": nil}, {"name": ""}, {"name": "a\nb"}, {"name": "a\x1b[2Jb"}, {"code": "TXTT"}, {"code": " "}} {
		d.want(422, "PATCH", path, bad)
	}
	d.want(400, "PATCH", path, m{"enabled": "yes"})
	for _, none := range []string{"/api/scripts/99", "/api/scripts/x", "/api/scripts/-1"} {
		d.want(404, "GET", none, nil)
		d.want(404, "PATCH", none, m{"enabled": true})
		d.want(404, "DELETE", none, nil)
		d.want(404, "POST", none+"/run", nil)
	}
	d.want(200, "DELETE", path, nil)
	d.want(404, "DELETE", path, nil)
	row := d.want(200, "GET", "/api/runs", nil)["runs"].([]any)[0].(m)
	if row["id"] != float64(run) || row["script_id"] != 0.0 || row["script"] != "other" {
		t.Errorf("a run of a removed script: %v", row)
	}
}

func TestAScriptThatIsAFileIsEditedAndRemovedThere(t *testing.T) {
	c := withStore(t)
	id, _ := seed(t, c.Store)
	d := open(t, c)
	folder := agent.ScriptFolder(c.Store.Dir())
	file := filepath.Join(folder, "seeded.pxl")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(hello), 0o644); err != nil {
		t.Fatal(err)
	}
	path := fmt.Sprint("/api/scripts/", id)
	d.want(200, "PATCH", path, m{"code": "LOG edited"})
	if text, err := os.ReadFile(file); err != nil || string(text) != "LOG edited" {
		t.Errorf("the file: %q %v", text, err)
	}
	d.want(422, "PATCH", path, m{"name": "../up"})
	d.want(200, "DELETE", path, nil)
	if text, err := os.ReadFile(filepath.Join(folder, ".removed", "seeded.pxl")); err != nil || string(text) != "LOG edited" {
		t.Errorf("the file of a removed script: %q %v", text, err)
	}
}

func TestScriptsComeAPageAtATime(t *testing.T) {
	c := withStore(t)
	d := open(t, c)
	for i := range 4 {
		d.want(201, "POST", "/api/scripts", m{"name": fmt.Sprint(i), "code": "NOP"})
	}
	var seen []string
	before := ""
	for {
		v := d.want(200, "GET", "/api/scripts?limit=2"+before, nil)
		for _, s := range v["scripts"].([]any) {
			seen = append(seen, s.(m)["name"].(string))
		}
		if v["next"] == 0.0 {
			break
		}
		before = fmt.Sprintf("&before=%v", v["next"])
	}
	if !slices.Equal(seen, []string{"3", "2", "1", "0", "hello_gpu"}) {
		t.Errorf("%v", seen)
	}
}

func TestTheLoopIsPausedResumedAndAskedForARun(t *testing.T) {
	c := withStore(t)
	loop := agent.New(agent.Config{Store: c.Store, Data: c.Store.Dir(), Engine: func() engine.Engine { return engine.NewCPU() }, Cycles: 1, Interval: time.Second})
	c.Agent = loop
	d := open(t, c)
	if v := d.want(200, "POST", "/api/loop/pause", nil); v["loop"].(m)["paused"] != true {
		t.Errorf("paused: %v", v)
	}
	id := d.want(201, "POST", "/api/scripts", m{"name": "off", "code": "NOP", "enabled": false})["id"]
	d.want(202, "POST", fmt.Sprintf("/api/scripts/%v/run", id), nil)
	s := d.listenFrom(t, "?kinds=run", "")
	ended := make(chan error, 1)
	go func() { ended <- loop.Run(t.Context()) }()
	if e := s.next(); e.Run == nil || e.Run.Source != "off" || !e.Run.Success {
		t.Errorf("%+v", e)
	}
	if v := d.want(200, "POST", "/api/loop/resume", nil); v["loop"].(m)["paused"] != false {
		t.Errorf("resumed: %v", v)
	}
	if e := s.next(); e.Run == nil || e.Run.Source != "hello_gpu" {
		t.Errorf("%+v", e)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	// The loop has ended: nobody would run it.
	d.want(503, "POST", fmt.Sprintf("/api/scripts/%v/run", id), nil)
	d.want(503, "POST", "/api/loop/pause", nil)
}

func TestWithoutALoopItsCallsSaySo(t *testing.T) {
	d := open(t, withStore(t))
	d.want(503, "POST", "/api/scripts/1/run", nil)
	d.want(503, "POST", "/api/loop/pause", nil)
	d.want(503, "POST", "/api/loop/resume", nil)
	d.want(503, "POST", "/api/loop/input", nil)
}

func TestAGoalIsFinished(t *testing.T) {
	d := open(t, withStore(t))
	id := d.want(201, "POST", "/api/goals", m{"goal": "draw a house"})["id"]
	d.want(200, "POST", fmt.Sprintf("/api/goals/%v/done", id), nil)
	g := d.want(200, "GET", "/api/goals", nil)["goals"].([]any)[0].(m)
	if g["completed"] != true || g["completed_at"] == nil {
		t.Errorf("%v", g)
	}
	d.want(200, "POST", fmt.Sprintf("/api/goals/%v/done", id), nil)
	if again := d.want(200, "GET", "/api/goals", nil)["goals"].([]any)[0].(m); again["completed_at"] != g["completed_at"] {
		t.Errorf("finished again: %v", again)
	}
	d.want(404, "POST", "/api/goals/99/done", nil)
	d.want(404, "POST", "/api/goals/x/done", nil)
}

// A whole number is one however a language writes it.
func TestWholeNumbersAreWhole(t *testing.T) {
	d := open(t, testConfig())
	body := `{"program": [{"r":80.0,"g":8.8e1,"b":76,"a":1.0},{"r":8,"g":0e3,"b":8,"a":0},{},{"r":8},{"r":9},{},{},{},{"r":1}],
		"max_cycles": 1e3, "canvas_width": 4.0, "canvas_height": 20e-1, "frames": 1.0, "seed": 4.294967295e9}`
	if v := d.want(200, "POST", "/api/pixel/run", body); v["canvas_width"] != 4.0 || v["canvas_height"] != 2.0 {
		t.Errorf("%v", v)
	}
	for _, bad := range []string{`{"program": [{"r":1.5}]}`, `{"program": [{"r":256}]}`, `{"program": [{"r":-1}]}`, `{"program": [{"r":"1"}]}`, `{"source": "", "max_cycles": 1.5}`} {
		d.want(400, "POST", "/api/pixel/run", bad)
	}
}

// A seed is 32 bits; they may be written with a sign or without.
func TestSeedsOf32Bits(t *testing.T) {
	d := open(t, testConfig())
	source := "SET x = rnd(1000000)\nLOG {x}\n"
	said := func(seed int64) any {
		return d.want(200, "POST", "/api/pixel/run", m{"source": source, "seed": seed})["log"]
	}
	if a, b := said(-1), said(1<<32-1); a != b || a == said(1) {
		t.Errorf("-1 gives %v, 2³²−1 gives %v, 1 gives %v", a, b, said(1))
	}
	for _, bad := range []int64{0, 1 << 32, -1<<31 - 1} {
		d.want(422, "POST", "/api/pixel/run", m{"source": source, "seed": bad})
	}
}
