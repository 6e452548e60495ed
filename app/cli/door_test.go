package cli

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"gvpie/runtime/api"
	"gvpie/runtime/store"
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

func door(t *testing.T, addr string) Door {
	t.Helper()
	dir := t.TempDir()
	s, _, err := store.Open(context.Background(), dir, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return Door{Addr: addr, Data: dir, Store: s}
}

// answers opens a door, asks it for path with a token, and closes it again.
func answers(t *testing.T, d Door, path, token string) (int, string) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	serve, err := d.Open(ctx)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		serve(ctx)
	}()
	defer func() {
		stop()
		<-done
		http.DefaultClient.CloseIdleConnections()
	}()
	r, err := http.NewRequest("GET", "http://"+d.Addr+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return a.StatusCode, string(b)
}

func TestTheDoorAnswers(t *testing.T) {
	d := door(t, port(t))
	if code, text := answers(t, d, "/health", ""); code != 200 || text != "✅ AI Runtime Healthy" {
		t.Errorf("%d %q", code, text)
	}
	if code, text := answers(t, d, "/api/scripts", ""); code != 200 || !strings.Contains(text, "hello_gpu") {
		t.Errorf("%d %q", code, text)
	}
}

func TestASettingDemandsTheToken(t *testing.T) {
	d := door(t, port(t))
	if err := d.Store.SetSetting(context.Background(), tokenSetting, "1"); err != nil {
		t.Fatal(err)
	}
	if code, _ := answers(t, d, "/api/scripts", ""); code != 401 {
		t.Errorf("%d without the token", code)
	}
	token, err := api.LoadToken(d.Data)
	if err != nil {
		t.Fatal(err)
	}
	if code, _ := answers(t, d, "/api/scripts", token); code != 200 {
		t.Errorf("%d with it", code)
	}
}

func TestABusyPortIsASentenceAndTheLoopRunsOn(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if _, err := door(t, l.Addr().String()).Open(context.Background()); !errors.Is(err, api.ErrBusy) {
		t.Error(err)
	}
	got := world{}.run(t, "daemon", "--backend", "cpu", "--addr", l.Addr().String(), "--cycles", "1", "--data", t.TempDir())
	if got.code != exitOK || !strings.Contains(got.errout, "in use by another program") || !strings.Contains(got.out, "succeeded") {
		t.Errorf("exit %d\n%s\n%s", got.code, got.errout, got.out)
	}
}

func TestOtherComputersNeedTheToken(t *testing.T) {
	if _, err := door(t, "0.0.0.0:0").Open(context.Background()); !errors.Is(err, api.ErrOpen) {
		t.Error(err)
	}
}
