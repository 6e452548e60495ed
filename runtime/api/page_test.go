//go:build unix

package api

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"gvpie/runtime/agent"
	"gvpie/runtime/engine"
)

func TestTheStatusPageInABrowser(t *testing.T) {
	c := withStore(t)
	seed(t, c.Store)
	if _, err := c.Store.AddGoal(t.Context(), "draw a <house>", 7); err != nil {
		t.Fatal(err)
	}
	loop := agent.New(agent.Config{Store: c.Store, Data: c.Store.Dir(), Engine: func() engine.Engine { return engine.NewCPU() }, Cycles: 1, Interval: time.Second})
	c.Agent = loop
	d := open(t, c)
	b := startBrowser(t)
	page := b.open("http://" + d.addr + "/")
	page.becomes("be live", `document.getElementById("live").textContent === "live"`)
	page.becomes("name the version", `document.getElementById("version").textContent === "test"`)
	page.becomes("show the last runs", `document.getElementById("runs").innerText.includes("seeded")`)
	page.becomes("show a run's picture", `document.querySelector("#runs img")?.naturalWidth === 6`)
	page.becomes("show the scripts with their success rates", `/seeded[^]*100 % of 1/.test(document.getElementById("scripts").innerText)`)
	page.becomes("show the goals", `document.getElementById("goals").innerText.includes("draw a <house>")`)
	page.becomes("shrink the human texture smoothly", `getComputedStyle(document.getElementById("human")).imageRendering === "auto"`)
	page.becomes("draw the lineage", `document.querySelectorAll("#lineage circle").length >= 1`)

	// It follows the loop …
	if err := loop.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	page.becomes("tell of the cycle", `/Cycle\s+1\b/.test(document.getElementById("loop").innerText)`)
	page.becomes("say that the loop does its work no more", `document.getElementById("unready").innerText.includes("the loop has stopped") && /Ready\s+no: the loop has stopped/.test(document.getElementById("loop").innerText)`)
	page.becomes("show the loop's run", `document.getElementById("runs").innerText.includes("hello_gpu")`)
	page.becomes("show the loop's picture", `document.getElementById("human").naturalWidth === 768`)

	// … and runs over HTTP, in both textures.
	d.want(200, "POST", "/api/pixel/run", m{"source": "TXT 0 0 A", "canvas_width": 20, "canvas_height": 10})
	page.becomes("show the human texture", `document.getElementById("human").naturalWidth === 120`)
	page.becomes("show the machine texture", `document.getElementById("machine").naturalWidth === 20`)

	// A name is a text, whatever is in it.
	d.want(201, "POST", "/api/scripts", m{"name": "<img src=x onerror=alert(1)>", "code": hello})
	d.EngineLost("<b>the driver ended</b>")
	page.becomes("tell that the GPU went away", `document.getElementById("trouble").innerText.includes("<b>the driver")`)
	d.EngineRegained("test adapter")
	page.becomes("be content again", `!document.getElementById("trouble").classList.contains("on")`)

	if path := os.Getenv("GVPIE_SCREENSHOT"); path != "" {
		var shot struct{ Data string }
		page.call(page.session, "Page.captureScreenshot", m{}, &shot)
		picture, err := base64.StdEncoding.DecodeString(shot.Data)
		if err == nil {
			err = os.WriteFile(path, picture, 0o600)
		}
		if err != nil {
			t.Error(err)
		}
	}
	b.quiet()

	// Its policy holds: what is put into it does not run.
	if _, err := page.eval(`eval("1")`); err == nil {
		t.Error("the page lets a text be run")
	}
	v, err := page.eval(`new Promise(done => {
		document.addEventListener("securitypolicyviolation", e => done(e.violatedDirective), { once: true });
		const s = document.createElement("style"); s.textContent = "body { color: red }"; document.body.append(s);
	})`)
	if err != nil || !strings.HasPrefix(fmt.Sprint(v), "style-src") {
		t.Errorf("a style that was put in: %v %v", v, err)
	}
}

