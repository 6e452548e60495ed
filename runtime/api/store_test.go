package api

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"gvpie/runtime/cartridge"
	"gvpie/runtime/store"
)

// cartridges reads a list of cartridges, and where the page after it is.
func (d *client) cartridges(path string) (list []m, next string) {
	d.t.Helper()
	res, b := d.do("GET", path, nil)
	if err := json.Unmarshal(b, &list); err != nil || res.StatusCode != 200 {
		d.t.Fatalf("%s: %s %v: %.300s", path, res.Status, err, b)
	}
	if link := res.Header.Get("Link"); link != "" {
		var ok bool
		if next, ok = strings.CutSuffix(strings.TrimPrefix(link, "<"), `>; rel="next"`); !ok {
			d.t.Errorf("%s: Link: %s", path, link)
		}
	}
	return list, next
}

func TestACartridgeIsMadeReadReplacedRunAndDeleted(t *testing.T) {
	c := withStore(t)
	d := open(t, c)
	if res, b := d.do("GET", "/api/cartridges", nil); string(b) != "[]" || res.Header.Get("Link") != "" {
		t.Errorf("an empty shelf: %s", b)
	}
	first := m{"id": "hello", "name": "Hello", "description": "greets", "code": hello, "version": "1.0", "author": "me", "tags": []string{"a", "b"}}
	v := d.want(201, "POST", "/api/cartridges", first)
	if v["id"] != "hello" || v["kind"] != "pixel" || v["width"] != 128.0 || v["success"] != true {
		t.Errorf("made: %v", v)
	}
	v = d.want(200, "GET", "/api/cartridges/hello", nil)
	for key, want := range first {
		if fmt.Sprint(v[key]) != fmt.Sprint(want) {
			t.Errorf("%s is %v, want %v", key, v[key], want)
		}
	}
	file := filepath.Join(c.Store.Dir(), "cartridges", "hello.png")
	if cart, err := cartridge.Open(file); err != nil || cart.Source != hello || cart.Picture.Rect.Dx() != 768 {
		t.Errorf("the file: %v", err)
	}
	d.want(409, "POST", "/api/cartridges", first)

	v = d.want(200, "POST", "/api/execute", m{"code": "hello"})
	if v["success"] != true || !strings.Contains(v["output"].(string), "halted after 2 cycles") || v["choice"] == nil {
		t.Errorf("executed: %v", v)
	}
	if v = d.want(200, "GET", "/api/cartridges/hello", nil); v["executed_count"] != 1.0 {
		t.Errorf("executed %v times", v["executed_count"])
	}

	v = d.want(200, "PUT", "/api/cartridges/hello", m{"name": "Hello 2", "code": "LOG two\nSET x = 0\nASSERT x\n", "version": "2"})
	if v["name"] != "Hello 2" || v["version"] != "2" || v["author"] != "" || v["executed_count"] != 1.0 {
		t.Errorf("replaced: %v", v)
	}
	v = d.want(200, "POST", "/api/execute", m{"code": "hello", "backend": "gpu"})
	if v["success"] != false || v["output"] != "two" || !strings.HasPrefix(v["error"].(string), "line 3: ") || v["backend"] != "GPU" {
		t.Errorf("executed: %v", v)
	}

	// Text that is no program is a cartridge, and is not run.
	v = d.want(201, "POST", "/api/cartridges", m{"name": "A Prompt, for you!", "code": "draw a house"})
	if v["id"] != "a-prompt-for-you" || v["kind"] != "code" {
		t.Errorf("made: %v", v)
	}
	d.want(422, "POST", "/api/execute", m{"code": "a-prompt-for-you"})
	list, next := d.cartridges("/api/cartridges?limit=1.0")
	if len(list) != 1 || list[0]["id"] != "a-prompt-for-you" || next == "" {
		t.Errorf("the first page: %v %s", list, next)
	}
	if list, next = d.cartridges(next); len(list) != 1 || list[0]["id"] != "hello" {
		t.Errorf("the second page: %v %s", list, next)
	}
	if list, next = d.cartridges(next); len(list) != 0 || next != "" {
		t.Errorf("and then: %v %s", list, next)
	}

	d.want(200, "DELETE", "/api/cartridges/hello", nil)
	for _, path := range []string{"/api/cartridges/hello", "/api/cartridges/none", "/api/cartridges/99"} {
		d.want(404, "GET", path, nil)
	}
	d.want(404, "DELETE", "/api/cartridges/hello", nil)
	d.want(404, "PUT", "/api/cartridges/hello", first)
	d.want(404, "POST", "/api/execute", m{"code": "hello"})
	if list, next = d.cartridges("/api/cartridges"); len(list) != 1 || next != "" {
		t.Errorf("the shelf: %v", list)
	}
	d.want(201, "POST", "/api/cartridges", first) // its name is free again
}

