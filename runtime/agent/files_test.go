package agent

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestLogRotatesBySizeAndLosesNoLineButTheOldest(t *testing.T) {
	path := filepath.Join(t.TempDir(), "logs", "daemon.log")
	l, err := OpenLog(path, 100, 2)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 40 {
		if n == 20 { // a restart goes on where it was
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
			if l, err = OpenLog(path, 100, 2); err != nil {
				t.Fatal(err)
			}
		}
		fmt.Fprintf(l, "line %02d ........\n", n)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	var all string
	for _, name := range []string{path + ".2", path + ".1", path} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if len(text) > 100 || len(text) == 0 {
			t.Errorf("%s is %d bytes", name, len(text))
		}
		all += string(text)
	}
	lines := strings.Split(strings.TrimSuffix(all, "\n"), "\n")
	for i, line := range lines {
		if want := fmt.Sprintf("line %02d ........", 40-len(lines)+i); line != want {
			t.Errorf("line %d is %q, want %q", i, line, want)
		}
	}
	if left, _ := filepath.Glob(path + "*"); len(left) != 3 {
		t.Errorf("files: %v", left)
	}
}

func TestLogLineLongerThanTheLimitIsKeptWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "daemon.log")
	l, err := OpenLog(path, 10, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	long := strings.Repeat("x", 50) + "\n"
	l.Write([]byte("a\n"))
	l.Write([]byte(long))
	if text, _ := os.ReadFile(path); string(text) != long {
		t.Errorf("the log is %q", text)
	}
}

func TestOneLoopADataFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	since := time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)
	if _, ok := WhoRuns(dir); ok {
		t.Error("somebody runs the loop of a folder that is not there")
	}
	lock, err := TakeLock(dir, "gvpie daemon", since)
	if err != nil {
		t.Fatal(err)
	}
	want := Holder{PID: os.Getpid(), What: "gvpie daemon", Since: since}
	if h, ok := WhoRuns(dir); !ok || h != want {
		t.Errorf("the loop is run by %v, %v", h, ok)
	}
	_, err = TakeLock(dir, "the window", time.Now())
	var held *HeldError
	if !errors.As(err, &held) || held.Holder != want || !strings.Contains(err.Error(), fmt.Sprintf("gvpie daemon (process %d, since ", os.Getpid())) {
		t.Errorf("the second gets %v", err)
	}
	for _, addr := range []string{"127.0.0.1:8081", ""} {
		want.API = addr
		if err := lock.Answers(addr); err != nil {
			t.Fatal(err)
		}
		if h, ok := WhoRuns(dir); !ok || h != want {
			t.Errorf("the API is at %q, and the loop is run by %+v", addr, h)
		}
	}
	line, err := os.ReadFile(filepath.Join(dir, lockName))
	if err != nil {
		t.Fatal(err)
	}
	// A longer text is being written over with a shorter one.
	if err := os.WriteFile(filepath.Join(dir, lockName), append(line, "1:8081\"}\n"...), 0o644); err != nil {
		t.Fatal(err)
	}
	if h, ok := WhoRuns(dir); !ok || h != want {
		t.Errorf("while it is written over the loop is run by %+v", h)
	}
	if err := os.WriteFile(filepath.Join(dir, lockName), []byte("{}"), 0o644); err != nil {
		t.Fatal(err)
	}
	if h, ok := WhoRuns(dir); !ok || h.Nobody() || h.String() != "another process" || h.Name() != h.String() {
		t.Errorf("a holder that does not say who it is is %+v", h)
	}
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
	if h, ok := WhoRuns(dir); ok || !h.Nobody() {
		t.Errorf("after its release the loop is run by %v", h)
	}
	if lock, err = TakeLock(dir, "the window", since); err != nil {
		t.Fatal(err)
	}
	lock.Release()
}