func TestTheStatusPageAsksForTheToken(t *testing.T) {
	c := testConfig()
	token := strings.Repeat("7", 64)
	c.Token = always(token)
	d := open(t, c)
	page := startBrowser(t).open("http://" + d.addr + "/")
	page.becomes("ask for the token", `document.getElementById("trouble").innerText.includes("token")`)
	page.navigate("http://" + d.addr + "/?#token=" + token)
	page.becomes("be live", `document.getElementById("live").textContent === "live"`)
	if v, err := page.eval(`location.href`); err != nil || strings.Contains(v.(string), token) {
		t.Errorf("the token stays in the address: %v %v", v, err)
	}
}

// What a page of another site can do, in a real browser: nothing.
func TestAnotherSiteCanNeitherRunNorRead(t *testing.T) {
	d := open(t, testConfig())
	evil := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<!doctype html><title>evil</title><body>"))
	}))
	defer evil.Close()
	b := startBrowser(t, "--host-resolver-rules=MAP *.example 127.0.0.1")
	_, port, _ := strings.Cut(strings.TrimPrefix(evil.URL, "http://"), ":")
	for _, origin := range []string{"http://evil.example:" + port, "http://localhost:" + port} { // another site, and the same site
		page := b.open(origin + "/")
		page.becomes("load", `document.title === "evil"`)
		for name, attack := range map[string]string{
			"POST with a preflight":  `fetch("%s/api/pixel/run", {method: "POST", headers: {"Content-Type": "application/json"}, body: '{"source":"NOP"}'})`,
			"POST without":           `fetch("%s/api/pixel/run", {method: "POST", headers: {"Content-Type": "text/plain"}, body: '{"source":"NOP"}'})`,
			"POST that cannot read":  `fetch("%s/api/pixel/run", {method: "POST", mode: "no-cors", body: '{"source":"NOP"}'}).then(r => { if (r.type === "opaque") throw "opaque"; return r })`,
			"GET":                    `fetch("%s/status")`,
			"GET of the description": `fetch("%s/api/openapi.json")`,
			"a picture":              `new Promise((yes, no) => { const i = new Image(); i.onload = yes; i.onerror = no; i.src = "%s/api/canvas/human.png" })`,
			"a script":               `new Promise((yes, no) => { const s = document.createElement("script"); s.onload = yes; s.onerror = no; s.src = "%s/status"; document.body.append(s) })`,
			"the events":             `new Promise((yes, no) => { const e = new EventSource("%s/api/events"); e.onopen = yes; e.onerror = no })`,
		} {
			for _, host := range []string{d.addr, "localhost:" + d.port()} {
				expression := fmt.Sprintf(`(async () => { try { await (%s); return "it came through" } catch (e) { return "" } })()`, fmt.Sprintf(attack, "http://"+host))
				if v, err := page.eval(expression); err != nil || v != "" {
					t.Errorf("%s → %s, %s: %v %v", origin, host, name, v, err)
				}
			}
		}
	}
	if p, _, _ := d.last.get(); p != nil {
		t.Error("another site has run a program")
	}
	// DNS rebinding: the page's own name leads here now. Its requests are of the
	// same origin to the browser, and of a wrong host to us.
	// It came before the name was rebound, so the policy of our refusal does not bind it.
	page := b.open("about:blank")
	page.call(page.session, "Page.setBypassCSP", m{"enabled": true}, nil)
	page.navigate("http://rebound.example:" + d.port() + "/")
	page.becomes("be refused", `document.body.innerText.includes("not the server of")`)
	v, err := page.eval(`fetch("/status").then(r => r.status)`)
	if err != nil || v != 421.0 {
		t.Errorf("a rebound name reads: %v %v", v, err)
	}
	v, err = page.eval(`fetch("/api/pixel/run", {method: "POST", headers: {"Content-Type": "application/json"}, body: '{"source":"NOP"}'}).then(r => r.status)`)
	if err != nil || v != 421.0 {
		t.Errorf("a rebound name runs: %v %v", v, err)
	}
}