func TestADamagedCartridgeIsToldOf(t *testing.T) {
	c := withStore(t)
	d := open(t, c)
	d.want(201, "POST", "/api/cartridges", m{"id": "x", "name": "x", "code": hello})
	file := filepath.Join(c.Store.Dir(), "cartridges", "x.png")
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	d.want(409, "GET", "/api/cartridges/x", nil)
	d.want(409, "POST", "/api/execute", m{"code": "x"})
	if list, _ := d.cartridges("/api/cartridges"); len(list) != 0 {
		t.Errorf("the shelf: %v", list)
	}
	d.want(200, "PUT", "/api/cartridges/x", m{"name": "x", "code": hello})
	d.want(200, "GET", "/api/cartridges/x", nil)
}

// What another program has added is remarked, and what it dropped is the reason.
func TestACartridgeThatWasSavedAgainSaysSo(t *testing.T) {
	c := withStore(t)
	d := open(t, c)
	d.want(201, "POST", "/api/cartridges", m{"id": "x", "name": "x", "code": hello})
	file := filepath.Join(c.Store.Dir(), "cartridges", "x.png")
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	const header = 8 + 12 + 13 // up to the end of IHDR
	text := []byte("tEXtComment\x00hello")
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(text)-4))
	chunk = binary.BigEndian.AppendUint32(append(chunk, text...), crc32.ChecksumIEEE(text))
	if err := os.WriteFile(file, slices.Concat(whole[:header], chunk, whole[header:]), 0o600); err != nil {
		t.Fatal(err)
	}
	const remark = "a program that saved it again has added tEXt"
	if v := d.want(200, "GET", "/api/cartridges/x", nil); v["remark"] != remark || v["code"] != hello {
		t.Errorf("with a chunk more: %v", v)
	}
	if list, _ := d.cartridges("/api/cartridges"); len(list) != 1 || list[0]["remark"] != remark {
		t.Errorf("the list: %v", list)
	}
	d.want(200, "POST", "/api/execute", m{"code": "x"})
	picture := image.NewRGBA(image.Rect(0, 0, 8, 8))
	var plain bytes.Buffer
	if err := png.Encode(&plain, picture); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, plain.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	v := d.want(409, "GET", "/api/cartridges/x", nil)
	if why := v["error"].(string); !strings.Contains(why, "a program that saved it again has dropped the program") || strings.Contains(why, c.Store.Dir()) {
		t.Errorf("without its program: %s", why)
	}
	d.want(409, "POST", "/api/execute", m{"code": "x"})
	if list, _ := d.cartridges("/api/cartridges"); len(list) != 0 {
		t.Errorf("the list: %v", list)
	}
}

