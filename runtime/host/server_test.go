package host

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"gvpie/runtime/api"
	"gvpie/runtime/engine"
)

// port gives an address that nothing listens on.
func port(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// ask asks the API for path with a token. The body must be closed.
func ask(t *testing.T, addr, path, token string) *http.Response {
	t.Helper()
	r, err := http.NewRequest("GET", "http://"+addr+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	a, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func get(t *testing.T, addr, path, token string) (int, string) {
	t.Helper()
	a := ask(t, addr, path, token)
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return a.StatusCode, string(b)
}

func TestASettingDemandsTheToken(t *testing.T) {
	dir, addr := t.TempDir(), port(t)
	h, err := Open(context.Background(), Config{Data: dir, Name: "a test", Addr: addr, Clock: stillClock{}})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Store().SetSetting(context.Background(), "api_require_token", "1"); err != nil {
		t.Fatal(err)
	}
	r := run(t, h)
	defer r.end()
	if code, _ := get(t, addr, "/api/scripts", ""); code != 401 {
		t.Errorf("%d without the token", code)
	}
	token, err := api.LoadToken(dir)
	if err != nil {
		t.Fatal(err)
	}
	if code, text := get(t, addr, "/api/scripts", token); code != 200 || !strings.Contains(text, "hello_gpu") {
		t.Errorf("%d %s with it", code, text)
	}
	for value, want := range map[string]int{"0": 200, "true": 401} { // from the next call on, in either order
		if err := h.Store().SetSetting(context.Background(), "api_require_token", value); err != nil {
			t.Fatal(err)
		}
		if code, _ := get(t, addr, "/api/scripts", ""); code != want {
			t.Errorf("%d without the token while the setting is %s", code, value)
		}
		if code, _ := get(t, addr, "/api/scripts", token); code != 200 {
			t.Errorf("%d with the token while the setting is %s", code, value)
		}
		if code, _ := get(t, addr, "/health", ""); code != 200 {
			t.Errorf("/health answers %d while the setting is %s", code, value)
		}
	}
}

func TestTheAPIIsWhereTheSettingSaysUnlessAFlagDoes(t *testing.T) {
	for _, c := range []struct {
		flag, setting string
		answers       func(flag, setting string) string
	}{
		{BySetting, port(t), func(_, setting string) string { return setting }},
		{port(t), port(t), func(flag, _ string) string { return flag }},
	} {
		h, err := Open(context.Background(), Config{Data: t.TempDir(), Name: "a test", Addr: c.flag, Clock: stillClock{}})
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Store().SetSetting(context.Background(), "addr", c.setting); err != nil {
			t.Fatal(err)
		}
		r := run(t, h)
		if code, _ := get(t, c.answers(c.flag, c.setting), "/health", ""); code != 200 {
			t.Errorf("flag %s, setting %s: %d", c.flag, c.setting, code)
		}
		r.end()
	}
	var said notices
	h, err := Open(context.Background(), Config{Data: t.TempDir(), Name: "a test", Addr: BySetting, Notice: said.add})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	for value, want := range map[string]string{"none": "", "nonsense": api.DefaultAddr} {
		if err := h.Store().SetSetting(context.Background(), "addr", value); err != nil {
			t.Fatal(err)
		}
		if got, err := h.addr(context.Background()); got != want || err != nil {
			t.Errorf("%q: %q, %v", value, got, err)
		}
	}
}

func TestATokenThatCannotBeReadLetsNobodyIn(t *testing.T) {
	dir, addr := t.TempDir(), port(t)
	r := start(t, Config{Data: dir, Name: "a test", Addr: addr})
	defer r.end()
	if err := os.Mkdir(filepath.Join(dir, "token"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := r.Store().SetSetting(context.Background(), "api_require_token", "1"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if code, _ := get(t, addr, "/api/scripts", ""); code != 401 {
			t.Errorf("%d without the token", code)
		}
	}
}

// What keeps the API from answering is said, and the loop runs.
func TestABusyPortIsANoticeAndTheLoopRunsOn(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for addr, want := range map[string]error{l.Addr().String(): api.ErrBusy, "0.0.0.0:0": api.ErrOpen} {
		var said notices
		r := start(t, Config{Data: t.TempDir(), Name: "a test", Addr: addr, Notice: said.add})
		if s := r.loop.Status(); s.Runs != 1 || s.Failures != 0 {
			t.Errorf("%s: %+v", addr, s)
		}
		r.end()
		if len(said.all) != 1 || !errors.Is(said.all[0], want) {
			t.Errorf("%s: said %v", addr, said.all)
		}
	}
}

func TestEventsTellOfTheGPUAndOfFrames(t *testing.T) {
	gpu, frames, addr := newFakeGPU(), make(chan uint32), port(t)
	r := start(t, Config{Data: t.TempDir(), Name: "a test", Addr: addr, Frames: frames,
		GPU: func(context.Context, engine.Backend, *slog.Logger) (engine.Source, error) { return gpu, nil }})
	defer r.end()
	stream := ask(t, addr, "/api/events", "")
	defer stream.Body.Close()
	lines := bufio.NewScanner(stream.Body)
	next := func(want ...string) {
		t.Helper()
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok && strings.Contains(data, `"kind":"`+want[0]+`"`) {
				for _, w := range want {
					if !strings.Contains(data, w) {
						t.Errorf("%s lacks %s", data, w)
					}
				}
				return
			}
		}
		t.Fatalf("the events ended without %v", want)
	}
	gpu.statuses <- engine.Status{State: engine.Lost, Reason: "torn"}
	next("engine_lost", "torn")
	gpu.statuses <- engine.Status{State: engine.Ready, Adapter: "Paper"}
	next("engine_regained", "Paper")
	frames <- 7
	next("frame", "7")
}

// watchedGPU knows whether it is still watched.
type watchedGPU struct {
	*fakeGPU
	watched, left atomic.Bool
}

func (g *watchedGPU) Watch() (<-chan engine.Status, func()) {
	g.watched.Store(true)
	return g.statuses, func() { g.left.Store(true) }
}

func TestRunReturnsWhenAllThatItBeganHasEnded(t *testing.T) {
	gpu, addr := &watchedGPU{fakeGPU: newFakeGPU()}, port(t)
	r := start(t, Config{Data: t.TempDir(), Name: "a test", Addr: addr,
		GPU: func(context.Context, engine.Backend, *slog.Logger) (engine.Source, error) { return gpu, nil }})
	stream := ask(t, addr, "/api/events", "") // the API is answered
	defer stream.Body.Close()
	r.stop()
	if err := <-r.ended; err != nil || gpu.watched.Load() && !gpu.left.Load() {
		t.Errorf("Run has returned %v; the GPU is watched no more: %v", err, gpu.left.Load())
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if l, err := net.Listen("tcp", addr); err != nil {
		t.Errorf("the port is still taken: %v", err)
	} else {
		l.Close()
	}
}

func TestWhatRunsTogetherEndsTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, stopped := range []bool{true, false} { // else one of them returns
			alone, slow := make(chan struct{}), make(chan struct{})
			stop := together(t.Context(),
				func(ctx context.Context) {
					select {
					case <-ctx.Done():
					case <-alone:
					}
				},
				func(ctx context.Context) { <-ctx.Done(); <-slow })
			returned := false
			if stopped {
				go func() { stop(); returned = true }()
			} else {
				close(alone)
			}
			synctest.Wait()
			if returned {
				t.Error("one that has not ended is not waited for")
			}
			close(slow)
			synctest.Wait()
			if stopped && !returned {
				t.Error("those that have ended are waited for")
			}
			stop()
		}
	})
}
