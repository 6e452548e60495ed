package host

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"gvpie/runtime/engine"
	"gvpie/runtime/engine/enginetest"
	"gvpie/runtime/pxl"
	"gvpie/runtime/store"
)

// The loop and the API ask one Chooser: what a window has measured, they know.
func TestTheLoopAndTheAPIAskOneChooser(t *testing.T) {
	for _, faster := range []engine.Kind{engine.CPU, engine.GPU} {
		addr := port(t)
		c := Config{Data: t.TempDir(), Name: "a test", Addr: addr, Chooser: &engine.Chooser{}, Clock: stillClock{},
			GPU: func(context.Context, engine.Backend, *slog.Logger) (engine.Source, error) {
				return enginetest.NewGPU(), nil
			}}
		h, err := Open(context.Background(), c)
		if err != nil {
			t.Fatal(err)
		}
		script, err := h.Store().ScriptByID(context.Background(), 1)
		if err != nil {
			t.Fatal(err)
		}
		work := engine.Work{Program: pxl.Assemble("", script.Code).Program, Frames: 1}
		for k := range engine.Kind(2) {
			d := time.Hour
			if k == faster {
				d = time.Minute
			}
			c.Chooser.Learn(work, k, d, d, d, d, d, d, d, d)
		}
		r := run(t, h)
		runs, err := h.Store().Runs(context.Background(), store.Page{Limit: 1})
		if err != nil || len(runs) != 1 || runs[0].Backend != faster.String() {
			t.Errorf("the loop: %+v, %v; the %v is faster", runs, err, faster)
		}
		body, err := json.Marshal(map[string]string{"source": script.Code})
		if err != nil {
			t.Fatal(err)
		}
		q, err := http.NewRequest("POST", "http://"+addr+"/api/pixel/run", strings.NewReader(string(body)))
		if err != nil {
			t.Fatal(err)
		}
		q.Header.Set("Content-Type", "application/json")
		a, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(q)
		if err != nil {
			t.Fatal(err)
		}
		var answer struct{ Backend string }
		if err := json.NewDecoder(a.Body).Decode(&answer); err != nil || answer.Backend != faster.String() {
			t.Errorf("the API: %+v, %v; the %v is faster", answer, err, faster)
		}
		a.Body.Close()
		r.end()
	}
}