// A list that is asked for again reads the files that have changed, and no others.
func TestCartridgesAreReadOnceForTheirLists(t *testing.T) {
	c := withStore(t)
	d := open(t, c)
	long := "# " + strings.Repeat("a long comment ", 2000) + "\nHALT\n"
	for id, code := range map[string]string{"a": hello, "b": "NOP", "long": long} {
		d.want(201, "POST", "/api/cartridges", m{"id": id, "name": id, "code": code})
	}
	list, _ := d.cartridges("/api/cartridges")
	for _, one := range list {
		if code := one["code"].(string); one["id"] == "long" != (code == "") || one["id"] == "long" && one["code_bytes"] != float64(len(long)) {
			t.Errorf("%.200v", one)
		}
	}
	if v := d.want(200, "GET", "/api/cartridges/long", nil); v["code"] != long {
		t.Errorf("one whole: %.200v", v["code"])
	}
	// The file is another, of the same size and time: nobody looks at it.
	file := filepath.Join(c.Store.Dir(), "cartridges", "a.png")
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, make([]byte, info.Size()), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(file, info.ModTime(), info.ModTime()); err != nil {
		t.Fatal(err)
	}
	d.want(200, "POST", "/api/execute", m{"code": "b"})
	again, _ := d.cartridges("/api/cartridges")
	for _, one := range list {
		if one["id"] == "b" {
			one["executed_count"] = 1.0
		}
	}
	if !reflect.DeepEqual(list, again) {
		t.Errorf("%v\nthen %v", list, again)
	}
	if err := os.Chtimes(file, info.ModTime(), info.ModTime().Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if list, _ = d.cartridges("/api/cartridges"); len(list) != 2 {
		t.Errorf("after a change: %v", list)
	}
}

func TestACartridgeElsewhereIsReadByItsNumber(t *testing.T) {
	c := withStore(t)
	d := open(t, c)
	d.want(201, "POST", "/api/cartridges", m{"id": "x", "name": "x", "code": hello})
	b, err := os.ReadFile(filepath.Join(c.Store.Dir(), "cartridges", "x.png"))
	if err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(t.TempDir(), "y.png")
	if err := os.WriteFile(other, b, 0o600); err != nil {
		t.Fatal(err)
	}
	id, err := c.Store.AddCartridge(t.Context(), store.Cartridge{Path: other, Kind: "pixel"})
	if err != nil {
		t.Fatal(err)
	}
	path := fmt.Sprintf("/api/cartridges/%d", id)
	if v := d.want(200, "GET", path, nil); v["name"] != "x" {
		t.Errorf("read: %v", v)
	}
	d.want(200, "POST", "/api/execute", m{"code": fmt.Sprint(id)})
	d.want(409, "PUT", path, m{"name": "x", "code": hello})
	d.want(409, "DELETE", path, nil)
	d.want(422, "POST", "/api/cartridges", m{"id": "77", "name": "x", "code": hello})
}

// One that the command line has made is called after its file, whatever that is.
func TestACartridgeOfTheFolderIsNamedAsItsFile(t *testing.T) {
	c := withStore(t)
	d := open(t, c)
	d.want(201, "POST", "/api/cartridges", m{"id": "x", "name": "x", "code": hello})
	folder := filepath.Join(c.Store.Dir(), "cartridges")
	b, err := os.ReadFile(filepath.Join(folder, "x.png"))
	if err != nil {
		t.Fatal(err)
	}
	made := filepath.Join(folder, "My Wave.png")
	if err := os.WriteFile(made, b, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Store.AddCartridge(t.Context(), store.Cartridge{Path: made, Kind: "pixel"}); err != nil {
		t.Fatal(err)
	}
	if list, _ := d.cartridges("/api/cartridges"); len(list) != 2 || list[0]["id"] != "My Wave" {
		t.Errorf("the list is %v", list)
	}
	if v := d.want(200, "GET", "/api/cartridges/My%20Wave", nil); v["id"] != "My Wave" {
		t.Errorf("read: %v", v)
	}
	d.want(200, "POST", "/api/execute", m{"code": "My Wave"})
	d.want(200, "PUT", "/api/cartridges/My%20Wave", m{"name": "wave", "code": hello})
	d.want(200, "DELETE", "/api/cartridges/My%20Wave", nil)
	for _, id := range []string{"..%2Fx", "x%00", ".x", "%20x", "cartridges%2Fx"} {
		d.want(404, "GET", "/api/cartridges/"+id, nil)
		d.want(404, "DELETE", "/api/cartridges/"+id, nil)
	}
	d.want(404, "POST", "/api/execute", m{"code": "../cartridges/x"})
	// No id is none.
	d.want(404, "POST", "/api/execute", m{"code": ""})
	for _, method := range []string{"GET", "PUT", "DELETE"} {
		if res, _ := d.do(method, "/api/cartridges/", m{"name": "x", "code": hello}); res.StatusCode != 404 {
			t.Errorf("%s of no id: %s", method, res.Status)
		}
	}
}

func TestACartridgeSaysWhatItLacks(t *testing.T) {
	d := open(t, withStore(t))
	for _, bad := range []m{
		{}, {"name": "x"}, {"name": "x", "code": " "}, {"code": hello, "id": "x"}, {"name": "…", "code": hello}, {"name": "x", "code": hello, "id": "X"}, {"name": "x", "code": hello, "id": ""},
		{"name": strings.Repeat("x", 300), "code": hello}, {"name": "x", "code": hello, "description": strings.Repeat("x", 5000)},
	} {
		d.want(422, "POST", "/api/cartridges", bad)
	}
}

// seed fills a database with a script and a run of it, with pictures.
func seed(t *testing.T, db *store.Store) (script, run int64) {
	t.Helper()
	script, _, err := db.UpsertScript(t.Context(), store.Script{Name: "seeded", Lang: "pixel", Purpose: "test", Code: hello, Enabled: true})
	if err != nil {
		t.Fatal(err)
	}
	run, err = db.BeginRun(t.Context(), script, time.Now(), "CPU")
	if err != nil {
		t.Fatal(err)
	}
	picture := func(w, h int) string {
		var b bytes.Buffer
		if err := png.Encode(&b, image.NewRGBA(image.Rect(0, 0, w, h))); err != nil {
			t.Fatal(err)
		}
		hash, err := db.PutPicture(b.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		return hash
	}
	_, err = db.FinishRun(t.Context(), run, store.Finished{
		FinishedAt: time.Now(), Success: true, Stdout: "said", Duration: time.Millisecond, Backend: "CPU",
		Task: "seeded", Code: hello, ResultJSON: `{"status":"halted"}`, Analysis: "fine", HumanPNG: picture(6, 8), MachinePNG: picture(1, 1),
	})
	if err != nil {
		t.Fatal(err)
	}
	return script, run
}

func TestRowsComeNewestFirstAPageAtATime(t *testing.T) {
	c := withStore(t)
	script, run := seed(t, c.Store)
	d := open(t, c)

	v := d.want(200, "GET", "/api/runs", nil)
	row := v["runs"].([]any)[0].(m)
	if row["id"] != float64(run) || row["script_id"] != float64(script) || row["script"] != "seeded" || row["stdout"] != "said" || row["success"] != true || row["backend"] != "CPU" {
		t.Errorf("the run: %v", row)
	}
	for name, width := range map[string]int{"human_png": 6, "machine_png": 1} {
		res, b := d.do("GET", row[name].(string), nil)
		cfg, err := png.DecodeConfig(bytes.NewReader(b))
		if err != nil || res.Header.Get("Content-Type") != "image/png" || cfg.Width != width {
			t.Errorf("%s: %s %v", name, res.Status, err)
		}
	}
	d.want(404, "GET", "/api/runs/999/human.png", nil)
	if res, b := d.do("GET", "/api/canvas/human.png", nil); res.StatusCode != 200 || !bytes.HasPrefix(b, []byte("\x89PNG")) {
		t.Errorf("the canvas of the last run: %s", res.Status)
	}

	v = d.want(200, "GET", "/api/map", nil)
	if row := v["map"].([]any)[0].(m); row["code"] != hello || row["analysis"] != "fine" || row["run_id"] != float64(run) || row["hash"] == "" {
		t.Errorf("the map: %v", row)
	}
	v = d.want(200, "GET", "/status", nil)
	if v["database"] != "ok" || v["scripts"].(float64) < 1 {
		t.Errorf("/status: %v", v)
	}
	for i := range 5 {
		if v := d.want(201, "POST", "/api/goals", m{"goal": fmt.Sprint("goal ", i), "priority": i + 1}); v["id"] == nil {
			t.Errorf("added: %v", v)
		}
	}
	var seen []string
	before := ""
	for {
		v := d.want(200, "GET", "/api/goals?limit=2"+before, nil)
		for _, g := range v["goals"].([]any) {
			seen = append(seen, g.(m)["goal"].(string))
		}
		if v["next"] == 0.0 {
			break
		}
		before = fmt.Sprintf("&before=%v", v["next"])
	}
	if strings.Join(seen, " ") != "goal 4 goal 3 goal 2 goal 1 goal 0" {
		t.Errorf("goals: %v", seen)
	}
	if err := c.Store.AddMetric(t.Context(), "speed", 1.5, "ctx"); err != nil {
		t.Fatal(err)
	}
	if row := d.want(200, "GET", "/api/metrics?limit=1", nil)["metrics"].([]any)[0].(m); row["metric_name"] != "speed" || row["metric_value"] != 1.5 {
		t.Errorf("metrics: %v", row)
	}
	for _, bad := range []string{"limit=0", "limit=201", "limit=x", "before=0", "before=-1", "before=x", "before=99999999999999999999", "limit=1.5"} {
		d.want(400, "GET", "/api/runs?"+bad, nil)
	}
	d.want(201, "POST", "/api/goals", `{"goal": "x", "priority": 1e1}`)
	for _, bad := range []m{{}, {"goal": "  "}, {"goal": "x", "priority": 11}} {
		d.want(422, "POST", "/api/goals", bad)
	}
}

func TestAScriptIsAddedOnceAndReplacedWhenAsked(t *testing.T) {
	c := withStore(t)
	d := open(t, c)
	script := m{"name": "mine", "purpose": "greet", "code": hello}
	v := d.want(201, "POST", "/api/scripts", script)
	id := v["id"]
	if v = d.want(200, "POST", "/api/scripts", script); v["id"] != id {
		t.Errorf("the same again: %v", v)
	}
	script["code"] = "NOP"
	d.want(409, "POST", "/api/scripts", script)
	script["replace"] = true
	d.want(200, "POST", "/api/scripts", script)
	first := d.want(200, "GET", "/api/scripts?limit=1", nil)["scripts"].([]any)[0].(m)
	if first["name"] != "mine" || first["code"] != "NOP" || first["enabled"] != true || first["lang"] != "pixel" {
		t.Errorf("the newest script: %v", first)
	}
	for _, bad := range []m{{}, {"name": "x"}, {"name": "x", "code": hello, "lang": "ruby"}, {"name": "a\nb", "code": hello}, {"name": "x", "code": "TXTT 1"}} {
		d.want(422, "POST", "/api/scripts", bad)
	}
	d.want(201, "POST", "/api/scripts", m{"name": "py", "lang": "python", "code": "print(1)", "enabled": false})
	if s, err := c.Store.Script(t.Context(), "py"); err != nil || s.Enabled || s.Lang != "python" {
		t.Errorf("%+v %v", s, err)
	}
}

func TestWithoutADatabaseItsCallsSaySo(t *testing.T) {
	d := open(t, testConfig())
	for _, path := range []string{"/api/scripts", "/api/runs", "/api/goals", "/api/map", "/api/metrics", "/api/cartridges", "/api/runs/1/human.png"} {
		d.want(503, "GET", path, nil)
	}
	if v := d.want(200, "GET", "/status", nil); v["database"] != "none" {
		t.Errorf("/status: %v", v)
	}
}

func TestADatabaseInTroubleIsAnAnswerNotAFault(t *testing.T) {
	c := withStore(t)
	d := open(t, c)
	if err := c.Store.Close(); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/api/scripts", "/api/runs", "/api/goals", "/api/map", "/api/metrics", "/api/cartridges"} {
		d.want(503, "GET", path, nil)
	}
	d.want(503, "POST", "/api/goals", m{"goal": "x"})
	if v := d.want(200, "GET", "/status", nil); v["database"] == "ok" {
		t.Errorf("/status: %v", v)
	}
}
